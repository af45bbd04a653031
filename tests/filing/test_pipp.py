"""The affordability program's annual report: figures by hand, what was not given, and the public form."""

import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fastexcel
import polars as pl
import pytest

from calc.filing import forms
from calc.filing.pipp import pipp_report
from calc.filing.report import Cell, Report, Section
from calc.filing.suppression import public_form, suppressed_places
from calc.program import statement
from calc.program.program_file import Fuel, load_program
from calc.rules.resolve import load_rules
from tests.cases.command import puccalc

if TYPE_CHECKING:
    from collections.abc import Mapping

EXAMPLE = Path(__file__).parents[1] / "program" / "example.toml"
NOVEMBER, DECEMBER = date(2025, 11, 10), date(2025, 12, 10)


def bill(participant: int, day: date, usage: int, arrearage: int = 0, **columns: Any) -> dict[str, Any]:  # noqa: ANN401 - columns
    return {
        "participant_id": f"P{participant}",
        "service": "electric",
        "bill_date": day,
        "in_program": True,
        "planned": False,
        "program_credit_cents": usage,
        "arrearage_credit_cents": arrearage,
        "leap_to_unaffordable_cents": 0,
        "causes": [],
        **columns,
    }


def filled(rows: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> Report:
    """The report of the example's electric program with these bills."""
    months = pl.DataFrame(rows, schema_overrides={"causes": pl.List(pl.String)})
    monkeypatch.setattr(statement, "months_of", lambda *_: months)
    monkeypatch.setattr(statement, "read_manifest", lambda _: {})
    program = load_program(EXAMPLE)
    fuel = program.fuels["electric"]
    typed: Mapping[str, int | str] = {"II": 120, "XX": "None."}
    own = Fuel(None, None, fuel.administrative_cents, (), 0, None, None, None, fuel.classes, typed)
    books = statement.statement_of(
        type(program)(program.utility, {"electric": own}, b""), [], 2026, load_rules(date(2026, 10, 31))
    )
    return pipp_report(books, months, {"electric": own})


def cells(report: Report, item: str) -> dict[str, tuple[Cell, ...]]:
    (section,) = (each for each in report.sections if each.item == item)
    return dict(section.rows)


@pytest.fixture
def four(monkeypatch: pytest.MonkeyPatch) -> Report:
    """Assistance 10.00 + 5.00, 30.00, 40.01 and 0.02; one leaves in December."""
    return filled(
        [
            bill(1, NOVEMBER, 4_00, 5_00),
            bill(1, DECEMBER, 6_00),
            bill(2, NOVEMBER, 30_00, leap_to_unaffordable_cents=7_00),
            bill(3, NOVEMBER, 40_01),
            bill(4, NOVEMBER, 2),
            bill(4, DECEMBER, 0, in_program=False, causes=["exit"]),
            bill(2, date(2026, 10, 10), 99_00, planned=True),
        ],
        monkeypatch,
    )


def test_items_stand_in_the_rules_order(four: Report) -> None:
    roman = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX XXI"
    assert " ".join(each.item.strip("()") for each in four.sections) == roman


def test_figures_by_hand(four: Report) -> None:
    """Mean of 15.00, 30.00, 40.01 and 0.02: 85.03 / 4 = 21.2575; median (15.00 + 30.00) / 2."""
    months = cells(four, "(I)")
    assert list(months) == [
        "November 2025", "December 2025", "January 2026", "February 2026", "March 2026", "April 2026", "May 2026",
        "June 2026", "July 2026", "August 2026", "September 2026", "October 2026", "Year",
    ]  # fmt: skip
    assert [each.value for each in months["November 2025"][:4]] == [4, 74_03, 5_00, 7_00]
    assert [each.value for each in months["December 2025"][:3]] == [1, 6_00, 0]
    assert [each.value for each in months["Year"][:4]] == [4, 80_03, 5_00, 7_00]
    assert months["November 2025"][5].value == 100_000 * 5 + 10_000 * 20
    assert cells(four, "(IV)")[""][0].value == 4
    assert [each[0].value for each in cells(four, "(V)").values()] == [21_26, 22_50]
    assert (cells(four, "(VI)")[""][0].value, cells(four, "(VII)")[""][0].value) == (40_01, 2)
    assert [each[0].value for each in cells(four, "(XIV)").values()] == [5_00, 1, 5_00, 5_00]
    assert next(iter(cells(four, "(XIX)").values()))[0].value == 1


def test_what_was_not_typed_in_is_not_given_and_never_zero(four: Report) -> None:
    assert cells(four, "(II)")[""][0].text == "120"
    assert cells(four, "(XX)")[""][0].text == "None."
    for item in ("(III)", "(IX)", "(XIII)", "(XXI)"):
        assert cells(four, item)[""][0].text == "not given"
    assert cells(four, "(I)")["November 2025"][4].text == "not given"


def test_a_public_form_suppresses_few_households(four: Report) -> None:
    public = public_form(four, 15)
    items = ("(I)", "(IV)", "(V)", "(VI)", "(VII)", "(XIV)")
    rows = [row for name in items for row in cells(public, name).values()]
    shown = {cell.text for row in rows for cell in row if cell.households}
    assert shown == set()
    assert cells(public, "(IV)")[""][0].text == "suppressed"
    assert cells(public, "(VIII)")["total cost of the program"][0].text == "suppressed"
    assert cells(public, "(II)")[""][0].text == "120"
    assert cells(public, "(I)")["November 2025"][5].status == "given"


@pytest.mark.parametrize(
    ("households", "places", "total"),
    [
        ([20, 30, 40], set(), False),
        ([0, 30, 40], set(), False),
        ([3, 30, 40], {0, 1}, False),  # one alone is the total less the others
        ([3, 5, 40, 50], {0, 1, 2}, False),  # eight are fewer than 15
        ([8, 9, 40], {0, 1}, False),
        ([3, 0, 0], {0}, True),
        ([3, 5], {0, 1}, True),
    ],
)
def test_complements(households: list[int], places: set[int], total: bool) -> None:
    assert suppressed_places(households, 15) == (places, total)


def test_a_total_does_not_give_a_suppressed_row_away() -> None:
    rows = tuple((str(number), (Cell(number * 100, "cents", number),)) for number in (3, 20, 40, 63))
    report = Report("r", "R", "U", 2026, "", "", "", (Section("p", "(A)", "T", ("", "x"), rows, total=True),))
    (section,) = public_form(report, 15).sections
    assert [cells_[0].text for _, cells_ in section.rows] == ["suppressed", "suppressed", "40.00", "63.00"]


def test_the_three_forms_say_the_same(four: Report, tmp_path: Path) -> None:
    names = forms.write(four, tmp_path)
    assert names == ["pipp_2026.xlsx", "pipp_2026.html", "pipp_2026.parquet"]
    long = pl.read_parquet(tmp_path / "pipp_2026.parquet")
    usage = long.filter(item="(I)", row="Year", column="credits for usage")
    assert usage.select("value", "unit", "text", "status").row(0) == (80_03, "cents", "80.03", "given")
    sheet = fastexcel.read_excel(BytesIO((tmp_path / "pipp_2026.xlsx").read_bytes()).getvalue())
    assert sheet.sheet_names == ["electric"]
    table = sheet.load_sheet(0, header_row=None, dtypes="string").to_polars()
    names_of_rows = [text for text in table.to_series(0).to_list() if text]
    assert [text.partition(" ")[0] for text in names_of_rows if text.startswith("(")] == [
        each.item for each in four.sections
    ]
    (year,) = [row for row in table.rows() if row[0] == "Year"]
    assert (year[1], year[2]) == ("4", "80.03")
    with zipfile.ZipFile(tmp_path / "pipp_2026.xlsx") as book:
        printed_sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert 'orientation="landscape"' in printed_sheet  # all columns on a page, whatever the number of pages
    assert 'fitToHeight="0"' in printed_sheet
    page = (tmp_path / "pipp_2026.html").read_text("utf-8")
    assert "<svg" in page
    assert "not given" in page
    again = {name: (tmp_path / name).read_bytes() for name in names}
    forms.write(four, tmp_path)
    assert {name: (tmp_path / name).read_bytes() for name in names} == again


def test_the_command_without_results_gives_no_zeros(tmp_path: Path) -> None:
    out = tmp_path / "filing"
    words = ["report", "pipp", "--year", "2026", "--program", str(EXAMPLE), "-o", str(out), "--public", "--pdf"]
    done = puccalc(words)
    assert done.code == 0, done.err
    assert (out / "pipp_2026_public.pdf").read_bytes().startswith(b"%PDF-")
    assert "Due 2026-12-31" in done.err
    assert "electric (III)" in done.err
    long = pl.read_parquet(out / "pipp_2026_public.parquet")
    assert set(long.filter(item="(IV)")["status"]) == {"not given"}
    typed = long.filter(item="(I)", row="Year", column="credits for usage", part="electric")
    assert typed["value"].to_list() == [150_000_00]
    assert long.filter(item="(VIII)", row="total cost of the program")["value"].to_list() == [221_716_00, 44_248_00]
