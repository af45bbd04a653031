"""Rows of Python values: the gate's arrays and reasons, and the results of a frame of the same rows."""

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.columns import deposit_limit, eligibility, fixed_credit, interest, unclaimed
from calc.columns.contract import ACCOUNTS, DEPOSITS, INTEREST, PARTICIPANTS, Column, Dataset, Holds
from calc.columns.evaluation import Evaluation, Outputs
from calc.columns.gate import gate
from calc.columns.gated import Gated
from calc.columns.rows import Rows
from calc.errors import Reason
from calc.rates.computing.table import load_rate_table
from calc.rules.guidelines import load_guidelines
from calc.rules.resolve import load_rules
from calc.units import CENTS_MAX
from tests import portfolio
from tests.columns.frames import as_frame

AS_OF = date(2026, 9, 30)
RULES = load_rules(AS_OF)
RATES = load_rate_table(RULES.electric.annual_rate)
DATASETS = (INTEREST, DEPOSITS, ACCOUNTS, PARTICIPANTS)


def values(column: Column) -> st.SearchStrategy[Any]:
    """Values of a column, good ones, bad ones and none."""
    strategies: dict[Holds, st.SearchStrategy[Any]] = {
        Holds.TEXT: st.just("T-1"),
        Holds.WORD: st.sampled_from((*column.words, "water")),
        Holds.FLAG: st.booleans(),
        Holds.DATE: st.dates(date(1950, 1, 1), date(2105, 1, 1)),
    }
    bounds = {column.lowest - 1, column.lowest, 0, -1, column.highest, column.highest + 1}
    numbers = st.one_of(st.sampled_from(sorted(bounds)), st.integers(column.lowest, column.highest))
    strategies[Holds.BILLS] = st.lists(st.one_of(st.none(), numbers), max_size=5)
    return st.one_of(st.none(), strategies.get(column.holds, numbers))


def rows_of(dataset: Dataset) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(
        st.fixed_dictionaries(
            {column.name: values(column) for column in dataset.columns if column.holds != Holds.TEXT}
        ),
        min_size=1,
        max_size=4,
    )


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_rows_are_gated_as_a_frame(dataset: Dataset, data: st.DataObject) -> None:
    rows = data.draw(rows_of(dataset))
    texts = {column.name: "T-1" for column in dataset.columns if column.holds is Holds.TEXT}
    expected = gate(dataset, as_frame(dataset, *({**row, **texts} for row in rows)))
    found = Rows(dataset).gate(rows)
    assert found.reasons.tolist() == expected.reasons.tolist()
    assert found.values.keys() == expected.values.keys()
    for name, array in expected.values.items():
        assert (name, found.values[name].dtype) == (name, array.dtype)
        np.testing.assert_array_equal(found.values[name], array, name)
    assert {name: each.tolist() for name, each in found.lists.items()} == {
        name: each.tolist() for name, each in expected.lists.items()
    }
    assert found.unusable.keys() == expected.unusable.keys()
    for name, mask in expected.unusable.items():
        assert found.unusable[name].tolist() == mask.tolist()


def test_reasons_by_hand() -> None:
    rows: list[dict[str, Any]] = [
        {"principal_cents": 20_000, "received_date": date(2024, 1, 1), "through_date": date(2025, 1, 1)},
        {"principal_cents": -1, "received_date": None, "through_date": date(2025, 1, 1)},
        {"principal_cents": CENTS_MAX + 1, "received_date": date(1954, 12, 31), "through_date": date(2025, 1, 1)},
        {},
    ]
    found = Rows(INTEREST).gate(rows)
    assert found.reasons.tolist() == [
        0,
        Reason.negative_amount | Reason.missing_value,
        Reason.out_of_range,
        Reason.missing_value,
    ]
    assert found.values["principal_cents"].tolist() == [20_000, 0, 0, 0]
    outputs = interest.compute(found, rules=RULES, rates=RATES)
    assert Rows(INTEREST).results(outputs, found.reasons) == [{"interest_cents": 986, "days": 366}, None, None, None]


def by_rows(dataset: Dataset, rows: list[dict[str, Any]], compute: Callable[[Gated], Outputs]) -> tuple[Any, Any]:
    made = Rows(dataset)
    gated = made.gate(rows)
    outputs = compute(gated)
    return made.results(outputs, gated.reasons), gated.reasons.tolist()


def same(dataset: Dataset, rows: list[dict[str, Any]], frame: Evaluation, compute: Callable[[Gated], Outputs]) -> None:
    """Results and reasons of rows are those of a frame, which has texts beside them."""
    results, reasons = by_rows(dataset, rows, compute)
    assert reasons == frame.reasons.tolist()
    expected = frame.results.drop("deposit_id", "account_id", "participant_id", strict=False).rows(named=True)
    assert [each for each in results if each is not None] == expected


def test_deposits() -> None:
    random = Random(20261122)  # noqa: S311 - rows, not secrets
    rates_bp = dict.fromkeys(range(portfolio.FIRST.year, portfolio.LAST.year + 1), 493)
    rows = [portfolio.deposit(random, number, AS_OF, rates_bp) for number in range(2_500)]
    for row in rows[::7]:
        row["received_date"] = portfolio.any_day(random, date(1988, 1, 1), date(2030, 1, 1))
    for switches in ({}, {"rounding_point": "year", "surcharge_principal": "net_of_owed"}):
        rules = load_rules(AS_OF, switches=switches)
        frame = unclaimed.evaluate(as_frame(DEPOSITS, *rows), rules=rules, rates=RATES, as_of=AS_OF)
        same(DEPOSITS, rows, frame, lambda gated: unclaimed.compute(gated, rules=rules, rates=RATES, as_of=AS_OF))  # noqa: B023 - called at once
        assert (frame.reasons & Reason.date_order).any()
        assert (frame.reasons & Reason.no_rate_in_force).any()


def test_interest() -> None:
    random = Random(20261123)  # noqa: S311 - as above
    first, last = date(1985, 1, 1), date(2030, 12, 31)
    rows = [
        {
            "principal_cents": portfolio.amount(random),
            "received_date": portfolio.any_day(random, first, last),
            "through_date": portfolio.any_day(random, first, last),
        }
        for _ in range(2_500)
    ]
    frame = interest.evaluate(as_frame(INTEREST, *rows), rules=RULES, rates=RATES, service="gas")
    same(INTEREST, rows, frame, lambda gated: interest.compute(gated, rules=RULES, rates=RATES, service="gas"))
    assert (frame.reasons & Reason.date_order).any()
    assert (frame.reasons & Reason.no_rate_in_force).any()
    assert (frame.reasons == 0).any()


def test_participants() -> None:
    random = Random(20261124)  # noqa: S311 - as above
    rows = [portfolio.participant(random, number) for number in range(2_500)]
    frame = fixed_credit.evaluate(as_frame(PARTICIPANTS, *rows), rules=RULES, as_of=AS_OF)
    limits = eligibility.limits_in_force(RULES, AS_OF, load_guidelines())
    places = eligibility.places([row["county_fips"] for row in rows], limits)
    same(PARTICIPANTS, rows, frame, lambda gated: fixed_credit.compute(gated, places, limits, rules=RULES))
    for reason in (Reason.no_rule_band, Reason.share_outside_band, Reason.out_of_range):
        assert (frame.reasons & reason).any()


def test_accounts() -> None:
    random = Random(20261125)  # noqa: S311 - as above

    def some(most: int, least: int = 0) -> int | None:
        return random.choice((None, random.randint(least, most)))

    rows = [
        {
            "service": random.choice(("electric", "gas")),
            "late_payments_12m": some(3),
            "bills_in_advance": random.choice((None, True, False)),
            **{f"{of}billed_cents": some(10**6) for of in ("", "premises_", "class_")},
            **{f"{of}billed_days": some(400, 1) for of in ("", "premises_", "class_")},
        }
        for _ in range(2_500)
    ]
    held = np.array([random.randint(-5, 10**5) for _ in rows])
    frame = as_frame(ACCOUNTS, *({**row, "account_id": "A"} for row in rows)).with_columns(held_cents=held)
    evaluation = deposit_limit.evaluate(frame, rules=RULES, as_of=AS_OF)
    same(ACCOUNTS, rows, evaluation, lambda gated: deposit_limit.compute(gated, held, rules=RULES, as_of=AS_OF))
    assert (evaluation.reasons & Reason.missing_value).any()
    assert (evaluation.reasons == 0).any()
