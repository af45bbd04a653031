"""`puccalc rates letter`: the letter that tells utilities the year's deposit rate, with worksheet and charts."""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from calc import atomic_write
from calc.cli.options import Json, Switches, count, day, message, parse_switches, print_json, run_uncompiled, word
from calc.errors import UsageError
from calc.report.letter import render as rate_letter
from calc.report.letter import worksheet

if TYPE_CHECKING:
    from calc.report.letter.render import Form

_FORMS: "Final[tuple[Form, ...]]" = ("pdf", "html", "txt")
_STDOUT: Final = "-"


def letter(
    year: Annotated[int, typer.Option(parser=count(1990, 2100), metavar="YEAR", help="The calendar year of the rate.")],
    out: Annotated[
        str, typer.Option("-o", "--out", metavar="FILE", help="letter.pdf, .html or .txt; by default text to stdout.")
    ] = _STDOUT,
    form: Annotated[
        str | None,
        typer.Option("--format", parser=word(_FORMS), metavar="FORMAT", help="pdf, html or txt, if FILE does not say."),
    ] = None,
    dated: Annotated[
        date | None, typer.Option(parser=day, metavar="DATE", help="The day of the letter; by default left to fill in.")
    ] = None,
    switches: Switches = None,
    json: Json = False,
) -> None:
    """The letter on a year's rate to every electric and gas utility, the worksheet and charts behind it.

    The same data give the same bytes on any day. A rate that rests on months not yet published is marked on every page.
    With --json the worksheet goes to stdout as data, and the letter to FILE alone, if one is given.
    """
    chosen = _form(out, form)
    run_uncompiled()
    found = worksheet.complete_worksheet(year, switches=parse_switches(switches))
    if found.mark:
        message(f"{found.mark}: {found.provisional_because}.")
    if found.note:
        message(f"Note: {found.note}.")
    if out != _STDOUT:
        content = rate_letter.letter(found, chosen, dated=dated)
        atomic_write.write_atomically(Path(out), content)
        message(f"Wrote {out}, {len(content):,} bytes. To verify it: puccalc rates verify {out}")
    elif not json:
        sys.stdout.buffer.write(rate_letter.letter(found, chosen, dated=dated))
    if json:
        print_json(worksheet.as_data(found))


def _form(out: str, form: str | None) -> "Form":
    """The form by option, by the file's suffix, or text for stdout; UsageError where none of them says."""
    given = form or ("txt" if out == _STDOUT else Path(out).suffix.removeprefix(".").lower())
    for each in _FORMS:
        if each == given:
            return each
    raise UsageError(f"-o {out}: name a .pdf, .html or .txt file, or give --format")
