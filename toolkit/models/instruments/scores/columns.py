"""Columns of scores and of outcomes, checked."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from toolkit.errors import ColumnError, DataError
from toolkit.language import say
from toolkit.schema import require_columns

__all__ = ["check_outcome", "numbers", "observed"]


def numbers(table: pd.DataFrame, name: str) -> pd.Series[float]:
    """Return a column of numbers without gaps, or refuse it."""
    require_columns(table, [name])
    column = table[name]
    if not pd.api.types.is_numeric_dtype(column) or column.isna().any():
        found = "missing values" if column.isna().any() else f"{column.iloc[0]!r}"
        raise ColumnError(
            f"Column {name!r} holds a number for every firm; it has {found}. Convert the column, "
            "or leave those firms out."
        )
    return column.astype(float)


def check_outcome(table: pd.DataFrame, default: str) -> None:
    """Refuse an outcome that is neither 0 nor 1 nor missing."""
    require_columns(table, [default])
    odd = table[default].dropna()
    odd = odd[~odd.isin([0, 1])]
    if len(odd):
        raise DataError(
            f"{default!r} is 0 or 1, whether the firm defaulted; it has {odd.iloc[0]}. Recode it."
        )


def observed(
    table: pd.DataFrame, columns: Sequence[str], default: str
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the firms with an outcome, and a note on the others."""
    require_columns(table, [*columns, default])
    check_outcome(table, default)
    known = table[default].notna()
    if not known.any():
        raise DataError(f"No firm has an outcome in {default!r}. Check the column.")
    left = int((~known).sum())
    notes = (say("{left:,} firms without outcome are left out.", left=left),) if left else ()
    return table[known].assign(**{default: table.loc[known, default].astype(float)}), notes
