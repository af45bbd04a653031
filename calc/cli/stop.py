"""SIGTERM and Ctrl-C during a run: the process ends at once, with 143 or 130, and says how to go on.

A run may be killed at any moment without harm, so a stop is nothing but a kill that says goodbye: nothing is waited
for, not even a call into Polars that does not come back to Python.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Final

from calc.cli.options import message

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
_EXIT_OF_SIGNAL: Final = 128


@contextmanager
def stopping(out: Path) -> Iterator[None]:
    """Within it, a signal ends the process; `out` is the folder that the message names. For the main thread."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    watcher = Thread(target=_watch, args=(reading, out), daemon=True)
    watcher.start()
    # Python's own handlers wait until the main thread is back from C; the number in the pipe does not.
    previous_pipe = signal.set_wakeup_fd(writing)
    previous = {each: signal.signal(each, lambda *_: None) for each in _SIGNALS}
    try:
        yield
    finally:
        for each, handler in previous.items():
            signal.signal(each, handler)
        signal.set_wakeup_fd(previous_pipe)
        os.close(writing)
        watcher.join()
        os.close(reading)


def _watch(reading: int, out: Path) -> None:
    while number := os.read(reading, 1):
        if number[0] in _SIGNALS:
            name = signal.Signals(number[0]).name
            if sys.stderr.isatty():
                message("\x1b[?25h")  # the live line hides the cursor
            message(f"Stopped by {name}; what was published before stands. To go on: puccalc resume {out}")
            os._exit(_EXIT_OF_SIGNAL + number[0])
