"""Repeated keys: every copy, nothing but copies, and no key where a part of it is missing."""

from collections import Counter
from pathlib import Path
from random import Random

import numpy as np
import polars as pl
import pytest

from calc.bulk import duplicates
from calc.bulk.duplicates import repeated_rows
from calc.bulk.source import open_source
from calc.columns.contract import ACCOUNTS, DEPOSITS, Dataset
from tests.bulk.bad_rows import frame_of, numbered


def positions(folder: Path, dataset: Dataset, keys: list[tuple[str | None, ...]], part_rows: int = 7) -> list[int]:
    rows = [{**numbered(dataset.name, 0), **dict(zip(dataset.key, key, strict=True))} for key in keys]
    frame_of(dataset.name, rows).write_parquet(folder / "x.parquet")
    source = open_source(dataset, str(folder / "x.parquet"), part_rows=part_rows)
    one, two = (repeated_rows(source, threads).tolist() for threads in (1, 2))
    assert one == two
    return list(one)


def test_every_copy_is_found(tmp_path: Path) -> None:
    generator = Random(3)  # noqa: S311 - keys, no secrets
    keys: list[tuple[str | None, ...]] = [(f"D{generator.randrange(400)}",) for _ in range(500)]
    counts = Counter(keys)
    assert positions(tmp_path, DEPOSITS, keys) == [place for place, key in enumerate(keys) if counts[key] > 1]


def test_keys_that_are_missing_repeat_nothing(tmp_path: Path) -> None:
    keys: list[tuple[str | None, ...]] = [(None,), (None,), ("",), ("",), (" \t",), (" \t",), ("\u3000",), ("\u3000",)]
    assert positions(tmp_path, DEPOSITS, [*keys, ("a",), ("b",), ("a",)]) == [8, 10]


def test_keys_are_compared_as_they_stand(tmp_path: Path) -> None:
    assert positions(tmp_path, DEPOSITS, [("a",), ("A",), ("a ",), (" a",), ("á",), ("a\u0301",)]) == []


def test_a_key_of_two_columns(tmp_path: Path) -> None:
    keys: list[tuple[str | None, ...]] = [
        ("a", "gas"), ("a", "electric"), ("b", "gas"), ("a", "gas"), ("agas", ""), ("a", None), ("a", None),
    ]  # fmt: skip
    assert positions(tmp_path, ACCOUNTS, keys) == [0, 3]


def test_equal_hashes_of_different_keys_are_no_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def collide(keys: pl.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
        return keys["deposit_id"].str.len_bytes().cast(pl.UInt64).to_numpy()

    monkeypatch.setattr(duplicates, "_hashes", collide)
    assert positions(tmp_path, DEPOSITS, [("a",), ("b",), ("cc",), ("b",), ("dd",)]) == [1, 3]


def test_no_rows(tmp_path: Path) -> None:
    assert positions(tmp_path, DEPOSITS, []) == []
