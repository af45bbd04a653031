"""Read the rows of a dataset that a report is filled in from; any refused row stops the report."""

from collections.abc import Callable
from pathlib import Path

import polars as pl

from calc import atomic_write
from calc.bulk.inputs.source import open_source
from calc.bulk.publish.quarantine import count_reasons, quarantined, refused_in
from calc.columns.dataset import Dataset, Holds
from calc.columns.gate import gate
from calc.columns.gated import Gated
from calc.errors import PublishRefusedError, Reason
from calc.filing.forms import parquet_bytes

Check = Callable[[pl.DataFrame, Gated], None]
"""Refuses what the gate does not: the rows as `checked_rows` returns them, and the gated rows."""


def checked_rows(dataset: Dataset, named: str, folder: Path, check: Check) -> pl.DataFrame:
    """Return the rows of files, checked: every column of the dataset as numbers (codes, epoch days), texts as text.

    Args:
        dataset: What the files hold.
        named: A file, folder or glob of CSV, XLSX or Parquet files.
        folder: Where `refused.parquet` is written if rows are refused.
        check: What else is refused.

    Raises:
        InputError: The files cannot be read or lack a column.
        PublishRefusedError: Rows are refused; `refused.parquet` says which and why.
    """
    source = open_source(dataset, named)
    good, bad = [], []
    for part in source.parts():
        chunk = part.load()
        gated = gate(dataset, chunk.frame, chunk.flagged)
        frame = pl.DataFrame([
            chunk.frame[column.name].cast(pl.String) if column.holds is Holds.TEXT
            else pl.Series(column.name, gated.values[column.name]).cast(pl.Int64)
            for column in dataset.columns
        ])  # fmt: skip
        check(frame, gated)
        if gated.reasons.any():
            refused = refused_in(dataset, chunk, gated.reasons, gated.refusals)
            bad.append((quarantined(chunk, refused), count_reasons(gated.reasons)))
        good.append(frame.filter(pl.Series(gated.reasons == 0)))
    if bad:
        atomic_write.make_folders(folder)
        path = folder / "refused.parquet"
        atomic_write.write_atomically(path, parquet_bytes(pl.concat([each for each, _ in bad], how="diagonal_relaxed")))
        total = sum((each for _, each in bad), start=type(bad[0][1])())
        reasons = ", ".join(f"{code} {number:,}" for code, number in total.items())
        raise PublishRefusedError(f"{named}: rows are refused ({reasons}); see {path}, correct them and try again")
    return pl.concat(good) if good else pl.DataFrame()


def refuse_unplaced(frame: pl.DataFrame, gated: Gated) -> None:
    """Refuse rows that do not say whether the customer is income-qualified, or whose zip code is not five digits."""
    gated.refuse(gated.values["income_qualified"] < 0, Reason.missing_value, "income_qualified")
    no_zip = ~frame["zip"].str.contains(r"^[0-9]{5}$").fill_null(value=False).to_numpy()
    gated.refuse(no_zip & (gated.reasons == 0), Reason.unknown_value, "zip")
