"""What falls due, by hand: service ended on March 15, 2024, so unclaimed on 2026-03-16, last day 2026-07-16."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.ledger.nights import command, deposits, night

LEFT = {"deposit_id": "L", "principal_cents": 200_00, "service_ended_date": date(2024, 3, 15)}
ANNUAL = {"deposit_id": "Y", "interest_payment": "annual", "received_date": date(2024, 2, 29)}


@pytest.fixture
def nights(tmp_path: Path) -> Path:
    (tmp_path / "nights").mkdir()
    return tmp_path / "nights"


def due(capsys: pytest.CaptureFixture[str], out: Path, *more: str | Path) -> list[tuple[str, str, int, int]]:
    shown = command(capsys, "calendar", out, *more)
    return [(each["date"], each["what"], each["rows"], each["amount_cents"]) for each in shown["due"]]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (date(2025, 11, 15), []),  # 121 days before
        (date(2025, 11, 16), [("2026-03-16", "deemed_unclaimed", 1, 200_00)]),
        (date(2026, 3, 15), [("2026-03-16", "deemed_unclaimed", 1, 200_00)]),
        (date(2026, 3, 16), []),  # unclaimed now, and the last day is 122 days off
        (date(2026, 3, 18), [("2026-07-16", "last_day_without_six_points", 1, 200_00)]),
        (date(2026, 7, 16), [("2026-07-16", "last_day_without_six_points", 1, 200_00)]),
        (date(2026, 7, 17), [("2026-07-17", "overdue", 1, 200_00)]),
    ],
)
def test_unclaimed_monies(as_of: date, expected: list[Any], nights: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert due(capsys, night(nights, deposits(LEFT), as_of)) == expected


def test_yearly_postings(nights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """At the year's end, 92 days off; or on the anniversary of February 29, in 2025 on the 28th."""
    book = deposits(ANNUAL, {"deposit_id": "R"})
    assert due(capsys, night(nights, book, date(2026, 9, 30))) == [("2026-12-31", "posting", 1, 100_00)]
    assert due(capsys, night(nights, book, date(2026, 9, 30)), "--days", "91") == []
    tariff = tmp_path / "mine.toml"
    shipped = Path("data/tariffs/us-co/default.toml").read_text("utf-8")
    tariff.write_text(f'posting_day = "anniversary"\n{shipped}', "utf-8")
    anniversary = night(nights, book, date(2025, 1, 1), tariff=str(tariff))
    assert due(capsys, anniversary) == [("2025-02-28", "posting", 1, 100_00)]


def test_what_is_due_back_today_and_every_row_in_dollars(
    nights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """1,460.00 over 365 days: 360.00 may be held, and 40.00 of 400.00 are too much."""
    accounts = tmp_path / "accounts.csv"
    accounts.write_text(
        "account_id,service,billed_cents,billed_days,late_payments_12m,premises_billed_cents,premises_billed_days\n"
        "A,gas,146000,365,2,,\nB,gas,146000,365,3,,\n",
        "utf-8",
    )
    book = deposits({"deposit_id": "1"}, {"deposit_id": "2", "account_id": "B", "principal_cents": 400_00}, LEFT)
    out = night(nights, book, date(2026, 7, 20), accounts=str(accounts))
    assert due(capsys, out, "-o", tmp_path / "due.csv") == [
        ("2026-07-20", "overdue", 1, 200_00),
        ("2026-07-20", "due_back", 1, 300_00),
        ("2026-07-20", "above_limit", 1, 40_00),
    ]
    with (tmp_path / "due.csv").open(encoding="utf-8") as file:
        rows = [(row["what"], row["deposit_id"], row["account_id"], row["amount"]) for row in csv.DictReader(file)]
    assert rows == [("overdue", "L", "A", "200.00"), ("due_back", "", "A", "300.00"), ("above_limit", "", "B", "40.00")]
    command(capsys, "calendar", out, "-o", tmp_path / "due.xlsx")
    assert (tmp_path / "due.xlsx").read_bytes()[:2] == b"PK"
    assert "ends in .xlsx or .csv" in command(capsys, "calendar", out, "-o", "due.txt", code=2)["error"]
