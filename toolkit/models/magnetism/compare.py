"""Whether groups share one curve of follow-on money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from toolkit.models import ratios
from toolkit.models.magnetism.months import MonthSums
from toolkit.models.ratios.paths import Floats

__all__ = ["compare_curves"]


def compare_curves(curves: Sequence[MonthSums]) -> pd.DataFrame | None:
    """Test whether all groups share one curve; None where clusters are too few for a test.

    Let d be the gaps of the groups' ratios to the first group's, and V their variance from the
    clusters' influence. Hotelling's ``d' V^-1 d`` is referred to F, scaled for the number of
    clusters.

    References
    ----------
    Hotelling, H. (1931). The generalization of Student's ratio. Ann. Math. Stat. 2, 360-378.

    Examples
    --------
    >>> compare_curves([]) is None
    True
    """
    groups = len(curves)
    names = sorted({name for sums in curves for name in sums.names})
    clusters = len(names)
    if groups < 2 or clusters <= groups:
        return None
    last = min(int((sums.at_risk.sum(axis=0) > 0).sum()) for sums in curves)
    place = {name: row for row, name in enumerate(names)}
    estimates = np.zeros((groups, last))
    influence = np.zeros((groups, clusters, last))
    for number, sums in enumerate(curves):
        path = ratios.ratio_path(sums.lead, sums.follow, sums.at_risk)
        estimates[number] = path.estimate[:last]
        influence[number, [place[name] for name in sums.names]] = path.influence[:, :last]
    return pd.DataFrame(
        [
            _hotelling("last month", estimates[:, -1], influence[:, :, -1]),
            _hotelling("all months", estimates.mean(axis=1), influence.mean(axis=2)),
        ]
    )


def _hotelling(test: str, estimates: Floats, influence: Floats) -> dict[str, Any]:
    groups, clusters = influence.shape
    gaps = estimates[1:] - estimates[0]
    parts = influence[1:] - influence[0]
    variance = clusters / (clusters - 1) * parts @ parts.T
    statistic = float(gaps @ np.linalg.pinv(variance) @ gaps)
    df = groups - 1
    scaled = statistic * (clusters - df) / ((clusters - 1) * df)
    return {
        "test": test,
        "statistic": scaled,
        "df": df,
        "df_clusters": clusters - df,
        "p_value": float(special.fdtrc(df, clusters - df, scaled)),
    }
