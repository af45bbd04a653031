"""Find the project's data folder and read its files, each checked against the SHA-256 in `data/manifest.toml`.

The folder is the first of these that holds a manifest: `calc/data` inside an installed wheel, then `data/` beside
`calc/` in a checkout. PUCCALC_DATA_DIR, where set, replaces both. `python -m calc.datafiles` rewrites the manifest
after a reviewed change of a data file.
"""

import hashlib
import os
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from pathlib import Path

from calc.errors import DataError

MANIFEST = "manifest.toml"
_HASHED_SUFFIXES = {".csv", ".toml"}
_CHOSEN: ContextVar[str | None] = ContextVar("data folder", default=None)


def data_root() -> Path:
    """Return the data folder in use.

    Raises:
        DataError: No folder holds a manifest.
    """
    return _root(_CHOSEN.get() or os.environ.get("PUCCALC_DATA_DIR"))


@contextmanager
def chosen_root(folder: Path) -> Iterator[None]:
    """Within it, data are read from another folder: an earlier or later release's `data/`."""
    token = _CHOSEN.set(str(folder.absolute()))
    try:
        yield
    finally:
        _CHOSEN.reset(token)


@cache
def _root(configured: str | None) -> Path:
    """Return `data_root` under a setting; found once a process."""
    package = Path(__file__).resolve().parent
    candidates = [Path(configured)] if configured else [package / "data", package.parent / "data"]
    for folder in candidates:
        if (folder / MANIFEST).is_file():
            return folder
    tried = ", ".join(str(folder) for folder in candidates)
    raise DataError(f"no data folder with a {MANIFEST} at {tried}: reinstall puccalc or set PUCCALC_DATA_DIR")


def sha256_hex(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


@cache
def _recorded_checksums(root: Path) -> dict[str, str]:
    path = root / MANIFEST
    try:
        files = tomllib.loads(path.read_text("utf-8"))["sha256"]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError) as error:
        raise DataError(f"{path}: cannot be read as a table [sha256] of file names: {error}") from error
    return dict(files)


def recorded_checksums() -> dict[str, str]:
    """Return the SHA-256 that the manifest records for each data file, by name relative to the data folder.

    Raises:
        DataError: There is no data folder, or its manifest cannot be read.
    """
    return dict(_recorded_checksums(data_root()))


def read_bytes(name: str) -> bytes:
    """Read one data file and verify its checksum, once a process.

    Args:
        name: File name relative to the data folder.

    Raises:
        DataError: The file is missing, not listed in the manifest, or altered.
    """
    return _verified(data_root(), name)


@lru_cache(maxsize=256)
def _verified(root: Path, name: str) -> bytes:
    expected = _recorded_checksums(root).get(name)
    path = root / name
    if expected is None:
        raise DataError(f"{path}: not listed in {root / MANIFEST}; after review run: python -m calc.datafiles")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error
    found = sha256_hex(content)
    if found != expected:
        raise DataError(
            f"{path}: SHA-256 is {found}, but {root / MANIFEST} records {expected}; restore the file, or after review "
            "run: python -m calc.datafiles"
        )
    return content


def read_text(name: str) -> str:
    """Read one UTF-8 data file and verify its checksum, as `read_bytes` does.

    Raises:
        DataError: As for `read_bytes`, or the file is not UTF-8.
    """
    try:
        return read_bytes(name).decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"{data_root() / name}: not UTF-8 at byte {error.start}") from error


def is_listed(name: str) -> bool:
    """Tell whether the manifest lists a data file."""
    return name in _recorded_checksums(data_root())


def names(folder: str, suffix: str = ".toml") -> list[str]:
    """List the data files below a folder that the manifest lists, sorted by name."""
    return sorted(name for name in recorded_checksums() if name.startswith(f"{folder}/") and name.endswith(suffix))


def checksum(prefixes: tuple[str, ...]) -> str:
    """Return one SHA-256 over the recorded checksums of all files below some folders: the version of that data.

    Args:
        prefixes: Folders, as the names in the manifest begin.
    """
    lines = [f"{name} {digest}" for name, digest in sorted(recorded_checksums().items()) if name.startswith(prefixes)]
    return sha256_hex("\n".join(lines).encode())


def write_manifest(root: Path) -> int:
    """Record the SHA-256 of every .csv and .toml file below a folder in its manifest.

    Returns:
        The number of files recorded.
    """
    files = sorted(
        path
        for path in root.rglob("*")
        if path.suffix in _HASHED_SUFFIXES and path != root / MANIFEST and path.is_file()
    )
    lines = [f'"{path.relative_to(root).as_posix()}" = "{sha256_hex(path.read_bytes())}"' for path in files]
    head = "# SHA-256 of every data file, verified on load. Written by: python -m calc.datafiles\n[sha256]\n"
    (root / MANIFEST).write_text(head + "\n".join(lines) + "\n", "utf-8")
    return len(files)


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else data_root()
    print(f"{write_manifest(folder)} files recorded in {folder / MANIFEST}")  # noqa: T201 - this is a command
