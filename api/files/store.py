"""Hold uploaded files and what came of them: each in a folder of its own, for its owner alone, for a while.

The folders lie in one of `api.http.private_folder`, which all workers of the service share. A file goes when its time
is over, its session or its owner ends it, or the service stops. Names that files had are kept nowhere.
"""

import hashlib
import json
import re
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from api.http.limits import RETRY_SECONDS
from api.http.problems import Problem
from api.http.settings import Settings

_SPARE_BYTES: Final = 256 * 2**20
"""Bytes of the file system that stay free, for what comes of the files."""
_META: Final = "meta.json"
_STATE: Final = "state.json"
_ID: Final = re.compile(r"[0-9a-f]{32}")


class HeldFile(NamedTuple):
    """Describe a file that is held: its id, its folder, and the second of the clock at which it goes."""

    id: str
    folder: Path
    expires: float

    def state(self) -> dict[str, Any]:
        """Return what came of the file so far."""
        try:
            found: dict[str, Any] = json.loads((self.folder / _STATE).read_bytes())
        except OSError:
            raise Problem("not-found") from None
        return found

    def keep(self, state: Mapping[str, Any]) -> None:
        """Keep what came of the file; raise Problem("not-found") where it has gone meanwhile."""
        try:
            part = self.folder / f"{_STATE}.part"
            part.write_text(json.dumps(state), "utf-8")
            part.replace(self.folder / _STATE)
        except OSError:
            raise Problem("not-found") from None


class FileStore:
    """Hold the files of one service."""

    def __init__(self, base: Path, settings: Settings) -> None:
        """Take the folder and the bounds: `files_held`, `files_of_owner`, `file_life_seconds`."""
        self._base = base
        self._settings = settings

    def add(self, owner: str, content: bytes, name: str) -> HeldFile:
        """Hold a file.

        Args:
            owner: Who may see it; its oldest file goes where it has as many as it may.
            content: The file.
            name: The name under which it is worked on.

        Returns:
            The file as it is held.

        Raises:
            Problem: "overloaded", where the service holds as many files, or bytes, as it may.
        """
        self.sweep()
        files = sorted(self._all(), key=lambda held: held[0].expires)
        own = [held for held, of in files if of == _digest(owner)]
        for held in own[: max(0, len(own) + 1 - self._settings.files_of_owner)]:
            _remove(held.folder)
            files = [each for each in files if each[0].id != held.id]
        is_full = shutil.disk_usage(self._base).free < _SPARE_BYTES + len(content)
        if len(files) >= self._settings.files_held or is_full:
            raise Problem("overloaded", headers={"Retry-After": RETRY_SECONDS})
        held = HeldFile(secrets.token_hex(16), Path(), time.time() + self._settings.file_life_seconds)
        held = held._replace(folder=self._base / held.id)
        held.folder.mkdir(mode=0o700)
        (held.folder / name).write_bytes(content)
        (held.folder / _META).write_text(json.dumps({"owner": _digest(owner), "expires": held.expires}), "utf-8")
        return held

    def get(self, owner: str, file_id: str) -> HeldFile:
        """Return an owner's file; raise Problem("not-found") where there is none, or it is another's."""
        found = self._read(self._base / file_id) if _ID.fullmatch(file_id) else None
        if found is None or found[1] != _digest(owner):
            raise Problem("not-found")
        if found[0].expires < time.time():
            _remove(found[0].folder)
            raise Problem("not-found")
        return found[0]

    def of(self, owner: str) -> list[HeldFile]:
        """Return an owner's files, the latest first."""
        self.sweep()
        files = [held for held, of in self._all() if of == _digest(owner)]
        return sorted(files, key=lambda held: -held.expires)

    def remove(self, owner: str, file_id: str) -> None:
        """Delete an owner's file; raise Problem("not-found") where there is none, or it is another's."""
        _remove(self.get(owner, file_id).folder)

    def remove_all(self, owner: str) -> None:
        """Delete every file of an owner."""
        for held in self.of(owner):
            _remove(held.folder)

    def sweep(self) -> None:
        """Delete the files whose time is over."""
        now = time.time()
        for held, _ in self._all():
            if held.expires < now:
                _remove(held.folder)

    def _all(self) -> Iterator[tuple[HeldFile, str]]:
        for folder in self._base.iterdir():
            if _ID.fullmatch(folder.name) and (found := self._read(folder)):
                yield found

    def _read(self, folder: Path) -> tuple[HeldFile, str] | None:
        """Return a folder's file and the digest of its owner; None where it is just made, or goes."""
        try:
            meta = json.loads((folder / _META).read_bytes())
        except (OSError, ValueError):
            return None
        return HeldFile(folder.name, folder, meta["expires"]), meta["owner"]


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _digest(owner: str) -> str:
    return hashlib.sha256(owner.encode()).hexdigest()
