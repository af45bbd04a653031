"""The record of a deposit by the items of rule 3403(k), from a night and from a ledger that the night has not read."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from calc.cli import main
from tests.ledger.nights import command, deposits, night

BOOK = deposits(
    {"deposit_id": "Y", "interest_payment": "annual", "posted_cents": 1_00},
    {"deposit_id": "L", "principal_cents": 200_00, "received_date": date(2022, 3, 1),
     "service_ended_date": date(2022, 6, 15), "amounts_owed_cents": 10_00},
)  # fmt: skip
EVENTS = pl.DataFrame(
    {
        "deposit_id": ["Y"] * 5,
        "date": [date(2024, 1, 1), date(2024, 3, 1), date(2024, 5, 1), date(2024, 6, 1), date(2025, 1, 1)],
        "kind": ["principal", "principal", "posting", "principal", "owed"],
        "amount_cents": [60_00, 40_00, 50, -10_00, 7_00],
    }
)
END = date(2024, 12, 31)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "nights").mkdir()
    return night(tmp_path / "nights", BOOK, END, EVENTS)


def test_from_a_night_alone(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Received 60.00 and 40.00; the debt of 2025 has not happened."""
    found = command(capsys, "record", out, "Y", "--name", "Ann Example", "--premises", "12 Elm", "--premises", "3 Oak")
    assert found == {
        "deposit_id": "Y", "account_id": "A", "service": "gas", "status": "active", "as_of": "2024-12-31",
        "customer_name": "Ann Example", "received_date": "2024-01-01", "amount_cents": 100_00,
        "transactions": [
            {"date": day, "what": what, "amount_cents": cents, "known_from": "night"}
            for day, what, cents in (
                ("2024-01-01", "received", 60_00), ("2024-03-01", "received", 40_00), ("2024-05-01", "interest", 50),
                ("2024-06-01", "refunded", 10_00),
            )
        ],
        "undated": {"posted_cents": 1_00, "amounts_owed_cents": 0}, "premises": ["12 Elm", "3 Oak"],
        "returned_date": None, "remitted_date": None,
    }  # fmt: skip


def test_what_the_ledger_did_since(out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = tmp_path / "ledger"
    posted = command(capsys, "post", out, "-o", ledger)["amount_cents"]
    command(capsys, "remit", out, "-o", ledger)
    found = command(capsys, "record", out, "Y", "--ledger", ledger)
    assert found["transactions"][-1] == {
        "date": "2024-12-31", "what": "interest", "amount_cents": posted, "known_from": "ledger",
    }  # fmt: skip
    assert (found["customer_name"], found["premises"], found["remitted_date"]) == (None, None, None)
    left = command(capsys, "record", out, "L", "--ledger", ledger)
    assert (left["remitted_date"], left["undated"]["amounts_owed_cents"]) == ("2024-12-31", 10_00)
    # The next night reads the postings: each is in the record once.
    both = pl.concat([EVENTS, pl.read_parquet(ledger / "transactions.parquet")])
    later = night(tmp_path / "nights", BOOK, END, both)
    again = command(capsys, "record", later, "Y", "--ledger", ledger)["transactions"]
    assert [line["known_from"] for line in again] == ["night"] * 5


def test_as_a_paper(out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["record", str(out), "Y", "-o", str(tmp_path / "record.html")])
    assert ended.value.code == 0
    page = (tmp_path / "record.html").read_text("utf-8")
    for words in ("Record of deposit Y as of December 31, 2024", "Customer</dt><dd>not given", "$100.00", "Refunded"):
        assert words in page
    wrong = command(capsys, "record", out, "Y", "--ledger", tmp_path, code=2)["error"]
    assert "has no ledger.jsonl" in wrong
