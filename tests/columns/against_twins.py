"""Compares columns with the exact twins over many random rows; run by the tests with and without the compiler.

python -m tests.columns.against_twins ROWS SEED   prints the number of rows compared; exits 1 at the first difference
"""

import sys
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from calc.columns import fixed_credit as fixed_credit_columns
from calc.columns import unclaimed as unclaimed_columns
from calc.errors import Reason
from calc.kernels._jit import JIT
from calc.rates.table import RateTable, load_rate_table
from calc.rules.guidelines import load_guidelines
from calc.rules.resolve import Rules, load_rules
from calc.units import to_date
from tests import portfolio
from tests.reference import fixed_credit as fixed_credit_twin
from tests.reference import rate_table as rate_twin
from tests.reference import unclaimed as unclaimed_twin

if TYPE_CHECKING:
    from collections.abc import Callable

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
    "weekend_extension": ("none", "statute"),
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
    rates_bp = {year: int(table.rate_ppm_by_day(day, day)[0]) // 100 for year, day in _new_years()}
    switches = random_switches(random)
    as_of = (
        portfolio.edge_day(random)
        if random.random() < 0.3
        else portfolio.any_day(random, date(1995, 1, 1), portfolio.LAST)
    )
    given = [portfolio.deposit(random, number, as_of, rates_bp) for number in range(rows)]
    rules = load_rules(as_of, switches=switches)
    found = unclaimed_columns.evaluate(portfolio.deposits(given), rules=rules, rates=table, as_of=as_of)
    twin: Callable[..., dict[str, Any]] = unclaimed_twin.unclaimed
    results = iter(found.results.rows(named=True))
    for row, reasons in zip(given, found.reasons, strict=True):
        expected: dict[str, Any] | None
        try:
            expected = twin(row, as_of, rate_on, **switches)
        except rate_twin.NoRate:
            expected = None
        where = f"as of {as_of}, switches {switches}, row {row}"
        if expected is None:
            if reasons != Reason.no_rate_in_force:
                raise ValueError(f"{where}: reasons {reasons}, expected no rate")
            continue
        if reasons:
            raise ValueError(f"{where}: reasons {reasons}, expected {expected}")
        _same(next(results), expected, where)
    return rows


def compare_participants(random: Random, rows: int) -> int:
    """Rows compared; ValueError at the first difference."""
    as_of = portfolio.any_day(random, date(2004, 1, 1), portfolio.LAST)
    rules = load_rules(as_of, tariff=random.choice(("default", "example")))
    given = [portfolio.participant(random, number) for number in range(rows)]
    frame = pl.DataFrame(given, schema=portfolio.PARTICIPANT_SCHEMA, orient="row")
    found = fixed_credit_columns.evaluate(frame, rules=rules, as_of=as_of)
    results = iter(found.results.rows(named=True))
    tariff, guidelines = _twin_tariff(rules), _twin_guidelines()
    for row, reasons in zip(given, found.reasons, strict=True):
        where = f"as of {as_of}, tariff {rules.tariff.name}, row {row}"
        refused = {
            fixed_credit_twin.NoRuleBand: Reason.no_rule_band,
            fixed_credit_twin.ShareOutsideBand: Reason.share_outside_band,
            fixed_credit_twin.OutOfRange: Reason.out_of_range,
        }
        try:
            expected = fixed_credit_twin.fixed_credit(row, tariff, guidelines, as_of)
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


def _new_years() -> list[tuple[int, int]]:
    from calc.units import to_day  # noqa: PLC0415 - beside its only use

    return [(year, to_day(date(year, 1, 1))) for year in range(portfolio.FIRST.year, portfolio.LAST.year + 1)]


def _twin_tariff(rules: Rules) -> dict[str, Any]:
    names = ("share_ppm", "minimum_monthly_payment_cents", "leap_offset", "arrearage_months", "copayment_ppm")
    return {name: getattr(rules.tariff, name) for name in names}


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
        "leap": {year: by_size(figures) for year, figures in shipped.leap_monthly_usd.items()},
    }


def main(rows: int, seed: int) -> int:
    """Rows compared in all: two thirds deposits, one third participants."""
    random = Random(seed)  # noqa: S311 - rows, not secrets
    table = load_rate_table(load_rules(portfolio.LAST).electric.annual_rate)
    effective = {row.effective_from: row.rate_ppm for row in table.rows}
    rate_on = rate_twin.RateTable(rate_twin.rates_from(effective, to_date(table.end_day)))
    done = 0
    while done < rows:
        done += compare_deposits(random, CHUNK_ROWS, table, rate_on)
        if done % (3 * CHUNK_ROWS) == 2 * CHUNK_ROWS:
            done += compare_participants(random, CHUNK_ROWS)
    return done


if __name__ == "__main__":
    compared = main(int(sys.argv[1]), int(sys.argv[2]))
    print(f"{compared} rows, JIT {'on' if JIT else 'off'}: no difference")  # noqa: T201 - the command's answer
