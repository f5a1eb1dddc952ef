"""What was found of the rows, one event for each, while a table is cleaned."""

from __future__ import annotations

from typing import Literal, get_args

import pandas as pd

from toolkit.errors import OptionError

__all__ = ["EVENTS", "Outcome", "Trail"]

Outcome = Literal["rejected", "duplicate", "altered", "flagged", "heading"]
"""``rejected`` and ``duplicate`` rows leave the table; ``altered`` and ``flagged`` rows stay in it;
a ``heading`` is a line of the source that is not data: a title, a note, the name of the source."""

EVENTS = ("rule", "outcome", "file", "row", "column", "before", "after")


class Trail:
    """Collects events while a table is cleaned."""

    def __init__(self) -> None:
        self._parts: list[pd.DataFrame] = []
        self._meanings: dict[str, str] = {}

    def add(
        self,
        rows: pd.DataFrame,
        *,
        rule: str,
        outcome: Outcome,
        meaning: str,
        column: str = "",
        before: object = "",
        after: object = "",
    ) -> None:
        """Enter one event for each row.

        Parameters
        ----------
        rows : DataFrame
            The rows concerned, with ``file`` and ``row`` where they stood.
        rule : str
            Short name of the rule.
        outcome : {"rejected", "duplicate", "altered", "flagged", "heading"}
            What became of the row.
        meaning : str
            One sentence: what the rule means and what a reader may do.
        column : str
            The column concerned.
        before, after : scalar or Series aligned with `rows`
            What was there, and what stands there now.
        """
        if outcome not in get_args(Outcome):
            raise OptionError(f"outcome is one of {', '.join(get_args(Outcome))}; got {outcome!r}.")
        self._meanings[rule] = meaning
        if rows.empty:
            return
        events = pd.DataFrame(
            {
                "rule": rule,
                "outcome": outcome,
                "file": rows["file"].astype("str") if "file" in rows else "",
                "row": rows["row"].astype("Int64") if "row" in rows else pd.NA,
                "column": column,
                "before": _texts(before, rows.index),
                "after": _texts(after, rows.index),
            },
            index=rows.index,
        )
        self._parts.append(events)

    def events(self) -> pd.DataFrame:
        """Return all events so far, in the order of their entry."""
        if not self._parts:
            empty = pd.DataFrame({name: pd.Series(dtype="str") for name in EVENTS})
            return empty.astype({"row": "Int64"})
        return pd.concat(self._parts, ignore_index=True).astype({"row": "Int64"})

    def meanings(self) -> dict[str, str]:
        """Return the meaning of each rule that was applied, whether or not it found anything."""
        return dict(self._meanings)


def _texts(value: object, index: pd.Index) -> pd.Series:
    if isinstance(value, pd.Series):
        return value.reindex(index).astype("str").fillna("")
    return pd.Series("" if value is None else str(value), index=index, dtype="str")
