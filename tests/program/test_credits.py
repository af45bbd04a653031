"""Credits of a program year out of nightly results: which bills count, and of which night."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.program import credits as program_credits
from calc.program.credits import credits_of, months_of, program_year_days, without_months


def bill(participant: str, day: date, usage: int, *, in_program: bool = True, **columns: Any) -> dict[str, Any]:  # noqa: ANN401 - columns
    return {
        "participant_id": participant,
        "service": "electric",
        "bill_date": day,
        "in_program": in_program,
        "program_credit_cents": usage,
        "arrearage_credit_cents": 5,
        "leap_to_unaffordable_cents": 1,
        **columns,
    }


@pytest.fixture
def nights(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Two nights: the later one has planned another credit for January, and knows of December's bill."""
    results = {
        "early": ("2025-12-15", [
            bill("A", date(2025, 10, 31), 1),  # of the year before
            bill("A", date(2025, 11, 1), 10),
            bill("A", date(2025, 12, 1), 20),
            bill("A", date(2026, 1, 1), 40),  # planned; the later night knows better
            bill("B", date(2025, 12, 1), 80, in_program=False),
        ]),
        "late": ("2026-01-31", [
            bill("A", date(2026, 1, 1), 100),
            bill("B", date(2026, 1, 31), 200),
            bill("B", date(2026, 2, 28), 400),  # planned
            bill("B", date(2026, 11, 1), 800),  # of the next year
            bill("C", date(2026, 1, 31), 1_600, service="gas"),
        ]),
    }  # fmt: skip
    monkeypatch.setattr(
        program_credits, "read_manifest",
        lambda folder: {"as_of": results[folder.name][0], "datasets": {"participant_months": {}}},
    )  # fmt: skip
    monkeypatch.setattr(program_credits, "read_results", lambda folder, _: pl.DataFrame(results[folder.name][1]).lazy())
    return [Path("late"), Path("early")]


def test_bills_of_the_year_count_once_by_the_latest_night(nights: list[Path]) -> None:
    """November 10, December 20, January 100 and 200; four bills of two participants, one planned."""
    months = months_of(nights, 2026)
    assert months is not None
    found = credits_of(months, "electric")
    assert found is not None
    assert (found.usage_cents, found.arrearage_cents, found.leap_cents) == (330, 20, 4)
    assert (found.participants, found.bills, found.planned_bills) == (2, 4, 1)
    gas = credits_of(months, "gas")
    assert gas is not None
    assert gas.usage_cents == 1_600


def test_a_program_year() -> None:
    assert program_year_days(2026) == (date(2025, 11, 1), date(2026, 10, 31))


def test_no_bill_of_the_year_is_no_credit_of_zero(nights: list[Path]) -> None:
    """Of 2028 there is no bill; of 2027 one, which is planned."""
    assert months_of(nights, 2028) is None
    planned = months_of(nights, 2027)
    assert planned is not None
    assert credits_of(planned, "electric") is None


def test_participants_of_a_night_without_months_are_told(tmp_path: Path) -> None:
    """A night as it is run: two participants, one with a first bill in November and one without."""
    row = {
        "account_id": "A", "service": "electric", "primary_heating": "electric", "regulated_gas": False,
        "household_income_cents": 18_000_00, "household_size": 3, "county_fips": None, "leap_qualified": False,
        "full_annual_bill_cents": 1_800_00,
    }  # fmt: skip
    rows = [{"participant_id": name, "first_bill_date": first, **row} for name, first in (
        ("P1", date(2025, 11, 10)), ("P2", None),
    )]  # fmt: skip
    pl.DataFrame(rows, schema_overrides={"county_fips": pl.String}).write_parquet(tmp_path / "participants.parquet")
    out = tmp_path / "out"
    run_nightly(NightlyJob(date(2026, 10, 31), None, out, participants=str(tmp_path / "participants.parquet")))
    months = months_of([out], 2026)
    assert months is not None
    found = credits_of(months, "electric")
    assert found is not None
    assert (found.usage_cents, found.bills, found.planned_bills) == (720_00, 12, 0)  # 1,800.00 - 6 % of 18,000.00
    assert without_months([out], months, "electric") == 1


def test_results_without_months_give_no_credits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program_credits, "read_manifest", lambda _: {"as_of": "2026-01-31", "datasets": {}})
    assert months_of([Path("out")], 2026) is None
