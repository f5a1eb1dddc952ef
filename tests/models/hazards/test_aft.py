import numpy as np
from scipy.optimize import brentq

from toolkit.models.hazards import aft_fit

TIMES = np.array([14.0, 15.0, 22.0, 28.0, 2.0, 5.0])
EVENTS = np.array([False, True, True, False, True, False])


def test_weibull_is_found_from_a_start_where_its_likelihood_bends_upwards():
    logs = np.log(TIMES)

    def score(shape):
        power = TIMES**shape
        return power @ logs / power.sum() - 1 / shape - logs[EVENTS].mean()

    shape = brentq(score, 0.1, 10.0, xtol=1e-14)
    scale = ((TIMES**shape).sum() / EVENTS.sum()) ** (1 / shape)
    fit = aft_fit(TIMES, np.where(EVENTS, TIMES, np.inf), np.ones((6, 1)), form="weibull")
    np.testing.assert_allclose(fit.coefficients, [np.log(scale)], rtol=1e-9)
    np.testing.assert_allclose(fit.log_scale, -np.log(shape), rtol=1e-8)
    assert (np.linalg.eigvalsh(fit.covariance) > 0).all()
