import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from calc.errors import DataError, OutputLockedError, PublishRefusedError, RatesMissingError
from calc.rates.computing.table import load_rate_table
from calc.rates.fred.download import Answer, Observation
from calc.rates.fred.review import Review, review
from calc.rates.fred.series import month_number, shipped_series
from calc.rates.fred.snapshot import current_series, load_snapshot
from calc.rates.userfolder import one_writer, write_whole
from tests.rates.by_hand import RULE
from tests.rates.fred_stub import VINTAGE, months, xml


def answer(
    changes: Mapping[str, str | None] | None = None, vintage: str = VINTAGE, *, days: Mapping[str, str] | None = None
) -> Answer:
    figures = months(changes) if days is None else days
    observations = tuple(Observation(date.fromisoformat(day), value) for day, value in figures.items())
    series = "GS1" if days is None else "DGS1"
    return Answer(series, date.fromisoformat(vintage), observations, xml(figures, vintage))


def changed(reviewed: Review) -> list[tuple[object, ...]]:
    return [tuple(change) for change in reviewed.changes]


def test_without_a_snapshot_the_shipped_months_are_in_use(home: Path) -> None:
    assert load_snapshot() is None
    assert current_series() is shipped_series()
    assert load_rate_table(RULE).basis == "shipped"
    assert not home.exists()


def test_what_an_answer_changes() -> None:
    assert changed(review(answer())) == [
        ("2026-07", "printed", 405, 405),
        ("2026-08", "printed", 403, 403),
        ("2026-09", "printed", 437, 437),
        ("2026-10", "added", None, 431),
        ("2026-11", "added", None, 420),
    ]


def test_kept_months_are_in_use_and_make_the_rate_final(home: Path) -> None:
    record = review(answer()).keep()
    assert record == home / "rates" / "snapshot.json"
    series = current_series()
    assert series.month(month_number(2026, 11)) == ("2026-11", 420, "published")
    assert series.month(month_number(2026, 9)) == ("2026-09", 437, "published")
    assert series.month(month_number(1953, 4)) == ("1953-04", 236, "published")
    assert "as of 2026-12-02" in series.provenance
    table = load_rate_table(RULE)
    assert (table.rows[-1].rate_ppm, table.rows[-1].source) == (37800, "computed")  # 45.31 / 12 = 3.7758...
    assert table.rows[-1].known_on == date(2026, 12, 2)
    assert table.rows[-2].known_on == date(2025, 10, 1)
    assert table.provisional_from_day is None
    assert "FRED series GS1 as of 2026-12-02" in table.basis


def test_the_responses_are_kept_as_they_came(home: Path) -> None:
    daily = answer(days={"2026-10-01": "4.30", "2026-10-02": "4.32", "2026-11-02": "4.20"})
    review(answer(), daily).keep()
    files = json.loads((home / "rates" / "snapshot.json").read_text("utf-8"))["files"]
    assert (home / "rates" / files["response_GS1"]["name"]).read_bytes() == answer().raw
    assert (home / "rates" / files["response_DGS1"]["name"]).read_bytes() == daily.raw


def test_a_revision_is_known_from_its_vintage() -> None:
    review(answer()).keep()
    second = review(answer({"2026-09": "4.61", "2026-12": "4.10"}, "2027-01-05"))
    assert changed(second) == [("2026-09", "revised", 437, 461), ("2026-12", "added", None, 410)]
    with pytest.raises(PublishRefusedError, match=r"2026-09 was 4\.37, is 4\.61.*--accept 2026-09"):
        second.keep()
    second.keep(["2026-09"])
    rates = {day: load_rate_table(RULE, known_on=day).rows[-1] for day in (date(2026, 12, 1), date(2027, 1, 4))}
    assert [(row.rate_ppm, row.source) for row in rates.values()] == [(37800, "provisional"), (37800, "computed")]
    last = load_rate_table(RULE, known_on=date(2027, 1, 5)).rows[-1]
    assert (last.rate_ppm, last.known_on) == (38000, date(2027, 1, 5))  # 45.55 / 12 = 3.7958...
    assert load_rate_table(RULE).rows[-1] == last
    third = review(answer({"2026-09": "4.61", "2026-12": "4.10"}, "2027-01-06"))
    assert changed(third) == []
    third.keep()
    assert load_rate_table(RULE).rows[-1].known_on == date(2027, 1, 5)


def test_months_that_fred_has_not_printed_yet_stay_derived() -> None:
    gone: dict[str, str | None] = {f"2026-{month:02d}": None for month in range(7, 12)}
    assert changed(review(answer(gone))) == []
    review(answer(gone)).keep()
    assert current_series().month(month_number(2026, 9)) == ("2026-09", 437, "derived")
    assert load_rate_table(RULE).rows[-1].source == "provisional"


@pytest.mark.parametrize(
    ("changes", "vintage", "missing"),
    [
        ({"2026-10": None}, VINTAGE, ("2026-10",)),
        ({"2026-08": None}, VINTAGE, ("2026-08",)),
        ({"2026-10": "."}, VINTAGE, ("2026-10",)),
        ({"2026-11": "."}, VINTAGE, ("2026-11",)),
        ({"1953-04": None, "1980-05": "."}, VINTAGE, ("1953-04", "1980-05")),
        ({f"2026-{month:02d}": None for month in range(6, 12)}, VINTAGE, ("2026-06",)),
        ({}, "2026-11-30", ()),
        ({}, "2026-11-20", ()),
        ({"2026-11": "100.01"}, VINTAGE, ()),
        ({"2026-11": "-0.10"}, VINTAGE, ()),
    ],
)
def test_an_answer_that_cannot_be_used(changes: dict[str, str | None], vintage: str, missing: tuple[str, ...]) -> None:
    with pytest.raises(RatesMissingError) as raised:
        review(answer(changes, vintage))
    assert raised.value.missing_months == missing
    assert all(month in str(raised.value) for month in missing)


def test_days_instead_of_months_are_refused() -> None:
    with pytest.raises(RatesMissingError, match="2026-11-02"):
        review(answer(days={**months(), "2026-11-02": "4.20"}))


def test_an_answer_older_than_the_snapshot_is_refused() -> None:
    review(answer(vintage="2026-12-10")).keep()
    with pytest.raises(RatesMissingError, match="2026-12-10"):
        review(answer(vintage="2026-12-09"))


@pytest.mark.parametrize(("figure", "doubtful"), [("6.31", []), ("6.32", ["2026-11"]), ("2.30", ["2026-11"])])
def test_a_jump_of_more_than_two_points_wants_a_look(figure: str, doubtful: list[str]) -> None:
    assert list(review(answer({"2026-11": figure})).doubts) == doubtful  # October is 4.31


def test_months_are_the_means_of_their_days_rounded_half_up() -> None:
    good = {"2026-10-01": "4.30", "2026-10-02": ".", "2026-10-05": "4.31", "2026-11-02": "4.20", "2026-12-01": "9.99"}
    assert review(answer(), answer(days=good)).doubts == {}
    wrong = {**good, "2026-10-05": "4.30"}
    doubts = review(answer(), answer(days=wrong)).doubts
    assert doubts == {"2026-10": ["is 4.31, the mean of its 2 daily figures 4.30"]}
    del wrong["2026-11-02"]
    assert review(answer(), answer(days=wrong)).doubts["2026-11"] == ["has no daily figures"]


def test_every_doubt_has_to_be_accepted(home: Path) -> None:
    reviewed = review(answer({"1980-05": "9.40", "2026-11": "9.00"}))
    with pytest.raises(PublishRefusedError, match="--accept 1980-05 --accept 2026-11"):
        reviewed.keep()
    with pytest.raises(PublishRefusedError, match=r"--accept 2026-11$"):
        reviewed.keep(["1980-05"])
    assert not (home / "rates").exists()
    reviewed.keep(["1980-05", "2026-11"])
    assert json.loads((home / "rates" / "snapshot.json").read_text("utf-8"))["accepted"] == ["1980-05", "2026-11"]


@pytest.mark.parametrize("kind", ["months", "response_GS1"])
def test_an_altered_or_missing_file_is_named(home: Path, kind: str) -> None:
    record = review(answer()).keep()
    path = home / "rates" / json.loads(record.read_text("utf-8"))["files"][kind]["name"]
    content = path.read_bytes()
    path.write_bytes(content.replace(b"4.37", b"4.38"))
    with pytest.raises(DataError, match=f"{path.name}.*SHA-256"):
        load_rate_table(RULE)
    path.unlink()
    with pytest.raises(DataError, match=f"{path.name}.*No such file"):
        load_rate_table(RULE)
    path.write_bytes(content)
    assert load_rate_table(RULE).rows[-1].source == "computed"


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"vintage": "soon", "files": {}}', '{"vintage": "2026-12-02", "files": {}}']
)
def test_a_damaged_record_is_named(home: Path, content: str) -> None:
    review(answer()).keep().write_text(content, "utf-8")
    with pytest.raises(DataError, match=r"snapshot\.json"):
        load_snapshot()
    assert home.exists()


def test_newer_shipped_months_outrank_the_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    review(answer()).keep()
    monkeypatch.setattr("calc.rates.fred.snapshot.shipped_taken", lambda: date(2026, 12, 2))
    assert current_series() is not shipped_series()
    monkeypatch.setattr("calc.rates.fred.snapshot.shipped_taken", lambda: date(2026, 12, 3))
    assert current_series() is shipped_series()


def test_one_writer_at_a_time() -> None:
    with one_writer(), pytest.raises(OutputLockedError, match="try again"), one_writer():
        pass
    with one_writer():
        pass


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_alone_in_its_folder(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "new" / "register.jsonl"
    write_whole(path, b"old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os if step == "fsync" else Path, step, full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"new")
    assert {each.name: each.read_bytes() for each in path.parent.iterdir()} == {"register.jsonl": b"old"}


KILLED = """
import os, signal, sys
from tests.rates.test_snapshot import answer
from calc.rates.fred.review import review
steps = 0
def counted(call):
    def step(*arguments, **options):
        global steps
        steps += 1
        if steps == int(sys.argv[1]):
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments, **options)
    return step
reviewed = review(answer({"2026-12": "4.10"}, "2027-01-05"))
os.fsync, os.replace, os.rename = counted(os.fsync), counted(os.replace), counted(os.rename)
reviewed.keep()
print(steps)
"""


def kill_at(step: int) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PUCCALC_JIT": "0", "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", KILLED, str(step)]
    return subprocess.run(command, check=False, capture_output=True, text=True, env=environment)


def test_a_kill_during_the_write_leaves_the_old_snapshot_or_the_new_one() -> None:
    review(answer()).keep()
    old = current_series()
    for step in range(1, 10):
        assert kill_at(step).returncode == -signal.SIGKILL
        if step < 9:
            assert (
                current_series() == old
            )  # the record is renamed in the eighth step: temp file, sync and rename of three files
    assert current_series().last_month == old.last_month + 1
    run = kill_at(0)
    assert (run.returncode, run.stdout.strip()) == (0, "9")


def test_a_record_that_cannot_be_read_is_named(home: Path) -> None:
    (home / "rates" / "snapshot.json").mkdir(parents=True)
    with pytest.raises(DataError, match=r"snapshot\.json: cannot be read"):
        load_snapshot()
