"""Uploaded workbooks before anything opens them: bombs, whatever they declare, macros, and what is no workbook."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from calc.uploads.refusals import UploadRefusedError
from calc.uploads.workbook import PARTS_MAX, check_workbook

TYPES = b'<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument'
PLAIN = TYPES + b'.spreadsheetml.sheet.main+xml"/></Types>'
MIB = 2**20


def archive(parts: dict[str, bytes]) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return raw.getvalue()


def code_of(folder: Path, raw: bytes, most: int = MIB) -> str:
    path = folder / "upload.xlsx"
    path.write_bytes(raw)
    with pytest.raises(UploadRefusedError) as caught:
        check_workbook(path, most)
    return caught.value.code


def test_a_plain_workbook_passes(tmp_path: Path) -> None:
    path = tmp_path / "upload.xlsx"
    path.write_bytes(archive({"[Content_Types].xml": PLAIN, "xl/workbook.xml": b"x" * (MIB - len(PLAIN))}))
    check_workbook(path, MIB)


def test_a_bomb_that_says_what_it_is(tmp_path: Path) -> None:
    raw = archive({"[Content_Types].xml": PLAIN, "xl/worksheets/sheet1.xml": bytes(8 * MIB)})
    assert len(raw) < MIB / 50
    assert code_of(tmp_path, raw) == "unpacks_too_large"


def test_a_bomb_that_declares_a_kilobyte(tmp_path: Path) -> None:
    """A size that is declared too small is no size: such an archive is damaged, whatever it unpacks to."""
    raw = archive({"[Content_Types].xml": PLAIN, "xl/worksheets/sheet1.xml": bytes(8 * MIB)})
    raw = raw.replace(struct.pack("<I", 8 * MIB), struct.pack("<I", 1_024))
    assert code_of(tmp_path, raw) == "no_workbook"


def test_a_bomb_of_many_parts(tmp_path: Path) -> None:
    raw = archive({"[Content_Types].xml": PLAIN, **{f"xl/{number}.xml": b"" for number in range(PARTS_MAX)}})
    assert code_of(tmp_path, raw) == "unpacks_too_large"


@pytest.mark.parametrize(
    "parts",
    [
        {"[Content_Types].xml": PLAIN, "xl/vbaProject.bin": b"x"},
        {"[Content_Types].xml": PLAIN, "xl\\VBAPROJECT.BIN": b"x"},
        {"[Content_Types].xml": PLAIN, "xl/macrosheets/sheet1.xml": b"x"},
        {"[Content_Types].xml": TYPES.replace(b"officedocument", b"") + b'ms-excel.sheet.macroEnabled.main+xml"/>'},
        {"[Content_Types].xml": b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'},
    ],
)
def test_macros_under_any_name(tmp_path: Path, parts: dict[str, bytes]) -> None:
    assert code_of(tmp_path, archive(parts)) == "has_macros"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"a,b\n1,2\n",
        b"PK\x03\x04" + bytes(100),
        archive({"xl/workbook.xml": b"x"}),
        archive({"[Content_Types].xml": PLAIN})[:-30],
    ],
)
def test_what_is_no_workbook(tmp_path: Path, raw: bytes) -> None:
    assert code_of(tmp_path, raw) == "no_workbook"
