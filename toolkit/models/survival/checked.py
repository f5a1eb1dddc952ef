"""Which spells an estimate can be made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.errors import ColumnError, DataError, did_you_mean
from toolkit.language import say
from toolkit.models.curves import Floats
from toolkit.models.survival.study import OUTCOMES

__all__ = ["CheckedSpells", "checked_spells"]


@dataclass(frozen=True, kw_only=True, eq=False)
class CheckedSpells:
    """Spells that an estimate can be made from.

    Parameters
    ----------
    cells : DataFrame
        The rows that are kept.
    number : array, shape (n,)
        How many spells each row stands for.
    duration, entry : arrays, shape (n,)
        Months; entry 0 where the table does not say.
    outcome : array of int, shape (n,)
        Codes of :data:`~toolkit.models.survival.study.OUTCOMES`.
    notes : tuple of str
        What was left out.
    """

    cells: pd.DataFrame
    number: Floats
    duration: Floats
    entry: Floats
    outcome: NDArray[np.intp]
    notes: tuple[str, ...]


def checked_spells(cells: pd.DataFrame, *, required: Sequence[str]) -> CheckedSpells:
    """Refuse spells that cannot be meant; leave out, and say so, those that cannot be used.

    Parameters
    ----------
    cells : DataFrame
        ``duration outcome``, ``entry`` if any came late, the columns in `required`, and ``n`` where
        a row stands for several spells.
    required : sequence of str
        Columns without whose value a spell is left out.

    Raises
    ------
    ColumnError, DataError
        As :func:`~toolkit.models.survival.spells.read_study`.
    """
    if cells.empty:
        raise DataError("A curve needs spells; the table has no rows. Check the filter before it.")
    outcome = _outcome_codes(cells)
    duration = _months(cells, "duration")
    entry = _months(cells, "entry") if "entry" in cells else np.zeros(len(cells))
    _refuse(cells, duration < 0, "end before they start", "Correct their dates.")
    _refuse(
        cells,
        entry > duration,
        "come under observation after they ended",
        "Correct their entry, or leave them out.",
    )
    kept, notes = np.ones(len(cells), dtype=bool), []
    for name in required:
        missing = kept & cells[name].isna().to_numpy()
        if missing.any():
            notes.append(
                say(
                    "{number:,} spells without a value of {name} are left out.",
                    number=_count(cells, missing),
                    name=name,
                )
            )
            kept &= ~missing
    empty = kept & (entry > 0) & (entry == duration)
    if empty.any():
        notes.append(
            say(
                "{number:,} spells that ended in the month of their entry were never at risk and "
                "are left out.",
                number=_count(cells, empty),
            )
        )
        kept &= ~empty
    if not kept.any():
        raise DataError(f"No spell is left to estimate from. {' '.join(notes)}".strip())
    number = cells["n"].to_numpy(dtype=float) if "n" in cells else np.ones(len(cells))
    rows: Any = slice(None) if kept.all() else kept
    return CheckedSpells(
        cells=cells[rows],
        number=number[rows],
        duration=duration[rows],
        entry=entry[rows],
        outcome=outcome[rows],
        notes=tuple(notes),
    )


def _outcome_codes(cells: pd.DataFrame) -> NDArray[np.intp]:
    places, words = pd.factorize(cells["outcome"])
    # The last code is for spells without an outcome, whose place is -1.
    codes = np.array([*(OUTCOMES.get(word, -1) for word in words), -1], dtype=np.intp)[places]
    if (wrong := codes < 0).any():
        value = cells["outcome"].iloc[int(wrong.argmax())]
        shown = "nothing" if pd.isna(value) else repr(value)
        raise DataError(
            f"outcome is 'production', 'exit' or 'censored'; {_count(cells, wrong):,} spells "
            f"have another, first {shown}.{did_you_mean(value, OUTCOMES)} "
            "Make the table by clean_milestones."
        )
    return codes


def _months(cells: pd.DataFrame, name: str) -> Floats:
    column = cells[name]
    if not pd.api.types.is_numeric_dtype(column):
        found = column.dropna()
        shown = repr(found.iloc[0]) if len(found) else "nothing"
        raise ColumnError(
            f"Column {name!r} holds months as numbers; it has {shown}. "
            "Make the table by clean_milestones, or convert the column."
        )
    months: Floats = column.to_numpy(dtype=float, na_value=np.nan)
    _refuse(cells, np.isnan(months), f"have no {name}", "Make the table by clean_milestones.")
    return months


def _refuse(cells: pd.DataFrame, wrong: NDArray[np.bool_], fault: str, advice: str) -> None:
    if wrong.any():
        first = cells.iloc[int(wrong.argmax())]
        known = [f"{name} {first[name]}" for name in ("entry", "duration") if name in first]
        where = ", ".join([*known, str(first["outcome"])])
        raise DataError(f"{_count(cells, wrong):,} spells {fault} (first: {where}). {advice}")


def _count(cells: pd.DataFrame, rows: NDArray[np.bool_]) -> int:
    return int(cells["n"].to_numpy()[rows].sum() if "n" in cells else rows.sum())
