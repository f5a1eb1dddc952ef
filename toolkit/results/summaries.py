"""Tables for papers: what a sample looks like."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from toolkit.errors import ColumnError, OptionError
from toolkit.language import say
from toolkit.results.paper import PaperTable, check_label
from toolkit.tables import as_pandas, as_table, require

__all__ = ["summary_table"]

_WORDS = {
    "count": "N",
    "mean": "Mean",
    "std": "Std. dev.",
    "min": "Min",
    "median": "Median",
    "max": "Max",
    "sum": "Sum",
}
STATISTICS = tuple(_WORDS)[:-1]


def summary_table(
    data: Any,
    columns: Sequence[str],
    *,
    title: str,
    label: str = "tab:summary",
    by: str | None = None,
    statistics: Sequence[str] = STATISTICS,
    names: Mapping[str, str] | None = None,
    digits: int = 2,
    notes: Sequence[str] = (),
) -> PaperTable:
    r"""Describe columns of a table: how many values, their mean and spread, by group if asked.

    Parameters
    ----------
    data : frame or path
        Any table.
    columns : sequence of str
        Columns of numbers to describe.
    title : str
        The caption.
    label : str
        By which the text refers to the table.
    by : str, optional
        A column; each of its groups has columns of its own.
    statistics : sequence of str
        Of ``count``, ``mean``, ``std``, ``min``, ``median``, ``max``, ``sum``.
    names : mapping, optional
        Column to the words for it.
    digits : int
        Decimal places.
    notes : sequence of str
        What a reader must know.

    Returns
    -------
    PaperTable

    Raises
    ------
    ColumnError
        If a column is missing, or does not hold numbers.
    OptionError
        If a statistic is not one there is.

    Examples
    --------
    >>> import pandas as pd
    >>> data = pd.DataFrame({"amount_cny": [1.0, 2.0, 6.0]})
    >>> table = summary_table(
    ...     data, ["amount_cny"], title="Loans", names={"amount_cny": "Amount (yuan)"}
    ... )
    >>> [line for line in table.to_latex().splitlines() if line.startswith("Amount")]
    ['Amount (yuan) & 3 & 3.00 & 2.65 & 1.00 & 2.00 & 6.00 \\\\']
    """
    require(as_table(data), *columns, *(() if by is None else (by,)))
    frame = as_pandas(data)
    for name in columns:
        if not pd.api.types.is_numeric_dtype(frame[name]):
            raise ColumnError(
                f"summary_table() describes numbers; column {name!r} holds {frame[name].dtype}. "
                "Leave it out, or turn it into numbers first."
            )
    for statistic in statistics:
        if statistic not in _WORDS:
            raise OptionError(f"{statistic!r} is no statistic. There are: {', '.join(_WORDS)}.")
    check_label(label)
    from maketables import MTable

    shown = _described(frame, columns, by=by, statistics=statistics, digits=digits)

    def lay_out(written: Callable[[str], str]) -> Any:
        named = shown.rename(index=dict(names or {}))
        return MTable(
            named.rename(index=written, columns=written),
            notes=written(" ".join(notes)),
            caption=written(title),
            tab_label=label,
        )

    return PaperTable(title=title, label=label, notes=tuple(notes), _lay_out=lay_out)


def _described(
    frame: pd.DataFrame,
    columns: Sequence[str],
    *,
    by: str | None,
    statistics: Sequence[str],
    digits: int,
) -> pd.DataFrame:
    """Return text: a row for each column, a column for each statistic, or group and statistic."""
    kinds = {name: (",.0f" if name == "count" else f",.{digits}f") for name in statistics}
    groups = {"": frame} if by is None else {str(key): part for key, part in frame.groupby(by)}
    cells = {
        (group, say(_WORDS[name])): [format(part[column].agg(name), kind) for column in columns]
        for group, part in groups.items()
        for name, kind in kinds.items()
    }
    table = pd.DataFrame(cells, index=list(columns))
    return table.droplevel(0, axis=1) if by is None else table
