"""The table of a jurisdiction's rates by effective date, from its rate rule and what was published.

A rate is in force from the first day of its period until the next one's, or to the end of its own period where the next
has none: between published rates there may be days without one.
"""

from dataclasses import replace
from datetime import date
from typing import Final

from calc.errors import RatesMissingError
from calc.rates.computing.table import RateRow, RateTable
from calc.rates.ruled.observations import load_series
from calc.rates.ruled.periods import FIRST_RULES, compute_periods
from calc.rates.ruled.rate import RuledRate

ALL_KNOWN: Final = "shipped"


def load_ruled_table(jurisdiction: str, known_on: date | None = None) -> RateTable:
    """Build the table of a jurisdiction's rates.

    Args:
        jurisdiction: A folder of `data/rules/`.
        known_on: If set, use only what was known on that date.

    Raises:
        RatesMissingError: No rate is known.
    """
    rates = compute_periods(jurisdiction, known_on)
    rows: list[RateRow] = []
    end = FIRST_RULES
    for rate in rates.values():
        row = _row(rate)
        if rate.starts_on < FIRST_RULES or (known_on is not None and row.known_on > known_on):
            continue
        if rows and end < rate.starts_on:
            rows[-1] = replace(rows[-1], until=end)
        end = rate.ends_before
        if not (rows and rows[-1].until is None and _same(rows[-1], row)):
            rows.append(row)
    if not rows:
        raise RatesMissingError(
            f"no rate of {jurisdiction} is at hand"
            f"{'' if known_on is None else f' that was known on {known_on}'}: it is set by order; "
            "give the rates with --rate or --rates"
        )
    return RateTable(tuple(rows), end, ALL_KNOWN)


def _same(before: RateRow, after: RateRow) -> bool:
    """Tell whether a fixed rate goes on unchanged, so that one row says it."""
    return before.provenance.startswith("fixed") and before.rate_ppm == after.rate_ppm


def _row(rate: RuledRate) -> RateRow:
    if rate.published is not None and rate.source == "published":
        told = f"{rate.published.publisher}, {rate.published.where_published}"
        return RateRow(rate.starts_on, rate.rate_ppm, "published", rate.published.known_on, told, rate.note)
    if rate.window is not None and rate.rule.series is not None:
        window = rate.window
        told = f"computed over {window.first} to {window.last}; {load_series(rate.rule.series).provenance}"
        known_on = min(rate.starts_on, date.fromordinal(window.last.toordinal() + 1))
        return RateRow(rate.starts_on, rate.rate_ppm, rate.source, known_on, told, rate.note)
    return RateRow(rate.starts_on, rate.rate_ppm, rate.source, rate.starts_on, "fixed by the rule", rate.note)
