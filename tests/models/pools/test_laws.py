import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats
from scipy.special import ndtr

from toolkit.models.pools import (
    DiscreteLaw,
    Layers,
    LimitLaw,
    beta_binomial_pmf,
    bivariate_normal_cdf,
    conditional_rate,
    one_factor_pmf,
    vasicek_cdf,
    vasicek_excess,
    vasicek_quantile,
)

shares = st.floats(0.01, 0.6)
correlations = st.floats(0.02, 0.6)


def test_quantile_by_hand():
    # With p = 1/2 and rho = 1/2 the roots cancel: a state as bad as z = -1 has Phi(1) in default.
    found = vasicek_quantile(ndtr(1.0), rate=0.5, correlation=0.5)
    assert found == pytest.approx(0.8413447460685429, abs=1e-12)


@given(rate=shares, correlation=correlations, level=st.floats(0.01, 0.99))
def test_quantile_and_distribution_undo_each_other(rate, correlation, level):
    share = vasicek_quantile(level, rate=rate, correlation=correlation)
    assert vasicek_cdf(share, rate=rate, correlation=correlation) == pytest.approx(level, abs=1e-8)


@pytest.mark.parametrize("attachment", [0.01, 0.05, 0.2, 0.5])
@pytest.mark.parametrize(("rate", "correlation"), [(0.05, 0.2), (0.5, 0.1), (0.02, 0.5)])
def test_excess_is_the_integral_of_the_tail(rate, correlation, attachment):
    tail, _ = integrate.quad(
        lambda x: 1 - vasicek_cdf(x, rate=rate, correlation=correlation),
        attachment,
        1,
        epsabs=1e-12,
        limit=400,
    )
    closed = vasicek_excess(attachment, rate=rate, correlation=correlation)
    assert closed == pytest.approx(tail, abs=1e-8)


@given(h=st.floats(-4, 4), k=st.floats(-4, 4), r=st.floats(-0.95, 0.95))
def test_bivariate_normal_against_one_integral(h, k, r):
    # P(X <= h, Y <= k) by Gauss-Legendre over X, cut where nothing is left.
    nodes, weights = np.polynomial.legendre.leggauss(80)
    low = -9.0
    x = low + (h - low) * (nodes + 1) / 2
    inner = np.exp(-x * x / 2) / np.sqrt(2 * np.pi) * ndtr((k - r * x) / np.sqrt(1 - r * r))
    assert bivariate_normal_cdf(h, k, correlation=r) == pytest.approx(
        float(weights @ inner) * (h - low) / 2, abs=1e-9
    )


@pytest.mark.parametrize("h", [-1.0, 0.0, 2.0])
def test_bivariate_normal_at_zero_splits_as_the_arc_says(h):
    assert bivariate_normal_cdf(h, 0.0, correlation=0.0) == pytest.approx(stats.norm.cdf(h) / 2)
    assert bivariate_normal_cdf(0.0, 0.0, correlation=-0.5) == pytest.approx(1 / 6)


def test_a_beta_of_one_and_one_makes_all_counts_alike():
    # p = 1/2 and rho = 1/3 give a = b = 1.
    assert beta_binomial_pmf(4, rate=0.5, correlation=1 / 3) == pytest.approx([0.2] * 5, abs=1e-15)


@pytest.mark.parametrize("number", [1, 7, 100, 2000])
def test_beta_binomial_against_scipy(number):
    pmf = beta_binomial_pmf(number, rate=0.07, correlation=0.04)
    expected = stats.betabinom.pmf(np.arange(number + 1), number, 0.07 * 24, 0.93 * 24)
    assert pmf == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("correlation", [0.01, 0.2, 0.6])
@pytest.mark.parametrize("number", [2, 30, 800])
def test_one_factor_moments_have_closed_forms(number, correlation):
    # Two loans default together with the bivariate normal probability, whatever their number.
    rate = 0.06
    pmf = one_factor_pmf(number, rate=rate, correlation=correlation)
    counts = np.arange(number + 1)
    bound = stats.norm.ppf(rate)
    both = float(bivariate_normal_cdf(bound, bound, correlation=correlation))
    assert pmf @ counts == pytest.approx(number * rate, rel=1e-10)
    pairs = pmf @ (counts * (counts - 1)) / (number * (number - 1))
    assert pairs == pytest.approx(both, abs=1e-10)


def test_without_correlation_it_is_the_binomial():
    pmf = one_factor_pmf(50, rate=0.1, correlation=0.0)
    assert pmf == pytest.approx(stats.binom.pmf(np.arange(51), 50, 0.1), abs=1e-13)


def test_many_loans_come_near_the_limit():
    law = DiscreteLaw(
        losses=np.arange(2001) / 2000,
        probabilities=one_factor_pmf(2000, rate=0.05, correlation=0.15)[np.newaxis],
    )
    limit = LimitLaw(rates=np.array([0.05]), severity=1.0, correlation=0.15)
    assert law.limited_mean(0.1) == pytest.approx(limit.limited_mean(0.1), abs=1e-4)
    assert law.exceedance(0.1) == pytest.approx(limit.exceedance(0.1), abs=1e-3)


def test_a_state_of_the_economy_averages_to_the_rate():
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    states = conditional_rate(0.08, nodes, correlation=0.1)
    assert weights @ states / weights.sum() == pytest.approx(0.08, abs=1e-12)


LAYERS = Layers(
    detachments=np.array([0.02, 0.10, 1.0]),
    shares=np.array([[0.0, 1.0, 0.0], [0.8, 0.0, 0.2], [0.5, 0.0, 0.5]]),
)


def test_layers_by_hand():
    # Of 0.15 lost: 0.02 to the second bearer; 0.08 in the middle, 64 to 16; 0.05 above in halves.
    assert LAYERS.claims(0.15) == pytest.approx([0.064 + 0.025, 0.02, 0.016 + 0.025])
    # With 0.07 the pool pays 0.064 below 0.10 and 0.006 above it, half of 0.012.
    assert LAYERS.exhaustion(0.07) == pytest.approx(0.112)
    assert LAYERS.exhaustion(1.0) == np.inf
    assert LAYERS.borne(0.15, money=0.07) == pytest.approx([0.07, 0.02, 0.06])


@given(rate=shares, correlation=correlations, money=st.floats(0.001, 0.4))
def test_limit_expectations_add_up_to_the_loss(rate, correlation, money):
    law = LimitLaw(rates=np.array([rate]), severity=0.5, correlation=correlation)
    assert LAYERS.expected(law, money=money).sum() == pytest.approx(0.5 * rate, abs=1e-10)


@pytest.mark.parametrize("money", [0.01, 0.07, 0.3])
def test_limit_payout_is_the_integral_of_the_capped_claim(money):
    law = LimitLaw(rates=np.array([0.1]), severity=0.6, correlation=0.25)
    # Over the factor, in pieces between the kinks, where the integrand is smooth.
    kinks = [0.02 / 0.6, 0.10 / 0.6, min(LAYERS.exhaustion(money) / 0.6, 0.999)]
    levels = vasicek_cdf(sorted(kinks), rate=0.1, correlation=0.25)

    def paid(level):
        loss = 0.6 * vasicek_quantile(level, rate=0.1, correlation=0.25)
        return LAYERS.borne(loss, money=money)[0]

    pieces = zip([0.0, *levels], [*levels, 1.0], strict=True)
    total = sum(integrate.quad(paid, low, high, epsabs=1e-12)[0] for low, high in pieces)
    assert LAYERS.expected(law, money=money)[0] == pytest.approx(total, abs=1e-8)
