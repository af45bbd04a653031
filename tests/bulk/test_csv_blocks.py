"""Blocks of CSV against the kernel's twin: no cut into blocks and parts shows."""

import io
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.bulk.inputs import csv_blocks
from calc.bulk.inputs.csv_blocks import Records, read_records
from tests.kernels.test_csv_structure import NAMES, PIECES
from tests.reference import csv_structure as twin

LONGEST = 40


def as_tuples(records: Records, fields: int) -> list[tuple[str, int, Any]]:
    columns = []
    for place in range(fields):
        buffers = [pa.py_buffer(array) for array in (records.valid[place], records.views[place], records.data)]
        columns.append(pl.Series(pl.from_arrow(pa.Array.from_buffers(pa.string_view(), records.count, buffers))))
    found: list[tuple[str, int, Any]] = []
    for row in range(records.count):
        state = NAMES[int(records.states[row])]
        raw = records.data[records.starts[row] : records.ends[row]].tobytes()
        values = [column[row] for column in columns]
        if state == "bad":
            assert values == [None] * fields
        found.append((state, int(records.lines[row]), raw if state == "bad" else values))
    return found


def read(text: bytes, fields: int, part_rows: int) -> list[tuple[str, int, Any]]:
    targets = np.arange(fields, dtype=np.int32)
    parts = list(read_records(io.BytesIO(text), 1, targets, part_rows))
    assert all(0 < part.count <= part_rows for part in parts)
    return [record for part in parts for record in as_tuples(part, fields)]


@settings(deadline=None, max_examples=500)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.integers(1, 4), st.integers(1, 5))
def test_any_bytes_are_read_as_the_grammar_says(pieces: list[bytes], fields: int, part_rows: int) -> None:
    text = b"".join(pieces)
    assert read(text, fields, part_rows) == twin.records(text, fields, csv_blocks.QUOTED_BYTES)


LINES = st.lists(st.sampled_from(PIECES), max_size=6).map(b"".join).filter(lambda line: len(line) < 60)


@settings(deadline=None, max_examples=300)
@given(st.lists(LINES, max_size=60), st.integers(1, 3), st.sampled_from([1, 7, 1000]))
def test_blocks_do_not_show(lines: list[bytes], fields: int, part_rows: int) -> None:
    """Blocks of 512 bytes, texts in quotes of at most 40: every record fits into a block, few blocks end with one."""
    text = b"\n".join(lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_blocks, "QUOTED_BYTES", LONGEST)
        patch.setattr(csv_blocks, "_SMALLEST_BLOCK", 512)
        patch.setattr(csv_blocks, "_LARGEST_BLOCK", 512)
        assert read(text, fields, part_rows) == twin.records(text, fields, LONGEST)


def test_a_line_longer_than_a_block_is_one_bad_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_blocks, "QUOTED_BYTES", 16)
    monkeypatch.setattr(csv_blocks, "_SMALLEST_BLOCK", 64)
    monkeypatch.setattr(csv_blocks, "_LARGEST_BLOCK", 64)
    text = b"a,b\n" + b"x" * 1000 + b"\nc,d\n" + b"y" * 63 + b"\ne,f\n" + b"z" * 500
    found = read(text, 2, 10)
    assert [(state, line) for state, line, _ in found] == [
        ("good", 1), ("bad", 2), ("good", 3), ("short", 4), ("good", 5), ("bad", 6),
    ]  # fmt: skip
    assert [values for state, _, values in found if state == "good"] == [["a", "b"], ["c", "d"], ["e", "f"]]


def test_the_text_of_a_bad_line_is_cut_and_keeps_its_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_blocks, "QUOTED_BYTES", 8)
    (records,) = read_records(io.BytesIO(b"\xff\xfe,1,2,3,4,5\n"), 1, np.arange(2, dtype=np.int32), 10)
    assert records.text(0) == r"\xff\xfe,1,2,3"


def test_columns_that_are_not_wanted_are_skipped() -> None:
    (records,) = read_records(io.BytesIO(b"1,2,3\n4,5,6\n"), 1, np.array([1, -1, 0], dtype=np.int32), 10)
    assert [values for _, _, values in as_tuples(records, 2)] == [["3", "1"], ["6", "4"]]
