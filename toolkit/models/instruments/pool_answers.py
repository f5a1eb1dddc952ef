"""What a pool pays, by formula or by draws."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from toolkit.models.instruments.book import Book
from toolkit.models.instruments.scenario import LoanScenario
from toolkit.models.pools import (
    DiscreteLaw,
    Floats,
    Layers,
    LimitLaw,
    beta_binomial_pmf,
    one_factor_pmf,
    recycle,
)

__all__ = ["Answer", "Terms", "exact_answer", "loss_law", "simulated_answer"]

NEARLY_ALL = 1 - 1e-9


@dataclass(frozen=True, kw_only=True, eq=False)
class Terms:
    """What the pool promises: layers with bearers, money, fee per yuan lent, safety, rounds."""

    layers: Layers
    bearers: tuple[str, ...]
    pool: float
    fee: float
    safety: float
    rounds: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """Figures of a pool in CNY; `need` is pool money per yuan first lent at the safety.

    Parameters
    ----------
    borne : array, shape (bearers,)
        Expected payment of each bearer.
    dry : array, shape (rounds * years,)
        Probability that claims exceed the money by the end of each year.
    layer_means : array, shape (layers,)
        Expected loss in each layer.
    outcomes : DataFrame
        ``probability lent loss`` and one column per bearer.
    errors : array, shape (1 + bearers,), optional
        Standard errors of simulation of the loss and of each payment.
    """

    first_lent: float
    lent: float
    expected_loss: float
    borne: Floats
    tail_payout: float
    dry: Floats
    need: float
    layer_means: Floats
    break_even: float
    outcomes: pd.DataFrame
    errors: Floats | None = None


def exact_answer(scenario: LoanScenario, terms: Terms, *, method: str) -> Answer:
    """Answer by formula, for like loans lent once."""
    lent, law = scenario.lent, loss_law(scenario, method=method)
    held = terms.pool / lent + terms.fee
    claim = float(terms.layers.claims(law.quantile(terms.safety))[0])
    losses, probability = law.distribution()
    paid = terms.layers.borne(losses, money=held)

    def mean_claim(rate: float) -> float:
        at_rate = replace(scenario, default_rate=rate, years=1)
        return float(terms.layers.expected_claims(loss_law(at_rate, method=method))[0])

    return Answer(
        first_lent=lent,
        lent=lent,
        expected_loss=lent * float(law.limited_mean(1.0)),
        borne=lent * terms.layers.expected(law, money=held),
        tail_payout=lent * min(claim, held),
        dry=law.exceedance(terms.layers.exhaustion(held)),
        need=claim - terms.fee,
        layer_means=lent * terms.layers.layer_means(law),
        break_even=_break_even(scenario, terms, mean_claim),
        outcomes=_outcomes(
            terms, probability, np.full(len(losses), lent), lent * losses, lent * paid
        ),
    )


def simulated_answer(
    portfolio: LoanScenario | Book, terms: Terms, *, draws: int, rng: np.random.Generator
) -> Answer:
    """Answer by draws, for loans that differ or are lent again."""
    lent = portfolio.lent
    first = portfolio.draw_losses(draws, rng)
    rounds = iter([first, *(portfolio.draw_losses(draws, rng) for _ in range(terms.rounds - 1))])
    flows = recycle(
        lambda: next(rounds),
        layers=terms.layers,
        lent=lent,
        money=terms.pool,
        fee=terms.fee,
        rounds=terms.rounds,
    )
    within = np.minimum(first[:, -1:], terms.layers.detachments)
    per_yuan = np.diff(within, axis=1, prepend=0.0).mean(axis=0)
    each = np.column_stack([flows.loss, flows.borne])
    return Answer(
        first_lent=lent,
        lent=float(flows.lent.mean()),
        expected_loss=float(flows.loss.mean()),
        borne=flows.borne.mean(axis=0),
        tail_payout=_order_statistic(flows.borne[:, 0], terms.safety),
        dry=flows.dry.mean(axis=0),
        need=_order_statistic((flows.asked - terms.fee * flows.lent) / lent, terms.safety),
        # Rounds are independent, so that each yuan lent in any round loses the same on average.
        layer_means=float(flows.lent.mean()) * per_yuan,
        break_even=_break_even(portfolio, terms, None),
        outcomes=_outcomes(terms, np.full(draws, 1 / draws), flows.lent, flows.loss, flows.borne),
        errors=each.std(axis=0, ddof=1) / np.sqrt(draws),
    )


def loss_law(scenario: LoanScenario, *, method: str) -> DiscreteLaw | LimitLaw:
    """Return the distribution of the loss per yuan lent, by formula."""
    rates, number = scenario.rates(), scenario.number
    severity, correlation = scenario.loss_given_default, scenario.correlation
    if method == "limit":
        return LimitLaw(rates=rates, severity=severity, correlation=correlation)
    pmf = beta_binomial_pmf if method == "beta_binomial" else one_factor_pmf
    nobody = np.zeros(number + 1)
    nobody[0] = 1.0
    by_year = [
        pmf(number, rate=rate, correlation=correlation) if rate > 0 else nobody
        for rate in rates.tolist()
    ]
    return DiscreteLaw(
        losses=severity * np.arange(number + 1) / number, probabilities=np.array(by_year)
    )


def _break_even(
    portfolio: LoanScenario | Book, terms: Terms, mean_claim: Callable[[float], float] | None
) -> float:
    """Solve for the default rate at which expected claims use up pool and fees.

    With one layer the mean claim is linear in the rate and needs no distribution. With several
    layers and no formula for them there is no answer.
    """
    from scipy.optimize import brentq

    severity = portfolio.mean_severity
    if len(terms.layers.detachments) == 1:
        share = float(terms.layers.shares[0, 0]) * severity
        mean_claim = partial(operator.mul, share)
    if mean_claim is None:
        return float("nan")

    def gap(rate: float) -> float:
        growth = float(((1 - rate * severity) ** np.arange(terms.rounds)).sum())
        return growth * (mean_claim(rate) - terms.fee) - terms.pool / portfolio.lent

    if gap(NEARLY_ALL) < 0:
        return float("nan")
    return float(brentq(gap, 1e-9, NEARLY_ALL, xtol=1e-12))


def _order_statistic(values: Floats, level: float) -> float:
    """Return the least value that is not exceeded by at least this share of draws."""
    return float(np.quantile(values, level, method="inverted_cdf"))


def _outcomes(
    terms: Terms, probability: Floats, lent: Floats, loss: Floats, borne: Floats
) -> pd.DataFrame:
    table = pd.DataFrame({"probability": probability, "lent": lent, "loss": loss})
    return table.assign(**dict(zip(terms.bearers, borne.T, strict=True)))
