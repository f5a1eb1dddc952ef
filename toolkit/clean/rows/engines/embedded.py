"""Files and relations, worked on by DuckDB."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from toolkit.clean.rows.engines.base import ROW, Engine
from toolkit.tables import open_relation, private_connection

if TYPE_CHECKING:
    import narwhals as nw
    import pyarrow as pa

__all__ = ["DuckDB"]


class DuckDB(Engine):
    """Relations of one connection, the caller's or one opened for a file."""

    def __init__(self, anchor: Any, connection: Any = None) -> None:
        self._anchor, self._connection = anchor, connection

    @classmethod
    def opened(cls) -> DuckDB:
        """Return an engine on a connection of its own."""
        connection = private_connection()
        return cls(connection.sql("select 1"), connection)

    def opening(self, path: Path) -> Any:
        """Return the relation of a file, which is not loaded."""
        return open_relation(path, connection=self._connection)

    def take(self, stream: pa.RecordBatchReader) -> str:
        """Read a stream into a temporary table of the engine's own connection; return its name."""
        name = f"toolkit_{uuid4().hex}"
        self._connection.register("toolkit_stream", stream)
        try:
            self._connection.execute(f"create temp table {name} as from toolkit_stream")
        finally:
            self._connection.unregister("toolkit_stream")
        return name

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
        """Copy into a temporary table."""
        import narwhals as nw

        name = self._sent(tables) if self._connection is None else self._streamed(tables)
        lazy: nw.LazyFrame[Any] = nw.from_native(self.query(f"select * from {name}")).lazy()
        return lazy

    def _streamed(self, tables: Iterable[pa.Table]) -> str:
        import pyarrow as pa

        pieces = iter(tables)
        # What the pieces are made of is asked of the connection before the first of them is made,
        # for a connection answers nothing while it reads a stream.
        first = next(pieces)
        batches = (batch for table in chain([first], pieces) for batch in table.to_batches())
        return self.take(pa.RecordBatchReader.from_batches(first.schema, batches))

    def _sent(self, tables: Iterable[pa.Table]) -> str:
        """Copy by way of a file, which the caller's connection can read as any other."""
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
            return self.table(f"select * from read_parquet('{quoted}')")

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
