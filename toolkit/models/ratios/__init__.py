"""Ratios of sums and their intervals, from sums per cluster. Arrays in, arrays out.

Money is an array of shape ``(clusters,)``, or ``(clusters, months)`` where the follow-up of some
units is cut off. Then `at_risk` counts the units of each cluster that are still observed in each
month, and the ratio is that of two mean cumulative functions,

    R(t) = sum_{j<=t} Y_j / K_j  /  sum_{j<=t} X_j / K_j,

where Y_j, X_j are follow-on and lead money in month j among the n_j units still observed, and
K_j = n_j / n_1 is the share still observed: the partitioned estimator of Bang and Tsiatis. One
month and one unit per cluster give back the plain ratio of sums.

References
----------
Cochran, W. G. (1977). Sampling Techniques, 3rd ed., ch. 6.
Fieller, E. C. (1954). Some problems in interval estimation. JRSS B 16, 175-185.
Bang, H. and Tsiatis, A. A. (2000). Estimating medical costs with censored data.
    Biometrika 87, 329-343.
Lawless, J. F. and Nadeau, C. (1995). Some simple robust methods for the analysis of recurrent
    events. Technometrics 37, 158-168.
Davison, A. C. and Hinkley, D. V. (1997). Bootstrap Methods and their Application, ch. 2 and 5.
"""

from toolkit.models.ratios.bootstrap import DRAWS, bootstrap_interval
from toolkit.models.ratios.intervals import (
    RatioInterval,
    fieller_interval,
    jackknife_interval,
    linearized_interval,
    linearized_of,
    t_quantile,
)
from toolkit.models.ratios.paths import RatioPath, ratio_path

__all__ = [
    "DRAWS",
    "RatioInterval",
    "RatioPath",
    "bootstrap_interval",
    "fieller_interval",
    "jackknife_interval",
    "linearized_interval",
    "linearized_of",
    "ratio_path",
    "t_quantile",
]
