"""Compare two tables of rates day by day, and name the nights whose results rest on rates that were restated.

A table is named as a user names it: the one in use, the shipped one, one as it was known on a day, or a file.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from calc.compare.nights import night
from calc.errors import UsageError
from calc.rates.computing.table import RateRow, RateTable, load_rate_table
from calc.rates.fred.series import shipped_series
from calc.rates.register.entries import Register
from calc.units import parse_date, to_date, to_day

if TYPE_CHECKING:
    from calc.rules.schema import AnnualRate

IN_USE: Final = "current"
SHIPPED: Final = "shipped"
KNOWN: Final = "known:"
_FORMS: Final = f"{IN_USE}, {SHIPPED}, {KNOWN}YYYY-MM-DD or a FILE.csv with effective_from and rate_percent"


class Span(NamedTuple):
    """Hold days on which two tables have other rates: first and last day, the rates in ppm (None: no rate)."""

    first: date
    last: date
    was_ppm: int | None
    now_ppm: int | None


class RestatedNight(NamedTuple):
    """Hold a night whose results rest on the first table although the second differs on days that had earned."""

    run_id: str
    as_of: date
    restated_from: date
    folder: str


def named_table(name: str, annual_rate: "AnnualRate") -> RateTable:
    """Return the table of rates that a name stands for.

    Args:
        name: `current`, `shipped`, `known:DATE`, or a CSV file.
        annual_rate: The rule by which rates are computed.

    Raises:
        UsageError: The name stands for no table.
        InputError: The file is no table of rates.
    """
    if name == IN_USE:
        return load_rate_table(annual_rate)
    if name == SHIPPED:
        return load_rate_table(annual_rate, series=shipped_series(), register=Register())
    if name.startswith(KNOWN):
        try:
            day = parse_date(name.removeprefix(KNOWN))
        except ValueError as error:
            raise UsageError(f"{name}: {error}; a table is {_FORMS}") from error
        return load_rate_table(annual_rate, known_on=day)
    if Path(name).suffix.lower() != ".csv":
        raise UsageError(f"{name}: no table of rates; a table is {_FORMS}")
    return RateTable.from_csv(Path(name))


def with_existing_rate(table: RateTable, year: int) -> RateTable:
    """Return a table in which the rate in force on the last day before a year goes on through that year.

    Raises:
        UsageError: No rate is in force on that day.
    """
    start, stop = to_day(date(year, 1, 1)), to_day(date(year + 1, 1, 1))
    existing = [row for _, _, row in table.segments(start - 1, start)]
    if not existing:
        raise UsageError(f"no rate is in force on {year - 1}-12-31, so none goes on in {year}")
    provenance = f"the existing rate of {year - 1}-12-31 goes on"
    row = replace(
        existing[0], effective_from=date(year, 1, 1), source="given", provenance=provenance, note="", until=None
    )
    others = [each for each in table.rows if not start <= to_day(each.effective_from) < stop]
    rows = tuple(sorted([*others, row], key=lambda each: each.effective_from))
    return RateTable(rows, max(table.end_date, date(year + 1, 1, 1)), f"{table.basis}; {provenance}")


def differing_spans(before: RateTable, after: RateTable) -> list[Span]:
    """Return the days on which two tables do not have the same rate, joined where both rates stay the same."""
    edges = sorted({day for table in (before, after) for day in _edges(table)})
    found: list[Span] = []
    for first, stop in pairwise(edges):
        was, now = (_rate_on(table, first) for table in (before, after))
        if was == now:
            continue
        span = Span(to_date(first), to_date(stop - 1), was, now)
        if found and to_day(found[-1].last) + 1 == first and found[-1][2:] == span[2:]:
            span = span._replace(first=found.pop().first)
        found.append(span)
    return found


def restated_nights(
    folders: Iterable[Path], before: RateTable, after: RateTable
) -> tuple[list[RestatedNight], list[dict[str, Any]]]:
    """Return the nights that rest on `before` and had days that `after` restates, and what the others rest on.

    Args:
        folders: Output folders of nightly runs, or runs' own folders. They are read alone.
        before: The first table.
        after: The other.

    Raises:
        InputError: A folder has no published run.
    """
    spans = differing_spans(before, after)
    restated, others = [], []
    for folder in folders:
        manifest = night(folder).manifest
        as_of, rates = date.fromisoformat(manifest["as_of"]), manifest["checksums"]["rates"]
        earned = [span.first for span in spans if span.first < as_of]
        if rates == before.checksum and earned:
            restated.append(RestatedNight(manifest["run_id"], as_of, min(earned), str(folder)))
            continue
        rests_on = {before.checksum: "before", after.checksum: "after"}.get(rates, "another table")
        others.append({"run_id": manifest["run_id"], "as_of": manifest["as_of"], "rests_on": rests_on})
    return restated, others


def _edges(table: RateTable) -> list[int]:
    return [day for start, end, _ in table.segments(table.first_day, table.end_day) for day in (start, end)]


def _rate_on(table: RateTable, day: int) -> int | None:
    rows: list[tuple[int, int, RateRow]] = table.segments(day, day + 1)
    return rows[0][2].rate_ppm if rows else None
