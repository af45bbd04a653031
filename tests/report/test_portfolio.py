"""Workings of many random rows under many readings: each leads to the figure of the exact twin."""

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import pytest

from calc.columns import fixed_credit, unclaimed
from calc.columns.contract import DEPOSITS, PARTICIPANTS
from calc.report.explaining import fixed_credit as fixed_credit_report
from calc.report.explaining import unclaimed as unclaimed_report
from calc.report.explaining.row import filled
from calc.report.explaining.step import Law
from calc.rules.guidelines import load_guidelines
from calc.rules.resolve import load_rules
from calc.units import to_date
from tests import portfolio
from tests.columns import against_twins
from tests.columns.frames import as_frame
from tests.reference import fixed_credit as credit_twin
from tests.reference import rate_table as rate_twin
from tests.reference import unclaimed as twin
from tests.report.one import shipped

ROWS = 40
unclaimed_twin: Callable[..., dict[str, Any]] = twin.unclaimed
RATES_BP = dict.fromkeys(range(1990, 2028), 493)


@pytest.fixture(scope="module")
def twin_rates() -> rate_twin.RateTable:
    table = shipped()
    effective = {row.effective_from: row.rate_ppm for row in table.rows}
    return rate_twin.RateTable(rate_twin.rates_from(effective, to_date(table.end_day)))


@pytest.mark.parametrize("seed", range(12))
def test_deposits(seed: int, twin_rates: rate_twin.RateTable) -> None:
    random = Random(seed)  # noqa: S311 - rows, not secrets
    switches, as_of, table = (
        against_twins.random_switches(random),
        portfolio.edge_day(random, date(2000, 1, 1)),
        shipped(),
    )
    rules, shown = load_rules(as_of, switches=switches), 0
    for number in range(ROWS):
        row = filled(DEPOSITS, portfolio.deposit(random, number, as_of, RATES_BP))
        evaluation = unclaimed.evaluate(as_frame(DEPOSITS, row), rules=rules, rates=table, as_of=as_of)
        if evaluation.reasons[0]:
            continue
        result = evaluation.results.row(0, named=True)
        law = Law(rules, row["service"])
        steps = unclaimed_report.steps(row, result, law=law, rates=table, as_of=as_of)
        expected = unclaimed_twin(row, as_of, twin_rates, **switches)
        figures = {name: figure for step in steps for name, figure in step.figures.items()}
        for name in ("status", "interest_cents", "deemed_unclaimed_date", "surcharge_from_date", "remittance_cents"):
            assert figures.get(name, expected[name]) == expected[name], (name, row, switches)
        shown += 1
    assert shown > ROWS // 2


@pytest.mark.parametrize("seed", range(6))
def test_participants(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - rows, not secrets
    as_of = portfolio.any_day(random, date(2006, 1, 1), portfolio.LAST)
    rules, guidelines, shown = load_rules(as_of, tariff=("default", "example")[seed % 2]), load_guidelines(), 0
    tariff, twin_guidelines = against_twins._twin_tariff(rules), against_twins._twin_guidelines()
    while shown < ROWS:
        row = filled(PARTICIPANTS, portfolio.participant(random, shown))
        evaluation = fixed_credit.evaluate(as_frame(PARTICIPANTS, row), rules=rules, as_of=as_of)
        if evaluation.reasons[0]:
            continue
        result = evaluation.results.row(0, named=True)
        law = Law(rules, row["service"])
        steps = fixed_credit_report.steps(row, result, law=law, as_of=as_of, guidelines=guidelines)
        expected = credit_twin.fixed_credit(row, tariff, twin_guidelines, as_of)
        figures = {name: figure for step in steps for name, figure in step.figures.items()}
        assert list(figures["monthly_credit_cents"]) == expected["monthly_credit_cents"]  # type: ignore[arg-type]  # cents
        for name in ("share_ppm", "affordable_annual_cents", "program_credit_annual_cents", "eligible_basis"):
            assert figures[name] == expected[name], (name, row)
        shown += 1
