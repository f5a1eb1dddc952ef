"""What the engines under a lazy frame do each in its own way: number, keep, send, fingerprint.

All rules are Narwhals expressions. These few things Narwhals has no word for.
"""

from __future__ import annotations

import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from toolkit.errors import OptionError

if TYPE_CHECKING:
    import narwhals as nw
    import pyarrow as pa

__all__ = ["ROW", "DuckDB", "Engine", "Polars", "Spark", "engine_of"]

ROW = "_row"
"""Number of a row where it stood, counted from 1."""


class Engine(ABC):
    """Where a table lives."""

    @abstractmethod
    def number(self, table: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Return the table with the number of each row in :data:`ROW`, kept for many passes."""

    @abstractmethod
    def keep(self, table: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Compute a table once; later passes read what was computed."""

    @abstractmethod
    def send(self, tables: Iterable[pa.Table]) -> nw.LazyFrame[Any]:
        """Bring a table, given in pieces, into the engine, to be joined."""

    @abstractmethod
    def batches(
        self, table: nw.LazyFrame[Any], column: str, size: int | None
    ) -> Iterator[list[str]]:
        """Yield the texts of a column, so many at a time, or all at once; at least one list."""

    @abstractmethod
    def fingerprint(
        self, table: nw.LazyFrame[Any], columns: Sequence[str], *, name: str
    ) -> nw.LazyFrame[Any]:
        """Add a column of 64 bits, the same for rows with the same values.

        Different values may share one by chance: it narrows a search, and decides nothing.
        """


class Polars(Engine):
    """Frames in the memory of this process: of Polars, pandas and Arrow."""

    def number(self, table: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Give each row its place, from 1."""
        import narwhals as nw
        import polars as pl

        native = table.to_native()
        numbered = native.with_row_index(ROW, offset=1).with_columns(pl.col(ROW).cast(pl.Int64))
        return self.keep(nw.from_native(numbered).lazy())

    def keep(self, table: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Collect."""
        return table.collect("polars").lazy()

    def send(self, tables: Iterable[pa.Table]) -> nw.LazyFrame[Any]:
        """Hand the memory over."""
        import narwhals as nw
        import polars as pl

        frame = pl.concat([pl.DataFrame(table) for table in tables])
        lazy: nw.LazyFrame[Any] = nw.from_native(frame).lazy()
        return lazy

    def batches(
        self, table: nw.LazyFrame[Any], column: str, size: int | None
    ) -> Iterator[list[str]]:
        """Cut the collected column."""
        whole = table.select(column).collect("polars").to_native()[column]
        step = size or max(len(whole), 1)
        for start in range(0, max(len(whole), 1), step):
            yield whole.slice(start, step).to_list()

    def fingerprint(
        self, table: nw.LazyFrame[Any], columns: Sequence[str], *, name: str
    ) -> nw.LazyFrame[Any]:
        """Hash a struct of the columns."""
        import narwhals as nw
        import polars as pl

        native = table.to_native().with_columns(pl.struct(columns).hash(seed=7).alias(name))
        lazy: nw.LazyFrame[Any] = nw.from_native(native).lazy()
        return lazy


class DuckDB(Engine):
    """Relations of one connection, the caller's or one opened for a file."""

    def __init__(self, anchor: Any) -> None:
        self._anchor = anchor

    def query(self, sql: str) -> Any:
        """Run a statement on the connection; a query gives a relation."""
        return self._anchor.query("toolkit_anchor", sql)

    def table(self, sql: str) -> str:
        """Compute a query into a temporary table, and return its name."""
        name = f"toolkit_{uuid4().hex}"
        self.query(f"create temp table {name} as {sql}")
        return name

    def number(self, table: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Copy the rows; their places in the copy are their numbers."""
        name = f"toolkit_{uuid4().hex}"
        table.to_native().query("toolkit_rows", f"create temp table {name} as from toolkit_rows")
        return self.numbered(name, first=1)

    def numbered(self, name: str, *, first: int) -> nw.LazyFrame[Any]:
        """Return a table with the places of its rows, from a number on."""
        import narwhals as nw

        relation = self.query(f"select rowid + {first} as {ROW}, * from {name}")
        lazy: nw.LazyFrame[Any] = nw.from_native(relation).lazy()
        return lazy

    def keep(self, table: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Compute into a temporary table, which spills to disk."""
        import narwhals as nw

        name = f"toolkit_{uuid4().hex}"
        table.to_native().query("toolkit_rows", f"create temp table {name} as from toolkit_rows")
        lazy: nw.LazyFrame[Any] = nw.from_native(self.query(f"select * from {name}")).lazy()
        return lazy

    def send(self, tables: Iterable[pa.Table]) -> nw.LazyFrame[Any]:
        """Copy by way of a file, which any connection can read."""
        import narwhals as nw
        from pyarrow import parquet

        with tempfile.TemporaryDirectory(prefix="toolkit_") as folder:
            path = Path(folder) / "sent.parquet"
            writer = None
            for table in tables:
                writer = writer or parquet.ParquetWriter(path, table.schema, compression="lz4")
                writer.write_table(table)
            if writer is not None:
                writer.close()
            quoted = str(path).replace("'", "''")
            name = self.table(f"select * from read_parquet('{quoted}')")
        lazy: nw.LazyFrame[Any] = nw.from_native(self.query(f"select * from {name}")).lazy()
        return lazy

    def batches(
        self, table: nw.LazyFrame[Any], column: str, size: int | None
    ) -> Iterator[list[str]]:
        """Stream; the texts are set aside first, since one connection runs one query at a time."""
        kept = self.keep(table.select(column)).to_native()
        if size is None:
            yield kept.to_arrow_table()[column].to_pylist()
            return
        with tempfile.TemporaryDirectory(prefix="toolkit_") as folder:
            from pyarrow import parquet

            path = str(Path(folder) / "texts.parquet")
            kept.write_parquet(path)
            seen = 0
            for batch in parquet.ParquetFile(path).iter_batches(batch_size=size):
                seen += 1
                yield batch.column(0).to_pylist()
            if not seen:
                yield []

    def fingerprint(
        self, table: nw.LazyFrame[Any], columns: Sequence[str], *, name: str
    ) -> nw.LazyFrame[Any]:
        """Hash the columns together."""
        import narwhals as nw

        quoted = ", ".join('"' + column.replace('"', '""') + '"' for column in columns)
        lazy: nw.LazyFrame[Any] = nw.from_native(
            table.to_native().project(f"*, hash({quoted}) as {name}")
        ).lazy()
        return lazy


class Spark(Engine):
    """Frames of a Spark session, on its cluster."""

    _PLACE = 1 << 33

    def __init__(self, session: Any) -> None:
        self._session = session

    def number(self, table: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Give each row its place, partition after partition, without a gap."""
        import narwhals as nw

        placed = table.to_native().withColumn(
            "_place", self._functions.monotonically_increasing_id()
        )
        kept = placed.persist()
        part = self._functions.shiftright("_place", 33)
        counts = kept.groupBy(part.alias("part")).count().collect()
        before, seen = [], 0
        for row in sorted(counts, key=lambda row: row["part"]):
            before.append((row["part"], seen + 1 - row["part"] * self._PLACE))
            seen += row["count"]
        shift = self._functions.create_map(
            *(self._functions.lit(value) for pair in before for value in pair)
        )
        offset = shift[part] if before else self._functions.lit(1)
        numbered = kept.withColumn("_row", self._functions.col("_place") + offset).drop("_place")
        lazy: nw.LazyFrame[Any] = nw.from_native(numbered).lazy()
        return lazy

    def keep(self, table: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Persist on the workers, in memory and on their disks."""
        import narwhals as nw

        lazy: nw.LazyFrame[Any] = nw.from_native(table.to_native().persist()).lazy()
        return lazy

    def send(self, tables: Iterable[pa.Table]) -> nw.LazyFrame[Any]:
        """Ship to the workers."""
        import narwhals as nw
        import pyarrow as pa

        lazy: nw.LazyFrame[Any] = nw.from_native(
            self._session.createDataFrame(pa.concat_tables(tables))
        ).lazy()
        return lazy

    def batches(
        self, table: nw.LazyFrame[Any], column: str, size: int | None
    ) -> Iterator[list[str]]:
        """Bring the texts to the driver, partition by partition."""
        rows = table.select(column).to_native().toLocalIterator()
        texts = (
            [row[0] for row in rows] if size is None else list(islice((r[0] for r in rows), size))
        )
        yield texts
        while size is not None and len(texts) == size:
            texts = list(islice((row[0] for row in rows), size))
            yield texts

    def fingerprint(
        self, table: nw.LazyFrame[Any], columns: Sequence[str], *, name: str
    ) -> nw.LazyFrame[Any]:
        """Hash the columns together."""
        import narwhals as nw

        native = table.to_native().withColumn(name, self._functions.xxhash64(*columns))
        lazy: nw.LazyFrame[Any] = nw.from_native(native).lazy()
        return lazy

    @cached_property
    def _functions(self) -> Any:
        from pyspark.sql import functions

        return functions


def engine_of(table: nw.LazyFrame[Any]) -> Engine:
    """Return the engine of a lazy frame.

    Raises
    ------
    OptionError
        If it is none of Polars, DuckDB and Spark.
    """
    kind = table.implementation
    if kind.is_polars():
        return Polars()
    if kind.is_duckdb():
        return DuckDB(table.to_native())
    if kind.is_pyspark():
        return Spark(table.to_native().sparkSession)
    raise OptionError(
        f"Cleaning runs on pandas, Polars, Arrow, DuckDB and Spark; got a frame of {kind.value}. "
        "Convert it to one of these first."
    )
