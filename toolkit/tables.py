"""Any frame, file or database table as one lazy frame, and back: the only door to data on disk.

A path is opened by DuckDB, embedded, which streams and spills to disk; a frame of pandas, Polars,
Arrow, DuckDB or Spark stays what it is. What is built on a lazy frame runs where the data is.
"""

from __future__ import annotations

import gzip
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pandas as pd

from toolkit.errors import ColumnError, DataError, DependencyError, OptionError, did_you_mean

if TYPE_CHECKING:
    import duckdb
    import narwhals as nw

__all__ = [
    "as_names",
    "as_pandas",
    "as_table",
    "check_file",
    "column_names",
    "first_rows",
    "label_of",
    "open_relation",
    "open_with_spark",
    "private_connection",
    "read_text",
    "require",
    "stream_table",
    "write_table",
]

SIMULATED = "simulated"
"""The key of the mark that simulated data carries."""

MEMORY_LIMIT = "1500MB"
"""What one connection to a file may hold in memory; more goes to disk."""

FORMATS = {".parquet": "parquet", ".csv": "csv", ".tsv": "csv", ".json": "json", ".jsonl": "json"}


def as_table(data: Any) -> nw.LazyFrame[Any]:
    """Return any frame, or the file at a path, as a lazy Narwhals frame.

    Parameters
    ----------
    data : frame or path
        A pandas, Polars, Arrow, DuckDB or Spark frame, or a path to a Parquet, CSV, TSV or
        JSON-lines file (CSV also compressed by gzip), which DuckDB opens without loading it.

    Raises
    ------
    DataError
        If the file is not there, is empty, or is of no known kind.
    OptionError
        If `data` is no frame that Narwhals knows.

    Examples
    --------
    >>> import pandas as pd
    >>> as_table(pd.DataFrame({"region": ["430000"]})).collect_schema().names()
    ['region']
    """
    import narwhals as nw

    native = open_relation(Path(data)) if isinstance(data, str | os.PathLike) else data
    try:
        table: nw.LazyFrame[Any] = nw.from_native(native).lazy()
    except TypeError as error:
        raise OptionError(
            "data is a frame of pandas, Polars, Arrow, DuckDB or Spark, or a path; "
            f"got {type(data).__name__}."
        ) from error
    return table


def as_pandas(data: Any) -> pd.DataFrame:
    """Return any frame, or the file at a path, as a pandas frame held in memory.

    Examples
    --------
    >>> import polars as pl
    >>> as_pandas(pl.DataFrame({"year": [2023]}))
       year
    0  2023
    """
    if isinstance(data, pd.DataFrame):
        return data
    frame: pd.DataFrame = as_table(data).collect().to_pandas()
    return frame


def label_of(data: Any) -> str:
    """Return the mark that simulated data carries, such as "simulated study of 2,170 firms".

    Parameters
    ----------
    data : frame or path
        A pandas frame (its ``attrs``), a Parquet file (its metadata), or another file, whose name
        begins with the mark; whatever else has none.

    Examples
    --------
    >>> import pandas as pd
    >>> label_of(pd.DataFrame())
    ''
    """
    if isinstance(data, pd.DataFrame):
        return str(data.attrs.get(SIMULATED, ""))
    if isinstance(data, str | os.PathLike) and Path(data).suffix == ".parquet":
        import pyarrow.parquet as pq

        try:
            held = pq.read_schema(Path(data)).metadata or {}
        except FileNotFoundError as error:
            raise _missing(Path(data)) from error
        return bytes(held.get(SIMULATED.encode(), b"")).decode()
    if isinstance(data, str | os.PathLike) and Path(data).name.startswith(SIMULATED):
        return f"{SIMULATED} data"
    return ""


def as_names(names: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return one name, several or none as a tuple.

    Examples
    --------
    >>> as_names("region"), as_names(None)
    (('region',), ())
    """
    if names is None:
        return ()
    return (names,) if isinstance(names, str) else tuple(names)


def column_names(table: nw.LazyFrame[Any]) -> list[str]:
    """Return the names of the columns, without reading rows."""
    return table.collect_schema().names()


def require(table: nw.LazyFrame[Any], *names: str) -> None:
    """Refuse a lazy frame that lacks a column.

    Raises
    ------
    ColumnError
        Naming the missing column, the nearest that is there, and all that are.
    """
    there = column_names(table)
    for name in names:
        if name not in there:
            raise ColumnError(
                f"No column {name!r}.{did_you_mean(name, there)} The table has: {', '.join(there)}."
            )


def read_text(path: str | Path) -> str:
    """Return the text of a file: strict UTF-8 first, then GB18030.

    The other order would corrupt silently, since GB18030 accepts most bytes.

    Raises
    ------
    DataError
        If the file is missing, empty, cut short, or in neither encoding.
    """
    source = Path(path)
    content = _bytes(source)
    if not content.strip():
        raise DataError(f"{source.name}: the file is empty. Fetch it again from its source.")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            place = error.start
    line = content[:place].count(b"\n") + 1
    raise DataError(
        f"{source.name}, line {line}: the bytes are neither UTF-8 nor GB18030. "
        "Save the file as UTF-8 at its source."
    )


def write_table(table: pd.DataFrame, path: str | Path) -> Path:
    """Write a frame as Parquet, whole or not at all, and return the path."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    table.to_parquet(partial, index=False)
    partial.replace(target)
    return target


def first_rows(data: Any, count: int) -> pd.DataFrame:
    """Return the first rows of any frame as pandas."""
    if isinstance(data, pd.DataFrame):
        return data.head(count)
    frame: pd.DataFrame = as_table(data).head(count).collect().to_pandas()
    return frame


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
    DependencyError
        If PySpark is not installed.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise DependencyError(
            "The engine 'spark' needs PySpark. Install it: pip install "
            "'regional-techfinance-toolkit[spark]', and Java 17."
        ) from error
    # Dates are kept as days, whatever zone the workers stand in.
    session = (
        SparkSession.builder.master(master)
        .appName("toolkit")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.showConsoleProgress", "false")
        .getOrCreate()
    )
    place, ending = str(path), Path(path).suffix.lower()
    if ending == ".parquet":
        return session.read.parquet(place)
    separator = "\t" if ending == ".tsv" else ","
    return session.read.csv(place, header=True, inferSchema=False, sep=separator)


def stream_table(data: Any, path: str | Path) -> Path:
    """Write any frame as Parquet or CSV by the ending, whole or not at all, and return the path.

    A lazy frame is written as it is computed; Spark writes a folder.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    is_parquet = target.suffix == ".parquet"
    kind = type(data).__module__.partition(".")[0]
    if kind in ("duckdb", "_duckdb"):
        write = data.write_parquet if is_parquet else data.write_csv
        write(str(partial))
    elif kind == "pyspark":
        writer = data.write.mode("overwrite")
        _discard_folder(partial)
        if is_parquet:
            writer.parquet(str(partial))
        else:
            writer.csv(str(partial), header=True)
    elif kind == "polars" and is_parquet:
        data.lazy().sink_parquet(partial)
    else:
        frame = as_pandas(data)
        if is_parquet:
            return write_table(frame, target)
        frame.to_csv(partial, index=False, lineterminator="\n")
    _discard_folder(target)
    return partial.replace(target)


def _discard_folder(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)


def _bytes(source: Path) -> bytes:
    if not source.is_file():
        raise _missing(source)
    try:
        if source.suffix == ".gz":
            with gzip.open(source) as stream:
                return stream.read()
        return source.read_bytes()
    except (EOFError, gzip.BadGzipFile) as error:
        raise DataError(
            f"{source.name}: the compressed file is damaged or cut short ({error}). "
            "Fetch it again from its source."
        ) from error


def _missing(source: Path) -> DataError:
    beside = [entry.name for entry in source.parent.glob("*")] if source.parent.is_dir() else []
    return DataError(f"No file {str(source)!r}.{did_you_mean(source.name, beside)}")


def private_connection() -> duckdb.DuckDBPyConnection:
    """Return a connection of its own, which holds little in memory and spills to disk."""
    import duckdb

    spill = Path(tempfile.gettempdir()) / f"toolkit_spill_{os.getpid()}_{uuid4().hex}"
    settings: dict[str, Any] = {"memory_limit": MEMORY_LIMIT, "temp_directory": str(spill)}
    connection = duckdb.connect(config=settings)
    # A bar for long queries would stand on stdout, among what a program prints. It is set only
    # where it is on: in a notebook without widgets it is off, and DuckDB refuses to speak of it.
    bar = connection.sql("SELECT current_setting('enable_progress_bar')").fetchall()
    if bar == [(True,)]:
        connection.execute("SET enable_progress_bar = false")
    return connection


def check_file(source: Path) -> str:
    """Return the kind of a file (parquet, csv or json) by its ending.

    Raises
    ------
    DataError
        If it is not there, is empty, or has an unknown ending.
    """
    if not source.is_file():
        raise _missing(source)
    if source.stat().st_size == 0:
        raise DataError(f"{source.name}: the file is empty. Fetch it again from its source.")
    stem = source.with_suffix("") if source.suffix == ".gz" else source
    kind = FORMATS.get(stem.suffix.lower())
    if kind is None:
        raise DataError(
            f"{source.name}: no table can be read from a file with the ending {stem.suffix!r}. "
            f"Known endings: {', '.join(FORMATS)}."
        )
    return kind


def open_relation(source: Path) -> duckdb.DuckDBPyRelation:
    """Open a file by DuckDB, on a connection of its own, without loading it.

    Raises
    ------
    DataError
        If it cannot be opened as what its ending says.
    """
    import duckdb

    kind = check_file(source)
    connection = private_connection()
    readers: dict[str, Callable[[str], duckdb.DuckDBPyRelation]] = {
        "parquet": connection.read_parquet,
        "csv": connection.read_csv,
        "json": connection.read_json,
    }
    try:
        return readers[kind](str(source))
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise DataError(f"{source.name}: not readable as {kind} ({first}).") from error
