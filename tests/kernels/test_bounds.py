"""The kernels of bounds, and `within`, against their twin: any numbers, days and bounds, nulls over any value."""

from typing import Any, NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.columns.buffers import buffers_of
from calc.columns.numbers import within
from calc.kernels import bounds as kernels
from calc.kernels._jit import Kernel
from calc.units import NO_DAY
from tests.reference import bounds as twin


class Kind(NamedTuple):
    """Numbers or days: how they are held and which kernel settles them."""

    dtype: type[Any]
    kernel: Kernel
    least: int
    most: int


NUMBERS = Kind(np.int64, kernels.filled_numbers, -(2**63), 2**63 - 1)
DAYS = Kind(np.int32, kernels.filled_days, -(2**31), 2**31 - 1)
KINDS = pytest.mark.parametrize("kind", [NUMBERS, DAYS], ids=["numbers", "days"])


class Case(NamedTuple):
    """Values, which of them are given, bounds (those of days may lie beyond any day) and what stands for a null."""

    values: list[int]
    there: list[bool]
    lowest: int
    highest: int
    missing: int

    @property
    def known(self) -> list[int | None]:
        return [value if there else None for value, there in zip(self.values, self.there, strict=True)]


def near(kind: Kind) -> st.SearchStrategy[int]:
    """Few numbers, that they may equal one another; the ends of the type; any."""
    ends = [kind.least, kind.least + 1, kind.most - 1, kind.most]
    return st.integers(-3, 3) | st.sampled_from(ends) | st.integers(kind.least, kind.most)


def cases(kind: Kind) -> st.SearchStrategy[Case]:
    def case(rows: list[tuple[int, bool]], ends: list[int], missing: int) -> Case:
        lowest, highest = sorted(ends)
        return Case([value for value, _ in rows], [there for _, there in rows], lowest, highest, missing)

    rows = st.lists(st.tuples(near(kind), st.booleans()), max_size=40)
    full = st.lists(st.tuples(near(kind), st.just(value=True)), max_size=40)
    ends = st.lists(near(kind) | near(NUMBERS), min_size=2, max_size=2) | near(kind).map(lambda end: [end, end])
    return st.builds(case, rows | full, ends, near(kind))


def settled(kind: Kind, values: np.ndarray, there: np.ndarray, case: Case) -> tuple[list[int], int]:
    """What the kernel writes: the filled values, and how many are out of bounds."""
    filled, outside = np.empty(values.size, dtype=kind.dtype), np.full(1, -1, dtype=np.int64)
    kind.kernel(values, there, case.lowest, case.highest, case.missing, filled, outside)
    return filled.tolist(), int(outside[0])


def by_twin(case: Case) -> tuple[list[int], list[int]]:
    return twin.filled(case.known, case.missing), twin.outside(case.known, case.lowest, case.highest)


def laid_out(kind: Kind, case: Case) -> pl.Series:
    """A column with the case's values also under its nulls."""
    bits = np.packbits(np.array(case.there, dtype=np.bool_), bitorder="little").tobytes()
    values = np.array(case.values, dtype=kind.dtype).tobytes()
    array = pa.Array.from_buffers(
        pa.from_numpy_dtype(kind.dtype), len(case.values), [pa.py_buffer(bits), pa.py_buffer(values)]
    )
    return pl.Series(pl.from_arrow(array))


@KINDS
@settings(deadline=None)
@given(st.data())
def test_values_and_their_count_are_those_of_the_twin(kind: Kind, data: st.DataObject) -> None:
    case = data.draw(cases(kind))
    values, there = np.array(case.values, dtype=kind.dtype), np.array(case.there, dtype=np.bool_)
    filled, places = by_twin(case)
    assert settled(kind, values, there, case) == (filled, len(places))
    filled, places = by_twin(case._replace(there=[True] * len(case.there)))
    assert settled(kind, values, there[:0], case) == (filled, len(places))


@KINDS
@settings(deadline=None)
@given(st.data(), st.booleans())
def test_a_column_cut_out_of_a_longer_one_is_read_as_the_twin_reads_it(
    kind: Kind, data: st.DataObject, in_two: bool
) -> None:
    case = data.draw(cases(kind))
    column = laid_out(kind, case)
    if in_two:
        column = pl.concat([column, column], rechunk=False)
        case = case._replace(values=case.values * 2, there=case.there * 2)
    start = data.draw(st.integers(0, len(column)))
    stop = data.draw(st.integers(start, len(column)))
    column = column[start:stop]
    case = case._replace(values=case.values[start:stop], there=case.there[start:stop])
    filled, places = within(column, case.lowest, case.highest, case.missing)
    assert (filled.tolist(), places.tolist()) == by_twin(case)
    assert settled(kind, *buffers_of(column), case) == (filled.tolist(), places.size)
    assert filled.dtype == kind.dtype


LEAST, MOST = NUMBERS.least, NUMBERS.most


@pytest.mark.parametrize(
    ("numbers", "lowest", "highest", "filled", "places"),
    [
        ([], 0, 9, [], []),
        ([None, None], 0, 9, [5, 5], []),
        ([-1, 0, None, 9, 10], 0, 9, [-1, 0, 5, 9, 10], [0, 4]),
        ([6, 7, None, 8], 7, 7, [6, 7, 5, 8], [0, 3]),
        ([LEAST, MOST, None], LEAST, MOST, [LEAST, MOST, 5], []),
        ([LEAST, LEAST + 1, MOST - 1, MOST], LEAST + 1, MOST - 1, [LEAST, LEAST + 1, MOST - 1, MOST], [0, 3]),
        ([MOST, None, LEAST], LEAST, LEAST, [MOST, 5, LEAST], [0]),
    ],
)
def test_numbers_by_hand(
    numbers: list[int | None], lowest: int, highest: int, filled: list[int], places: list[int]
) -> None:
    found = within(pl.Series(numbers, dtype=pl.Int64), lowest, highest, 5)
    assert (found[0].tolist(), found[1].tolist()) == (filled, places)


def test_a_null_is_within_bounds_though_what_stands_for_it_is_not() -> None:
    days = pl.Series([None, NO_DAY, 0, 365, -1, 366], dtype=pl.Int32)
    filled, places = within(days, 0, 365, NO_DAY)  # the days of 1970, and New Year's Day of 1971
    assert filled.tolist() == [NO_DAY, NO_DAY, 0, 365, -1, 366]
    assert places.tolist() == [1, 4, 5]


@KINDS
@pytest.mark.parametrize("numbers", [[4, None, -7], [4, 5, -7]])
def test_values_are_the_callers_to_change(kind: Kind, numbers: list[int | None]) -> None:
    column = pl.Series(numbers, dtype=pl.Int64 if kind is NUMBERS else pl.Int32)
    filled, places = within(column, 0, 9, 1)
    filled[places] = 0
    assert filled.tolist() == [4, numbers[1] or 1, 0]
    filled[...] = 8
    assert column.to_list() == numbers
