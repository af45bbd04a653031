"""Lay out a paper of the utility for a customer: as PDF (PDF/UA-1) or as an HTML page.

Input: a `Paper`, all of it text. Output: the bytes of one file, the same on any day and machine.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

from calc.errors import UsageError
from calc.extras import require
from calc.report.letter.typesetting import pdf, rendered
from calc.units import format_cents

Form = Literal["pdf", "html"]
FORMS: Final[tuple[Form, ...]] = ("pdf", "html")
Align = Literal["text", "number", "wide"]
_TEMPLATES: Final = Path(__file__).with_name("templates")


@dataclass(frozen=True, slots=True)
class Column:
    """Define a table's column: a heading, and whether it holds short text, numbers, or text that takes what is left."""

    heading: str
    align: Align = "text"


@dataclass(frozen=True, slots=True)
class Section:
    """Hold a heading, paragraphs, and a table, whose rows may be none; the last `totals` rows are sums.

    Commands are printed below the table as they are typed.
    """

    title: str
    paragraphs: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    totals: int = 0
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """Hold all that a paper says.

    Attributes:
        subject: Its title.
        sender: The utility; empty leaves a line to fill in.
        to: Lines of the address.
        dated: The day that it bears, in words; empty leaves a line to fill in.
        facts: Names and values at a glance, the first one large.
        paragraphs: The letter itself.
        sections: What stands below it.
        mark: What is printed at the top of every page; empty: nothing.
        signed: Whether a line for a signature follows the letter.
        made: The day that the file says it was made on.
    """

    subject: str
    sender: str
    to: tuple[str, ...]
    dated: str
    facts: tuple[tuple[str, str], ...]
    paragraphs: tuple[str, ...]
    sections: tuple[Section, ...]
    made: date
    mark: str = ""
    signed: bool = False


def form_of(name: str) -> Form:
    """Return the form that a file's suffix names.

    Raises:
        UsageError: It names none.
    """
    suffix = Path(name).suffix.removeprefix(".").lower()
    for form in FORMS:
        if form == suffix:
            return form
    raise UsageError(f"-o {name}: name a .pdf or .html file")


def written(paper: Paper, form: Form) -> bytes:
    """Lay out a paper.

    Args:
        paper: What it says.
        form: Which kind of file.

    Raises:
        ExtraMissingError: The packages of the extra `letter` are not installed, and the form is pdf.
    """
    content = {name: value for name, value in asdict(paper).items() if name != "made"}
    if form == "pdf":
        require("letter", "A statement, explanation or receipt as PDF")
        return pdf(_TEMPLATES / "paper.typ", content, paper.made)
    return rendered("paper.html", content, _TEMPLATES)


def dollars(cents: int) -> str:
    """Format cents as dollars with thousands apart: -$1,234.50."""
    whole, _, part = format_cents(abs(cents)).partition(".")
    return f"{'-' if cents < 0 else ''}${int(whole):,}.{part}"


def citations(cited: Sequence[tuple[str, str]]) -> Section:
    """Make the section of the rules' own words, from pairs of a paragraph and its words; they may not be at hand."""
    rows = tuple(
        (rule, f"“{' '.join(quote.split())}”" if quote else "its words are not at hand")
        for rule, quote in dict.fromkeys(cited)
    )
    return Section("Where it is written", columns=(Column("Rule"), Column("Its words", "wide")), rows=rows)
