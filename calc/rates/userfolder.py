"""The user's data folder, where puccalc records a snapshot of monthly rates and the register of approved rates.

PUCCALC_HOME names the folder; otherwise it is ~/.local/share/puccalc. It need not exist, and if the system knows no
home folder there is none. Files are written completely or not at all, by one writer at a time.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from calc.atomic_write import replace_file
from calc.disk import lock
from calc.errors import DataError, OutputLockedError

SETTING: Final = "PUCCALC_HOME"
_TO_DO: Final = f"set {SETTING} to a folder of your own"


def user_folder() -> Path | None:
    """Return the folder, whether it exists or not; None if neither the setting nor the system names one."""
    named = os.environ.get(SETTING)
    if named:
        return Path(named)
    try:
        return Path.home() / ".local" / "share" / "puccalc"
    except RuntimeError:
        return None


def folder_to_write() -> Path:
    """Return the folder; raise DataError if there is none to write to."""
    folder = user_folder()
    if folder is None:
        raise DataError(f"neither HOME nor the system names a home folder to keep rates in: {_TO_DO}")
    return folder


def read_file(name: str) -> bytes | None:
    """Read a file of the folder.

    Args:
        name: The file's name.

    Returns:
        Its content; None if there is no such file or no folder.

    Raises:
        DataError: The file cannot be read, for example because the folder belongs to somebody else, or PUCCALC_HOME
            names something that is not a folder.
    """
    folder = user_folder()
    if folder is None:
        return None
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError:
        return None
    except NotADirectoryError as error:
        if not os.environ.get(SETTING):  # such as HOME=/dev/null: nothing can be kept there
            return None
        raise DataError(f"{SETTING} names {folder}, which is no folder: {_TO_DO}") from error
    except OSError as error:
        raise DataError(
            f"{folder / name}: cannot be read ({error.strerror}), so what was refreshed or approved there is not "
            f"known: {_TO_DO}"
        ) from error


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
    """Lock the folder while its content is read, checked and then written.

    Raises:
        OutputLockedError: Another command holds the lock.
        OutputError: The folder's file system has no locks.
        DataError: The folder cannot be written to.
    """
    folder = folder_to_write()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / "lock").open("wb")
    except OSError as error:
        raise DataError(f"{folder}: cannot be written in ({error.strerror}): {_TO_DO}") from error
    with file:
        try:
            lock(file, folder)
        except BlockingIOError:
            raise OutputLockedError(
                f"another puccalc command is writing in {folder}; try again when it is done"
            ) from None
        yield
