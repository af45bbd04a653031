"""The one writer of files that are whole or not there: for runs, for the user's data and for compiled kernels.

A file goes to a temporary name in its own folder, is synced, renamed, and the folder synced; whatever fails on the way
(open, write, sync, rename), the temporary file is gone. A process that is killed leaves at most temporary files, which
no reader opens and the next writer removes.
"""

import errno
import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from calc.disk import sync_folder
from calc.errors import OutputError

TEMPORARY: Final = ".tmp"


def replace_file(path: Path, content: bytes | memoryview, *, mode: int | None = None) -> None:
    """Put content under a name, whole or not at all, and on the disk.

    Args:
        path: The file's name, in a folder that exists.
        content: All of the file's bytes.
        mode: The file's permission bits; None leaves them to the process's umask.

    Raises:
        OSError: A step failed; what stood under the name before still does, unless only the last sync failed.
    """
    temporary = path.with_name(f".{path.name}{TEMPORARY}")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            temporary.chmod(mode)
        temporary.replace(path)
        sync_folder(path.parent)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def write_atomically(path: Path, content: bytes | memoryview) -> None:
    """Put content under a name as `replace_file` does.

    Args:
        path: The file's name, in a folder that exists.
        content: All of the file's bytes.

    Raises:
        OutputError: A step failed; it names the file, its bytes and the system's reason.
    """
    try:
        replace_file(path, content)
    except OSError as error:
        raise OutputError(f"{path}: {len(content)} bytes cannot be written: {_why(error, path.parent)}") from error


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Put data under a name as JSON, as `write_atomically` does; bytes of a name that are no text are escaped."""
    text = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
    write_atomically(path, text.encode("utf-8", "backslashreplace"))


def make_folder(path: Path) -> None:
    """Make a folder in an existing one, unless it is there, and put it on the disk; OutputError names it."""
    try:
        path.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(f"{path}: the folder cannot be made: {_why(error, path.parent)}") from error
    try:
        sync_folder(path.parent)
    except OSError as error:
        raise OutputError(f"{path}: the new folder cannot be put on the disk: {_why(error, path.parent)}") from error


def make_folders(path: Path) -> None:
    """Make a folder and those above it, unless they are there; OutputError names it."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{path}: the folder cannot be made: {_why(error, path.parent)}") from error


def remove_temporaries(folder: Path) -> None:
    """Remove the temporary files of processes that are dead, in a folder alone; OSError if one cannot be removed."""
    for each in folder.glob(f".*{TEMPORARY}"):
        each.unlink()


def _why(error: OSError, folder: Path) -> str:
    """The system's words; where the disk is full, what is free."""
    words = error.strerror or str(error)
    if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
        return words
    with suppress(OSError):
        return f"{words}; {shutil.disk_usage(folder).free} bytes are free in {folder}: make room and try again"
    return words
