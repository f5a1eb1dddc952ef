"""Files that lie where a Spark cluster can read them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from toolkit.errors import DataError, DependencyError

__all__ = ["open_with_spark"]

SHUFFLE_DEFAULT, TASKS_PER_CORE = "200", 3
"""Spark's own number of shuffle partitions, whatever the cluster, and what its guide advises."""


def open_with_spark(path: str | Path, *, master: str) -> Any:
    """Return a CSV, TSV or Parquet file, or a folder of them, as a frame on a Spark cluster.

    All columns of text files come as text: "007" stays as it stands.

    Parameters
    ----------
    path : path
        A place that every worker can read.
    master : str
        Address of the cluster, such as ``spark://host:7077`` or ``local[2]``.

    Raises
    ------
    DataError
        If there is no such table, or its headings are not UTF-8.
    DependencyError
        If PySpark is not installed.
    """
    try:
        from pyspark.errors import AnalysisException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise DependencyError(
            "The engine 'spark' needs PySpark. Install it: pip install "
            "'regional-techfinance-toolkit[spark]', and Java 17."
        ) from error
    # Dates are kept as days, whatever zone the workers stand in.
    builder = (
        SparkSession.builder.master(master)
        .appName("toolkit")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.showConsoleProgress", "false")
    )
    if master.startswith("local"):
        # Workers on this machine need no network.
        builder = builder.config("spark.driver.host", "127.0.0.1")
        builder = builder.config("spark.driver.bindAddress", "127.0.0.1")
    session = builder.getOrCreate()
    if session.conf.get("spark.sql.shuffle.partitions") == SHUFFLE_DEFAULT:
        tasks = TASKS_PER_CORE * session.sparkContext.defaultParallelism
        session.conf.set("spark.sql.shuffle.partitions", str(tasks))
    place, ending = str(path), Path(path).suffix.lower()
    try:
        if ending == ".parquet":
            return session.read.parquet(place)
        separator = "\t" if ending == ".tsv" else ","
        # A quotation mark inside a cell is doubled, as everywhere but in Spark's own default.
        table = session.read.csv(place, header=True, inferSchema=False, sep=separator, escape='"')
    except AnalysisException as error:
        raise DataError(
            f"{place}: Spark found no table there ({error.getCondition()}). "
            "Give a path that every worker can read."
        ) from error
    if any("\ufffd" in name for name in table.columns):
        raise DataError(
            f"{place}: the headings are not UTF-8, which Spark reads alone. Save the file as UTF-8."
        )
    return table
