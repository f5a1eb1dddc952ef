"""The small arrays per group that every survival estimate is made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.errors import OptionError, did_you_mean
from toolkit.language import say
from toolkit.models.curves import CENSORED, EVENT, EXIT, Floats, RiskSets, risk_sets

__all__ = ["OUTCOMES", "Exits", "Group", "Study", "check_choice", "group_rows"]

Exits = Literal["censor", "compete"]

OUTCOMES = {"censored": CENSORED, "production": EVENT, "exit": EXIT}
"""How a spell can end, and its code in arrays."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Group:
    """Spells of one group: distinct kinds of end and of entry with their weights.

    Parameters
    ----------
    key : tuple
        Values of the columns that make the groups; empty for all spells together.
    duration, outcome, weight : arrays, shape (m,)
        Months at which spells ended, how (codes of :data:`OUTCOMES`), and how many.
    entry, entry_weight : arrays, shape (e,)
        Months at which spells came under observation, and how many; for spells row by row
        with the ends, for counts apart from them.
    squared_weight : array, shape (m,)
        Sums of squared weights.
    cluster, entry_cluster : arrays of int
        Codes of the clusters of ends and of entries; all zero without clusters.
    """

    key: tuple[Any, ...]
    duration: Floats
    outcome: NDArray[np.intp]
    weight: Floats
    entry: Floats
    entry_weight: Floats
    squared_weight: Floats
    cluster: NDArray[np.intp]
    entry_cluster: NDArray[np.intp]

    def risk_sets(self) -> RiskSets:
        """Count who was at risk and what happened, month by month."""
        return risk_sets(
            self.duration,
            self.outcome,
            weights=self.weight,
            entry=self.entry,
            entry_weights=self.entry_weight,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Study:
    """All groups, and what a reader must know of how they came about.

    Parameters
    ----------
    by : tuple of str
        Columns that make the groups.
    groups : tuple of Group
        In the order of their keys.
    source : {"spells", "counts"}
        What the table held.
    spells, late : float
        Spells (or units counted) in all, and those that came under observation after the start.
    clusters : int
        Number of clusters; 0 without.
    weighted : str or None
        The column of weights.
    notes : tuple of str
        Rows left out and other facts.
    """

    by: tuple[str, ...]
    groups: tuple[Group, ...]
    source: Literal["spells", "counts"]
    spells: float
    late: float
    clusters: int = 0
    weighted: str | None = None
    notes: tuple[str, ...] = ()

    def describe(self, key: tuple[Any, ...]) -> str:
        """Name a group in words: ``"sector battery, region 430000"``."""
        return say(", ").join(
            say("{name} {value}", name=name, value=value)
            for name, value in zip(self.by, key, strict=True)
        )


def check_choice(option: str, value: object, choices: Sequence[str]) -> None:
    """Refuse a word that is none of the choices.

    Raises
    ------
    OptionError
        Naming the option, the choices and the nearest of them.
    """
    if value not in choices:
        listed = " or ".join(filter(None, (", ".join(map(repr, choices[:-1])), repr(choices[-1]))))
        raise OptionError(f"{option} is {listed}; got {value!r}.{did_you_mean(value, choices)}")


def group_rows(
    cells: pd.DataFrame, by: tuple[str, ...]
) -> list[tuple[tuple[Any, ...], NDArray[np.intp] | slice]]:
    """Return the rows of each group with its key, in the order of the keys."""
    if not by:
        return [((), slice(None))]
    found = cells.groupby(list(by), sort=True, observed=True).indices
    return [
        (key if isinstance(key, tuple) else (key,), np.asarray(rows, dtype=np.intp))
        for key, rows in found.items()
    ]
