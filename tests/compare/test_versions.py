"""Two tables of rates, two tariffs, two versions of the rules: what differs, and its effect, each worked by hand."""

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.cli import main
from calc.compare.rate_tables import differing_spans, with_existing_rate
from calc.errors import UsageError
from calc.rates.computing.table import RateTable
from tests.structure.kernels import ROOT

DEPOSITS = """\
deposit_id,account_id,service,principal,received_date,paid_date,remitted_date,service_ended_date,order_payable_date
D1,A1,electric,1000.00,2024-01-01,2025-01-01,,,
D2,A2,gas,1000.00,2025-01-01,2026-01-01,,,
D3,A3,gas,1000.00,soon,,,,
D4,A4,gas,1000.00,2023-06-01,2023-07-01,,,
"""
PARTICIPANTS = """\
participant_id,account_id,service,primary_heating,regulated_gas,household_income,household_size,county_fips,leap_qualified,full_annual_bill
P1,A1,electric,electric,false,18000.00,3,,false,1800.00
P2,A2,gas,gas,false,18000.00,3,,false,100.00
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUCCALC_HOME", str(tmp_path / "home"))


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path, code: int = 0) -> str:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    captured = capsys.readouterr()
    assert ended.value.code == code, captured.err
    return captured.out if code == 0 else captured.err


def told(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Any:  # noqa: ANN401 - JSON
    return json.loads(run(capsys, *arguments, "--json"))


def table(path: Path, *rows: str) -> Path:
    path.write_text("effective_from,rate_percent\n" + "\n".join(rows) + "\n")
    return path


def test_rates_differ_on_days(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """5 % instead of 4 % in 2025 is 10.00 more on 1,000.00; a row that says the same again changes nothing."""
    before = table(tmp_path / "a.csv", "2024-01-01,4.00", "2025-07-01,4.00")
    after = table(tmp_path / "b.csv", "2024-01-01,4.00", "2025-01-01,5.00")
    deposits = tmp_path / "deposits.csv"
    deposits.write_text(DEPOSITS)
    options = ("--deposits", deposits, "--as-of", "2025-12-31", "-o", tmp_path / "out")
    shown = told(capsys, "rates", "diff", before, after, *options)
    assert shown["spans"] == [
        {"from": "2025-01-01", "through": "2025-12-31", "was_percent": "4.00", "is_percent": "5.00"}
    ]
    effect = shown["effect"]["deposits"]
    # D3 cannot be read, D4 lies before both tables: neither is computed by either.
    assert (effect["rows"], effect["rows_computed"], effect["changed"]) == (4, 2, 1)
    # As of the last day, 364 days of 2025: 4,000 x 364/365 = 39.89 and 5,000 x 364/365 = 49.86.
    assert effect["sums"]["interest_cents"] == {"before": 4000 + 3989, "after": 4000 + 4986, "difference": 997}
    rows = pl.read_parquet(tmp_path / "out" / "deposits.parquet")
    assert rows.select("deposit_id", "change", "difference_interest_cents").rows() == [("D2", "changed", 997)]
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["spans"] == shown["spans"]
    text = run(capsys, "rates", "diff", before, after, *options[:4])
    assert "2025-01-01 through 2025-12-31: was 4.00, is 5.00" in text
    assert "the rate is the same on every day" in run(capsys, "rates", "diff", before, before)


def test_a_row_that_one_table_alone_computes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = table(tmp_path / "a.csv", "2023-01-01,4.00")
    after = table(tmp_path / "b.csv", "2024-01-01,4.00")
    (tmp_path / "deposits.csv").write_text(DEPOSITS)
    shown = told(
        capsys, "rates", "diff", before, after, "--deposits", tmp_path / "deposits.csv", "--as-of", "2026-01-01"
    )  # fmt: skip
    assert [(span["was_percent"], span["is_percent"]) for span in shown["spans"]] == [("4.00", None), (None, "4.00")]
    effect = shown["effect"]["deposits"]
    # D4 earns in 2023, D1 in 2024; D2's 2025 has no rate in either table.
    assert (effect["rows_computed"], effect["only_before"], effect["only_after"]) == (0, 1, 1)


def test_nights_on_restated_rates_are_named_and_stay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "deposits.csv").write_text(DEPOSITS.replace("D3,A3,gas,1000.00,soon,,,,\n", ""))
    nights = []
    for as_of in (date(2024, 6, 30), date(2026, 6, 30)):
        job = NightlyJob(as_of, deposits=str(tmp_path / "deposits.csv"), out=tmp_path / str(as_of))
        run_nightly(job)
        nights.append(job.out)
    manifests = [(each / "manifest.json").read_bytes() for each in nights]
    out = json.loads(manifests[0])
    # A file with the rates in use, but 2025 restated.
    rows = told(capsys, "rates", "table")
    restated = table(
        tmp_path / "b.csv",
        *(f"{row['effective_from']},{'9.99' if row['effective_from'] == '2025-01-01' else row['rate_percent']}"
          for row in rows),
    )  # fmt: skip
    shown = told(
        capsys, "rates", "diff", "current", restated, *(word for each in nights for word in ("--results", each))
    )
    assert [(each["as_of"], each["restated_from"]) for each in shown["restated_results"]] == [
        ("2026-06-30", "2025-01-01")
    ]
    assert shown["other_results"] == [{"run_id": out["run_id"], "as_of": "2024-06-30", "rests_on": "before"}]
    assert [(each / "manifest.json").read_bytes() for each in nights] == manifests
    said = run(capsys, "rates", "diff", "current", restated, "--results", nights[1])
    assert "its results stand as they are" in said


@pytest.mark.parametrize("name", ["known:2024-13-01", "yesterday", "rates.txt"])
def test_what_is_no_table(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "a table is current, shipped, known:YYYY-MM-DD" in run(capsys, "rates", "diff", name, "current", code=2)


def test_what_was_known_on_a_day(capsys: pytest.CaptureFixture[str]) -> None:
    """On 30 June 2024 no rate of 2025 could be known: its window ended in September."""
    spans = told(capsys, "rates", "diff", "known:2024-06-30", "current")["spans"]
    assert (spans[0]["from"], spans[0]["was_percent"]) == ("2025-01-01", None)
    assert told(capsys, "rates", "diff", "shipped", "current")["spans"] == []


def test_the_existing_rate_goes_on() -> None:
    ten = RateTable.flat(100_000)
    with pytest.raises(UsageError, match="no rate is in force on 1954-12-31"):
        with_existing_rate(ten, 1955)
    assert differing_spans(ten, with_existing_rate(ten, 2030)) == []


def test_tariffs_value_by_value(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """4 % instead of 6 % of 18,000.00 is 360.00 more credit a year for P1; P2's bill is below any share."""
    own = tmp_path / "own.toml"
    text = (ROOT / "data/tariffs/us-co/default.toml").read_text()
    assert "electric_heat = 60000" in text
    own.write_text(text.replace("electric_heat = 60000", "electric_heat = 40000"))
    (tmp_path / "participants.csv").write_text(PARTICIPANTS)
    shown = told(
        capsys, "tariff", "diff", "default", own, "--participants", tmp_path / "participants.csv", "--as-of",
        "2026-09-30",
    )  # fmt: skip
    assert shown["changes"] == [{"name": "share_ppm.electric_heat", "before": 60_000, "after": 40_000}]
    effect = shown["effect"]["participants"]
    assert (effect["rows_computed"], effect["changed"]) == (2, 1)
    assert effect["sums"]["fixed_credit_annual_cents"]["difference"] == 36_000
    text = run(capsys, "tariff", "diff", "default", own)
    assert text == "share_ppm.electric_heat: was 6.00 %, is 4.00 %\n"
    assert run(capsys, "tariff", "diff", "default", "default") == "the tariffs choose the same\n"


def test_rules_of_two_readings_and_of_another_release(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Actual/360 pays 1,000.00 x 4.93 % x 366/360 for 2024: 50.12 instead of 49.30."""
    (tmp_path / "deposits.csv").write_text(DEPOSITS)
    shown = told(
        capsys, "rules", "diff", "2024-12-31", "us-co@2024-12-31", "--set-b", "day_count=actual_360", "--deposits",
        tmp_path / "deposits.csv", "--as-of", "2025-01-01",
    )  # fmt: skip
    assert [(each["name"], each["after"]) for each in shown["changes"]] == [
        ("electric.deposit_interest.day_count", "actual_360"),
        ("gas.deposit_interest.day_count", "actual_360"),
    ]
    assert shown["changes"][0]["citation_before"] == "4 CCR 723-3-3403(o)"
    sums = shown["effect"]["deposits"]["sums"]["interest_cents"]
    # D4: 1,000.00 x 1.69 % x 30 days is 1.389 of 365 and 1.408 of 360.
    assert sums == {"before": 4930 + 139, "after": 5012 + 141, "difference": 84}
    release = tmp_path / "release"
    shutil.copytree(ROOT / "data", release)
    rule = release / "rules/us-co/gas/deposit_limit.toml"
    rule.write_text(
        rule.read_text().replace(
            'value = 2\ncitation = "4 CCR 723-4-4403(l)"', 'value = 1\ncitation = "4 CCR 723-4-4403(l)"'
        )
    )
    environment = {"PUCCALC_DATA_DIR": str(release), "PATH": "/usr/bin:/bin"}
    subprocess.run([sys.executable, "-m", "calc.datafiles"], check=True, capture_output=True, env=environment, cwd=ROOT)
    text = run(capsys, "rules", "diff", f"{release}@2026-09-30", "us-co@2026-09-30")
    assert text == "gas.deposit_limit.return_late_payments_max: was 1, is 2 (4 CCR 723-4-4403(l))\n"
    assert run(capsys, "rules", "diff", "2026-09-30", "2026-09-30") == "the rules say the same\n"


def test_rules_of_another_jurisdiction(capsys: pytest.CaptureFixture[str]) -> None:
    names = {each["name"] for each in told(capsys, "rules", "diff", "us-co@2026-09-30", "us-md@2026-09-30")["changes"]}
    assert any(name.startswith("limit.") for name in names)
    assert "a version is" in run(capsys, "rules", "diff", "us-co", "2026-09-30", code=2)
