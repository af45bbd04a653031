"""`puccalc calendar`: what falls due in the days after a night."""

from pathlib import Path
from typing import Annotated, Any

import typer

from calc.bulk.run import reread
from calc.cli.options import Json, count, print_json
from calc.errors import UsageError
from calc.export import formats
from calc.ledger import due_dates
from calc.units import format_cents

_DAYS_MAX = 3_660
_FORMS = (".xlsx", ".csv")


def calendar(
    night: Annotated[Path, typer.Argument(metavar="DIR", help="Output folder of a nightly run.")],
    days: Annotated[
        int, typer.Option(parser=count(1, _DAYS_MAX), metavar="COUNT", help="How many days to look ahead.")
    ] = "120",  # type: ignore[assignment]  # Typer parses the text
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE.xlsx", help="Write every row here, in dollars; or to a .csv."),
    ] = None,
    *,
    json: Json = False,
) -> None:
    """List what falls due: monies deemed unclaimed, last days without six points, yearly postings, what is due back."""
    if out is not None and out.suffix not in _FORMS:
        raise UsageError(f"-o {out}: name a file that ends in {' or '.join(_FORMS)}")
    opened = reread.reread(night)
    rows = due_dates.due_dates(opened, days)
    if out is not None:
        if out.suffix == ".xlsx":
            formats.write_workbook(out, {"due": rows})
        else:
            formats.write_folder(out.parent, {out.stem: rows}, "csv")
    shown = due_dates.by_day(rows).to_dicts()
    if json:
        print_json({"as_of": opened.job.as_of.isoformat(), "days": days, "due": [_plain(each) for each in shown]})
        return
    typer.echo(f"Due from {opened.job.as_of} through {days} days after it")
    for each in shown:
        amount = format_cents(each["amount_cents"])
        typer.echo(f"{each['date']}  {each['rows']:>9,}  {amount:>16}  {due_dates.WORDS[each['what']]}")
    if out is not None:
        typer.echo(f"Written to {out}: {rows.height:,} rows")


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "date": row["date"].isoformat()}
