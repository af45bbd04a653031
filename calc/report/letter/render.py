"""Write the letter on a year's deposit rate with its worksheet and charts: as PDF (PDF/UA-1), HTML page, or text.

Input: a worksheet with a rate, and the letter's date. Output: the bytes of one file, the same for the same worksheet on
any day and machine. Each form carries the imprint (`.imprint`) by which it can be verified. `.wording` has
the wording, `templates/` the layout.
"""

from datetime import date
from typing import Any, Final, Literal

from calc.errors import RatesMissingError
from calc.extras import require
from calc.report.letter.charts import FONT, describe_history, describe_months, history_svg, months_svg
from calc.report.letter.dates import long_date
from calc.report.letter.imprint import as_json, imprint
from calc.report.letter.typesetting import TEMPLATES, pdf, rendered
from calc.report.letter.wording import ADDRESSEES, COMMISSION, SENDER, facts, paragraphs, subject, tables
from calc.report.letter.worksheet import Worksheet

Form = Literal["pdf", "html", "txt"]
_PDF_FONT: Final = "Libertinus Serif"
"""Typst brings it along: no letter depends on a machine's fonts."""


def letter(worksheet: Worksheet, form: Form, *, dated: date | None = None) -> bytes:
    """Write the letter.

    Args:
        worksheet: A worksheet with a rate.
        form: Which kind of file.
        dated: The letter's date; None leaves it to fill in.

    Returns:
        The file's bytes.

    Raises:
        RatesMissingError: The worksheet has no rate.
        ExtraMissingError: The form has charts, and the packages of the extra `letter` are not installed.
    """
    if form != "txt":
        require("letter", f"A letter as {form.upper()}")
    if form == "pdf":
        made = dated or date.fromisoformat(worksheet.made_with["series_known_on"])
        return pdf(TEMPLATES / "letter.typ", _content(worksheet, dated, _PDF_FONT), made)
    if form == "html":
        return rendered("letter.html", _content(worksheet, dated, FONT))
    return rendered("letter.txt", _content(worksheet, dated, None))


def worksheet_html(worksheet: Worksheet) -> str:
    """Render the worksheet as part of a page, with its charts; also for a year whose months are missing."""
    return rendered("worksheet.html", _worksheet_content(worksheet, FONT)).decode()


def worksheet_text(worksheet: Worksheet) -> str:
    """Render the worksheet as plain text; also for a year whose months are missing."""
    return rendered("worksheet.txt", _worksheet_content(worksheet, None)).decode()


def _content(found: Worksheet, dated: date | None, font: str | None) -> dict[str, Any]:
    """Collect all that a template of the letter writes, as JSON values."""
    if found.result is None:
        raise RatesMissingError(f"no letter for {found.year}: {found.provisional_because}", found.missing)
    return {
        **_worksheet_content(found, font),
        "subject": subject(found),
        "sender": SENDER,
        "commission": COMMISSION,
        "addressees": ADDRESSEES,
        "dated": long_date(dated) if dated else "",
        "facts": facts(found.result),
        "paragraphs": paragraphs(found, found.result),
        "imprint": as_json(imprint(found, dated)),
    }


def _worksheet_content(found: Worksheet, font: str | None) -> dict[str, Any]:
    return {
        **tables(found),
        "year": found.year,
        "mark": found.mark,
        "because": found.provisional_because,
        "note": found.note,
        "sha256": found.sha256,
        "verify": found.verify_line,
        "charts": [] if font is None else _charts(found, font),
    }


def _charts(found: Worksheet, font: str) -> list[dict[str, str]]:
    charts = [
        {
            "caption": "The twelve months, their average and the existing rate",
            "svg": months_svg(found, font=font),
            "told": describe_months(found),
        }
    ]
    if found.history:
        charts.append(
            {
                "caption": "The rate in force and each year's average since 1990",
                "svg": history_svg(found.history, found.rates, font=font),
                "told": describe_history(found.history, found.rates),
            }
        )
    return charts
