"""Remember submitted forms for a short time, so that going back in a browser finds its figures again.

Input: a session and the texts of a form. Output: a random key, which stands in the page's address instead of the
figures. What is remembered is in this worker's memory or, where several workers serve one browser, in a file of the
private folder that they share, which goes with the service. It is forgotten LIFETIME_SECONDS after it was last looked
at, and the oldest first where there is much.
"""

import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

LIFETIME_SECONDS: Final = 30 * 60
MOST_BYTES: Final = 16 * 2**20
"""Most bytes of texts that are remembered."""
_KEY_BYTES: Final = 18
_KEY_LENGTH: Final = _KEY_BYTES * 4 // 3
_TABLE: Final = """
    pragma secure_delete = on;
    pragma temp_store = memory;
    pragma journal_mode = memory;
    create table if not exists forms (
        key text primary key, session text not null, seen real not null, texts text not null
    ) without rowid;
"""


def new_key() -> str:
    """Return a random key of 144 bits, written in 24 characters."""
    return secrets.token_urlsafe(_KEY_BYTES)


def is_key(text: str) -> bool:
    """Return whether a text has the form of a key."""
    return len(text) == _KEY_LENGTH and text.isascii() and text.replace("-", "").replace("_", "").isalnum()


class FormMemory:
    """Keep texts of forms by key; one session's key opens nothing to another."""

    def __init__(self, file: Path | None = None) -> None:
        """Open the memory.

        Args:
            file: A file that all workers share; None for a memory of this process alone.
        """
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            file or ":memory:", check_same_thread=False, isolation_level=None, cached_statements=8
        )
        self._connection.executescript(_TABLE)

    def remember(self, key: str, session: str, texts: Mapping[str, str]) -> None:
        """Keep the texts of a form, in place of what the key held before.

        Args:
            key: The form's key, from `new_key`.
            session: Whose form it is: nobody else finds it.
            texts: Texts by field id.
        """
        now = time.time()
        with self._lock:
            self._connection.execute("delete from forms where seen < ?", (now - LIFETIME_SECONDS,))
            self._connection.execute(
                "insert or replace into forms values (?, ?, ?, ?)", (key, _hidden(session), now, json.dumps(texts))
            )
            self._forget_oldest()

    def recall(self, key: str, session: str) -> dict[str, str] | None:
        """Return the texts of a form, which stay for another LIFETIME_SECONDS.

        Args:
            key: The form's key.
            session: Who asks.

        Returns:
            Texts by field id; None if the key is unknown, another session's or no longer kept.
        """
        now = time.time()
        with self._lock:
            found: tuple[str] | None = self._connection.execute(
                "update forms set seen = ? where key = ? and session = ? and seen >= ? returning texts",
                (now, key, _hidden(session), now - LIFETIME_SECONDS),
            ).fetchone()
        return json.loads(found[0]) if found else None

    def _forget_oldest(self) -> None:
        """Forget the forms that were not looked at for the longest time, until the others fit."""
        self._connection.execute(
            "delete from forms where key in (select key from (select key, "
            "sum(length(texts)) over (order by seen desc, key) as bytes from forms) where bytes > ?)",
            (MOST_BYTES,),
        )


def _hidden(session: str) -> str:
    """Return a session as its hash: what signs somebody in is not written down."""
    return sha256(session.encode()).hexdigest()
