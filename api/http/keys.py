"""Manage API keys: a file of hashes, and what each key may do.

A key is `puc_ID_SECRET`. The file holds its id, the SHA-256 of the secret (256 random bits, so no slow hash is needed),
a name, scopes, a tariff and the last valid date. To rotate a key, create a second one of the same name, then revoke the
first. The service picks up a changed file within a second.
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

from api.http.scopes import SCOPES
from calc.errors import DataError, OutputError, UsageError

_RECHECK_SECONDS: Final = 1.0
_NO_HASH: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Key:
    """Describe one key.

    Attributes:
        id: Public part of the key.
        name: Who uses it.
        sha256: SHA-256 of the secret, in hexadecimal.
        scopes: What the key may do, from `api.http.scopes.SCOPES`.
        tariff: The utility's own tariff, beside the public ones; None where it has none.
        created: ISO date of creation, local time.
        expires: ISO date of its last valid day, local time; None without an end.
        revoked: ISO date of revocation, or None.
    """

    id: str
    name: str
    sha256: str
    scopes: tuple[str, ...]
    tariff: str | None
    created: str
    expires: str | None
    revoked: str | None = None

    def is_valid(self, on: date) -> bool:
        """Return whether the key is neither revoked nor expired on a date."""
        return self.revoked is None and (self.expires is None or on.isoformat() <= self.expires)


def create(file: Path, name: str, scopes: Iterable[str], tariff: str | None, expires: date | None) -> str:
    """Add a key to the file.

    Args:
        file: The file of keys; created if absent.
        name: Who uses the key.
        scopes: At least one of `api.http.scopes.SCOPES`.
        tariff: The utility's own tariff, or None.
        expires: The last valid day, or None.

    Returns:
        The key's text, which is stored nowhere.

    Raises:
        UsageError: A scope is unknown, there is none, or the last day is past.
        DataError: The file exists and cannot be read.
        OutputError: The file cannot be written.
    """
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
    """Mark a key as revoked today; an earlier revocation keeps its date.

    Args:
        file: The file of keys.
        key_id: The key's id.

    Raises:
        UsageError: No key has this id.
        DataError: The file cannot be read.
        OutputError: The file cannot be written.
    """
    found = read(file)
    if all(key.id != key_id for key in found):
        raise UsageError(f"{file}: no key has this id; puccalc keys list shows them")
    today = _today().isoformat()
    _write(file, tuple(replace(key, revoked=key.revoked or today) if key.id == key_id else key for key in found))


def read(file: Path) -> tuple[Key, ...]:
    """Read the keys of a file.

    Args:
        file: The file of keys.

    Returns:
        Its keys, in file order.

    Raises:
        DataError: The file cannot be read or is not a file of keys.
    """
    try:
        rows = json.loads(file.read_bytes())["keys"]
        return tuple(Key(**{**row, "scopes": tuple(row["scopes"])}) for row in rows)
    except OSError as error:
        raise DataError(f"{file}: cannot be read as a file of keys: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{file}: is no file of keys; restore it, or create keys anew") from error


class KeyStore:
    """Look up keys of a file in a worker, rereading the file when it changes."""

    def __init__(self, file: Path) -> None:
        """Read the file; raise DataError if it cannot be read."""
        self._file = file
        self._keys: dict[str, Key] = {}
        self._seen: tuple[int, int] | None = None
        self._checked = 0.0
        self._refresh()

    def find(self, text: str) -> Key | None:
        """Find the valid key with this text.

        Makes one comparison in constant time, whether the id is known or not.

        Args:
            text: The key as the client sent it, `puc_ID_SECRET`.

        Returns:
            The key, or None if it is unknown, wrong, expired or revoked.
        """
        self._recheck()
        prefix, _, rest = text.partition("_")
        key_id, _, secret = rest.partition("_")
        key = self._keys.get(key_id)
        same = hmac.compare_digest(_hash(secret), key.sha256 if key else _NO_HASH)
        return key if key and same and prefix == "puc" and key.is_valid(_today()) else None

    def valid(self, key_id: str) -> Key | None:
        """Find a valid key by its id alone: only for an id that this service signed, never for one that a client sends.

        Args:
            key_id: Id from a signed session cookie.

        Returns:
            The key, or None if it is unknown, expired or revoked.
        """
        self._recheck()
        key = self._keys.get(key_id)
        return key if key and key.is_valid(_today()) else None

    def _recheck(self) -> None:
        if time.monotonic() - self._checked > _RECHECK_SECONDS:
            self._refresh()

    def _refresh(self) -> None:
        """Read the file if it changed; if it cannot be read, no key stays valid."""
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
    """Return today's date in the service's time zone: the system's, or TZ."""
    return datetime.now().astimezone().date()


def _write(file: Path, keys: tuple[Key, ...]) -> None:
    """Replace the file atomically; keep the earlier file's owner and mode, else make it readable by its owner alone."""
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
