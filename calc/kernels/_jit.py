"""Decide how kernels are compiled; no other module does.

`@kernel(signature)` marks a function over columns. It is compiled at its first call, for that signature alone, without
the GIL and without fast math, with read-only inputs (so that frozen and writable arrays share one machine code).
`@inner` and `@inlined` mark the scalar functions that kernels call. `parallel=True` is not used: its threading layer
aborts the process when two threads enter it. Blocks of rows run on a thread pool in `calc.columns` instead.

With PUCCALC_JIT=0 the same functions run as plain Python, which finishes a single row before a compiler would have
started; NUMBA_DISABLE_JIT=1 does the same for tests. Compiled code is stored on disk for the next process by
`calc.kernels._compile_cache`.

Types in a signature are Numba's. `[]` after a type is a contiguous read-only column and `[:]` a contiguous writable
one; `[,]` and `[:,]` are the same in two dimensions: `@kernel("int64[], int32[], int64, int64[:]")`. Kernels return
nothing; they fill their last columns.
"""

import os
import re
import threading
from collections.abc import Callable, Collection
from time import thread_time
from typing import Any, Final, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

JIT: Final = os.environ.get("PUCCALC_JIT", "1") != "0" and os.environ.get("NUMBA_DISABLE_JIT", "0") in {"", "0"}
"""Whether kernels are compiled in this process."""

_OPTIONS: Final[dict[str, Any]] = {"nogil": True, "error_model": "numpy", "fastmath": False}
_COLUMN: Final = re.compile(r"(\w+)\[(:?)(,?)\]")

KERNELS: Final[dict[str, "Kernel"]] = {}
"""Every kernel by name, in the order in which their modules were imported."""
INNER: Final[dict[str, Callable[..., Any]]] = {}
"""Every inner function by name."""


class Kernel:
    """A function over columns with its one signature, compiled at the first call from any thread."""

    def __init__(self, function: Callable[..., None], signature: str) -> None:
        """Register the function under its name.

        Raises:
            ValueError: A kernel of that name exists already.
        """
        self.function = function
        self.signature = signature
        self.name = function.__name__
        self.module = function.__module__
        self.__doc__ = function.__doc__
        self.compile_seconds = 0.0
        self._compiled: Callable[..., None] | None = None if JIT else function
        self._lock = threading.Lock()
        if self.name in KERNELS:
            raise ValueError(f"two kernels are named {self.name}")
        KERNELS[self.name] = self

    def __call__(self, *columns: Any) -> None:  # noqa: ANN401 - the signature is checked by the compiler
        """Run over columns of equal length. The caller must have checked the bounds of every day and amount."""
        (self._compiled or self.compile())(*columns)

    def compile(self) -> Callable[..., None]:
        """Return the compiled form, compiling it first if necessary. Safe to call from several threads."""
        with self._lock:
            if self._compiled is None:
                from numba import njit  # noqa: PLC0415 - a process that compiles nothing does not load the compiler

                from calc.kernels._compile_cache import KernelCache  # noqa: PLC0415 - as above

                began = thread_time()
                dispatcher = njit(**_OPTIONS)(self.function)
                dispatcher._cache = KernelCache(self.name)  # noqa: SLF001 - Numba's own cache is no part of its interface
                dispatcher.compile(numba_signature(self.signature))
                dispatcher.disable_compile()
                self._compiled = dispatcher
                self.compile_seconds += thread_time() - began
        return self._compiled


def numba_signature(signature: str) -> Any:  # noqa: ANN401 - a Numba object; Numba ships no types
    """Convert a kernel's signature to Numba's, with read-only types for the columns marked `[]`."""
    from numba import types  # noqa: PLC0415 - as in Kernel.compile

    arguments = []
    for text in re.split(r",\s+", signature):
        match = _COLUMN.fullmatch(text)
        if match is None:
            arguments.append(getattr(types, text))
            continue
        scalar, writable, second = match.groups()
        arguments.append(types.Array(getattr(types, scalar), 2 if second else 1, "C", readonly=not writable))
    return types.void(*arguments)


def kernel(signature: str) -> Callable[[Callable[..., None]], Kernel]:
    """Decorate a function over columns; the module's docstring describes the signature."""

    def decorate(function: Callable[..., None]) -> Kernel:
        return Kernel(function, signature)

    return decorate


def inner(function: F) -> F:
    """Decorate a scalar function that kernels call; it is compiled together with the kernel that calls it."""
    return _compiled_inner(function, force_inline=False)


def inlined(function: F) -> F:
    """Decorate an inner function that a kernel calls for every row, with more arguments than a call should pass.

    The compiler puts its code in the kernel's loop. Decorated by `inner`, it might not.
    """
    return _compiled_inner(function, force_inline=True)


def _compiled_inner(function: F, force_inline: bool) -> F:
    compiled: F = function
    if JIT:
        from numba import njit  # noqa: PLC0415 - as in Kernel.compile

        compiled = njit(**_OPTIONS, forceinline=force_inline)(function)
    INNER[function.__name__] = compiled
    return compiled


def compile_seconds() -> float:
    """Return processor seconds spent compiling in this process so far, not counting waits for another kernel's turn."""
    return sum(each.compile_seconds for each in list(KERNELS.values()))


def warm_up(but: Collection[str] = ()) -> None:
    """Compile every kernel ahead of time, so that the first caller does not wait.

    Args:
        but: Names of kernel modules to skip.
    """
    for each in list(KERNELS.values()):
        if each.module.rpartition(".")[2] not in but:
            each.compile()
