"""Returns by hand: a bill of 1,460.00 over 365 days makes a limit of 360.00; 4.93 % over 2024 and 2025."""

from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest

from calc.bulk.publish.results import read_results
from calc.bulk.run.reread import reread
from calc.ledger import folder
from calc.ledger.returns import returns
from tests.ledger.nights import amounts, command, deposits, night
from tests.reference import returns as twin

NEW_YEAR = date(2025, 1, 1)
ACCOUNTS = {
    "account_id": pl.String, "service": pl.String, "billed_cents": pl.Int64, "billed_days": pl.Int64,
    "late_payments_12m": pl.Int64, "premises_billed_cents": pl.Int64, "premises_billed_days": pl.Int64,
    "customer_id": pl.String,
}  # fmt: skip


@pytest.fixture
def nights(tmp_path: Path) -> Path:
    (tmp_path / "nights").mkdir()
    return tmp_path / "nights"


def out(
    nights: Path, book: pl.DataFrame, *accounts: dict[str, Any], as_of: date = NEW_YEAR, named: bool = False
) -> Path:
    """A night over accounts that were billed 1,460.00 in a year, late more than twice, but for what is given."""
    row = {**dict.fromkeys(ACCOUNTS), "service": "gas", "billed_cents": 1_460_00, "billed_days": 365}
    frame = pl.DataFrame([{**row, "late_payments_12m": 3, **each} for each in accounts], schema=ACCOUNTS)
    path = nights / f"accounts-{len(list(nights.iterdir()))}.parquet"
    (frame if named else frame.drop("customer_id")).write_parquet(path)
    return night(nights, book, as_of, accounts=str(path))


def test_due_back_with_interest_to_the_day(nights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """4.93 on 100.00 over 2024; of 5.00 posted to B, 0.07 are to be recovered, never taken from the principal."""
    book = deposits(
        {"deposit_id": "A"}, {"deposit_id": "B", "posted_cents": 5_00},
        {"deposit_id": "C", "kind": "construction_advance"}, {"deposit_id": "D", "paid_date": date(2024, 6, 1)},
        {"deposit_id": "E", "account_id": "LATE"},
    )  # fmt: skip
    place = out(nights, book, {"account_id": "A", "late_payments_12m": 2}, {"account_id": "LATE"})
    shown = command(capsys, "returns", place, "-o", tmp_path / "ledger")
    rows = pl.read_parquet(tmp_path / "ledger" / "returns.parquet")
    assert rows.select(
        "deposit_id", "why", "held_cents", "principal_cents", "interest_due_cents", "to_recover_cents", "amount_cents"
    ).rows() == [
        ("A", "due_back", 100_00, 100_00, 4_93, 0, 104_93),
        ("B", "due_back", 100_00, 100_00, 0, 7, 100_00),
    ]  # fmt: skip
    assert (shown["rows"], shown["due_back_cents"], shown["excess_cents"], shown["to_recover_cents"]) == (
        2,
        204_93,
        0,
        7,
    )


def test_what_is_above_the_limit_newest_first(nights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """300.00, 200.00 and 50.00 of one day are held against 360.00: 190.00 too much. Of one day, by id."""
    book = deposits(
        {"deposit_id": "OLD", "principal_cents": 300_00},
        {"deposit_id": "X2", "principal_cents": 200_00, "received_date": date(2024, 5, 1)},
        {"deposit_id": "X1", "principal_cents": 50_00, "received_date": date(2024, 5, 1)},
    )
    ledger = tmp_path / "ledger"
    command(capsys, "returns", out(nights, book, {"account_id": "A"}), "-o", ledger)
    assert amounts(ledger / "returns.parquet") == {"X1": 50_00, "X2": 140_00}
    # Listed, and held unchanged in another night: nothing. X1 is back, X2 refunded in part: nothing either.
    later = date(2025, 1, 15)
    again = command(capsys, "returns", out(nights, book, {"account_id": "A"}, as_of=later), "-o", ledger)
    assert (again["rows"], again["listed_before_rows"]) == (0, 2)
    after = book.with_columns(
        principal_cents=pl.when(deposit_id="X2").then(60_00).otherwise("principal_cents"),
        paid_date=pl.when(deposit_id="X1").then(date(2025, 1, 20)).otherwise("paid_date"),
    )
    settled = command(capsys, "returns", out(nights, after, {"account_id": "A"}, as_of=date(2025, 2, 1)), "-o", ledger)
    assert (settled["rows"], settled["listed_before_rows"]) == (0, 0)
    # A lower bill, 730.00, makes 180.00: the 60.00 of X2 again, and 120.00 of OLD.
    lower = out(nights, after, {"account_id": "A", "billed_cents": 730_00}, as_of=date(2025, 3, 1))
    command(capsys, "returns", lower, "-o", ledger)
    assert amounts(ledger / "returns.parquet") == {"X2": 60_00, "OLD": 120_00}


def test_the_customers_limit_over_two_accounts(
    nights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two accounts of 360.00: 720.00 in all, 800.00 held, so 80.00 too much, of the newest deposit of either account.

    Where an account's deposits are due back, the rest is not above the limit any more.
    """
    book = deposits(
        {"deposit_id": "A1", "principal_cents": 500_00},
        {"deposit_id": "B1", "account_id": "B", "principal_cents": 300_00, "received_date": date(2024, 5, 1)},
    )
    mine = [{"account_id": name, "customer_id": "ME"} for name in ("A", "B")]
    command(capsys, "returns", out(nights, book, *mine, named=True), "-o", tmp_path / "one")
    assert amounts(tmp_path / "one" / "returns.parquet") == {"B1": 80_00}
    due = out(nights, book, mine[0], {**mine[1], "late_payments_12m": 0}, named=True)
    command(capsys, "returns", due, "-o", tmp_path / "two")
    rows = pl.read_parquet(tmp_path / "two" / "returns.parquet")
    assert rows.select("deposit_id", "why", "principal_cents").rows() == [("B1", "due_back", 300_00)]


def test_a_night_without_accounts_is_told(nights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = night(nights, deposits({"deposit_id": "A"}), NEW_YEAR)
    assert "give the night --accounts" in command(capsys, "returns", place, "-o", tmp_path / "l", code=2)["error"]


def test_random_accounts_against_the_twin(nights: Path, tmp_path: Path) -> None:
    random = Random(5)  # noqa: S311 - amounts, not secrets
    accounts = [
        {
            "account_id": f"A{number}", "billed_cents": random.randrange(100_00, 2_000_00),
            "late_payments_12m": random.choice((0, 2, 3, None)),
        }
        for number in range(150)
    ]  # fmt: skip
    book = deposits(
        *(
            {
                "deposit_id": f"D{number:03}", "account_id": f"A{random.randrange(150)}",
                "kind": random.choice(("deposit", "deposit", "deposit", "construction_advance")),
                "principal_cents": random.randrange(1, 400_00),
                "received_date": date(2024, random.randrange(1, 13), random.choice((1, 1, 15))),
                "paid_date": random.choice((None, None, None, date(2024, 12, 31))),
                "posted_cents": random.choice((0, 0, 3_00)),
            }
            for number in range(500)
        )
    )  # fmt: skip
    place = out(nights, book, *accounts)
    with folder.opened(tmp_path / "ledger") as ledger:
        found = {row["deposit_id"]: row for row in returns(reread(place), ledger).rows.iter_rows(named=True)}
    results = read_results(place, "deposits").collect().join(
        book.select("deposit_id", "kind", "received_date"), on="deposit_id"
    ).to_dicts()  # fmt: skip
    limits = dict(read_results(place, "accounts").select("account_id", "limit_cents").collect().iter_rows())
    expected: dict[str, dict[str, Any]] = {}
    for account in accounts:
        row = {**account, "service": "gas"}
        due = twin.returns(row, results)
        expected |= {
            each["deposit_id"]: each for each in due or twin.excess_returns(row, results, limits[row["account_id"]])
        }
    assert len(expected) > 100
    assert found.keys() == expected.keys()
    for deposit_id, row in expected.items():
        assert {name: found[deposit_id][name] for name in row} == row
