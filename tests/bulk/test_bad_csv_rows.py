"""More than forty kinds of bad CSV row in one file through the whole run: each in quarantine with its codes."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import polars as pl

from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from tests.bulk.bad_rows import BAD, csv_of, numbered

GOOD_TAIL = "electric,deposit,20000,2022-03-01,,,,,true,true,0,0"
LINES = {
    b"X1": ["missing_value"],
    b"X2,A": ["missing_value"],
    b"X3,A,electric,deposit,20000,2022-03-01,,,,,true,true,0": ["missing_value"],
    b"X4,A," + GOOD_TAIL.encode() + b",": ["bad_line"],
    b"X5,A," + GOOD_TAIL.encode() + b",0,0,0": ["bad_line"],
    b'"X6,A,' + GOOD_TAIL.encode(): ["bad_line"],
    b'X7,"A"A,' + GOOD_TAIL.encode(): ["bad_line"],
    b'X8,A"A,' + GOOD_TAIL.encode(): ["bad_line"],
    b"X9,A\xff," + GOOD_TAIL.encode(): ["bad_line"],
    b"X10,A\xc3," + GOOD_TAIL.encode(): ["bad_line"],
    b"X11,A\xed\xa0\x80," + GOOD_TAIL.encode(): ["bad_line"],
    b"X12,A,electric,deposit,20,000,2022-03-01,,,,,true,true,0,0": ["bad_line"],
    b"X13;A;electric;deposit": ["missing_value"],
    b"X14\tA\telectric": ["missing_value"],
    b"\xef\xbb\xbf,,,,,,,,,,,,,": ["missing_value"],
    b",,,,,,,,,,,,,": ["missing_value"],
    b'X16," ",' + GOOD_TAIL.encode(): ["missing_value"],
    b"X17,A,electric,deposit,+20000,2022-03-01,,,,,true,true,0,0": ["not_a_number"],
    b"X18,A,electric,deposit,20000.,2022-03-01,,,,,true,true,0,0": ["not_a_number"],
    b"X19,A,electric,deposit,2 0000,2022-03-01,,,,,true,true,0,0": ["not_a_number"],
    b"X20,A,electric,deposit,20000,2022-02-29,,,,,true,true,0,0": ["bad_date"],
    b"X21,A,electric,deposit,20000,2022-03-01T00:00:00,,,,,true,true,0,0": ["bad_date"],
    b"X22,A,electric,deposit,inf,2022-03-01,,,,,true,true,0,0": ["not_a_number"],
    b"X23,A,electric,deposit,99999999999999999999999,2022-03-01,,,,,true,true,0,0": ["out_of_range"],
    b"X24,A,=electric,deposit,20000,2022-03-01,,,,,true,true,0,0": ["unknown_value"],
    b"X25,A,electric,deposit,20000,2022-03-01,,,,,TRUE.,true,0,0": ["unknown_value"],
    b"X26,A,electric\0,deposit,20000,2022-03-01,,,,,true,true,0,0": ["unknown_value"],
}


def without_last_four(lines: list[str]) -> list[str]:
    """Header and lines without the last four columns, which are optional."""
    return [line.rsplit(",", 4)[0] for line in lines]


def test_every_kind_of_bad_row_is_quarantined_with_its_codes(tmp_path: Path) -> None:
    cells = BAD["deposits"]
    rows = [numbered("deposits", 0)]
    for bad in cells:
        rows += [{**numbered("deposits", len(rows)), **bad.change}, numbered("deposits", len(rows) + 1)]
    header, *lines = without_last_four(csv_of("deposits", rows))
    expected = {2 * place + 2: list(bad.codes) for place, bad in enumerate(cells)}
    content = [header.encode(), *(line.encode() for line in lines)]
    for line, codes in LINES.items():
        good = without_last_four(csv_of("deposits", [numbered("deposits", len(content) + 10_000)]))[1]
        content += [line, good.encode()]
        expected[len(content) - 2] = codes
    assert len(cells) + len(LINES) >= 60
    path = tmp_path / "deposits.csv"
    path.write_bytes(b"\n".join(content) + b"\n")
    job = NightlyJob(as_of=date(2026, 9, 30), deposits=str(path), out=tmp_path / "out", max_bad_share=Fraction(1))
    manifest = run_nightly(job)
    parts = manifest["quarantine"]["deposits"]["parts"]
    found = pl.concat([pl.read_parquet(tmp_path / "out" / part["path"]) for part in parts])
    assert dict(found.select("row", "reasons").rows()) == expected
    assert found["line"].to_list() == [row + 1 for row in found["row"]]
    in_file = len(content) - 1
    assert manifest["rows"]["deposits"] == {
        "in": in_file, "out": in_file - len(expected), "quarantined": len(expected)
    }  # fmt: skip
    by_row = {number: line.decode(errors="backslashreplace") for number, line in enumerate(content)}
    for row, raw_line in found.filter(pl.col("reasons").list.contains("bad_line")).select("row", "raw_line").rows():
        assert raw_line == by_row[row]
