"""Read rows of accounts by quarter for the disconnection report; any refused row stops the report."""

from pathlib import Path

import polars as pl

from calc import atomic_write
from calc.bulk.inputs.source import open_source
from calc.bulk.publish.quarantine import count_reasons, quarantined, refused_in
from calc.columns.dataset import Holds
from calc.columns.datasets.account_quarters import ACCOUNT_QUARTERS
from calc.columns.gate import gate
from calc.errors import InputError, PublishRefusedError, Reason
from calc.filing.forms import parquet_bytes


def account_rows(named: str, folder: Path) -> pl.DataFrame:
    """Return the rows of files, checked: every column of the dataset as numbers, texts as text.

    Args:
        named: A file, folder or glob of CSV, XLSX or Parquet files.
        folder: Where `refused.parquet` is written if rows are refused.

    Raises:
        InputError: The files cannot be read or lack a column.
        PublishRefusedError: Rows are refused; `refused.parquet` says which and why.
    """
    source = open_source(ACCOUNT_QUARTERS, named)
    good, bad = [], []
    for part in source.parts():
        chunk = part.load()
        gated = gate(ACCOUNT_QUARTERS, chunk.frame, chunk.flagged)
        gated.refuse(gated.values["income_qualified"] < 0, Reason.missing_value, "income_qualified")
        series = [
            chunk.frame[column.name].cast(pl.String) if column.holds is Holds.TEXT
            else pl.Series(column.name, gated.values[column.name]).cast(pl.Int64)
            for column in ACCOUNT_QUARTERS.columns
        ]  # fmt: skip
        frame = pl.DataFrame(series).with_columns(pl.col("income_qualified") > 0)
        no_zip = ~frame["zip"].str.contains(r"^[0-9]{5}$").fill_null(value=False).to_numpy()
        gated.refuse(no_zip & (gated.reasons == 0), Reason.unknown_value, "zip")
        if gated.reasons.any():
            refused = refused_in(ACCOUNT_QUARTERS, chunk, gated.reasons, gated.refusals)
            bad.append((quarantined(chunk, refused), count_reasons(gated.reasons)))
        good.append(frame.filter(pl.Series(gated.reasons == 0)))
    if bad:
        atomic_write.make_folders(folder)
        path = folder / "refused.parquet"
        atomic_write.write_atomically(path, parquet_bytes(pl.concat([each for each, _ in bad], how="diagonal_relaxed")))
        total = sum((each for _, each in bad), start=type(bad[0][1])())
        reasons = ", ".join(f"{code} {number:,}" for code, number in total.items())
        raise PublishRefusedError(f"{named}: rows are refused ({reasons}); see {path}, correct them and try again")
    rows = pl.concat(good) if good else pl.DataFrame()
    if not rows.height:
        raise InputError(f"{named}: has no rows of accounts")
    repeated = int(rows.select(pl.struct("account_id", "quarter").is_duplicated().sum()).item())
    if repeated:
        raise PublishRefusedError(
            f"{named}: {repeated:,} rows have the account and quarter of another row; keep one for each"
        )
    return rows
