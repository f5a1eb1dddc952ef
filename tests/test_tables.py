import gzip
import os
import shutil
from datetime import date
from decimal import Decimal

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from toolkit import tables
from toolkit.errors import ColumnError, DataError, OptionError

ROWS = pd.DataFrame({"region": ["430000", "110000"], "value": [1.5, 2.5]})


def _duckdb(rows):
    connection = duckdb.connect()
    connection.register("rows", rows)
    return connection.sql("select * from rows")


@pytest.mark.parametrize(
    "make",
    [lambda rows: rows, pl.from_pandas, pa.Table.from_pandas, _duckdb],
    ids=["pandas", "polars", "arrow", "duckdb"],
)
def test_every_kind_of_frame_holds_the_same_rows(make):
    back = tables.as_pandas(make(ROWS))
    assert back["region"].tolist() == ROWS["region"].tolist()
    assert back["value"].tolist() == ROWS["value"].tolist()


DAYS = pa.table({"date": pa.array([date(2024, 3, 5), None]), "value": [1, 2]})


def _are_days_of_pandas(frame):
    dates = pd.to_datetime(["2024-03-05", None]).astype("datetime64[us]")
    pd.testing.assert_frame_equal(frame, pd.DataFrame({"date": dates, "value": [1, 2]}))


@pytest.mark.parametrize(
    "make",
    [pl.from_arrow, lambda days: pl.from_arrow(days).lazy(), lambda days: days, duckdb.arrow],
    ids=["polars", "polars lazy", "arrow", "duckdb"],
)
def test_days_are_days_of_pandas_from_every_engine(make):
    _are_days_of_pandas(tables.as_pandas(make(DAYS)))
    _are_days_of_pandas(tables.first_rows(make(DAYS), 2))


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_days_of_a_file_are_days_of_pandas(tmp_path, ending):
    path = tmp_path / f"days.{ending}"
    tables.stream_table(duckdb.arrow(DAYS), path)
    _are_days_of_pandas(tables.as_pandas(path))


@pytest.mark.slow
def test_days_of_spark_are_days_of_pandas(tmp_path):
    pytest.importorskip("pyspark")
    if not shutil.which("java") and "JAVA_HOME" not in os.environ:
        pytest.skip("Spark needs Java; there is none on this machine")
    path = tables.stream_table(duckdb.arrow(DAYS), tmp_path / "days.parquet")
    frame = tables.open_with_spark(path, master="local[1]")
    try:
        _are_days_of_pandas(tables.as_pandas(frame))
    finally:
        frame.sparkSession.stop()


@pytest.mark.parametrize("ending", ["parquet", "csv", "tsv", "csv.gz"])
def test_a_path_is_opened_without_loading_it(tmp_path, ending):
    path = tmp_path / f"it's 湖南.{ending}"
    if ending == "parquet":
        ROWS.to_parquet(path)
    else:
        ROWS.to_csv(path, index=False, sep="\t" if ending == "tsv" else ",")
    assert tables.column_names(tables.as_table(path)) == ["region", "value"]
    assert tables.as_pandas(path)["value"].sum() == 4.0


def test_a_missing_file_is_named_with_the_nearest_beside_it(tmp_path):
    (tmp_path / "accounts.parquet").touch()
    with pytest.raises(DataError) as caught:
        tables.as_table(tmp_path / "acounts.parquet")
    assert str(caught.value) == (
        f"No file '{tmp_path / 'acounts.parquet'}'. Did you mean 'accounts.parquet'?"
    )


def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "loans.csv").touch()
    with pytest.raises(DataError, match=r"^loans\.csv: the file is empty\. Fetch it again from"):
        tables.as_table(tmp_path / "loans.csv")


def test_an_unknown_ending_is_refused(tmp_path):
    (tmp_path / "loans.doc").write_text("x")
    with pytest.raises(DataError) as caught:
        tables.as_table(tmp_path / "loans.doc")
    assert str(caught.value) == (
        "loans.doc: no table can be read from a file with the ending '.doc'. "
        "Known endings: .parquet, .csv, .tsv, .json, .jsonl."
    )


def test_a_file_that_is_not_what_its_ending_says_is_refused(tmp_path):
    (tmp_path / "loans.parquet").write_text("no parquet")
    with pytest.raises(DataError, match=r"^loans\.parquet: not readable as parquet \("):
        tables.as_table(tmp_path / "loans.parquet")


def test_parquet_held_whole_is_what_is_opened_lazily(tmp_path):
    days = [date(2020, 2, 29), None, date(2024, 12, 31)]
    path = tmp_path / "kinds.parquet"
    columns = {
        "count": pa.array([1, None, 3], pa.int8()),
        "whole": pa.array([1, 2, 3], pa.int64()),
        "share": pa.array([0.1, float("nan"), None], pa.float32()),
        "yes": pa.array([True, False, None]),
        "name": pa.array(["湖南", None, ""]),
        "category": pa.array(["a", "b", None]).dictionary_encode(),
        "day": pa.array(days, pa.date32()),
        "moment": pa.array(days, pa.date32()).cast(pa.timestamp("us")),
        "exact": pa.array([Decimal("1.50"), None, Decimal("-2.25")], pa.decimal128(10, 2)),
        "list": pa.array([[1], [2, 3], None]),
        "nothing": pa.nulls(3),
    }
    pq.write_table(pa.table(columns), path)
    held = tables.as_pandas(path)
    pd.testing.assert_frame_equal(held, tables.as_pandas(tables.as_table(path)))
    # What pandas notes in a file on its index and categories is its own affair.
    held.astype({"category": "category"}).set_index("whole").to_parquet(path)
    pd.testing.assert_frame_equal(
        tables.as_pandas(path), tables.as_pandas(tables.as_table(path)), check_like=True
    )


def test_codes_in_csv_keep_their_zeros(tmp_path):
    path = tmp_path / "loans.csv"
    path.write_text("firm_id,region,amount_cny,size\n0012,430000,5,7\n0013,430100,,8\n")
    held = tables.as_pandas(path)
    assert held["firm_id"].tolist() == ["0012", "0013"]
    assert held["region"].tolist() == ["430000", "430100"]
    assert held.dtypes.astype(str).to_dict() == {
        "firm_id": "str", "region": "str", "amount_cny": "float64", "size": "int64"
    }  # fmt: skip


def test_damaged_parquet_is_refused_when_it_is_read_whole(tmp_path):
    path = tmp_path / "loans.parquet"
    path.write_bytes(b"PAR1 and no more")
    with pytest.raises(DataError, match=r"^loans\.parquet: not readable as parquet \("):
        tables.as_pandas(path)


def test_what_is_no_frame_is_refused():
    with pytest.raises(OptionError) as caught:
        tables.as_table(3)
    assert str(caught.value) == (
        "data is a frame of pandas, Polars, Arrow, DuckDB or Spark, or a path; got int."
    )


def test_require_names_the_missing_column():
    with pytest.raises(ColumnError) as caught:
        tables.require(tables.as_table(ROWS), "region", "valeu")
    assert str(caught.value) == (
        "No column 'valeu'. Did you mean 'value'? The table has: region, value."
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_text_is_read_in_either_encoding(tmp_path, encoding):
    path = tmp_path / "t.csv"
    path.write_text("地区,湖南省", encoding=encoding)
    assert tables.read_text(path) == "地区,湖南省"


def test_bytes_in_neither_encoding_are_located(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes("地区\n".encode() + b"ok\n\xff\xff\n")
    with pytest.raises(DataError) as caught:
        tables.read_text(path)
    assert str(caught.value) == (
        "t.csv, line 3: the bytes are neither UTF-8 nor GB18030. "
        "Save the file as UTF-8 at its source."
    )


def test_a_truncated_gzip_is_refused(tmp_path):
    whole = gzip.compress("地区,湖南省\n".encode() * 200)
    (tmp_path / "t.csv.gz").write_bytes(whole[:-9])
    with pytest.raises(
        DataError, match=r"^t\.csv\.gz: the compressed file is damaged or cut short"
    ):
        tables.read_text(tmp_path / "t.csv.gz")


def test_a_table_is_written_whole_or_not_at_all(tmp_path):
    target = tables.write_table(ROWS, tmp_path / "new" / "rows.parquet")
    assert pd.read_parquet(target).equals(ROWS)
    with pytest.raises(Exception, match="Conversion failed"):
        tables.write_table(pd.DataFrame({"mixed": [1, "a", {}]}), target)
    assert pd.read_parquet(target).equals(ROWS)


def test_simulated_data_says_so_in_memory_and_on_disk(tmp_path):
    marked = ROWS.copy()
    marked.attrs["simulated"] = "simulated study"
    assert tables.label_of(marked) == "simulated study"
    table = pa.Table.from_pandas(ROWS).replace_schema_metadata({"simulated": "simulated study"})
    pq.write_table(table, tmp_path / "a.parquet")
    assert tables.label_of(tmp_path / "a.parquet") == "simulated study"
    ROWS.to_parquet(tmp_path / "b.parquet")
    assert tables.label_of(tmp_path / "b.parquet") == ""
    assert tables.label_of(tmp_path / "simulated_register.csv") == "simulated data"
    assert tables.label_of(tmp_path / "register.csv") == ""
    with pytest.raises(DataError, match=r"^No file "):
        tables.label_of(tmp_path / "c.parquet")


def test_a_folder_or_several_files_are_simulated_where_one_is(tmp_path):
    folder = tmp_path / "loans"
    folder.mkdir()
    (folder / "real.csv").write_text("a\n1\n", encoding="utf-8")
    assert tables.label_of(folder) == ""
    (folder / "simulated_loans.csv").write_text("a\n1\n", encoding="utf-8")
    assert tables.label_of(folder) == "simulated data"
    assert (
        tables.label_of([folder / "real.csv", str(folder / "simulated_loans.csv")])
        == "simulated data"
    )
