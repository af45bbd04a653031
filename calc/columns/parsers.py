"""Parse a column as it comes, typed or text, into an array: its values, its blank rows, and rows refused by reason.

A refused value is replaced by a harmless one, so that kernels may run over all rows; its row never reaches a result.
Nothing is cast before its text is known to be exact: Polars would read "5.005" as 5.00 and a short line as nulls.
"""

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from calc.columns import texts
from calc.columns.contract import Column, Holds
from calc.columns.gated import Array, Int64
from calc.columns.lazy_polars import pl
from calc.columns.numbers import within
from calc.columns.plain import is_whole, plain
from calc.errors import ColumnError, Reason
from calc.units import CENTS_MAX, DAY_SECONDS, FIRST_DAY, ISO_MOMENT, LAST_DAY, NO_DAY, NO_MOMENT

if TYPE_CHECKING:
    from collections.abc import Callable


_DECIMAL: Final = r"^-?[0-9]+(\.[0-9]+)?$"
_ISO_DATE: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_EXACT_FLOAT: Final = float(2**53)
_NOWHERE: Final[Int64] = np.empty(0, dtype=np.int64)


class Parsed(NamedTuple):
    """A column's values (the default where blank), the positions of blank rows, and those of refused rows by reason.

    Blank rows may be omitted for a column that may be null.
    """

    values: Array
    blank: Int64
    refused: list[tuple[Reason, Int64]]


def _wrong_type(series: "pl.Series", column: Column, hint: str) -> ColumnError:
    wrong = f"is of type {series.dtype}"
    return ColumnError(
        f"column {series.name} {wrong}, but holds {column.holds.value}: {hint}", {column.name: wrong}
    )  # fmt: skip


def _blank(series: "pl.Series", column: Column) -> Int64:
    """Return positions of rows that are null or, in text, only white space.

    A typed column that may be null yields none. Decimals and columns of only nulls are read as text.
    """
    if series.dtype == pl.String:
        return np.flatnonzero(texts.blank(series))
    typed = series.dtype.is_integer() or series.dtype in {pl.Date, pl.Boolean}
    return _NOWHERE if (typed and column.nullable) or not series.null_count() else _places(series.is_null())


def _places(rows: "pl.Series") -> Int64:
    """Return positions of the true rows; null counts as false."""
    return np.flatnonzero(rows.fill_null(value=False).to_numpy())


def _text(series: "pl.Series", column: Column) -> Parsed:
    if series.dtype not in {pl.String, pl.Null} and not is_whole(series.dtype):
        raise _wrong_type(series, column, "write it as text")
    return Parsed(np.empty(0), _blank(series.cast(pl.String), column), [])


def _word(series: "pl.Series", column: Column) -> Parsed:
    if series.dtype not in {pl.String, pl.Null}:
        raise _wrong_type(series, column, f"write {', '.join(column.words)}")
    return _coded(series.cast(pl.String), column, column.words)


def _flag(series: "pl.Series", column: Column) -> Parsed:
    if series.dtype == pl.Boolean:
        blank = _blank(series, column)
        if column.dtype == np.int8:
            return Parsed(series.cast(pl.Int8).fill_null(column.default).to_numpy(), blank, [])
        return Parsed(series.fill_null(value=bool(column.default)).to_numpy(), blank, [])
    if series.dtype not in {pl.String, pl.Null}:
        raise _wrong_type(series, column, "write true or false")
    parsed = _coded(series.cast(pl.String).str.to_lowercase(), column, ("false", "true"))
    values = parsed.values.astype(column.dtype)
    values[parsed.blank] = column.default
    return parsed._replace(values=values)


def _coded(text: "pl.Series", column: Column, words: tuple[str, ...]) -> Parsed:
    """Return codes of known words, the column's blank where a row is blank, and a harmless code for another word."""
    codes = texts.word_codes(text, words)
    places = np.flatnonzero(codes < 0)
    codes[places] = max(0, column.default)
    blank = texts.blank(text.gather(places))
    if column.nullable:
        codes[places[blank]] = column.blank
    return Parsed(codes, places[blank], [(Reason.unknown_value, places[~blank])])


def _number(series: "pl.Series", column: Column) -> Parsed:
    """Parse whole numbers within the column's bounds: cents, dollars times 100, or counts."""
    dollars = series.name == column.dollars_name
    decimals = 2 if dollars else 0
    refused: list[tuple[Reason, Int64]] = []
    blank = _blank(series, column)
    if series.dtype in {pl.String, pl.Null}:
        numbers, refused = _numbers_of_text(series.cast(pl.String), column, blank, decimals, filled=dollars)
    elif series.dtype.is_integer():
        numbers = series.cast(pl.Int64, strict=False)
        if numbers.null_count() > series.null_count():
            refused.append((Reason.out_of_range, _places(numbers.is_null() & series.is_not_null())))
        if dollars:
            numbers = numbers.clip(-CENTS_MAX, CENTS_MAX) * 100
    elif series.dtype.is_decimal():
        numbers, refused = _numbers_of_text(series.cast(pl.String), column, blank, decimals, filled=True)
    elif series.dtype.is_float() and not dollars:
        whole = series.is_finite() & (series.abs() <= _EXACT_FLOAT) & (series == series.floor())
        numbers = pl.select(pl.when(whole).then(series)).to_series().cast(pl.Int64)
        refused.append((Reason.not_a_number, _places(~whole & series.is_not_null())))
    else:
        raise _wrong_type(series, column, "write whole cents, or decimal dollars as text or Decimal: no float is exact")
    return _within_bounds(numbers, column, blank, refused)


def amounts(series: "pl.Series", column: Column) -> tuple[Int64, list[tuple[Reason, Int64]]]:
    """Return a column of money in cents, and refused rows by reason."""
    parsed = _number(plain(series), column)
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
    refused.append((Reason.too_many_decimals if decimals else Reason.not_a_number, _places(too_fine)))
    digits = whole + part.str.slice(0, decimals).str.pad_end(decimals, "0")
    usable = exact if decimals else exact & ~too_fine
    numbers = pl.select(pl.when(usable).then(digits)).to_series().cast(pl.Int64, strict=False)
    overflow = numbers.is_null() & usable
    minus = text.str.starts_with("-").fill_null(value=False)
    if decimals and too_fine.any():
        # Bounds are those of the next cent away from zero.
        numbers += pl.Series(np.where(minus, -1, 1) * too_fine.to_numpy())
    refused += [(Reason.out_of_range, _places(overflow & ~minus)), (_below(column), _places(overflow & minus))]
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
    _put(values, refused, harmless)
    return Parsed(values, blank, refused)


def _put(values: Array, refused: list[tuple[Reason, Int64]], harmless: int) -> None:
    """Replace every refused number by a harmless one."""
    for _, places in refused:
        values[places] = harmless


def _date(series: "pl.Series", column: Column) -> Parsed:
    refused: list[tuple[Reason, Int64]] = []
    blank = _blank(series, column)
    if series.dtype in {pl.Date, pl.Null}:
        dates = series.cast(pl.Date)
    elif series.dtype == pl.String:
        iso = series.str.contains(_ISO_DATE).fill_null(value=False)
        dates = pl.select(pl.when(iso).then(series)).to_series().str.to_date("%Y-%m-%d", strict=False)
        bad = dates.is_null().to_numpy(writable=True)
        bad[blank] = False
        refused.append((Reason.bad_date, np.flatnonzero(bad)))
    elif isinstance(series.dtype, pl.Datetime):
        wall = series.dt.replace_time_zone(None)  # what a clock shows in the column's own zone
        dates = wall.cast(pl.Date)
        refused.append((Reason.bad_date, _places(dates.cast(wall.dtype) != wall)))
    else:
        raise _wrong_type(series, column, "write dates as dates or as YYYY-MM-DD")
    values, outside = within(dates.to_physical(), FIRST_DAY, LAST_DAY, NO_DAY)
    refused.append((Reason.out_of_range, outside))
    _put(values, refused, NO_DAY)
    return Parsed(values, blank, refused)


def _moment(series: "pl.Series", column: Column) -> Parsed:
    refused: list[tuple[Reason, Int64]] = []
    blank = _blank(series, column)
    if series.dtype in {pl.String, pl.Null}:
        text = series.cast(pl.String)
        iso = text.str.contains(f"^{ISO_MOMENT}$").fill_null(value=False)
        whole = text.str.replace(" ", "T").str.replace(r"^(.{16})$", "${1}:00")
        times = pl.select(pl.when(iso).then(whole)).to_series().str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False)
        bad = times.is_null().to_numpy(writable=True)
        bad[blank] = False
        refused.append((Reason.bad_date, np.flatnonzero(bad)))
    elif isinstance(series.dtype, pl.Datetime):
        times = series.dt.replace_time_zone(None)  # what a clock shows in the column's own zone
        refused.append((Reason.bad_date, _places(times.dt.truncate("1s") != times)))
    else:
        raise _wrong_type(series, column, "write times as date-times or as YYYY-MM-DDTHH:MM")
    seconds = times.dt.epoch("s")
    values, outside = within(seconds, FIRST_DAY * DAY_SECONDS, (LAST_DAY + 1) * DAY_SECONDS - 1, NO_MOMENT)
    refused.append((Reason.out_of_range, outside))
    harmless = FIRST_DAY * DAY_SECONDS
    _put(values, refused, harmless)
    if not column.nullable:
        values[blank] = harmless
    return Parsed(values, blank, refused)


PARSERS: "Final[dict[Holds, Callable[[pl.Series, Column], Parsed]]]" = {
    Holds.TEXT: _text,
    Holds.WORD: _word,
    Holds.MONEY: _number,
    Holds.COUNT: _number,
    Holds.DATE: _date,
    Holds.MOMENT: _moment,
    Holds.FLAG: _flag,
}
