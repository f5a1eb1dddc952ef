"""Tests that groups share one curve: the log-rank family and Gray's test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from scipy.special import gammaincc

from toolkit.models.curves.risk import Floats, RiskSets

__all__ = [
    "Comparison",
    "LogRankWeights",
    "chi_square_tail",
    "gray_test",
    "log_rank_names",
    "log_rank_test",
    "quadratic_form",
]

LogRankWeights = Literal["log_rank", "wilcoxon", "tarone_ware", "peto", "fleming_harrington"]
log_rank_names: tuple[str, ...] = get_args(LogRankWeights)


@dataclass(frozen=True, kw_only=True, eq=False)
class Comparison:
    """Observed and expected events per group, and the covariance of their (weighted) difference.

    Parameters
    ----------
    observed, expected, score : arrays, shape (groups,)
    covariance : array, shape (groups, groups)
    """

    observed: Floats
    expected: Floats
    score: Floats
    covariance: Floats

    def __add__(self, other: Comparison) -> Comparison:
        """Add the comparison made in another stratum."""
        return Comparison(
            observed=self.observed + other.observed,
            expected=self.expected + other.expected,
            score=self.score + other.score,
            covariance=self.covariance + other.covariance,
        )


def log_rank_test(
    groups: Sequence[RiskSets],
    *,
    weights: LogRankWeights = "log_rank",
    rho: float = 0.0,
    gamma: float = 0.0,
) -> Comparison:
    r"""Compare hazards of the event between groups.

    .. math:: U_g = \sum_k w_k \Bigl(d_{gk} - \frac{r_{gk}}{r_k} d_k\Bigr)

    with :math:`w_k` = 1 (log-rank), :math:`r_k` (Wilcoxon), :math:`\sqrt{r_k}` (Tarone-Ware),
    :math:`\prod (1 - d/(r+1))` (Peto), or
    :math:`\hat S(t_{k-1})^\rho (1 - \hat S(t_{k-1}))^\gamma` (Fleming-Harrington).

    Parameters
    ----------
    groups : sequence of RiskSets
        Each group on the same times.

    References
    ----------
    Fleming and Harrington (1991), Counting Processes and Survival Analysis, ch. 7.
    """
    at_risk = np.stack([sets.at_risk for sets in groups])
    events = np.stack([sets.events for sets in groups])
    total, ended = at_risk.sum(axis=0), events.sum(axis=0)
    share = at_risk / np.where(total > 0, total, 1.0)
    weight = _weights(weights, total, ended, rho=rho, gamma=gamma)
    expected = share * ended
    several = np.where(total > 1, total - 1, 1.0)
    spread = weight**2 * ended * np.where(total > 1, total - ended, 0.0) / several
    return Comparison(
        observed=events.sum(axis=1),
        expected=expected.sum(axis=1),
        score=((events - expected) * weight).sum(axis=1),
        covariance=np.diag(share @ spread) - (share * spread) @ share.T,
    )


def _weights(
    kind: LogRankWeights, total: Floats, ended: Floats, *, rho: float, gamma: float
) -> Floats:
    if kind == "log_rank":
        return np.ones_like(total)
    if kind == "wilcoxon":
        return total
    if kind == "tarone_ware":
        return np.asarray(np.sqrt(total))
    if kind == "peto":
        return np.asarray(np.cumprod(1 - ended / (total + 1)))
    survival = np.cumprod(1 - ended / np.where(total > 0, total, 1.0))
    before = np.concatenate([[1.0], survival[:-1]])
    return np.asarray(before**rho * (1 - before) ** gamma)


def gray_test(groups: Sequence[RiskSets], *, rho: float = 0.0) -> Comparison:
    r"""Compare cumulative incidences of the event between groups, exits competing.

    With :math:`h_g = r_g / \hat S_g(t-)` and :math:`R_g = h_g (1 - \hat F_{1g}(t-))`, the score is

    .. math:: U_g = \sum_t (1 - \hat F_1(t-))^\rho \Bigl(d_{1g} - \frac{R_g}{R} d_1\Bigr)

    and its variance is that of martingales of both causes under a common incidence.

    Parameters
    ----------
    groups : sequence of RiskSets
        Each group on the same times.

    References
    ----------
    Gray (1988), Annals of Statistics 16, 1141-1154.
    """
    at_risk, events, exits = (
        np.stack([getattr(sets, name) for sets in groups])
        for name in ("at_risk", "events", "exits")
    )
    present = at_risk > 0
    number = np.where(present, at_risk, 1.0)
    survival = np.cumprod(1 - np.where(present, events + exits, 0.0) / number, axis=1)
    before = _lagged(np.asarray(survival, dtype=float), start=1.0)
    present &= before > 0
    own = np.cumsum(before * np.where(present, events, 0.0) / number, axis=1)
    inflated = np.where(present, at_risk / np.where(before > 0, before, 1.0), 0.0)
    whole = inflated.sum(axis=0)
    alive = np.where(whole > 0, whole, 1.0)
    ended = events.sum(axis=0)
    incidence = np.cumsum(ended / alive)
    past = _lagged(incidence[None, :], start=0.0)[0]
    weight = (1 - past) ** rho
    adjusted = inflated * (1 - _lagged(own, start=0.0))
    adjusted_sum = adjusted.sum(axis=0)
    expected = adjusted * ended / np.where(adjusted_sum > 0, adjusted_sum, 1.0)

    share = inflated / alive
    effect = weight * (np.eye(len(groups))[:, :, None] - share[None, :, :]) * inflated[:, None, :]
    effect *= present[None, :, :]
    hazard = ended / (alive * np.maximum(1 - past, 1e-300))
    spent = np.cumsum(effect * hazard, axis=2)
    coming = spent[:, :, -1:] - spent
    ratio = (1 - incidence) / np.where(survival > 0, survival, np.inf)
    kept = np.where(survival > 0, 1 - ratio, 1.0)
    event_noise = present * before * ended / (alive * number)
    event_noise *= _tie_correction(ended, alive * before)
    exit_noise = present * (survival > 0) * before**2 * exits / number**2
    exit_noise *= _tie_correction(exits, number)
    moved = effect + kept * coming
    lost = ratio * coming
    covariance = np.einsum("igk,jgk,gk->ij", moved, moved, event_noise) + np.einsum(
        "igk,jgk,gk->ij", lost, lost, exit_noise
    )
    return Comparison(
        observed=events.sum(axis=1),
        expected=expected.sum(axis=1),
        score=((events - expected) * weight).sum(axis=1),
        covariance=covariance,
    )


def _lagged(values: Floats, *, start: float) -> Floats:
    return np.concatenate([np.full((len(values), 1), start), values[:, :-1]], axis=1)


def _tie_correction(ended: Floats, number: Floats) -> Floats:
    tied = (ended > 1) & (number > 1)
    return np.where(tied, 1 - (ended - 1) / np.where(tied, number - 1, 1.0), 1.0)


def quadratic_form(score: Floats, covariance: Floats) -> tuple[float, int]:
    """Return the chi-square statistic of scores that sum to zero, and its degrees of freedom."""
    rank = int(np.linalg.matrix_rank(covariance, hermitian=True))
    if rank == 0:
        return float("nan"), 0
    return float(score @ np.linalg.pinv(covariance, hermitian=True) @ score), rank


def chi_square_tail(statistic: float, degrees: int) -> float:
    """Return the probability of a chi-square variable above the statistic."""
    return float(gammaincc(degrees / 2, statistic / 2)) if degrees else float("nan")
