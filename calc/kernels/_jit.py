"""Decide how kernels are compiled; no other module does.

`@kernel` marks a function over columns. It is compiled at its first call, for that signature alone, without
the GIL and without fast math, with read-only inputs (so that frozen and writable arrays share one machine code).
`@inner` and `@inlined` mark the scalar functions that kernels call. `parallel=True` is not used: its threading layer
aborts the process when two threads enter it. Blocks of rows run on a thread pool in `calc.columns` instead.

With PUCCALC_JIT=0 the same functions run as plain Python, which finishes a single row before a compiler would have
started; NUMBA_DISABLE_JIT=1 does the same for tests. Compiled code is stored on disk for the next process by
`calc.kernels._compile_cache`.

A kernel's annotations are its signature: columns and matrices of `calc.kernels.arrays`, `int`, `bool`, and named tuples
of these, which group what belongs together (`@kernel(fills=("results",))`). Columns are contiguous and read-only, but
for those that a kernel fills. Kernels return nothing. Members of a
group that a loop uses are named before it: fetched within the loop, they have cost half as much time again.
"""

import os
import threading
from collections.abc import Callable, Collection
from inspect import signature
from time import thread_time
from typing import Any, Final, TypeVar, get_args

import numpy as np

F = TypeVar("F", bound=Callable[..., Any])

JIT: Final = os.environ.get("PUCCALC_JIT", "1") != "0" and os.environ.get("NUMBA_DISABLE_JIT", "0") in {"", "0"}
"""Whether kernels are compiled in this process."""

_OPTIONS: Final[dict[str, Any]] = {"nogil": True, "error_model": "numpy", "fastmath": False}

KERNELS: Final[dict[str, "Kernel"]] = {}
"""Every kernel by name, in the order in which their modules were imported."""
INNER: Final[dict[str, Callable[..., Any]]] = {}
"""Every inner function by name."""


class Kernel:
    """A function over columns, compiled for the types of its annotations at the first call from any thread."""

    def __init__(self, function: Callable[..., None], fills: tuple[str, ...]) -> None:
        """Register the function under its name.

        Args:
            function: Takes columns, numbers and named tuples of these, and returns nothing.
            fills: Names of the parameters that it fills; a named tuple is filled as a whole.

        Raises:
            ValueError: A kernel of that name exists already, or a parameter to be filled does not.
        """
        self.function = function
        self.name = function.__name__
        self.module = function.__module__
        self.__doc__ = function.__doc__
        self.parameters: dict[str, Any] = {
            name: parameter.annotation for name, parameter in signature(function).parameters.items()
        }
        self.fills = fills
        self.compile_seconds = 0.0
        self._read_groups = [_is_group(each) and name not in fills for name, each in self.parameters.items()]
        self._compiled: Callable[..., None] | None = None if JIT else function
        self._lock = threading.Lock()
        if self.name in KERNELS:
            raise ValueError(f"two kernels are named {self.name}")
        if unknown := set(fills) - set(self.parameters):
            raise ValueError(f"{self.name} has no parameters {sorted(unknown)}")
        KERNELS[self.name] = self

    def __call__(self, *arguments: Any) -> None:  # noqa: ANN401 - the annotations are checked by the compiler
        """Run over columns of equal length. The caller must have checked the bounds of every day and amount."""
        if JIT and True in self._read_groups:
            arguments = tuple(
                _read_only(each) if read else each for each, read in zip(arguments, self._read_groups, strict=True)
            )
        (self._compiled or self.compile())(*arguments)

    def compile(self) -> Callable[..., None]:
        """Return the compiled form, compiling it first if necessary. Safe to call from several threads."""
        with self._lock:
            if self._compiled is None:
                from numba import njit  # noqa: PLC0415 - a process that compiles nothing does not load the compiler

                from calc.kernels._compile_cache import KernelCache  # noqa: PLC0415 - as above

                began = thread_time()
                dispatcher = njit(**_OPTIONS)(self.function)
                dispatcher._cache = KernelCache(self.name)  # noqa: SLF001 - Numba's own cache is no part of its interface
                dispatcher.compile(self._types())
                dispatcher.disable_compile()
                self._compiled = dispatcher
                self.compile_seconds += thread_time() - began
        return self._compiled

    def _types(self) -> Any:  # noqa: ANN401 - Numba ships no types
        from numba import types  # noqa: PLC0415 - as in `compile`

        return types.void(*(_numba_type(each, name in self.fills) for name, each in self.parameters.items()))


def _is_group(annotation: Any) -> bool:  # noqa: ANN401 - any annotation
    return isinstance(annotation, type) and issubclass(annotation, tuple)


def _read_only(group: Any) -> Any:  # noqa: ANN401 - a named tuple of columns and numbers
    """Return the group with read-only views of its columns: unlike single columns, Numba does not convert them."""
    return group._make(_read_only_view(each) if isinstance(each, np.ndarray) else each for each in group)


def _read_only_view(column: Any) -> Any:  # noqa: ANN401 - a column of any type
    view = column.view()
    view.flags.writeable = False
    return view


def _numba_type(annotation: Any, filled: bool) -> Any:  # noqa: ANN401 - Numba ships no types
    """Convert an annotation to Numba's type."""
    from numba import from_dtype, types  # noqa: PLC0415 - as in Kernel.compile

    if annotation in (int, bool):
        return types.int64 if annotation is int else types.boolean
    if _is_group(annotation):
        fields = tuple(_numba_type(each, filled) for each in annotation.__annotations__.values())
        return types.BaseTuple.from_types(fields, annotation)  # type: ignore[no-untyped-call]  # Numba ships no types
    shape, dtype = get_args(annotation)
    dimensions = 1 if Ellipsis in get_args(shape) else len(get_args(shape))
    return types.Array(from_dtype(np.dtype(get_args(dtype)[0])), dimensions, "C", readonly=not filled)


def kernel(*, fills: tuple[str, ...]) -> Callable[[Callable[..., None]], Kernel]:
    """Decorate a function over columns, which fills the parameters named; the module's docstring says more."""

    def decorate(function: Callable[..., None]) -> Kernel:
        return Kernel(function, fills)

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
