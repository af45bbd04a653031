"""No text of a CSV file is run by a spreadsheet; numbers stay numbers."""

import polars as pl
import pytest

from calc.columns.spreadsheet_text import without_formulas


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+2", "'=1+2"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("-5", "-5"),
        ("-5.00", "-5.00"),
        ("A=1", "A=1"),
        ("", ""),
        (None, None),
    ],
)
def test_text_that_would_run_has_an_apostrophe(text: str | None, written: str | None) -> None:
    schema = {"id": pl.String, "cents": pl.Int64, "note": pl.String}
    frame = pl.DataFrame({"id": [text], "cents": [-5], "note": ["=2"]}, schema=schema)
    assert without_formulas(frame).rows() == [(written, -5, "'=2")]


def test_a_frame_without_text_is_as_it_was() -> None:
    frame = pl.DataFrame({"cents": [-5], "reasons": [["=x"]]})
    assert without_formulas(frame).equals(frame)
