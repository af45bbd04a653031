"""A participant's year: twelve bills with credits, grants, arrearage and payments, rules 3412 and 4412."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from calc.columns import docstring_examples, participant_years
from calc.columns.contract import PARTICIPANT_YEARS
from calc.columns.datasets.participant_year import EVENTS_OF_A_ROW
from calc.columns.evaluation import Outputs
from calc.columns.gated import Gated
from calc.columns.rows import Rows
from calc.errors import REASON_TEXTS, Reason
from calc.kernels import participant_year as kernels
from calc.report.explaining import participant_year as report
from calc.report.explaining import quote
from calc.report.explaining.quote import Outcome, Row
from calc.report.explaining.row import filled
from calc.topics import caller_figures, participants
from calc.topics import fixed_credit as credit_topic
from calc.topics.topic import Example, Group, Names, Question, QuoteField, Topic

_ROWS: Final = Rows(PARTICIPANT_YEARS)


def _outcomes(rows: Sequence[Row], question: Question) -> list[Outcome]:
    complete = [{"events": [], **filled(PARTICIPANT_YEARS, row)} for row in rows]
    county, limits = participants.county_and_limits(complete, question)
    events = participant_years.gated_events_of(complete)

    def compute(gated: Gated) -> Outputs:
        return participant_years.compute(gated, events, county, limits, rules=question.law.rules, as_of=question.on)

    return quote.outcomes(_ROWS, complete, compute)


def _refusals(outcome: Outcome, question: Question, named: Names) -> dict[Reason, str]:
    """What to say of the yearly figures, and of events."""
    about_events = (reason for reason, columns in outcome.refusals if columns == (participant_years.EVENTS,))
    return {
        **credit_topic.TOPIC.refusals(outcome, question, named),
        **{
            reason: f"{named('events')}: {REASON_TEXTS[reason]}; allowed: {participant_years.what_events_take(reason)}"
            for reason in about_events
        },
    }


def _remarks(outcome: Outcome, question: Question, named: Names) -> tuple[str, ...]:
    later = sum(event["date"] > question.on for event in outcome.row["events"])
    told = credit_topic.TOPIC.remarks(outcome, question, named)
    if not later:
        return told
    return (*told, f"{later} of {named('events')} lie after {question.on}: they have not happened and change nothing")


_HOUSEHOLD, _BILL, _CHANGES = credit_topic.TOPIC.groups

TOPIC: Final = Topic(
    name="participant-year",
    title="Year of a participant",
    asks="What does each of the twelve bills of a participant carry, with what happens in between?",
    paragraphs="3412, 4412",
    meaning="Twelve bills of a participant, rules 3412 and 4412",
    row_meaning="A participant with the day of the first bill and dated events; what is dated after as_of_date (by "
    "default today) has not happened.",
    dataset=PARTICIPANT_YEARS,
    groups=(
        _HOUSEHOLD,
        Group(
            "The year",
            (
                QuoteField(
                    PARTICIPANT_YEARS.column("first_bill_date"), "First bill on",
                    "The others follow on the same day of the month", needed=True,
                ),
                *_BILL.fields,
                QuoteField(
                    EVENTS_OF_A_ROW, "Events", "What happened, a line for each", option="event",
                ),
            ),
        ),
        replace(_CHANGES, title="A change before the year, LEAP grant at its start, arrearage"),
    ),
    day="as_of_date",
    day_source="given",
    headline=("year_planned_payment_cents", "year_program_credit_cents", "arrearage_outstanding_cents"),
    compared_results=("year_leap_to_arrearage_cents", "year_credit_to_recover_cents"),
    rules=("fixed_credit", "arrearage", "participant_year"),
    outcomes=_outcomes,
    steps=participants.explained_by(report),
    evaluate=participants.evaluated_by(participant_years),
    refusals=_refusals,
    remarks=_remarks,
    caller_figures=caller_figures.next_bill_of_a_year,
    kernels=(kernels.participant_year,),
    frame_example=docstring_examples.PARTICIPANT_YEAR,
    example=Example(
        "A LEAP grant of 500 dollars with six months left",
        {
            "service": "electric",
            "primary_heating": "electric",
            "household_income_cents": 1_800_000,
            "household_size": 3,
            "full_annual_bill_cents": 180_000,
            "first_bill_date": "2026-01-15",
            "arrearage_cents": 50_000,
            "events": [{"date": "2026-06-20", "kind": "leap_grant", "amount_cents": 50_000}],
            "as_of_date": "2026-09-30",
        },
    ),
)  # fmt: skip
