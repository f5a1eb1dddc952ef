"""From prototype to production: how long it takes, and how many get there."""

from toolkit.models.survival.assumptions import AssumptionSheet, assumption_sheet
from toolkit.models.survival.comparison import LogRank, log_rank
from toolkit.models.survival.curve import survival_curve
from toolkit.models.survival.curve_result import SurvivalCurve
from toolkit.models.survival.forms import FormTable, compare_forms
from toolkit.models.survival.incidence import CumulativeIncidence, cumulative_incidence
from toolkit.models.survival.interval_observed import (
    CurrentStatusCurve,
    TurnbullCurve,
    current_status_curve,
    turnbull_curve,
)
from toolkit.models.survival.proportionality import Proportionality
from toolkit.models.survival.reach import Reach, reach
from toolkit.models.survival.regression import hazard_regression
from toolkit.models.survival.regression_result import HazardRegression, PredictedCurves
from toolkit.models.survival.restricted import RestrictedMean, restricted_mean

__all__ = [
    "AssumptionSheet",
    "CumulativeIncidence",
    "CurrentStatusCurve",
    "FormTable",
    "HazardRegression",
    "LogRank",
    "PredictedCurves",
    "Proportionality",
    "Reach",
    "RestrictedMean",
    "SurvivalCurve",
    "TurnbullCurve",
    "assumption_sheet",
    "compare_forms",
    "cumulative_incidence",
    "current_status_curve",
    "hazard_regression",
    "log_rank",
    "reach",
    "restricted_mean",
    "survival_curve",
    "turnbull_curve",
]
