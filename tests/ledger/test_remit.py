"""Remittances by hand: the published case of 200.00 that a customer left in March 2024, and claims taken off."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tests.ledger.nights import amounts, command, deposits, night

LEFT = {
    "deposit_id": "L", "principal_cents": 200_00, "received_date": date(2022, 3, 1),
    "service_ended_date": date(2024, 3, 15),
}  # fmt: skip
"""Deemed unclaimed on 2026-03-16, six points from 2026-07-17; 31.78 of interest on 2026-09-30, as published."""
OVERDUE, IN_TIME = date(2026, 9, 30), date(2026, 7, 1)
OTHER = {**LEFT, "deposit_id": "M", "service_ended_date": date(2024, 5, 1)}


@pytest.fixture
def nights(tmp_path: Path) -> Path:
    (tmp_path / "nights").mkdir()
    return tmp_path / "nights"


def claims(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(["deposit_id,date,amount", *lines, ""]), "utf-8")
    return path


def test_the_published_case(nights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """30 days more at 4.08 % and six points: 200.00 x 10.08 % x 30/365 = 1.657; 31.7808 becomes 33.4378, so 1.66."""
    shown = command(capsys, "remit", night(nights, deposits(LEFT), OVERDUE), "-o", tmp_path / "ledger")
    assert pl.read_parquet(tmp_path / "ledger" / "remittance.parquet").to_dicts() == [
        {
            "deposit_id": "L", "account_id": "A", "service": "gas", "status": "overdue", "principal_cents": 200_00,
            "interest_cents": 31_78, "posted_cents": 0, "amounts_owed_cents": 0, "remittance_cents": 231_78,
            "last_day_without_six_points": date(2026, 7, 16), "days_left": -76, "delay_30_days_cents": 1_66,
        }
    ]  # fmt: skip
    summary = json.loads((tmp_path / "ledger" / "summary.json").read_text("utf-8"))
    assert summary == {name: value for name, value in shown.items() if name != "again"}
    assert {name: summary[name] for name in summary if name.endswith("_cents")} == {
        "gross_cents": 231_78, "claims_deducted_cents": 0, "net_cents": 231_78, "claims_carried_cents": 0,
        "delay_30_days_cents": 1_66,
    }  # fmt: skip


def test_a_delay_that_brings_the_six_points(nights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By July 1 27.2806; by July 31 4.08 % x 30/365 more, 0.6707, and six points of 14 days, 0.4603: 28.4116, so 1.13.

    What is dated after the night has not happened: not the refund of July 10, nor the debt of July 2.
    """
    later = pl.DataFrame(
        {
            "deposit_id": ["L", "L", "L"],
            "date": [date(2022, 3, 1), date(2026, 7, 2), date(2026, 7, 10)],
            "kind": ["principal", "owed", "principal"],
            "amount_cents": [200_00, 50_00, -200_00],
        }
    )
    for number, transactions in enumerate((None, later)):
        out = night(nights, deposits({**LEFT, "paid_date": date(2026, 7, 20)}), IN_TIME, transactions)
        command(capsys, "remit", out, "-o", tmp_path / str(number))
        (row,) = pl.read_parquet(tmp_path / str(number) / "remittance.parquet").to_dicts()
        assert (row["status"], row["interest_cents"], row["remittance_cents"]) == ("unclaimed", 27_28, 227_28)
        assert (row["days_left"], row["delay_30_days_cents"]) == (15, 1_13)


def test_a_delay_beyond_the_rates_is_not_known(
    nights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last rate is 2027's; days of 2028 have none."""
    shown = command(capsys, "remit", night(nights, deposits(LEFT), date(2027, 12, 15)), "-o", tmp_path / "ledger")
    assert (shown["rows"], shown["delay_30_days_cents"]) == (1, 0)
    assert "PROVISIONAL" in (tmp_path / "ledger" / "cover.html").read_text("utf-8")  # 2027's rate is
    assert amounts(tmp_path / "ledger" / "remittance.parquet", "delay_30_days_cents") == {"L": None}


def test_claims_are_taken_off_in_order_of_their_dates(
    nights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of 231.78 first 100.00 of May, then 131.78 of August's 200.00; 68.22 are carried to the next remittance.

    M's service ended on May 1, 2024: unclaimed on May 2, 2026, six points from September 3, 27 days of 0.032877 each;
    29.3150 + 0.8877 = 30.2027.
    """
    ledger = tmp_path / "ledger"
    file = claims(tmp_path / "claims.csv", "X,2026-08-01,200.00", "Y,2026-12-01,5.00", "Z,2026-05-01,100.00")
    first = command(capsys, "remit", night(nights, deposits(LEFT), OVERDUE), "-o", ledger, "--claims", file)
    assert [first[f"{name}_cents"] for name in ("gross", "claims_deducted", "net", "claims_carried")] == [
        231_78, 231_78, 0, 68_22,
    ]  # fmt: skip
    assert pl.read_parquet(ledger / "claims.parquet").drop("date", "copy").rows() == [
        ("Z", 100_00, 100_00, 0), ("X", 200_00, 131_78, 68_22),
    ]  # fmt: skip
    # L is remitted, though the extract does not say so yet; the same file of claims again brings nothing twice.
    second = command(capsys, "remit", night(nights, deposits(LEFT, OTHER), OVERDUE), "-o", ledger, "--claims", file)
    assert [second[f"{name}_cents"] for name in ("gross", "claims_deducted", "net", "claims_carried")] == [
        230_20, 68_22, 161_98, 0,
    ]  # fmt: skip
    assert (second["rows"], second["remitted_before_rows"]) == (1, 1)


def test_equal_claims_of_a_day_are_two_claims(nights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = claims(tmp_path / "claims.csv", *["X,2026-08-01,20.00"] * 2)
    out = night(nights, deposits(LEFT), OVERDUE)
    assert command(capsys, "remit", out, "-o", tmp_path / "l", "--claims", file)["claims_deducted_cents"] == 40_00


def test_twice_remits_nothing_the_second_time(nights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger, out = tmp_path / "ledger", night(nights, deposits(LEFT), OVERDUE)
    file = claims(tmp_path / "claims.csv", "X,2026-08-01,300.00")
    command(capsys, "remit", out, "-o", ledger, "--claims", file)
    before = {path: path.read_bytes() for path in ledger.rglob("*") if path.is_file() and path.name != "lock"}
    again = command(capsys, "remit", out, "-o", ledger, "--claims", file)
    assert (again["again"], again["rows"], again["gross_cents"], again["claims_carried_cents"]) == (True, 0, 0, 68_22)
    assert {path: path.read_bytes() for path in before} == before
    # A claim that was forgotten is entered, and carried.
    more = claims(tmp_path / "more.csv", "W,2026-09-01,1.00")
    third = command(capsys, "remit", out, "-o", ledger, "--claims", more)
    assert (third["again"], third["gross_cents"], third["claims_carried_cents"]) == (False, 0, 69_22)


def test_what_was_posted_in_the_same_ledger_is_not_remitted(
    nights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Annual interest of the year's end, then the remittance of the same night: principal alone is left, and debts go.

    The interest is the night's: whatever it is, it is paid once.
    """
    ledger = tmp_path / "ledger"
    book = deposits({**LEFT, "interest_payment": "annual", "amounts_owed_cents": 30_00})
    out = night(nights, book, date(2026, 12, 31))
    posted = command(capsys, "post", out, "-o", ledger)["amount_cents"]
    assert posted > 0
    shown = command(capsys, "remit", out, "-o", ledger)
    (row,) = pl.read_parquet(ledger / "remittance.parquet").to_dicts()
    assert (row["posted_cents"], row["interest_cents"], shown["net_cents"]) == (posted, posted, 170_00)
    # Remitted: a later night that does not say so posts nothing more to it.
    later = command(capsys, "post", night(nights, book, date(2027, 12, 31)), "-o", ledger)
    assert (later["rows"], later["remitted_before_rows"]) == (0, 1)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("X,2026-02-30,1.00", "row 1 is no claim (bad_date)"),
        ("X,2026-08-01,-1.00", "row 1 is no claim (negative_amount)"),
        (",2026-08-01,1.00", "row 1 is no claim (missing_value)"),
        ("X,2026-08-01,1.005", "row 1 is no claim (too_many_decimals)"),
    ],
)
def test_a_bad_claim_is_refused(
    line: str, complaint: str, nights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = night(nights, deposits(LEFT), OVERDUE)
    file = claims(tmp_path / "claims.csv", line)
    assert complaint in command(capsys, "remit", out, "-o", tmp_path / "l", "--claims", file, code=3)["error"]


def test_the_cover_list(nights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger, out = (
        tmp_path / "ledger",
        night(
            nights, deposits({**LEFT, "account_id": "<A&B>", "posted_cents": 1_00, "amounts_owed_cents": 2_00}), OVERDUE
        ),
    )
    command(capsys, "remit", out, "-o", ledger, "--claims", claims(tmp_path / "claims.csv", "X,2026-08-01,31.78"))
    page = (ledger / "cover.html").read_text("utf-8")
    for words in (
        "To be paid</dt><dd>$197.00",
        "&lt;A&amp;B&gt;, gas",
        "2026-07-16",
        "$1.66",
        "$3.00",
        "entry 1 of the ledger",
    ):
        assert words in page
