"""Checksums of pages: every flipped bit of a file that has them is refused or harmless, and the manifest says so."""

import hashlib
import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.bulk.inputs.page_checksums import holds_page_checksums
from calc.bulk.inputs.source import open_source
from calc.bulk.inputs.thrift import ThriftError, read_struct
from calc.bulk.run.dry_run import dry_run
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.columns.contract import DEPOSITS
from calc.columns.gate import gate
from calc.errors import InputError
from tests.bulk.test_damaged_parquet import deposits
from tests.bulk.test_nightly import AS_OF

FORMS: dict[str, dict[str, Any]] = {
    "as pyarrow writes": {},
    "version 2 pages": {"data_page_version": "2.0"},
    "plain": {"compression": "none", "use_dictionary": False},
    "zstd": {"compression": "zstd", "row_group_size": 150, "data_page_size": 500},
    "no nulls": {"compression": "zstd", "required": True},
}
FLIPS = 250


def write(path: Path, *, required: bool = False, checksums: bool = True, **form: Any) -> bytes:  # noqa: ANN401 - as pyarrow
    table = deposits().to_arrow(compat_level=pl.CompatLevel.oldest())
    if required:
        fields = [pa.field(each.name, each.type, nullable=table[each.name].null_count > 0) for each in table.schema]
        table = table.cast(pa.schema(fields))
    pq.write_table(table, path, write_page_checksum=checksums, **form)
    return path.read_bytes()


def read(path: Path) -> dict[str, Any]:
    """What a run would compute on: the gate's arrays, the texts, the reasons."""
    frames = [part.load().frame for part in open_source(DEPOSITS, str(path)).parts()]
    frame = pl.concat(frames)
    gated = gate(DEPOSITS, frame)
    texts = {name: frame[name].cast(pl.String).to_numpy() for name in ("deposit_id", "account_id")}
    return {**gated.values, **texts, "reasons": gated.reasons}


def same(first: dict[str, Any], second: dict[str, Any]) -> bool:
    return first.keys() == second.keys() and all(np.array_equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize("form", FORMS)
def test_a_sound_file_holds_its_checksums(form: str, tmp_path: Path) -> None:
    write(tmp_path / "whole.parquet", **FORMS[form])
    assert holds_page_checksums(tmp_path / "whole.parquet")
    write(tmp_path / "without.parquet", checksums=False, **FORMS[form])
    assert not holds_page_checksums(tmp_path / "without.parquet")


@pytest.mark.parametrize(
    "text", [b"", b"PAR1", b"deposit_id,account_id\n", b"\xff\xff\xff\xffPAR1", bytes(4) + b"PAR1"]
)
def test_what_is_no_parquet_has_none(text: bytes, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(text)
    assert not holds_page_checksums(tmp_path / "file")


@pytest.mark.parametrize("form", FORMS)
def test_no_rows_and_nothing_but_nulls(form: str, tmp_path: Path) -> None:
    keep = {name: value for name, value in FORMS[form].items() if name != "required"}
    table = pa.table({"n": pa.array([None] * 9, pa.int64()), "t": pa.array([None] * 9, pa.string())})
    for rows in (0, 9):
        pq.write_table(table[:rows], tmp_path / "file.parquet", write_page_checksum=True, **keep)
        assert holds_page_checksums(tmp_path / "file.parquet") == (rows > 0)


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_lists_and_structs_hold_theirs(version: str, tmp_path: Path) -> None:
    rows = [{"l": [1, None, 3], "s": {"a": 1, "b": None}}, {"l": None, "s": None}, {"l": [], "s": {"a": 2, "b": "x"}}]
    table = pa.Table.from_pylist(rows * 50)
    pq.write_table(table, tmp_path / "x.parquet", write_page_checksum=True, data_page_version=version)
    assert holds_page_checksums(tmp_path / "x.parquet")


def test_a_checksum_is_that_of_the_page_s_bytes(tmp_path: Path) -> None:
    """By hand: the one page of a column of two numbers, found through pyarrow's own reading of the footer."""
    path = tmp_path / "two.parquet"
    pq.write_table(pa.table({"n": pa.array([7, 9])}), path, write_page_checksum=True, use_dictionary=False)
    column = pq.read_metadata(path).row_group(0).column(0)
    chunk = path.read_bytes()[column.data_page_offset :][: column.total_compressed_size]
    header, size = read_struct(chunk)
    assert header[3] == len(chunk) - size
    assert header[4] & 0xFFFFFFFF == crc32(chunk[size:])


def harm(path: Path, whole: bytes, places: Iterable[int]) -> list[int]:
    """Bits that can be flipped without a word although other figures are read."""
    expected = read(path)
    unseen = []
    for place in places:
        damaged = bytearray(whole)
        damaged[place // 8] ^= 1 << place % 8
        path.write_bytes(damaged)
        try:
            holds_page_checksums(path)
            found = read(path)
        except InputError:
            continue
        if not same(found, expected):
            unseen.append(place)
    return unseen


@pytest.mark.parametrize("form", FORMS)
def test_flipped_bits_are_refused_or_harmless(form: str, tmp_path: Path) -> None:
    path = tmp_path / "deposits.parquet"
    whole = write(path, **FORMS[form])
    chance = random.Random(f"20260930 {form}")  # noqa: S311 - places of damage, no secrets
    footer = 8 * (len(whole) - 8 - int.from_bytes(whole[-8:-4], "little"))
    places = [chance.randrange(footer) for _ in range(FLIPS)]
    places += [chance.randrange(footer, 8 * len(whole)) for _ in range(FLIPS)]
    assert harm(path, whole, places) == []


@pytest.mark.stress
@pytest.mark.parametrize("form", FORMS)
def test_every_flipped_bit_is_refused_or_harmless(form: str, tmp_path: Path) -> None:
    path = tmp_path / "deposits.parquet"
    whole = write(path, **FORMS[form])
    assert harm(path, whole, range(8 * len(whole))) == []


def test_without_checksums_a_flipped_bit_is_other_money(tmp_path: Path) -> None:
    """Why a run says whether its inputs were verified."""
    path = tmp_path / "deposits.parquet"
    whole = write(path, checksums=False, compression="none", use_dictionary=False)
    chance = random.Random(20260930)  # noqa: S311 - as above
    assert harm(path, whole, [chance.randrange(8 * len(whole) // 2) for _ in range(100)])


def test_the_run_says_what_verified_an_input(tmp_path: Path) -> None:
    inputs = tmp_path / "in"
    inputs.mkdir()
    contents = {name: write(inputs / f"{name}.parquet", checksums=name != "c") for name in "abc"}
    (inputs / "b.parquet.sha256").write_text(f"{hashlib.sha256(contents['b']).hexdigest()}  b.parquet\n")
    job = NightlyJob(AS_OF, str(inputs), tmp_path / "out", max_bad_share=1)  # type: ignore[arg-type]  # 1 of 1
    told = run_nightly(job)["inputs"]["deposits"]
    assert [(each["input_verified"], each["verified_by"]) for each in told] == [
        (True, "page_checksums"), (True, "sha256"), (False, None)
    ]  # fmt: skip


@pytest.mark.parametrize("run", [run_nightly, dry_run])
def test_a_damaged_page_stops_the_run(run: Any, tmp_path: Path) -> None:  # noqa: ANN401 - a function
    path = tmp_path / "deposits.parquet"
    whole = write(path, compression="none", use_dictionary=False)
    job = NightlyJob(AS_OF, str(path), tmp_path / "out")
    first = run_nightly(job)
    column = next(
        each
        for number in range(pq.read_metadata(path).num_columns)
        if (each := pq.read_metadata(path).row_group(0).column(number)).path_in_schema == "principal_cents"
    )
    place = column.data_page_offset + column.total_compressed_size - 8
    path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
    with pytest.raises(
        InputError, match=r"deposits\.parquet: its page checksums do not hold: page 0 of principal_cents"
    ):
        run(job)
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["run_id"] == first["run_id"]


@given(st.binary(max_size=60))
def test_any_bytes_are_a_struct_or_none(data: bytes) -> None:
    try:
        fields, size = read_struct(data)
    except ThriftError:
        return
    assert 0 < size <= len(data)
    assert all(isinstance(number, int) for number in fields)


def test_a_struct_by_hand() -> None:
    # Fields 1 (i32, -3), 2 (true), 18 (text "ab", its number spelt out), 19 (list of i64, 1 and 2), 20 ({1: false}).
    data = bytes([0x15, 5, 0x11, 0x08, 36, 2, 97, 98, 0x19, 0x26, 2, 4, 0x1C, 0x12, 0, 0])
    assert read_struct(data + b"more") == ({1: -3, 2: True, 18: b"ab", 19: [1, 2], 20: {1: False}}, len(data))
    for size in range(len(data)):
        with pytest.raises(ThriftError):
            read_struct(data[:size])
    with pytest.raises(ThriftError, match="without end"):
        read_struct(b"\x1c" * 100)
    with pytest.raises(ThriftError, match="without end"):
        read_struct(b"\x15" + b"\xff" * 20)
