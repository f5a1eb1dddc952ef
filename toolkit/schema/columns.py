"""Columns and keys of a clean table, and what is said where a column is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from toolkit.errors import ColumnError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Column", "Schema", "as_codes", "require_columns"]

Kind = Literal["text", "integer", "number", "date", "truth"]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a clean table: its name, kind and meaning."""

    name: str
    kind: Kind
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Schema:
    """Columns of a clean table in their order, and the key that makes a row unique."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """Names of the columns in their order."""
        return [column.name for column in self.columns]


def require_columns(table: pd.DataFrame, names: list[str] | tuple[str, ...]) -> None:
    """Refuse a table that lacks a column.

    Raises
    ------
    ColumnError
        Naming the first missing column, the nearest that is there, and all that are.
    """
    for name in names:
        if name not in table.columns:
            raise ColumnError(
                f"No column {name!r}.{did_you_mean(name, table.columns)} "
                f"The table has: {', '.join(map(str, table.columns))}."
            )


def as_codes(values: pd.Series[Any]) -> pd.Series[str]:
    """Return a column of codes as text, where a reader of files took them for numbers.

    Examples
    --------
    >>> import pandas as pd
    >>> as_codes(pd.Series([430000.0, None], name="region")).tolist()
    ['430000', nan]
    """
    from pandas.api.types import is_numeric_dtype

    return (values.astype("Int64") if is_numeric_dtype(values) else values).astype("str")
