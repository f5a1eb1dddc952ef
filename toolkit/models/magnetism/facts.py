"""What is told of units beside their ratio of sums, added up over parts of them."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import Any

import numpy as np

from toolkit.errors import ModelError
from toolkit.models.ratios.paths import Floats

__all__ = ["Counts", "RunningMedian"]

MANY = 20_000
SAMPLED = 10_000


@dataclass(frozen=True)
class Counts:
    """Sums and counts of units; those of parts add up."""

    lead: float = 0.0
    follow: float = 0.0
    units: int = 0
    led: int = 0
    own_sum: float = 0.0
    with_follow: int = 0
    at_one: int = 0

    @classmethod
    def of(cls, lead: Floats, follow: Floats, own: Floats) -> Counts:
        """Count units with their money and the own ratios of those with lead money."""
        return cls(
            lead=float(lead.sum()),
            follow=float(follow.sum()),
            units=len(lead),
            led=len(own),
            own_sum=float(own.sum()),
            with_follow=int(np.count_nonzero(follow)),
            at_one=int(np.count_nonzero((follow == lead) & (lead > 0))),
        )

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def facts(self, median: float) -> dict[str, Any]:
        """Return sums, unweighted ratios and shares of the units."""
        return {
            "lead": self.lead,
            "follow": self.follow,
            "units": self.units,
            "mean_ratio": self.own_sum / self.led if self.led else np.nan,
            "median_ratio": median,
            "share_with_follow": self.with_follow / self.units if self.units else np.nan,
            "share_at_one": self.at_one / self.units if self.units else np.nan,
        }


class RunningMedian:
    """The exact median of values that come in parts, each of them a random draw of all.

    Where the first part is large, its middle says where the median lies, and of what follows
    only values near it are kept, and the others counted.

    Examples
    --------
    >>> median = RunningMedian()
    >>> median.add(np.array([3.0, 1.0]))
    >>> median.add(np.array([9.0, 4.0]))
    >>> median.value()
    3.5
    """

    def __init__(self) -> None:
        self._low, self._high = -np.inf, np.inf
        self._count = self._below = 0
        self._near: list[Floats] = []

    def add(self, values: Floats) -> None:
        """Take another part."""
        if not self._count and len(values) >= MANY:
            sample = values[:: len(values) // SAMPLED]
            self._low, self._high = np.quantile(sample, [0.47, 0.53])
        above = values >= self._low
        self._near.append(values[above & (values <= self._high)])
        self._below += len(values) - int(np.count_nonzero(above))
        self._count += len(values)

    def value(self) -> float:
        """Return the median; NaN of no values.

        Raises
        ------
        ModelError
            If the parts were no random draws and it lies where values were not kept.
        """
        if not self._count:
            return float("nan")
        near = np.concatenate(self._near)
        first = (self._count - 1) // 2 - self._below
        second = first + (1 - self._count % 2)
        if not 0 <= first <= second < len(near):
            raise ModelError(
                "The median lies outside the middle of the first values: they are in an order. "
                "Shuffle the rows."
            )
        parted = np.partition(near, [first, second])
        return float((parted[first] + parted[second]) / 2)
