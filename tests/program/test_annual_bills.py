"""Bills of all participants at new prices: the 25 % test, events that the next night reads, what is refused."""

from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from calc.bulk.publish.results import read_results
from calc.bulk.run.nightly import run_nightly
from tests.bulk.test_nightly import job
from tests.cases.command import puccalc
from tests.rules.test_tariff import TEXT

PRICES: Final = """\
title = "Made up"
[[schedule]]
code = "R"
title = "Residential"
service = "electric"
unit = "kWh"
effective_from = 2026-01-01
citation = "Sheet 1"
fixed_charge = 0
tiers = [{ price = 0.40 }]
[[schedule]]
code = "R"
title = "Residential"
service = "electric"
unit = "kWh"
effective_from = 2026-07-10
citation = "Sheet 1, revised"
fixed_charge = 0
tiers = [{ price = 0.50 }]
"""
HEAD: Final = (
    "participant_id,account_id,service,primary_heating,regulated_gas,household_income,household_size,county_fips,"
    "leap_qualified,full_annual_bill,basis_bill,first_bill_date\n"
)
BILLS: Final = {"A": "480.00,", "B": "480.01,", "C": "600.00,", "D": ",", "E": "480.00,", "G": "900.00,480.00"}
"""Bill and basis; D's is not known."""


def write_inputs(folder: Path) -> None:
    rows = "".join(
        f"{name},1,electric,gas,true,4000.00,2,08031,false,{bill},2026-01-01\n" for name, bill in BILLS.items()
    )
    (folder / "participants.csv").write_text(HEAD + rows, "utf-8")
    use = "".join(f"{name},electric,R,{'100 ' * 12}\n" for name in "ABCDFG")
    (folder / "use.csv").write_text(f"participant_id,service,rate_schedule,monthly_use\n{use}", "utf-8")
    (folder / "prices.toml").write_text(PRICES, "utf-8")
    (folder / "tariff.toml").write_text(f'rate_schedules = "prices.toml"\n{TEXT}', "utf-8")


def bill(folder: Path, *more: str) -> Any:  # noqa: ANN401 - a summary
    """At 0.50 a kWh, twelve months of 100 kWh are 600.00."""
    return puccalc([
        "program", "bills", "--participants", str(folder / "participants.csv"),
        "--annual-bills", str(folder / "use.csv"), "--as-of", "2026-07-10",
        "--tariff", str(folder / "tariff.toml"), "-o", str(folder / "out"), *more, "--json",
    ]).json()  # fmt: skip


def test_the_test_of_a_quarter_over_all_participants(tmp_path: Path) -> None:
    """600.00 is a quarter above 480.00, less than a quarter above 480.01."""
    write_inputs(tmp_path)
    summary = bill(tmp_path)
    counted = {name: summary[name] for name in ("participants", "billed", "without_use", "due", "not_due", "unchanged")}
    assert counted == {"participants": 6, "billed": 5, "without_use": 1, "due": 2, "not_due": 1, "unchanged": 1}
    assert (summary["no_basis"], summary["refused"]) == (1, {"annual_bills": 1})
    assert summary["full_annual_bill_cents"] == 5 * 600_00
    assert summary["difference_cents"] == 120_00 + 119_99 + 0 + 120_00
    bills = pl.read_parquet(tmp_path / "out/bills.parquet")
    assert dict(bills.select("participant_id", "bill_change").rows()) == {
        "A": "due", "B": "not_due", "C": "none", "D": "no_basis", "G": "due",
    }  # fmt: skip
    refused = pl.read_parquet(tmp_path / "out/refused_annual_bills.parquet")
    assert refused.select("participant_id", "reasons").rows() == [("F", ["unknown_participant"])]


def test_the_next_night_reads_the_events(tmp_path: Path) -> None:
    """Income 4,000.00 at 3 %: 120.00. 480.00 leaves 30.00 a month, 600.00 from the bill of 1 August on 40.00."""
    write_inputs(tmp_path)
    bill(tmp_path)
    events = pl.read_parquet(tmp_path / "out/events.parquet")
    assert events["participant_id"].to_list() == ["A", "B", "G"]
    assert set(events.select("date", "kind", "amount_cents").rows()) == {(date(2026, 7, 10), "rate_change", 600_00)}
    people = pl.read_csv(tmp_path / "participants.csv", infer_schema_length=0).filter(
        pl.col("participant_id").is_in(["A", "B"])
    )
    people.write_csv(tmp_path / "people.csv")
    events.filter(pl.col("participant_id") != "G").write_parquet(tmp_path / "events.parquet")
    night = job(
        tmp_path / "night", as_of=date(2026, 12, 31), deposits=None, participants=str(tmp_path / "people.csv"),
        events=str(tmp_path / "events.parquet"), tariff=str(tmp_path / "tariff.toml"),
    )  # fmt: skip
    run_nightly(night)
    months = read_results(tmp_path / "night", "participant_months").collect()
    of_a, of_b = (months.filter(participant_id=each) for each in "AB")
    assert of_a["fixed_credit_cents"].to_list() == [30_00] * 7 + [40_00] * 5
    assert of_b["causes"].to_list()[7] == ["not_due"]
    assert bill(tmp_path, "--results", str(tmp_path / "night"))["due"] == 2, "as of 10 July the basis is still 480.00"
    later = puccalc([
        "program", "bills", "--participants", str(tmp_path / "people.csv"), "--annual-bills", str(tmp_path / "use.csv"),
        "--as-of", "2026-09-01", "--tariff", str(tmp_path / "tariff.toml"), "-o", str(tmp_path / "later"),
        "--results", str(tmp_path / "night"), "--json",
    ]).json()  # fmt: skip
    assert (later["unchanged"], later["not_due"]) == (1, 1), "A rests on 600.00 since August, B still on 480.01"


def test_participants_take_their_bill_from_their_use(tmp_path: Path) -> None:
    """D's bill was not known; E keeps its own."""
    write_inputs(tmp_path)
    bill(tmp_path)
    people = pl.read_parquet(tmp_path / "out/participants.parquet")
    found = {name: (full, basis) for name, full, basis in people.select(
        "participant_id", "full_annual_bill_cents", "basis_bill_cents").rows()}  # fmt: skip
    assert found["D"] == (600_00, None)
    assert found["E"] == (480_00, 480_00)
    assert found["A"] == (600_00, 480_00)
    night = job(
        tmp_path / "night", as_of=date(2026, 7, 31), deposits=None,
        participants=str(tmp_path / "out/participants.parquet"), tariff=str(tmp_path / "tariff.toml"),
    )  # fmt: skip
    manifest = run_nightly(night)
    assert manifest["rows"]["participants"] == {"in": 6, "out": 6, "quarantined": 0}
    yearly = read_results(tmp_path / "night", "participants").collect()
    assert dict(yearly.select("participant_id", "recalculation_due").rows())["A"]


def test_for_a_person(tmp_path: Path) -> None:
    write_inputs(tmp_path)
    command = [
        "program", "bills", "--participants", str(tmp_path / "participants.csv"),
        "--annual-bills", str(tmp_path / "use.csv"), "--as-of", "2026-07-10",
        "--tariff", str(tmp_path / "tariff.toml"), "-o", str(tmp_path / "out"),
    ]  # fmt: skip
    found = puccalc(command)
    assert found.code == 0
    lines = {" ".join(line.split()) for line in found.out.splitlines()}
    assert {"participants 6", "due 2", "not due 1", "full annual bill 3000.00", "difference 359.99"} <= lines
    assert "1 rows of annual_bills are refused" in found.err


def test_a_tariff_without_prices_is_named(tmp_path: Path) -> None:
    write_inputs(tmp_path)
    found = puccalc([
        "program", "bills", "--participants", "p", "--annual-bills", "u", "--as-of", "2026-07-10", "-o", str(tmp_path),
    ])  # fmt: skip
    assert found.code == 2
    assert "--tariff default: names no file of rate schedules" in found.err
