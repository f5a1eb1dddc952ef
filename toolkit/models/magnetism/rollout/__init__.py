"""Effect of a programme that regions adopt in different years."""

from toolkit.models.magnetism.rollout.effect import rollout_effect
from toolkit.models.magnetism.rollout.result import RolloutResult

__all__ = ["RolloutResult", "rollout_effect"]
