"""Workings of discontinuance, restoration and contributions: grounds with their paragraphs, moments, days."""

from datetime import date, datetime
from typing import Any

import pytest

from calc.errors import PuccalcError
from calc.kernels.discontinuance import BARS, WARNINGS
from calc.report.explaining import collection as report
from calc.report.explaining.quote import Outcome
from calc.report.explaining.step import Step
from calc.topics.table import TOPICS
from calc.topics.topic import Question
from tests.reference import discontinuance as twin
from tests.report.one import law_on

ON = date(2026, 11, 10)
TUESDAY = datetime(2026, 11, 10, 13)  # noqa: DTZ001 - a local time, the day before Veterans Day


def asked(topic: str, service: str = "electric", **row: Any) -> tuple[Outcome, dict[str, Step]]:  # noqa: ANN401 - columns
    question = Question(law_on(ON, service), ON)
    (outcome,) = TOPICS[topic].outcomes([{"service": service, **row}], question)
    return outcome, {step.label: step for step in TOPICS[topic].steps(outcome, question)}


def test_a_ground_has_its_paragraph() -> None:
    outcome, steps = asked(
        "discontinuance", discontinue_at=TUESDAY, past_due_cents=80_00, due_date=date(2026, 9, 1), forecast_low_f=-1
    )
    result = outcome.result or {}
    assert [each["citation"] for each in result["barred"]] == ["4 CCR 723-3-3407(e)(IV)", "4 CCR 723-3-3407(e)(VII)(A)"]
    assert [each["citation"] for each in result["warnings"]] == ["4 CCR 723-3-3407(e)(V)"]
    assert steps["ground: cold"].figures == {"ground": "cold", "bars": True, "forecast_low_f": -1}
    assert steps["may service be discontinued"].formula == "barred on 2 grounds"


@pytest.mark.parametrize("service", ["electric", "gas"])
def test_every_ground_is_cited_as_the_twin_does(service: str) -> None:
    account = twin.Account(
        service, 10_00, ON, participant=True, preexisting_arrearage_cents=10_00, medical_certificates=(ON,),
        leap_applied=ON, forecast_low_f=0, forecast_high_f=100, emergency=True,
    )  # fmt: skip
    bars, warnings = twin.discontinuance(account, TUESDAY)
    night, _ = twin.discontinuance(account, TUESDAY.replace(hour=3))
    expected = {**bars, **night, **warnings}
    assert set(expected) == {*BARS, *WARNINGS} - ({"heat"} if service == "gas" else set())
    law = law_on(ON, service)
    for ground, citation in expected.items():
        assert report.ground_passage(ground, law).rule.removesuffix(" hold") == citation


def test_restoration() -> None:
    """Friday 15:00 and 24 hours of business days are Monday 15:00; back on Tuesday is a day late."""
    friday, tuesday = datetime(2026, 3, 6, 15), datetime(2026, 3, 10, 9)  # noqa: DTZ001 - local times
    outcome, steps = asked("restoration", requested_at=friday, restored_at=tuesday)
    assert steps["back by"].figures == {"restore_by": "2026-03-09 15:00", "restore_date": date(2026, 3, 9)}
    credit = steps["credit for delay, by a proposed text"]
    assert (credit.figures, credit.parameters[0].set_by) == ({"reconnection_credit_cents": 50_00}, "proposed")
    wrong = {**(outcome.result or {}), "late_days": 2}
    with pytest.raises(PuccalcError, match="days late: the working and the result differ"):
        report.restoration_steps(outcome.row, wrong, law=law_on(ON))


@pytest.mark.parametrize(
    ("day", "paragraph"),
    [((2026, 2, 1), "A"), ((2026, 4, 1), "B"), ((2026, 9, 30), "C"), ((2026, 12, 31), "D")],
)
def test_a_quarter_has_its_paragraph(day: tuple[int, int, int], paragraph: str) -> None:
    _, steps = asked("contributions", "gas", collected_date=date(*day))
    passages = steps["transfer of the quarter's money"].passages
    assert [each.rule for each in passages] == [f"4 CCR 723-4-4411(d)(I)({paragraph})"]
