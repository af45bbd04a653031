"""`puccalc record DIR DEPOSIT_ID`: the record that rule (k) asks for of a deposit."""

from pathlib import Path
from typing import Annotated

import typer

from calc import atomic_write
from calc.cli.options import Json, message, print_json, run_uncompiled
from calc.cli.statement import DepositId, Name, Night, Utility
from calc.errors import UsageError
from calc.ledger import folder
from calc.ledger import record as deposit_record
from calc.statements import deposit_life, paper


def record(
    night: Night,
    deposit_id: DepositId,
    out: Annotated[
        str, typer.Option("--out", "-o", metavar="FILE", help="Write the record here, a .pdf or .html file.")
    ] = "",
    name: Name = "",
    premises: Annotated[
        list[str] | None, typer.Option(metavar="TEXT", help="Where the customer had service meanwhile; repeatable.")
    ] = None,
    ledger: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="A ledger of postings and remittances; see puccalc post.")
    ] = None,
    utility: Utility = "",
    *,
    json: Json = False,
) -> None:
    """The record of a deposit, 3403(k), 4403(k): customer, amount, day, transactions, premises, return, remittance.

    As JSON, or with -o as a paper. The deposit is computed anew from the night's own inputs. Exit 3 where one of them
    is gone or has changed.
    """
    if json == bool(out):
        raise UsageError("give --json for data, or -o FILE for a paper")
    form = paper.form_of(out) if out else None
    if ledger is not None and not (ledger / folder.CHAIN).is_file():
        raise UsageError(f"--ledger {ledger}: has no {folder.CHAIN}; name a folder that puccalc post or remit wrote")
    run_uncompiled()
    life = deposit_life.deposit_life(night, deposit_id)
    entered = folder.read(ledger) if ledger else None
    found = deposit_record.record(life, name=name, premises=premises or (), ledger=entered)
    if form is None:
        print_json(found.as_json())
        return
    content = paper.written(found.paper(utility), form)
    atomic_write.write_atomically(Path(out), content)
    message(f"Wrote {out}, {len(content):,} bytes.")
