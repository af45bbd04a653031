"""Inputs: what a name stands for, and Parquet files as they come, whole, giant, truncated and damaged."""

import hashlib
import random
from concurrent.futures import CancelledError, ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Event

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from polars.testing import assert_frame_equal

from calc.bulk.inputs import parquet_file
from calc.bulk.inputs.source import Source, file_sha256, open_source
from calc.columns.contract import DEPOSITS
from calc.errors import InputError
from tests.bulk.bad_rows import frame_of, numbered

FRAME = frame_of("deposits", [numbered("deposits", number) for number in range(1000)])


def rows(source: Source) -> pl.DataFrame:
    """All rows of a source, with the place that each part claims for them."""
    frames: list[pl.DataFrame] = []
    position = 0
    for part in source.parts():
        chunk = part.load()
        assert (part.number, part.position, part.rows) == (len(frames), position, chunk.frame.height)
        frames.append(chunk.frame.with_columns(row=pl.int_range(chunk.frame.height) + chunk.first_row))
        position += part.rows
    return pl.concat(frames)


@pytest.mark.parametrize("row_group", [1, 100, 333, 1000])
@pytest.mark.parametrize("giant", [10**9, 1])
def test_parquet_in_slices_and_in_batches(
    row_group: int, giant: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_file, "GIANT_ROWS", giant)
    path = tmp_path / "x.parquet"
    FRAME.write_parquet(path, row_group_size=row_group)
    found = rows(open_source(DEPOSITS, str(path), part_rows=99))
    assert_frame_equal(found, FRAME.with_columns(row=pl.int_range(1, 1001)))


def test_only_the_contract_s_columns_are_read(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    FRAME.with_columns(branch=pl.lit("north")).write_parquet(path)
    assert "branch" not in rows(open_source(DEPOSITS, str(path))).columns
    assert "branch" in rows(open_source(DEPOSITS, str(path), keep_columns=True)).columns


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    FRAME.select(reversed(FRAME.columns)).write_parquet(path)
    assert_frame_equal(rows(open_source(DEPOSITS, str(path))).select(FRAME.columns), FRAME)


def test_words_may_be_categories(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    FRAME.with_columns(pl.col("service").cast(pl.Categorical)).write_parquet(path)
    assert rows(open_source(DEPOSITS, str(path)))["service"].cast(pl.String).to_list() == ["electric"] * 1000


@pytest.mark.parametrize("name", ["principal_cents", "branch"])
def test_decimals_of_more_digits_than_can_be_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    amounts = pa.array([Decimal(1)] * 1000, pa.decimal256(50, 2))
    table = FRAME.drop(name, strict=False).to_arrow().append_column(name, amounts)
    pq.write_table(table, path)
    with pytest.raises(InputError, match=rf"x\.parquet: column {name} is of type Decimal\(.*50.*\)"):
        open_source(DEPOSITS, str(path))


@pytest.mark.parametrize(
    ("named", "complaint"),
    [
        ("nothing.parquet", r"nothing\.parquet: no such file; correct the name"),
        ("nothing.csv", r"nothing\.csv: no such file; correct the name"),
        ("*.parquet", "no file matches"),
        ("empty", "no .parquet, .csv, .csv.gz or .xlsx file in this folder"),
        ("x.csv.zip", "neither .parquet, .csv, .csv.gz nor .xlsx"),
    ],
)
def test_names_that_stand_for_nothing(named: str, complaint: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "x.csv.zip").write_bytes(b"PK")
    with pytest.raises(InputError, match=complaint) as caught:
        open_source(DEPOSITS, str(tmp_path / named))
    assert str(tmp_path / named) in str(caught.value)


def test_a_file_that_has_a_star_in_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a*[b].parquet"
    FRAME.write_parquet(path)
    FRAME[:1].write_parquet(tmp_path / "another b.parquet")
    assert rows(open_source(DEPOSITS, str(path))).height == 1000


def test_files_beside_each_other_need_the_same_kept_columns(tmp_path: Path) -> None:
    FRAME.with_columns(branch=pl.lit("north")).write_parquet(tmp_path / "a.parquet")
    FRAME.with_columns(branch=pl.lit(1)).write_parquet(tmp_path / "b.parquet")
    assert len(open_source(DEPOSITS, str(tmp_path)).files) == 2
    with pytest.raises(InputError, match=r"b\.parquet: --keep-columns needs the same columns .* differs in branch"):
        open_source(DEPOSITS, str(tmp_path), keep_columns=True)


def test_a_file_that_changes_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    FRAME.write_parquet(path)
    source = open_source(DEPOSITS, str(path))
    source.check_unchanged()
    FRAME[:999].write_parquet(path)
    with pytest.raises(InputError, match="changed while it was read"):
        source.check_unchanged()


@pytest.mark.parametrize("kept", [0, 3, 100, -1, -9, -200])
@pytest.mark.parametrize("giant", [10**9, 1])
def test_a_truncated_file_is_refused(kept: int, giant: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_file, "GIANT_ROWS", giant)
    path = tmp_path / "x.parquet"
    FRAME.write_parquet(path)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(InputError, match=r"x\.parquet: cannot be read as Parquet"):
        rows(open_source(DEPOSITS, str(path)))


@pytest.mark.parametrize("giant", [10**9, 1])
def test_damaged_bytes_never_crash(giant: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flipped bit is refused as an input error or reads as rows: a plain file does not tell."""
    monkeypatch.setattr(parquet_file, "GIANT_ROWS", giant)
    path = tmp_path / "x.parquet"
    FRAME.write_parquet(path, compression="zstd")
    whole = path.read_bytes()
    generator = random.Random(1)  # noqa: S311 - places of bits, no secrets
    refused = 0
    for _ in range(60):
        place = generator.randrange(len(whole))
        flipped = bytearray(whole)
        flipped[place] ^= 1 << generator.randrange(8)
        path.write_bytes(flipped)
        try:
            assert rows(open_source(DEPOSITS, str(path))).height == 1000
        except InputError as error:
            assert str(path) in str(error)  # noqa: PT017 - either way is right
            refused += 1
    assert 0 < refused <= 60


def test_several_row_groups_of_dates(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(FRAME.to_arrow(compat_level=pl.CompatLevel.oldest()), path, row_group_size=7)
    found = rows(open_source(DEPOSITS, str(path), part_rows=10))
    assert found["received_date"].to_list() == [date(2022, 3, 1)] * 1000


@pytest.mark.parametrize("size", [0, 1, (1 << 22) - 1, 1 << 22, (1 << 22) + 1])
def test_the_hash_of_a_file_of_several_blocks(size: int, tmp_path: Path) -> None:
    content = random.Random(2).randbytes(size)  # noqa: S311 - bytes, no secrets
    (tmp_path / "x").write_bytes(content)
    assert file_sha256(tmp_path / "x") == hashlib.sha256(content).hexdigest()


def test_hashing_ends_when_it_is_told_to() -> None:
    stop = Event()
    with ThreadPoolExecutor(1) as pool:
        endless = pool.submit(file_sha256, Path("/dev/zero"), stop)
        stop.set()
        with pytest.raises(CancelledError):
            endless.result(60)
