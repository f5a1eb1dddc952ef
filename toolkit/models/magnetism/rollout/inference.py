"""Errors, bands and tests of a rollout with few regions."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import special

from toolkit.models.magnetism.rollout.estimators import Effects, estimate
from toolkit.models.magnetism.rollout.regressions import REGRESSIONS, Term
from toolkit.models.panels import WildBootstrap, wild_cluster_bootstrap
from toolkit.models.ratios.paths import Floats

__all__ = ["Jackknife", "jackknife", "joint_test", "simultaneous_quantile", "wild_bootstrap"]

DRAWS = 20_000
WILD_DRAWS = 9_999


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


def wild_bootstrap(
    method: str, panel: pd.DataFrame, *, conf_level: float, random_state: int
) -> dict[Term, WildBootstrap]:
    """Test each effect of a regression, null imposed, by flipping the residuals of clusters.

    The statistic is the t of CR1; with 12 clusters or more the signs are Rademacher's, with fewer
    all of them, or Webb's six points where there are more than the draws.

    References
    ----------
    Cameron, A. C., Gelbach, J. B. and Miller, D. L. (2008). Bootstrap-based improvements for
        inference with clustered errors. Review of Economics and Statistics 90, 414-427.
    MacKinnon, J. G. and Webb, M. D. (2018). The wild bootstrap for few (treated) clusters.
        Econometrics Journal 21, 114-135.
    """
    regression = REGRESSIONS[method](panel)
    return {
        term: wild_cluster_bootstrap(
            regression.outcome,
            regression.isolated(contrast),
            regression.clusters,
            coefficient=0,
            conf_level=conf_level,
            draws=WILD_DRAWS,
            random_state=random_state,
        )
        for term, contrast in regression.contrasts.items()
    }


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
