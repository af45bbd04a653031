"""What a reader of the results needs: the parts that the manifest in force names, as one lazy frame."""

from pathlib import Path
from typing import Any

import polars as pl

from calc.bulk.publish.output import MANIFEST, read_manifest
from calc.errors import InputError, UsageError
from calc.topics.table import results


def read_results(out: str | Path, dataset: str) -> pl.LazyFrame:
    """Results of the run that `out` has published, in the order of its input; types as in the contract.

    UsageError for a dataset that the run does not have, InputError where nothing was published.
    """
    folder = Path(out)
    manifest: dict[str, Any] | None = read_manifest(folder)
    if manifest is None:
        raise InputError(f"{folder}: no {MANIFEST}: no run has published its results here")
    published = manifest["datasets"]
    if dataset not in published:
        raise UsageError(f"{folder}: the run has no {dataset}; it has {', '.join(published)}")
    types = results()[dataset].results
    paths = [folder / part["path"] for part in published[dataset]["parts"]]
    if not paths:
        return pl.LazyFrame(schema=types)
    return pl.scan_parquet(paths, glob=False, missing_columns="insert").cast(pl.Schema(types))
