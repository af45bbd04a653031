"""Discontinuance, restoration and contributions against the twins and by hand."""

from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import calc
from calc.columns import collection
from calc.columns.contract import CONTRIBUTIONS, DISCONTINUANCES, RESTORATIONS
from calc.columns.evaluation import Evaluation
from calc.errors import Reason
from calc.rules.resolve import load_rules
from tests.columns.frames import as_frame
from tests.reference import discontinuance as twin
from tests.reference import plans as plans_twin
from tests.reference.holidays import is_legal_holiday

RULES = load_rules(date(2026, 9, 30))
DAYS = st.dates(date(2021, 1, 1), date(2030, 12, 31))
NEAR_HOLIDAYS = DAYS.filter(lambda day: any(is_legal_holiday(day + timedelta(days=days)) for days in (-1, 0, 1)))
TIMES = st.one_of(
    st.sampled_from([time(7, 59, 59), time(8), time(11, 59), time(12), time(16), time(16, 0, 1), time(0), time(13)]),
    st.times().map(lambda each: each.replace(microsecond=0)),
)
MOMENTS = st.builds(datetime.combine, DAYS | NEAR_HOLIDAYS, TIMES)
SERVICES = st.sampled_from(["electric", "gas"])


def around(day: date, *days: int) -> st.SearchStrategy[date | None]:
    """Days some days before a day, and a day more or less; or none."""
    near = [day - timedelta(days=each + off) for each in days for off in (-1, 0, 1)]
    return st.none() | st.sampled_from(near)


@st.composite
def discontinuance_rows(draw: st.DrawFn) -> dict[str, Any]:
    at = draw(MOMENTS)
    return {
        "account_id": "A",
        "service": draw(SERVICES),
        "discontinue_at": at,
        "past_due_cents": draw(st.sampled_from([0, 49_99, 50_00, 80_00, 1_000_00])),
        "due_date": at.date() - timedelta(days=draw(st.sampled_from([0, 29, 30, 31, 32, 400]))),
        "residential": draw(st.booleans()),
        "participant": draw(st.booleans()),
        "preexisting_arrearage_cents": draw(st.sampled_from([None, 0, 30_00, 30_01, 80_00])),
        "certificate_date": draw(around(at.date(), 0, 90)),
        "other_certificate_date": draw(around(at.date(), 0, 90, 365, 366, 455)),
        "leap_applied_date": draw(around(at.date(), 0, 60)),
        "forecast_low_f": draw(st.sampled_from([None, -1, 32, 33])),
        "forecast_high_f": draw(st.sampled_from([None, 94, 95])),
        "emergency": draw(st.booleans()),
        "office_closed_date": draw(around(at.date(), 0, 1)),
    }


def expected(row: dict[str, Any]) -> tuple[list[str], list[str]]:
    certificates = (row["certificate_date"], row["other_certificate_date"])
    account = twin.Account(
        service=row["service"],
        past_due_cents=row["past_due_cents"],
        due_date=row["due_date"],
        residential=row["residential"],
        participant=row["participant"],
        preexisting_arrearage_cents=row["preexisting_arrearage_cents"] or 0,
        medical_certificates=tuple(each for each in certificates if each),
        leap_applied=row["leap_applied_date"],
        forecast_low_f=row["forecast_low_f"],
        forecast_high_f=row["forecast_high_f"],
        emergency=row["emergency"],
    )
    closed = {row["office_closed_date"]} - {None}
    bars, warnings = twin.discontinuance(account, row["discontinue_at"], closed)
    return sorted(bars), sorted(warnings)


@settings(max_examples=60, deadline=None)
@given(st.lists(discontinuance_rows(), min_size=1, max_size=20))
def test_discontinuance(rows: list[dict[str, Any]]) -> None:
    found = collection.evaluate_discontinuances(as_frame(DISCONTINUANCES, *rows), rules=RULES)
    assert not found.reasons.any()
    for row, result in zip(rows, found.results.rows(named=True), strict=True):
        assert (sorted(result["barred"]), sorted(result["warnings"])) == expected(row), row
        assert result["may_discontinue"] == (not result["barred"])


@st.composite
def restoration_rows(draw: st.DrawFn) -> dict[str, Any]:
    requested = draw(MOMENTS)
    acted = draw(st.none() | st.just(requested + timedelta(seconds=draw(st.integers(-90_000, 90_000)))))
    closes = draw(st.none() | st.sampled_from([time(16), time(17), time(18, 30), time(0)]))
    return {
        "account_id": "A",
        "service": draw(SERVICES),
        "requested_at": requested,
        "acted_at": acted,
        "advanced_meter": draw(st.booleans()),
        "closes_at": closes and datetime.combine(requested.date(), closes),
        "after_hours_paid": draw(st.booleans()),
        "restored_at": draw(st.none() | st.just(requested + timedelta(minutes=draw(st.integers(0, 15_000))))),
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(restoration_rows(), min_size=1, max_size=20))
def test_restoration(rows: list[dict[str, Any]]) -> None:
    found = collection.evaluate_restorations(as_frame(RESTORATIONS, *rows), rules=RULES)
    assert not found.reasons.any()
    for row, result in zip(rows, found.results.rows(named=True), strict=True):
        answer = twin.restoration(
            row["requested_at"],
            row["acted_at"] or row["requested_at"],
            service=row["service"],
            advanced_meter=row["advanced_meter"],
            close=row["closes_at"].time() if row["closes_at"] else time(17),
            after_hours_paid=row["after_hours_paid"],
        )
        assert {"same_day": result["same_day"], "by": result["restore_by"]} == answer, row
        by_midnight = answer["same_day"] and answer["by"] == datetime.combine(
            row["requested_at"].date() + timedelta(days=1), time()
        )
        due = row["requested_at"] if by_midnight else result["restore_by"]
        assert result["restore_date"] == due.date()
        late = row["restored_at"] and plans_twin.late_reconnection_credit(due, row["restored_at"])
        assert result["reconnection_credit_cents"] == (late or 0)


@given(st.lists(st.dates(date(1955, 1, 1), date(2099, 12, 31)), min_size=1, max_size=20))
def test_contributions(days: list[date]) -> None:
    rows = [{"service": "gas", "collected_date": each} for each in days]
    found = collection.evaluate_contributions(as_frame(CONTRIBUTIONS, *rows), rules=RULES)
    for day, result in zip(days, found.results.rows(named=True), strict=True):
        transfer = plans_twin.contribution_transfer(day)
        assert transfer == {
            "first": result["quarter_first_date"],
            "last": result["quarter_last_date"],
            "before": result["transfer_before_date"],
            "last_day": result["transfer_last_date"],
        }
        assert result["report_date"] == plans_twin.contribution_report_due(day.year)


def evaluated(**columns: object) -> Evaluation:
    row = {"account_id": ["A"], "service": ["gas"], "past_due_cents": [80_00], "due_date": [date(2026, 1, 1)]}
    return collection.evaluate_discontinuances(pl.DataFrame(row | columns), rules=RULES)


@pytest.mark.parametrize(
    ("given_at", "reason"),
    [
        ("2026-03-03", Reason.bad_date),
        ("2026-03-03T24:00", Reason.bad_date),
        ("2026-02-30T10:00", Reason.bad_date),
        ("2026-03-03T10:00Z", Reason.bad_date),
        ("1954-12-31T10:00", Reason.out_of_range),
        ("2101-01-01T00:00", Reason.out_of_range),
        ("", Reason.missing_value),
        (None, Reason.missing_value),
    ],
)
def test_times_that_are_refused(given_at: str | None, reason: Reason) -> None:
    found = evaluated(discontinue_at=pl.Series([given_at], dtype=pl.String))
    assert found.reasons.tolist() == [reason]
    assert found.refusals[0].columns == ("discontinue_at",)


@pytest.mark.parametrize(
    "given_at",
    [
        pl.Series(["2026-03-05T16:00"]),
        pl.Series(["2026-03-05 16:00:00"]),
        pl.Series([datetime(2026, 3, 5, 16)]),  # noqa: DTZ001 - a local time
        pl.Series([datetime(2026, 3, 5, 23)]).dt.replace_time_zone("UTC").dt.convert_time_zone("America/Denver"),  # noqa: DTZ001
    ],
)
def test_a_time_is_what_a_clock_in_colorado_shows(given_at: pl.Series) -> None:
    """Thursday 5 March 2026, 16:00, the last moment; a second later is too late."""
    assert evaluated(discontinue_at=given_at).results["may_discontinue"].to_list() == [True]
    assert evaluated(discontinue_at=pl.Series(["2026-03-05T16:00:01"])).results["barred"].to_list() == [
        ["outside_hours"]
    ]


def test_closing_time_of_another_day_is_refused() -> None:
    row = {
        "account_id": ["A"],
        "service": ["gas"],
        "requested_at": ["2026-03-03T10:00"],
        "closes_at": ["2026-03-04T17:00"],
    }
    refused = calc.restoration(pl.DataFrame(row), as_of="2026-09-30").quarantine
    assert refused["reasons"].to_list() == [["out_of_range"]]
    assert refused["reason_allowed"].to_list()[0][0].endswith("or nothing, and on the day of the request")


def test_no_hold_before_the_act() -> None:
    rules = load_rules(date(2024, 9, 30))
    row = {"account_id": "A", "service": "gas", "past_due_cents": 80_00, "due_date": date(2026, 1, 1)}
    row |= {"discontinue_at": datetime(2026, 3, 3, 10), "leap_applied_date": date(2026, 3, 3)}  # noqa: DTZ001 - local
    frame = as_frame(DISCONTINUANCES, row)
    assert collection.evaluate_discontinuances(frame, rules=rules).results["barred"].to_list() == [[]]
    assert collection.evaluate_discontinuances(frame, rules=RULES).results["barred"].to_list() == [["leap_application"]]
