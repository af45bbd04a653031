"""An uploaded file from its proposed map to its lists, as the worker does it: figures by hand, bad maps, sheets."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from calc.uploads.map_text import map_text
from calc.uploads.refusals import REFUSALS
from calc.uploads.work import work
from tests.bulk.test_workbooks import DEPOSITS_CSV, analyst_rows, workbook

BLANK = ["paid_date", "remitted_date", "service_ended_date", "order_payable_date"]
RETURNED = ["D1", "A1", "gas", 200, "2024-01-01", "2025-01-01", "", "", ""]
HEADER = DEPOSITS_CSV.splitlines()[0].split(",")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def worked(file: str, **asked: Any) -> dict[str, Any]:  # noqa: ANN401 - plain values
    usual: dict[str, Any] = {
        "file": file, "dataset": None, "map": None, "sheets": None, "blank": [], "recalculate": True,
        "as_of_date": "2025-01-31", "jurisdiction": "us-co", "tariff": "default", "switches": {}, "rows_max": 10_000,
        "unpacked_bytes_max": 2**26,
    }  # fmt: skip
    return work({**usual, **asked})


def refused(file: str, **asked: Any) -> str:  # noqa: ANN401 - as above
    answer = worked(file, **asked)
    code: str = answer["refused"]["code"]
    assert code in REFUSALS
    return code


def test_csv_as_the_contract_has_it(folder: Path) -> None:
    """200.00 from 2024-01-01 to 2025-01-01 at the 4.93 % of 2024: 9.86; at 5.89 % of 2025 nothing more, it was paid."""
    (folder / "upload.csv").write_text(DEPOSITS_CSV.replace("1250.00", "n/a"))
    results = worked("upload.csv")["results"]
    assert results["rows"] == {"deposits": {"in": 2, "out": 1, "quarantined": 1}}
    assert results["refused"] == [
        {
            "dataset": "deposits", "reason": "not_a_number", "column": "principal", "rows": 1,
            "allowed": results["refused"][0]["allowed"], "first": {"row": 1, "line": 2},
        },
    ]  # fmt: skip
    (total,) = [each["figures"] for each in results["totals"] if each["of"] == ["all"]]
    assert (total["rows"], total["principal_cents"], total["interest_cents"]) == (1, 20_000, 986)
    quarantine = pl.read_csv(folder / "lists" / "quarantine.csv")
    assert quarantine.select("file", "row", "line", "reasons").rows() == [("upload.csv", 1, 2, "not_a_number")]
    deposits = pl.read_parquet(folder / "lists" / "deposits_results.parquet")
    assert deposits.select("deposit_id", "interest_cents").rows() == [("D2", 986)]
    assert not (folder / "run").exists()


def test_the_analysts_workbook(folder: Path) -> None:
    """What is always blank is said by the user alone; all else is proposed, and the row of totals left out."""
    workbook(folder / "upload.xlsx", {"Deposits": analyst_rows(400)})
    proposed = worked("upload.xlsx")
    assert "results" not in proposed
    (table,) = proposed["tables"]
    assert table["missing"] == dict.fromkeys(BLANK, True)
    assert [each["maps_to"] for each in table["columns"]] == [
        "deposit_id", "account_id", "service", "received_date", "principal", "",
    ]  # fmt: skip
    first = table["examples"][0]
    assert first["before"]["received_date"] == "8/9/2019 12:00:00 AM"
    assert first["after"] == {
        "deposit_id": "70001", "account_id": "000", "service": "electric", "received_date": "2019-08-09",
        "principal": "1250.00",
    }  # fmt: skip
    results = worked("upload.xlsx", blank=BLANK)["results"]
    assert results["rows"] == {"deposits": {"in": 400, "out": 400, "quarantined": 0}}
    assert results["dropped_rows"] == {"deposits": 1}
    again = worked("upload.xlsx", map=proposed["map"], blank=BLANK)["results"]
    assert again["totals"] == results["totals"]


def test_sheets_of_a_workbook_are_datasets(folder: Path) -> None:
    """A deposit of 200.00 held for an account billed 1,460.00 a year: 90 days' 360.00 may be held."""
    accounts = ["account_id", "service", "billed", "billed_days", "late_payments_12m", "premises_billed",
                "premises_billed_days"]  # fmt: skip
    open_deposit = ["D1", "A1", "gas", 200, "2024-01-01", "", "", "", ""]
    sheets: dict[str, list[list[Any]]] = {
        "notes": [["nothing here"]],
        "Accounts": [accounts, ["A1", "gas", "1460.00", 365, 0, "1460.00", 365]],
        "Deposits": [HEADER, open_deposit],
    }
    workbook(folder / "upload.xlsx", sheets)
    answer = worked("upload.xlsx")
    assert {table["dataset"]: table["sheet"] for table in answer["tables"]} == {
        "accounts": "Accounts", "deposits": "Deposits",
    }  # fmt: skip
    assert {name: rows["out"] for name, rows in answer["results"]["rows"].items()} == {"accounts": 1, "deposits": 1}
    (row,) = pl.read_parquet(folder / "lists" / "accounts_results.parquet").to_dicts()
    assert (row["held_cents"], row["limit_cents"]) == (20_000, 36_000)


def test_accounts_without_deposits(folder: Path) -> None:
    (folder / "upload.csv").write_text(
        "account_id,service,billed,billed_days,late_payments_12m,premises_billed,premises_billed_days\n"
        "A1,gas,1460.00,365,0,1460.00,365\n"
    )
    assert refused("upload.csv") == "dataset_missing"


@pytest.mark.parametrize(
    "text",
    [
        "[deposits",
        "",
        "x = 1\n",
        "[nothing]\n",
        '[deposits]\ndelimiter = "too long"\n',
        '[deposits.names]\nnot_there = "service"\n',
    ],
)
def test_maps_that_are_none(folder: Path, text: str) -> None:
    (folder / "upload.csv").write_text(DEPOSITS_CSV)
    assert refused("upload.csv", map=text) in {"bad_map", "not_readable"}


def test_what_has_no_columns_of_ours(folder: Path) -> None:
    for content in (b"", b"\x00\x01\x02", b"qq,zz\nred,1\n", "grün;blau\n".encode("utf-16")):
        (folder / "upload.csv").write_bytes(content)
        assert refused("upload.csv") in {"no_columns", "not_readable"}


def test_more_rows_than_are_taken(folder: Path) -> None:
    workbook(folder / "upload.xlsx", {"D": [HEADER, *[[f"D{number}", *RETURNED[1:]] for number in range(11)]]})
    assert refused("upload.xlsx", rows_max=10) == "too_many_rows"


def test_formulas_are_what_was_saved_of_them(folder: Path) -> None:
    """A formula's saved value counts, a text that begins with = is text, and nothing is computed or fetched."""
    import xlsxwriter  # noqa: PLC0415 - what writes formulas

    with xlsxwriter.Workbook(folder / "upload.xlsx") as book:
        sheet = book.add_worksheet("D")
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ["", "A1", "gas", "", "2024-01-01", "2025-01-01"])
        sheet.write_string(1, 0, "=1+1")
        sheet.write_formula(1, 3, "='http://localhost:9/[other.xlsx]S'!A1", None, 200)
    worked("upload.xlsx")
    deposits = pl.read_parquet(folder / "lists" / "deposits_results.parquet")
    assert deposits.select("deposit_id", "interest_cents").rows() == [("=1+1", 986)]
    import fastexcel  # noqa: PLC0415 - what reads them back

    lists = fastexcel.read_excel(folder / "lists" / "results.xlsx")
    assert lists.sheet_names == ["interest due", "to remit", "quarantine"]


def test_a_map_is_written_as_it_was_read() -> None:
    import tomllib  # noqa: PLC0415 - the other way

    content: dict[str, Any] = {
        "deposits": {
            "skip_rows": 2, "trim": True, "money_style": "1,234.56",
            "names": {'Dep "No"\\\x7f': "deposit_id", "ü\n": ""}, "drop_rows_where": {"a b": ["TOTAL", "Page *"]},
            "words": {"service": {"E L": "electric", "": "gas"}},
        },
        "accounts": {"names": {"x": "account_id"}},
    }  # fmt: skip
    assert tomllib.loads(map_text(content)) == content


def test_the_day_and_the_rules_are_said(folder: Path) -> None:
    (folder / "upload.csv").write_text(DEPOSITS_CSV)
    results = worked("upload.csv")["results"]
    assert date.fromisoformat(results["as_of_date"]) == date(2025, 1, 31)
    assert (results["jurisdiction"], results["tariff"]) == ("us-co", "default")
    assert len(results["rules_version"]) == 64
