"""`puccalc receipt`: the receipt of a deposit, of a published night or of what is typed, rules (m)."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from calc.cli.answer import load_law
from calc.cli.explanation import Service
from calc.cli.options import amount_cents, day, run_uncompiled
from calc.cli.statement import Dated, Name, Out, Utility, write
from calc.errors import UsageError
from calc.rates.ruled import in_force
from calc.statements import deposit_life, paper
from calc.statements import receipt as deposit_receipt


def receipt(
    out: Out,
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR", help="Output folder of a nightly run that has the deposit.")
    ] = None,
    deposit_id: Annotated[str, typer.Argument(metavar="DEPOSIT_ID]", help="The deposit's id there.")] = "",
    amount: Annotated[
        int | None, typer.Option("--amount", parser=amount_cents, metavar="DOLLARS", help="What was received.")
    ] = None,
    received: Annotated[
        date | None, typer.Option("--received", parser=day, metavar="DATE", help="Day of receipt.")
    ] = None,
    deposit: Annotated[str, typer.Option("--deposit", metavar="ID", help="The deposit's id, with --amount.")] = "",
    account: Annotated[str, typer.Option("--account", metavar="ID", help="The account, with --amount.")] = "",
    premises: Annotated[str, typer.Option("--premises", metavar="TEXT", help="Where the service is.")] = "",
    service: Service = "electric",
    name: Name = "",
    utility: Utility = "",
    dated: Dated = None,
) -> None:
    """A receipt for a deposit: of a night by DIR and DEPOSIT_ID, or of --amount and --received; 3403(m), 4403(m)."""
    form = paper.form_of(out)
    run_uncompiled()
    if folder is not None and deposit_id and amount is None and received is None:
        life = deposit_life.deposit_life(folder, deposit_id)
        found, law, rates = deposit_receipt.received_of(life, premises), life.law, life.rates
    elif folder is None and amount is not None and received is not None:
        law = load_law(received, service, "default", {})
        found = deposit_receipt.Received(deposit, account, ((received, amount),), premises)
        rates = in_force.rates_in_force(law.rules, service)
    else:
        raise UsageError("give DIR and DEPOSIT_ID of a night, or --amount and --received")
    write(deposit_receipt.receipt(found, law, rates, name=name, utility=utility, dated=dated), form, out)
