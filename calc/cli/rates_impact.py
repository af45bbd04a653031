"""`puccalc rates impact`: what another rate table would change over a portfolio of deposits, in cents."""

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from calc import sample as portfolio
from calc.cli import effect
from calc.cli.options import Json, count, day, print_json, word
from calc.compare import effect as portfolio_effect
from calc.compare import rate_tables
from calc.errors import UsageError
from calc.rates import proposal as rate_proposal
from calc.rates.computing import table as rate_table
from calc.rates.computing import table_changes
from calc.rates.fred import snapshot
from calc.rates.register import entries as rate_register
from calc.rules import resolve
from calc.units import format_cents, format_percent

if TYPE_CHECKING:
    from calc.rates.computing.table import RateRow, RateTable
    from calc.rules.resolve import Rules

SAMPLE_ROWS: Final = 20_000
_SAMPLE_SEED: Final = 1
_AGAINST: Final = ("existing", "in_use")
_SUMS: Final = ("interest_cents", "interest_due_cents", "remittance_cents")


def impact(
    year: Annotated[
        int | None, typer.Option(parser=count(1990, 2100), metavar="YEAR", help="The waiting proposal for this year.")
    ] = None,
    register: Annotated[bool, typer.Option("--register", help="All approved rates, against none.")] = False,
    deposits: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Deposits: Parquet, CSV, a folder or a glob; by default a sample."),
    ] = None,
    mapping: effect.Map = None,
    against: Annotated[
        str,
        typer.Option(
            "--against",
            parser=word(_AGAINST),
            metavar="|".join(_AGAINST),
            help="With --year: the rate of the year before going on, or the rates in use without the proposal.",
        ),
    ] = _AGAINST[0],
    as_of: Annotated[
        date | None, typer.Option(parser=day, metavar="DATE", help="By default the last day with a rate.")
    ] = None,
    json: Json = False,
) -> None:
    """What a proposal, once approved, or the register as it is, changes in deposits' interest. Nothing is written.

    A proposal is compared with the existing rate, as if that went on through the year.
    """
    if (year is None) != register:
        raise UsageError("give one of --year YEAR and --register")
    rules = resolve.load_rules(as_of or snapshot.current_series().next_month)
    known = rate_register.load_register()
    without = rate_register.Register() if register else known
    if year is not None:
        proposal = rate_proposal.waiting(known, year)
        approved = rate_proposal.approval(
            proposal, by="nobody yet", on=date.fromisoformat(proposal.content["on"]), effective_from=date(year, 1, 1)
        )
        known = known.with_entry(rate_register.APPROVAL, approved)
    before, after = (rate_table.load_rate_table(rules.electric.annual_rate, register=each) for each in (without, known))
    if year is not None and against == _AGAINST[0]:
        before = rate_tables.with_existing_rate(before, year)
    if deposits is None:
        shown = impact_on_sample(rules, before, after, as_of)
    else:
        shown = _impact(rules, before, after, deposits, as_of, mapping)
    shown = {"rates": [change_json(was, now) for was, now in table_changes.rate_changes(before, after)], **shown}
    if json:
        print_json(shown)
        return
    for rate in shown["rates"]:
        typer.echo(f"Rate from {rate['effective_from']}: was {rate['was'] or 'none'}, is {rate['is'] or 'none'}")
    typer.echo(shown["summary"])


def change_json(was: "RateRow | None", now: "RateRow | None") -> dict[str, str | None]:
    """A rate that changes: percent and source before and after, None where there is no row of that day."""
    shown = [f"{format_percent(row.rate_ppm)} {row.source}" if row else None for row in (was, now)]
    effective_from = next(row.effective_from for row in (was, now) if row)
    return {"effective_from": effective_from.isoformat(), "was": shown[0], "is": shown[1]}


def impact_on_sample(
    rules: "Rules", before: "RateTable", after: "RateTable", as_of: date | None = None
) -> dict[str, Any]:
    """The impact on the deposits of a sample portfolio of SAMPLE_ROWS rows, always the same."""
    with tempfile.TemporaryDirectory() as folder:
        portfolio.write_sample(SAMPLE_ROWS, _SAMPLE_SEED, Path(folder))
        shown = _impact(rules, before, after, str(Path(folder) / "deposits.parquet"), as_of)
    return {**shown, "portfolio": f"sample of {SAMPLE_ROWS} deposits, seed {_SAMPLE_SEED}"}


def _impact(
    rules: "Rules",
    before: "RateTable",
    after: "RateTable",
    named: str,
    as_of: date | None,
    mapping: Path | None = None,
) -> dict[str, Any]:
    """Sums in cents under both tables over the rows that both compute; rows that only one computes are counted."""
    as_of = as_of or min(before.end_date, after.end_date) - timedelta(days=1)
    files: dict[str, str | None] = {"deposits": named}
    found = effect.effects(files, mapping, as_of, (rules, before), (rules, after))["deposits"]
    changed = found.count(portfolio_effect.CHANGED)
    before_cents, after_cents = found.sums["interest_cents"]
    return {
        "portfolio": named,
        "as_of": as_of.isoformat(),
        "rows": found.rows_in,
        "rows_computed": found.computed,
        "rows_computed_once": found.rows.height - changed,
        "rows_changed": changed,
        "sums": {
            name: {"was": was, "is": now, "difference": now - was}
            for name, (was, now) in found.sums.items()
            if name in _SUMS
        },
        "summary": f"as of {as_of}, interest of {changed} of {found.computed} deposits changes by "
        f"{format_cents(after_cents - before_cents)} dollars in all, from {format_cents(before_cents)} to "
        f"{format_cents(after_cents)}",
    }
