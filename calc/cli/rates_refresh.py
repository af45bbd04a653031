"""`puccalc rates refresh`: months from FRED, reviewed, into the user's snapshot. The one command on the network."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from calc.cli import terminal
from calc.cli.options import Json, message, print_json
from calc.cli.rates_impact import change_json, impact_on_sample
from calc.errors import PublishRefusedError, RatesMissingError
from calc.rates import userfolder
from calc.rates.computing import table as rate_table
from calc.rates.computing import table_changes
from calc.rates.fred import download, snapshot
from calc.rates.fred import review as rate_review
from calc.rules import resolve
from calc.units import PPM_PER_BP, format_percent

if TYPE_CHECKING:
    from calc.rates.fred.review import Review


def refresh(
    cross_check: Annotated[
        bool, typer.Option("--cross-check", help="Compare each month with the mean of its daily figures (DGS1).")
    ] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option(metavar="YYYY-MM", help="Keep a revised or unlikely month that you looked at; repeatable."),
    ] = None,
    timeout: Annotated[float, typer.Option(min=0.1, max=600, help="Seconds for each request.")] = 20.0,
    json: Json = False,
) -> None:
    """Fetch the monthly Treasury averages from FRED; needs FRED_API_KEY.

    Nothing is kept of an answer that is incomplete or doubtful; the months in use before then stay in use. From then on
    the months kept are those in use, in place of the shipped ones.
    """
    kept, refused = None, None
    try:
        source = download.FredSource(message, timeout_seconds=timeout)
        answer = source.series("GS1")
        daily = source.series("DGS1") if cross_check else None
        with userfolder.one_writer():
            reviewed = rate_review.review(answer, daily)
            try:
                kept = str(reviewed.keep(accept or ()))
            except PublishRefusedError as error:
                refused = error
    except RatesMissingError:
        _tell_last_good()
        raise
    _print(_difference(reviewed, kept), json=json)
    if refused:
        _tell_last_good()
        raise refused


def _tell_last_good() -> None:
    message(f"The months in use stay as they are: {snapshot.current_series().provenance}")


def _difference(reviewed: "Review", kept: str | None) -> dict[str, Any]:
    """What the answer changes: months, years' rates, cents on a sample; `kept` is the record's path, if it is kept."""
    series = reviewed.snapshot.over_shipped()
    rules = resolve.load_rules(series.next_month)
    before = rate_table.load_rate_table(rules.electric.annual_rate, series=reviewed.before)
    after = rate_table.load_rate_table(rules.electric.annual_rate, series=series)
    changes = table_changes.rate_changes(before, after)
    is_felt = any(was and (now is None or was.rate_ppm != now.rate_ppm) for was, now in changes)
    return {
        "kept": kept,
        "vintage": str(reviewed.answer.vintage),
        "cross_checked": reviewed.daily is not None,
        "last_month": max(each.month for each in reviewed.snapshot.months),
        "months": [
            {"month": month, "change": kind, "was_percent": _percent(was_bp), "is_percent": _percent(is_bp)}
            for month, kind, was_bp, is_bp in reviewed.changes
        ],
        "doubts": reviewed.doubts,
        "rates": [change_json(was, now) for was, now in changes],
        "sample": impact_on_sample(rules, before, after) if is_felt else None,
    }


def _percent(rate_bp: int | None) -> str | None:
    return None if rate_bp is None else format_percent(rate_bp * PPM_PER_BP)


def _print(shown: dict[str, Any], *, json: bool) -> None:
    if json:
        print_json(shown)
        return
    months = terminal.Table("month", "change", "was", "is", title=f"Monthly averages as of {shown['vintage']}")
    for month in shown["months"]:
        months.add_row(month["month"], month["change"], month["was_percent"] or "", month["is_percent"])
    rates = terminal.Table("effective from", "was", "is", title="Deposit rates that change")
    for rate in shown["rates"]:
        rates.add_row(rate["effective_from"], rate["was"] or "", rate["is"] or "")
    terminal.print_tables(*(table for table in (months, rates) if table.row_count))
    if shown["sample"]:
        typer.echo(f"On the sample portfolio: {shown['sample']['summary']}")
    if not shown["months"]:
        typer.echo(
            f"Nothing new as of {shown['vintage']}: the months through {shown['last_month']} are the ones in use."
        )
    if shown["kept"]:
        typer.echo(f"Kept: {shown['kept']}")
