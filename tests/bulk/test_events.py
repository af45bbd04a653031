"""Events of participants in a nightly run: in any order, years as the twin has them, and what bad rows take along."""

import json
from dataclasses import asdict
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest

from calc import cli
from calc.bulk.publish.results import read_results
from calc.bulk.reconcile.check import check_output
from calc.bulk.run.dry_run import dry_run
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.bulk.run.outcome import Progress
from calc.bulk.run.resume import resume_nightly
from calc.kernels.participant_events import KINDS
from calc.rules.resolve import Rules, load_rules
from tests.portfolio import PARTICIPANT_SCHEMA
from tests.reference import participant_year as twin
from tests.reference.calendar import add_months
from tests.reference.fixed_credit import NoRuleBand, OutOfRange, ShareOutsideBand

Row = dict[str, Any]
ON = date(2026, 12, 31)
SCHEMA = {**PARTICIPANT_SCHEMA, "first_bill_date": pl.Date, "arrearage_elapsed_months": pl.Int64}
EVENT_SCHEMA = {
    "participant_id": pl.String, "service": pl.String, "date": pl.Date, "kind": pl.String, "amount_cents": pl.Int64,
    "word": pl.String,
}  # fmt: skip
HOUSEHOLD: Row = {
    **dict.fromkeys(SCHEMA), "participant_id": "P1", "account_id": "A1", "service": "electric",
    "primary_heating": "electric", "regulated_gas": False, "household_income_cents": 1_800_000, "household_size": 3,
    "leap_qualified": False, "full_annual_bill_cents": 180_000, "first_bill_date": date(2026, 1, 15),
}  # fmt: skip
"""6 % of 18,000.00 is 1,080.00; 720.00 of the bill is not affordable: 60.00 a month."""


def event(day: str, kind: str, amount: int | None = None, word: str | None = None, **more: str) -> Row:
    given = {"date": date.fromisoformat(day), "kind": kind, "amount_cents": amount, "word": word}
    return {"participant_id": "P1", "service": "electric", **given, **more}


def written(folder: Path, rows: list[Row], events: list[Row]) -> dict[str, str]:
    """Both as Parquet; the events in three files, the last rows first."""
    folder.mkdir(exist_ok=True)
    pl.DataFrame(rows, schema=SCHEMA, orient="row").write_parquet(folder / "participants.parquet")
    (folder / "events").mkdir(exist_ok=True)
    for number in range(3):
        frame = pl.DataFrame(events[number::3][::-1], schema=EVENT_SCHEMA, orient="row")
        frame.write_parquet(folder / "events" / f"{number}.parquet")
    return {"participants": str(folder / "participants.parquet"), "events": str(folder / "events")}


def job_of(out: Path, inputs: dict[str, str], **settings: Any) -> NightlyJob:  # noqa: ANN401 - fields of any type
    given: dict[str, Any] = {"as_of": ON, "deposits": None, "out": out, "max_bad_share": Fraction(1)}
    return NightlyJob(**{**given, **inputs, **settings})


def run(out: Path, inputs: dict[str, str], **settings: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    return run_nightly(job_of(out, inputs, **settings))


def months_of(out: Path) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for month in read_results(out, "participant_months").collect().rows(named=True):
        found.setdefault(month["participant_id"], []).append(month)
    return found


def quarantined(out: Path, manifest: dict[str, Any], name: str) -> list[tuple[Any, ...]]:
    """File or id, row, and reasons of what was refused."""
    files = [out / part["path"] for part in manifest["quarantine"][name]["parts"]]
    rows = pl.concat([pl.read_parquet(file) for file in files]).sort("file", "row") if files else pl.DataFrame()
    return [(row["participant_id"], row["reasons"]) for row in rows.to_dicts()]


# --- years


def a_day(random: Random, first_bill: date) -> date:
    """A day around the year; a fifth on bill days, and on ends of months and years."""
    day = first_bill + timedelta(days=random.randint(-40, 400))
    if random.random() < 0.2:
        day = add_months(first_bill, random.randint(0, 12)) + timedelta(days=random.choice((-1, 0, 0, 1)))
        day = random.choice((day, date(day.year, 12, 31), day.replace(day=1) - timedelta(days=1)))
    return day


def a_year(random: Random, number: int) -> tuple[Row, list[Row]]:
    """A participant with up to twelve events, none twice a day but those that add up."""
    first_bill = date(2026, 1, 1) + timedelta(days=random.randint(0, 364))
    months = random.choice((None, 7, 12, 24))
    row = {
        **HOUSEHOLD,
        "participant_id": f"P{number}",
        "service": random.choice(("electric", "gas")),
        "primary_heating": random.choice(("electric", "gas")),
        "regulated_gas": random.choice((True, False)),
        "household_income_cents": random.choice((0, 900_000, 1_800_000, 2_345_678)),
        "full_annual_bill_cents": random.randint(0, 400_000),
        "first_bill_date": first_bill,
        "leap_grant_cents": random.choice((None, 0, 12_345)),
        "arrearage_cents": random.randint(1, 100_000),
        "arrearage_months": months,
        "arrearage_elapsed_months": random.choice((None, 0, 5)),
    }
    events: dict[tuple[Any, ...], Row] = {}
    for place in range(random.randint(0, 12)):
        kind, day = random.choice((*KINDS[:10], *KINDS[:6], *KINDS)), a_day(random, first_bill)
        word = {
            "move": random.choice((None, "electric", "gas")),
            "heating": random.choice(("electric", "gas")),
            "regulated_gas": random.choice(("true", "false")),
            "budget_billing": random.choice(("on", "off")),
        }.get(kind)
        given = event(day.isoformat(), kind, random.randint(0, 300_000), word)
        key = (day, kind, place if kind in twin.ADD_UP else 0)
        events[key] = {**given, "participant_id": row["participant_id"], "service": row["service"]}
    return row, list(events.values())


def as_twin(row: Row, events: list[Row], rules: Rules) -> list[Row]:
    """The twin's months; none where it refuses the row."""
    classes = {name: getattr(rules.tariff, name) for name in ("share_ppm", "minimum_monthly_payment_cents")}
    tariff = {fuel: classes | asdict(rules.tariff.terms(fuel)) for fuel in ("electric", "gas")}
    try:
        return twin.participant_year(row, events, tariff, ON, grant_timing="remaining")
    except (NoRuleBand, ShareOutsideBand, OutOfRange):
        return []


@pytest.mark.parametrize("part_rows", [12, 100, 100_000])
def test_random_years_are_the_twins(part_rows: int, tmp_path: Path) -> None:
    """Parts of one participant each, of eight, and one of all; events in three files, in no order."""
    random = Random(20261231 + part_rows)  # noqa: S311 - rows, not secrets
    years = [a_year(random, number) for number in range(120)]
    events = [each for _, own in years for each in own]
    random.shuffle(events)
    manifest = run(tmp_path / "out", written(tmp_path / "in", [row for row, _ in years], events), part_rows=part_rows)
    found = months_of(tmp_path / "out")
    rules = load_rules(ON)
    expected = {row["participant_id"]: as_twin(row, own, rules) for row, own in years}
    assert len([each for each in expected.values() if each]) > 100
    for name, months in expected.items():
        assert found.get(name, []) == months
    assert manifest["rows"]["events"] == {"in": len(events), "out": len(events), "quarantined": 0}
    assert len(manifest["datasets"]["participant_months"]["parts"]) == {12: len(found), 100: 15, 100_000: 1}[part_rows]
    assert check_output(tmp_path / "out").differences == []


def test_a_grant_with_six_months_left(tmp_path: Path) -> None:
    """Six times 60.00: of 500.00, 360.00 cover what is left of the year and 140.00 go to the arrearage."""
    rows = [{**HOUSEHOLD, "arrearage_cents": 500_00}]
    manifest = run(tmp_path / "out", written(tmp_path / "in", rows, [event("2026-06-20", "leap_grant", 500_00)]))
    (months,) = months_of(tmp_path / "out").values()
    assert [month["program_credit_cents"] for month in months] == [60_00] * 6 + [0] * 6
    assert [month["leap_to_arrearage_cents"] for month in months] == [0] * 6 + [140_00] + [0] * 5
    totals = manifest["control_totals"]["participant_months"]
    assert totals["all"]["rows"] == 12
    assert (totals["all"]["fixed_credit_cents"], totals["all"]["program_credit_cents"]) == (720_00, 360_00)
    assert totals["electric"]["7"]["leap_to_arrearage_cents"] == 140_00
    assert manifest["rows"]["participant_months"] == {"in": 12, "out": 12, "quarantined": 0}


def test_months_without_events_and_none_without_a_first_bill(tmp_path: Path) -> None:
    rows = [HOUSEHOLD, {**HOUSEHOLD, "participant_id": "P2", "first_bill_date": None}]
    inputs = written(tmp_path / "in", rows, [])
    run(tmp_path / "out", {"participants": inputs["participants"]})
    assert {name: len(months) for name, months in months_of(tmp_path / "out").items()} == {"P1": 12}
    pl.DataFrame(rows, schema=SCHEMA, orient="row").drop("first_bill_date").write_parquet(inputs["participants"])
    manifest = run(tmp_path / "out", {"participants": inputs["participants"]})
    assert list(manifest["datasets"]) == ["participants"]


def test_events_after_the_as_of_day_have_not_happened(tmp_path: Path) -> None:
    inputs = written(tmp_path / "in", [HOUSEHOLD], [event("2026-06-20", "exit")])
    for as_of, in_program in ((date(2026, 6, 19), 12), (date(2026, 6, 20), 6)):
        run(tmp_path / "out", inputs, as_of=as_of)
        (months,) = months_of(tmp_path / "out").values()
        assert sum(month["in_program"] for month in months) == in_program


def test_recalculations_due_are_counted(tmp_path: Path) -> None:
    """1,800.00 on a basis of 1,440.00 is a quarter more; on 1,441.00 it is less than that."""
    rows = [
        {**HOUSEHOLD, "participant_id": f"P{basis}", "basis_bill_cents": basis} for basis in (144_000, 144_100, None)
    ]
    manifest = run(tmp_path / "out", written(tmp_path / "in", rows, []))
    assert manifest["control_totals"]["participants"]["all"]["recalculation_due"] == 1


def test_another_timing_of_grants_is_asked_of_the_months(tmp_path: Path) -> None:
    """As of six months left: under annual, 140.00 are the program's to recover instead of the arrearage's."""
    rows = [{**HOUSEHOLD, "arrearage_cents": 500_00}, {**HOUSEHOLD, "participant_id": "P2"}]
    manifest = run(tmp_path / "out", written(tmp_path / "in", rows, [event("2026-06-20", "leap_grant", 500_00)]))
    (moved,) = [each for each in manifest["open_readings"]["moved_by"] if each["switch"] == "grant_timing"]
    assert (moved["value"], moved["dataset"]) == ("annual", "participants")
    assert moved["moves"]["months_leap_to_arrearage_cents"] == -140_00
    assert moved["moves"]["months_credit_to_recover_cents"] == 140_00


# --- bad rows


BAD_ROWS = [HOUSEHOLD, *({**HOUSEHOLD, "participant_id": f"P{number}"} for number in range(2, 6))]
BAD_EVENTS = [
    event("2026-03-01", "payment", 100),
    event("2026-03-01", "payment", 100),
    event("2026-03-01", "move", participant_id="P2"),
    event("2026-04-01", "payment", 100, participant_id="P2"),
    event("2026-03-01", "income", 1, participant_id="P3"),
    event("2026-03-01", "income", 1, participant_id="P3"),
    event("2026-03-01", "exit", participant_id="P9"),
    event("2026-03-01", "exit", service="gas"),
    event("2026-03-02", "exit", participant_id=" "),
]
REFUSED = {
    ("P2", "missing_value"), ("P3", "duplicate_key"), ("P9", "unknown_participant"), ("P1", "unknown_participant"),
    (" ", "missing_value"),
}  # fmt: skip
"""Two payments of a day add up, two incomes do not; a gas event of an electric participant is nobody's."""


@pytest.mark.parametrize("part_rows", [12, 100_000])
def test_a_bad_event_takes_its_participant_along(part_rows: int, tmp_path: Path) -> None:
    out = tmp_path / "out"
    manifest = run(out, written(tmp_path / "in", BAD_ROWS, BAD_EVENTS), part_rows=part_rows)
    refused = quarantined(out, manifest, "events")
    assert {(name, *reasons) for name, reasons in refused} == REFUSED
    assert len(refused) == 6
    assert sorted(quarantined(out, manifest, "participants")) == [
        ("P2", ["depends_on_quarantined"]), ("P3", ["depends_on_quarantined"]),
    ]  # fmt: skip
    assert sorted(months_of(out)) == ["P1", "P4", "P5"]
    assert manifest["rows"]["events"] == {"in": 9, "out": 3, "quarantined": 6}
    note = "1 quarantined events name no participant: no participant could be held back for them"
    assert note in manifest["notes"]
    assert check_output(out).differences == []


@pytest.mark.parametrize("on", [ON, date(2026, 2, 28)])
def test_what_has_not_happened_refuses_nothing(on: date, tmp_path: Path) -> None:
    """Two incomes on 1 March refuse the participant from that day on; before it they change nothing: 60.00 a month."""
    events = [event("2026-03-01", "income", 900_000), event("2026-03-01", "income", 0)]
    manifest = run(tmp_path / "out", written(tmp_path / "in", [HOUSEHOLD], events), as_of=on)
    refused = [reasons for _, reasons in quarantined(tmp_path / "out", manifest, "events")]
    assert refused == ([["duplicate_key"]] * 2 if on == ON else [])
    credits_of_year = {month["fixed_credit_cents"] for each in months_of(tmp_path / "out").values() for month in each}
    assert credits_of_year == (set() if on == ON else {60_00})
    foreseen = dry_run(job_of(tmp_path / "dry", written(tmp_path / "in", [HOUSEHOLD], events), as_of=on))
    assert foreseen["datasets"]["events"]["reasons"] == ({"duplicate_key": 2} if on == ON else {})


def test_a_repeated_participant_and_one_without_a_first_bill(tmp_path: Path) -> None:
    """Their events are good; what they belong to is refused."""
    rows = [HOUSEHOLD, HOUSEHOLD, {**HOUSEHOLD, "participant_id": "P2", "first_bill_date": None}]
    events = [event("2026-03-01", "exit"), event("2026-03-01", "exit", participant_id="P2")]
    manifest = run(tmp_path / "out", written(tmp_path / "in", rows, events))
    assert quarantined(tmp_path / "out", manifest, "participants") == [
        ("P1", ["duplicate_key"]), ("P1", ["duplicate_key"]), ("P2", ["missing_value"]),
    ]  # fmt: skip
    assert manifest["rows"]["events"]["quarantined"] == 0
    assert manifest["datasets"]["participant_months"] == {"rows": 0, "parts": []}


def test_events_in_csv(tmp_path: Path) -> None:
    """In dollars; a line that is cut short is no row."""
    inputs = written(tmp_path / "in", BAD_ROWS[:2], [])
    path = tmp_path / "in" / "events.csv"
    path.write_text(
        "participant_id,service,date,kind,amount,word\nP1,electric,2026-06-20,leap_grant,360.00,\n"
        "P2,electric,2026-06-20,leap_grant\nP2,electric,2026-06-21,heating,,gas\n", "utf-8",
    )  # fmt: skip
    manifest = run(tmp_path / "out", {**inputs, "events": str(path)})
    assert manifest["rows"]["events"] == {"in": 3, "out": 2, "quarantined": 1}
    months = months_of(tmp_path / "out")
    assert [month["program_credit_cents"] for month in months["P1"]] == [60_00] * 6 + [0] * 6
    assert list(months) == ["P1"]


def test_a_dry_run_finds_the_same_bad_rows(tmp_path: Path) -> None:
    inputs = written(tmp_path / "in", BAD_ROWS, BAD_EVENTS)
    found = dry_run(job_of(tmp_path / "out", inputs))
    manifest = run(tmp_path / "out", inputs)
    for name in ("events", "participants"):
        assert found["datasets"][name]["reasons"] == manifest["quarantine"][name]["reasons"]
    assert found["datasets"]["participants"]["estimated_bytes_out"] > 0


# --- stops


def test_a_stopped_run_goes_on(tmp_path: Path) -> None:
    """Months are kept with their part; those that were tampered with are computed again."""
    random = Random(7)  # noqa: S311 - rows, not secrets
    years = [a_year(random, number) for number in range(40)]
    inputs = written(tmp_path / "in", [row for row, _ in years], [each for _, own in years for each in own])
    run(tmp_path / "whole", inputs, part_rows=60)

    def stop(progress: Progress) -> None:
        if (progress.dataset, progress.parts) == ("participants", 4):
            raise KeyboardInterrupt

    job = job_of(tmp_path / "out", inputs, part_rows=60, threads=1)
    with pytest.raises(KeyboardInterrupt):
        run_nightly(job, stop)
    (folder,) = (tmp_path / "out" / "runs").iterdir()
    kept, spoiled = sorted((folder / "participant_months").iterdir())[:2]
    spoiled.write_bytes(spoiled.read_bytes()[:-1])
    before = kept.stat().st_mtime_ns
    resume_nightly(tmp_path / "out")
    assert kept.stat().st_mtime_ns == before
    assert check_output(tmp_path / "out").differences == []
    assert months_of(tmp_path / "out") == months_of(tmp_path / "whole")
    assert not list(folder.glob("spill*"))


def test_a_month_that_was_changed_is_found(tmp_path: Path) -> None:
    manifest = run(tmp_path / "out", written(tmp_path / "in", [HOUSEHOLD], []))
    path = tmp_path / "out" / manifest["datasets"]["participant_months"]["parts"][0]["path"]
    pl.read_parquet(path).with_columns(pl.col("planned_payment_cents") + 1).write_parquet(path)
    assert any(str(path) in each for each in check_output(tmp_path / "out").differences)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inputs = written(tmp_path / "in", [{**HOUSEHOLD, "basis_bill_cents": 144_000}], [event("2026-06-20", "exit")])
    words = ["run", "nightly", "--as-of", "2026-12-31", "--out", str(tmp_path / "out"), "--progress", "none"]
    with pytest.raises(SystemExit) as ended:
        cli.main([*words, *(word for name, path in inputs.items() for word in (f"--{name}", path))])
    assert not ended.value.code
    told = " ".join(capsys.readouterr().out.split())
    assert "recalculations due, accounts 1 0 1" in told
    with pytest.raises(SystemExit) as ended:
        cli.main([*words, "--events", inputs["events"]])
    assert ended.value.code == 2
    assert "--events goes with --participants: give both" in capsys.readouterr().err
    assert json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))["rows"]["events"]["in"] == 1
