"""The CSV kernel against its twin: any bytes, whole or with the buffer's end anywhere in them."""

from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.kernels.csv_bytes import BAD, GOOD, SHORT, valid_utf8
from calc.kernels.csv_structure import NEXT_BYTE, NEXT_LINE, RECORDS, VIEW_WORDS, Block, RecordColumns, csv_records
from tests.reference import csv_structure as twin

NAMES = {GOOD: "good", SHORT: "short", BAD: "bad"}
PIECES = [
    b'"', b'""', b",", b" ", b"\t", b"\n", b"\r\n", b"\r", b"a", b"12345678", b"twelve bytes", b"more than twelve",
    "é€😀".encode(), b"\xff",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join)
LONGEST = 40


def scan(
    text: bytes,
    fields: int,
    *,
    most: int = 100,
    line: int = 1,
    at_end: bool = True,
    scratch: int = 3,
    delimiter: str = ",",
) -> tuple[list[tuple[str, int, Any]], int, int]:
    """Records as the twin gives them, and the first byte and line that are not consumed."""
    data = np.zeros(len(text) // 8 * 8 + 24, dtype=np.uint8)
    data[: len(text)] = np.frombuffer(text, dtype=np.uint8)
    begins, ends = (np.empty((scratch, fields), dtype=np.int64) for _ in range(2))
    states = np.zeros(most, dtype=np.int8)
    starts, stops, lines = (np.empty(most, dtype=np.int64) for _ in range(3))
    views = np.zeros((fields, most * VIEW_WORDS), dtype=np.uint64)
    valid = np.zeros((fields, (most + 7) // 8), dtype=np.uint8)
    padded = np.zeros(fields, dtype=np.bool_)
    progress = np.zeros(3, dtype=np.int64)
    csv_records(
        data, data.view(np.uint64),
        Block(0, len(text), line, at_end, text.isascii(), LONGEST, ord(delimiter)),
        np.arange(fields, dtype=np.int32), begins, ends,
        RecordColumns(states, starts, stops, lines, views, valid, padded), progress,
    )  # fmt: skip
    count = int(progress[RECORDS])
    columns: list[pl.Series] = []
    for place in range(fields):
        buffers = [pa.py_buffer(each) for each in (valid[place], views[place], data)]
        columns.append(pl.Series(pl.from_arrow(pa.Array.from_buffers(pa.string_view(), count, buffers))))
    for place, column in enumerate(columns):  # white space at an edge is never overlooked
        assert padded[place] or column.str.strip_chars().equals(column, null_equal=True)
    found: list[tuple[str, int, Any]] = []
    for row in range(count):
        state = NAMES[int(states[row])]
        values = [column[row] for column in columns]
        if state == "bad":
            assert values == [None] * fields
        found.append((state, int(lines[row]), text[starts[row] : stops[row]] if state == "bad" else values))
    return found, int(progress[NEXT_BYTE]), int(progress[NEXT_LINE])


@settings(deadline=None, max_examples=500)
@given(TEXTS, st.integers(1, 4), st.integers(1, 3))
def test_any_bytes_are_read_as_the_grammar_says(text: bytes, fields: int, scratch: int) -> None:
    found, consumed, _ = scan(text, fields, scratch=scratch)
    assert found == twin.records(text, fields, LONGEST)
    assert consumed == len(text)


@settings(deadline=None, max_examples=200)
@given(TEXTS, st.integers(1, 4), st.sampled_from(";|\t"))
def test_another_delimiter_stands_where_the_comma_stood(text: bytes, fields: int, delimiter: str) -> None:
    """What is data and what divides change places: so does the twin's reading."""
    swapped = text.translate(bytes.maketrans(b"," + delimiter.encode(), delimiter.encode() + b","))
    found, _, _ = scan(swapped, fields, delimiter=delimiter)
    assert found == twin.records(swapped, fields, LONGEST, delimiter)


@settings(deadline=None, max_examples=300)
@given(TEXTS, st.integers(1, 3), st.integers(0, 200), st.integers(1, 100))
def test_what_a_buffer_leaves_is_read_with_the_next(text: bytes, fields: int, cut: int, most: int) -> None:
    """Nothing is decided on a record that the buffer does not hold, nor beyond the records that there is room for."""
    first, consumed, line = scan(text[:cut], fields, most=most, at_end=False)
    assert consumed <= cut
    rest, _, _ = scan(text[consumed:], fields, line=line)
    assert first + rest == twin.records(text, fields, LONGEST)


@settings(deadline=None, max_examples=1000)
@given(st.binary(max_size=8))
def test_utf8_is_what_python_says_it_is(data: bytes) -> None:
    try:
        data.decode("utf-8")
        expected = True
    except UnicodeDecodeError:
        expected = False
    assert valid_utf8(np.frombuffer(data, dtype=np.uint8), 0, len(data)) is expected


@settings(deadline=None)
@given(st.lists(st.integers(0, 0x10FFFF).map(chr), max_size=4).map("".join))
def test_every_character_is_utf8_and_no_surrogate(text: str) -> None:
    data = text.encode("utf-8", errors="surrogatepass")
    expected = not any("\ud800" <= character <= "\udfff" for character in text)
    assert valid_utf8(np.frombuffer(data, dtype=np.uint8), 0, len(data)) is expected
