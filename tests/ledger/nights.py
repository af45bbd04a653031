"""Nights of a few deposits, and the ledger's commands over them."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.cli import main

DATES = ("received_date", "paid_date", "remitted_date", "service_ended_date", "order_payable_date")
DEPOSIT = {"account_id": "A", "service": "gas", "principal_cents": 100_00, "received_date": date(2024, 1, 1)}
SCHEMA = {
    "deposit_id": pl.String, "account_id": pl.String, "service": pl.String, "kind": pl.String,
    "principal_cents": pl.Int64, **dict.fromkeys(DATES, pl.Date), "posted_cents": pl.Int64,
    "amounts_owed_cents": pl.Int64, "interest_payment": pl.String,
}  # fmt: skip


def deposits(*rows: dict[str, Any]) -> pl.DataFrame:
    """Deposits of 100.00 received on January 1, 2024, but for what is given."""
    return pl.DataFrame([{**dict.fromkeys(SCHEMA), "kind": "deposit", **DEPOSIT, **row} for row in rows], schema=SCHEMA)


def night(
    folder: Path,
    frame: pl.DataFrame,
    as_of: date,
    transactions: pl.DataFrame | Path | None = None,
    **settings: Any,  # noqa: ANN401 - fields of a job
) -> Path:
    """Output folder of a night of its own in `folder`; the input files stand there too, one folder a night."""
    own = folder / f"{as_of}-{len(list(folder.iterdir()))}"
    own.mkdir()
    frame.write_parquet(own / "deposits.parquet")
    if isinstance(transactions, pl.DataFrame):
        transactions.write_parquet(own / "transactions.parquet")
        transactions = own / "transactions.parquet"
    given = {"transactions": str(transactions) if transactions else None, "threads": 1, **settings}
    run_nightly(NightlyJob(as_of, deposits=str(own / "deposits.parquet"), out=own / "out", **given))
    return own / "out"


def command(capsys: pytest.CaptureFixture[str], *arguments: str | Path, code: int = 0) -> dict[str, Any]:
    """What a command prints as JSON; for another exit code, its message as `error`."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main([*map(str, arguments), "--json"])
    printed = capsys.readouterr()
    assert ended.value.code == code, printed.err
    return dict(json.loads(printed.out)) if code == 0 else {"error": printed.err}


def amounts(path: Path, column: str = "amount_cents") -> dict[str, int]:
    """Cents by deposit of a file of the ledger."""
    frame = pl.read_parquet(path)
    return dict(zip(frame["deposit_id"], frame[column], strict=True))
