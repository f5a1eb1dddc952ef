"""Scores that open the door: parts, discrimination, calibration, and the threshold."""

from toolkit.models.instruments.scores.moves import ThresholdMoves, move_threshold
from toolkit.models.instruments.scores.quality import (
    points_score,
    score_calibration,
    score_discrimination,
)
from toolkit.models.instruments.scores.scenario import ScoreScenario

__all__ = [
    "ScoreScenario",
    "ThresholdMoves",
    "move_threshold",
    "points_score",
    "score_calibration",
    "score_discrimination",
]
