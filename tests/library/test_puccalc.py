"""`import puccalc`: its names are calc's, its docstrings' examples hold, and it takes what notebooks have."""

import doctest
import subprocess
import sys
from datetime import date
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import calc
import puccalc
from calc.topics.table import TOPICS

ROWS = {"principal_cents": [20_000], "received_date": ["2024-01-01"], "through_date": ["2025-01-01"]}
"""2024 pays 4.93 %: 9.86 on 200.00."""


def test_its_names_are_those_of_calc() -> None:
    assert set(puccalc.__all__) == {*calc.__all__, "__version__"}
    assert all(getattr(puccalc, name) is getattr(calc, name) for name in calc.__all__)
    assert puccalc.__version__ == calc.__version__
    assert {name.replace("-", "_") for name in TOPICS} <= set(dir(puccalc))
    with pytest.raises(AttributeError, match="'puccalc' has no attribute 'interests'"):
        _ = puccalc.interests


def test_importing_it_loads_no_frames() -> None:
    code = "import sys, puccalc; print(sorted({'polars', 'numpy', 'numba'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_it_runs_as_the_command() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "puccalc", "--version"], capture_output=True, text=True, check=True
    ).stdout  # fmt: skip
    assert shown == f"puccalc {calc.__version__}\n"


@pytest.mark.parametrize("topic", TOPICS)
def test_docstrings_have_columns_results_and_an_example_that_holds(topic: str) -> None:
    function = getattr(puccalc, topic.replace("-", "_"))
    for words in ("Columns of the frame", "Results:", "Example:"):
        assert words in function.__doc__
    (test,) = doctest.DocTestFinder(recurse=False).find(function, function.__name__, globs={})
    assert len(test.examples) == 6
    found = doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF).run(test)
    assert found.failed == 0


@pytest.mark.parametrize(
    "frame",
    [
        pl.DataFrame(ROWS),
        pl.LazyFrame(ROWS),
        pd.DataFrame(ROWS),
        pd.DataFrame({**ROWS, "received_date": [pd.Timestamp("2024-01-01")]}),
        pa.table(ROWS),
        pa.RecordBatch.from_pydict(ROWS),
    ],
    ids=["polars", "lazy", "pandas", "pandas dates", "arrow", "arrow batch"],
)
@pytest.mark.parametrize("as_of", ["2026-09-30", date(2026, 9, 30)])
def test_frames_of_notebooks(frame: Any, as_of: Any) -> None:  # noqa: ANN401 - whatever a notebook has
    assert puccalc.interest(frame, as_of=as_of).results.rows() == [(986, 366)]
