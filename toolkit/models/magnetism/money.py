"""Lead and follow-on money of units as arrays, with the cluster that each unit belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toolkit.errors import ModelError
from toolkit.models.magnetism.facts import Counts, RunningMedian
from toolkit.models.magnetism.intervals import Sums
from toolkit.models.ratios.paths import Floats

__all__ = ["Integers", "Money"]

Integers = NDArray[np.integer[Any]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Money:
    """Money of units; arrays of shape (units,).

    ``clusters`` are whole numbers in the order of what they stand for; without them each unit is
    its own cluster.
    """

    lead: Floats
    follow: Floats
    clusters: Integers | None = None

    def own_ratios(self) -> Floats:
        """Return follow-on per lead money of each unit that has lead money."""
        led = self.lead > 0
        ratios: Floats = self.follow / self.lead if led.all() else self.follow[led] / self.lead[led]
        return ratios

    def facts(self) -> dict[str, Any]:
        """Return sums, unweighted ratios and shares of the units."""
        own = self.own_ratios()
        return Counts.of(self.lead, self.follow, own).facts(_median(own))

    def sums(self) -> Sums:
        """Return the money of each cluster, in their order."""
        if self.clusters is None:
            return Sums(lead=self.lead, follow=self.follow)
        codes = _close_together(self.clusters)
        size = int(codes.max()) + 1 if len(codes) else 0
        units, paid, followed = np.zeros((3, size))
        # Faster than bincount with weights, and it adds in the same order.
        np.add.at(units, codes, 1.0)
        np.add.at(paid, codes, self.lead)
        np.add.at(followed, codes, self.follow)
        there = units > 0
        return Sums(lead=paid[there], follow=followed[there])

    def at(self, places: Integers) -> Money:
        """Return the money of the units at these places."""
        return Money(
            lead=self.lead[places],
            follow=self.follow[places],
            clusters=None if self.clusters is None else self.clusters[places],
        )


def _close_together(codes: Integers) -> Integers:
    """Return numbers in the same order that are at most as many as there are units."""
    if not len(codes):
        return codes
    low, high = int(codes.min()), int(codes.max())
    if high - low <= len(codes):
        return codes - low
    return np.unique(codes, return_inverse=True)[1]


def _median(values: Floats) -> float:
    running = RunningMedian()
    running.add(values)
    try:
        return running.value()
    except ModelError:
        return float(np.median(values))
