"""A deposit's statement: figures worked by hand and by the twin, what refuses it, and that its lines reproduce it."""

import shlex
from datetime import date
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest
from pypdf import PdfReader

from calc.bulk.publish.results import read_results
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.cli import main
from calc.columns.contract import DEPOSITS
from calc.errors import InputError, PublishRefusedError, UsageError
from calc.rates.computing.table import RateTable
from calc.report.explaining.row import filled
from calc.rules.resolve import load_rules
from calc.statements import deposit_life as lives
from calc.statements.deposit_life import deposit_life
from calc.statements.paper import Paper, Section, written
from calc.statements.receipt import received_of
from calc.statements.statement import statement
from calc.units import to_date
from tests import portfolio
from tests.columns import against_twins
from tests.reference import rate_table as rate_twin
from tests.reference.transactions import transactions_deposit
from tests.report.one import shipped

AS_OF = date(2026, 10, 31)
ROWS = [
    # The worked example of the rules: 29.32 at the rates, 2.46 of the six points.
    {"deposit_id": "D1", "principal_cents": 200_00, "received_date": date(2022, 3, 1),
     "service_ended_date": date(2024, 3, 15), "remitted_date": date(2026, 9, 30)},
    {"deposit_id": "D2", "principal_cents": 0, "received_date": date(2024, 1, 1), "paid_date": date(2025, 1, 1)},
    {"deposit_id": "D3", "principal_cents": 100_00, "received_date": date(2024, 1, 1), "posted_cents": 4_93},
    {"deposit_id": "-5", "principal_cents": 100_00, "received_date": date(2024, 2, 29),
     "service_ended_date": date(2025, 2, 28)},
]  # fmt: skip
EVENTS = [
    # 2024 pays 4.93 %: 100.00 x 182/366 + 200.00 x 184/366 of it earn 245.153005 + 495.693989 = 740.846994 cents.
    ("D2", date(2024, 1, 1), "principal", 100_00),
    ("D2", date(2024, 7, 1), "principal", 100_00),
    ("D2", date(2024, 12, 31), "posting", 4_93),
]


def night(folder: Path, **settings: Any) -> Path:  # noqa: ANN401 - fields of any type
    folder.mkdir(exist_ok=True)
    rows = [filled(DEPOSITS, {"account_id": "A1", "service": "electric", **row}) for row in ROWS]
    pl.DataFrame(rows, schema=_schema(), orient="row").write_parquet(folder / "deposits.parquet")
    pl.DataFrame(EVENTS, schema=list(portfolio.TRANSACTION_SCHEMA.items()), orient="row").write_parquet(
        folder / "transactions.parquet"
    )
    job = NightlyJob(
        AS_OF, deposits=str(folder / "deposits.parquet"), transactions=str(folder / "transactions.parquet"),
        out=folder / "out", **settings,
    )  # fmt: skip
    run_nightly(job)
    return folder / "out"


def _schema() -> dict[str, Any]:
    dates = ("received_date", "paid_date", "remitted_date", "service_ended_date", "order_payable_date", "stop_date")
    cents = ("principal_cents", "posted_cents", "amounts_owed_cents")
    flags = ("efforts_made", "interest_payable")
    kinds = {**dict.fromkeys(dates, pl.Date), **dict.fromkeys(cents, pl.Int64), **dict.fromkeys(flags, pl.Boolean)}
    return {column.name: kinds.get(column.name, pl.String) for column in DEPOSITS.columns}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return night(tmp_path_factory.mktemp("night"))


def section(paper: Paper, title: str) -> Section:
    (found,) = [each for each in paper.sections if each.title == title]
    return found


def facts(paper: Paper) -> dict[str, str]:
    return dict(paper.facts)


def test_the_worked_example(out: Path) -> None:
    paper = statement(deposit_life(out, "D1"), name="Ada Smith")
    assert facts(paper)["Deposit remitted"] == "$200.00"
    assert facts(paper)["Interest earned"] == "$31.78"
    assert facts(paper)["Paid to the energy assistance organization"] == "$231.78"
    assert paper.to == ("Ada Smith", "Account A1")
    assert [row[:2] for row in section(paper, "What happened").rows] == [
        ("2022-03-01", "Received"),
        ("2024-03-15", "Service ended"),
        ("2026-03-16", "Deemed unclaimed from this day on"),
        ("2026-07-17", "Six percentage points more from this day on"),
        ("2026-09-30", "Paid to the energy assistance organization"),
    ]
    six = section(paper, "Six percentage points of unclaimed monies")
    # 200.00 x 6 % x 75 days / 365, 17 July through 29 September.
    assert six.rows[0] == (
        "2026-07-17", "2026-09-29", "75", "200.00 \N{MULTIPLICATION SIGN} 6.00 % \N{MULTIPLICATION SIGN} 75/365",
        "246.575342",
    )  # fmt: skip
    sums = {row[0]: row[2] for row in section(paper, "How it adds up").rows}
    assert (sums["Base interest"], sums["Surcharge interest"], sums["Remittance"]) == ("$29.32", "$2.46", "$231.78")
    cited = {row[0] for row in section(paper, "Where it is written").rows}
    assert {"4 CCR 723-3-3403(q)(I)", "4 CCR 723-3-3403(o)(II)", "4 CCR 723-3-3403(q)(II)"} <= cited


def test_interest_runs_on_the_balance_held(out: Path) -> None:
    paper = statement(deposit_life(out, "D2"))
    assert facts(paper)["Paid back"] == "$200.00"
    assert facts(paper)["Interest earned"] == "$7.41"
    assert facts(paper)["Interest still due"] == "$2.48"
    assert section(paper, "What happened").rows == (
        ("2024-01-01", "Received", "$100.00", "$100.00"),
        ("2024-07-01", "Received", "$100.00", "$200.00"),
        ("2024-12-31", "Interest paid or credited", "$4.93", ""),
        ("2025-01-01", "Paid back to the customer", "$200.00", "$0.00"),
    )
    lines = section(paper, "Interest at the deposit rate")
    assert [(row[0], row[1], row[4]) for row in lines.rows] == [
        ("2024-01-01", "2024-06-30", "245.153005"),
        ("2024-07-01", "2024-12-31", "495.693989"),
        ("Sum", "", "740.846994"),
    ]
    assert lines.totals == 1


def test_postings_without_a_day_and_a_deposit_that_waits(out: Path) -> None:
    undated = section(statement(deposit_life(out, "D3")), "What happened").rows[-1]
    assert undated == ("no day given", "Interest paid or credited, as of the extract", "$4.93", "")
    # 2025-02-28 + 24 months + 1 day; + 4 months + 1 day.
    waiting = statement(deposit_life(out, "-5"))
    assert "deemed unclaimed on March 1, 2027" in waiting.paragraphs[1]
    assert section(waiting, "Six percentage points of unclaimed monies").paragraphs == (
        "None so far: they begin on July 2, 2027.",
    )


def test_pdf_is_tagged_and_says_the_same_as_the_page(out: Path) -> None:
    paper = statement(deposit_life(out, "D1"), name="Ada <Smith>", utility="Example Electric", dated=date(2026, 11, 2))
    pdf, page = written(paper, "pdf"), written(paper, "html").decode()
    reader = PdfReader(BytesIO(pdf))
    root: Any = reader.trailer["/Root"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert root["/Lang"] == "en-US"
    assert root["/MarkInfo"]["/Marked"]
    text = " ".join(" ".join(each.extract_text() for each in reader.pages).split())
    for said in ("Ada <Smith>", "$231.78", "246.575342", "November 2, 2026", "plus six percent"):
        assert said in text, said
    assert "Ada &lt;Smith&gt;" in page
    assert "<Smith>" not in page
    assert "246.575342" in page
    assert pdf == written(paper, "pdf")


def test_the_command_and_the_lines_that_check_it(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    file = tmp_path / "d1.html"
    run("statement", str(out), "D1", "-o", str(file), "--name", "Ada Smith")
    page = file.read_text()
    again, quote = section(statement(deposit_life(out, "D1"), name="Ada Smith", file="d1.html"), CHECK).commands
    assert "puccalc statement DIR D1 -o d1.html --name" in page
    words = shlex.split(again)
    run(*[str(out) if word == "DIR" else word for word in words[1:-3]], str(tmp_path / "again.html"), *words[-2:])
    assert (tmp_path / "again.html").read_text().replace("again.html", "d1.html") == page
    capsys.readouterr()
    run(*shlex.split(quote)[1:], "--json")
    printed = capsys.readouterr().out
    assert '"interest_cents": 3178' in printed
    assert '"remittance_cents": 23178' in printed


CHECK = "To check this statement"


def run(*arguments: str, code: int = 0) -> None:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    assert ended.value.code == code


def test_an_id_that_looks_like_an_option(out: Path, tmp_path: Path) -> None:
    run("statement", "-o", str(tmp_path / "five.html"), "--", str(out), "-5")
    assert "Statement of deposit -5" in (tmp_path / "five.html").read_text()


def test_what_cannot_be_stated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = night(tmp_path / "night")
    with pytest.raises(UsageError, match="no deposit 'D9'"):
        deposit_life(out, "D9")
    run("statement", str(out), "D1", "-o", "statement.docx", code=2)
    flat = RateTable.flat(100_000)
    with monkeypatch.context() as changed:
        changed.setattr(lives, "law_of", lambda job: (load_rules(job.as_of), flat))
        with pytest.raises(PublishRefusedError, match=r"changed since that night: rates \(checksums\)"):
            deposit_life(out, "D1")
    deposits = tmp_path / "night" / "deposits.parquet"
    pl.read_parquet(deposits).head(3).write_parquet(deposits)
    with pytest.raises(InputError, match="is not the file that the night read"):
        deposit_life(out, "D1")
    deposits.unlink()
    with pytest.raises(InputError, match=r"deposits\.parquet"):
        deposit_life(out, "D1")


def test_a_mapped_extract_and_a_deposit_in_quarantine(tmp_path: Path) -> None:
    lines = [
        "Dep No;Acct;Held;From;Paid;Sent;Ended;Order",
        "D1;A1;$200.00;03/01/2022;;09/30/2026;03/15/2024;",
        "D2;A1;$1x;03/01/2022;;;;",
    ]
    (tmp_path / "deposits.txt").write_text("\n".join(lines) + "\n")
    names = dict(zip(lines[0].split(";"), _schema_names(), strict=True))
    (tmp_path / "map.toml").write_text(
        '[deposits]\ndelimiter = ";"\ndate_format = "MM/DD/YYYY"\nmoney_style = "1,234.56"\n'
        '[deposits.constants]\nservice = "electric"\n[deposits.names]\n'
        + "".join(f'"{given}" = "{name}"\n' for given, name in names.items())
    )
    job = NightlyJob(
        AS_OF, deposits=str(tmp_path / "deposits.txt"), out=tmp_path / "out", mapping=tmp_path / "map.toml",
        max_bad_share=Fraction(1),
    )  # fmt: skip
    run_nightly(job)
    with pytest.raises(UsageError, match="no deposit 'D2'"):
        deposit_life(tmp_path / "out", "D2")  # under the extract's own names its id is not known
    life = deposit_life(tmp_path / "out", "D1")
    assert (life.result["interest_cents"], life.read_from.row) == (31_78, 1)


def _schema_names() -> list[str]:
    return [
        "deposit_id", "account_id", "principal", "received_date", "paid_date", "remitted_date", "service_ended_date",
        "order_payable_date",
    ]  # fmt: skip


def test_a_night_of_maryland_has_its_own_rules(tmp_path: Path) -> None:
    """0.12 % x 306/365, 4.35 % over 2023, 5.38 % x 74/366: 20.12 + 870.00 + 217.55 cents, until service ended."""
    (tmp_path / "d.csv").write_text(
        "deposit_id,account_id,service,class,principal,received_date,paid_date,remitted_date,service_ended_date,"
        "order_payable_date\nD1,A1,electric,residential,200.00,2022-03-01,,,2024-03-15,\n"
        "D2 ,A1,electric,residential,200.00,soon,,,,\n"
    )
    job = NightlyJob(
        AS_OF, deposits=str(tmp_path / "d.csv"), out=tmp_path / "out", jurisdiction="us-md", max_bad_share=Fraction(1)
    )
    run_nightly(job)
    life = deposit_life(job.out, "D1")
    paper = statement(life)
    assert facts(paper)["Interest earned"] == "$11.08"
    assert len(section(paper, CHECK).commands) == 1  # Maryland has no rule for quotes of unclaimed monies
    assert "its words are not at hand" in {row[1] for row in section(paper, "Where it is written").rows}
    assert "energy assistance" not in str(paper)
    with pytest.raises(UsageError, match="us-md"):
        received_of(life)
    with pytest.raises(UsageError, match=r"in quarantine that night \(bad_date"):
        deposit_life(job.out, "D2")


@pytest.mark.parametrize("seed", range(6))
def test_workings_of_random_lives_lead_to_the_twin(seed: int, tmp_path: Path) -> None:
    random = Random(seed)  # noqa: S311 - rows, not secrets
    table = shipped()
    rates_on = rate_twin.RateTable(
        rate_twin.rates_from({row.effective_from: row.rate_ppm for row in table.rows}, to_date(table.end_day))
    )
    switches, as_of = against_twins.random_switches(random), portfolio.edge_day(random, date(2000, 1, 1))
    rows = [portfolio.deposit(random, number, as_of, RATES_BP) for number in range(40)]
    events = {row["deposit_id"]: portfolio.events(random, row) for row in rows}
    portfolio.deposits(rows).write_parquet(tmp_path / "deposits.parquet")
    portfolio.transactions(each for own in events.values() for each in own).write_parquet(tmp_path / "events.parquet")
    job = NightlyJob(
        as_of, deposits=str(tmp_path / "deposits.parquet"), transactions=str(tmp_path / "events.parquet"),
        out=tmp_path / "out", switches=switches, max_bad_share=Fraction(1), max_repeated_share=Fraction(1),
    )  # fmt: skip
    run_nightly(job)
    good = set(read_results(job.out, "deposits").select("deposit_id").collect()["deposit_id"])
    for row in rows:
        if row["deposit_id"] not in good:
            with pytest.raises(UsageError, match="in quarantine"):
                deposit_life(job.out, row["deposit_id"])
            continue
        own = events[row["deposit_id"]]
        expected = transactions_deposit(row, own, as_of, rates_on, **switches)
        life = deposit_life(job.out, row["deposit_id"])
        if against_twins._moved_on_its_last_day(own, expected["accrued_days"]):
            continue
        figures = {name: figure for step in life.steps for name, figure in step.figures.items()}
        for name in ("status", "base_interest_cents", "interest_cents", "remittance_cents"):
            assert figures.get(name, expected[name]) == expected[name], (name, row, own, switches)
        statement(life)
    assert len(good) > 20


RATES_BP = dict.fromkeys(range(1990, 2028), 493)
