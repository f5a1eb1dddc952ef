"""A clean table, the rows that did not make it, and the account of both."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.clean.audit.counts import Audit
from toolkit.errors import DataError
from toolkit.results import html_table
from toolkit.tables import stream_table

__all__ = ["Cleaned"]

TABLES = (".parquet", ".csv")
"""Endings of a table that may be asked for; the first where none is."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Cleaned:
    """A clean table, the rows that did not make it, and the account of both.

    Parameters
    ----------
    table : DataFrame
        Rows that passed, in the columns of their schema. A ledger comes back in the kind that it
        was given in: a frame of pandas, Polars or Arrow, a relation of DuckDB (also of a path), or
        a frame of Spark.
    rejected : DataFrame
        Rows that did not, as they stood, with ``file``, ``row`` and ``reasons``, of the same kind.
    audit : Audit
        What happened, by rule.

    Raises
    ------
    DataError
        If the rows do not add up to the audit's counts.
    """

    table: Any
    rejected: Any
    audit: Audit

    def __post_init__(self) -> None:
        passed, rejected = _height(self.table), _height(self.rejected)
        if passed not in (None, self.audit.passed) or rejected not in (None, self.audit.rejected):
            raise DataError(
                f"{self.audit.title}: the audit counts {self.audit.passed} passed and "
                f"{self.audit.rejected} rejected rows, the tables hold {passed} and {rejected}."
            )

    def write(self, stem: str | Path) -> list[Path]:
        """Write the table, the rejected rows if there are any, and the audit beside it.

        ``STEM.parquet``, ``STEM.rejected.csv``, ``STEM.audit.csv`` and ``STEM.audit.txt``; a name
        that ends in ``.csv`` makes the table a CSV file in UTF-8. A table of DuckDB or Spark is
        written as it is computed, and is never whole in memory.
        """
        place = Path(stem)
        kind = place.suffix.lower() if place.suffix.lower() in TABLES else TABLES[0]
        base = place.with_suffix("") if place.suffix.lower() in TABLES else place
        written = [stream_table(self.table, base.with_name(base.name + kind))]
        rejected = base.with_name(base.name + ".rejected.csv")
        if self.audit.rejected:
            written.append(stream_table(self.rejected, rejected))
        else:
            rejected.unlink(missing_ok=True)
        return written + self.audit.write(base)

    def _repr_html_(self) -> str:
        return self.audit._repr_html_() + html_table(self.table.head(8))

    def __repr__(self) -> str:
        return f"<Cleaned {self.audit.title}: {self.audit.balance()}>"


def _height(table: Any) -> int | None:
    """Return the rows of a frame in memory; None where counting would compute it."""
    module = type(table).__module__.partition(".")[0]
    held = module in ("pandas", "polars", "pyarrow") and hasattr(table, "__len__")
    return len(table) if held else None
