"""The user's data folder: what puccalc itself records, a snapshot of monthly rates and the register of approved ones.

It is the folder that PUCCALC_HOME names, else ~/.local/share/puccalc; nothing has to be there. A file gets there whole
or not at all, and one writer at a time.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from calc.atomic_write import replace_file
from calc.errors import OutputLockedError


def user_folder() -> Path:
    """The folder, whether it exists or not."""
    named = os.environ.get("PUCCALC_HOME")
    return Path(named) if named else Path.home() / ".local" / "share" / "puccalc"


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file, making its folder where it is missing.

    Args:
        path: The file's name.
        content: All of the file's bytes.

    Raises:
        OSError: The file cannot be written; as with a stop at any point, it has its old or its new content.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, content)


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
