"""The disconnection report: items in the rule's order, by hand; the public form; rows that are refused."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from calc.filing.account_rows import account_rows
from calc.filing.disconnections import ITEMS, disconnection_report
from calc.filing.report import Report
from calc.filing.suppression import public_form
from tests.cases.command import puccalc

QUARTER: dict[str, Any] = {
    "account_id": "A", "quarter": 1, "class": "residential", "zip": "80202", "income_qualified": True,
    "billed_cents": 100_00, "late_charged": False, "arrearage_1_30_cents": 0, "arrearage_91_cents": 0, "notices": 0,
    "disconnections": 0, "restorations": 0, "restoration_minutes": 0, "plans": 0, "plan_months": 0,
}  # fmt: skip
ROWS: list[dict[str, Any]] = [
    {"late_charged": True, "arrearage_1_30_cents": 50_00, "notices": 2, "disconnections": 2, "restorations": 2,
     "restoration_minutes": 95, "plans": 1, "plan_months": 6},
    {"account_id": "B", "billed_cents": 50_01, "disconnections": 1, "restorations": 1, "restoration_minutes": 60},
    {"account_id": "C", "income_qualified": False, "zip": "80203", "plans": 1, "plan_months": 7},
    {"account_id": "A", "quarter": 2, "billed_cents": 1},
]  # fmt: skip


def report(tmp_path: Path, *rows: dict[str, Any]) -> Report:
    path = tmp_path / "quarters.parquet"
    pl.DataFrame([QUARTER | row for row in rows]).write_parquet(path)
    return disconnection_report(account_rows(str(path), tmp_path), 2026, "Example")


def texts(found: Report, part: str, item: str, title: str = "") -> dict[str, list[str]]:
    (section,) = (
        each for each in found.sections if (each.part, each.item) == (part, item) and each.title.startswith(title)
    )
    return {name: [cell.text for cell in cells] for name, cells in section.rows}


def test_items_stand_in_the_rules_order(tmp_path: Path) -> None:
    found = report(tmp_path, *ROWS)
    letters = [each.item for each in found.sections if each.part == "summary"]
    assert "".join(dict.fromkeys(each.strip("()") for each in letters[:-1])) == "ABCDEFGHIJKLMNOPQR"
    assert letters[-1] == "(II)(A)"
    assert len(ITEMS) == 24  # of (E) and (F) there are four vintages each
    assert (found.due, found.period) == ("2027-03-01", "2026-01-01 through 2026-12-31")


def test_figures_by_hand(tmp_path: Path) -> None:
    """Hours: (95 + 60) minutes of three restorations are 0.8611; plans of six and seven months."""
    found = report(tmp_path, *ROWS)
    assert texts(found, "summary", "(A)") == {
        "income-qualified": ["2", "1", "0", "0"], "other customers": ["1", "0", "0", "0"], "all": ["3", "1", "0", "0"],
    }  # fmt: skip
    assert texts(found, "summary", "(B)")["all"] == ["250.01", "0.01", "not given", "not given"]
    assert texts(found, "summary", "(C)")["all"][:2] == ["1", "0"]
    assert texts(found, "summary", "(E)", "Customers with an arrearage of 1-30")["all"][0] == "1"
    assert texts(found, "summary", "(F)", "Arrearages of 1-30")["all"][0] == "50.00"
    assert texts(found, "summary", "(H)")["all"][0] == "3"
    assert texts(found, "summary", "(J)")["all"][:2] == ["0.86", "not given"]
    assert texts(found, "summary", "(N)")["all"][0] == "6.50"
    assert texts(found, "income-qualified", "(B)") == {
        "residential 80202": ["150.01", "0.01", "not given", "not given"],
        "all": ["150.01", "0.01", "not given", "not given"],
    }
    year = texts(found, "summary", "(II)(A)")
    assert year["customers disconnected for nonpayment"] == ["2"]
    assert year["percent of these disconnected more than once"] == ["50.00"]
    assert year["average length of those plans, months"] == ["6.50"]


def test_what_no_row_says_is_not_given(tmp_path: Path) -> None:
    """Late charges collected are no column here; one blank makes a sum unknown, its other quarter not."""
    found = report(tmp_path, *ROWS, {"account_id": "D", "billed_cents": None})
    assert texts(found, "summary", "(D)")["all"] == ["not given"] * 4
    assert texts(found, "summary", "(B)")["all"][:2] == ["not given", "0.01"]
    assert texts(found, "summary", "(II)(A)")["installment payment plans broken"] == ["not given"]


def test_the_public_form_gives_no_small_group_away(tmp_path: Path) -> None:
    """20 qualified customers in one zip, 3 in another; 40 others; of the 20, three were disconnected."""
    rows = [
        {"account_id": f"Q{number}", "zip": "80202" if number < 20 else "80203", "disconnections": int(number < 3)}
        for number in range(23)
    ]
    rows += [{"account_id": f"O{number}", "income_qualified": False} for number in range(40)]
    public = public_form(report(tmp_path, *rows), 15)
    assert texts(public, "income-qualified", "(A)") == {
        "residential 80202": ["suppressed", "0", "0", "0"],
        "residential 80203": ["suppressed", "0", "0", "0"],
        "all": ["23", "0", "0", "0"],
    }
    assert texts(public, "summary", "(A)")["all"][0] == "63"
    disconnected = texts(public, "summary", "(H)")
    assert disconnected["income-qualified"][0] == disconnected["all"][0] == "suppressed"
    assert texts(public, "income-qualified", "(H)")["all"][0] == "suppressed"
    assert texts(public, "summary", "(II)(A)")["customers disconnected for nonpayment"] == ["suppressed"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"zip": "8020"}, "unknown_value 1"),
        ({"quarter": 5}, "out_of_range 1"),
        ({"billed_cents": -1}, "negative_amount 1"),
        ({"income_qualified": None}, "missing_value 1"),
        ({"account_id": "A", "quarter": 1}, "2 rows have the account and quarter of another row"),
    ],
)
def test_a_refused_row_stops_the_report(tmp_path: Path, row: dict[str, Any], told: str) -> None:
    path, out = tmp_path / "quarters.parquet", tmp_path / "filing"
    pl.DataFrame([QUARTER, QUARTER | {"account_id": "Z"} | row]).write_parquet(path)
    words = ["report", "disconnections", "--year", "2026", "--accounts", str(path), "-o", str(out)]
    done = puccalc(words)
    assert (done.code, told in done.err) == (4, True), done.err
    assert not (out / "disconnections_2026.xlsx").exists()


def test_the_command_reads_csv(tmp_path: Path) -> None:
    path, out = tmp_path / "quarters.csv", tmp_path / "filing"
    path.write_text(
        "account_id,quarter,class,zip,income_qualified,billed,disconnections\nA,1,residential,80202,true,12.34,1\n"
    )
    done = puccalc(["report", "disconnections", "--year", str(date(2026, 1, 1).year), "--accounts", str(path),
                    "--utility", "Example", "-o", str(out)])  # fmt: skip
    assert done.code == 0, done.err
    long = pl.read_parquet(out / "disconnections_2026.parquet")
    billed = long.filter(part="summary", item="(B)", row="all", column="quarter 1")
    assert billed["value"].to_list() == [12_34]
    page = (out / "disconnections_2026.html").read_text("utf-8")
    assert page.count("<svg") == 2  # amounts billed, disconnections
    assert {path.name for path in out.iterdir()} == {
        "disconnections_2026.xlsx", "disconnections_2026.html", "disconnections_2026.parquet",
    }  # fmt: skip
