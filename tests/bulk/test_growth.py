"""A portfolio of any size in the same memory: 1 to 100 million deposits with their accounts and transactions."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from benchmarks.growth import chart, figures, table
from calc.sample import write_sample
from tests.bulk.growth import keep, measured

MEMORY_MOST = 2 << 30
GROWTH_MOST = 10
"""Bytes of memory that a further deposit may take."""
PARTS_ARE_FULL = 10_000_000
"""From here on every thread has parts of full size, and what grows is what is kept of each row."""
NOISE_BYTES = 150 << 20
"""What the peaks of one size differ by from run to run: how parts overlap, and what allocators keep."""
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
    fewest, most = min(full), max(full)
    if (most - fewest) * GROWTH_MOST > 3 * NOISE_BYTES:
        assert (full[most] - full[fewest]) / (most - fewest) <= GROWTH_MOST


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


def test_growth_and_too_much_memory_are_noticed() -> None:
    base = 10**9
    assert_flat({10**6: 2 << 30, 10**7: base, 2 * 10**7: base + 15 * 10**7, 10**8: base + 90 * 10**7})
    for peaks in ({10**6: (2 << 30) + 1, 10**7: 1}, {10**7: base, 10**8: base + 90 * 10**7 + 1}):
        with pytest.raises(AssertionError):
            assert_flat(peaks)


def test_what_is_measured_and_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUCCALC_JIT", "0")
    folder = tmp_path / "500"
    folder.mkdir()
    found = run(500, "csv", folder)
    assert not folder.exists()
    assert found["rows"]["deposits"] == 500
    assert found["rows"].keys() == {*NAMES}
    assert found["spilled_bytes"] > 500
    assert found["peak_bytes"] > 50 << 20
    assert 0 < found["processor_seconds"] < 600
    told = {"peak_bytes": 900 << 20, "spilled_bytes": 1_234_567, "processor_seconds": 4.4, "load": 1.6}
    written = {**found, **told, "seconds": {"all": 3.1}}
    rows = f"{found['rows']['transactions']:,} | {found['rows']['accounts']:,}"
    assert table({"csv 0.0005": written}).splitlines()[-1] == f"| CSV | 500 | {rows} | 3 s | 4 s | 900 MiB | 1 MB | 2 |"
    (point,) = figures({"csv 0.0005": written}).to_dicts()
    assert point == {"input": "CSV", "millions": 0.0005, "microseconds": 8800.0, "mib": 900.0}
    chart({"csv 0.0005": written}).save(tmp_path / "x.svg")
    assert "peak memory in MiB" in (tmp_path / "x.svg").read_text("utf-8")
