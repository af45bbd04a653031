"""Read rows of accounts by quarter for the disconnection report; any refused row stops the report."""

from pathlib import Path

import polars as pl

from calc.columns.datasets.account_quarters import ACCOUNT_QUARTERS
from calc.errors import InputError, PublishRefusedError
from calc.filing.checked_rows import checked_rows, refuse_unplaced


def account_rows(named: str, folder: Path) -> pl.DataFrame:
    """Return the rows of files, checked: every column of the dataset as numbers, texts as text.

    Args:
        named: A file, folder or glob of CSV, XLSX or Parquet files.
        folder: Where `refused.parquet` is written if rows are refused.

    Raises:
        InputError: The files cannot be read or lack a column.
        PublishRefusedError: Rows are refused; `refused.parquet` says which and why.
    """
    rows = checked_rows(ACCOUNT_QUARTERS, named, folder, refuse_unplaced)
    if not rows.height:
        raise InputError(f"{named}: has no rows of accounts")
    repeated = int(rows.select(pl.struct("account_id", "quarter").is_duplicated().sum()).item())
    if repeated:
        raise PublishRefusedError(
            f"{named}: {repeated:,} rows have the account and quarter of another row; keep one for each"
        )
    return rows.with_columns(pl.col("income_qualified") > 0)
