"""Instruments behind the money: pools that share losses, funnels, scores."""

from toolkit.models.instruments.book import LoanBook
from toolkit.models.instruments.decision import decision_time
from toolkit.models.instruments.funnel import funnel
from toolkit.models.instruments.funnel_result import Funnel
from toolkit.models.instruments.pool import risk_pool
from toolkit.models.instruments.pool_comparison import PoolComparison, compare_pools
from toolkit.models.instruments.pool_result import RiskPool
from toolkit.models.instruments.register import RegisterRates, register_rates
from toolkit.models.instruments.scenario import LoanScenario, LossLayer
from toolkit.models.instruments.scores import (
    ScoreScenario,
    ThresholdMoves,
    move_threshold,
    points_score,
    score_calibration,
    score_discrimination,
)

__all__ = [
    "Funnel",
    "LoanBook",
    "LoanScenario",
    "LossLayer",
    "PoolComparison",
    "RegisterRates",
    "RiskPool",
    "ScoreScenario",
    "ThresholdMoves",
    "compare_pools",
    "decision_time",
    "funnel",
    "move_threshold",
    "points_score",
    "register_rates",
    "risk_pool",
    "score_calibration",
    "score_discrimination",
]
