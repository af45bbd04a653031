"""Truncated and bit-flipped Parquet inputs through the command: an exit code that says so, never a traceback."""

import hashlib
import random
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from calc import cli
from tests.bulk.bad_rows import frame_of, numbered

SEED = 20260930
DAMAGES = 120
ROWS = 400


def deposits() -> pl.DataFrame:
    """Rows that differ, so that pages have something to be damaged."""
    rows = [
        {
            **numbered("deposits", number),
            "principal_cents": 137 * number,
            "received_date": date(2020, 1, 1) + timedelta(days=number),
        }
        for number in range(ROWS)
    ]
    return frame_of("deposits", rows)


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


@pytest.mark.parametrize("compression", ["uncompressed", "zstd", "snappy"])
def test_damage_never_crashes_and_a_recorded_hash_always_catches_it(
    compression: str, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path, out = tmp_path / "deposits.parquet", tmp_path / "out"
    deposits().write_parquet(path, compression=compression, row_group_size=150, data_page_size=1000)  # type: ignore[arg-type]  # one of its words
    whole = path.read_bytes()
    assert run(capfd, path, out)[0] == 0
    published = (out / "manifest.json").read_bytes()
    record = tmp_path / "deposits.parquet.sha256"
    generator = random.Random(f"{SEED} {compression}")  # noqa: S311 - places of damage, no secrets
    codes = []
    for number in range(DAMAGES // 3):
        content = damaged(whole, generator)
        path.write_bytes(content)
        fresh = tmp_path / f"out{number}"
        code, error = run(capfd, path, fresh)
        codes.append(code)
        assert code in {0, 3, 4}, (number, error)
        assert "Traceback" not in error
        assert "panicked" not in error
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
