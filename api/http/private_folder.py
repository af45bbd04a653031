"""Make a folder for what people upload, which only this user can open and which ends with the service.

It lies in memory where the machine has such a file system with room. What a service that was killed has left behind
goes when the next one starts.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of a random name is made in it, for this user alone
_ENOUGH_BYTES: Final = 512 * 2**20
"""Free bytes of a file system in memory, below which files lie on the disk."""
_PREFIX: Final = "puccalc-files-"
_LOCK: Final = ".lock"


@contextlib.contextmanager
def private_folder(parent: Path | None) -> Iterator[Path]:
    """Make the folder of a service's files, which goes with all it holds when the service ends.

    Args:
        parent: Where it is made; None for a file system in memory with room, else the temporary folder.

    Yields:
        The folder, which only this user can open.
    """
    parent = parent or _usual_parent()
    _remove_abandoned(parent)
    base = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    with (base / _LOCK).open("w") as lock:
        with contextlib.suppress(OSError):  # without locks, abandoned folders stay until somebody removes them
            fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield base
        finally:
            shutil.rmtree(base, ignore_errors=True)


def _usual_parent() -> Path:
    with contextlib.suppress(OSError):
        if os.access(_IN_MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(_IN_MEMORY).free >= _ENOUGH_BYTES:
            return _IN_MEMORY
    return Path(tempfile.gettempdir())


def _remove_abandoned(parent: Path) -> None:
    """Remove folders of services that ended without doing so: those of this user whose lock nobody holds."""
    for base in parent.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if base.stat().st_uid != os.getuid():
                continue
            with (base / _LOCK).open() as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(base, ignore_errors=True)
