"""The working of random rows leads to their results, under every jurisdiction and reading; else it raises."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from calc.columns.clause_deposits import dormancy_table
from calc.errors import RatesMissingError
from calc.rates.computing.table import RateTable
from calc.rates.ruled.table import load_ruled_table
from calc.report.explaining.step import Law, as_dicts
from calc.rules.deposit_clauses import Payee, UnclaimedClauses
from calc.rules.jurisdictions import COLORADO, jurisdiction_ids, load_jurisdiction
from calc.rules.resolve import load_rules
from calc.topics.table import TOPICS
from calc.topics.topic import Question
from calc.units import FIRST_DAY, to_date, to_day
from tests.reference import jurisdictions as twin

OTHERS = [
    each for each in jurisdiction_ids() if each != COLORADO and "deposit_interest" in load_jurisdiction(each).rules
]
READINGS: list[dict[str, str]] = [
    {},
    {"day_count": "actual_360", "rounding_mode": "up"},
    {"day_ends": "both"},
    {"day_ends": "neither", "rounding_mode": "half_even"},
    {"day_count": "thirty_e_360"},
]


def worked(topic: str, row: dict[str, Any], question: Question) -> bool:
    """Whether the row has a result; its working is made."""
    (outcome,) = TOPICS[topic].outcomes([row], question)
    if outcome.result is not None:
        assert as_dicts(TOPICS[topic].steps(outcome, question))
        assert TOPICS[topic].is_provisional(outcome, question) in {True, False}
    return outcome.result is not None


def deposit(random: Random) -> dict[str, Any]:
    received = date(2005, 1, 1) + timedelta(days=random.randrange(7_000))
    held = random.choice((0, 1, 89, 90, 91, 181, 182, 183, 184, random.randrange(2_000)))

    def later() -> date | None:
        return random.choice((None, None, received + timedelta(days=random.randrange(1_500))))

    return {
        "principal_cents": random.choice((0, 20_00, 20_01, random.randrange(10**6))),
        "received_date": received,
        "through_date": received + timedelta(days=held),
        "service": "electric",
        "class": random.choice(("residential", "non_residential", None)),
        "stop_date": random.choice((None, received - timedelta(days=5), later())),
        "kind": random.choice(("deposit", "deposit", "construction_advance")),
        "paid_date": later(),
        "remitted_date": later(),
        "service_ended_date": later(),
        "order_payable_date": later(),
        "posted_cents": random.choice((0, 50)),
        "amounts_owed_cents": random.choice((0, 10_00)),
    }


def account(random: Random) -> dict[str, Any]:
    bills = [random.randrange(10**5) for _ in range(random.choice((1, 2, 3, 12, 24)))]
    return {
        "service": "electric",
        "held_cents": random.randrange(10**5),
        "monthly_bill_cents": random.choice((None, bills)),
        "billed_cents": random.choice((None, random.randrange(10**6))),
        "billed_days": random.choice((None, 365, 366, 300)),
        "premises_billed_cents": None,
        "premises_billed_days": None,
        "class_billed_cents": 50_00,
        "class_billed_days": 365,
        "late_payments_12m": None,
        "class": random.choice(("residential", "non_residential", None)),
    }


@pytest.mark.parametrize("jurisdiction", OTHERS)
def test_the_working_leads_to_the_result(jurisdiction: str) -> None:
    random = Random(jurisdiction)  # noqa: S311 - test data
    tables = [RateTable.flat(31_234)]
    try:
        tables.append(load_ruled_table(jurisdiction))
    except RatesMissingError:
        assert jurisdiction == "us-ma"
    results = 0
    for reading in READINGS:
        rules = load_rules(date(2026, 1, 1), switches=reading, jurisdiction=jurisdiction)
        for table in tables:
            for _ in range(8):
                row = deposit(random)
                on = row["received_date"] + timedelta(days=random.randrange(-30, 2_500))
                results += worked("interest", row, Question(Law(rules, "electric"), row["through_date"], table))
                results += worked("unclaimed", row, Question(Law(rules, "electric"), on, table))
                if rules.clauses and rules.clauses.limit:
                    results += worked("deposit-limit", account(random), Question(Law(rules, "electric"), on))
    assert results >= 40


def test_events_that_stop_interest_against_the_twin() -> None:
    random = Random(4)  # noqa: S311 - test data
    rules = load_rules(date(2026, 1, 1), jurisdiction="us-ct")
    table = RateTable.flat(31_234)
    stopped = 0
    for _ in range(200):
        row = deposit(random) | {"kind": "deposit", "posted_cents": 0, "amounts_owed_cents": 0}
        received, through, stop = row["received_date"], row["through_date"], row["stop_date"]
        question = Question(Law(rules, "gas"), through, table)
        (outcome,) = TOPICS["interest"].outcomes([row], question)
        assert outcome.result is not None
        expected = twin.deposit_interest(
            row["principal_cents"], received, through, lambda _: 31_234, twin.Clauses(), stops=[stop]
        )
        assert outcome.result["interest_cents"] == expected, row
        as_of = received + timedelta(days=random.randrange(2_000))
        (outcome,) = TOPICS["unclaimed"].outcomes([row], question._replace(on=as_of))
        assert outcome.result is not None
        stops = [row[name] for name in ("paid_date", "remitted_date", "service_ended_date", "stop_date")]
        expected = twin.deposit_interest(
            row["principal_cents"], received, as_of, lambda _: 31_234, twin.Clauses(), stops=stops
        )
        assert outcome.result["interest_cents"] == expected, (row, as_of)
        stopped += any(day is not None and day < as_of for day in stops)
    assert stopped > 100


@pytest.mark.parametrize("years", [1, 2, 3, 5])
def test_dormancy_against_the_twin(years: int) -> None:
    table = dormancy_table(UnclaimedClauses(12 * years, (Payee("the state", 10**6),)))
    for trigger in (date(2020, 2, 29) + timedelta(days=days) for days in range(0, 1_500, 7)):
        assert to_date(table[to_day(trigger) - FIRST_DAY]) == twin.dormant_from(trigger, years)
