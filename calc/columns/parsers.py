"""Parse a column as it comes, typed or text, into an array: its values, its blank rows, and rows refused by reason.

A refused value is replaced by a harmless one, so that kernels may run over all rows; its row never reaches a result.
Nothing is cast before its text is known to be exact: Polars would read "5.005" as 5.00 and a short line as nulls.
"""

from typing import TYPE_CHECKING, Final

import numpy as np

from calc.columns import texts
from calc.columns.contract import Column, Holds
from calc.columns.lazy_polars import pl
from calc.columns.number_parser import number
from calc.columns.numbers import within
from calc.columns.parsed import Parsed, blank_places, make_harmless, true_places, with_rest, wrong_type
from calc.columns.plain import is_whole
from calc.errors import Reason
from calc.kernels.arrays import Int64
from calc.units import DAY_SECONDS, FIRST_DAY, ISO_MOMENT, LAST_DAY, NO_DAY, NO_MOMENT

if TYPE_CHECKING:
    from collections.abc import Callable


_DECIMAL: Final = r"^-?[0-9]+(\.[0-9]+)?$"
_ISO_DATE: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_FLAGS: Final = ("false", "true")
_EXACT_FLOAT: Final = float(2**53)
_NOWHERE: Final[Int64] = np.empty(0, dtype=np.int64)


def _text(series: "pl.Series", column: Column) -> Parsed:
    if series.dtype not in {pl.String, pl.Null} and not is_whole(series.dtype):
        raise wrong_type(series, column, "write it as text")
    return Parsed(np.empty(0), blank_places(series.cast(pl.String), column), [])


def _word(series: "pl.Series", column: Column) -> Parsed:
    if series.dtype not in {pl.String, pl.Null}:
        raise wrong_type(series, column, f"write {', '.join(column.words)}")
    return _coded(series.cast(pl.String), column, column.words)


def _flag(series: "pl.Series", column: Column) -> Parsed:
    if series.dtype == pl.Boolean:
        blank = blank_places(series, column)
        if column.dtype == np.int8:
            return Parsed(series.cast(pl.Int8).fill_null(column.default).to_numpy(), blank, [])
        return Parsed(series.fill_null(value=bool(column.default)).to_numpy(), blank, [])
    if series.dtype not in {pl.String, pl.Null}:
        raise wrong_type(series, column, "write true or false")
    text = series.cast(pl.String)
    codes = texts.word_codes(text, _FLAGS)
    open_rows = np.flatnonzero(codes < 0)
    rest = _coded(text.gather(open_rows).str.to_lowercase(), column, _FLAGS)
    rest.values[rest.blank] = column.default
    parsed = with_rest(texts.Settled(codes, open_rows), rest)
    return parsed._replace(values=parsed.values.astype(column.dtype))


def _coded(text: "pl.Series", column: Column, words: tuple[str, ...]) -> Parsed:
    """Return codes of known words, the column's blank where a row is blank, and a harmless code for another word."""
    codes = texts.word_codes(text, words)
    places = np.flatnonzero(codes < 0)
    codes[places] = max(0, column.default)
    blank = texts.blank(text.gather(places))
    if column.nullable:
        codes[places[blank]] = column.blank
    return Parsed(codes, places[blank], [(Reason.unknown_value, places[~blank])])


def _date(series: "pl.Series", column: Column) -> Parsed:
    if series.dtype != pl.String:
        return _any_date(series, column)
    settled = texts.plain_dates(series, column)
    return with_rest(settled, _any_date(series.gather(settled.open_rows), column))


def _any_date(series: "pl.Series", column: Column) -> Parsed:
    """Parse dates in any form, row by row with their reasons."""
    refused: list[tuple[Reason, Int64]] = []
    blank = blank_places(series, column)
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
        refused.append((Reason.bad_date, true_places(dates.cast(wall.dtype) != wall)))
    else:
        raise wrong_type(series, column, "write dates as dates or as YYYY-MM-DD")
    values, outside = within(dates.to_physical(), FIRST_DAY, LAST_DAY, NO_DAY)
    refused.append((Reason.out_of_range, outside))
    make_harmless(values, refused, NO_DAY)
    return Parsed(values, blank, refused)


def _moment(series: "pl.Series", column: Column) -> Parsed:
    refused: list[tuple[Reason, Int64]] = []
    blank = blank_places(series, column)
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
        refused.append((Reason.bad_date, true_places(times.dt.truncate("1s") != times)))
    else:
        raise wrong_type(series, column, "write times as date-times or as YYYY-MM-DDTHH:MM")
    seconds = times.dt.epoch("s")
    values, outside = within(seconds, FIRST_DAY * DAY_SECONDS, (LAST_DAY + 1) * DAY_SECONDS - 1, NO_MOMENT)
    refused.append((Reason.out_of_range, outside))
    harmless = FIRST_DAY * DAY_SECONDS
    make_harmless(values, refused, harmless)
    if not column.nullable:
        values[blank] = harmless
    return Parsed(values, blank, refused)


PARSERS: "Final[dict[Holds, Callable[[pl.Series, Column], Parsed]]]" = {
    Holds.TEXT: _text,
    Holds.WORD: _word,
    Holds.MONEY: number,
    Holds.COUNT: number,
    Holds.DATE: _date,
    Holds.MOMENT: _moment,
    Holds.FLAG: _flag,
}
