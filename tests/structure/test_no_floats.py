"""No float on the way of a cent: the types that the compiler found in every kernel and inner function."""

from collections.abc import Iterator
from typing import Any

import pytest

from calc.kernels._jit import JIT
from tests.structure.kernels import every_inner, every_kernel

pytestmark = pytest.mark.skipif(not JIT, reason="nothing is compiled")

PROVEN = "quotient_estimate"
"""The one inner function with floats: its bound is proven in calc.kernels.intmath."""


def floats(compiled: Any) -> list[str]:  # noqa: ANN401 - a Numba dispatcher; Numba ships no types
    """Variables of a compiled function that are floats or hold some, each with its type."""
    return sorted(
        f"{variable}: {numba_type}"
        for overload in compiled.overloads.values()
        for variable, numba_type in overload.type_annotation.typemap.items()
        if "float" in str(numba_type)
    )


@pytest.fixture(autouse=True, scope="module")
def compiled_here() -> Iterator[None]:
    """Machine code from the disk does not say of which types it was made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUCCALC_JIT_CACHE", "0")
        for kernel in every_kernel().values():
            patch.setattr(kernel, "_compiled", None)
        yield


def compiled_functions() -> Iterator[tuple[str, Any]]:
    for name, kernel in every_kernel().items():
        yield name, kernel.compile()
    yield from every_inner().items()


def test_no_float_in_any_kernel() -> None:
    found = {name: floats(compiled) for name, compiled in compiled_functions() if name != PROVEN}
    assert {name: variables for name, variables in found.items() if variables} == {}


def test_every_inner_function_was_looked_at() -> None:
    list(compiled_functions())
    assert [name for name, compiled in every_inner().items() if not compiled.overloads] == [], "no kernel calls these"


def test_the_estimate_is_the_exception() -> None:
    assert dict(compiled_functions())[PROVEN].overloads
    assert floats(every_inner()[PROVEN])


def test_a_float_is_found() -> None:
    from numba import njit  # noqa: PLC0415 - where nothing is compiled, nothing loads the compiler

    half = njit("int64(int64)")(lambda cents: int(cents * 0.5))
    assert half(3) == 1
    assert any("float64" in variable for variable in floats(half))
