"""Frames in memory, worked on by Polars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from toolkit.clean.rows.engines.base import ROW, Engine

if TYPE_CHECKING:
    import narwhals as nw
    import pyarrow as pa

__all__ = ["Polars"]


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
