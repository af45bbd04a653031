"""Parse whole numbers within bounds: cents, dollars times 100, counts; from integers, Decimals, floats and text.

Plain texts are read by a kernel; the others row by row with their reasons.
"""

from typing import Final

import numpy as np

from calc.columns import texts
from calc.columns.contract import Column
from calc.columns.lazy_polars import pl
from calc.columns.numbers import within
from calc.columns.parsed import Parsed, blank_places, make_harmless, true_places, with_rest, wrong_type
from calc.columns.plain import plain
from calc.errors import Reason
from calc.kernels.arrays import Int64
from calc.units import CENTS_MAX

_DECIMAL: Final = r"^-?[0-9]+(\.[0-9]+)?$"
_EXACT_FLOAT: Final = float(2**53)


def number(series: "pl.Series", column: Column) -> Parsed:
    """Parse whole numbers within the column's bounds: cents, dollars times 100 (or units times 1,000), or counts."""
    decimals = column.unit.decimals if column.unit and series.name == column.decimal_name else 0
    if series.dtype != pl.String:
        return _any_number(series, column, decimals)
    settled = texts.plain_numbers(series, decimals, column)
    return with_rest(settled, _any_number(series.gather(settled.open_rows), column, decimals))


def _any_number(series: "pl.Series", column: Column, decimals: int) -> Parsed:
    """Parse numbers in any form, row by row with their reasons."""
    decimal = decimals > 0
    refused: list[tuple[Reason, Int64]] = []
    blank = blank_places(series, column)
    if series.dtype in {pl.String, pl.Null}:
        numbers, refused = _numbers_of_text(series.cast(pl.String), column, blank, decimals, filled=decimal)
    elif series.dtype.is_integer():
        numbers = series.cast(pl.Int64, strict=False)
        if numbers.null_count() > series.null_count():
            refused.append((Reason.out_of_range, true_places(numbers.is_null() & series.is_not_null())))
        if decimal:
            numbers = numbers.clip(-CENTS_MAX, CENTS_MAX) * 10**decimals
    elif series.dtype.is_decimal():
        numbers, refused = _numbers_of_text(series.cast(pl.String), column, blank, decimals, filled=True)
    elif series.dtype.is_float() and not decimal:
        whole = series.is_finite() & (series.abs() <= _EXACT_FLOAT) & (series == series.floor())
        numbers = pl.select(pl.when(whole).then(series)).to_series().cast(pl.Int64)
        refused.append((Reason.not_a_number, true_places(~whole & series.is_not_null())))
    else:
        smallest, unit = (column.unit.smallest, column.unit.whole) if column.unit else ("cents", "dollars")
        how = f"write whole {smallest}, or decimal {unit} as text or Decimal: no float is exact"
        raise wrong_type(series, column, how)
    return _within_bounds(numbers, column, blank, refused)


def amounts(series: "pl.Series", column: Column) -> tuple[Int64, list[tuple[Reason, Int64]]]:
    """Return a column of amounts in their smallest unit, and refused rows by reason."""
    parsed = number(plain(series), column)
    return parsed.values, parsed.refused


def _numbers_of_text(
    text: "pl.Series", column: Column, blank: Int64, decimals: int, *, filled: bool
) -> "tuple[pl.Series, list[tuple[Reason, Int64]]]":
    """Parse plain decimal text exactly to integers, times 10**decimals; with `filled`, more decimals may be zeros."""
    exact = text.str.contains(_DECIMAL).fill_null(value=False)
    bad = ~exact.to_numpy()
    bad[blank] = False
    refused = [(Reason.not_a_number, np.flatnonzero(bad))]
    whole = text.str.extract(r"^(-?[0-9]+)", 1)
    part = text.str.extract(r"\.([0-9]+)$", 1).fill_null("")
    too_fine = (part.str.len_bytes() > decimals) & exact
    if filled and too_fine.any():
        too_fine &= part.str.slice(decimals).str.contains("[1-9]")
    refused.append((Reason.too_many_decimals if decimals else Reason.not_a_number, true_places(too_fine)))
    digits = whole + part.str.slice(0, decimals).str.pad_end(decimals, "0")
    usable = exact if decimals else exact & ~too_fine
    numbers = pl.select(pl.when(usable).then(digits)).to_series().cast(pl.Int64, strict=False)
    overflow = numbers.is_null() & usable
    minus = text.str.starts_with("-").fill_null(value=False)
    if decimals and too_fine.any():
        # Bounds are those of the next cent away from zero.
        numbers += pl.Series(np.where(minus, -1, 1) * too_fine.to_numpy())
    refused += [(Reason.out_of_range, true_places(overflow & ~minus)), (_below(column), true_places(overflow & minus))]
    return numbers, refused


def _below(column: Column) -> Reason:
    """Return the reason for a number too low: out_of_range if the column may be negative, else negative_amount."""
    return Reason.out_of_range if column.lowest < 0 else Reason.negative_amount


def _within_bounds(
    numbers: "pl.Series", column: Column, blank: Int64, refused: list[tuple[Reason, Int64]]
) -> Parsed:  # fmt: skip
    harmless = max(0, column.lowest)
    missing = column.default if column.nullable else harmless
    values, outside = within(numbers, column.lowest, column.highest, missing)
    negative = values[outside] < min(0, column.lowest)
    refused = [*refused, (_below(column), outside[negative]), (Reason.out_of_range, outside[~negative])]
    make_harmless(values, refused, harmless)
    return Parsed(values, blank, refused)
