"""Frames on a cluster, worked on by Spark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from toolkit.clean.rows.engines.base import Engine

if TYPE_CHECKING:
    import narwhals as nw
    import pyarrow as pa

__all__ = ["Spark"]


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
