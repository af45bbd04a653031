"""Explanations and receipts: due dates counted on a calendar, the limit worked by hand, the words of the rules."""

from datetime import date
from pathlib import Path

import pytest

from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.cli import main
from calc.rules.holidays import business_days_after
from tests.portfolio import deposits, transactions


def run(*arguments: str, code: int = 0) -> None:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    assert ended.value.code == code


ASKED = ("--deposit", "310.00", "--billed", "1460.00", "--billed-days", "365", "--held", "50.00")
WHY = ("--reason", "Two bills were paid late.")


@pytest.mark.parametrize(
    ("decided", "days"),
    [
        # Thanksgiving is the 26th, a week-end follows the 27th.
        (date(2026, 11, 25), [date(2026, 11, 27), date(2026, 11, 30), date(2026, 12, 1)]),
        # Good Friday is no legal holiday; a decision on a Saturday counts from Monday.
        (date(2027, 3, 27), [date(2027, 3, 29), date(2027, 3, 30), date(2027, 3, 31)]),
        # Christmas 2027 is a Saturday: federal offices close on Friday the 24th.
        (date(2027, 12, 22), [date(2027, 12, 23), date(2027, 12, 27), date(2027, 12, 28)]),
    ],
)
def test_business_days(decided: date, days: list[date]) -> None:
    assert business_days_after(decided, 3) == days


def test_an_explanation_says_why_how_much_and_by_when(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "why.html"
    run("explanation", "-o", str(file), "--decided", "2026-11-25", *ASKED, *WHY, "--name", "Ada Smith")
    page = file.read_text()
    assert "Provide it by 2026-12-01." in capsys.readouterr().err
    # 1,460.00 in 365 days is 4.00 a day: 90 days are 360.00, of which 50.00 are held.
    for words in (
        "$310.00", "$360.00", "December 1, 2026", "Two bills were paid late.", "4 CCR 723-3-3403(h)",
        "within three business days", "Thanksgiving", "business day 3", "4 CCR 723-3-3403(p)(IV)",
    ):  # fmt: skip
        assert words in page, words


def test_the_limit_may_rest_on_monthly_bills(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The highest three in a row are 100.00 + 120.00 + 90.00 = 310.00."""
    bills = ("--monthly-bills", "100.00,120.00,90.00,80.50", "--set", "estimate=peak_consecutive")
    file = str(tmp_path / "why.html")
    run("explanation", "-o", file, "--decided", "2026-11-25", "--deposit", "310.00", *bills, *WHY)
    run("explanation", "-o", file, "--decided", "2026-11-25", "--deposit", "310.01", *bills, *WHY, code=2)
    assert "the limit of $310.00" in capsys.readouterr().err


def test_gas_has_words_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "why.html"
    run("explanation", "-o", str(file), "--decided", "2026-11-25", "--denied", *WHY, "--service", "gas")
    page = file.read_text()
    assert "Why your application for service is denied" in page
    assert "4 CCR 723-4-4403(h)" in page
    assert "stating the specific reasons why" in page
    assert "may be asked for" not in page


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--deposit", "310.01", *ASKED[2:], *WHY), "leaves $310.00"),
        ((*ASKED, *WHY, "--clean-past-service"), "past service, 4 CCR 723-3-3403(c)"),
        ((*ASKED, *WHY, "--assistance-last", "2026-05-01"), "4 CCR 723-3-3403(e)"),
        ((*ASKED, *WHY, "--denied"), "give one of"),
        (WHY, "give one of"),
        (("--deposit", "310.00", "--billed", "1460.00", *WHY), "--billed-days"),
    ],
)
def test_a_deposit_that_may_not_be_asked_for(
    options: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("explanation", "-o", str(tmp_path / "why.pdf"), "--decided", "2026-11-25", *options, code=2)
    assert said in capsys.readouterr().err
    assert not (tmp_path / "why.pdf").exists()


def test_what_was_not_checked_and_a_late_paper_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(tmp_path / "why.html")
    run("explanation", "-o", file, "--decided", "2026-11-25", "--deposit", "90.00", *WHY, "--dated", "2026-12-02")
    told = capsys.readouterr().err
    assert "not held against the limit" in told
    assert "2026-12-02 is after 2026-12-01" in told
    run("explanation", "-o", file, "--decided", "2026-11-25", *ASKED, *WHY)
    assert "Nothing was said of what may bar a deposit" in capsys.readouterr().err


def test_a_receipt_of_what_is_typed(tmp_path: Path) -> None:
    file = tmp_path / "receipt.html"
    run(
        "receipt", "-o", str(file), "--amount", "1250.00", "--received", "2024-03-15", "--account", "A7",
        "--premises", "12 Pine Street", "--name", "Ada Smith",
    )  # fmt: skip
    page = file.read_text()
    # 4.93 % was published for 2024.
    for words in (
        "$1,250.00", "March 15, 2024", "4.93 percent a year", "Account A7", "12 Pine Street", "4 CCR 723-3-3403(m)",
        "no more than two late payments",
    ):  # fmt: skip
        assert words in page, words


def test_a_receipt_of_a_night_lists_installments(tmp_path: Path) -> None:
    row = {"deposit_id": "D1", "account_id": "A1", "service": "gas", "kind": "deposit", "principal_cents": 0,
           "received_date": date(2024, 1, 1)}  # fmt: skip
    events = [
        {"deposit_id": "D1", "date": day, "kind": "principal", "amount_cents": cents}
        for day, cents in ((date(2024, 2, 1), 100_00), (date(2024, 1, 1), 50_00), (date(2027, 1, 1), 50_00))
    ]
    deposits([row, {**row, "deposit_id": "D2", "kind": "construction_advance"}]).write_parquet(tmp_path / "d.parquet")
    transactions(events).write_parquet(tmp_path / "t.parquet")
    job = NightlyJob(
        date(2026, 9, 30), deposits=str(tmp_path / "d.parquet"), transactions=str(tmp_path / "t.parquet"),
        out=tmp_path / "out",
    )  # fmt: skip
    run_nightly(job)
    file = tmp_path / "receipt.html"
    run("receipt", str(job.out), "D1", "-o", str(file))
    page = file.read_text()
    assert "Receipt for a deposit, D1" in page
    assert "in 2 payments through February 1, 2024" in page
    assert page.index("January 1, 2024") < page.index("In all") < page.index("$150.00", page.index("In all"))
    assert "4 CCR 723-4-4403(m)" in page
    run("receipt", str(job.out), "D2", "-o", str(file), code=2)
    run("receipt", str(job.out), "-o", str(file), code=2)
