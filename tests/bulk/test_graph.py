"""The order in which a night takes its datasets, what must be given together, and nights without deposits."""

import json
from datetime import date
from pathlib import Path

import pytest

from calc import cli
from calc.bulk.publish.results import read_results
from calc.bulk.reconcile.check import check_output
from calc.bulk.run import graph
from calc.bulk.run.dry_run import dry_run
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.bulk.run.resume import resume_nightly
from calc.errors import UsageError
from calc.topics import nightly_datasets
from tests.bulk.bad_rows import frame_of, numbered

AS_OF = date(2026, 9, 30)


@pytest.fixture
def participants(tmp_path: Path) -> str:
    """A bill of 1,800.00 and an income of 18,000.00: 6 % of it are 1,080.00, so 720.00 a year are credited."""
    rows = [numbered("participants", number) for number in range(3)]
    figures = {"household_income_cents": 1_800_000, "full_annual_bill_cents": 180_000, "share_ppm": 60_000}
    where = {"service": "electric", "primary_heating": "electric", "regulated_gas": False}
    path = tmp_path / "participants.parquet"
    frame_of("participants", [{**row, **figures, **where} for row in rows]).write_parquet(path)
    return str(path)


@pytest.fixture
def deposits(tmp_path: Path) -> str:
    path = tmp_path / "deposits.parquet"
    frame_of("deposits", [numbered("deposits", number) for number in range(4)]).write_parquet(path)
    return str(path)


def test_each_comes_after_what_it_rests_on() -> None:
    names = ["participants", "accounts", "deposits", "transactions"]
    assert graph.in_order(names) == ["transactions", "deposits", "accounts", "participants"]
    assert graph.in_order(["accounts", "deposits"]) == ["deposits", "accounts"]
    assert graph.in_order(["participants"]) == ["participants"]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (["transactions"], "--transactions goes with --deposits"),
        (["accounts", "participants"], "--accounts goes with --deposits"),
        ([], "nothing to recalculate: give one of --deposits, --participants"),
        (["deposit"], "deposit: no such dataset"),
    ],
)
def test_what_goes_together(given: list[str], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        graph.check_complete(given)


def test_datasets_of_topics_have_control_totals() -> None:
    """What could not be checked is not taken: a topic's dataset without totals has quotes and batches alone."""
    own = nightly_datasets.own_datasets()
    assert {"installment_plans", "budget_plans"} <= own.keys()
    assert all(topic.dataset.key and topic.dataset.total_by for topic in own.values())
    assert "discontinuances" not in own


def test_participants_alone(participants: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    manifest = run_nightly(NightlyJob(AS_OF, None, out, participants=participants))
    found = read_results(out, "participants").collect()
    assert found["program_credit_annual_cents"].to_list() == [72_000] * 3
    assert list(manifest["datasets"]) == ["participants", "participant_months"]
    assert (manifest["rolled_from"], manifest["roll_forward"]) == ({"why_not": "no deposits are given"}, {})
    assert list(manifest["bounds"]) == ["max_bad_share"]
    assert check_output(out).differences == []
    rehearsed = dry_run(NightlyJob(AS_OF, None, out, participants=participants))
    assert rehearsed["datasets"]["participants"]["rows"] == 3
    assert rehearsed["refused"] is None


def test_deposits_come_and_go(participants: str, deposits: str, tmp_path: Path) -> None:
    """A night with deposits after one without is not rolled forward."""
    out = tmp_path / "out"
    run_nightly(NightlyJob(AS_OF, None, out, participants=participants))
    second = run_nightly(NightlyJob(AS_OF, deposits, out))
    assert "kept nothing to roll forward from" in second["rolled_from"]["why_not"]
    assert second["bounds"]["max_gone_share"]["why_not"] == "the previous run had no deposits"
    run_nightly(NightlyJob(AS_OF, None, out, participants=participants))
    assert check_output(out).differences == []


def test_a_stopped_night_of_participants_goes_on(participants: str, tmp_path: Path) -> None:
    out = tmp_path / "out"

    def stop(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_nightly(NightlyJob(AS_OF, None, out, participants=participants, part_rows=1, threads=1), stop)
    assert resume_nightly(out)["rows"]["participants"] == {"in": 3, "out": 3, "quarantined": 0}


def test_the_command(participants: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["run", "nightly", "--as-of", "2026-09-30", "--out", str(tmp_path / "out"), "--progress", "none"]
    with pytest.raises(SystemExit) as ended:
        cli.main([*words, "--participants", participants])
    assert not ended.value.code
    told = capsys.readouterr().out
    assert "fixed credits, a year" in told
    assert "Deposits by service" not in told
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == 2
    assert "nothing to recalculate: give one of --deposits, --participants" in capsys.readouterr().err
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["datasets"].keys() == {"participants", "participant_months"}
