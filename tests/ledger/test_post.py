"""Postings by hand: 4.93 % in 2024 and 2025, a dollar's deposit earns 1/366 or 1/365 of it a day."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.ledger.nights import amounts, command, deposits, night

ANNUAL = {"deposit_id": "Y", "interest_payment": "annual"}
AT_RETURN = {"deposit_id": "R", "principal_cents": 200_00, "paid_date": date(2025, 1, 1)}
OPEN = {"deposit_id": "O"}
END_OF_2024, END_OF_2025 = date(2024, 12, 31), date(2025, 12, 31)


def test_two_years_of_annual_postings_and_a_return(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """365 of 366 days of 2024: 4.9165, so 4.92; by December 31, 2025 4.93 + 364/365 x 4.93 = 9.8465, so 9.85 less 4.92.

    R earned the whole of 2024: 2 x 4.93.
    """
    book = deposits(ANNUAL, AT_RETURN, OPEN)
    ledger = tmp_path / "ledger"
    nights = tmp_path / "nights"
    nights.mkdir()
    first = command(capsys, "post", night(nights, book, END_OF_2024), "-o", ledger)
    assert (first["rows"], first["amount_cents"]) == (1, 4_92)
    transactions = ledger / "transactions.parquet"
    second = command(capsys, "post", night(nights, book, date(2025, 1, 1), transactions), "-o", ledger)
    assert (second["rows"], second["amount_cents"]) == (1, 9_86)
    out = night(nights, book, END_OF_2025, transactions)
    command(capsys, "post", out, "-o", ledger)
    assert pl.read_parquet(ledger / "postings.parquet").to_dicts() == [
        {
            "deposit_id": "Y", "account_id": "A", "service": "gas", "posting_date": END_OF_2025, "amount_cents": 4_93,
            "why": "annual", "undated_cents": 0,
        }
    ]  # fmt: skip
    known = pl.read_parquet(transactions)
    assert known.select("deposit_id", "kind", "amount_cents").rows() == [
        ("Y", "posting", 4_92), ("R", "posting", 9_86), ("Y", "posting", 4_93),
    ]  # fmt: skip
    after = pl.read_parquet(night(nights, book, END_OF_2025, transactions) / "runs/*/deposits/*.parquet")
    assert dict(zip(after["deposit_id"], after["interest_due_cents"], strict=True)) == {"Y": 0, "R": 0, "O": 9_85}


def test_twice_posts_nothing_the_second_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nights, ledger = tmp_path / "nights", tmp_path / "ledger"
    nights.mkdir()
    out = night(nights, deposits(ANNUAL), END_OF_2024)
    command(capsys, "post", out, "-o", ledger)
    before = {path.name: path.read_bytes() for path in ledger.rglob("*.parquet")}
    again = command(capsys, "post", out, "-o", ledger)
    assert (again["again"], again["rows"], again["amount_cents"]) == (True, 0, 0)
    assert {path.name: path.read_bytes() for path in ledger.rglob("*.parquet")} == before
    # Another run of the day, which does not know of the posting: nothing either, and it says so.
    another = command(capsys, "post", night(nights, deposits(ANNUAL, OPEN), END_OF_2024), "-o", ledger)
    assert {name: another[name] for name in ("again", "rows", "amount_cents", "unread_rows", "unread_cents")} == {
        "again": False, "rows": 0, "amount_cents": 0, "unread_rows": 1, "unread_cents": 4_92,
    }  # fmt: skip
    assert amounts(ledger / "transactions.parquet") == {"Y": 4_92}


def test_nights_that_never_read_the_ledger_pay_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Beside 1.00 that the utility had posted itself: 4.92 - 1.00, then 9.85 - 4.92; never the 4.92 once more."""
    nights, ledger = tmp_path / "nights", tmp_path / "ledger"
    nights.mkdir()
    book = deposits({**ANNUAL, "posted_cents": 1_00})
    assert [
        command(capsys, "post", night(nights, book, as_of), "-o", ledger)["amount_cents"]
        for as_of in (END_OF_2024, END_OF_2024, END_OF_2025, END_OF_2025)
    ] == [3_92, 0, 4_93, 0]


def test_what_a_night_does_not_know_beside_the_utilitys_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """4.92 of the ledger and 2.00 that the utility posted later, as a transaction or in its own column.

    9.85 - 4.92 - 2.00 where the night reads only the 2.00. Where the column rose to 6.92, it holds both: the same.
    """
    nights = tmp_path / "nights"
    nights.mkdir()
    own = pl.DataFrame(
        {"deposit_id": ["Y"], "date": [date(2025, 6, 1)], "kind": ["posting"], "amount_cents": [2_00]},
        schema_overrides={"amount_cents": pl.Int64},
    )
    risen = {**ANNUAL, "posted_cents": 6_92}
    cases: tuple[tuple[dict[str, Any], pl.DataFrame | None], ...] = ((ANNUAL, own), (risen, None))
    for number, (row, transactions) in enumerate(cases):
        ledger = tmp_path / str(number)
        command(capsys, "post", night(nights, deposits(ANNUAL), END_OF_2024), "-o", ledger)
        out = night(nights, deposits(row), END_OF_2025, transactions)
        assert command(capsys, "post", out, "-o", ledger)["amount_cents"] == 9_85 - 4_92 - 2_00


def test_too_much_posted_is_to_recover_and_never_posted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nights, ledger = tmp_path / "nights", tmp_path / "ledger"
    nights.mkdir()
    out = night(nights, deposits({**AT_RETURN, "posted_cents": 10_00}), date(2025, 1, 1))
    shown = command(capsys, "post", out, "-o", ledger)
    assert (shown["rows"], shown["to_recover_rows"], shown["to_recover_cents"]) == (0, 1, 14)
    assert amounts(ledger / "to_recover.parquet", "to_recover_cents") == {"R": 14}
    assert pl.read_parquet(ledger / "transactions.parquet").is_empty()


def test_anniversaries(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of February 29 on February 28 of a common year; 365 days: 4.93 x (307/366 + 58/365) = 4.9187."""
    nights, ledger = tmp_path / "nights", tmp_path / "ledger"
    nights.mkdir()
    shipped = Path("data/tariffs/us-co/default.toml").read_text("utf-8")
    tariff = tmp_path / "mine.toml"
    tariff.write_text(f'posting_day = "anniversary"\n{shipped}', "utf-8")
    leap = {**ANNUAL, "deposit_id": "L", "received_date": date(2024, 2, 29)}
    book = deposits({**ANNUAL, "received_date": date(2024, 3, 1)}, leap)

    def posted(as_of: date, *more: str) -> int:
        out = night(nights, book, as_of, tariff=str(tariff))
        return int(command(capsys, "post", out, "-o", ledger, *more)["rows"])

    assert posted(END_OF_2024) == 0
    assert posted(date(2025, 2, 28)) == 1
    assert amounts(ledger / "postings.parquet") == {"L": 4_92}
    # No night on March 1, a Saturday: Monday's takes the days since Friday's. 4.93 x (306/366 + 61/365) = 4.9458.
    assert posted(date(2025, 3, 3)) == 0
    assert posted(date(2025, 3, 3), "--since", "2025-02-28") == 1
    assert amounts(ledger / "postings.parquet") == {"Y": 4_95}


def test_a_yearly_day_without_a_night_is_made_up_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nights = tmp_path / "nights"
    nights.mkdir()
    out = night(nights, deposits(ANNUAL), date(2025, 1, 2))
    assert command(capsys, "post", out, "-o", tmp_path / "one")["rows"] == 0
    assert command(capsys, "post", out, "-o", tmp_path / "one", "--since", "2024-12-31")["rows"] == 0
    # 4.93 and a day of 2025: 4.9435.
    assert command(capsys, "post", out, "-o", tmp_path / "one", "--since", "2024-12-30")["amount_cents"] == 4_94
    assert command(capsys, "post", out, "-o", tmp_path / "one", "--since", "2024-12-30")["amount_cents"] == 0


def test_a_changed_input_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nights = tmp_path / "nights"
    nights.mkdir()
    out = night(nights, deposits(ANNUAL), END_OF_2024)
    deposits(OPEN).write_parquet(out.parent / "deposits.parquet")
    shown = command(capsys, "post", out, "-o", tmp_path / "ledger", code=3)
    assert "are not the files that run" in shown["error"]
    assert not (tmp_path / "ledger" / "ledger.jsonl").exists()


def test_nights_are_entered_in_the_order_of_their_days(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An earlier night knows of less interest than was posted since."""
    nights, ledger = tmp_path / "nights", tmp_path / "ledger"
    nights.mkdir()
    first, second = (night(nights, deposits(ANNUAL), day) for day in (END_OF_2024, END_OF_2025))
    for out in (first, second):
        command(capsys, "post", out, "-o", ledger)
    assert command(capsys, "post", second, "-o", ledger)["again"]
    told = command(capsys, "post", first, "-o", ledger, code=2)["error"]
    assert "the last posting is of 2025-12-31, and this night of 2024-12-31: enter nights in the order" in told


def test_a_night_on_a_provisional_rate_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nights = tmp_path / "nights"
    nights.mkdir()
    for day, provisional in ((date(2026, 12, 31), False), (date(2027, 12, 31), True)):
        shown = command(capsys, "post", night(nights, deposits(ANNUAL), day), "-o", tmp_path / "ledger")
        assert shown["provisional"] is provisional
