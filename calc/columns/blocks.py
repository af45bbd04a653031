"""Runs a kernel over blocks of rows on a pool of threads; rows are independent, so the cut does not show."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

BLOCK_ROWS: Final = 262_144


def in_blocks(rows: int, threads: int, work: Callable[[slice], None]) -> None:
    """Call `work` with each block of rows, on `threads` threads where there is more than one of both."""
    blocks = [slice(start, min(start + BLOCK_ROWS, rows)) for start in range(0, rows, BLOCK_ROWS)]
    if threads < 2 or len(blocks) < 2:
        for block in blocks:
            work(block)
        return
    with ThreadPoolExecutor(min(threads, len(blocks))) as pool:
        for done in [pool.submit(work, block) for block in blocks]:
            done.result()
