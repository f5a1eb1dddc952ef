"""Capital magnetism: how much money follows each yuan, how surely, and because of it."""

from toolkit.models.magnetism.capital import capital_magnetism
from toolkit.models.magnetism.concordance import ConcordanceResult, concordance
from toolkit.models.magnetism.curve import CurveResult, magnetism_curve
from toolkit.models.magnetism.ratio import magnetism_ratio
from toolkit.models.magnetism.regression import RegressionResult, magnetism_regression
from toolkit.models.magnetism.result import RatioResult
from toolkit.models.magnetism.rollout import RolloutResult, rollout_effect
from toolkit.models.magnetism.shrinkage import ShrunkenResult, shrink_ratios
from toolkit.models.magnetism.threshold import ThresholdResult, threshold_effect

__all__ = [
    "ConcordanceResult",
    "CurveResult",
    "RatioResult",
    "RegressionResult",
    "RolloutResult",
    "ShrunkenResult",
    "ThresholdResult",
    "capital_magnetism",
    "concordance",
    "magnetism_curve",
    "magnetism_ratio",
    "magnetism_regression",
    "rollout_effect",
    "shrink_ratios",
    "threshold_effect",
]
