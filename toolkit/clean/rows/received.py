"""Rows on their way to a clean table, and where they came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from toolkit.clean.rows.codes import Codes, as_stood
from toolkit.clean.rows.delimited import CELLS, LINE
from toolkit.clean.rows.engines import ROW, Engine
from toolkit.tables import column_names

if TYPE_CHECKING:
    import narwhals as nw
    import pandas as pd

__all__ = ["PLACE", "Intake", "Kind"]

PLACE = ("file", "sheet", "row")
"""Where a row stood."""

Kind = Literal["pandas", "polars", "polars_lazy", "arrow", "duckdb", "spark"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Intake:
    """Rows on their way to a clean table.

    Parameters
    ----------
    raw : LazyFrame
        The source as it stood, with :data:`~toolkit.clean.rows.engines.ROW`.
    texts : LazyFrame
        The rows ready to be read: ROW, the columns found, as text under their clean names and
        empty where missing, and the other columns.
    selection : tuple of Expr
        What `texts` selects, of the rows as they stood.
    engine : Engine
        Where both are.
    kind : str
        What comes out: the caller's own kind.
    found : dict
        Headings by clean name.
    extras : dict
        Names in the clean table of the other columns, by heading.
    place : dict
        Expressions of ``file``, ``sheet`` and ``row``; empty for a frame that has none.
    lines : list of (int, str)
        Lines of the file that are no data.
    stood : tuple of str
        Those of ``file``, ``sheet`` and ``row`` that the source has as columns of its own.
    rows : int
        How many rows came in.
    file : str
        What the file is called in messages, in the audit and beside its rows.
    codes : dict
        Texts of the columns of `raw` whose cells are numbers, by heading. Where a reader reads
        the column, `texts` has the numbers too.
    original : DataFrame, optional
        The caller's pandas frame.
    """

    raw: nw.LazyFrame[Any]
    texts: nw.LazyFrame[Any]
    selection: tuple[nw.Expr, ...]
    engine: Engine
    kind: Kind
    found: dict[str, str]
    extras: dict[str, str]
    place: dict[str, nw.Expr]
    rows: int
    stood: tuple[str, ...] = ()
    file: str = ""
    lines: list[tuple[int, str]] = field(default_factory=list)
    codes: dict[str, Codes] = field(default_factory=dict)
    original: pd.DataFrame | None = None

    def as_stood(self, rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Return rows of the source, chosen by the ROW of `rows`, with what else these have."""
        few = self.raw.join(rows, on=ROW, how="inner")
        return as_stood(self.engine.keep(few), self.codes.values()) if self.codes else few

    @property
    def carried(self) -> list[str]:
        """Columns of `texts` that hold where a row stood."""
        return [f"_{name}_" for name in self.stood]

    def says(self, name: str, text: str) -> nw.Expr:
        """Return where a column of `texts` is a text."""
        import narwhals as nw

        codes = self.numbered(name)
        return nw.col(name) == (text if codes is None else codes.number(text))

    def numbered(self, name: str) -> Codes | None:
        """Return the texts of a column whose cells are numbers in `texts`."""
        codes = self.codes.get(self.found.get(name, ""))
        return codes if codes is not None and codes.kind == "value" else None

    @property
    def names(self) -> list[str]:
        """Headings of the source, without what was added to them."""
        return [name for name in column_names(self.raw) if name not in (ROW, CELLS, LINE)]
