"""Cache compiled kernels on disk: one file per kernel, complete or absent, read by any number of processes.

The files lie below the user's cache folder, in a folder named by a digest of everything that machine code depends on:
the sources of the kernels, the versions of Python, Numba, NumPy and llvmlite, the processor, and Numba's settings. Each
file begins with the SHA-256 of the rest. A file that cannot be read, was altered, or could have been written by another
user is ignored and the kernel is compiled instead; a file that cannot be written is skipped. A writer holds the
folder's lock, writes to a temporary name and renames, so two processes never write one file and no reader sees half of
one.

Numba's own cache is not used: several processes writing to it at once have crashed it.
"""

import fcntl
import hashlib
import os
import pickle
import platform
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

from calc.atomic_write import remove_temporaries, replace_file

FOLDER_SETTING: Final = "PUCCALC_JIT_CACHE_DIR"
"""Environment variable that names a folder to use instead of the user's cache folder."""
OFF_SETTING: Final = "PUCCALC_JIT_CACHE"
"""Environment variable that turns the cache off when it is 0: nothing is read or stored."""

_DIGEST_BYTES: Final = 32
_OWN_MODE: Final = 0o700
_READ_ONLY: Final = 0o444
_PACKAGE: Final = Path(__file__).resolve().parent
_SOURCES: Final = (*sorted(_PACKAGE.glob("*.py")), _PACKAGE.parent / "units.py", _PACKAGE.parent / "errors.py")
"""Every file whose code or constants may be part of a kernel."""


def cache_folder() -> Path | None:
    """Return the folder of compiled kernels for this version, processor and settings, whether or not it exists.

    Returns:
        The folder; None when caching is off: PUCCALC_JIT_CACHE is 0, or neither a setting nor the system names a home
        folder.
    """
    if os.environ.get(OFF_SETTING) == "0":
        return None
    root = _root()
    return None if root is None else root / f"kernels-{_key()}"


def _root() -> Path | None:
    named = os.environ.get(FOLDER_SETTING)
    if named:
        return Path(named)
    caches = os.environ.get("XDG_CACHE_HOME")
    if caches and Path(caches).is_absolute():
        return Path(caches) / "puccalc"
    try:
        return Path.home() / ".cache" / "puccalc"
    except RuntimeError:
        return None


@cache
def _key() -> str:
    """Return a digest of everything that machine code depends on."""
    import llvmlite  # noqa: PLC0415 - a process that compiles nothing does not load the compiler
    import numba  # noqa: PLC0415 - as above
    import numpy as np  # noqa: PLC0415 - as above
    from llvmlite import binding  # noqa: PLC0415 - as above

    digest = hashlib.sha256()
    versions = (sys.version, platform.machine(), numba.__version__, np.__version__, llvmlite.__version__)
    processor = (binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten())
    settings = sorted((name, text) for name, text in os.environ.items() if name.startswith("NUMBA_"))
    digest.update(repr((versions, processor, settings)).encode())
    for path in _SOURCES:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:24]


class KernelCache:
    """Cache that a Numba dispatcher asks for machine code before it compiles, and hands it to afterwards."""

    cache_path = ""

    def __init__(self, name: str) -> None:
        """Create the cache of one kernel, stored under the kernel's name."""
        self._name = name

    def load_overload(self, _signature: Any, target: Any) -> Any:  # noqa: ANN401 - Numba ships no types
        """Load the kernel's stored compile result; None if there is none that can be used."""
        from numba.core.compiler import CompileResult  # noqa: PLC0415 - as in _key
        from numba.core.runtime.nrt import rtsys  # noqa: PLC0415 - as in _key

        folder = cache_folder()
        content = None if folder is None else _content(folder / self._name)
        if content is None:
            return None
        try:
            called, reduced = pickle.loads(content)  # noqa: S301 - a file of this user's own, its digest checked
            rtsys.initialize(target)
            if not _are_loaded(called):
                target.refresh()
            rebuild: Any = CompileResult._rebuild  # noqa: SLF001 - as Numba's own cache does
            return rebuild(target, *reduced)
        except Exception:  # noqa: BLE001 - whatever is wrong with a cached file, the kernel can be compiled
            return None

    def save_overload(self, _signature: Any, result: Any) -> None:  # noqa: ANN401 - as above
        """Store a compile result, unless it cannot be stored or another process is writing at this moment."""
        from numba.core.serialize import dumps  # noqa: PLC0415 - as in _key

        folder = cache_folder()
        if folder is None or result.lifted or result.library.has_dynamic_globals:
            return
        with suppress(OSError), _writing(folder) as may_write:
            if may_write:
                stored = _called(result.library), result._reduce()  # noqa: SLF001 - as above
                content: bytes = dumps(stored)  # type: ignore[no-untyped-call]  # Numba ships no types
                remove_temporaries(folder)
                whole = hashlib.sha256(content).digest() + content
                replace_file(folder / self._name, whole, mode=_READ_ONLY)

    def flush(self) -> None:
        """Do nothing: results are written at once. Numba's interface requires the method."""


def _called(library: Any) -> list[str]:  # noqa: ANN401 - as above
    """List the functions outside the library that its machine code calls."""
    functions = library._final_module.functions  # noqa: SLF001 - as above
    return [each.name for each in functions if each.is_declaration and not each.name.startswith("llvm.")]


def _are_loaded(names: list[str]) -> bool:
    """Tell whether all functions have an address: Numba's whole library, which takes half a second, is not needed."""
    from llvmlite import binding  # noqa: PLC0415 - as in _key

    return all(binding.address_of_symbol(name) is not None for name in names)


def _content(path: Path) -> bytes | None:
    """Read a file's content after its digest; None if it is missing, altered, or writable by another user."""
    try:
        if not (_trusted(path.parent) and _trusted(path)):
            return None
        whole = path.read_bytes()
    except OSError:
        return None
    digest, content = whole[:_DIGEST_BYTES], whole[_DIGEST_BYTES:]
    return content if hashlib.sha256(content).digest() == digest else None


def _trusted(path: Path) -> bool:
    """Tell whether only this user or root can have written a file or folder."""
    found = path.stat()
    return found.st_uid in {0, os.geteuid()} and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


@contextmanager
def _writing(folder: Path) -> Iterator[bool]:
    """Lock the folder for writing, creating it if missing; yield whether this process holds it. May raise OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=_OWN_MODE)
    if not _trusted(folder):
        yield False
        return
    with (folder / ".lock").open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def why_not_cached() -> str | None:
    """Explain why nothing is cached in the folder that PUCCALC_JIT_CACHE_DIR names.

    Returns:
        The cause in words; None when there is a cache, or can be one. A filled folder that cannot be written to still
        counts as a cache.
    """
    named = os.environ.get(FOLDER_SETTING)
    folder = cache_folder()
    if not named or folder is None:
        return None
    try:
        if folder.is_dir() and any(folder.iterdir()):
            return None if _trusted(folder) else "others can write in it"
        with _writing(folder):
            return None if _trusted(folder) else "others can write in it"
    except OSError as error:
        return error.strerror or str(error)
