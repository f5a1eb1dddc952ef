"""Effect of a score that opens the door at a cutoff."""

from toolkit.models.magnetism.threshold.effect import threshold_effect
from toolkit.models.magnetism.threshold.result import ThresholdResult

__all__ = ["ThresholdResult", "threshold_effect"]
