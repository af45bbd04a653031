"""Compares columns with the exact twins over many random rows; run by the tests with and without the compiler.

python -m tests.columns.against_twins ROWS SEED   prints the number of rows compared; exits 1 at the first difference
"""

import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta
from itertools import cycle
from random import Random
from typing import Any, Final, TypeGuard

import polars as pl

from calc.columns import fixed_credit as fixed_credit_columns
from calc.columns import transactions as transactions_columns
from calc.columns import unclaimed as unclaimed_columns
from calc.errors import Reason
from calc.kernels._jit import JIT
from calc.rates.computing.table import RateTable, load_rate_table
from calc.rules.guidelines import load_guidelines
from calc.rules.resolve import Rules, load_rules
from calc.units import to_date
from tests import portfolio
from tests.reference import fixed_credit as fixed_credit_twin
from tests.reference import rate_table as rate_twin
from tests.reference import transactions as transactions_twin
from tests.reference import unclaimed as unclaimed_twin

CHUNK_ROWS: Final = 2500
SWITCHES: Final[dict[str, tuple[str, ...]]] = {
    "day_count": ("actual_actual", "actual_365", "actual_360", "thirty_e_360"),
    "day_ends": ("start_included_end_excluded", "start_excluded_end_included", "both", "neither"),
    "rounding_mode": ("half_up", "half_even", "down", "up"),
    "rounding_point": ("posting", "year"),
    "more_than": ("day_after", "anniversary"),
    "surcharge_start": ("day_after_period", "last_day_of_period"),
    "surcharge_mode": ("points", "multiplicative"),
    "surcharge_base": ("principal", "principal_plus_accrued"),
    "surcharge_principal": ("gross", "net_of_owed"),
    "efforts_scope": ("order", "both"),
    "weekend_extension": ("none", "payment", "statute"),
    "owed_applied": ("remittance", "service_ended"),
}


def random_switches(random: Random) -> dict[str, str]:
    """Defaults in every other chunk; else a few switches at once."""
    if random.random() < 0.5:
        return {}
    chosen = {name: random.choice(words) for name, words in SWITCHES.items() if random.random() < 0.5}
    if chosen.get("day_count") == "thirty_e_360":
        chosen.pop("day_ends", None)
    return chosen


def compare_deposits(random: Random, rows: int, table: RateTable, rate_on: rate_twin.RateTable) -> int:
    """Rows compared; ValueError at the first difference."""
    switches, as_of, given = _deposits(random, rows, table)
    rules = load_rules(as_of, switches=switches)
    found = unclaimed_columns.evaluate(portfolio.deposits(given), rules=rules, rates=table, as_of=as_of)
    results = iter(found.results.rows(named=True))
    for row, reasons in zip(given, found.reasons, strict=True):
        where = f"as of {as_of}, switches {switches}, row {row}"
        expected = _expected(unclaimed_twin.unclaimed, row, as_of, rate_on, **switches)
        if _good(expected, reasons, where):
            _same(next(results), expected, where)
    return rows


def compare_transactions(random: Random, rows: int, table: RateTable, rate_on: rate_twin.RateTable) -> int:
    """Deposits compared; ValueError at the first difference."""
    switches, as_of, given = _deposits(random, rows, table)
    events = [portfolio.events(random, row) for row in given]
    for row, own in zip(given, events, strict=True):
        if any(event["kind"] == "principal" for event in own):  # then these two columns of the row do not count
            row["received_date"] = portfolio.any_day(random, portfolio.FIRST, portfolio.LAST)
            row["principal_cents"] = portfolio.amount(random)
    transactions = [event for own in events for event in own]
    random.shuffle(transactions)
    found, transaction_reasons = transactions_columns.evaluate(
        portfolio.deposits(given),
        portfolio.transactions(transactions),
        rules=load_rules(as_of, switches=switches),
        rates=table,
        as_of=as_of,
    )
    if transaction_reasons.any():
        raise ValueError(f"as of {as_of}: refused transactions, expected none")
    principal = pl.Series("principal_cents", found.inputs["principal_cents"])
    results = iter(found.results.with_columns(principal).rows(named=True))
    for row, own, reasons in zip(given, events, found.reasons, strict=True):
        where = f"as of {as_of}, switches {switches}, row {row}, events {own}"
        expected = _expected(transactions_twin.transactions_deposit, row, own, as_of, rate_on, **switches)
        if not _good(expected, reasons, where):
            continue
        result = next(results)
        if switches.get("day_ends") == "both" and _moved_on_its_last_day(own, expected["accrued_days"]):
            continue
        if expected["status"] in {"excluded", "not_received"}:
            del expected["principal_cents"]  # the twin then says 0, the columns keep what the row says
        _same(result, expected, where)
    return rows


def _expected(twin: Callable[..., dict[str, Any]], *row: object, **switches: str) -> dict[str, Any] | Reason:
    """What a twin gives, or the reason for which it refuses the row."""
    try:
        return twin(*row, **switches)
    except transactions_twin.NegativeBalance:
        return Reason.negative_balance
    except rate_twin.NoRate:
        return Reason.no_rate_in_force


def _good(expected: dict[str, Any] | Reason, reasons: int, where: str) -> TypeGuard[dict[str, Any]]:
    """Whether twin and columns both take the row; ValueError where one of them alone does."""
    if isinstance(expected, Reason):
        if reasons not in {expected, expected | Reason.no_rate_in_force}:
            raise ValueError(f"{where}: reasons {reasons}, expected {expected}")
        return False
    if reasons:
        raise ValueError(f"{where}: reasons {reasons}, expected {expected}")
    return True


def _moved_on_its_last_day(events: list[portfolio.Row], accrued_days: int) -> bool:
    """Whether principal moved on the end date, which under `both` earns: the twin leaves out all that is dated on it.

    The columns treat it as the day of a plain row, tests/columns/test_transactions.py.
    """
    days = [event["date"] for event in events if event["kind"] == "principal"]
    return bool(days) and min(days) + timedelta(days=accrued_days - 1) in days


def compare_participants(random: Random, rows: int) -> int:
    """Rows compared; ValueError at the first difference."""
    as_of = portfolio.any_day(random, date(2004, 1, 1), portfolio.LAST)
    switches = {"ami_basis": random.choice(("hud_limit", "share_of_median"))}
    tariff_name = random.choice(("default", "example", "example-by-fuel"))
    rules = load_rules(as_of, switches=switches, tariff=tariff_name)
    given = [portfolio.participant(random, number) for number in range(rows)]
    frame = pl.DataFrame(given, schema=portfolio.PARTICIPANT_SCHEMA, orient="row")
    found = fixed_credit_columns.evaluate(frame, rules=rules, as_of=as_of)
    results = iter(found.results.rows(named=True))
    tariff, guidelines = _twin_tariff(rules), _twin_guidelines()
    for row, reasons in zip(given, found.reasons, strict=True):
        where = f"as of {as_of}, switches {switches}, tariff {rules.tariff.name}, row {row}"
        refused = {
            fixed_credit_twin.NoRuleBand: Reason.no_rule_band,
            fixed_credit_twin.ShareOutsideBand: Reason.share_outside_band,
            fixed_credit_twin.OutOfRange: Reason.out_of_range,
        }
        try:
            expected = fixed_credit_twin.fixed_credit(row, tariff, guidelines, as_of, **switches)
        except tuple(refused) as error:
            if not reasons & refused[type(error)]:
                raise ValueError(f"{where}: reasons {reasons}, expected {type(error).__name__}") from error
            continue
        if reasons:
            raise ValueError(f"{where}: reasons {reasons}, expected {expected}")
        _same(next(results), expected, where)
    return rows


def _same(found: dict[str, Any], expected: dict[str, Any], where: str) -> None:
    for name, value in expected.items():
        if found[name] != value:
            raise ValueError(f"{where}: {name} is {found[name]}, expected {value}")


def _deposits(random: Random, rows: int, table: RateTable) -> tuple[dict[str, str], date, list[portfolio.Row]]:
    """Switches, an as-of day and deposits."""
    rates_bp = {year: int(table.rate_ppm_by_day(day, day)[0]) // 100 for year, day in _new_years()}
    switches = random_switches(random)
    as_of = (
        portfolio.edge_day(random)
        if random.random() < 0.3
        else portfolio.any_day(random, date(1995, 1, 1), portfolio.LAST)
    )
    return switches, as_of, [portfolio.deposit(random, number, as_of, rates_bp) for number in range(rows)]


def _new_years() -> list[tuple[int, int]]:
    from calc.units import to_day  # noqa: PLC0415 - beside its only use

    return [(year, to_day(date(year, 1, 1))) for year in range(portfolio.FIRST.year, portfolio.LAST.year + 1)]


def _twin_tariff(rules: Rules) -> dict[str, Any]:
    tariff = rules.tariff
    classes = {name: getattr(tariff, name) for name in ("share_ppm", "minimum_monthly_payment_cents")}
    return {fuel: classes | asdict(tariff.terms(fuel)) for fuel in ("electric", "gas")}


def _twin_guidelines() -> dict[str, Any]:
    shipped = load_guidelines()

    def by_size(figures: tuple[int, ...]) -> dict[Any, int]:
        sizes: dict[Any, int] = dict(enumerate(figures[:8], start=1))
        return sizes | ({"additional": figures[8]} if len(figures) > 8 else {})

    return {
        "fpl": {year: by_size(figures) for year, figures in shipped.poverty_usd.items()},
        "ami": {
            (county, year): by_size(usd) for county, years in shipped.ami_usd.items() for year, usd in years.items()
        },
        "median": {(county, year): usd for county, years in shipped.median_usd.items() for year, usd in years.items()},
        "leap": {year: by_size(figures) for year, figures in shipped.leap_monthly_usd.items()},
    }


def main(rows: int, seed: int) -> int:
    """Rows compared in all: half of them deposits, a quarter deposits with transactions, a quarter participants."""
    random = Random(seed)  # noqa: S311 - rows, not secrets
    table = load_rate_table(load_rules(portfolio.LAST).electric.annual_rate)
    effective = {row.effective_from: row.rate_ppm for row in table.rows}
    rate_on = rate_twin.RateTable(rate_twin.rates_from(effective, to_date(table.end_day)))
    done = 0
    for dataset in cycle(("deposits", "transactions", "deposits", "participants")):
        if done >= rows:
            break
        if dataset == "participants":
            done += compare_participants(random, CHUNK_ROWS)
        else:
            compare = compare_deposits if dataset == "deposits" else compare_transactions
            done += compare(random, CHUNK_ROWS, table, rate_on)
    return done


if __name__ == "__main__":
    compared = main(int(sys.argv[1]), int(sys.argv[2]))
    print(f"{compared} rows, JIT {'on' if JIT else 'off'}: no difference")  # noqa: T201 - the command's answer
