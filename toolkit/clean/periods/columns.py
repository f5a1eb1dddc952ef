"""Readings of distinct texts to the columns of a table, one row a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.clean.periods.spans import Span, Unread

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_MISSING = Unread(issue="missing", reason="No period is given.")
_TEXTS = ("frequency", "notes", "issue", "reason")


def period_table(
    days: NDArray[np.datetime64],
    notes: NDArray[np.object_],
    outcomes: Mapping[int, Span | Unread],
) -> pd.DataFrame:
    """Return one row for each distinct text, and a last one for a value that is missing.

    Parameters
    ----------
    days : ndarray, (n,)
        The days of the texts that were read all at once; NaT elsewhere.
    notes : ndarray, (n,)
        What was assumed for these; None where nothing.
    outcomes : mapping
        What the grammar made of the others, by position.
    """
    size = len(days) + 1
    start = np.append(days, np.datetime64("NaT", "D")).astype("datetime64[us]")
    end = start.copy()
    cumulative, instant = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    texts = {name: np.full(size, None, dtype=object) for name in _TEXTS}
    texts["frequency"][~np.isnat(start)] = "day"
    texts["notes"][:-1] = notes
    for at, outcome in {**outcomes, size - 1: _MISSING}.items():
        if isinstance(outcome, Unread):
            texts["issue"][at], texts["reason"][at] = outcome.issue, outcome.reason
            continue
        start[at], end[at] = outcome.start, outcome.end
        cumulative[at], instant[at] = outcome.cumulative, outcome.instant
        texts["frequency"][at] = outcome.frequency
        texts["notes"][at] = "; ".join(outcome.notes) or None
    return _frame(start, end, cumulative, instant, texts)


def timestamp_table(column: pd.Series[Any]) -> pd.DataFrame:
    """Return the days of a column of timestamps, as their own zone shows them."""
    times = column.dt.tz_localize(None).astype("datetime64[us]").to_numpy()
    days = times.astype("datetime64[D]").astype("datetime64[us]")
    missing = np.isnat(times)
    texts = {name: np.full(len(times), None, dtype=object) for name in _TEXTS}
    texts["frequency"][~missing] = "day"
    texts["notes"][~missing & (times != days)] = "time_dropped"
    texts["issue"][missing], texts["reason"][missing] = _MISSING.issue, _MISSING.reason
    no = np.zeros(len(times), dtype=bool)
    return _frame(days, days, no, no, texts)


def _frame(
    start: NDArray[np.datetime64],
    end: NDArray[np.datetime64],
    cumulative: NDArray[np.bool_],
    instant: NDArray[np.bool_],
    texts: Mapping[str, NDArray[np.object_]],
) -> pd.DataFrame:
    as_text = {name: pd.array(texts[name], dtype="str") for name in _TEXTS}
    return pd.DataFrame(
        {
            "start": start,
            "end": end,
            "frequency": as_text["frequency"],
            "cumulative": cumulative,
            "instant": instant,
            "notes": as_text["notes"],
            "issue": as_text["issue"],
            "reason": as_text["reason"],
        }
    )
