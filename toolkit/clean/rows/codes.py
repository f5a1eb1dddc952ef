"""Columns whose cells are numbers of texts: the texts as they stood, and as words to be kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from toolkit.clean.rows.cells import stripped

if TYPE_CHECKING:
    import narwhals as nw
    import pyarrow as pa

    from toolkit.clean.headings import Role
    from toolkit.clean.rows.engines import DuckDB

__all__ = ["Codes", "as_stood", "as_words", "coded"]

NUMBER, WORD = "_number", "_word"

FEW = 1_000
"""Texts that an ENUM may have: Narwhals lists them wherever it looks at the column."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Codes:
    """The texts of a column whose cells are numbers.

    Parameters
    ----------
    heading : str
        The column.
    kind : {"name", "value"}
        Whether the texts are kept as words, or read.
    texts : Array
        Each text, at the place that is its number.
    engine : DuckDB
        Where the column is.
    """

    heading: str
    kind: Literal["name", "value"]
    texts: pa.Array
    engine: DuckDB

    def number(self, text: str) -> int:
        """Return the number of a text; -1 if no cell has it."""
        from pyarrow import compute

        return int(compute.index(self.texts, text).as_py())

    def take(self, numbers: Sequence[int]) -> list[str]:
        """Return the texts of numbers."""
        import pyarrow as pa

        texts: list[str] = self.texts.take(pa.array(numbers, pa.int32())).to_pylist()
        return texts

    @cached_property
    def stood(self) -> str:
        """Name of the table of the texts by number; an empty one is missing."""
        from pyarrow import compute

        return self._held(compute.if_else(compute.equal(self.texts, ""), None, self.texts))

    @cached_property
    def words(self) -> str:
        """Name of the table of the texts by number, without the spaces around them."""
        import pyarrow as pa

        words = [stripped(text) for text in self.texts.to_pylist()]
        name = self._held(pa.array(words, pa.string()))
        if len(set(words)) > FEW:
            return name
        kind = f"{name}_enum"
        self.engine.query(f"create type {kind} as enum (select distinct {WORD} from {name})")
        return self.engine.table(f"select * replace ({WORD}::{kind} as {WORD}) from {name}")

    def _held(self, texts: pa.Array) -> str:
        import pyarrow as pa

        numbers = pa.array(range(len(texts)), pa.int32())
        table = pa.table({NUMBER: numbers, WORD: texts})
        return self.engine.take(pa.RecordBatchReader.from_batches(table.schema, table.to_batches()))


def coded(
    texts: Mapping[str, pa.Array], found: Mapping[str, str], roles: Sequence[Role], engine: DuckDB
) -> dict[str, Codes]:
    """Return the texts of each numbered column, by its heading."""
    kinds = {found[role.name]: role.kind for role in roles if role.name in found}
    return {
        heading: Codes(heading=heading, kind=kinds[heading], texts=array, engine=engine)
        for heading, array in texts.items()
    }


def as_stood(rows: nw.LazyFrame[Any], codes: Iterable[Codes]) -> nw.LazyFrame[Any]:
    """Return rows with the texts in the place of their numbers."""
    return _spelled(rows, {one.heading: one.stood for one in codes})


def as_words(rows: nw.LazyFrame[Any], codes: Iterable[Codes]) -> nw.LazyFrame[Any]:
    """Return rows with words in the place of the numbers of columns that no reader reads."""
    return _spelled(rows, {one.heading: one.words for one in codes if one.kind == "name"})


def _spelled(rows: nw.LazyFrame[Any], tables: Mapping[str, str]) -> nw.LazyFrame[Any]:
    import narwhals as nw

    if not tables:
        return rows
    columns = {'"' + name.replace('"', '""') + '"': table for name, table in tables.items()}
    words = ", ".join(f"t{at}.{WORD} as {name}" for at, name in enumerate(columns))
    joins = " ".join(
        f"left join {table} t{at} on toolkit_rows.{name} = t{at}.{NUMBER}"
        for at, (name, table) in enumerate(columns.items())
    )
    sql = f"select toolkit_rows.* replace ({words}) from toolkit_rows {joins}"
    lazy: nw.LazyFrame[Any] = nw.from_native(rows.to_native().query("toolkit_rows", sql)).lazy()
    return lazy
