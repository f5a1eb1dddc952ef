"""Arrays: the wild cluster bootstrap with the null imposed, without touching a row twice."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from toolkit.errors import ModelError
from toolkit.models.panels.covariance import group_sums
from toolkit.models.panels.effects import Codes

__all__ = ["WildBootstrap", "wild_cluster_bootstrap"]

Floats = NDArray[np.float64]

WEBB = np.array([-np.sqrt(1.5), -1.0, -np.sqrt(0.5), np.sqrt(0.5), 1.0, np.sqrt(1.5)])
ENUMERATED = 12
WEBB_BELOW = 12
STEPS = 60
TIED = 1e-9
"""Statistics that differ by less are the same: that of no flip, or of all, is the observed one."""


@dataclass(frozen=True, kw_only=True)
class WildBootstrap:
    """What a wild cluster bootstrap says of one coefficient."""

    p_value: float
    conf_low: float
    conf_high: float
    draws: int


def wild_cluster_bootstrap(
    outcome: Floats,
    design: Floats,
    codes: Codes,
    *,
    coefficient: int,
    conf_level: float,
    draws: int,
    random_state: int,
) -> WildBootstrap:
    """Test one coefficient, and invert the test for its interval, by the wild cluster bootstrap.

    The null is imposed, the statistic is the t of CR1, two-sided with equal tails. Weights are
    Rademacher, all ``2 ** G`` of them where that is not more than the draws; with fewer than 12
    clusters otherwise Webb's six points.

    Parameters
    ----------
    outcome, design : arrays of shapes (n,), (n, k)
        Effects within clusters may be absorbed; others must stand in the design as columns.
    codes : integer array of shape (n,)
        Clusters.
    coefficient : int
        Column of the design.
    conf_level : float
    draws : int
    random_state : int

    Raises
    ------
    ModelError
        With fewer than three clusters.

    References
    ----------
    Cameron, Gelbach and Miller (2008), Review of Economics and Statistics 90, 414-427. Roodman,
    MacKinnon, Nielsen and Webb (2019), Stata Journal 19, 4-60. Webb (2023), Canadian Journal of
    Economics 56, 839-858.
    """
    groups = int(codes.max()) + 1
    if groups < 3:
        raise ModelError(
            f"The wild cluster bootstrap needs three clusters or more; there are {groups}. "
            "Cluster by a finer grouping."
        )
    weights = _weights(groups, draws, random_state)
    test = _Test.of(outcome, design, codes, coefficient, weights)
    alpha = 1 - conf_level
    step = test.std_error
    return WildBootstrap(
        p_value=test.p_value(0.0),
        conf_low=test.edge(alpha, -step),
        conf_high=test.edge(alpha, step),
        draws=len(weights),
    )


def _weights(groups: int, draws: int, random_state: int) -> Floats:
    if groups <= ENUMERATED and 2**groups <= draws:
        return np.array(list(product((-1.0, 1.0), repeat=groups)))
    points = WEBB if groups < WEBB_BELOW else np.array([-1.0, 1.0])
    return np.random.default_rng(random_state).choice(points, size=(draws, groups))


@dataclass(frozen=True, kw_only=True, eq=False)
class _Test:
    """Every bootstrap statistic under any null, from sums over clusters taken once.

    The restricted residuals are linear in the null ``r``, so are the scores of each cluster:
    ``s_g(r) = s0_g - r s1_g``. Hence with ``d = r - b`` a draw's coefficient less the null is
    ``moved - d moved_per``, and its squared error a quadratic in d.
    """

    estimate: float
    std_error: float
    moved: Floats
    moved_per: Floats
    square: Floats
    cross: Floats
    square_per: Floats

    @classmethod
    def of(
        cls, outcome: Floats, design: Floats, codes: Codes, coefficient: int, weights: Floats
    ) -> _Test:
        """Reduce rows to cluster sums, and those to what each draw needs."""
        groups = int(codes.max()) + 1
        bread = np.linalg.pinv(design.T @ design)
        row = bread[coefficient]
        products = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
        inner = group_sums(products, codes).reshape(groups, *bread.shape)
        others = np.delete(design, coefficient, axis=1)
        both = np.column_stack([outcome, design[:, coefficient]])
        if others.shape[1]:
            both = both - others @ np.linalg.lstsq(others, both, rcond=None)[0]
        beta = bread @ design.T @ outcome
        estimate = float(beta[coefficient])
        scores = group_sums(design * (outcome - design @ beta)[:, None], codes)
        factor = groups / (groups - 1)
        pull = bread @ np.einsum("j,gjk->kg", row, inner)
        at_estimate = both[:, [0]] - estimate * both[:, [1]]
        parts = []
        for residuals in (at_estimate, both[:, [1]]):
            sums = group_sums(design * residuals, codes)
            of_cluster = sums @ row
            parts.append((weights @ of_cluster, weights * of_cluster - weights @ (sums @ pull)))
        (moved, each), (moved_per, each_per) = parts
        return cls(
            estimate=estimate,
            std_error=float(np.sqrt(factor) * np.linalg.norm(scores @ row)),
            moved=moved,
            moved_per=moved_per,
            square=factor * (each**2).sum(axis=1),
            cross=factor * (each * each_per).sum(axis=1),
            square_per=factor * (each_per**2).sum(axis=1),
        )

    def p_value(self, null: float) -> float:
        """Return the share of bootstrap statistics at least as large as the observed one."""
        gap = null - self.estimate
        moved = self.moved - gap * self.moved_per
        square = self.square - 2 * gap * self.cross + gap**2 * self.square_per
        with np.errstate(divide="ignore", invalid="ignore"):
            drawn = np.where(moved == 0, 0.0, np.abs(moved) / np.sqrt(np.maximum(square, 0.0)))
        observed = abs(gap) / self.std_error
        return float((drawn >= observed * (1 - TIED)).mean())

    def edge(self, alpha: float, step: float) -> float:
        """Return the null beyond which the test rejects, by doubling out and halving in."""
        far = self.estimate + 2 * step
        for _ in range(STEPS):
            if self.p_value(far) < alpha:
                break
            far = self.estimate + 2 * (far - self.estimate)
        else:
            return float(np.copysign(np.inf, step))
        near = self.estimate
        for _ in range(STEPS):
            middle = (near + far) / 2
            near, far = (near, middle) if self.p_value(middle) < alpha else (middle, far)
        return (near + far) / 2
