"""Time from application to decision, with applications that still wait."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.errors import ColumnError, DataError
from toolkit.schema import require_columns
from toolkit.tables import as_pandas, plain

if TYPE_CHECKING:
    from toolkit.models.survival.curve_result import SurvivalCurve

__all__ = ["decision_time"]

DAYS_PER_MONTH = 365.2425 / 12


def decision_time(
    applications: Any,
    *,
    applied: str,
    decided: str,
    observed_until: Any,
    by: str | None = None,
    conf_level: float = 0.95,
) -> SurvivalCurve:
    """Estimate the share of applications that still wait for a decision, by age in months.

    Parameters
    ----------
    applications : frame or path
        One row per application.
    applied, decided : str
        Columns of dates; `decided` is missing where there is no decision yet.
    observed_until : date
        Until when decisions are known; a later one is not known yet.
    by : str, optional
        Group column.
    conf_level : float
        Level of the intervals.

    Returns
    -------
    SurvivalCurve
        As :func:`survival_curve` gives it; a month is 365.2425 / 12 days.

    Raises
    ------
    ColumnError
        If a column is missing or holds no dates.
    DataError
        If an application has no date, lies after `observed_until`, or after its decision.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({
    ...     "applied": pd.to_datetime(["2024-01-01", "2024-01-01", "2024-01-01"]),
    ...     "decided": pd.to_datetime(["2024-01-16", "2024-01-31", None]),
    ... })
    >>> curve = decision_time(
    ...     table, applied="applied", decided="decided", observed_until="2024-03-01"
    ... )
    >>> curve.tidy()["estimate"].round(3).tolist()
    [0.667, 0.333, 0.333]
    """
    from toolkit.models.survival import survival_curve

    table = plain(as_pandas(applications))
    require_columns(table, [applied, decided, *([by] if by else [])])
    for name in (applied, decided):
        if not pd.api.types.is_datetime64_any_dtype(table[name]):
            raise ColumnError(
                f"Column {name!r} holds dates; it is {table[name].dtype}. Convert the column."
            )
    end = pd.Timestamp(observed_until)
    start, known = table[applied], table[decided].where(table[decided] <= end)
    _check_order(start, table[decided], end)
    days = (known.fillna(end) - start).dt.total_seconds() / 86_400
    spells = pd.DataFrame(
        {
            "duration": days / DAYS_PER_MONTH,
            "outcome": known.notna().map({True: "production", False: "censored"}),
        }
    )
    if by is not None:
        spells[by] = table[by].to_numpy()
    curve = survival_curve(spells, exits="censor", by=by, conf_level=conf_level)
    return replace(
        curve, event="a decision", title="Time to decision", unit="share that still waits"
    )


def _check_order(start: pd.Series[Any], decided: pd.Series[Any], end: pd.Timestamp) -> None:
    for wrong, what in (
        (start.isna(), "have no date of application"),
        (start > end, f"were made after {end:%Y-%m-%d}, until when decisions are known"),
        (decided < start, "were decided before they were made"),
    ):
        if wrong.any():
            raise DataError(
                f"Times to decision need dates in their order; {int(wrong.sum()):,} applications "
                f"{what}, the first in row {int(wrong.to_numpy().argmax())}. Correct them, or "
                "leave them out."
            )
