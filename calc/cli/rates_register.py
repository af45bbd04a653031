"""`puccalc rates propose` and `approve`: two persons make a computed rate a published one."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from calc.cli.answer import today
from calc.cli.options import Json, count, day, message, print_json, run_uncompiled
from calc.rates import proposal
from calc.rates.register import published

if TYPE_CHECKING:
    from calc.rates.register.entries import Entry

Year = Annotated[int, typer.Option(parser=count(1990, 2100), metavar="YEAR", help="The calendar year of the rate.")]
By = Annotated[str, typer.Option(metavar="NAME", help="Who does this.")]
On = Annotated[date | None, typer.Option("--on", parser=day, metavar="DATE", help="The day of it; by default today.")]


def propose(year: Year, by: By, on: On = None, json: Json = False) -> None:
    """Put a year's rate, as the rule gives it, into the register for another person to approve."""
    run_uncompiled()
    register = proposal.record_proposal(year, by=by, on=on or today())
    content = register.entries[-1].content
    figures = content["figures"]
    if content["doubt"]:
        message(f"Provisional: {content['doubt']}.")
    _print(
        register.entries[-1],
        f"Proposed for {year} by {content['by']}: {content['rate_percent']} percent ({figures['decision']}; average "
        f"{figures['average_percent']}, existing rate {figures['existing_percent'] or 'none'}). To approve it, under "
        f"another name: puccalc rates approve --year {year} --by NAME",
        json=json,
    )


def approve(
    year: Year,
    by: By,
    on: On = None,
    effective_from: Annotated[
        date | None,
        typer.Option(parser=day, metavar="DATE", help="A day set by the Commission instead of 1 January."),
    ] = None,
    restate: Annotated[bool, typer.Option("--restate", help="Allow a change of the rate of past days.")] = False,
    json: Json = False,
) -> None:
    """Approve the year's proposal: from then on its rate is a published one, in every calculation.

    The register records who approved; it does not prove it.
    """
    run_uncompiled()
    register = proposal.record_approval(
        year, by=by, on=on or today(), effective_from=effective_from or date(year, 1, 1), restate=restate
    )
    content = register.entries[-1].content
    if content["note"]:
        message(f"Note: {content['note']}.")
    for rate in register.with_letters(published.shipped_published()):
        if rate.effective_from.year == year and "outranks" in rate.note:
            message(f"Note: the Commission's letter of {year} {rate.note}.")
    _print(
        register.entries[-1],
        f"Approved for {year} by {content['by']}: {content['rate_percent']} percent from {content['effective_from']}, "
        f"proposed by {content['proposed_by']}",
        json=json,
    )


def _print(entry: "Entry", text: str, *, json: bool) -> None:
    if json:
        print_json({**entry.content, "entry": entry.number, "kind": entry.kind, "sha256": entry.sha256})
        return
    typer.echo(text)
    typer.echo(f"Register entry {entry.number}, SHA-256 {entry.sha256}")
