"""Truncated and bit-flipped Parquet inputs through the command: an exit code that says so, never a traceback."""

import hashlib
import random
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from calc import cli
from calc.bulk.reconcile.check import check_output
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from tests.bulk.bad_rows import frame_of, numbered

SEED = 20260930
DAMAGES, MANY = 120, 1200
COMPRESSIONS = ("uncompressed", "zstd", "snappy")
ROWS = 400
PANICS = {("zstd", 353)}
"""Damages on which Polars 2.1 panics. The run ends as it does for others, but Rust has put words of its own on stderr,
before our message; nothing in Polars keeps it from that, and swallowing them would swallow those of a real crash."""


def deposits() -> pl.DataFrame:
    """Rows that differ, so that pages have something to be damaged.

    The column that came last is left out: PANICS names places in this file.
    """
    rows = [
        {
            **numbered("deposits", number),
            "principal_cents": 137 * number,
            "received_date": date(2020, 1, 1) + timedelta(days=number),
        }
        for number in range(ROWS)
    ]
    return frame_of("deposits", rows).drop("interest_payment")


def damaged(whole: bytes, generator: random.Random) -> bytes:
    """The file cut, or with a bit flipped, a stretch zeroed, or bytes taken out: the footer as often as the pages."""
    kind = generator.choice(("cut", "flip", "flip", "zero", "gap"))
    first = len(whole) - 1500 if generator.random() < 0.5 else 0
    place = generator.randrange(max(0, first), len(whole))
    if kind == "cut":
        return whole[:place]
    if kind == "flip":
        changed = bytearray(whole)
        changed[place] ^= 1 << generator.randrange(8)
        return bytes(changed)
    length = generator.randrange(1, 64)
    if kind == "zero":
        return whole[:place] + bytes(min(length, len(whole) - place)) + whole[place + length :]
    return whole[:place] + whole[place + length :]


def run(capfd: pytest.CaptureFixture[str], path: Path, out: Path) -> tuple[int, str]:
    with pytest.raises(SystemExit) as raised:
        cli.main(["run", "nightly", "--as-of", "2026-09-30", "--deposits", str(path), "--out", str(out), "--json"])
    assert isinstance(raised.value.code, int)
    return raised.value.code, capfd.readouterr().err


@pytest.mark.parametrize("damages", [DAMAGES, pytest.param(MANY, marks=pytest.mark.stress)])
@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_damage_never_crashes_and_a_recorded_hash_always_catches_it(
    compression: str, damages: int, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path, out = tmp_path / "deposits.parquet", tmp_path / "out"
    deposits().write_parquet(path, compression=compression, row_group_size=150, data_page_size=1000)  # type: ignore[arg-type]  # one of its words
    whole = path.read_bytes()
    assert run(capfd, path, out)[0] == 0
    published = (out / "manifest.json").read_bytes()
    record = tmp_path / "deposits.parquet.sha256"
    generator = random.Random(f"{SEED} {compression}")  # noqa: S311 - places of damage, no secrets
    codes = []
    for number in range(damages // len(COMPRESSIONS)):
        content = damaged(whole, generator)
        path.write_bytes(content)
        fresh = tmp_path / f"out{number}"
        code, error = run(capfd, path, fresh)
        codes.append(code)
        assert code in {0, 3, 4}, (number, error)
        assert "Traceback" not in error
        assert ("panicked" in error) == ((compression, number) in PANICS), (number, error)
        assert code == 0 or error.rstrip().splitlines()[-1].startswith("Error: "), (number, error)
        if content == whole:
            continue
        record.write_text(f"{hashlib.sha256(whole).hexdigest()}  deposits.parquet\n")
        code, error = run(capfd, path, out)
        record.unlink()
        assert code == 3, (number, error)
        assert (out / "manifest.json").read_bytes() == published
    assert codes.count(3) >= 10


def test_there_are_enough_of_them() -> None:
    assert DAMAGES >= 100
    assert MANY >= 1000


@pytest.mark.parametrize("damages", [DAMAGES, pytest.param(MANY, marks=pytest.mark.stress)])
def test_damage_of_our_own_output_is_always_caught(damages: int, tmp_path: Path) -> None:
    """Every file that the manifest names: results, quarantine, and what the next run rolls forward from."""
    frame = deposits().with_columns(pl.when(pl.int_range(pl.len()) % 50 != 0).then("principal_cents"))
    frame.write_parquet(tmp_path / "deposits.parquet")
    manifest = run_nightly(
        NightlyJob(date(2026, 9, 30), str(tmp_path / "deposits.parquet"), tmp_path / "out", max_bad_share=Fraction(1))
    )
    parts = [*manifest["datasets"]["deposits"]["parts"], *manifest["quarantine"]["deposits"]["parts"]]
    paths = [tmp_path / "out" / part["path"] for part in [*parts, manifest["standing"]]]
    assert len(paths) == 3
    generator = random.Random(SEED)  # noqa: S311 - as above
    for number in range(damages):
        path = paths[number % len(paths)]
        whole = path.read_bytes()
        content = damaged(whole, generator)
        if content != whole:
            path.write_bytes(content)
            assert any(str(path) in each for each in check_output(tmp_path / "out").differences), number
            path.write_bytes(whole)
    assert check_output(tmp_path / "out").differences == []
