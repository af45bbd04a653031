"""The nightly run on an Apache Spark cluster, for what one machine cannot hold: `pip install puccalc[spark]`, Java 17.

`part` is what a worker does to a batch of rows, `run` what Spark does around it over whole datasets, `files` reads
inputs and writes results, `command` is what spark-submit starts (`python -m calc.bulk.spark`). The names below load
pyspark when they are used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from calc.extras import require

if TYPE_CHECKING:
    from calc.bulk.spark.files import read_input, write_run
    from calc.bulk.spark.run import SparkRun, run_spark

__all__ = ["SparkRun", "read_input", "run_spark", "write_run"]

_HOMES = {"SparkRun": "run", "read_input": "files", "run_spark": "run", "write_run": "files"}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    require("spark", "The nightly run on Spark")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
