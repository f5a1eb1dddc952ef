"""Arrays: loss distributions of loan portfolios, layers that share them, money lent again.

Everything here takes and returns NumPy arrays and knows no column name.
"""

from toolkit.models.pools.conditional import Floats, conditional_rate, factor_nodes
from toolkit.models.pools.finite import DiscreteLaw, beta_binomial_pmf, one_factor_pmf
from toolkit.models.pools.layers import Layers
from toolkit.models.pools.limit import (
    LimitLaw,
    bivariate_normal_cdf,
    vasicek_cdf,
    vasicek_excess,
    vasicek_quantile,
)
from toolkit.models.pools.simulation import Flows, recycle, simulate_alike, simulate_loans

__all__ = [
    "DiscreteLaw",
    "Floats",
    "Flows",
    "Layers",
    "LimitLaw",
    "beta_binomial_pmf",
    "bivariate_normal_cdf",
    "conditional_rate",
    "factor_nodes",
    "one_factor_pmf",
    "recycle",
    "simulate_alike",
    "simulate_loans",
    "vasicek_cdf",
    "vasicek_excess",
    "vasicek_quantile",
]
