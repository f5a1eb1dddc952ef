"""Which variance a curve gets: its own, or one robust to weights or to clusters."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from toolkit.models.curves import (
    CENSORED,
    EVENT,
    EXIT,
    Floats,
    RiskSets,
    clustered_variance,
    entry_positions,
    influence,
    unclustered_variance,
)
from toolkit.models.survival.study import Exits, Group, Study

__all__ = ["cluster_influence", "recoded", "robust_variance", "seen_as"]


def seen_as(sets: RiskSets, exits: Exits) -> RiskSets:
    """Return risk sets as a survival curve sees them: exits censored, or ends like events."""
    return sets.with_exits_censored() if exits == "censor" else sets.with_exits_as_events()


def recoded(outcome: NDArray[np.intp], exits: Exits) -> NDArray[np.intp]:
    """Return outcomes as a survival curve sees them: exits censored, or ends like events."""
    seen = EVENT if exits == "compete" else CENSORED
    return np.where(outcome == EXIT, seen, outcome).astype(np.intp)


def robust_variance(
    study: Study, group: Group, sets: RiskSets, outcome: NDArray[Any]
) -> Floats | None:
    """Return the robust variance of the event's incidence, or None where Greenwood's serves.

    Parameters
    ----------
    sets, outcome
        The group's risk sets and outcomes as the estimator sees them.
    """
    if study.clusters:
        return clustered_variance(cluster_influence(group, sets, outcome))
    if study.weighted is None:
        return None
    return unclustered_variance(sets, group.duration, outcome, group.squared_weight, group.entry)


def cluster_influence(group: Group, sets: RiskSets, outcome: NDArray[Any]) -> Floats:
    """Return the influence of each cluster on the incidence of the event, shape (clusters, k)."""
    clusters = int(max(group.cluster.max(), group.entry_cluster.max())) + 1
    times = len(sets.time)
    place = np.searchsorted(sets.time, group.duration)

    def counted(rows: Any) -> Floats:
        slots = group.cluster[rows] * times + place[rows]
        total = np.bincount(slots, weights=group.weight[rows], minlength=clusters * times)
        return np.asarray(total.reshape(clusters, times), dtype=float)

    left = counted(slice(None))
    gone = np.cumsum(left, axis=1) - left
    first = entry_positions(sets.time, group.entry)
    seen = first < times
    slots = group.entry_cluster[seen] * times + first[seen]
    came = np.bincount(slots, weights=group.entry_weight[seen], minlength=clusters * times)
    at_risk = np.cumsum(came.reshape(clusters, times), axis=1) - gone
    return influence(sets, counted(outcome == EVENT), counted(outcome == EXIT), at_risk)
