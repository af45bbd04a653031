"""API keys: a file of hashes, and who may do what.

A key is `puc_ID_SECRET`; the file holds the id, the SHA-256 of the secret (256 random bits: no slow hash is needed),
a name, scopes, a tariff, the last day. To rotate, create a second key of the same name, then revoke the first. A
changed file counts within a second.
"""

import hashlib
import hmac
import json
import os
import secrets
import stat
import tempfile
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

from api.scopes import SCOPES
from calc.errors import DataError, OutputError, UsageError

_RECHECK_SECONDS: Final = 1.0
_NO_HASH: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Key:
    """One key. `tariff` is the utility's own, beside the public ones; the day `expires` is its last, by local time."""

    id: str
    name: str
    sha256: str
    scopes: tuple[str, ...]
    tariff: str | None
    created: str
    expires: str | None
    revoked: str | None = None

    def is_valid(self, on: date) -> bool:
        """Whether it is neither revoked nor expired."""
        return self.revoked is None and (self.expires is None or on.isoformat() <= self.expires)


def create(file: Path, name: str, scopes: Iterable[str], tariff: str | None, expires: date | None) -> str:
    """Add a key; returns its text, which is nowhere kept. UsageError for a scope there is none of, or a day past."""
    wanted = tuple(scopes)
    unknown = sorted(set(wanted) - set(SCOPES))
    if unknown or not wanted:
        raise UsageError(f"no such scope: {', '.join(unknown) or 'none given'}; expected some of {', '.join(SCOPES)}")
    if expires is not None and expires < _today():
        raise UsageError(f"the last day {expires} is past: the key would never be valid; give today or a later day")
    found = read(file) if file.exists() else ()
    secret = secrets.token_urlsafe(32)
    key = Key(
        secrets.token_hex(6), name, _hash(secret), wanted, tariff, _today().isoformat(),
        expires.isoformat() if expires else None,
    )  # fmt: skip
    _write(file, (*found, key))
    return f"puc_{key.id}_{secret}"


def revoke(file: Path, key_id: str) -> None:
    """Mark a key as revoked; UsageError where there is none of this id."""
    found = read(file)
    if all(key.id != key_id for key in found):
        raise UsageError(f"{file}: no key has this id; puccalc keys list shows them")
    today = _today().isoformat()
    _write(file, tuple(replace(key, revoked=key.revoked or today) if key.id == key_id else key for key in found))


def read(file: Path) -> tuple[Key, ...]:
    """Keys of a file; DataError where it cannot be read or breaks its form."""
    try:
        rows = json.loads(file.read_bytes())["keys"]
        return tuple(Key(**{**row, "scopes": tuple(row["scopes"])}) for row in rows)
    except OSError as error:
        raise DataError(f"{file}: cannot be read as a file of keys: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{file}: is no file of keys; restore it, or create keys anew") from error


class KeyStore:
    """The keys of a file as a worker sees them."""

    def __init__(self, file: Path) -> None:
        """Read the file; DataError where it cannot be."""
        self._file = file
        self._keys: dict[str, Key] = {}
        self._seen: tuple[int, int] | None = None
        self._checked = 0.0
        self._refresh()

    def find(self, text: str) -> Key | None:
        """The valid key of a text. Takes one comparison, in constant time, whether the id is known or not."""
        self._recheck()
        prefix, _, rest = text.partition("_")
        key_id, _, secret = rest.partition("_")
        key = self._keys.get(key_id)
        same = hmac.compare_digest(_hash(secret), key.sha256 if key else _NO_HASH)
        return key if key and same and prefix == "puc" and key.is_valid(_today()) else None

    def valid(self, key_id: str) -> Key | None:
        """The valid key of an id that this service signed; never for an id as a client gives it."""
        self._recheck()
        key = self._keys.get(key_id)
        return key if key and key.is_valid(_today()) else None

    def _recheck(self) -> None:
        if time.monotonic() - self._checked > _RECHECK_SECONDS:
            self._refresh()

    def _refresh(self) -> None:
        """Take a changed file; one that cannot be read leaves no key valid."""
        self._checked = time.monotonic()
        try:
            status = self._file.stat()
            seen = (status.st_mtime_ns, status.st_ino)
            if seen != self._seen:
                self._keys = {key.id: key for key in read(self._file)}
                self._seen = seen
        except (OSError, DataError):
            if self._seen is None:
                raise
            self._keys, self._seen = {}, (0, 0)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _today() -> date:
    """The day where the service runs: its system's time zone, or TZ."""
    return datetime.now().astimezone().date()


def _write(file: Path, keys: tuple[Key, ...]) -> None:
    """Replace the file whole: owner and mode of the one before, or readable by its owner alone."""
    content = json.dumps({"keys": [asdict(key) for key in keys]}, indent=1) + "\n"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=".keys-")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            if file.exists():
                before = file.stat()
                os.fchown(handle, before.st_uid, before.st_gid)
                os.fchmod(handle, stat.S_IMODE(before.st_mode))
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(file)
    except OSError as error:
        raise OutputError(f"{file}: cannot be written: {error.strerror}") from error
