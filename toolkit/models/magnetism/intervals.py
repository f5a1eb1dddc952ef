"""How an interval was asked for, and the tidy row that comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

import numpy as np
from scipy import special

from toolkit.errors import OptionError, did_you_mean
from toolkit.models import ratios
from toolkit.models.ratios.paths import Floats
from toolkit.results import check_conf_level

__all__ = ["Interval", "IntervalMethod", "RandomState", "Sums"]

IntervalMethod = Literal["linearized", "fieller", "jackknife", "bootstrap"]
RandomState = int | np.random.Generator | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Sums:
    """Money by cluster, shape (clusters,), or by cluster and month where follow-up is cut off."""

    lead: Floats
    follow: Floats
    at_risk: Floats | None = None

    @property
    def clusters(self) -> int:
        """Number of clusters."""
        return len(self.lead)

    @cached_property
    def path(self) -> ratios.RatioPath:
        """The ratio with the influence of each cluster."""
        return ratios.ratio_path(self.lead, self.follow, self.at_risk)


class Interval:
    """The interval that was asked for; every row of one result draws from one generator."""

    def __init__(
        self, method: IntervalMethod, *, conf_level: float, random_state: RandomState
    ) -> None:
        methods = get_args(IntervalMethod)
        if method not in methods:
            raise OptionError(
                f"interval is one of {', '.join(map(repr, methods))}; got {method!r}."
                f"{did_you_mean(method, methods)}"
            )
        self.method = method
        self.conf_level = check_conf_level(conf_level)
        self._generator = np.random.default_rng(random_state)

    def row(self, sums: Sums) -> dict[str, Any]:
        """Return the fixed columns of a tidy row, then the shape of the set and its gap."""
        found = self._found(sums)
        degrees = sums.clusters - 1
        statistic = found.estimate / found.std_error if found.std_error > 0 else np.nan
        tail = 2 * special.stdtr(degrees, -abs(statistic)) if degrees > 0 else np.nan
        return {
            "estimate": found.estimate,
            "std_error": found.std_error,
            "statistic": statistic,
            "p_value": float(tail),
            "conf_low": found.low,
            "conf_high": found.high,
            "interval_shape": found.shape,
            "gap_low": found.gap_low,
            "gap_high": found.gap_high,
            "largest_influence": _largest_influence(sums),
        }

    def _found(self, sums: Sums) -> ratios.RatioInterval:
        if self.method == "linearized":
            return ratios.linearized_of(sums.path, conf_level=self.conf_level)
        arrays = (sums.lead, sums.follow, sums.at_risk)
        if self.method == "bootstrap":
            return ratios.bootstrap_interval(
                *arrays, conf_level=self.conf_level, random_state=self._generator
            )
        closed = {
            "fieller": ratios.fieller_interval,
            "jackknife": ratios.jackknife_interval,
        }
        return closed[self.method](*arrays, conf_level=self.conf_level)


def _largest_influence(sums: Sums) -> float:
    """Return the share of the linearised variance that the cluster with the most makes up."""
    squares = np.square(sums.path.influence[:, -1])
    total = float(squares.sum())
    return float(squares.max() / total) if total > 0 else np.nan
