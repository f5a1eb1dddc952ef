"""What the engines under a lazy frame do each in its own way: number, keep, send, fingerprint.

All rules are Narwhals expressions. These few things Narwhals has no word for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toolkit.clean.rows.engines.base import ROW, Engine
from toolkit.clean.rows.engines.cluster import Spark
from toolkit.clean.rows.engines.embedded import DuckDB
from toolkit.clean.rows.engines.memory import Polars
from toolkit.errors import OptionError

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["ROW", "DuckDB", "Engine", "Polars", "Spark", "engine_of"]


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
