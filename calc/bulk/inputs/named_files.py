"""What the name of an input stands for: a file, the files of a folder, or those that a pattern (glob) matches.

Nothing is passed over in silence: a name that counts and cannot be read is an error, and what does not count (other
suffixes, subfolders, hidden files) is told.
"""

import glob
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from calc.errors import InputError

PARQUET: Final = {".parquet", ".pq"}
CSV: Final = {".csv", ".csv.gz"}
XLSX: Final = {".xlsx"}
_HASH: Final = ".sha256"
"""Suffix of a recorded hash beside a file; see `calc.bulk.inputs.recorded_hashes`."""
_ANY_DEPTH: Final = "**"


class NamedFiles(NamedTuple):
    """The files in the order of their names, and the names of what was left out beside them, folders with a /."""

    files: list[Path]
    left_out: list[str]


def named_files(named: str) -> NamedFiles:
    """The files that a name stands for.

    InputError where there are none, or one of them is a link to nothing, a folder or no regular file.
    """
    path = Path(named)
    if path.is_dir():
        return _of_folder(named, path)
    if path.exists():
        return _checked(named, "no file", [path], [])
    if path.is_symlink():
        raise InputError(f"{named}: is a link to a file that is not there; mend the link, or name the file itself")
    if not glob.has_magic(named):
        raise InputError(f"{named}: no such file; correct the name, or wait until the extract has arrived")
    return _of_pattern(named)


def _of_folder(named: str, folder: Path) -> NamedFiles:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise InputError(f"{named}: the folder cannot be read: {error.strerror}") from error
    files = [
        each for each in entries if kind(each) in PARQUET | CSV | XLSX and not _is_hidden(each) and not each.is_dir()
    ]
    return _checked(named, "no .parquet, .csv, .csv.gz or .xlsx file in this folder", files, entries)


def _of_pattern(pattern: str) -> NamedFiles:
    found = sorted(Path(each) for each in glob.glob(pattern, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute one
    files = [each for each in found if not _is_hidden(each)]
    if _ANY_DEPTH in Path(pattern).parts:  # its folders are the way to the files
        files = [each for each in files if not each.is_dir()]
    return _checked(pattern, "no file matches", files, found)


def _checked(named: str, none: str, files: list[Path], found: Iterable[Path]) -> NamedFiles:
    if not files:
        raise InputError(f"{named}: {none}; name a Parquet, CSV or Excel file, a folder or a glob of them")
    for path in files:
        if not is_text(str(path)):
            raise InputError(f"{_told(path)}: the name is no UTF-8, and what reads files takes no other: rename it")
        if path.is_dir():
            raise InputError(f"{path}: is a folder, and {named} matches it; name the folder, or the files within")
        if not path.is_file():
            what = "a link to a file that is not there" if path.is_symlink() else "no regular file"
            raise InputError(f"{path}: is {what}; mend it or take it away, so that no rows are missing")
    used = {*files, *(path.with_name(f"{path.name}{_HASH}") for path in files)}
    return NamedFiles(files, [_told(path) for path in found if path not in used])


def kind(path: Path) -> str:
    """A file's suffix in lower case, that of what is packed with it: .csv.gz."""
    name = path.name.lower()
    return "".join(Path(name).suffixes[-2:]) if name.endswith(".gz") else Path(name).suffix


def is_text(name: str) -> bool:
    """Whether a file's name is text, none of its bytes left over."""
    return not any("\udc80" <= sign <= "\udcff" for sign in name)


def _is_hidden(path: Path) -> bool:
    return path.name.startswith((".", "_", "~$"))  # the last of a workbook that Excel has open


def _told(path: Path) -> str:
    r"""A path as a message has it: bytes that are no UTF-8 as \xNN, a folder with a /."""
    text = str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return f"{text}/" if path.is_dir() else text
