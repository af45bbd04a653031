"""What a run says its money rests on: the last day that earned, and what each other open reading would move."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from calc.bulk.reconcile import readings
from calc.bulk.run.nightly import run_nightly
from calc.rules.fields import topic_fields
from calc.rules.readings import open_readings
from calc.rules.resolve import load_rules
from calc.rules.schema import SWITCHES, TOPICS
from calc.sample import write_sample
from tests.bulk.bad_rows import numbered
from tests.bulk.stops import job_of
from tests.bulk.test_nightly import job, write

YEAR_END = date(2024, 12, 31)
HELD = {"principal_cents": 20_000, "received_date": date(2024, 1, 1)}


def night(folder: Path, *changes: Mapping[str, Any], **settings: Any) -> dict[str, Any]:  # noqa: ANN401 - as NightlyJob
    """A run over one deposit for each of the changes: by default 200.00 held since 2024-01-01, as of 2024-12-31."""
    rows = [{**numbered("deposits", number), **HELD, **change} for number, change in enumerate(changes)]
    given = {"as_of": YEAR_END, **settings}
    return run_nightly(job(folder / "out", deposits=write(folder, "deposits", rows, "parquet"), **given))


def moved(manifest: dict[str, Any], dataset: str = "deposits") -> dict[str, dict[str, int]]:
    return {
        f"{each['switch']}={each['value']}": each["moves"]
        for each in manifest["open_readings"]["moved_by"]
        if each["dataset"] == dataset
    }


@pytest.mark.parametrize(
    ("day_ends", "through"),
    [
        ("start_included_end_excluded", "2024-12-30"),
        ("start_excluded_end_included", "2024-12-31"),
        ("both", "2024-12-31"),
        ("neither", "2024-12-30"),
    ],
)
def test_the_last_day_that_earned_follows_from_the_day_ends(day_ends: str, through: str, tmp_path: Path) -> None:
    manifest = night(tmp_path, {}, switches={"day_ends": day_ends})
    assert manifest["interest_through"] == through
    assert f"day_ends is {day_ends}" in manifest["interest_through_note"]


@pytest.mark.parametrize("rows_at_a_time", [1, 2, 100])
def test_the_last_day_is_found_wherever_its_row_stands(
    rows_at_a_time: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paid on 1 July, 1 December, 1 May: the last day that earned is 30 November; one held to the end outdoes them."""
    monkeypatch.setattr("calc.bulk.reconcile.rests_on._ROWS_AT_A_TIME", rows_at_a_time)
    paid = [{"paid_date": date(2024, month, 1)} for month in (7, 12, 5)]
    assert night(tmp_path, *paid)["interest_through"] == "2024-11-30"
    assert night(tmp_path, *paid, {}, paid[0])["interest_through"] == "2024-12-30"


def test_nothing_held_to_the_day(tmp_path: Path) -> None:
    """Paid on 1 July, so 30 June is the last day that earned; one of no principal and one not received earn nothing."""
    later = {"received_date": date(2025, 1, 1)}
    paid = {"paid_date": date(2024, 7, 1)}
    manifest = night(tmp_path, paid, {"principal_cents": 0}, later, {"kind": "overcharge_refund"})
    assert manifest["interest_through"] == "2024-06-30"
    assert manifest["interest_through_note"] == "nothing that earns is held after 2024-06-30"


def test_no_day_earned(tmp_path: Path) -> None:
    """An advance whose interest is not payable earns the surcharge alone, and that has not begun."""
    silent = {"kind": "construction_advance", "interest_payable": False}
    manifest = night(tmp_path, silent, {"received_date": YEAR_END})
    assert manifest["interest_through"] is None
    assert manifest["interest_through_note"] == "no deposit earned interest on any day"


def test_no_rate_on_the_day(tmp_path: Path) -> None:
    """The table ends with 2027: what is held after that is refused, and what was paid before earned to then."""
    manifest = night(tmp_path, {}, {"paid_date": date(2025, 3, 1)}, as_of=date(2029, 1, 1))
    assert manifest["interest_through"] == "2025-02-28"
    assert manifest["interest_through_note"] == (
        "nothing that earns is held after 2025-02-28; rows refused, since no rate is in force on some of their days: 1"
    )


def test_what_other_day_ends_move(tmp_path: Path) -> None:
    """By hand, at 4.93 % in 366 days: 365 of them 9.8331, all 366 9.8600, 364 of them 9.8061: 9.83, 9.86, 9.81."""
    manifest = night(tmp_path, {})
    found = moved(manifest)
    assert found["day_ends=both"]["interest_due_cents"] == 3
    assert found["day_ends=neither"]["interest_due_cents"] == -2
    assert "day_ends=start_excluded_end_included" in manifest["open_readings"]["moves_nothing"]  # 365 days as well
    assert manifest["open_readings"]["datasets"]["deposits"] == {"rows": 1, "evaluated": 1, "is_sample": False}


def test_the_default_is_another_reading_where_a_switch_is_set(tmp_path: Path) -> None:
    found = moved(night(tmp_path, {}, switches={"day_ends": "both"}))
    assert found["day_ends=start_included_end_excluded"]["interest_due_cents"] == -3
    assert "day_ends=both" not in found


def test_a_reading_that_does_not_go_with_what_is_set(tmp_path: Path) -> None:
    told = night(tmp_path, {}, switches={"day_ends": "both"})["open_readings"]
    assert told["not_asked"] == ["day_count=thirty_e_360"]
    assert "day_count=thirty_e_360" not in told["moves_nothing"]


def test_rows_that_another_reading_refuses_are_told_apart(tmp_path: Path) -> None:
    """The as-of day is the first without a rate: it earns under `both`, and the row would be refused."""
    found = moved(night(tmp_path, {}, as_of=date(2028, 1, 1)))
    assert found["day_ends=both"] == {"refused_rows": 1}


def test_a_deposit_that_would_be_unclaimed(tmp_path: Path) -> None:
    """Two years after 2022-12-31 end on the as-of day: more than two years is the day after, or that day itself."""
    ended = {"received_date": date(2022, 1, 1), "service_ended_date": date(2022, 12, 31)}
    found = moved(night(tmp_path, ended))["more_than=anniversary"]
    assert (found["waiting_rows"], found["unclaimed_rows"]) == (-1, 1)
    assert found["remittance_cents"] > 20_000
    assert "interest_due_cents" not in found


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("portfolio")
    write_sample(3000, 5, folder)
    return folder


def test_every_row_moves_what_a_run_under_the_other_reading_gives(portfolio: Path, tmp_path: Path) -> None:
    """All parts, bad rows and transactions among them: the difference of the totals of two runs."""
    whole = {"transactions": str(portfolio / "transactions.parquet"), "sensitivities": True, "part_rows": 200}
    usual = run_nightly(job_of(portfolio, tmp_path / "usual", **whole))
    told = usual["open_readings"]
    assert all(each["evaluated"] == each["rows"] and not each["is_sample"] for each in told["datasets"].values())
    asked = {f"{each['switch']}={each['value']}": each for each in told["moved_by"]}
    refusing = {name for name, each in asked.items() if "refused_rows" in each["moves"]}
    assert refusing == {"estimate=monthly_average", "estimate=peak_consecutive"}  # few accounts have monthly bills
    for name in ("day_count=actual_360", "rounding_point=year", "surcharge_base=principal_plus_accrued"):
        switch, _, value = name.partition("=")
        other = run_nightly(job_of(portfolio, tmp_path / name, **whole, switches={switch: value}))
        totals = [each["control_totals"]["deposits"]["all"] for each in (usual, other)]
        moves = asked[name]["moves"]
        for figure in ("interest_due_cents", "remittance_cents", "surcharge_interest_cents"):
            assert moves.get(figure, 0) == totals[1][figure] - totals[0][figure] != 0


def test_a_sample_says_so_and_is_the_same_twice(
    portfolio: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readings, "SAMPLE_ROWS", 500)
    told = [
        run_nightly(job_of(portfolio, tmp_path / str(threads), threads=threads, part_rows=200))["open_readings"]
        for threads in (1, 3)
    ]
    assert told[0] == told[1]
    assert told[0]["moved_by"]
    deposits = told[0]["datasets"]["deposits"]
    assert deposits["rows"] == 3000
    assert deposits["is_sample"]
    assert 400 <= deposits["evaluated"] <= 600


def test_a_part_gives_one_row_of_every_so_many() -> None:
    class Files:
        files = (type("File", (), {"rows_hint": 10_000_000})(),)
        rows_hint = 10_000_000
        part_rows = 524_288

    parts, rows = readings._every(Files())  # type: ignore[arg-type] # what it looks at
    assert parts == 3  # 20 parts
    assert rows == 167  # a third of 10,000,000 rows over 20,000


def test_the_topics_of_all_open_readings_are_asked_of_some_dataset() -> None:
    """Topics without a switch have no other reading."""
    asked = {topic for topics in readings.TOPICS.values() for topic in topics}
    assert asked | {topic for topic in TOPICS if not {*topic_fields(topic, "electric")} & {*SWITCHES}} == set(TOPICS)
    assert {each.topic for each in open_readings(load_rules(YEAR_END))} <= asked
