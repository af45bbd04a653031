"""Repeated keys: every copy, nothing but copies, and no key where a part of it is missing."""

import tracemalloc
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import numpy as np
import polars as pl
import pytest

from calc.bulk.inputs.chunk import Part
from calc.bulk.inputs.csv_blocks import QUOTED_BYTES
from calc.bulk.inputs.source import Source, open_source
from calc.bulk.run.nightly import run_nightly
from calc.bulk.shuffle.duplicates import HashCollisionError, RepeatedKeys
from calc.bulk.shuffle.key_index import KeyIndex
from calc.bulk.shuffle.spill import Directory
from calc.columns.contract import ACCOUNTS, DEPOSITS, Dataset
from tests.bulk.bad_rows import frame_of, numbered
from tests.bulk.test_nightly import job

Keys = list[tuple[str | None, ...]]


def positions(folder: Path, dataset: Dataset, keys: Keys, part_rows: int = 7) -> list[int]:
    """Positions over the dataset of the rows that are found, with one thread and with two."""
    rows = [{**numbered(dataset.name, 0), **dict(zip(dataset.key, key, strict=True))} for key in keys]
    frame_of(dataset.name, rows).write_parquet(folder / "x.parquet")
    source = open_source(dataset, str(folder / "x.parquet"), part_rows=part_rows)
    found = []
    for threads in (1, 2):
        repeated = KeyIndex(source, threads).repeated()
        places = [part.position + repeated.rows_of(part.number, part.load().frame) for part in source.parts()]
        repeated.verify()
        found.append([int(place) for each in places for place in each])
    assert found[0] == found[1]
    return found[0]


def test_every_copy_is_found(tmp_path: Path) -> None:
    generator = Random(3)  # noqa: S311 - keys, no secrets
    keys: Keys = [(f"D{generator.randrange(400)}",) for _ in range(500)]
    counts = Counter(keys)
    assert positions(tmp_path, DEPOSITS, keys) == [place for place, key in enumerate(keys) if counts[key] > 1]


def test_keys_that_are_missing_repeat_nothing(tmp_path: Path) -> None:
    keys: Keys = [(None,), (None,), ("",), ("",), (" \t",), (" \t",), ("\u3000",), ("\u3000",)]
    assert positions(tmp_path, DEPOSITS, [*keys, ("a",), ("b",), ("a",)]) == [8, 10]


def test_keys_are_compared_as_they_stand(tmp_path: Path) -> None:
    assert positions(tmp_path, DEPOSITS, [("a",), ("A",), ("a ",), (" a",), ("á",), ("a\u0301",)]) == []


def test_a_key_of_two_columns(tmp_path: Path) -> None:
    keys: Keys = [
        ("a", "gas"), ("a", "electric"), ("b", "gas"), ("a", "gas"), ("gas", "a"), ("a", None), ("a", None),
    ]  # fmt: skip
    assert positions(tmp_path, ACCOUNTS, keys) == [0, 3]


def test_no_rows(tmp_path: Path) -> None:
    assert positions(tmp_path, DEPOSITS, []) == []


def test_no_block_of_text_is_kept(tmp_path: Path) -> None:
    """Keys of CSV are views of the block that they stand in: one that is kept must not keep the block."""
    rows = [
        {**numbered("deposits", number // 2), "deposit_id": f"a-key-of-some-length-{number // 2}"}
        for number in range(400)
    ]
    frame_of("deposits", rows).write_csv(tmp_path / "x.csv")
    source = open_source(DEPOSITS, str(tmp_path / "x.csv"), part_rows=40)

    def kept() -> tuple[RepeatedKeys, Directory]:
        index = KeyIndex(source)
        repeated = index.repeated()
        assert sum(repeated.rows_of(part.number, part.load().frame).size for part in source.parts()) == 400
        return repeated, index.directory()

    kept()  # kernels are compiled
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    found = kept()
    after, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most - before > 4 * QUOTED_BYTES  # a block is read at once
    assert found
    assert after - before < QUOTED_BYTES


@pytest.fixture
def colliding(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Hashes that are the length of the key with the first two seeds; the seeds that were tried."""
    tried: list[int] = []
    real = KeyIndex._hashes

    def hashes(self: KeyIndex, keys: pl.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
        if self.seed not in tried:
            tried.append(self.seed)
        return keys[self.key[0]].str.len_bytes().cast(pl.UInt64).to_numpy() if self.seed < 2 else real(self, keys)

    monkeypatch.setattr(KeyIndex, "_hashes", hashes)
    return tried


def test_a_key_that_only_shares_its_hash_is_noticed(tmp_path: Path, colliding: list[int]) -> None:
    assert positions(tmp_path, DEPOSITS, [("a",), ("a",), ("bb",), ("bb",), ("cc",), ("cc",)]) == [0, 1, 2, 3, 4, 5]
    lone: list[Keys] = [[("a",), ("b",)], [("a",), ("b",), ("a",)]]
    for keys in lone:
        with pytest.raises(HashCollisionError):
            positions(tmp_path, DEPOSITS, keys)
    assert colliding == [0]


def test_a_run_begins_again_until_no_hash_is_shared(tmp_path: Path, colliding: list[int]) -> None:
    rows = [{**numbered("deposits", 0), "deposit_id": name} for name in ("a", "b", "c", "b")]
    frame_of("deposits", rows).write_parquet(tmp_path / "deposits.parquet")
    accounts = [numbered("accounts", 0)]
    frame_of("accounts", accounts).write_parquet(tmp_path / "accounts.parquet")
    deposits = str(tmp_path / "deposits.parquet")
    manifest = run_nightly(job(tmp_path / "out", deposits=deposits, accounts=str(tmp_path / "accounts.parquet")))
    assert colliding == [0, 1, 2]
    assert manifest["rows"]["deposits"] == {"in": 4, "out": 2, "quarantined": 2}
    assert manifest["quarantine"]["deposits"]["reasons"] == {"duplicate_key": 2}
    assert manifest["quarantine"]["accounts"]["reasons"] == {"depends_on_quarantined": 1}


def test_a_night_reads_every_key_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Repeated keys, transactions, what is held and customers' totals all take what one pass over the keys gave."""
    passes: Counter[str] = Counter()
    real = Source.parts

    def parts(self: Source, names: set[str] | None = None) -> Iterator[Part]:
        passes[self.dataset.name] += names == set(self.dataset.key)
        return real(self, names)

    monkeypatch.setattr(Source, "parts", parts)
    accounts = [{**numbered("accounts", number), "customer_id": "C"} for number in range(3)]
    for name, rows in (("deposits", [numbered("deposits", number) for number in range(3)]), ("accounts", accounts)):
        frame_of(name, rows).write_parquet(tmp_path / f"{name}.parquet")
    events = {"deposit_id": ["D1"], "date": [date(2024, 1, 1)], "kind": ["posting"], "amount_cents": [100]}
    pl.DataFrame(events).write_parquet(tmp_path / "transactions.parquet")
    inputs = {name: str(tmp_path / f"{name}.parquet") for name in ("transactions", "deposits", "accounts")}
    manifest = run_nightly(job(tmp_path / "out", **inputs))
    assert manifest["rows"]["customers"]["out"] == 1
    assert manifest["rows"]["transactions"]["out"] == 1
    assert (passes["deposits"], passes["accounts"]) == (1, 1)
