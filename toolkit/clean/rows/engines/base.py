"""What every engine can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import narwhals as nw
    import pyarrow as pa

__all__ = ["ROW", "Engine"]

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
