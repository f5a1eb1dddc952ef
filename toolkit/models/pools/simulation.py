"""Simulated losses: loans that differ, and money that is lent again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from toolkit.models.pools.conditional import Floats, conditional_rate
from toolkit.models.pools.finite import ROUNDING
from toolkit.models.pools.layers import Layers

__all__ = ["Flows", "recycle", "simulate_alike", "simulate_loans"]

CELLS_AT_ONCE = 4_000_000


def simulate_alike(
    number: int,
    *,
    rates: Floats,
    correlation: float,
    draws: int,
    rng: np.random.Generator,
) -> Floats:
    """Draw the share of like loans in default by the end of each year, shape (draws, years).

    Given the common factor, defaults of a year are binomial among the loans that are left.
    """
    factor = rng.standard_normal(draws)
    by_year = conditional_rate(rates, factor[:, np.newaxis], correlation=correlation)
    before = np.hstack([np.zeros((draws, 1)), by_year[:, :-1]])
    left = np.maximum(1 - before, np.finfo(float).tiny)
    chance = np.clip((by_year - before) / left, 0.0, 1.0)
    defaulted = np.zeros((draws, len(rates)), dtype=np.int64)
    gone = np.zeros(draws, dtype=np.int64)
    for year in range(len(rates)):
        gone = gone + rng.binomial(number - gone, chance[:, year])
        defaulted[:, year] = gone
    return defaulted / number


def simulate_loans(
    severities: Floats,
    *,
    rates: Floats,
    correlation: float,
    groups: NDArray[np.intp],
    added: Floats,
    draws: int,
    rng: np.random.Generator,
) -> Floats:
    r"""Draw the money lost on loans that differ by the end of each year, shape (draws, years).

    A loan has defaulted by a year if its latent value lies below :math:`\Phi^{-1}` of its rate:

    .. math::
        X_i = \sqrt{\rho}\,Z + \sum_j \sqrt{\rho_j}\,Z_{j,g_j(i)}
        + \sqrt{1 - \rho - \textstyle\sum_j \rho_j}\,e_i

    Parameters
    ----------
    severities : array, shape (loans,)
        Money lost if the loan defaults.
    rates : array, shape (loans, years)
        Probability of default by the end of each year.
    correlation : float
        Of the latent values of any two loans.
    groups : array of int, shape (k, loans)
        Code of each loan's group in each of k groupings (region, sector).
    added : array, shape (k,)
        What being of the same group adds to the correlation.
    """
    bounds = ndtri(rates)
    lost = np.empty((draws, rates.shape[1]))
    step = max(1, CELLS_AT_ONCE // len(severities))
    own_part = np.sqrt(1 - correlation - added.sum())
    for start in range(0, draws, step):
        rows = min(step, draws - start)
        latent = own_part * rng.standard_normal((rows, len(severities)))
        latent += np.sqrt(correlation) * rng.standard_normal((rows, 1))
        for codes, part in zip(groups, np.sqrt(added), strict=True):
            latent += part * rng.standard_normal((rows, int(codes.max()) + 1))[:, codes]
        for year in range(rates.shape[1]):
            lost[start : start + rows, year] = (latent <= bounds[:, year]) @ severities
    return lost


@dataclass(frozen=True, kw_only=True, eq=False)
class Flows:
    """What was lent, lost and borne in each draw.

    Parameters
    ----------
    lent : array, shape (draws,)
        Over all rounds.
    loss : array, shape (draws,)
        Over all rounds.
    borne : array, shape (draws, bearers)
        Who bore the loss; the pool first, the lender last. Rows add up to the loss.
    asked : array, shape (draws,)
        What the pool was asked for, whether it could pay or not.
    dry : array of bool, shape (draws, years)
        Whether the claims have gone beyond the pool's money by the end of each year.
    """

    lent: Floats
    loss: Floats
    borne: Floats
    asked: Floats
    dry: NDArray[np.bool_]


def recycle(
    draw: Callable[[], Floats],
    *,
    layers: Layers,
    lent: float,
    money: float,
    fee: float,
    rounds: int,
) -> Flows:
    """Lend money, and lend again what was not lost, under the same pool.

    Parameters
    ----------
    draw : callable
        Gives losses per yuan lent of one round, shape (draws, years), cumulative over its years.
    layers : Layers
        Who is asked for what, of each round.
    lent, money : float
        Lending of the first round; what the pool holds before.
    fee : float
        What each yuan lent pays into the pool.
    rounds : int
        How often the money is lent.
    """
    claims, loss, total = np.zeros((1, 1, 1)), np.zeros(1), np.zeros(1)
    held, scale = np.full(1, money), np.ones(1)
    dry = []
    for _ in range(rounds):
        losses = draw()
        volume = lent * scale
        total = total + volume
        held = money + fee * total
        asked = claims + volume[:, np.newaxis, np.newaxis] * layers.claims(losses)
        # Compared as the exact laws compare, per yuan lent: rounding is no shortage.
        dry.append(asked[:, :, 0] > held[:, np.newaxis] + ROUNDING * lent)
        claims = asked[:, -1:, :]
        loss = loss + volume * losses[:, -1]
        scale = scale * (1 - losses[:, -1])
    borne = claims[:, 0, :].copy()
    borne[:, 0] = np.minimum(borne[:, 0], held)
    borne[:, -1] = loss - borne[:, :-1].sum(axis=1)
    ever = np.logical_or.accumulate(np.hstack(dry), axis=1)
    return Flows(
        lent=np.broadcast_to(total, loss.shape),
        loss=loss,
        borne=borne,
        asked=claims[:, 0, 0],
        dry=ever,
    )
