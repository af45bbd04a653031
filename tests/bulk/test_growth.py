"""A portfolio of any size in the same memory: 1 to 100 million deposits with their accounts and transactions."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from calc.bulk.sample import write_sample
from tests.bulk.growth import keep, measured

MEMORY_MOST = 2 << 30
GROWTH_MOST = 10
"""Bytes of memory that a further deposit may take."""
PARTS_ARE_FULL = 10_000_000
"""From here on every thread has parts of full size, and what grows is what is kept of each row."""
MILLIONS = (1, 10, 20, 100)
TEXT_MILLIONS = (10, 20)
DISK_BYTES_A_ROW = {"parquet": 60, "csv": 220}
NAMES = ("deposits", "transactions", "accounts")


def run(rows: int, file_format: str, folder: Path) -> dict[str, Any]:
    needed = rows * DISK_BYTES_A_ROW[file_format]
    if shutil.disk_usage(folder).free < 2 * needed:
        pytest.skip(f"{rows} rows take {needed} bytes below {folder}, and as much is to stay free")
    try:
        write_sample(rows, 1, folder / "in", file_format)
        return measured(folder / "in", folder / "out", NAMES, file_format)
    finally:
        shutil.rmtree(folder)


def assert_flat(peaks: dict[int, int]) -> None:
    assert {rows: peak for rows, peak in peaks.items() if peak > MEMORY_MOST} == {}
    full = {rows: peak for rows, peak in peaks.items() if rows >= PARTS_ARE_FULL}
    fewest = min(full)
    grown = {rows: (peak - full[fewest]) / (rows - fewest) for rows, peak in full.items() if rows > fewest}
    assert {rows: each for rows, each in grown.items() if each > GROWTH_MOST} == {}


@pytest.mark.stress
@pytest.mark.parametrize(("file_format", "sizes"), [("parquet", MILLIONS), ("csv", TEXT_MILLIONS)])
def test_memory_stays_flat(file_format: str, sizes: tuple[int, ...], tmp_path: Path) -> None:
    peaks = {}
    for millions in sizes:
        rows = millions * 1_000_000
        folder = tmp_path / str(millions)
        folder.mkdir()
        found = run(rows, file_format, folder)
        assert found["rows"]["deposits"] == rows
        keep(f"{file_format} {millions}", found)
        peaks[rows] = found["peak_bytes"]
    assert_flat(peaks)
