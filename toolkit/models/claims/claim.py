"""A published figure as the set of numbers that it says."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from toolkit.errors import DataError, OptionError
from toolkit.models.claims.bounds import Span
from toolkit.schema import require_columns

__all__ = ["ABOUT", "Claim", "figure_span"]

ABOUT = 0.05
"""How far *about* reaches to both sides, as a share of the figure."""

NEEDED = ("figure_id", "low", "high", "unit", "bound", "inclusive")
NEVER_NEGATIVE = frozenset(
    ("CNY", "count", "share", "ratio", "months", "days", "hours", "minutes", "score")
)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A published figure to be held against an estimate.

    Parameters
    ----------
    figure_id : str
        Its name.
    span : Span
        The numbers that it says.
    unit : str or None
        Their unit; None for a plain number, which is in the unit of what it is held against.
    text : str
        The figure as published.
    subject : str
        What it is said of: programme and measure.
    family : str
        The question that it belongs to.
    """

    figure_id: str
    span: Span
    unit: str | None
    text: str
    subject: str
    family: str = ""

    @classmethod
    def read(cls, figure: Any) -> Claim:
        """Read a claim from a row of clean figures, a mapping, a number, or a claim.

        Raises
        ------
        ColumnError
            If the row lacks a column.
        DataError
            If the figure has no number.
        OptionError
            If it is not one figure.

        Examples
        --------
        >>> claim = Claim.read({"figure_id": "hunan_prototype_horizon", "low": None, "high": 18.0,
        ...     "unit": "months", "bound": "under", "inclusive": False})
        >>> print(claim.span)
        0 to below 18
        """
        if isinstance(figure, Claim):
            return figure
        if isinstance(figure, int | float) and not isinstance(figure, bool):
            number = float(figure)
            span = Span(low=number, high=number)
            return cls(figure_id="claim", span=span, unit=None, text=f"{number:g}", subject="")
        row = _one_row(figure)
        require_columns(pd.DataFrame(columns=list(row)), NEEDED)
        subject = ", ".join(
            str(row[name]).replace("_", " ")
            for name in ("programme", "measure")
            if not pd.isna(row.get(name))
        )
        return cls(
            figure_id=str(row["figure_id"]),
            span=figure_span(row),
            unit="" if pd.isna(row["unit"]) else str(row["unit"]),
            text=str(row.get("as_published", "")),
            subject=subject,
            family=str(row.get("family", "")),
        )


def figure_span(row: Mapping[str, Any]) -> Span:
    """Return the numbers that a row of clean figures says; *about* reaches 5% to both sides.

    What cannot be negative, such as money and counts, begins at 0 where only a high side is said.
    """
    low, high = (math.nan if pd.isna(row[name]) else float(row[name]) for name in ("low", "high"))
    if math.isnan(low) and math.isnan(high):
        raise DataError(
            f"Figure {row['figure_id']!r} has no number; its text is "
            f"{row.get('as_published', '')!r}. Leave it out, or correct it at the source."
        )
    if row["bound"] == "about":
        reach = ABOUT * abs(low)
        return Span(low=low - reach, high=high + reach)
    inclusive = pd.isna(row["inclusive"]) or bool(row["inclusive"])
    if math.isnan(low):
        floor = 0.0 if row["unit"] in NEVER_NEGATIVE else -math.inf
        return Span(low=floor, high=high, high_open=not inclusive)
    if math.isnan(high):
        return Span(low=low, low_open=not inclusive)
    return Span(low=low, high=high)


def _one_row(figure: Any) -> dict[str, Any]:
    if isinstance(figure, pd.DataFrame):
        if len(figure) != 1:
            raise OptionError(f"A claim is one figure; the table has {len(figure)} rows.")
        figure = figure.iloc[0]
    if isinstance(figure, pd.Series):
        return {str(name): value for name, value in figure.items()}
    if isinstance(figure, Mapping):
        return dict(figure)
    raise OptionError(
        "A claim is a row of clean figures, a mapping with its columns, or a number; got "
        f"{type(figure).__name__}."
    )
