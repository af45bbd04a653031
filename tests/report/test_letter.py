import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pypdf
import pytest
import typst

from calc.errors import DataError, InputError, RatesMissingError
from calc.rates.computing import table
from calc.rates.fred.review import review
from calc.rates.register.entries import append
from calc.rates.register.published import PublishedRate
from calc.rates.userfolder import folder_to_write
from calc.report.letter import render as module
from calc.report.letter import worksheet as worksheet_module
from calc.report.letter.check import check_file, check_hash
from calc.report.letter.imprint import find
from calc.report.letter.render import Form, letter, worksheet_html
from calc.report.letter.wording import facts, paragraphs
from calc.report.letter.worksheet import worksheet
from tests.rates.test_register import approved, proposed
from tests.rates.test_snapshot import answer

FORMS: tuple[Form, ...] = ("pdf", "html", "txt")
SUM_2024 = "4.43 + 4.73 + 4.68 + 4.69 + 4.93 + 4.68 + 4.68 + 4.91 + 5.24 + 5.37 + 5.37 + 5.44 = 59.15"
"""GS1 from 2022-10 to 2023-09."""


def read(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def words(text: str) -> str:
    return " ".join(text.split())


def told(year: int) -> str:
    found = worksheet(year)
    assert found.result
    return "\n".join(paragraphs(found, found.result))


@pytest.fixture(scope="module")
def pdfs() -> dict[int, bytes]:
    """Letters by the shipped data, made once."""
    return {}


@pytest.fixture
def pdf_of(pdfs: dict[int, bytes]) -> Any:  # noqa: ANN401 - a function
    def made(year: int) -> bytes:
        if year not in pdfs:
            pdfs[year] = letter(worksheet(year), "pdf")
        return pdfs[year]

    return made


@pytest.mark.parametrize(
    ("year", "rate", "change"),
    [
        (2023, "1.69", "This changes the existing rate of 0.08 percent."),
        (2024, "4.93", "This changes the existing rate of 1.69 percent."),
        (2025, "4.93", "The existing rate of 4.93 percent continues."),
        (2026, "4.08", "This changes the existing rate of 4.93 percent."),
        (2027, "3.78", "This changes the existing rate of 4.08 percent."),
    ],
)
def test_the_letter_states_the_rate(year: int, rate: str, change: str) -> None:
    text = told(year)
    assert text.startswith("Under rules 4 CCR 723-3-3403(o) (electric) and 4 CCR 723-4-4403(o) (gas), a utility pays ")
    assert f"during calendar year {year} at the rate of {rate} percent per annum, effective January 1, {year}." in text
    assert change in text
    assert f"October {year - 2} through September {year - 1}" in text
    assert ("PROVISIONAL - not for issue: 2026-07" in text) == (year == 2027)


def test_what_a_utility_does() -> None:
    reset = told(2027)
    assert "file by advice letter or application, as appropriate, a revised tariff with the new rate" in reset
    # 2 to 31 December are the thirty days; 31 December 2026 is a Thursday, the 30th a Wednesday.
    assert (
        "the day of filing not counted, the last day to file is December 1, 2026. By the Commission's practice, a new "
        "advice letter is generally due by December 30, 2026." in reset
    )
    assert "3.77583333... percent, rounded 3.78. The average is 30 basis points below the existing rate. " in reset
    assert "The difference reaches the 25 basis points of the rules: the newly calculated rate is used." in reset
    kept = told(2025)
    assert "Since there is no change in the rate, no revised tariff need be filed." in kept
    assert "The average equals the existing rate. The difference does not reach the 25 basis points" in kept
    assert "The average is 324 basis points above the existing rate." in told(2024)  # 4.93 less 1.69
    assert 'Colorado PUC (https://puc.colorado.gov/cdir): "For calendar year 2024, the rate will be 4.93%."' in told(
        2024
    )


def test_other_readings_are_told() -> None:
    found = worksheet(2024, switches={"published_override": "false", "threshold_bp": "30"})
    assert found.result
    text = "\n".join(paragraphs(found, found.result))
    assert "readings of the rules other than the default ones: published_override = false, threshold_bp = 30." in text
    assert "as published" not in text
    assert "default ones" not in told(2024)


def test_a_difference_of_the_very_threshold() -> None:
    """3.78 less 4.08 is 30 basis points; before rounding 3.775833... less 4.08 is 30.41666..."""
    reached = {"threshold_bp": "30"}
    for switches, words_of_it in (
        (reached, "The average is 30 basis points below the existing rate. The difference reaches the 30"),
        ({**reached, "threshold_inclusive": "false"}, "The difference does not exceed the 30 basis points"),
        (
            {**reached, "threshold_stage": "unrounded"},
            "Before rounding, the average is 30.41666666... basis points below",
        ),
        (
            {**reached, "threshold_stage": "unrounded", "threshold_inclusive": "false"},
            "existing rate. The difference exceeds the 30 basis points",
        ),
    ):
        found = worksheet(2027, switches=switches)
        assert found.result
        assert words_of_it in "\n".join(paragraphs(found, found.result))


def test_the_facts_at_a_glance() -> None:
    result = worksheet(2025).result
    assert result
    assert dict(facts(result)) == {
        "Rate": "4.93 percent per annum",
        "Effective": "January 1, 2025",
        "Existing rate": "4.93 percent",
        "Outcome": "the existing rate continues",
    }


@pytest.mark.parametrize("form", FORMS)
def test_the_same_worksheet_gives_the_same_bytes(form: Form) -> None:
    first = letter(worksheet(2027), form)
    assert first == letter(worksheet(2027), form)
    assert first != letter(worksheet(2027), form, dated=date(2026, 12, 1))


@pytest.mark.parametrize("year", [2024, 2027])
def test_the_text_of_the_pdf_holds_the_twelve_months(pdf_of: Any, year: int) -> None:  # noqa: ANN401 - as above
    text = words("\n".join(page.extract_text() for page in read(pdf_of(year)).pages))
    found = worksheet(year)
    for month, rate_bp, status in found.months:
        name = date.fromisoformat(f"{month}-01").strftime("%B %Y")
        assert f"{name} {(rate_bp or 0) // 100}.{(rate_bp or 0) % 100:02d} {status}" in text
    if year == 2024:
        assert SUM_2024 in text
    assert found.sha256 in text
    assert found.verify_line in text.replace("- ", "-")
    assert "To: Every regulated electric and gas utility" in text
    assert "4 CCR 723-3-3403(o)(II)" in text
    assert "is 25 basis points or more, the newly calculated customer deposit interest rate shall be used" in text


@pytest.mark.parametrize("year", [2026, 2027])
def test_a_provisional_letter_is_marked_on_every_page(pdf_of: Any, year: int) -> None:  # noqa: ANN401 - as above
    pages = [page.extract_text() for page in read(pdf_of(year)).pages]
    assert len(pages) >= 3
    assert {"PROVISIONAL - not for issue" in page for page in pages} == {year == 2027}
    for form in ("html", "txt"):
        assert (b"PROVISIONAL - not for issue" in letter(worksheet(year), form)) == (year == 2027)


def root_of(reader: pypdf.PdfReader) -> Any:  # noqa: ANN401 - what pypdf calls a PdfObject
    return reader.trailer["/Root"]


def structure(reader: pypdf.PdfReader) -> Iterator[dict[str, Any]]:
    """Every element of the structure tree."""
    waiting: list[Any] = [root_of(reader)["/StructTreeRoot"]]
    while waiting:
        each = waiting.pop()
        element = each.get_object() if hasattr(each, "get_object") else each
        if isinstance(element, list):
            waiting += element
        elif isinstance(element, dict):
            if "/S" in element:
                yield element
            waiting += [element["/K"]] if "/K" in element else []


def test_the_pdf_is_tagged_for_accessibility(pdf_of: Any) -> None:  # noqa: ANN401 - as above
    reader = read(pdf_of(2027))
    root = root_of(reader)
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a BooleanObject of pypdf
    assert root["/Lang"] == "en-US"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712 - as above
    assert reader.metadata
    assert reader.metadata.title == "Rate of interest on customer deposits for calendar year 2027"
    xmp = root["/Metadata"].get_data()
    assert b"<pdfuaid:part>1</pdfuaid:part>" in xmp
    elements = list(structure(reader))
    kinds = [element["/S"] for element in elements]
    assert kinds.count("/Figure") == 2
    figures = [str(element["/Alt"]) for element in elements if element["/S"] == "/Figure"]
    assert any("October 2025 is 3.61" in alt for alt in figures)
    assert any("lowest with 0.08 from January 1, 2022" in alt for alt in figures)
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/P"} <= set(kinds)
    assert kinds.count("/H1") == 2
    assert [str(page["/Tabs"]) for page in reader.pages] == ["/S"] * len(reader.pages)


def test_the_pdf_has_its_fonts_inside(pdf_of: Any) -> None:  # noqa: ANN401 - as above
    resources: list[Any] = [page["/Resources"] for page in read(pdf_of(2027)).pages]
    fonts = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        for each in resources
        for font in each["/Font"].values()
    ]
    assert fonts
    assert all("/FontFile3" in font or "/FontFile2" in font for font in fonts)
    assert {re.split(r"[-+]", font["/FontName"])[1] for font in fonts} == {"LibertinusSerif", "DejaVuSansMono"}


def test_typst_has_nothing_to_complain_of() -> None:
    for year in (2024, 2027):
        content = module._content(worksheet(year), None, "Libertinus Serif")
        template = (Path(module.__file__).with_name("templates") / "letter.typ").read_bytes()
        _, warnings = typst.compile_with_warnings(
            template, sys_inputs={"content": json.dumps(content)}, pdf_standards=["ua-1"], ignore_system_fonts=True
        )
        assert [warning.message for warning in warnings] == []


def test_the_time_in_the_pdf_is_that_of_the_data(pdf_of: Any) -> None:  # noqa: ANN401 - as above
    reader = read(pdf_of(2026))
    assert reader.metadata
    assert str(reader.metadata.creation_date) == "2025-10-01 00:00:00+00:00"
    dated = read(letter(worksheet(2026), "pdf", dated=date(2025, 11, 20)))
    assert dated.metadata
    assert str(dated.metadata.creation_date) == "2025-11-20 00:00:00+00:00"
    assert "Dated: November 20, 2025" in words(dated.pages[0].extract_text())


class Outline(HTMLParser):
    """What a page loads, its headings, tables and images, and its tags in balance."""

    VOID = frozenset({"meta", "br", "link", "img", "input"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[str] = []
        self.loaded: list[str] = []
        self.roles: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loaded += [f"{tag} {value}" for name, value in attrs if name in {"src", "href", "action"}]
        self.roles += [str(value) for name, value in attrs if name == "role"]
        if tag in {"h1", "h2", "h3", "h4"}:
            self.headings.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_loads_nothing() -> None:
    text = letter(worksheet(2027), "html").decode()
    outline = Outline(text)
    assert (outline.open, outline.loaded) == ([], [])
    assert outline.headings[:2] == ["h1", "h2"]
    assert outline.headings.count("h1") == 1
    assert outline.roles.count("img") == 2
    assert '<html lang="en-US">' in text
    assert "October 2025" in text
    assert '@top-center { content: "PROVISIONAL - not for issue"' in text
    part = worksheet_html(worksheet(2027))
    assert part in text
    assert part.startswith('<section class="worksheet" aria-labelledby="worksheet-2027">')


def test_names_from_the_register_are_text_in_the_page() -> None:
    append(proposed(by="<script>Ann</script>"))
    text = letter(worksheet(2027), "html").decode()
    assert "Proposed by &lt;script&gt;Ann&lt;/script&gt; on October 15, 2026: 3.78 percent" in text
    assert "<script>Ann" not in text
    assert "not yet approved" in told(2027)


def test_names_from_the_register_are_text_in_the_pdf() -> None:
    append(proposed(by="#panic() *Ann* $x$ @here"))
    text = words(read(letter(worksheet(2027), "pdf")).pages[0].extract_text())
    assert "Proposed by #panic() *Ann* $x$ @here on October 15, 2026" in text


def test_an_approved_rate_with_another_date() -> None:
    append(approved(proposed(), effective_from=date(2027, 3, 1)))
    text = told(2027)
    assert "at the rate of 3.78 percent per annum, effective March 1, 2027." in text
    assert (
        "Approved by Bob Jones on November 20, 2026, proposed by Ann Smith: 3.78 percent from March 1, 2027 "
        "(register entry 2)." in text
    )
    # 30 January to 28 February are thirty days; the 28th is a Sunday, and from 27 January they end on Friday the 26th.
    assert "the last day to file is January 29, 2027; filed by January 27, 2027, the notice ends on a business" in text
    assert "PROVISIONAL" not in text
    assert "Please note: approved although 2026-07, 2026-08, 2026-09 are derived" in text


def test_a_published_rate_that_differs_is_flagged(monkeypatch: pytest.MonkeyPatch) -> None:
    rate = PublishedRate(date(2026, 1, 1), 41000, date(2025, 12, 1), "Colorado PUC", "a letter", "4.10%")
    for place in (table, worksheet_module):
        monkeypatch.setattr(place, "shipped_published", lambda: (rate,))
    text = told(2026)
    assert "at the rate of 4.10 percent per annum" in text
    assert "Please note: the Commission published 4.10, which is in force; the rule gives 4.08." in text
    page = letter(worksheet(2026), "html").decode()
    assert "<strong>Please note:</strong> the Commission published 4.10" in page


@pytest.mark.parametrize("form", FORMS)
def test_no_letter_without_its_months(form: Form) -> None:
    with pytest.raises(RatesMissingError, match="2027-10") as raised:
        letter(worksheet(2029), form)
    assert raised.value.missing_months[-1] == "2028-09"


@pytest.mark.parametrize("form", FORMS)
def test_a_letter_verifies(form: Form) -> None:
    content = letter(worksheet(2027), form, dated=date(2026, 11, 22))
    verdict = check_file(content)
    assert (verdict.differences, verdict.notes) == ((), ())
    assert verdict.sha256 == worksheet(2027).sha256
    assert check_file(content, 2026).differences == ("year: the letter is of 2027",)


def test_the_hash_stands_in_the_pdf_for_any_program(pdf_of: Any) -> None:  # noqa: ANN401 - as above
    content = pdf_of(2027)
    sha256 = worksheet(2027).sha256
    assert f"<pdf:Keywords>worksheet SHA-256 {sha256}</pdf:Keywords>".encode() in content
    record = find(content)
    assert record
    assert (record["sha256"], record["rate_percent"], record["existing_percent"]) == (sha256, "3.78", "4.08")
    assert record["months"].split()[8:] == ["3.91", "4.05-derived", "4.03-derived", "4.37-derived"]
    assert read(content).attachments["imprint.json"][0] == json.dumps(record, indent=1).encode()


@pytest.mark.parametrize(
    ("form", "old", "new"),
    [
        ("txt", b"3.78 percent per annum", b"3.79 percent per annum"),
        ("txt", b"Commission Staff", b"Commission staff"),
        ("txt", b'"effective_from": "2027-01-01"', b'"effective_from": "2027-02-01"'),
        ("html", b"January 1, 2027", b"January 2, 2027"),
        ("html", b"<main>", b"<main><p>Not so.</p>"),
        ("pdf", b"/Lang(en-US)", b"/Lang(en-GB)"),
        ("pdf", b"%%EOF", b"%%EOF\n1 0 obj\n<</Type/Pages>>\nendobj\n%%EOF"),
    ],
)
def test_a_file_that_was_altered_does_not_verify(form: Form, old: bytes, new: bytes) -> None:
    content = letter(worksheet(2027), form)
    assert old in content
    verdict = check_file(content.replace(old, new, 1))
    assert verdict.differences == ("text: the file was altered after it was written",)


def test_an_altered_imprint_names_the_figure() -> None:
    content = letter(worksheet(2027), "txt")
    sha256 = worksheet(2027).sha256.encode()
    forged = content.replace(b'"months": "3.61', b'"months": "3.65').replace(sha256, b"0" * 64)
    forged = forged.replace(b'"rate_percent": "3.78"', b'"rate_percent": "3.79"')
    assert check_file(forged).differences == ("data: 2025-10 was 3.65, is 3.61", "rate percent: was 3.79, is 3.78")


def test_revised_months_are_named() -> None:
    content = letter(worksheet(2027), "pdf")
    review(answer({"2026-09": "4.61"})).keep(["2026-09"])
    verdict = check_file(content)
    told = "\n".join(verdict.differences)
    assert "data: 2026-07 was 4.05-derived, is 4.05" in told
    assert "data: 2026-09 was 4.37-derived, is 4.61" in told
    assert "rate percent: was 3.78, is 3.80" in told  # 45.55 / 12 = 3.7958
    assert "standing: was provisional, is computed" in told
    assert "series sha256: was " in told


def test_later_months_leave_a_letter_as_it_was() -> None:
    content = letter(worksheet(2026), "pdf")
    review(answer()).keep()
    verdict = check_file(content)
    assert verdict.differences == ()
    assert [note.partition(":")[0] for note in verdict.notes] == ["series", "series sha256"]


def test_an_entry_in_the_register_is_named() -> None:
    content = letter(worksheet(2027), "html")
    append(proposed())
    verdict = check_file(content)
    assert verdict.differences == ()  # a proposal changes nothing that the letter states
    assert verdict.notes[-1] == "it is from before register entry 1 (proposal for 2027, 2026-10-15)"


def test_the_engine_that_wrote_it_is_named() -> None:
    found = worksheet(2026)
    older = replace(found, made_with={**found.made_with, "engine": "puccalc 0.0.1, typst 0.1"})
    assert check_file(letter(older, "txt")).notes[0].startswith("engine: was puccalc 0.0.1, typst 0.1, is puccalc ")
    told = check_file(letter(older, "txt").replace(b"Commission Staff", b"The staff")).differences
    assert told[0].startswith("text: not as puccalc ")
    assert told[1].startswith("engine: was puccalc 0.0.1, typst 0.1, is ")


def test_other_rules_are_named() -> None:
    content = letter(worksheet(2026, switches={"threshold_bp": "26"}), "txt")
    assert check_file(content).differences == ()
    forged = content.replace(b"threshold_bp=26", b"threshold_bp=27")
    assert check_file(forged).differences == ("rules: a value, a reading, the words or the dates to keep have changed",)


def test_a_hash_or_its_first_figures() -> None:
    sha256 = worksheet(2024).sha256
    for given, year in ((sha256, None), (sha256[:12], 2024)):
        verdict = check_hash(given, year, {})
        assert verdict.worksheet
        assert (verdict.worksheet.year, verdict.sha256, verdict.differences) == (2024, sha256, ())
    assert check_hash(sha256, 2025, {}).differences[0].startswith("worksheet: that of 2025 has now the hash ")
    assert check_hash("0" * 64, None, {}).differences == ("worksheet: none of 1990 through 2027 has this hash now",)
    assert check_hash(sha256, 2024, {"threshold_bp": "30"}).differences


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7\nstream\nnot deflated\nendstream",
        b"a text",
        b'{"imprint": "puccalc worksheet", "year": "2027"}',
        b'{"imprint": "puccalc worksheet", "year": 2027}',
        b'{"imprint": "puccalc worksheet", "year": "2027", "dated": "\\u001b[31m"}',
    ],
)
def test_what_is_no_letter(content: bytes) -> None:
    with pytest.raises(InputError, match="imprint"):
        check_file(content)


@pytest.mark.parametrize("field", ["year", "dated", "switches", "months", "sha256", "engine"])
def test_an_imprint_that_cannot_be_read(field: str) -> None:
    text = letter(worksheet(2026), "txt").decode()
    with pytest.raises(InputError, match="imprint"):
        check_file(re.sub(f'"{field}": "[^"]*"', f'"{field}_": "x"', text).encode())
    if field in {"year", "dated", "switches", "months"}:
        with pytest.raises(InputError, match="imprint"):
            check_file(re.sub(f'"{field}": "[^"]*"', f'"{field}": "much"', text).encode())


def test_a_damaged_register_is_not_the_letters_fault() -> None:
    content = letter(worksheet(2026), "txt")
    append(proposed())
    register = folder_to_write() / "register.jsonl"
    register.write_text(register.read_text("utf-8").replace("3.78", "3.79"), "utf-8")
    with pytest.raises(DataError, match="entry 1 has been altered"):
        check_file(content)


def test_two_imprints_are_none() -> None:
    content = letter(worksheet(2026), "txt")
    other = letter(worksheet(2025), "txt")
    with pytest.raises(InputError, match="holds no imprint"):
        check_file(content + other)
