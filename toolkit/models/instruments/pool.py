"""A pool that shares the losses of a portfolio of loans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from toolkit.errors import OptionError
from toolkit.language import say
from toolkit.models.instruments.book import Book, LoanBook
from toolkit.models.instruments.pool_answers import Terms, exact_answer, simulated_answer
from toolkit.models.instruments.pool_result import RiskPool
from toolkit.models.instruments.pool_table import pool_result
from toolkit.models.instruments.register import register_rates
from toolkit.models.instruments.scenario import (
    LoanScenario,
    LossLayer,
    check_whole,
    read_layers,
)
from toolkit.models.pools import Floats
from toolkit.results import check_conf_level

__all__ = ["Method", "risk_pool"]

Method = Literal["exact", "beta_binomial", "limit", "simulate"]

METHODS = ("exact", "beta_binomial", "limit", "simulate")
EXACT_UP_TO = 2000


def risk_pool(
    loans_or_scenario: LoanScenario | LoanBook,
    *,
    coverage: float | Sequence[LossLayer],
    pool: float,
    safety: float = 0.99,
    fee: float = 0.0,
    cohorts: Any = None,
    rounds: int = 1,
    method: Method | None = None,
    draws: int = 20_000,
    random_state: int = 0,
    conf_level: float = 0.95,
    name: str = "",
) -> RiskPool:
    r"""Work out what a pool pays, when it runs dry, and how much lending it supports.

    The pool pays :math:`\min\{c(L), M\}`: its share of the loss in each layer, until its money
    :math:`M` is gone; then the lenders bear the rest. Loans default together through a common
    normal factor, and the factor of a loan is the same in all of its years.

    Parameters
    ----------
    loans_or_scenario : LoanScenario or LoanBook
        Like loans in a few numbers, or loans row by row.
    coverage : float or sequence of LossLayer
        Share of each yuan lost that the pool bears; or layers with their bearers.
    pool : float
        Money of the pool at the start, in CNY.
    safety : float
        Probability with which the pool's money shall be enough; level of the tail.
    fee : float
        What each yuan lent pays into the pool, at the time of lending.
    cohorts : frame or path, optional
        Counts ``cohort age at_risk events exits censored`` of a register, which give the default
        rates where the loans have none. The notes call them a proxy.
    rounds : int
        How often the money is lent: repaid loans are lent again, under the same pool, at the end
        of their years, with a factor of their own.
    method : {"exact", "beta_binomial", "limit", "simulate"}, optional
        The exact distribution of a finite number of like loans; the beta-binomial, in which
        `correlation` is that of defaults; Vasicek's limit of very many loans; or draws. If None,
        exact for up to 2,000 like loans lent once, else simulated.
    draws : int
        Number of draws where it is simulated.
    random_state : int
        Seed of the draws.
    conf_level : float
        Level of the intervals for the error of simulation; exact answers have none.
    name : str
        What the pool is called in title, sentence and key figures.

    Returns
    -------
    RiskPool
        Tidy rows ``expected_loss``, ``expected_payout``, ``tail_payout`` (in CNY; the tail is
        the payout not exceeded with probability `safety`), ``dry_by_year`` (probability that
        claims exceed the money, by year), ``lending_per_yuan`` (the most lending, over all
        rounds, for which the claims are met with probability `safety`, per yuan of pool),
        ``break_even_default_rate`` (at which expected claims equal pool and fees) and ``borne``
        by bearer (CNY). ``augment()`` has the distribution: each outcome with its probability,
        its loss, and what each bearer pays, which adds up to the loss. Also ``layers()``.

    Raises
    ------
    ColumnError, DataError
        If a book of loans lacks a column, or holds what cannot be meant.
    ModelError
        If the cohorts do not reach as far as the loans run.
    OptionError
        If an option cannot be meant, or the method does not fit the loans.

    References
    ----------
    Vasicek, O. (2002). The distribution of loan portfolio value. Risk 15(12), 160-162.

    Li, D. X. (2000). On default correlation: a copula function approach. Journal of Fixed
        Income 9(4), 43-54.

    Examples
    --------
    >>> loans = LoanScenario(number=2, size=1e6, default_rate=0.5, loss_given_default=1.0,
    ...     correlation=0.0)
    >>> result = risk_pool(loans, coverage=0.8, pool=1e6)
    >>> result.tidy()["estimate"].head(4).tolist()
    [1000000.0, 650000.0, 1000000.0, 0.25]
    """
    _check(pool=pool, safety=safety, fee=fee, rounds=rounds, draws=draws)
    layers, bearers = read_layers(coverage)
    portfolio, notes = _with_rates(loans_or_scenario, cohorts)
    chosen = _method(portfolio, method, rounds=rounds)
    terms = Terms(
        layers=layers, bearers=bearers, pool=float(pool), fee=fee, safety=safety, rounds=rounds
    )
    if isinstance(portfolio, LoanScenario) and chosen != "simulate":
        answer = exact_answer(portfolio, terms, method=chosen)
    else:
        rng = np.random.default_rng(random_state)
        answer = simulated_answer(portfolio, terms, draws=draws, rng=rng)
        notes = (
            *notes,
            say(
                "Simulated with {draws:,} draws, seed {random_state}.",
                draws=draws,
                random_state=random_state,
            ),
        )
    level = check_conf_level(conf_level)
    return pool_result(answer, terms, method=chosen, notes=notes, conf_level=level, name=name)


def _check(*, pool: float, safety: float, fee: float, rounds: int, draws: int) -> None:
    if not (pool > 0 and np.isfinite(pool)):
        raise OptionError(f"pool is money in CNY, above 0; got {pool:g}.")
    if not 0 < safety < 1:
        hint = f" Did you mean {safety / 100:g}?" if 1 < safety < 100 else ""
        raise OptionError(f"safety is a fraction between 0 and 1; got {safety:g}.{hint}")
    if not 0 <= fee < 1:
        raise OptionError(f"fee is a fraction of the lending, from 0 to 1; got {fee:g}.")
    check_whole("rounds", rounds)
    check_whole("draws", draws, least=100)


def _with_rates(
    loans: LoanScenario | LoanBook, cohorts: Any
) -> tuple[LoanScenario | Book, tuple[str, ...]]:
    if not isinstance(loans, LoanScenario | LoanBook):
        raise OptionError(
            f"loans_or_scenario is a LoanScenario or a LoanBook; got {type(loans).__name__}. Put a "
            "table of loans into LoanBook(loans=..., correlation=...)."
        )
    if isinstance(loans, LoanBook):
        rates, note = (None, ()) if cohorts is None else _register(cohorts, loans.years)
        return loans.read(rates), note
    if loans.default_rate is not None:
        if cohorts is not None:
            raise OptionError(
                f"The scenario has default_rate={loans.default_rate}, and cohorts give another. "
                "Leave one of them out."
            )
        return loans, ()
    if cohorts is None:
        raise OptionError(
            "A pool needs default rates; the scenario has none, and no cohorts are given. Set "
            "default_rate, or give the counts of a register as cohorts=."
        )
    rates, note = _register(cohorts, loans.years)
    return replace(loans, default_rate=tuple(rates.tolist())), note


def _register(cohorts: Any, years: int) -> tuple[Floats, tuple[str, ...]]:
    found = register_rates(cohorts, years=years)
    return found.rates(), found.notes


def _method(portfolio: LoanScenario | Book, method: Method | None, *, rounds: int) -> Method:
    number = portfolio.number if isinstance(portfolio, LoanScenario) else None
    if method is None:
        few = number is not None and number <= EXACT_UP_TO
        return "exact" if few and rounds == 1 else "simulate"
    if method not in METHODS:
        raise OptionError(f"method is one of {', '.join(METHODS)}; got {method!r}.")
    if method == "simulate":
        return method
    if number is None or rounds > 1:
        what = "loans that differ" if number is None else f"money lent in {rounds} rounds"
        raise OptionError(
            f"method={method!r} is for like loans lent once; these are {what}. "
            "Use method='simulate'."
        )
    if method != "exact" and portfolio.correlation == 0:
        raise OptionError(
            f"method={method!r} needs a correlation above 0; got 0. Use method='exact'."
        )
    if method == "exact" and number > EXACT_UP_TO:
        raise OptionError(
            f"method='exact' is for {EXACT_UP_TO:,} loans at most; there are {number:,}. Use "
            "method='limit', which is near for so many."
        )
    return method
