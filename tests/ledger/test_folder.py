"""A ledger's folder: altered by hand, held by two, and left by a process that was killed at any write."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from time import monotonic, sleep
from typing import Any

import polars as pl
import pytest

from calc import atomic_write
from calc.bulk.run.reread import Reread, reread
from calc.disk import sync_folder
from calc.ledger import entered, entering, folder, postings
from tests.ledger.nights import amounts, command, deposits, night

BOOK = deposits(
    {"deposit_id": "Y", "interest_payment": "annual"},
    {"deposit_id": "R", "principal_cents": 200_00, "paid_date": date(2025, 1, 1)},
)
DAYS = (date(2024, 12, 31), date(2025, 1, 1))
WHOLE = {"Y": 4_92, "R": 9_86}
"""Posted by both nights, worked out in test_post.py."""


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    place = tmp_path_factory.mktemp("nights")
    return [night(place, BOOK, day) for day in DAYS]


@pytest.fixture
def ledger(nights: list[Path], tmp_path: Path) -> Path:
    """A ledger with two entries."""
    for each in nights:
        post(each, tmp_path / "ledger")
    return tmp_path / "ledger"


@cache
def published(out: Path) -> Reread:
    return reread(out)


def post(out: Path, place: Path) -> None:
    """What the command does."""
    opened = published(out)
    with folder.opened(place) as ledger:
        entering.enter(ledger, entered.POSTING, opened, lambda: postings.postings(opened, ledger))


def contents(place: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(place)): path.read_bytes()
        for path in sorted(place.rglob("*"))
        if path.is_file() and path.name != "lock"
    }


def line_changed(number: int, old: str, new: str) -> Callable[[Path], None]:
    def change(place: Path) -> None:
        lines = (place / "ledger.jsonl").read_text("utf-8").splitlines()
        assert old in lines[number - 1]
        lines[number - 1] = lines[number - 1].replace(old, new)
        (place / "ledger.jsonl").write_text("\n".join([*lines, ""]), "utf-8")

    return change


def line_gone(number: int) -> Callable[[Path], None]:
    def change(place: Path) -> None:
        lines = (place / "ledger.jsonl").read_text("utf-8").splitlines()
        del lines[number - 1]
        (place / "ledger.jsonl").write_text("".join(f"{line}\n" for line in lines), "utf-8")

    return change


def bytes_changed(change_of: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def change(place: Path) -> None:
        path = place / "ledger.jsonl"
        path.write_bytes(change_of(path.read_bytes()))

    return change


def more_posted(name: str) -> Callable[[Path], None]:
    def change(place: Path) -> None:
        frame = pl.read_parquet(place / name)
        frame.with_columns(pl.col("amount_cents") + 1).write_parquet(place / name)

    return change


ALTERED: dict[str, tuple[Callable[[Path], None], str]] = {
    "an amount in the chain": (line_changed(1, '"amount_cents":492', '"amount_cents":493'), "entry 1 has been altered"),
    "the last entry's day": (line_changed(2, "2025-01-01", "2025-01-02"), "entry 2 has been altered"),
    "the first entry taken out": (line_gone(1), "entry 1 does not follow"),
    "the last entry taken out": (line_gone(2), "entry 2 is missing"),
    "an entry's postings": (more_posted("entries/000001/postings.parquet"), "entry 1 wrote"),
    "an entry's postings taken out": (lambda place: (place / "entries/000002/postings.parquet").unlink(), "entry 2"),
    "the postings that people read": (more_posted("postings.parquet"), "entry 2 did not write"),
    "the transactions of the next night": (more_posted("transactions.parquet"), "entry 2 did not write"),
    "no text at all": (bytes_changed(lambda _: b"\xff\n"), "is no text"),
    "a line cut short": (bytes_changed(lambda content: content[:-9]), "entry 2 has been altered or cut short"),
}


@pytest.mark.parametrize("name", ALTERED)
def test_an_altered_ledger_is_refused_by_entry(
    name: str, ledger: Path, nights: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    change, complaint = ALTERED[name]
    change(ledger)
    before = contents(ledger)
    assert complaint in command(capsys, "post", nights[1], "-o", ledger, code=3)["error"]
    assert contents(ledger) == before


def test_copies_that_are_gone_are_made_again(ledger: Path, nights: list[Path]) -> None:
    before = contents(ledger)
    for name in ("postings.parquet", "transactions.parquet", "summary.json", "ledger.head"):
        (ledger / name).unlink()
    post(nights[1], ledger)
    assert contents(ledger) == before


HOLD = """
import sys
from pathlib import Path
from calc.ledger.folder import opened

with opened(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_user_is_refused(ledger: Path, nights: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            HOLD,
            str(ledger),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    shown = command(capsys, "post", nights[1], "-o", ledger, code=6)
    assert f"process {holder.pid}" in shown["error"]
    holder.communicate()
    assert command(capsys, "post", nights[1], "-o", ledger)["again"]


class Killed(BaseException):
    """A death: nothing but the lock's end happens after it."""


STEPS = ("open", "sync", "rename", "renamed", "made")


def die_at(monkeypatch: pytest.MonkeyPatch, step: str, place: int) -> None:
    """Die at a step of the write of that place; `made` is the making of a folder."""
    left = [place]

    def before(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - those of what it stands for
            if step == name:
                left[0] -= 1
                if not left[0]:
                    raise Killed
            return real(*arguments, **named)

        return call

    monkeypatch.setattr(os, "fsync", before("sync", os.fsync))
    monkeypatch.setattr(Path, "open", before("open", Path.open))
    monkeypatch.setattr(Path, "replace", before("rename", Path.replace))
    monkeypatch.setattr(Path, "mkdir", before("made", Path.mkdir))
    monkeypatch.setattr(atomic_write, "sync_folder", before("renamed", sync_folder))


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("place", range(1, 6))
def test_killed_between_any_two_writes(
    step: str, place: int, nights: list[Path], ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second posting dies: the ledger is the one before or the next, and posting again gives the next."""
    whole = contents(ledger)
    again = tmp_path / "again"
    post(nights[0], again)
    before = contents(again)
    with monkeypatch.context() as patch:
        die_at(patch, step, place)
        try:
            post(nights[1], again)
        except Killed:
            pass
        else:
            assert place > 1, "nothing was written"
    with folder.opened(shutil.copytree(again, tmp_path / "looked at")) as found:
        committed = len(found.entries)
    assert {name: content for name, content in contents(tmp_path / "looked at").items() if "000002" not in name} == {
        name: content for name, content in (before, whole)[committed - 1].items() if "000002" not in name
    }
    post(nights[1], again)
    assert contents(again) == whole
    assert amounts(again / "transactions.parquet") == WHOLE


WORKER = """
import sys
from pathlib import Path
from calc.bulk.run.reread import reread
from calc.ledger import claims, entered, entering, folder, postings, remittances

night = reread(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
with folder.opened(Path(sys.argv[2])) as ledger:
    entering.enter(ledger, entered.POSTING, night, lambda: postings.postings(night, ledger))
    entering.enter(ledger, entered.REMITTANCE, night, lambda: remittances.remittance(night, ledger, claims.NONE))
"""


@pytest.mark.stress
def test_killed_200_times(nights: list[Path], tmp_path: Path) -> None:
    """kill -9 at random moments of a posting and a remittance: run again, the ledger is what it would have been."""
    chance = Random(200)  # noqa: S311 - moments, not secrets

    def work(place: Path, kill_after: float | None) -> float:
        arguments = [sys.executable, "-c", WORKER, str(nights[1]), str(place)]
        with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
            assert worker.stdout is not None
            assert worker.stdin is not None
            assert worker.stdout.readline() == b"ready\n"
            began = monotonic()
            worker.stdin.write(b"\n")
            worker.stdin.flush()
            if kill_after is not None:
                sleep(kill_after)
                worker.kill()
            assert worker.wait() in {0, -9}
            return monotonic() - began

    one = tmp_path / "one"
    post(nights[0], one)
    seconds = work(shutil.copytree(one, tmp_path / "whole"), None)
    whole = contents(tmp_path / "whole")
    killed = tmp_path / "killed"
    for _ in range(200):
        shutil.rmtree(killed, ignore_errors=True)
        shutil.copytree(one, killed)
        work(killed, chance.uniform(0, 1.1 * seconds))
        work(killed, None)
        assert contents(killed) == whole
