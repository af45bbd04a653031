"""The nightly run on an Apache Spark cluster, for what one machine cannot hold: `pip install puccalc[spark]`, Java 17.

`part` is what a worker does to a batch of rows, `run` what Spark does around it over whole datasets, `files` reads
inputs and writes results, `command` is what spark-submit starts (`python -m calc.bulk.spark`).
"""

from calc.bulk.spark.files import read_input, write_run
from calc.bulk.spark.run import SparkRun, run_spark

__all__ = ["SparkRun", "read_input", "run_spark", "write_run"]
