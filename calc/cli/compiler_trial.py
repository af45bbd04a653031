"""Whether the compiler of this installation works: a small kernel compiled and its figures compared."""

import numpy as np

from calc.kernels import _jit, arrearage


def trial() -> str:
    """Compile a small kernel and compute with it.

    Returns:
        `works`, `off: ...` where the environment turns the compiler off, or `fails: ...` with what is wrong.
    """
    if not _jit.JIT:
        return "off: the environment turns it off"
    offset = np.empty(3, dtype=np.int64)
    try:
        arrearage.schedule_offsets(np.array([5, 0]), np.array([24, 24]), offset)
    except Exception as error:  # noqa: BLE001 - whatever the compiler raises is the finding
        return f"fails: {type(error).__name__}"
    return "works" if offset.tolist() == [0, 24, 24] else "fails: a compiled kernel computes wrong"
