"""Any column of values as its distinct texts, in the order in which they first stand there."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import OptionError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PLAIN_FREQUENCIES = frozenset({"Y-DEC", "Q-DEC", "M", "D", "B"})


def as_series(values: Any) -> pd.Series[Any]:
    """Return a column as a Series: a list, array, Arrow or Polars column, Index or Series."""
    if isinstance(values, pd.Series):
        return values
    if isinstance(values, (str, bytes)) or np.isscalar(values):
        raise OptionError(
            f"values is a column of periods; got the single value {values!r}. "
            f"Put it in a list: [{values!r}]."
        )
    if isinstance(values, pd.DataFrame):
        raise OptionError("values is one column; got a whole table. Choose one: table['period'].")
    if hasattr(values, "to_pandas"):
        values = values.to_pandas()
    if isinstance(values, pd.Series):
        return values
    if isinstance(values, (pd.Index, np.ndarray, pd.api.extensions.ExtensionArray)):
        return pd.Series(values)
    try:
        return pd.Series(list(values), dtype=object)
    except TypeError:
        raise OptionError(
            f"values is a column of periods; got a {type(values).__name__}. Put it in a list."
        ) from None


def distinct_texts(column: pd.Series[Any]) -> tuple[NDArray[np.intp], list[str]]:
    """Return the row numbers into the distinct texts (-1 where missing), and these.

    Examples
    --------
    >>> distinct_texts(pd.Series([2024, None, "2025Q3", 2024.0], dtype=object))
    (array([ 0, -1,  1,  0]), ['2024', '2025Q3'])
    """
    if column.dtype == object:
        column = pd.Series([cell_text(cell) for cell in column], dtype=object)
        codes, distinct = pd.factorize(column)
        return codes, list(distinct)
    codes, distinct = pd.factorize(column)
    return codes, [cell_text(cell) or "" for cell in distinct.tolist()]


def cell_text(cell: Any) -> str | None:
    """Return one cell as the text that says the same, or None where it is missing."""
    if isinstance(cell, str):
        return cell
    if (
        cell is None
        or cell is pd.NA
        or cell is pd.NaT
        or (isinstance(cell, float) and cell != cell)
    ):
        return None
    if isinstance(cell, pd.Period):
        return _period_text(cell)
    if isinstance(cell, np.datetime64):
        return None if np.isnat(cell) else str(cell)
    if isinstance(cell, (datetime, date)):
        return cell.isoformat()
    if isinstance(cell, (Real, Decimal)) and not isinstance(cell, (bool, np.bool_)):
        return _number_text(cell)
    return f"{type(cell).__name__} {cell!r}"


def _number_text(number: Any) -> str | None:
    if isinstance(number, Integral):
        return str(int(number))
    value = float(number)
    if value != value:
        return None
    if value.is_integer():
        return str(int(value))
    # The number 2024.1 is January or October: its zero is lost, so it must not pass as text.
    return str(value) if value >= 10000 else f"number {value!r}"


def _period_text(period: pd.Period) -> str:
    if period.freqstr in _PLAIN_FREQUENCIES:
        return str(period)
    start, end = period.start_time, period.end_time
    if start.date() == end.date():
        return start.isoformat()
    return f"{start.date()}/{end.date()}"
