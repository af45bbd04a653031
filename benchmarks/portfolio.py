"""Make synthetic columns for the comparisons, the same in every run, under the shipped rules and rates."""

from datetime import date
from functools import cache
from typing import Any, Final

import numpy as np

from calc.columns.interest import accrual_tables
from calc.columns.unclaimed import reading_of, term_tables
from calc.kernels.accrual import Accrual
from calc.kernels.arrays import Array
from calc.rates.computing.table import load_rate_table
from calc.rules.resolve import Rules, load_rules
from calc.units import CENTS_MAX, NO_DAY, to_day

AS_OF: Final = date(2026, 10, 31)
AS_OF_DAY: Final = to_day(AS_OF)
SIZES: Final = (10**3, 10**6, 10**7)
_LARGE_ROWS: Final = 100
_FIRST_RECEIVED: Final = to_day(date(1995, 1, 1))


@cache
def rules() -> Rules:
    """Return the rules in force on the as-of date, with no switch set."""
    return load_rules(AS_OF)


@cache
def tables() -> Accrual:
    """Return the accrual tables of the shipped rates."""
    service = rules().electric
    return accrual_tables(load_rate_table(service.annual_rate), service.deposit_interest, service.unclaimed)


def accrual_parameters() -> dict[str, Any]:
    """Return the accrual tables and what they are read with, by name in a kernel's order."""
    accruals = tables()._asdict()
    return {{"first_day": "rates_first", "stop_day": "rates_stop"}.get(name, name): accruals[name] for name in accruals}


def reading_parameters() -> dict[str, Any]:
    """Return how the rules are read, by default, and the as-of day, by name in a kernel's order."""
    return {**reading_of(rules().electric.unclaimed)._asdict(), "as_of": AS_OF_DAY}


def unclaimed_parameters() -> dict[str, Any]:
    """Return the parameters of the kernel `unclaimed` in its order: default readings, as of AS_OF_DAY."""
    terms = term_tables(rules().electric.unclaimed)
    return {**accrual_parameters(), **terms._asdict(), **reading_parameters()}


def draw(rows: int) -> np.random.Generator:
    """Return a random generator seeded by the number of rows alone."""
    return np.random.default_rng(rows)


def amounts(random: np.random.Generator, rows: int, highest: int, share: float = 1.0) -> Array:
    """Draw cents from 1 to `highest` in a `share` of the rows, else 0; the first rows go up to CENTS_MAX."""
    cents = random.integers(1, highest, rows, endpoint=True)
    cents[random.random(rows) >= share] = 0
    cents[:_LARGE_ROWS] = random.permutation(np.geomspace(1, CENTS_MAX, _LARGE_ROWS).astype(np.int64))
    return cents


def flags(random: np.random.Generator, rows: int, share: float) -> Array:
    """Draw True in a `share` of the rows."""
    return random.random(rows) < share


def received(random: np.random.Generator, rows: int) -> Array:
    """Draw epoch days from 1995 to the as-of date."""
    return random.integers(_FIRST_RECEIVED, AS_OF_DAY, rows, dtype=np.int32)


def later(random: np.random.Generator, days: Array, longest: int, share: float = 1.0) -> Array:
    """Draw epoch days up to `longest` days after `days` in a `share` of the rows, else NO_DAY."""
    moved = days + random.integers(0, longest, days.size, dtype=np.int32)
    moved[random.random(days.size) >= share] = NO_DAY
    return moved


def offsets(random: np.random.Generator, rows: int, most: int) -> Array:
    """Draw 1 to `most` entries per row and return where each row's entries begin, plus the end."""
    offset = np.zeros(rows + 1, dtype=np.int64)
    np.cumsum(random.integers(1, most, rows, endpoint=True), out=offset[1:])
    return offset


def unwritten(shape: int | tuple[int, int], dtype: type[Any] = np.int64) -> Array:
    """Allocate results filled with a value that no kernel writes, so that an entry it skips is noticed."""
    room = np.empty(shape, dtype=dtype)
    room.view(np.uint8).fill(0x55)
    return room
