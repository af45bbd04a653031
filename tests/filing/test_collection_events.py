"""The disconnection report from dated events, by hand: the same figures as from rows of accounts by quarter."""

from pathlib import Path

import polars as pl
import pytest

from calc.filing.collection_events import rows_of_events
from calc.filing.disconnections import disconnection_report
from calc.filing.report import Report
from tests.cases.command import Finished, puccalc
from tests.filing.test_disconnections import texts

ACCOUNTS = """account_id,class,zip,income_qualified,service_started_date,service_ended_date
A,residential,80202,true,,
B,residential,80202,true,2026-07-01,
C,multi-family,80203,false,,2026-06-30
"""
EVENTS = """account_id,date,kind,amount,number
A,2026-01-15,billed,100.00,
A,2026-02-15,billed,50.00,
A,2026-02-20,late_charge,,
A,2026-02-28,arrearage,80.00,45
A,2026-03-31,arrearage,40.00,30
A,2026-03-31,arrearage,20.00,31
A,2026-03-31,arrearage,5.00,91
A,2026-03-01,notice,,
A,2026-03-10,notice,,
A,2026-03-12,disconnection,,
A,2026-03-13,restoration,,95
A,2026-06-30,disconnection,,
A,2026-07-01,restoration,,60
A,2026-07-01,plan,,6
B,2026-07-01,plan,,7
B,2026-12-31,plan_broken,,
B,2027-01-01,disconnection,,
C,2025-12-31,disconnection,,
C,2026-07-20,collection_fee,12.34,
"""


def report(folder: Path, events: str = EVENTS, accounts: str = ACCOUNTS) -> Report:
    (folder / "events.csv").write_text(events, "utf-8")
    (folder / "accounts.csv").write_text(accounts, "utf-8")
    rows = rows_of_events(str(folder / "events.csv"), str(folder / "accounts.csv"), 2026, folder)
    return disconnection_report(rows, 2026, "Example")


def test_events_add_up_by_quarter(tmp_path: Path) -> None:
    found = report(tmp_path)
    # B is served from the third quarter on, C through the second; C's fee of July is of a customer of that quarter.
    assert texts(found, "summary", "(A)") == {
        "income-qualified": ["1", "1", "2", "2"], "other customers": ["1", "1", "1", "0"], "all": ["2", "2", "3", "2"],
    }  # fmt: skip
    assert texts(found, "summary", "(B)")["all"] == ["150.00", "0.00", "0.00", "0.00"]
    assert texts(found, "summary", "(C)")["all"] == ["1", "0", "0", "0"]
    # Of the first quarter 31 March counts, not 28 February: 30, 31 and 91 days.
    assert texts(found, "summary", "(F)", "Arrearages of 1-30")["all"][0] == "40.00"
    assert texts(found, "summary", "(F)", "Arrearages of 31-60")["all"][0] == "20.00"
    assert texts(found, "summary", "(F)", "Arrearages of 91+")["all"][0] == "5.00"
    assert texts(found, "summary", "(E)", "Customers with an arrearage of 61-90")["all"][0] == "0"
    assert texts(found, "summary", "(G)")["all"] == ["2", "0", "0", "0"]
    # 30 June is the second quarter, its restoration the third's; 2025 and 2027 are other years.
    assert texts(found, "summary", "(H)")["all"] == ["1", "1", "0", "0"]
    assert texts(found, "summary", "(I)")["all"] == ["1", "0", "1", "0"]
    # 95 minutes are 1.58 hours, 60 one hour.
    assert texts(found, "summary", "(J)")["all"] == ["1.58", "not given", "1.00", "not given"]
    assert texts(found, "summary", "(N)")["all"] == ["not given", "not given", "6.50", "not given"]
    assert texts(found, "other customers", "(Q)")["multi-family 80203"][:3] == ["0.00", "0.00", "12.34"]
    year = texts(found, "summary", "(II)(A)")
    assert year["customers disconnected for nonpayment"] == ["1"]
    assert year["percent of these disconnected more than once"] == ["100.00"]
    assert (year["installment payment plans entered into"], year["installment payment plans broken"]) == (["2"], ["1"])


def test_of_a_kind_that_occurs_nowhere_nothing_is_known(tmp_path: Path) -> None:
    found = report(tmp_path)
    assert texts(found, "summary", "(D)")["all"] == ["not given"] * 4
    assert texts(found, "summary", "(K)")["all"] == ["not given"] * 4
    assert texts(found, "summary", "(II)(A)")["installment payment plans completed"] == ["not given"]


def test_a_restoration_of_unknown_time_leaves_the_average_open(tmp_path: Path) -> None:
    found = report(tmp_path, EVENTS + "B,2026-08-01,restoration,,\n")
    assert texts(found, "summary", "(I)")["all"] == ["1", "0", "2", "0"]
    assert texts(found, "summary", "(J)")["all"] == ["1.58", "not given", "not given", "not given"]


@pytest.mark.parametrize(
    ("events", "accounts", "told"),
    [
        ("A,2026-01-15,billed,,\n", "", "missing_value 1"),
        ("A,2026-01-15,arrearage,5.00,\n", "", "missing_value 1"),
        ("A,2026-01-15,shutoff,,\n", "", "unknown_value 1"),
        ("Z,2026-01-15,notice,,\n", "", "1 events are of accounts that"),
        ("", "A,residential,80202,true,,\n", "2 rows have the account of another row"),
        ("", "D,residential,8020,true,,\n", "unknown_value 1"),
        ("", "D,residential,80202,,,\n", "missing_value 1"),
    ],
)
def test_what_cannot_be_counted_stops_the_report(tmp_path: Path, events: str, accounts: str, told: str) -> None:
    (tmp_path / "events.csv").write_text(EVENTS + events, "utf-8")
    (tmp_path / "accounts.csv").write_text(ACCOUNTS + accounts, "utf-8")
    done = command(tmp_path)
    assert (done.code, told in done.err) == (4, True), done.err
    assert not (tmp_path / "filing" / "disconnections_2026.xlsx").exists()


def command(folder: Path, *more: str) -> Finished:
    files = ("--events", str(folder / "events.csv"), "--accounts", str(folder / "accounts.csv"))
    return puccalc(["report", "disconnections", "--year", "2026", *files, "-o", str(folder / "filing"), *more])


def test_the_command_writes_a_pdf_too(tmp_path: Path) -> None:
    """The same bytes twice; without --pdf there is none."""
    report(tmp_path)
    assert command(tmp_path, "--utility", "Example").code == 0
    assert not (tmp_path / "filing" / "disconnections_2026.pdf").exists()
    done = command(tmp_path, "--pdf")
    assert done.code == 0, done.err
    path = tmp_path / "filing" / "disconnections_2026.pdf"
    first = path.read_bytes()
    assert first.startswith(b"%PDF-")
    assert command(tmp_path, "--pdf").code == 0
    assert path.read_bytes() == first
    long = pl.read_parquet(tmp_path / "filing" / "disconnections_2026.parquet")
    billed = long.filter(part="summary", item="(B)", row="all", column="quarter 1")
    assert billed["value"].to_list() == [150_00]
