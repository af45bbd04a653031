"""Every write of a run: a file that is whole or not there, a folder, and what a dead run left.

A file goes to a temporary name in its own folder, is synced, renamed, and the folder synced; whatever fails on the way
(open, write, sync, rename) is an OutputError that names the file and its bytes, and the temporary file is gone. A
process that is killed leaves at most temporary files, which no reader opens and the next run removes.
"""

import errno
import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from calc.errors import OutputError

TEMPORARY: Final = ".tmp"


def write_atomically(path: Path, content: bytes | memoryview) -> None:
    """Put content under a name, whole or not at all, and on the disk; OutputError names the file and its size."""
    temporary = path.with_name(f".{path.name}{TEMPORARY}")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise OutputError(f"{path}: {len(content)} bytes cannot be written: {_why(error, path.parent)}") from error


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Put data under a name as JSON, as `write_atomically` does."""
    write_atomically(path, (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode())


def make_folder(path: Path) -> None:
    """Make a folder in an existing one, unless it is there, and put it on the disk; OutputError names it."""
    try:
        path.mkdir(exist_ok=True)
        sync_folder(path.parent)
    except OSError as error:
        raise OutputError(f"{path}: the folder cannot be made: {_why(error, path.parent)}") from error


def sync_folder(folder: Path) -> None:
    """Put a folder's entries on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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
