"""The only place that decides how kernels are compiled.

`@kernel(signature)` marks a function over columns: compiled at its first call, for that signature alone, without the
GIL, without fast math, inputs read-only (so that a frozen and a writable array share one machine code). `@inner`
marks the scalar functions that kernels are made of. No `parallel=True`: its threading layer aborts the process when
two threads enter it; blocks of rows run on a thread pool in `calc.columns` instead.

With PUCCALC_JIT=0 the very same functions run as Python (one row is done before a compiler would have started);
NUMBA_DISABLE_JIT=1 does the same for tests. What was compiled is kept on disk for the next process: see
`calc.kernels._compile_cache`.

In a signature, types are Numba's; a `[]` behind a type is a contiguous read-only column, `[:]` a contiguous writable
one, `[,]` and `[:,]` the same in two dimensions: `@kernel("int64[], int32[], int64, int64[:]")`. Kernels return
nothing: the last columns are theirs to fill.
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
"""Every kernel by its name, in the order in which modules were imported."""
INNER: Final[dict[str, Callable[..., Any]]] = {}
"""Every inner function by its name."""


class Kernel:
    """A function over columns and its one signature; compiled at the first call from any thread."""

    def __init__(self, function: Callable[..., None], signature: str) -> None:
        """Register the function under its name."""
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
        """Run over columns of one length; the caller has bounded every day and amount."""
        (self._compiled or self.compile())(*columns)

    def compile(self) -> Callable[..., None]:
        """Compiled form; compiles if it is not there yet."""
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
    """Numba's signature of a kernel's, with read-only types for the columns marked `[]`."""
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
    """Decorator of a function over columns; see the module's text for the signature."""

    def decorate(function: Callable[..., None]) -> Kernel:
        return Kernel(function, signature)

    return decorate


def inner(function: F) -> F:
    """Decorator of a scalar function that kernels call; compiled with the kernel that calls it."""
    compiled: F = function
    if JIT:
        from numba import njit  # noqa: PLC0415 - as in Kernel.compile

        compiled = njit(**_OPTIONS)(function)
    INNER[function.__name__] = compiled
    return compiled


def compile_seconds() -> float:
    """Processor seconds that compiling took in this process so far; the wait for another kernel's turn is not in it."""
    return sum(each.compile_seconds for each in list(KERNELS.values()))


def warm_up(but: Collection[str] = ()) -> None:
    """Compile every kernel but those of some modules (by their names), so that no first caller waits for it."""
    for each in list(KERNELS.values()):
        if each.module.rpartition(".")[2] not in but:
            each.compile()
