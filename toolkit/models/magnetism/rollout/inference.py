"""Errors, bands and tests of a rollout with few regions."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import special

from toolkit.models.magnetism.rollout.estimators import Effects, estimate
from toolkit.models.ratios.paths import Floats

__all__ = ["Jackknife", "jackknife", "joint_test", "simultaneous_quantile"]

DRAWS = 20_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Jackknife:
    """Effects with errors from leaving one cluster out at a time."""

    effects: Effects
    dynamic_error: float
    left_out: int


def jackknife(method: str, panel: pd.DataFrame, full: Effects) -> Jackknife:
    """Estimate anew without each cluster: ``(G-1)/G sum_g (b_(g) - mean b_(.))²``.

    This is CR3 up to centring. An effect that rests on one cluster alone has no error; ``left_out``
    counts the clusters without which the estimator had no answer.

    References
    ----------
    MacKinnon, J. G., Nielsen, M. Ø. and Webb, M. D. (2023). Fast and reliable jackknife and
        bootstrap methods for cluster-robust inference. Journal of Applied Econometrics 38, 671-694.
    """
    rows, failed = [], 0
    for cluster in sorted(panel["cluster"].unique()):
        rest = panel[panel["cluster"] != cluster].reset_index(drop=True)
        try:
            part = estimate(method, rest)
        except (ValueError, np.linalg.LinAlgError):
            failed += 1
            continue
        found = dict(zip(part.events, part.effects, strict=True))
        rows.append([part.overall, part.dynamic, *(found.get(e, np.nan) for e in full.events)])
    values = np.array(rows, dtype=np.float64)
    count = len(values)
    centred = values - values.mean(axis=0)
    covariance = (count - 1) / count * centred.T @ centred
    errors = np.sqrt(np.diag(covariance))
    return Jackknife(
        effects=replace(full, std_error=float(errors[0]), covariance=covariance[2:, 2:]),
        dynamic_error=float(errors[1]),
        left_out=failed,
    )


def simultaneous_quantile(covariance: Floats, *, conf_level: float, degrees: float) -> float:
    """Return the quantile of the largest absolute t statistic of all effects at once.

    The maximum is drawn from a multivariate t with the effects' correlation; the seed is fixed, so
    that one covariance has one band.

    References
    ----------
    Montiel Olea, J. L. and Plagborg-Møller, M. (2019). Simultaneous confidence bands. Journal of
        Applied Econometrics 34, 1-17.

    Examples
    --------
    >>> 1.9 < simultaneous_quantile(np.eye(1), conf_level=0.95, degrees=1e6) < 2.0
    True
    """
    errors = np.sqrt(np.diag(covariance))
    usable = np.isfinite(errors) & (errors > 0)
    if not usable.any():
        return float("nan")
    inside = covariance[np.ix_(usable, usable)] / np.outer(errors[usable], errors[usable])
    values, vectors = np.linalg.eigh(inside)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    generator = np.random.default_rng(0)
    normal = generator.standard_normal((DRAWS, len(inside))) @ root.T
    scale = np.sqrt(generator.chisquare(degrees, DRAWS) / degrees)
    return float(np.quantile(np.abs(normal).max(axis=1) / scale, conf_level))


def joint_test(effects: Floats, covariance: Floats, *, clusters: int) -> tuple[float, int, float]:
    """Test that effects are all zero; return Hotelling's F, its degrees of freedom and p value.

    Effects without an error are left out. With no more clusters than effects there is no test.

    Examples
    --------
    >>> joint_test(np.array([2.0]), np.array([[1.0]]), clusters=1_000)[:2]
    (4.0, 1)
    """
    usable = np.isfinite(np.diag(covariance)) & (np.diag(covariance) > 0)
    count = int(usable.sum())
    if count == 0 or clusters <= count:
        return float("nan"), count, float("nan")
    gap, inside = effects[usable], covariance[np.ix_(usable, usable)]
    wald = float(gap @ np.linalg.pinv(inside) @ gap)
    scaled = wald * (clusters - count) / ((clusters - 1) * count)
    return scaled, count, float(special.fdtrc(count, clusters - count, scaled))
