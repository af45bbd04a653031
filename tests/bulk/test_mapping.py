"""Extracts as they come: names, dates, words, constants, delimiters and encodings mapped onto the contract."""

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.bulk.inputs.csv_file import CsvFile
from calc.bulk.inputs.csv_layout import CsvLayout, open_text
from calc.bulk.inputs.date_format import DateFormat
from calc.bulk.inputs.map_file import parse_map
from calc.bulk.inputs.money_style import MoneyStyle
from calc.bulk.inputs.source import Source, open_source
from calc.bulk.publish.results import read_results
from calc.bulk.run.dry_run import dry_run
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.columns.contract import DEPOSITS
from calc.errors import InputError
from tests.bulk.bad_rows import frame_of, numbered

MAP = """
[deposits]
delimiter = ";"
encoding = "{encoding}"
date_format = "MM/DD/YYYY"
[deposits.names]
"Dep No" = "deposit_id"
"Cust Acct" = "account_id"
Svc = "service"
Amount = "principal"
Opened = "received_date"
Closed = "paid_date"
kind = ""
[deposits.date_formats]
paid_date = "D-MON-YYYY"
[deposits.constants]
kind = "deposit"
remitted_date = ""
service_ended_date = ""
order_payable_date = ""
[deposits.words]
service = {{ E = "electric", G = "gas" }}
efforts_made = {{ Y = true, N = false }}
paid_date = {{ "00-XXX-0000" = "" }}
"""
HEAD = "Dep No;Cust Acct;Svc;Amount;Opened;Closed;kind;efforts_made;clerk"
ROWS = [
    "D1;Zoë €;E;200.00;01/01/2024;1-jan-2025;?;Y;Ann",
    "D2;A2;G;1.005;01/01/2024;;?;Y;Ben",
    "D3;A3;W;5.00;2024-01-01;;?;Y;Cid",
    "D4;A4;G;5.00;02/30/2024;;?;maybe;Dee",
    "D5;A5;G;7.00;12/31/2023;00-XXX-0000;?;N;Eve",
]


def source(folder: Path, rows: list[str], encoding: str = "utf-8", **settings: Any) -> Source:  # noqa: ANN401 - settings of any type
    path = folder / "extract.txt"
    path.write_bytes("\n".join([HEAD, *rows, ""]).encode(encoding))
    mapped = parse_map("map.toml", MAP.format(encoding=encoding)).datasets["deposits"]
    return open_source(DEPOSITS, str(path), mapped=mapped, **settings)


def write_map(folder: Path, text: str) -> Path:
    path = folder / "map.toml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16", "utf-16-le"])
def test_a_mapped_extract_through_the_whole_run(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "extract.txt"
    path.write_bytes("\n".join([HEAD, *ROWS, ""]).encode(encoding))
    out = tmp_path / "out"
    job = NightlyJob(
        as_of=date(2026, 9, 30),
        deposits=str(path),
        out=out,
        max_bad_share=Fraction(1),
        keep_columns=True,
        mapping=write_map(tmp_path, MAP.format(encoding=encoding)),
    )
    manifest = run_nightly(job)
    found = read_results(out, "deposits").collect()
    columns = ["deposit_id", "account_id", "service", "status", "base_interest_cents", "clerk"]
    assert found.select(columns[:4]).rows() == [
        ("D1", "Zoë €", "electric", "returned"),  # 200.00 over the whole of 2024 at 4.93 %: 9.86
        ("D5", "A5", "gas", "active"),
    ]
    assert found["base_interest_cents"][0] == 986
    assert found["clerk"].to_list() == ["Ann", "Eve"]
    refused = pl.read_parquet(out / manifest["quarantine"]["deposits"]["parts"][0]["path"])
    assert refused.columns[3:-4] == [
        "Dep No",
        "Cust Acct",
        "Svc",
        "Amount",
        "Opened",
        "Closed",
        "efforts_made",
        "clerk",
    ]
    assert refused.select("row", "line", "Dep No", "Svc", "Amount", "Opened", "efforts_made", "reasons").rows() == [
        (2, 3, "D2", "G", "1.005", "01/01/2024", "Y", ["too_many_decimals"]),
        (3, 4, "D3", "W", "5.00", "2024-01-01", "Y", ["bad_date", "unknown_value"]),
        (4, 5, "D4", "G", "5.00", "02/30/2024", "maybe", ["bad_date", "unknown_value"]),
    ]
    # The map leads from Amount, Opened and Svc to the contract's columns: the user looks at the extract.
    assert refused["reason_columns"].to_list() == [["Amount"], ["Opened", "Svc"], ["Opened", "efforts_made"]]
    assert [(each["column"], each["rows"]) for each in manifest["quarantine"]["deposits"]["by_column"]] == [
        ("Opened", 2), ("Amount", 1), ("Svc", 1), ("efforts_made", 1),
    ]  # fmt: skip
    assert json.loads((out / "manifest.json").read_text())["rows"]["deposits"]["in"] == 5


def test_another_map_is_another_run(tmp_path: Path) -> None:
    path = tmp_path / "deposits.parquet"
    frame_of("deposits", [numbered("deposits", 0)]).write_parquet(path)
    ids = set()
    for word in ("electric", "gas"):
        text = f'[deposits.words]\nservice = {{ electric = "{word}" }}\n'
        job = NightlyJob(
            as_of=date(2026, 9, 30), deposits=str(path), out=tmp_path / word, mapping=write_map(tmp_path, text)
        )
        ids.add(run_nightly(job)["run_id"])
        assert read_results(tmp_path / word, "deposits").collect()["service"].to_list() == [word]
    assert len(ids) == 2


@pytest.mark.parametrize(
    ("encoding", "wrong"),
    [("cp1252", b"D9;A\x81;E\n"), ("utf-16-le", "D9;A".encode("utf-16-le") + b"\x00\xd8" + ";E\n".encode("utf-16-le"))],
)
def test_what_the_encoding_does_not_know_is_a_bad_line(encoding: str, wrong: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    good = "D1;é;E\n".encode(encoding)
    path.write_bytes("a;b;c\n".encode(encoding) + good + wrong + good)
    ((_, load),) = CsvFile.open(path, CsvLayout(";", encoding)).chunks(["a", "b", "c"], 10)
    chunk = load()
    assert chunk.frame.rows() == [("D1", "é", "E"), (None, None, None), ("D1", "é", "E")]
    assert list(chunk.raw_lines) == [1]
    assert chunk.raw_lines[1].startswith("D9;A\\x")


def test_a_file_that_ends_within_a_character_ends_in_a_bad_line(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("a;b\n1;2\n3;4".encode("utf-16") + b"\x00")
    ((_, load),) = CsvFile.open(path, CsvLayout(";", "utf-16")).chunks(["a", "b"], 10)
    chunk = load()
    assert chunk.frame.rows() == [("1", "2"), (None, None)]
    assert chunk.raw_lines == {1: r"3;4\xff"}


@given(st.text(max_size=200), st.integers(1, 40), st.integers(0, 30))
def test_transcoded_text_is_the_text(
    tmp_path_factory: pytest.TempPathFactory, text: str, size: int, start: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "transcoded.txt"
    path.write_bytes(text.encode("utf-16"))
    expected = text.encode("utf-8")
    start = min(start, len(expected))
    found = bytearray()
    with open_text(path, "utf-16", start) as file:
        buffer = bytearray(size)
        while read := file.readinto(memoryview(buffer)):
            found += buffer[:read]
    assert bytes(found) == expected[start:]


def test_text_of_several_blocks_is_transcoded_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(("id;name\n" + "".join(f"{number};é😀\n" for number in range(200_000))).encode("utf-16"))
    file = CsvFile.open(path, CsvLayout(";", "utf-16"))
    names = [name for _, load in file.chunks(["id", "name"], 30_000) for name in load().frame["id"]]
    assert names == [str(number) for number in range(200_000)]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_the_number_of_rows_is_known_about(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(("id;name\n" + "123456789;another name\n" * 100_000).encode(encoding))
    assert abs(CsvFile.open(path, CsvLayout(";", encoding)).rows_hint - 100_000) < 1000


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("MM/DD/YYYY", "03/01/2022", "2022-03-01"),
        ("MM/DD/YYYY", "3/1/2022", None),
        ("MM/DD/YYYY", "2022-03-01", None),
        ("MM/DD/YYYY", "03/01/2022\n", None),
        ("MM/DD/YYYY", "\u06603/01/2022", None),
        ("M/D/YYYY", "3/1/2022", "2022-03-01"),
        ("DD.MM.YYYY", "01.03.2022", "2022-03-01"),
        ("DD.MM.YYYY", "01-03-2022", None),
        ("YYYYMMDD", "20220301", "2022-03-01"),
        ("DD-MON-YYYY", "01-MAR-2022", "2022-03-01"),
        ("DD-MON-YYYY", "01-Mrz-2022", None),
        ("YYYY-MM-DDT00:00:00", "2022-03-01T00:00:00", "2022-03-01"),
        ("YYYY-MM-DD 00:00:00", "2022-03-01 00:00:01", None),
        ("[MM^DD]YYYY\\", "[03^01]2022\\", "2022-03-01"),
        ("DD-MON-YY", "05-JAN-24", "2024-01-05"),
        ("DD-MON-YY", "05-jan-49", "2049-01-05"),
        ("DD-MON-YY", "05-Jan-50", "1950-01-05"),
        ("DD-MON-YY", "05-Foo-24", None),
        ("DD-MON-YY", "05-JAN-2024", None),
        ("DD-MON-YYYY", "05-SEPT-2024", "2024-09-05"),
        ("M/D/YY", "2/29/00", "2000-02-29"),
        ("YYMMDD", "991231", "1999-12-31"),
        ("M/D/YYYY 12:00:00 AM", "1/5/2024 12:00:00 AM", "2024-01-05"),
        ("M/D/YYYY 12:00:00 AM", "1/5/2024 12:00:00 am", "2024-01-05"),
        ("M/D/YYYY 12:00:00 AM", "1/5/2024 3:15:00 PM", None),
        ("YYYY-MM-DDT00:00:00Z", "2024-01-05T00:00:00Z", "2024-01-05"),
        ("YYYY-MM-DDT00:00:00Z", "2024-01-05T07:00:00Z", None),
        ("MON D YYYY 12:00AM", "Jan  5 2024 12:00AM", "2024-01-05"),
        ("MONTH D, YYYY", "january 5, 2024", "2024-01-05"),
        ("MONTH D, YYYY", "jan 5, 2024", None),
        ("'on' D MONTH YYYY 'MON, YY'", "on 5 May 2024 MON, YY", "2024-05-05"),
    ],
)
def test_date_formats(form: str, text: str, expected: str | None) -> None:
    found = DateFormat.parse(form).to_iso(pl.Series([text, " ", None, text])).str.to_date("%Y-%m-%d", strict=False)
    assert [None if day is None else day.isoformat() for day in found] == [expected, None, None, expected]


def test_a_blank_date_is_blank_and_a_wrong_one_is_not() -> None:
    found = DateFormat.parse("MM/DD/YYYY").to_iso(pl.Series(["", "  ", None, "soon"])).to_list()
    assert found[:3] == [None, None, None]
    assert found[3] is not None


@pytest.mark.parametrize(
    "form", ["MM/DD/Y", "YY/DD/YYYY", "MM/YYYY", "MM/DD/YYYY MM", "MMM/DD/YYYY", "DD MM YYYY HH", ""]
)
def test_formats_that_are_none(form: str) -> None:
    with pytest.raises(ValueError, match="once each"):
        DateFormat.parse(form)


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        ("[deposits", 1, "not TOML"),
        ("[deposit]", 1, "deposit: unknown; expected deposits, accounts"),
        ("deposits = 3", 1, r"expected a table \[deposits\]"),
        ('[deposits]\n\ndelimiter = "x"', 3, r"deposits\.delimiter: is \"x\"; expected one of"),
        ('[deposits]\nencoding = "utf-7"', 2, r"deposits\.encoding: is \"utf-7\"; expected one of utf-8"),
        ('[deposits]\nheader = "x"', 2, r"deposits\.header: unknown; expected delimiter"),
        ('[deposits]\ndate_format = "MM/DD/Y"', 2, r"deposits\.date_format: is \"MM/DD/Y\"; expected YYYY"),
        ('[deposits]\ndate_format = "MM/DD/YY"\ntwo_digit_years_from = 50', 3, "50; expected a whole number from 1900"),
        ("[deposits]\nskip_rows = true", 2, "expected a whole number"),
        ("[deposits]\nskip_rows = -1", 2, "-1; expected a whole number from 0 to 1000"),
        ('[deposits]\ntime_zone = "Denver"', 2, "expected a zone such as America/Denver"),
        ("[deposits]\ntrim = 1", 2, "expected true or false"),
        ('[deposits]\nmoney_style = "1.234.56"', 2, "expected one of 1,234.56, 1.234,56"),
        ('[deposits.drop_rows_where]\nx = ["*"]', 2, "expected a text or several"),
        ("[deposits.drop_rows_where]\nx = []", 2, "expected a text or several"),
        ('[deposits]\nmoney_style = "1.234,56"\n[deposits.words]\nprincipal = { x = "1.50" }', 4, "not_a_number"),
        ("[deposits]\ndate_format = 3", 2, "expected text in quotes"),
        ('[deposits.date_formats]\nkind = "MM/DD/YYYY"', 2, "holds no date; expected one of received_date"),
        ('[deposits.names]\nx = "deposit"', 2, r"deposits\.names\.x: is \"deposit\"; expected one of"),
        ('[deposits.names]\n"a b" = "kind"\nb = "kind"', 2, "as another is"),
        ('[deposits.constants]\nfee = "1"', 2, "unknown column; expected one of deposit_id"),
        ('[deposits.constants]\nservice = "water"', 2, r"unknown_value; expected .*electric, gas"),
        ("[deposits.constants]\nreceived_date = 1.5", 2, "bad_date"),
        ("[deposits.constants]\nprincipal = 1.505", 2, "too_many_decimals"),
        ('[deposits.constants]\ndeposit_id = ""', 2, "missing_value"),
        ("[deposits.constants]\nkind = [1]", 2, "expected text"),
        ('[deposits.words]\nservice = "gas"', 2, "expected a table"),
        ('[deposits.words]\nservice = { W = "water" }', 2, "unknown_value"),
        ('[deposits]\ndate_format = "DD.MM.YYYY"\n[deposits.words]\npaid_date = { x = "2022-01-01" }', 4, "bad_date"),
    ],
)
def test_maps_that_cannot_be_read(text: str, line: int, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint) as caught:
        parse_map("map.toml", text)
    assert str(caught.value).startswith(f"map.toml, line {line}: ")


def test_an_income_in_a_map_is_not_told() -> None:
    with pytest.raises(InputError) as caught:
        parse_map("map.toml", '[participants.constants]\nhousehold_income_cents = "12345.678"')
    assert "12345" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            '[deposits.names]\nnone = "kind"',
            r"map\.toml: deposits\.names: .*x\.csv has no column 'none'; it has id",
        ),
        ('[deposits.names]\nid = "kind"', r"would have kind twice: .* as in kind = \"\""),
        ('[deposits.constants]\nkind = "deposit"', r"deposits\.constants: .*x\.csv has kind itself"),
        ('[deposits.names]\nrow = "deposit_id"', "the quarantine has a column 'row' itself"),
        ('[deposits.names]\nid = "deposit_id"', "lacks the required columns account_id"),
    ],
)
def test_maps_that_do_not_fit_the_file(text: str, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("id,kind,row\n")
    with pytest.raises(InputError, match=complaint):
        open_source(DEPOSITS, str(path), mapped=parse_map("map.toml", text).datasets["deposits"])


def test_floats_are_no_words(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    frame_of("deposits", [numbered("deposits", 0)]).with_columns(principal_cents=pl.lit(0.1)).write_parquet(path)
    mapped = parse_map("map.toml", '[deposits.words]\nprincipal_cents = { "-" = "0" }').datasets["deposits"]
    with pytest.raises(InputError, match="column principal_cents is of type Float64"):
        open_source(DEPOSITS, str(path), mapped=mapped)


def test_typed_columns_are_mapped_too(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    frame = frame_of("deposits", [numbered("deposits", 0)])
    frame.with_columns(efforts_made=pl.lit(1), received_date=pl.lit(20220301)).write_parquet(path)
    text = (
        '[deposits]\ndate_format = "YYYYMMDD"\n[deposits.words]\nefforts_made = { 1 = "true", 0 = "false" }\n'
        '[deposits.names]\nkind = ""\n'
    )
    mapped = parse_map("map.toml", text).datasets["deposits"]
    (part,) = open_source(DEPOSITS, str(path), mapped=mapped).parts()
    chunk = part.load()
    assert chunk.frame.select("efforts_made", "received_date", "paid_date").row(0) == ("true", "2022-03-01", None)
    assert "kind" not in chunk.frame.columns
    assert chunk.as_read is not None
    assert chunk.as_read["received_date"].to_list() == [20220301]


def test_a_column_of_constants_alone_may_be_asked_for(tmp_path: Path) -> None:
    (part,) = source(tmp_path, ROWS).parts({"kind"})
    assert part.load().frame.to_dicts() == [{"kind": "deposit"}] * 5


@pytest.mark.parametrize("part_rows", [1, 2, 100])
@pytest.mark.parametrize("limit", [1, 2, 3, 5, 9])
def test_the_first_rows_alone(limit: int, part_rows: int, tmp_path: Path) -> None:
    broken = [ROWS[0], "D2;short", 'D"3', *ROWS[3:]]
    found = source(tmp_path, broken, limit=limit, part_rows=part_rows)
    assert found.rows_hint == min(limit, 5)
    chunks = [(part, part.load()) for part in found.parts()]
    ids = [name for _, chunk in chunks for name in chunk.frame["deposit_id"]]
    assert ids == ["D1", "D2", None, "D4", "D5"][:limit]
    for part, chunk in chunks:
        assert part.rows == chunk.frame.height
        assert chunk.lines is not None
        assert chunk.lines.size == part.rows
        assert chunk.flagged is None or chunk.flagged.size == part.rows
        assert all(place < part.rows for place in chunk.raw_lines)
        assert chunk.as_read is not None
        assert chunk.as_read.height == part.rows


@pytest.mark.parametrize(("years_from", "expected"), [(1900, "1999-01-05"), (1999, "1999-01-05"), (2000, "2099-01-05")])
def test_two_digits_mean_one_of_the_hundred_years_from_the_first(years_from: int, expected: str) -> None:
    form = DateFormat.parse("MM/DD/YY", years_from)
    assert form.to_iso(pl.Series(["01/05/99"])).to_list() == [expected]


@pytest.mark.parametrize(
    ("style", "text", "expected"),
    [
        ("1,234.56", "$1,234.56", "1234.56"),
        ("1,234.56", "1,234,567.891", "1234567.891"),
        ("1,234.56", "(200.00)", "-200.00"),
        ("1,234.56", "($ 200.00)", "-200.00"),
        ("1,234.56", "$(200.00)", "-200.00"),
        ("1,234.56", "200.00-", "-200.00"),
        ("1,234.56", "-$200.00", "-200.00"),
        ("1,234.56", "$-200.00", "-200.00"),
        ("1,234.56", "\u2212200.00", "-200.00"),
        ("1,234.56", "200", "200"),
        ("1,234.56", "1234.5", "1234.5"),
        ("1,234.56", "$.50", "0.50"),
        ("1,234.56", "USD 5.00", "5.00"),
        ("1,234.56", "5.00 USD", "5.00"),
        ("1.234,56", "1.234,56", "1234.56"),
        ("1.234,56", "1.234", "1234"),
        ("1.234,56", "(12,5)", "-12.5"),
        ("1 234,56", "1\u00a0234,56", "1234.56"),
        ("1'234.56", "1'234.56", "1234.56"),
    ],
)
def test_styles_of_money(style: str, text: str, expected: str) -> None:
    assert MoneyStyle.parse(style).to_plain(pl.Series([text, " ", None])).to_list() == [expected, None, None]


@pytest.mark.parametrize(
    ("style", "text"),
    [
        *(("1,234.56", text) for text in (
            "1,23.45", "1,2345", "1234,567.00", "--5", "-5-", "(-5)", "(5", "5)", "((5))", "\u20ac5", "$", "-", "()",
            "5 5", "200.", "1.234,56", "1e3", "\u0665",
        )),
        *(("1.234,56", text) for text in ("1,234.56", "123.45", "1234.567,00")),
        ("1 234,56", "12 34,00"),
    ],
)  # fmt: skip
def test_amounts_of_another_style_are_no_numbers(style: str, text: str) -> None:
    """None is guessed at: 123.45 where the point divides thousands is refused, not taken for 123.45."""
    assert not MoneyStyle.parse(style).to_plain(pl.Series([text])).str.contains("[0-9]").any()


REPORT = """Deposits on hand,,,,,,
"Run 11/29/2026, page 1",,,,,,

Dep No,Acct,Svc,Amount,Opened,Closed,Posted
D1,A1,gas,"$1,200.00",05-JAN-24,05-JAN-25,(0.00)
Page total,,,"$1,200.00",,,
D2,A2,gas,"$1,2.00",06-JAN-24,,
D3,A3,gas,200.0000,07-JAN-74,,1.00-
TOTAL,,,"$1,400.00",,,
Records: 3
"""
REPORT_MAP = """
[deposits]
skip_rows = 2
money_style = "1,234.56"
date_format = "DD-MON-YY"
two_digit_years_from = 1970
[deposits.drop_rows_where]
"Dep No" = ["TOTAL", "Page total", "Records:*"]
[deposits.names]
"Dep No" = "deposit_id"
Acct = "account_id"
Svc = "service"
Amount = "principal"
Opened = "received_date"
Closed = "paid_date"
Posted = "posted"
[deposits.constants]
remitted_date = ""
service_ended_date = ""
order_payable_date = ""
"""


@pytest.mark.parametrize("part_rows", [1, 2, 100])
def test_a_report_with_titles_totals_and_dollar_signs(part_rows: int, tmp_path: Path) -> None:
    """200.00 of 1974 cannot have been held before there are rates; D2's amount is no number; D1 is paid back."""
    (tmp_path / "report.csv").write_text(REPORT)
    (tmp_path / "map.toml").write_text(REPORT_MAP)
    job = NightlyJob(
        date(2026, 9, 30), str(tmp_path / "report.csv"), tmp_path / "out", mapping=tmp_path / "map.toml",
        max_bad_share=Fraction(1), part_rows=part_rows, threads=2,
    )  # fmt: skip
    assert dry_run(job)["datasets"]["deposits"]["rows"] == 3
    manifest = run_nightly(job)
    assert manifest["rows"]["deposits"] == {"in": 3, "out": 1, "quarantined": 2}
    assert manifest["dropped_rows"] == {"deposits": 3}
    assert any("deposits: 3 rows were left out by drop_rows_where" in note for note in manifest["notes"])
    parts = manifest["quarantine"]["deposits"]["parts"]
    found = pl.concat([pl.read_parquet(tmp_path / "out" / part["path"]) for part in parts]).sort("row")
    assert found.select("row", "line", "Dep No", "Amount", "Opened", "Posted").rows() == [
        (3, 7, "D2", "$1,2.00", "06-JAN-24", None),
        (4, 8, "D3", "200.0000", "07-JAN-74", "1.00-"),
    ]
    assert found["reasons"].to_list() == [["not_a_number"], ["negative_amount", "no_rate_in_force"]]
    good = read_results(tmp_path / "out", "deposits").collect()
    assert good.select("deposit_id", "status", "accrued_days").rows() == [("D1", "returned", 366)]


def test_rows_left_out_of_transactions_do_not_shift_the_places_of_others(tmp_path: Path) -> None:
    """The copy stands on row 4 of its file, the line it repeats on row 2."""
    frame_of("deposits", [numbered("deposits", 0)]).write_parquet(tmp_path / "deposits.parquet")
    key = numbered("deposits", 0)["deposit_id"]
    lines = ["TOTAL,,,", f"{key},2024-01-02,owed,5", "TOTAL,,,", f"{key},2024-01-02,owed,5"]
    (tmp_path / "moves.csv").write_text("\n".join(["deposit_id,date,kind,amount_cents", *lines, ""]))
    (tmp_path / "map.toml").write_text('[transactions.drop_rows_where]\ndeposit_id = "TOTAL"\n')
    manifest = run_nightly(
        NightlyJob(
            date(2026, 9, 30), str(tmp_path / "deposits.parquet"), tmp_path / "out",
            transactions=str(tmp_path / "moves.csv"), mapping=tmp_path / "map.toml", max_repeated_share=Fraction(1),
        )
    )  # fmt: skip
    listed = manifest["bounds"]["max_repeated_share"]["list"]["path"]
    assert pl.read_parquet(tmp_path / "out" / listed).select("row", "first_row").rows() == [(4, 2)]
    assert manifest["dropped_rows"]["transactions"] == 2


def test_a_column_of_rows_to_leave_out_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "report.csv").write_text(REPORT)
    mapped = parse_map("map.toml", REPORT_MAP.replace('"Dep No" = ["', '"Number" = ["')).datasets["deposits"]
    with pytest.raises(InputError, match=r"drop_rows_where: .* has no column 'Number'; it has Dep No, Acct"):
        open_source(DEPOSITS, str(tmp_path / "report.csv"), mapped=mapped)


def test_more_lines_to_skip_than_there_are(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("title\n")
    with pytest.raises(InputError, match="no header line"):
        CsvFile.open(tmp_path / "x.csv", CsvLayout(skip_rows=9))


def test_styles_of_money_hold_for_bills_of_single_months() -> None:
    mapped = parse_map("map.toml", '[accounts]\nmoney_style = "1,234.56"\n').datasets["accounts"]
    for name in ("billed", "billed_cents", "monthly_bill_01", "monthly_bill_12_cents"):
        assert mapped.values(pl.Series(["$1,234"]), name).to_list() == ["1234"]
    assert mapped.values(pl.Series(["12.00 13.00"]), "monthly_bill").to_list() == ["12.00 13.00"]
