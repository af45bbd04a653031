"""Lists of a night of five deposits, worked by hand: 4.93 % in 2024, kept for 2025, as of 2025-01-01."""

import csv
import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import fastexcel
import polars as pl
import pytest

from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.cli import main
from calc.export.formats import write_folder

AS_OF = date(2025, 1, 1)


@pytest.fixture
def night(tmp_path: Path) -> Path:
    """A: held with 2.00 posted. B: held, of an account that is due back. C: unclaimed. D: paid out. E: refused."""
    deposits = pl.DataFrame(
        {
            "deposit_id": ["A", "B", "C", "D", "E"],
            "account_id": ["1", "2", "3", "4", "5"],
            "service": ["gas"] * 5,
            "principal_cents": [10_000, 20_000, 30_000, 10_000, -1],
            "received_date": [date(2024, 1, 1)] * 2 + [date(2022, 1, 1)] + [date(2024, 1, 1)] * 2,
            "paid_date": [None, None, None, date(2024, 7, 1), None],
            "remitted_date": pl.Series([None] * 5, dtype=pl.Date),
            "service_ended_date": [None, None, date(2022, 10, 1), None, None],
            "order_payable_date": pl.Series([None] * 5, dtype=pl.Date),
            "posted_cents": [200, 0, 0, 246, 0],
        }
    )
    accounts = pl.DataFrame(
        {
            "account_id": ["1", "2"],
            "service": ["gas"] * 2,
            "billed_cents": [120_000] * 2,
            "billed_days": [365] * 2,
            "late_payments_12m": [3, 0],
        }
    )
    deposits.write_parquet(tmp_path / "deposits.parquet")
    accounts.write_parquet(tmp_path / "accounts.parquet")
    job = NightlyJob(
        AS_OF, deposits=str(tmp_path / "deposits.parquet"), accounts=str(tmp_path / "accounts.parquet"),
        out=tmp_path / "out", max_bad_share=Fraction(1), max_unmatched_share=Fraction(1),
    )  # fmt: skip
    run_nightly(job)
    return tmp_path / "out"


def export(*arguments: str | Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["export", *map(str, arguments)])
    assert ended.value.code == 0


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_csv_in_dollars(night: Path, tmp_path: Path) -> None:
    """A earned 4.93 and has 2.93 to come, B 9.86. C has been unclaimed since 2024-10-02, surcharged from 2025-02-03."""
    export(night, "-o", tmp_path / "lists")
    due = {
        row["deposit_id"]: (row["interest"], row["posted"], row["interest_due"])
        for row in rows_of(tmp_path / "lists" / "interest_due.csv")
    }
    assert (due["A"], due["B"]) == (("4.93", "2.00", "2.93"), ("9.86", "0.00", "9.86"))
    assert sorted(due) == ["A", "B", "C"]
    (back,) = rows_of(tmp_path / "lists" / "due_back.csv")
    assert (back["deposit_id"], back["principal"], back["pay_back"]) == ("B", "200.00", "209.86")
    (remit,) = rows_of(tmp_path / "lists" / "to_remit.csv")
    assert (remit["deposit_id"], remit["deemed_unclaimed_date"], remit["surcharge_from_date"]) == (
        "C", "2024-10-02", "2025-02-03",
    )  # fmt: skip
    (refused,) = rows_of(tmp_path / "lists" / "quarantine.csv")
    assert (refused["dataset"], refused["row"], refused["reasons"], refused["columns"]) == (
        "deposits", "5", "negative_amount", "principal_cents",
    )  # fmt: skip


def test_a_workbook_with_a_sheet_a_list_and_totals(night: Path, tmp_path: Path) -> None:
    path = tmp_path / "lists.xlsx"
    export(night, "-o", path)
    workbook = fastexcel.read_excel(path)
    assert workbook.sheet_names == ["interest due", "due back", "to remit", "quarantine"]
    sheet = workbook.load_sheet("due back", header_row=None).to_polars()
    assert sheet.row(0) == (
        "account id", "service", "deposit id", "status", "principal", "interest due", "pay back",
    )  # fmt: skip
    assert sheet.row(1)[4:] == ("200", "9.86", "209.86")
    assert (sheet.row(2)[0], sheet.row(2)[4:]) == ("Total of 1 rows", ("200", "9.86", "209.86"))


def test_parquet_in_cents(night: Path, tmp_path: Path) -> None:
    export(night, "-o", tmp_path / "lists", "--format", "parquet")
    back = pl.read_parquet(tmp_path / "lists" / "due_back.parquet")
    assert back.select("principal_cents", "interest_due_cents", "pay_back_cents").rows() == [(20_000, 986, 20_986)]


def test_json_says_where_each_list_stands(night: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    export(night, "-o", tmp_path / "lists", "--json")
    assert json.loads(capsys.readouterr().out)["lists"]["due back"] == {
        "rows": 1,
        "path": str(tmp_path / "lists" / "due_back.csv"),
    }


@pytest.mark.parametrize(("arguments", "code"), [(("-o", "x", "--format", "xlsx"), 2), (("-o", "x"), 3)])
def test_what_cannot_be_exported(arguments: tuple[str, ...], code: int, tmp_path: Path) -> None:
    """A workbook without its suffix; a folder in which nothing was published."""
    with pytest.raises(SystemExit) as ended:
        main(["export", str(tmp_path), *arguments])
    assert ended.value.code == code


def test_an_id_that_a_spreadsheet_would_run_is_text_in_csv(tmp_path: Path) -> None:
    frame = pl.DataFrame({"deposit_id": ["=1+2"], "interest_due_cents": [-500]})
    places = write_folder(tmp_path, {"interest due": frame}, "csv")
    assert rows_of(places["interest due"]) == [{"deposit_id": "'=1+2", "interest_due": "-5.00"}]
