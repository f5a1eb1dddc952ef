"""Arrays: risk sets, product limit, cumulative incidence, tests, restricted means.

Everything here takes and returns NumPy arrays and knows no column name.
"""

from toolkit.models.curves.comparisons import (
    Comparison,
    LogRankWeights,
    chi_square_tail,
    gray_test,
    log_rank_names,
    log_rank_test,
    quadratic_form,
)
from toolkit.models.curves.functionals import (
    area_weights,
    functional_covariance,
    restricted_mean_time,
)
from toolkit.models.curves.interval_data import (
    CurrentStatus,
    Turnbull,
    current_status,
    status_critical_value,
    turnbull,
)
from toolkit.models.curves.limits import (
    Interval,
    band_critical_value,
    interval_names,
    limits,
    quantile,
    z_score,
)
from toolkit.models.curves.product import (
    Incidence,
    aalen_johansen,
    clustered_variance,
    influence,
    unclustered_variance,
)
from toolkit.models.curves.risk import (
    CENSORED,
    EVENT,
    EXIT,
    Floats,
    RiskSets,
    entry_positions,
    risk_sets,
)

__all__ = [
    "CENSORED",
    "EVENT",
    "EXIT",
    "Comparison",
    "CurrentStatus",
    "Floats",
    "Incidence",
    "Interval",
    "LogRankWeights",
    "RiskSets",
    "Turnbull",
    "aalen_johansen",
    "area_weights",
    "band_critical_value",
    "chi_square_tail",
    "clustered_variance",
    "current_status",
    "entry_positions",
    "functional_covariance",
    "gray_test",
    "influence",
    "interval_names",
    "limits",
    "log_rank_names",
    "log_rank_test",
    "quadratic_form",
    "quantile",
    "restricted_mean_time",
    "risk_sets",
    "status_critical_value",
    "turnbull",
    "unclustered_variance",
    "z_score",
]
