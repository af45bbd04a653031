"""CSV files as they come: what is read, what is a bad line, and on which row and line it stands."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calc.bulk.inputs.csv_file import CsvFile
from calc.errors import InputError, Reason

HEAD = b"id,note,cents\n"
BAD = "bad"
SHORT = "short"


def read(path: Path, part_rows: int = 100) -> list[tuple[int, int, Any]]:
    """Row number, line and values of each row; (BAD, text) and (SHORT, values) for the others."""
    file = CsvFile.open(path)
    rows: list[tuple[int, int, Any]] = []
    for count, load in file.chunks(list(file.header), part_rows):
        chunk = load()
        assert chunk.frame.height == count <= part_rows
        assert chunk.lines is not None
        flagged = np.zeros(count, dtype=np.int64) if chunk.flagged is None else chunk.flagged
        for place, values in enumerate(chunk.frame.rows()):
            found: Any = values
            if flagged[place] == Reason.bad_line:
                found = (BAD, chunk.raw_lines[place])
            elif flagged[place]:
                assert flagged[place] == Reason.missing_value
                found = (SHORT, *values)
            rows.append((chunk.first_row + place, int(chunk.lines[place]), found))
    return rows


CASES: dict[str, tuple[bytes, list[tuple[int, int, Any]]]] = {
    "plain": (b"1,a,5\n2,b,6\n", [(1, 2, ("1", "a", "5")), (2, 3, ("2", "b", "6"))]),
    "no last line feed": (b"1,a,5\n2,b,6", [(1, 2, ("1", "a", "5")), (2, 3, ("2", "b", "6"))]),
    "CRLF": (b"1,a,5\r\n2,b,6\r\n", [(1, 2, ("1", "a", "5")), (2, 3, ("2", "b", "6"))]),
    "mixed line ends": (
        b"1,a,5\r\n2,b,6\n3,c,7",
        [(1, 2, ("1", "a", "5")), (2, 3, ("2", "b", "6")), (3, 4, ("3", "c", "7"))],
    ),
    "CR at the very end": (b"1,a,5\r", [(1, 2, ("1", "a", "5"))]),
    "CR within a field is data": (b"1,a\rb,5\n", [(1, 2, ("1", "a\rb", "5"))]),
    "blanks are null": (b",,\n", [(1, 2, (None, None, None))]),
    "empty quotes are null": (b'1,"",5\n', [(1, 2, ("1", None, "5"))]),
    "white space alone is null": (b'1, ,5\n2," ",6\n', [(1, 2, ("1", None, "5")), (2, 3, ("2", None, "6"))]),
    "blanks at the edges are no content": (
        b'  1,a ,\t5  \r\n2," b c ",6\n',
        [(1, 2, ("1", "a", "5")), (2, 3, ("2", "b c", "6"))],
    ),
    "blanks of any alphabet": (
        "1\u00a0,\u2003a,5\n2,é,6\n".encode(),
        [(1, 2, ("1", "a", "5")), (2, 3, ("2", "é", "6"))],
    ),
    "blanks around quotes": (b'1, "a, b"\t,5\n2,b, "6" \r\n', [(1, 2, ("1", "a, b", "5")), (2, 3, ("2", "b", "6"))]),
    "a quote behind a blank that never closes": (
        b'1, "a,5\n2,b,6\n',
        [(1, 2, (BAD, '1, "a,5')), (2, 3, ("2", "b", "6"))],
    ),
    "blank lines are skipped and counted": (
        b"\n1,a,5\n\r\n\n2,b,6\n\n",
        [(1, 3, ("1", "a", "5")), (2, 6, ("2", "b", "6"))],
    ),
    "quoted comma": (b'1,"a,b",5\n', [(1, 2, ("1", "a,b", "5"))]),
    "doubled quotes": (b'1,"say ""no""",5\n', [(1, 2, ("1", 'say "no"', "5"))]),
    "only a doubled quote": (b'1,"""",5\n', [(1, 2, ("1", '"', "5"))]),
    "quoted line feed": (b'1,"a\nb",5\n2,b,6\n', [(1, 2, ("1", "a\nb", "5")), (2, 4, ("2", "b", "6"))]),
    "quoted CRLF": (b'1,"a\r\nb",5\r\n2,b,6\r\n', [(1, 2, ("1", "a\r\nb", "5")), (2, 4, ("2", "b", "6"))]),
    "quoted last field": (b'1,a,"5"\n2,b,"6"', [(1, 2, ("1", "a", "5")), (2, 3, ("2", "b", "6"))]),
    "short line": (b"1,a\n2,b,6\n", [(1, 2, (SHORT, "1", "a", None)), (2, 3, ("2", "b", "6"))]),
    "shortest line": (b"1\n", [(1, 2, (SHORT, "1", None, None))]),
    "long line": (b"1,a,5,6\n2,b,6\n", [(1, 2, (BAD, "1,a,5,6")), (2, 3, ("2", "b", "6"))]),
    "comma at the end": (b"1,a,5,\n", [(1, 2, (BAD, "1,a,5,"))]),
    "thousands comma": (b"1,a,1,000\n", [(1, 2, (BAD, "1,a,1,000"))]),
    "quoted thousands comma is the gate's": (b'1,a,"1,000"\n', [(1, 2, ("1", "a", "1,000"))]),
    "quote in a field": (b'1,5" pipe,5\n2,b,6\n', [(1, 2, (BAD, '1,5" pipe,5')), (2, 3, ("2", "b", "6"))]),
    "text behind a quote": (b'1,"a"b,5\n2,b,6\n', [(1, 2, (BAD, '1,"a"b,5')), (2, 3, ("2", "b", "6"))]),
    "unclosed quote": (
        b'1,"a,5\n2,b,6\n3,c,7\n',
        [(1, 2, (BAD, '1,"a,5')), (2, 3, ("2", "b", "6")), (3, 4, ("3", "c", "7"))],
    ),
    "unclosed quote on the last line": (b'1,a,5\n2,"b,6', [(1, 2, ("1", "a", "5")), (2, 3, (BAD, '2,"b,6'))]),
    "two unclosed quotes": (
        b'1,"a,5\n2,b,6\n3,"c,7\n4,d,8\n',
        [(1, 2, (BAD, '1,"a,5')), (2, 3, ("2", "b", "6")), (3, 4, (BAD, '3,"c,7')), (4, 5, ("4", "d", "8"))],
    ),
    "two stray quotes that look like one long field": (
        b'1,"a\n2,b,6\n3,c"\n4,d,8\n',
        [(1, 2, (BAD, '1,"a')), (2, 3, ("2", "b", "6")), (3, 4, (BAD, '3,c"')), (4, 5, ("4", "d", "8"))],
    ),
    "long record over two lines": (
        b'1,"a\nb",5,6\n2,b,6\n',
        [(1, 2, (BAD, '1,"a')), (2, 3, (BAD, 'b",5,6')), (3, 4, ("2", "b", "6"))],
    ),
    "no UTF-8": (b"1,\xe9t\xe9,5\n2,b,6\n", [(1, 2, (BAD, r"1,\xe9t\xe9,5")), (2, 3, ("2", "b", "6"))]),
    "UTF-8 cut off": ("1,é,5".encode()[:3] + b"\n2,b,6\n", [(1, 2, (BAD, r"1,\xc3")), (2, 3, ("2", "b", "6"))]),
    "surrogate": (b"1,\xed\xa0\x80,5\n", [(1, 2, (BAD, r"1,\xed\xa0\x80,5"))]),
    "UTF-8": ("1,Ünïcødé €😀 longer than twelve,5\n".encode(), [(1, 2, ("1", "Ünïcødé €😀 longer than twelve", "5"))]),
    "NUL is data": (b"1,a\0b,5\n", [(1, 2, ("1", "a\0b", "5"))]),
    "formula lead is data": (b"1,=1+1,5\n", [(1, 2, ("1", "=1+1", "5"))]),
    "semicolons are no separators": (b"1;a;5\n", [(1, 2, (SHORT, "1;a;5", None, None))]),
    "header alone": (b"", []),
}


@pytest.mark.parametrize("part_rows", [1, 2, 100])
@pytest.mark.parametrize("name", CASES)
def test_rows_and_lines(name: str, part_rows: int, tmp_path: Path) -> None:
    text, expected = CASES[name]
    path = tmp_path / "x.csv"
    path.write_bytes(HEAD + text)
    assert read(path, part_rows) == expected


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 25


def test_a_quote_open_for_more_than_a_mebibyte_is_one_bad_line(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    lines = b"".join(b"%d,plain text,7\n" % number for number in range(100_000))
    path.write_bytes(HEAD + b'1,"open,5\n' + lines + b'9,closed",5\n')
    rows = read(path, 1_000_000)
    assert rows[0] == (1, 2, (BAD, '1,"open,5'))
    assert rows[1] == (2, 3, ("0", "plain text", "7"))
    assert len(rows) == 100_002
    assert rows[-1] == (100_002, 100_003, (BAD, '9,closed",5'))
    assert all(len(values) == 3 for _, _, values in rows[1:-1])


def test_a_text_of_a_mebibyte_in_quotes_is_a_value(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    text = "x\n" * 500_000 + "x"
    path.write_bytes(HEAD + f'1,"{text}",5\n2,b,6\n'.encode())
    assert read(path) == [(1, 2, ("1", text, "5")), (2, 500_003, ("2", "b", "6"))]


@pytest.mark.parametrize(
    ("head", "names", "line"),
    [
        (b"\xef\xbb\xbfid,note,cents\n", ("id", "note", "cents"), 2),
        (b"id,note,cents\r\n", ("id", "note", "cents"), 2),
        (b"\n\r\nid,note,cents\n", ("id", "note", "cents"), 4),
        (b'"id","a ""note""","ce\nnts"\n', ("id", 'a "note"', "ce\nnts"), 3),
    ],
)
def test_headers(head: bytes, names: tuple[str, ...], line: int, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(head + b"1,a,5\n")
    assert CsvFile.open(path).header == names
    assert read(path) == [(1, line, ("1", "a", "5"))]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "no header"),
        (b"\n\n", "no header"),
        ("id,note\n1,a\n".encode("utf-16"), "UTF-16"),
        ("id,note\n1,a\n".encode("utf-16-le"), "UTF-16"),
        (b"id,note,id\n", "'id' more than once"),
        (b"id,\xff\n", "UTF-8"),
        (b'id,"no"te\n', "header"),
    ],
)
def test_unusable_headers(content: bytes, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=complaint) as caught:
        CsvFile.open(path)
    assert str(path) in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        CsvFile.open(tmp_path / "x.csv")


def test_wanted_columns_only(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(HEAD + b"1,a,5\n")
    ((_, load),) = CsvFile.open(path).chunks(["cents", "id"], 10)
    assert load().frame.to_dicts() == [{"cents": "5", "id": "1"}]
