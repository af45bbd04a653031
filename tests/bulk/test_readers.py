"""A folder of results is opened whole by the readers that people have: it holds Parquet and nothing else."""

from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd
import polars as pl
import pyarrow.dataset as ds
import pytest

from calc.bulk.publish.output import Run
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.columns.contract import DATASETS
from calc.sample import write_sample


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("readers")
    write_sample(2000, 1, folder)
    inputs: dict[str, Any] = {name: str(folder / f"{name}.parquet") for name in DATASETS}
    job = NightlyJob(date(2026, 9, 30), out=folder / "out", part_rows=500, max_bad_share=Fraction(1), **inputs)
    return Run(folder / "out", run_nightly(job)["run_id"])


@pytest.mark.parametrize("dataset", DATASETS)
def test_any_reader_opens_a_folder(run: Run, dataset: str) -> None:
    folder = run.folder / dataset
    rows = sum(pl.read_parquet(each).height for each in folder.iterdir())
    assert len(list(folder.iterdir())) > 1
    assert pd.read_parquet(folder).shape[0] == rows
    assert ds.dataset(folder).count_rows() == rows
    assert pl.scan_parquet(folder).select(pl.len()).collect().item() == rows


def test_what_lies_beside_results_has_folders_of_its_own(run: Run) -> None:
    results = [*DATASETS, "quarantine"]
    assert {each.suffix for name in results for each in (run.folder / name).iterdir()} == {".parquet"}
    assert {each.suffix for each in (run.folder / "parts").iterdir()} == {".json"}
