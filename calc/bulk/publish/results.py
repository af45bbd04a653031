"""What a reader of the results needs: the parts that the manifest in force names, as one lazy frame."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from calc.bulk.publish.output import MANIFEST, read_manifest
from calc.errors import InputError, UsageError
from calc.topics.nightly_datasets import results


def read_results(out: str | Path, dataset: str, manifest: Mapping[str, Any] | None = None) -> pl.LazyFrame:
    """Results of the run that `out` has published, in the order of its input; types as in the contract.

    `manifest` is that of another run in the folder. UsageError for a dataset that the run does not have, InputError
    where nothing was published.
    """
    folder = Path(out)
    manifest = manifest or read_manifest(folder)
    if manifest is None:
        raise InputError(f"{folder}: no {MANIFEST}: no run has published its results here")
    published = manifest["datasets"]
    if dataset not in published:
        raise UsageError(f"{folder}: the run has no {dataset}; it has {', '.join(published)}")
    types = results()[dataset].results
    paths = [folder / part["path"] for part in published[dataset]["parts"]]
    if not paths:
        return pl.LazyFrame(schema=types)
    frame = pl.scan_parquet(paths, glob=False)
    names = frame.collect_schema().names()
    # An earlier version wrote fewer results: the others are null.
    missing = [pl.lit(None).alias(name) for name in types if name not in names]
    columns = [*types, *(name for name in names if name not in types)]
    return frame.with_columns(missing).select(columns).cast(pl.Schema(types))
