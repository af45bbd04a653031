"""Participants matched with their events: what is refused of either, and that order and blocks change nothing."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from calc.columns import blocks
from calc.columns.contract import PARTICIPANT_EVENTS, PARTICIPANT_MONTHS, PARTICIPANTS
from calc.columns.participant_year import Year, evaluate
from calc.columns.refusals import refused_rows
from calc.errors import ColumnError, Reason, reason_codes
from calc.rules.resolve import load_rules
from tests.columns.frames import as_frame

Row = dict[str, Any]
ON = date(2026, 12, 31)
RULES = load_rules(ON)
HOUSEHOLD: Row = {
    "participant_id": "P1", "account_id": "A1", "service": "electric", "primary_heating": "electric",
    "regulated_gas": False, "household_income_cents": 1_800_000, "household_size": 3, "county_fips": "08031",
    "leap_qualified": False, "full_annual_bill_cents": 180_000, "first_bill_date": date(2026, 1, 15),
}  # fmt: skip


def event(day: str, kind: str, amount: int | None = None, word: str | None = None, **more: str) -> Row:
    given = {"date": date.fromisoformat(day), "kind": kind, "amount_cents": amount, "word": word}
    return {"participant_id": "P1", "service": "electric", **given, **more}


def evaluated(rows: list[Row], events: list[Row]) -> Year:
    return evaluate(as_frame(PARTICIPANTS, *rows), as_frame(PARTICIPANT_EVENTS, *events), rules=RULES, as_of=ON)


def refusals(events: list[Row], *rows: Row) -> list[list[list[str]]]:
    """Codes of the participants and of the events."""
    found = evaluated([*rows] or [HOUSEHOLD], events)
    return [[reason_codes(mask) for mask in masks] for masks in (found.participants.reasons, found.event_reasons)]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (event("2026-03-01", "move"), "missing_value"),
        (event("2026-03-01", "leap_grant"), "missing_value"),
        (event("2026-03-01", "income"), "missing_value"),
        (event("2026-03-01", "rate_change"), "missing_value"),
        (event("2026-03-01", "heating"), "missing_value"),
        (event("2026-03-01", "regulated_gas"), "missing_value"),
        (event("2026-03-01", "budget_billing"), "missing_value"),
        (event("2026-03-01", "heating", word="true"), "unknown_value"),
        (event("2026-03-01", "move", 100, "off"), "unknown_value"),
        (event("2026-03-01", "budget_billing", word="gas"), "unknown_value"),
        (event("2026-03-01", "regulated_gas", word="other"), "unknown_value"),
        (event("2026-03-01", "exit", word="soon"), "unknown_value"),
        (event("2026-03-01", "left"), "unknown_value"),
        (event("2026-03-01", "payment", -1), "negative_amount"),
        (event("2026-03-01", "payment", 10**12 + 1), "out_of_range"),
    ],
)
def test_a_bad_event_takes_its_participant_with_it(wrong: Row, reason: str) -> None:
    participants, events = refusals([event("2026-02-01", "payment", 1), wrong])
    assert events == [[], [reason]]
    assert participants == [["depends_on_quarantined"]]


def test_events_of_nobody() -> None:
    """The key is participant and service: a gas event of an electric participant is nobody's."""
    events = [
        event("2026-03-01", "exit", participant_id="P2"),
        event("2026-03-01", "exit", service="gas"),
        event("2026-03-01", "exit"),
    ]
    assert refusals(events) == [[[]], [["unknown_participant"], ["unknown_participant"], []]]


def test_two_events_of_one_kind_on_one_day() -> None:
    twice = [event("2026-03-01", "income", 1), event("2026-03-01", "income", 1), event("2026-03-02", "income", 1)]
    participants, events = refusals(twice)
    assert events == [["duplicate_key"], ["duplicate_key"], []]
    assert participants == [["depends_on_quarantined"]]
    adding = [event("2026-03-01", kind, 5) for kind in ("leap_grant", "payment", "partial_payment") for _ in range(2)]
    assert refusals(adding) == [[[]], [[]] * 6]


def test_what_events_need_of_their_participant() -> None:
    undated = {**HOUSEHOLD, "first_bill_date": None}
    assert refusals([event("2026-03-01", "exit")], undated) == [[["missing_value"]], [[]]]
    assert refusals([], undated) == [[[]], []]
    repeated, events = refusals([event("2026-03-01", "exit")], HOUSEHOLD, HOUSEHOLD)
    assert repeated == [["duplicate_key"], ["duplicate_key"]]
    assert events == [[]]


def test_a_refusal_says_what_would_be_allowed() -> None:
    events = [
        event("2026-03-01", "move"),
        event("2026-03-01", "heating", word="off"),
        event("2026-03-02", "exit"),
        event("2026-03-02", "exit"),
        event("2026-03-03", "exit", participant_id="P2"),
    ]
    found = evaluated([HOUSEHOLD], events)
    refused = refused_rows(PARTICIPANT_EVENTS, found.event_reasons, found.event_refusals)
    _, about, within = refused.texts()
    assert about.to_list() == [
        ["amount_cents and kind"], ["word and kind"], *[["participant_id and service and date and kind"]] * 2,
        ["participant_id and service"],
    ]  # fmt: skip
    assert [each[0] for each in within] == [
        "whole cents, 0 through 1000000000000",
        (
            "for move electric, gas, other; for heating electric, gas, other; for regulated_gas true, on, false, off; "
            "for budget_billing true, on, false, off"
        ),
        *["one event of a kind on a day, but for leap_grant, partial_payment, payment"] * 2,
        "an id and service that the participants have",
    ]
    refused = refused_rows(PARTICIPANTS, found.participants.reasons, found.participants.refusals)
    assert refused.texts()[2].to_list() == [["events that are all good"]]


def test_no_events_and_no_first_bill() -> None:
    """A participant without a first bill has yearly figures and no months."""
    rows = [HOUSEHOLD, {**HOUSEHOLD, "participant_id": "P2", "first_bill_date": None}]
    found = evaluate(as_frame(PARTICIPANTS, *rows), rules=RULES, as_of=ON)
    assert found.participants.results["fixed_credit_annual_cents"].to_list() == [72_000, 72_000]
    assert found.months["participant_id"].to_list() == ["P1"] * 12
    assert dict(found.months.schema) == PARTICIPANT_MONTHS.results
    nothing = evaluate(as_frame(PARTICIPANTS), rules=RULES, as_of=ON)
    assert (nothing.months.height, dict(nothing.months.schema)) == (0, PARTICIPANT_MONTHS.results)


def test_events_after_the_as_of_day_have_not_happened() -> None:
    found = evaluate(
        as_frame(PARTICIPANTS, HOUSEHOLD),
        as_frame(PARTICIPANT_EVENTS, event("2026-03-01", "exit"), event("2026-02-28", "payment", 1)),
        rules=RULES,
        as_of=date(2026, 2, 28),
    )
    assert found.months["in_program"].all()
    assert found.months["causes"].to_list() == [[], [], ["payment"], *[[]] * 9]


def test_columns_that_may_be_left_out_and_text() -> None:
    """Amount and word may be absent where no kind needs them; all may be text, dollars too."""
    frame = as_frame(PARTICIPANTS, HOUSEHOLD)
    left = pl.DataFrame({"participant_id": ["P1"], "service": ["electric"], "date": ["2026-03-01"], "kind": ["exit"]})
    assert evaluate(frame, left, rules=RULES, as_of=ON).months["in_program"].sum() == 2
    text = left.with_columns(kind=pl.lit("income"), amount=pl.lit("30000.00"), word=pl.lit(""))
    found = evaluate(frame, text, rules=RULES, as_of=ON)
    assert found.months["fixed_credit_cents"].to_list() == [6_000] * 2 + [0] * 10
    with pytest.raises(ColumnError, match="events lacks the required column kind"):
        evaluate(frame, left.drop("kind"), rules=RULES, as_of=ON)


def test_an_amount_or_word_of_a_kind_that_takes_none_says_nothing() -> None:
    given = [event("2026-03-01", "exit", 5, "gas"), event("2026-02-01", "missed_payment", 7)]
    assert refusals(given) == [[[]], [[], []]]


def test_order_and_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{**HOUSEHOLD, "participant_id": f"P{n}", "arrearage_cents": n * 1_000} for n in range(50)]
    kinds = [("leap_grant", 30_000, None), ("move", 150_000, "gas"), ("exit", None, None), ("income", 0, None)]
    events = [
        event(f"2026-{1 + (n * 7 + place) % 12:02}-{1 + (n + 9 * place) % 28:02}", *kind, participant_id=f"P{n}")
        for n in range(0, 50, 2)
        for place, kind in enumerate(kinds[: 1 + n % 5])
    ]
    whole = evaluated(rows, events)
    assert not whole.event_reasons.any()
    monkeypatch.setattr(blocks, "BLOCK_ROWS", 7)
    frames = as_frame(PARTICIPANTS, *rows), as_frame(PARTICIPANT_EVENTS, *reversed(events))
    assert evaluate(*frames, rules=RULES, as_of=ON, threads=3).months.equals(whole.months)


def test_months_that_have_elapsed() -> None:
    """Of 24 months 12 elapsed: 120.00 over 12, in the yearly figures as in the months. None left and money: refused."""
    row = {**HOUSEHOLD, "arrearage_cents": 12_000, "arrearage_elapsed_months": 12}
    found = evaluated([row], [])
    assert found.participants.results["arrearage_credit_cents"].to_list() == [[1_000] * 12]
    assert found.months["arrearage_credit_cents"].to_list() == [1_000] * 12
    over = {**row, "arrearage_months": 12}
    assert refusals([], over) == [[["out_of_range"]], []]
    assert refusals([], {**over, "arrearage_cents": 0}) == [[[]], []]


def test_reasons_known_before() -> None:
    frames = as_frame(PARTICIPANTS, HOUSEHOLD), as_frame(PARTICIPANT_EVENTS, event("2026-03-01", "exit"))
    bad_line = pl.Series([int(Reason.bad_line)]).to_numpy()
    found = evaluate(*frames, rules=RULES, as_of=ON, flagged_events=bad_line)
    assert found.event_reasons.tolist() == [Reason.bad_line]
    assert found.participants.reasons.tolist() == [Reason.depends_on_quarantined]
    found = evaluate(*frames, rules=RULES, as_of=ON, flagged=bad_line)
    assert (found.participants.reasons.tolist(), found.event_reasons.tolist()) == ([Reason.bad_line], [0])
    assert found.months.height == 0
