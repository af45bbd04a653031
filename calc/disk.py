"""What some file systems leave out: syncing a folder, and locks.

A folder of a network or FUSE file system may not be syncable (EINVAL and the like); its entries are then as safe as the
file system makes them, which is no failure. Without locks two writers could not be told apart, which is one.
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

from calc.errors import OutputError, OutputLockedError

LOCK: Final = "lock"
"""File by which a folder is held; it says the process's number."""

_NOT_FOR_FOLDERS: Final = {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}


def sync_folder(folder: Path) -> None:
    """Put a folder's entries on the disk, where its file system can; OSError where that fails."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NOT_FOR_FOLDERS:
            raise
    finally:
        os.close(descriptor)


def lock(file: IO[Any], folder: Path) -> None:
    """Lock an open file until it is closed.

    BlockingIOError where another process holds it; OutputError, which names the folder, where there are no locks.
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError as error:
        raise OutputError(
            f"{folder}: its file system gives no locks ({error.strerror or error}), and two runs could write at once: "
            "use a folder on one with locks, such as a local disk"
        ) from error


@contextmanager
def held(folder: Path, purpose: str) -> Iterator[None]:
    """Hold a folder that exists until the block ends or the process dies.

    Args:
        folder: The folder.
        purpose: What it is to the user, e.g. "the output folder".

    Raises:
        OutputLockedError: Another process holds it.
        OutputError: The folder cannot be written, or its file system has no locks.
    """
    try:
        file = (folder / LOCK).open("a+")
    except OSError as error:
        raise OutputError(f"{folder}: cannot be used as {purpose}: {error.strerror}") from error
    with file:
        try:
            lock(file, folder)
        except BlockingIOError:
            file.seek(0)
            owner = file.read().strip() or "unknown"
            raise OutputLockedError(
                f"{folder}: another run holds it (process {owner}); wait until it has ended"
            ) from None
        try:
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
        except OSError as error:
            raise OutputError(f"{folder / LOCK}: the process's number cannot be written: {error.strerror}") from error
        yield
