from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from toolkit.errors import ModelError
from toolkit.models.panels import dummies
from toolkit.models.poisson import absorb_weighted, poisson_fit


def drawn(seed: int, rows: int = 400) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    first, second = rng.integers(0, 12, rows), rng.integers(0, 7, rows)
    x = np.column_stack([rng.normal(size=rows), rng.normal(size=rows) + 0.1 * first])
    exposure = rng.gamma(2.0, size=rows)
    means = exposure * np.exp(
        0.5 * x[:, 0] - 0.3 * x[:, 1] + 0.05 * first + rng.normal(size=7)[second]
    )
    money = means * rng.gamma(0.5, 2.0, rows) * (rng.random(rows) < 0.8)
    return money, x, exposure, first, second


@pytest.mark.parametrize("effects", [1, 2])
def test_absorbed_effects_equal_dummies_in_statsmodels(effects: int) -> None:
    money, x, exposure, first, second = drawn(3)
    codes = [first, second][:effects]
    columns = [dummies(first), dummies(second)[:, 1:]][:effects]
    fit = poisson_fit(money, x, offset=np.log(exposure), effects=codes)
    known = sm.GLM(
        money, np.column_stack([x, *columns]), family=sm.families.Poisson(), offset=np.log(exposure)
    ).fit(tol=1e-13, maxiter=200)
    np.testing.assert_allclose(fit.coefficients, known.params[:2], rtol=1e-8)
    np.testing.assert_allclose(fit.means, known.fittedvalues, rtol=1e-7)
    np.testing.assert_allclose(fit.bread, known.cov_params()[:2, :2], rtol=1e-6)


def test_clustered_covariance_equals_statsmodels() -> None:
    money, x, exposure, first, _ = drawn(4)
    design = np.column_stack([np.ones(len(x)), x])
    fit = poisson_fit(money, design, offset=np.log(exposure))
    known = sm.GLM(money, design, family=sm.families.Poisson(), offset=np.log(exposure)).fit(
        tol=1e-13, cov_type="cluster", cov_kwds={"groups": first}
    )
    np.testing.assert_allclose(fit.covariance(first), known.cov_params(), rtol=1e-8)


def test_the_scale_of_money_moves_the_constant_alone() -> None:
    money, x, exposure, first, _ = drawn(5)
    design = np.column_stack([np.ones(len(x)), x])
    one = poisson_fit(money, design, offset=np.log(exposure))
    million = poisson_fit(1e6 * money, design, offset=np.log(exposure))
    shift = million.coefficients - one.coefficients
    np.testing.assert_allclose(shift, [np.log(1e6), 0.0, 0.0], atol=1e-9)
    np.testing.assert_allclose(million.covariance(first), one.covariance(first), rtol=1e-8)


def test_weighted_projection_leaves_no_group_mean() -> None:
    _, x, weights, first, second = drawn(6)
    left = absorb_weighted(x, weights, [first, second])
    for codes in (first, second):
        means = np.bincount(codes, weights * left[:, 0]) / np.bincount(codes, weights)
        np.testing.assert_allclose(means, 0.0, atol=1e-9)


def test_collinear_regressors_are_refused() -> None:
    money, x, exposure, first, _ = drawn(7)
    with pytest.raises(ModelError, match="The regressors are collinear"):
        poisson_fit(money, np.column_stack([x, x[:, 0]]), offset=np.log(exposure))
    with pytest.raises(ModelError, match="with each other or with the absorbed effects"):
        poisson_fit(money, first[:, None] * 1.0, offset=np.log(exposure), effects=[first])
