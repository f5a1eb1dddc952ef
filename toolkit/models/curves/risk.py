"""Counting: spells to risk sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["CENSORED", "EVENT", "EXIT", "Floats", "RiskSets", "entry_positions", "risk_sets"]

Floats = NDArray[np.float64]

CENSORED, EVENT, EXIT = 0, 1, 2
"""Codes of how a spell ended: observation stopped, the event came, or a competing exit."""

DENSE_LIMIT = 1_000_000


@dataclass(frozen=True, kw_only=True, eq=False)
class RiskSets:
    """Who was at risk, and what happened, at each distinct time.

    Parameters
    ----------
    time : array, shape (k,)
        Distinct times in increasing order.
    at_risk : array, shape (k,)
        Weight under observation just before each time.
    events, exits, censored : arrays, shape (k,)
        Weight that leaves at each time, and why; at ties the censored leave last.
    """

    time: Floats
    at_risk: Floats
    events: Floats
    exits: Floats
    censored: Floats

    def with_exits_censored(self) -> RiskSets:
        """Return the same risk sets with every exit counted as the end of observation."""
        return RiskSets(
            time=self.time,
            at_risk=self.at_risk,
            events=self.events,
            exits=np.zeros_like(self.exits),
            censored=self.censored + self.exits,
        )

    def with_causes_swapped(self) -> RiskSets:
        """Return the same risk sets with events and exits in each other's place."""
        return RiskSets(
            time=self.time,
            at_risk=self.at_risk,
            events=self.exits,
            exits=self.events,
            censored=self.censored,
        )

    def with_exits_as_events(self) -> RiskSets:
        """Return the same risk sets with events and exits counted as one end."""
        return RiskSets(
            time=self.time,
            at_risk=self.at_risk,
            events=self.events + self.exits,
            exits=np.zeros_like(self.exits),
            censored=self.censored,
        )


def risk_sets(
    duration: ArrayLike,
    outcome: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    entry_weights: ArrayLike | None = None,
    times: ArrayLike | None = None,
) -> RiskSets:
    """Count risk sets: a spell is at risk on ``(entry, duration]``, from before 0 if entry is 0.

    Parameters
    ----------
    duration : array, shape (n,)
        When each spell ended. Whole numbers are counted without sorting.
    outcome : array of int, shape (n,)
        :data:`CENSORED`, :data:`EVENT` or :data:`EXIT`.
    weights : array, shape (n,), optional
        Weight of each spell, such as a number of like spells; 1 if not given.
    entry, entry_weights : arrays, shape (m,), optional
        When spells came under observation, and their weights; by default spell by spell with
        the same weights. They may be given apart from the ends, since only their counts matter.
    times : array, shape (k,), optional
        The times to report; by default those at which a spell ended.

    Examples
    --------
    >>> sets = risk_sets([2, 3, 3, 5], [1, 1, 0, 2], entry=[0, 0, 2, 0])
    >>> sets.time.tolist(), sets.at_risk.tolist(), sets.events.tolist()
    ([2.0, 3.0, 5.0], [3.0, 3.0, 1.0], [1.0, 1.0, 0.0])
    """
    ends = np.asarray(duration)
    codes = np.asarray(outcome)
    mass = None if weights is None else np.asarray(weights, dtype=float)
    if times is None:
        grid, place = _grid(ends)
    else:
        grid = np.asarray(times, dtype=float)
        place = np.searchsorted(grid, ends)
    slots = np.multiply(codes, len(grid), dtype=np.intp)
    slots += place
    left = np.bincount(slots, weights=mass, minlength=3 * len(grid)).reshape(3, -1).astype(float)
    every = left.sum(axis=0)
    entered = _entered(grid, entry, mass if entry_weights is None else entry_weights, every.sum())
    gone = np.concatenate([[0.0], np.cumsum(every)[:-1]])
    kept = slice(None) if times is not None else every > 0
    return RiskSets(
        time=grid[kept],
        at_risk=(entered - gone)[kept],
        events=left[EVENT, kept],
        exits=left[EXIT, kept],
        censored=left[CENSORED, kept],
    )


def entry_positions(times: Floats, entry: ArrayLike) -> NDArray[np.intp]:
    """Return, per spell, the position of the first time at which it can be at risk."""
    start = np.asarray(entry, dtype=float)
    return np.where(start <= 0, 0, np.searchsorted(times, start, side="right")).astype(np.intp)


def _grid(ends: NDArray[Any]) -> tuple[Floats, NDArray[np.intp]]:
    if len(ends) and ends.min() >= 0 and ends.max() < DENSE_LIMIT:
        whole = ends.astype(np.intp)
        if ends.dtype.kind in "iu" or np.array_equal(whole, ends):
            return np.arange(int(whole.max()) + 1, dtype=float), whole
    distinct, place = np.unique(ends, return_inverse=True)
    return distinct.astype(float), place


def _entered(
    grid: Floats, entry: ArrayLike | None, weights: ArrayLike | None, total: float
) -> Floats:
    if entry is None:
        return np.full(len(grid), float(total))
    start = np.asarray(entry)
    if not start.any():
        return np.full(len(grid), float(len(start) if weights is None else np.sum(weights)))
    counts = np.bincount(entry_positions(grid, start), weights=weights, minlength=len(grid) + 1)
    return np.asarray(np.cumsum(counts[: len(grid)]), dtype=float)
