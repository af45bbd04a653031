"""Run a kernel over blocks of rows on a thread pool; rows are independent, so results do not depend on the blocks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

BLOCK_ROWS: Final = 262_144


def in_blocks(rows: int, threads: int, work: Callable[[slice], None]) -> None:
    """Call `work` with each block of rows.

    Args:
        rows: Number of rows.
        threads: Number of threads; a single block, or one thread, runs without a pool.
        work: Called with the slice of each block; its errors are raised here.
    """
    blocks = [slice(start, min(start + BLOCK_ROWS, rows)) for start in range(0, rows, BLOCK_ROWS)]
    if threads < 2 or len(blocks) < 2:
        for block in blocks:
            work(block)
        return
    with ThreadPoolExecutor(min(threads, len(blocks))) as pool:
        for done in [pool.submit(work, block) for block in blocks]:
            done.result()
