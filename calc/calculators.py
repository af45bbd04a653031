"""The calculators as one call each, for a notebook: frame in, results and refused rows out, shipped rules and rates.

Rows come as a frame of Polars (lazy or not) or pandas or as an Arrow table; the day as a date or as text YYYY-MM-DD.
Whatever else they are is a TypeError that says what was expected.

The nightly run and the service call the same `calc.columns` functions with rules and rates that they loaded themselves.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import polars as pl

from calc import columns
from calc.columns.contract import ACCOUNTS, DEPOSITS, INTEREST, PARTICIPANTS, Dataset
from calc.columns.evaluation import Evaluation
from calc.columns.given import day_of, frame_of
from calc.columns.refusals import names_in, refused_rows
from calc.rates.table import RateTable, load_rate_table
from calc.rules.resolve import Rules, load_rules


class Calculation(NamedTuple):
    """Results of the good rows; the refused ones with row (1-based), columns as they came, reasons (codes).

    Beside each reason, reason_columns names the columns that it is about and reason_allowed says what they may hold.
    """

    results: pl.DataFrame
    quarantine: pl.DataFrame


def interest(
    frame: Any,  # noqa: ANN401 - whatever `frame_of` takes
    *,
    as_of: date | str,
    service: str = "electric",
    rates: RateTable | None = None,
    switches: Mapping[str, str] | None = None,
    threads: int = 1,
) -> Calculation:
    """Interest on principal_cents from received_date to through_date under the rules in force on `as_of`, rule (o)."""
    frame, day = frame_of(frame), day_of(as_of)
    rules = load_rules(day, switches=switches)
    return _calculation(
        INTEREST,
        frame,
        columns.interest.evaluate(frame, rules=rules, rates=rates or _rates(rules), service=service, threads=threads),
    )


def unclaimed(
    frame: Any,  # noqa: ANN401 - as above
    *,
    as_of: date | str,
    rates: RateTable | None = None,
    switches: Mapping[str, str] | None = None,
    threads: int = 1,
) -> Calculation:
    """Status, interest, surcharge and remittance of deposits and advances on a day, rule (o) and (q)-(s)."""
    frame, day = frame_of(frame), day_of(as_of)
    rules = load_rules(day, switches=switches)
    return _calculation(
        DEPOSITS,
        frame,
        columns.unclaimed.evaluate(frame, rules=rules, rates=rates or _rates(rules), as_of=day, threads=threads),
    )


def deposit_limit(
    frame: Any,  # noqa: ANN401 - as above
    *,
    as_of: date | str,
    switches: Mapping[str, str] | None = None,
    threads: int = 1,
) -> Calculation:
    """Limit, excess, what bars a deposit and what is due back of accounts, rule (c)-(e), (j), (l).

    Held is their column held_cents (absent: nothing). An estimate over months takes monthly_bill_cents.
    """
    frame, day = frame_of(frame), day_of(as_of)
    rules = load_rules(day, switches=switches)
    return _calculation(ACCOUNTS, frame, columns.deposit_limit.evaluate(frame, rules=rules, as_of=day, threads=threads))


def fixed_credit(
    frame: Any,  # noqa: ANN401 - as above
    *,
    as_of: date | str,
    tariff: str = "default",
    switches: Mapping[str, str] | None = None,
    threads: int = 1,
) -> Calculation:
    """Bill credits of participants under a tariff (a shipped name or a TOML file), rules 3412 and 4412."""
    frame, day = frame_of(frame), day_of(as_of)
    rules = load_rules(day, switches=switches, tariff=tariff)
    return _calculation(
        PARTICIPANTS, frame, columns.fixed_credit.evaluate(frame, rules=rules, as_of=day, threads=threads)
    )


def _rates(rules: Rules) -> RateTable:
    return load_rate_table(rules.electric.annual_rate)


def _calculation(dataset: Dataset, frame: pl.DataFrame, evaluation: Evaluation) -> Calculation:
    names = names_in(dataset, frame.columns)
    bad = refused_rows(dataset, evaluation.reasons, evaluation.refusals, names)
    rows = pl.Series("row", bad.places + 1, dtype=pl.Int64)
    refused = frame.select(pl.all().exclude("row", "reasons", "reason_columns", "reason_allowed"))[bad.places]
    return Calculation(evaluation.results, pl.DataFrame([rows, *refused.get_columns(), *bad.texts()]))
