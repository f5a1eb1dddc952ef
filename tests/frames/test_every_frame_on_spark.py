"""The promise that every function takes any kind of frame, kept on Spark."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from tests.frames.calls import CALLS, Call, answer_on_pandas
from tests.frames.kinds import assert_same

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

ELSEWHERE = {"clean_ledger", "clean_milestones"}
"""Half a minute each: on two real workers in tests/clean/rows/test_engines.py."""


def _marked(call: Call) -> Any:
    marks = []
    if call.title in ELSEWHERE:
        marks = [pytest.mark.skip(reason="tested on two workers in tests/clean/rows/test_engines")]
    return pytest.param(call, id=call.title, marks=marks)


@pytest.fixture(scope="module")
def on_spark() -> Iterator[Callable[[pd.DataFrame], Any]]:
    """Return what moves a pandas frame to Spark; one session for the whole file."""
    pytest.importorskip("pyspark")
    if not shutil.which("java") and "JAVA_HOME" not in os.environ:
        pytest.skip("Spark needs Java; there is none on this machine")
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate()
    )
    # The frames of the tests live as long as the module that makes them.
    moved: dict[int, Any] = {}

    def move(frame: pd.DataFrame) -> Any:
        if id(frame) not in moved:
            table = pa.Table.from_pandas(frame, preserve_index=False)
            moved[id(frame)] = session.createDataFrame(table).coalesce(1)
        return moved[id(frame)]

    yield move
    session.stop()


@pytest.mark.parametrize("call", [*map(_marked, CALLS)])
def test_the_answer_on_spark_is_that_on_pandas(call, on_spark):
    assert_same(call.run(on_spark), answer_on_pandas(call), dtypes=True)
