"""Keeps freed memory in the process for the next part, where the allocators would hand it back to the system at once.

Every part takes the same hundreds of megabytes and frees them; fetched anew from the system, which clears each page,
they cost a run nearly a tenth of its processor time. The C library keeps them in two heaps, or each thread would have
one of its own.
"""

import ctypes
import os
from typing import Final

_POLARS_ALLOCATOR: Final = "_RJEM_MALLOC_CONF"
_ARROW_ALLOCATOR: Final = "MIMALLOC_PURGE_DELAY"
_KEEP_MS: Final = 10_000
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENAS_MOST = -1, -3, -8
_SETTINGS: Final = ((_MMAP_THRESHOLD, 1 << 25), (_TRIM_THRESHOLD, 1 << 29), (_ARENAS_MOST, 2))
"""Of glibc's mallopt: from 32 MiB memory comes from the system, what is kept at the end of a heap, number of heaps."""


def keep_freed_memory() -> None:
    """Set the allocators of Polars, of pyarrow and of NumPy (glibc's; others are left as they are).

    Call it before Polars and pyarrow are imported, whose allocators read their settings then; what the user set stands.
    """
    os.environ.setdefault(_POLARS_ALLOCATOR, f"dirty_decay_ms:{_KEEP_MS},muzzy_decay_ms:{_KEEP_MS}")
    os.environ.setdefault(_ARROW_ALLOCATOR, str(_KEEP_MS))
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option:
        for option, value in _SETTINGS:
            set_option(option, value)
