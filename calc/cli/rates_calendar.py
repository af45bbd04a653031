"""`puccalc rates calendar`: when a new deposit rate has to be filed and announced, also as a calendar file."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from calc.cli.options import Json, day, message, print_json
from calc.errors import UsageError
from calc.rates import filing_dates

if TYPE_CHECKING:
    from calc.rates.filing_dates import DateToKeep


def calendar(
    year: Annotated[
        int | None, typer.Option(min=1990, max=2100, metavar="YEAR", help="For a rate effective on 1 January.")
    ] = None,
    effective_from: Annotated[
        date | None, typer.Option(parser=day, metavar="DATE", help="For a rate effective on this day instead.")
    ] = None,
    ics: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the dates as a calendar file, too.")] = None,
    json: Json = False,
) -> None:
    """Dates to keep for a new deposit rate: filing, website, additional notice, each reckoned with its citations."""
    if (year is None) == (effective_from is None):
        raise UsageError("give one of --year YEAR and --effective-from DATE")
    dates = filing_dates.dates_to_keep(effective_from or date(year or 0, 1, 1))
    if ics:
        ics.write_bytes(filing_dates.icalendar(dates))
        message(f"Wrote {len(dates)} dates to {ics}")
    shown = [_shown(each) for each in dates]
    if json:
        print_json(shown)
        return
    for each in shown:
        _print(each)


def _shown(each: "DateToKeep") -> dict[str, Any]:
    return {
        "key": each.key,
        "first": each.first.isoformat(),
        "last": each.last.isoformat(),
        "last_weekday": filing_dates.WEEKDAYS[each.last.weekday()],
        "safe_date": each.safe_date.isoformat() if each.safe_date else None,
        "what": each.what,
        "reckoning": each.reckoning,
        "note": each.note,
        "citations": [words._asdict() for words in each.citations],
    }


def _print(each: dict[str, Any]) -> None:
    days = each["last"] if each["first"] == each["last"] else f"{each['first']} to {each['last']}"
    typer.echo(f"{days}, {each['last_weekday']}: {each['what']}")
    safe = f"to be safe by {each['safe_date']}" if each["safe_date"] else ""
    rules = ", ".join(dict.fromkeys(words["rule"] for words in each["citations"]))
    for text in (each["reckoning"], safe, each["note"], rules):
        if text:
            typer.echo(f"    {text}")
