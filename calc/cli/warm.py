"""`puccalc warm`: compile every kernel into the cache, so that no later command waits for the compiler."""

from time import monotonic

import typer

from calc import kernels
from calc.cli.options import Json, message, print_json
from calc.errors import OutputError
from calc.kernels import _compile_cache, _jit


def warm(json: Json = False) -> None:
    """Compile every kernel and keep the machine code on disk for the commands that follow.

    Kept under ~/.cache/puccalc, or in the folder that PUCCALC_JIT_CACHE_DIR names; any number of processes read it.
    Exit 5 where it cannot be written.
    """
    folder = _compile_cache.cache_folder() if _jit.JIT else None
    began = monotonic()
    kernels.load_all()
    _jit.warm_up()
    seconds = monotonic() - began
    kept = [] if folder is None else [name for name in _jit.KERNELS if (folder / name).exists()]
    if json:
        print_json(
            {
                "folder": str(folder) if folder else None,
                "kernels": len(_jit.KERNELS),
                "kept": len(kept),
                "seconds": seconds,
            }
        )
    elif folder is None:
        message("Compiled kernels are not kept: PUCCALC_JIT_CACHE or PUCCALC_JIT is 0, or there is no home folder.")
    else:
        typer.echo(f"{len(kept)} of {len(_jit.KERNELS)} compiled kernels are kept in {folder} ({seconds:.1f} s)")
    if folder is not None and len(kept) < len(_jit.KERNELS):
        raise OutputError(
            f"{folder}: not every compiled kernel could be kept; make it writable for this user alone, "
            "or name another folder by PUCCALC_JIT_CACHE_DIR"
        )


def warn_without_cache() -> None:
    """Say once that the folder named for compiled kernels cannot be used: what follows compiles anew."""
    why = _compile_cache.why_not_cached()
    if why:
        message(
            f"{_compile_cache.FOLDER_SETTING}: compiled kernels cannot be kept there ({why}); going on without a cache."
        )
