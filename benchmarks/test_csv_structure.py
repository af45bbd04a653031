from pathlib import Path

import pytest

from benchmarks.baselines.csv_structure import CSV_RECORDS
from benchmarks.conftest import Race
from benchmarks.csv_text import lines


@pytest.mark.parametrize("rows", [10**3, 10**6])
def test_csv_records(race: Race, tmp_path: Path, rows: int) -> None:
    """What a byte means depends on the bytes before it: a copy says nothing about it. Files come in blocks of 64 MB."""
    race(lines(rows, tmp_path), CSV_RECORDS, copy_most=None)
