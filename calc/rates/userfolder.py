"""The user's data folder: what puccalc itself records, a snapshot of monthly rates and the register of approved ones.

It is the folder that PUCCALC_HOME names, else ~/.local/share/puccalc; nothing has to be there. A file gets there whole
or not at all, and one writer at a time.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from calc.errors import OutputLockedError


def user_folder() -> Path:
    """The folder, whether it exists or not."""
    named = os.environ.get("PUCCALC_HOME")
    return Path(named) if named else Path.home() / ".local" / "share" / "puccalc"


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file by temporary file, sync and rename: after a stop at any point it has its old or its new content.

    The folder is made where it is missing. OSError where it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def one_writer() -> Iterator[None]:
    """Hold the folder for what is read, checked and then written; OutputLockedError where another command holds it."""
    folder = user_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OutputLockedError(
                f"another puccalc command is writing in {folder}; try again when it is done"
            ) from None
        yield
