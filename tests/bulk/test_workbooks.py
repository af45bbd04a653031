"""Workbooks as an analyst has them, and packed CSV: read as the same rows in plain CSV are."""

import gzip
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from calc.bulk.inputs.map_suggestion import suggest_map
from calc.bulk.inputs.source import open_source
from calc.bulk.publish.results import read_results
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.columns.contract import DEPOSITS
from calc.errors import InputError

AS_OF = date(2025, 1, 31)
START, END = datetime(2024, 1, 1), datetime(2025, 1, 1)  # noqa: DTZ001 - cells of a workbook have no zone
HEADINGS = ("Dep No", "Acct No", "Type", "Dep Date", "Amount", "12 Mo Billed")
DEPOSITS_CSV = (
    "deposit_id,account_id,service,principal,received_date,paid_date,remitted_date,service_ended_date,"
    "order_payable_date\n"
    "D1,A1,gas,1250.00,2024-01-01,2025-01-01,,,\n"
    "D2,A2,electric,200.00,2024-01-01,2025-01-01,,,\n"
)


def workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "mm/dd/yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, datetime):
                        sheet.write_datetime(place, column, cell, day)
                    elif cell is not None:
                        sheet.write(place, column, cell)
    return path


def analyst_rows(count: int) -> list[list[Any]]:
    """A title, a blank row, headings, rows as a billing system prints them, a row of totals."""
    rows: list[list[Any]] = [["City Utilities - Customer Deposits"], [], list(HEADINGS)]
    for number in range(count):
        service = "GAS" if number % 2 else "ELEC"
        rows.append([70_001 + number, f"00{number}", service, "8/9/2019 12:00:00 AM", "$1,250.00", "$9,125.50"])
    return [*rows, ["TOTAL", None, None, None, f"${1250 * count:,}.00", None]]


def interest(path: str, out: Path, mapping: Path | None = None) -> dict[str, Any]:
    return run_nightly(NightlyJob(AS_OF, deposits=path, out=out, mapping=mapping))


def test_the_analysts_workbook_from_a_proposed_map(tmp_path: Path) -> None:
    """400 rows in, the total left out; 1,250.00 from 2019-08-09 on. What is always blank is said by the user alone."""
    path = workbook(tmp_path / "deposits.xlsx", {"Deposits": analyst_rows(400)})
    text = suggest_map(path)
    blank = "# [deposits.constants]"
    assert blank in text
    before, _, lines = text.partition(blank)
    mapping = tmp_path / "map.toml"
    mapping.write_text(before + blank.removeprefix("# ") + lines.replace("# ", ""))
    manifest = interest(str(path), tmp_path / "out", mapping)
    assert manifest["rows"]["deposits"] == {"in": 400, "out": 400, "quarantined": 0}
    results = read_results(tmp_path / "out", "deposits").collect()
    assert results["deposit_id"].to_list()[:2] == ["70001", "70002"]
    assert results["account_id"].to_list()[:2] == ["000", "001"]
    assert results["service"].to_list()[:2] == ["electric", "gas"]
    assert set(results["principal_cents"].to_list()) == {125_000}
    # 2019-08-09 to 2025-01-31: 145 days of 2019, five years, 30 days of 2025.
    assert set(results["accrued_days"].to_list()) == {145 + 366 + 365 + 365 + 365 + 366 + 30}


def test_numbers_dates_and_truth_values_of_cells(tmp_path: Path) -> None:
    """An account number is no fraction, a date is a day, and 9.860000000000001 is what Excel shows as 9.86."""
    rows: list[list[Any]] = [
        ["deposit_id", "account_id", "service", "principal", "received_date", "paid_date", "remitted_date",
         "service_ended_date", "order_payable_date", "efforts_made", "posted"],
        [1, 100_234, "gas", 1250, START, END, None, None, None, True, 9.860000000000001],
        [2, 100_235, "gas", 200.1, START, END, None, None, None, False, 0],
    ]  # fmt: skip
    path = workbook(tmp_path / "d.xlsx", {"Sheet1": rows})
    manifest = interest(str(path), tmp_path / "out")
    assert manifest["rows"]["deposits"]["out"] == 2
    results = read_results(tmp_path / "out", "deposits").collect()
    assert results.select("deposit_id", "account_id", "principal_cents", "posted_cents").rows() == [
        ("1", "100234", 125_000, 986),
        ("2", "100235", 20_010, 0),
    ]


def test_a_refused_row_is_named_by_the_row_of_the_sheet(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["title"], *[line.split(",") for line in DEPOSITS_CSV.splitlines()]]
    rows[2][3] = "(200.00)"
    path = workbook(tmp_path / "d.xlsx", {"One": rows, "Two": [["x"]]})
    (tmp_path / "map.toml").write_text("[deposits]\nskip_rows = 1\n")
    whole = Fraction(1)
    mapping = tmp_path / "map.toml"
    run_nightly(NightlyJob(AS_OF, f"{path}#One", tmp_path / "out", mapping=mapping, max_bad_share=whole))
    (part,) = (tmp_path / "out").glob("runs/*/quarantine/deposits-*.parquet")
    refused = pl.read_parquet(part)
    assert refused.select("file", "row", "line", "reasons").rows() == [(f"{path}#One", 1, 3, ["not_a_number"])]


def test_a_sheet_is_named_where_there_are_several(tmp_path: Path) -> None:
    path = workbook(tmp_path / "d.xlsx", {"One": [["a"]], "Two": [["a"]]})
    with pytest.raises(InputError, match=r"has the sheets One, Two: name one, as in d\.xlsx#One"):
        open_source(DEPOSITS, str(path))
    with pytest.raises(InputError, match=r"has no sheet 'Three'; it has One, Two"):
        open_source(DEPOSITS, f"{path}#Three")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "has no header row"),
        ([["a", "a"], [1, 2]], "names 'a' more than once"),
        ([["a", None], [1, 2]], "column B has values and no heading"),
    ],
)
def test_sheets_that_cannot_be_read(rows: list[list[Any]], message: str, tmp_path: Path) -> None:
    path = workbook(tmp_path / "d.xlsx", {"One": rows})
    with pytest.raises(InputError, match=message):
        open_source(DEPOSITS, str(path))


def test_what_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "d.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0 protected")
    with pytest.raises(InputError, match=r"is no \.xlsx workbook, or is protected by a password"):
        open_source(DEPOSITS, str(path))


def test_packed_csv_is_as_the_same_csv(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(DEPOSITS_CSV)
    with gzip.open(tmp_path / "e.csv.gz", "wb") as file:
        file.write(DEPOSITS_CSV.encode())
    results = []
    for name in ("d.csv", "e.csv.gz"):
        interest(str(tmp_path / name), tmp_path / f"out-{name}")
        results.append(read_results(tmp_path / f"out-{name}", "deposits").collect())
    assert results[0].equals(results[1])
    # 4.93 % of 1,250.00 is 61.625, rounded half up; of 200.00 it is 9.86.
    assert results[0]["interest_cents"].to_list() == [6_163, 986]


def test_packed_csv_that_is_cut_off(tmp_path: Path) -> None:
    packed = gzip.compress(DEPOSITS_CSV.encode())
    (tmp_path / "e.csv.gz").write_bytes(packed[:-12])
    with pytest.raises(InputError, match="damaged or cut off"):
        interest(str(tmp_path / "e.csv.gz"), tmp_path / "out")


def test_a_folder_has_workbooks_and_packed_files_too(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    with gzip.open(folder / "a.csv.gz", "wb") as file:
        file.write(DEPOSITS_CSV.encode())
    rows: list[list[Any]] = [
        line.replace("D", "E").split(",") if place else line.split(",")
        for place, line in enumerate(DEPOSITS_CSV.splitlines())
    ]
    workbook(folder / "b.xlsx", {"One": rows})
    (folder / "~$b.xlsx").write_bytes(b"x")
    manifest = interest(str(folder), tmp_path / "out")
    assert manifest["rows"]["deposits"]["in"] == 4
    assert manifest["left_out"]["deposits"] == [str(folder / "~$b.xlsx")]
