"""Parquet that Spark reads and writes, wherever the cluster keeps its files (file:, hdfs:, s3a:, abfss:).

Results go to a new folder: `<out>/<dataset>`, `<out>/quarantine/<dataset>`, and `<out>/manifest` (one row of JSON text)
last. A folder without it is no result; one that is there is never written over.
"""

import json
from fractions import Fraction
from typing import Any, Final

from py4j.protocol import Py4JJavaError  # type: ignore[import-untyped] # it ships none
from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the name that Spark's own pages use

from calc.bulk.publish.bad_share import check_bad_share
from calc.bulk.reconcile.totals import check_equal
from calc.bulk.run.bounds import BAD, check_bounds, share_text, worst_bad_share
from calc.bulk.run.job import MAX_BAD_SHARE, MAX_UNMATCHED_SHARE
from calc.bulk.spark.part import FILE, PLACE, ROW
from calc.bulk.spark.run import SparkRun, totals_of
from calc.errors import InputError, OutputError

_CODEC: Final = "zstd"


def read_input(spark: SparkSession, path: str) -> DataFrame:
    """Parquet files with the place of each row, which goes with it to quarantine; InputError if there are none.

    A column that only some of the files have is null in the others.
    """
    try:
        frame = spark.read.option("mergeSchema", value=True).parquet(path)
    except (AnalysisException, Py4JJavaError) as error:
        why = error.getMessage() if isinstance(error, AnalysisException) else error.java_exception.getMessage()
        raise InputError(
            f"{path}: cannot be read as Parquet; of CSV make Parquet, or use puccalc run nightly: {why}"
        ) from error
    file, row = F.col("_metadata.file_path").alias(FILE), (F.col("_metadata.row_index") + 1).alias(ROW)
    return frame.select(*(name for name in frame.columns if name not in PLACE), file, row)


def check_new(spark: SparkSession, out: str) -> None:
    """OutputError where there is something at `out`."""
    try:
        spark.read.format("binaryFile").load(out)
    except AnalysisException as error:
        if error.getCondition() == "PATH_NOT_FOUND":
            return
        raise
    raise OutputError(f"{out}: is there already; name a folder that is not, such as one a day")


def write_run(
    spark: SparkSession,
    run: SparkRun,
    out: str,
    max_bad_share: Fraction = MAX_BAD_SHARE,
    max_unmatched_share: Fraction = MAX_UNMATCHED_SHARE,
) -> dict[str, Any]:
    """Write quarantine, results and then the manifest, which is returned: the run's, with the bounds it was held to.

    OutputError where `out` is there already; PublishRefusedError where too many rows are bad or too many open deposits
    have no row in the accounts (only the quarantine is written), or where the written files do not add up to the
    control totals (no manifest is written).
    """
    check_new(spark, out)
    for name, frame in run.quarantine.items():
        frame.write.parquet(f"{out}/quarantine/{name}", compression=_CODEC)
    for name, rows in run.manifest["rows"].items():
        by_column = run.manifest["quarantine"][name]["by_column"]
        check_bad_share(name, rows["in"], rows["quarantined"], by_column, max_bad_share)
    counts = {name: (rows["in"], rows["quarantined"]) for name, rows in run.manifest["rows"].items()}
    bounds = {BAD: worst_bad_share(counts, max_bad_share)}
    bounds |= {
        name: {"limit": share_text(max_unmatched_share), **found} for name, found in run.manifest["bounds"].items()
    }
    check_bounds(bounds)
    for name, frame in run.results.items():
        frame.write.parquet(f"{out}/{name}", compression=_CODEC)
        written = spark.read.schema(frame.schema).parquet(f"{out}/{name}")
        check_equal(name, run.totals[name], totals_of(name, written))
    manifest = {**run.manifest, "max_bad_share": str(max_bad_share), "bounds": bounds}
    text = json.dumps(manifest, ensure_ascii=False)
    spark.sql("SELECT :text AS value", args={"text": text}).write.text(f"{out}/manifest")
    return manifest
