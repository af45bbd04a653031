"""A Spark session on two local cores, and what becomes of the tests where there is no Java to run it."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest
from pyspark.sql import SparkSession

NO_JAVA = "Spark needs Java 17: no java on PATH or in JAVA_HOME (make java installs it as root; needs apt-get)"
PANDAS = "ignore:PySpark does not yet fully support pandas:FutureWarning"
"""Spark's own complaint about a package that only its pandas API uses, which is not used here."""


def require_java(environment: Mapping[str, str]) -> None:
    """Skip where there is no Java; fail where CI runs the tests, which is where nobody reads skips."""
    home = environment.get("JAVA_HOME")
    path = os.pathsep.join([*([f"{home}/bin"] if home else []), environment.get("PATH", "")])
    if shutil.which("java", path=path):
        return
    if environment.get("CI") == "true":
        pytest.fail(NO_JAVA)
    pytest.skip(NO_JAVA)


@contextmanager
def local_session() -> Iterator[SparkSession]:
    """Two tasks at once, each tried four times; no page, no port beyond this machine."""
    require_java(os.environ)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        settings: dict[str, bool | float | int | str | None] = {
            "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",  # half the time of short jobs
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.sql.shuffle.partitions": "2",
        }
        session = SparkSession.builder.master("local[2,4]").config(map=settings).getOrCreate()
        session.sparkContext.setLogLevel("OFF")
        yield session
        session.stop()
