"""The same rows, cell for cell, from every engine."""

from __future__ import annotations

import os
import shutil
import warnings

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from tests.clean.ledger_rows import BAD, UNTIL, ledger
from toolkit.clean.ledgers import clean_ledger
from toolkit.clean.milestones import clean_milestones

REGISTER = pd.DataFrame(
    [
        ["U1", "湖南", "battery", "2023-01-31", "2024-02-29", "", "2023-03-01", "x"],
        ["U2", "430000", "battery", "2023-01-31", "", "2024-03-15", "", "x"],
        ["U3", "Hunan", "retail", "2023-05-01", "2023年二季度", "", "", "x"],
        ["U4", "Hunan", "retail", "2023-05-01", "", "", "", "x"],
        ["U4", "湖南", "retail", "2023/5/1", "", "", "", "x"],
        ["U5", "Hunan", "retail", "2023-05-01", "2022-05-01", "", "", "x"],
        ["U6", "Hunan", "retail", "2023-05-01", "2025-05-01", "", "", "x"],
    ],
    columns=["项目编号", "地区", "行业", "立项日期", "投产日期", "退出日期", "入库日期", "备注"],
    dtype="str",
)


def relation(frame):
    connection = duckdb.connect()
    connection.register("frame", frame)
    return connection.sql("select * from frame")


DAYS = ("date", "start", "production", "exit", "observed_until")
MEMORY = {
    "polars": pl.from_pandas,
    "lazy polars": lambda frame: pl.from_pandas(frame).lazy(),
    "arrow": lambda frame: pa.Table.from_pandas(frame, preserve_index=False),
    "duckdb": relation,
}


def as_cells(table):
    """Return every cell as text, however the engine holds it."""
    if isinstance(table, pl.LazyFrame):
        table = table.collect()
    for step in ("toPandas", "df", "to_pandas"):
        if hasattr(table, step):
            table = getattr(table, step)()
            break
    days = {name: pd.to_datetime(table[name]) for name in table if name in DAYS}
    table = table.assign(**days)
    return [["" if pd.isna(cell) else repr(cell) for cell in row] for row in table.to_numpy(object)]


def assert_same(cleaned, expected):
    assert as_cells(cleaned.table) == as_cells(expected.table)
    assert as_cells(cleaned.rejected) == as_cells(expected.rejected)
    assert cleaned.audit.by_rule().equals(expected.audit.by_rule())
    assert cleaned.audit.events.equals(expected.audit.events)


@pytest.mark.parametrize("engine", MEMORY)
def test_a_ledger_is_the_same_in_every_engine_and_comes_back_in_its_kind(engine):
    frame = ledger()
    given = MEMORY[engine](frame)
    cleaned = clean_ledger(given, observed_until=UNTIL)
    assert type(cleaned.table) is type(given)
    assert_same(cleaned, clean_ledger(frame, observed_until=UNTIL))


@pytest.mark.parametrize("engine", MEMORY)
def test_milestones_are_the_same_in_every_engine(engine):
    expected = clean_milestones(REGISTER, observed_until=UNTIL)
    cleaned = clean_milestones(MEMORY[engine](REGISTER), observed_until=UNTIL)
    assert_same(cleaned, expected)


def test_a_pandas_frame_keeps_its_own_columns_in_their_own_kinds():
    frame = ledger().assign(weight=1.5, seen=pd.Timestamp("2024-01-02"))
    cleaned = clean_ledger(frame, observed_until=UNTIL)
    assert cleaned.table["weight"].tolist() == [1.5] * cleaned.audit.passed
    assert cleaned.table["seen"].dtype == frame["seen"].dtype
    assert cleaned.rejected["weight"].tolist() == [1.5] * cleaned.audit.rejected
    assert cleaned.rejected["reasons"].tolist() == [
        "conflicting_rows",
        "conflicting_rows",
        *(reasons for _, reasons in BAD),
    ]


@pytest.fixture(scope="module")
def spark():
    """Two worker processes on this machine, which speak over loopback."""
    pytest.importorskip("pyspark")
    if not shutil.which("java") and "JAVA_HOME" not in os.environ:
        pytest.skip("Spark needs Java; there is none on this machine")
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_spark_gives_the_same_rows_from_two_workers(spark, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = ledger()
        expected = clean_ledger(frame, observed_until=UNTIL)
        given = spark.createDataFrame(pa.Table.from_pandas(frame, preserve_index=False))
        cleaned = clean_ledger(given.repartition(1).coalesce(1), observed_until=UNTIL)
        assert type(cleaned.table) is type(given)
        assert spark.sparkContext.defaultParallelism == 2
        assert sorted(as_cells(cleaned.table)) == sorted(as_cells(expected.table))
        assert cleaned.audit.balance() == expected.audit.balance()
        assert sorted(row[1:] for row in as_cells(cleaned.rejected)) == sorted(
            row[1:] for row in as_cells(expected.rejected)
        )
        written = cleaned.write(tmp_path / "loans")
        assert len(pd.read_parquet(written[0])) == expected.audit.passed
        register = spark.createDataFrame(pa.Table.from_pandas(REGISTER, preserve_index=False))
        spells = clean_milestones(register, observed_until=UNTIL)
        kept = clean_milestones(REGISTER, observed_until=UNTIL)
        assert sorted(as_cells(spells.table)) == sorted(as_cells(kept.table))
