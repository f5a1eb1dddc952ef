"""Published figures as numbers and as rows, for models that take them as parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import pandas as pd

from toolkit.errors import ModelError, OptionError, did_you_mean
from toolkit.schema import FIGURES, require_columns
from toolkit.tables import as_pandas

__all__ = ["figure_frame", "figure_value"]


def figure_value(
    figures: Any, figure_id: str, *, side: Literal["low", "high"] | None = None
) -> float:
    """Return a published figure as one number, in the unit of clean figures.

    Parameters
    ----------
    figures : frame or path
        Clean figures, as :func:`toolkit.clean_figures` returns them.
    figure_id : str
        Name of the figure.
    side : {"low", "high"}, optional
        Which side of a bound or of a range is meant; needed where the figure is not one number.

    Raises
    ------
    ColumnError
        If a column is missing.
    ModelError
        If the figure is not one number, or has none on that side.
    OptionError
        If no figure has the name, or `side` is unknown.

    Examples
    --------
    >>> row = dict.fromkeys(FIGURES.names) | {
    ...     "figure_id": "xiamen_subsidy", "high": 1e7, "as_published": "up to 10 million yuan"}
    >>> figure_value(pd.DataFrame([row]), "xiamen_subsidy", side="high")
    10000000.0
    """
    if side not in (None, "low", "high"):
        raise OptionError(f"side is 'low' or 'high'; got {side!r}.")
    rows = as_pandas(figures)
    require_columns(rows, FIGURES.names)
    found = rows[rows["figure_id"] == figure_id]
    if found.empty:
        raise OptionError(
            f"No figure {figure_id!r}.{did_you_mean(figure_id, rows['figure_id'])} The table has "
            f"{len(rows):,}."
        )
    row = found.iloc[0]
    if side is None and not row["low"] == row["high"]:
        raise ModelError(
            f"{figure_id!r} is published as {row['as_published']!r}, which is not one number. Say "
            "which side is meant: side='low' or side='high'."
        )
    value = row[side or "low"]
    if pd.isna(value):
        raise ModelError(
            f"{figure_id!r} is published as {row['as_published']!r}, which has no {side} side. "
            "Take the other side, or another figure."
        )
    return float(value)


def figure_frame(
    figures: Any,
    rows: Mapping[str, Mapping[str, str]],
    *,
    name: str,
    whole: str | None = None,
) -> pd.DataFrame:
    """Lay published figures out as a table, one row per group.

    Parameters
    ----------
    figures : frame or path
        Clean figures, as :func:`toolkit.clean_figures` returns them; each of those named must be
        one number.
    rows : mapping of str to mapping of str to str
        By group: column, and the figure that stands there.
    name : str
        Column of the groups.
    whole : str, optional
        A row that holds all others: it becomes the last row, ``others``, with what the named
        groups leave of it, so that groups do not overlap.

    Raises
    ------
    OptionError
        If a figure is not there, rows have different columns, or no row is the whole.
    ModelError
        If a figure is not one number, or the groups have more than the whole.

    Examples
    --------
    >>> both = {"figure_id": ["all", "first"], "low": [5.0, 2.0], "high": [5.0, 2.0]}
    >>> figures = pd.DataFrame(both).reindex(columns=FIGURES.names)
    >>> names = {"all": {"applied": "all"}, "first-time": {"applied": "first"}}
    >>> figure_frame(figures, names, name="applicants", whole="all")
       applicants  applied
    0  first-time      2.0
    1      others      3.0
    """
    given = as_pandas(figures)
    table = pd.DataFrame(
        {
            group: {column: figure_value(given, figure) for column, figure in cells.items()}
            for group, cells in rows.items()
        }
    ).T
    if table.isna().any(axis=None):
        raise OptionError(
            f"Each row has a figure in each column; the columns are: {', '.join(table.columns)}."
        )
    if whole is not None:
        table = _with_rest(table, whole)
    return table.rename_axis(name).reset_index()


def _with_rest(table: pd.DataFrame, whole: str) -> pd.DataFrame:
    if whole not in table.index:
        raise OptionError(
            f"No row {whole!r}.{did_you_mean(whole, table.index)} The rows are: "
            f"{', '.join(table.index)}."
        )
    groups = table.drop(index=whole)
    rest = table.loc[whole] - groups.sum()
    for column, left in rest.items():
        if left < 0:
            parts = float(groups[column].sum())
            raise ModelError(
                f"The groups have {parts:,.15g} in {column!r}, the whole {whole!r} "
                f"{parts + left:,.15g}. Groups are parts of the whole and do not "
                "overlap."
            )
    return pd.concat([groups, pd.DataFrame({"others": rest}).T])
