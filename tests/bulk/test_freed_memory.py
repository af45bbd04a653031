import os
import platform
import subprocess
import sys
from typing import Final

import pytest

NAME: Final = "_RJEM_MALLOC_CONF"
ARROW_NAME: Final = "MIMALLOC_PURGE_DELAY"
PASSES: Final = """
import ctypes, resource, sys
NO_HUGE_PAGES = 41
ctypes.CDLL(None).prctl(NO_HUGE_PAGES, 1, 0, 0, 0)  # or one fault would stand for 512 pages
if "keep" in sys.argv:
    from calc.bulk.run.freed_memory import keep_freed_memory
    keep_freed_memory()
import numpy as np
for _ in range(4):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    blocks = [np.ones(1 << 18) for _ in range(40)]
    del blocks
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""
PAGES: Final = 40 * (1 << 18) * 8 // 4096
SETTING: Final = f"""
import os
from calc.bulk.run.freed_memory import keep_freed_memory
keep_freed_memory()
print(os.environ["{NAME}"], os.environ["{ARROW_NAME}"])
"""
COMMAND: Final = f"""
import os, sys
from calc.cli import app
def loading(event, given):
    if event == "import" and given[0] in ("polars", "pyarrow"):
        print(os.environ["{NAME}"], os.environ["{ARROW_NAME}"])
sys.addaudithook(loading)
app(["run", "nightly", "--as-of", "2026-09-30", "--deposits", "none", "--out", "none"], standalone_mode=False)
"""


def printed(script: str, *words: str, **environment: str) -> list[str]:
    given = {name: value for name, value in os.environ.items() if name not in {NAME, ARROW_NAME}}
    done = subprocess.run(
        [sys.executable, "-c", script, *words],
        env=given | environment, stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    return done.stdout.split()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="mallopt is glibc's")
def test_memory_that_a_part_freed_is_not_fetched_anew() -> None:
    """In pages that the system had to hand out in the last of four passes."""
    assert int(printed(PASSES)[0]) > PAGES // 2
    assert int(printed(PASSES, "keep")[0]) < PAGES // 10


def test_polars_and_pyarrow_keep_it_too_unless_the_user_says_otherwise() -> None:
    assert printed(SETTING) == ["dirty_decay_ms:10000,muzzy_decay_ms:10000", "10000"]
    assert printed(SETTING, **{NAME: "dirty_decay_ms:0", ARROW_NAME: "0"}) == ["dirty_decay_ms:0", "0"]


def test_the_command_sets_it_before_they_are_loaded() -> None:
    of_polars, *others = printed(COMMAND)
    assert of_polars == "dirty_decay_ms:10000,muzzy_decay_ms:10000"
    assert others[0] == others[2] == "10000"
