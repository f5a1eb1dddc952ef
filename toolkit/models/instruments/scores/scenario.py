"""Scored firms in a few numbers, where there are none row by row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from toolkit.errors import OptionError
from toolkit.language import say
from toolkit.models.instruments.scenario import check_share, check_whole
from toolkit.models.pools import Floats

__all__ = ["ScoreScenario"]

LOWEST, HIGHEST = 0.0, 100.0
POINTS = 10.0
"""Points of the score that the odds ratio is for."""


@dataclass(frozen=True, kw_only=True)
class ScoreScenario:
    r"""Firms whose odds of default fall with their score.

    Scores are normal, cut to 0-100. The probability of default at score s is

    .. math:: p(s) = 1 / (1 + e^{-(a + (s / 10) \log q)}),

    where `a` makes its mean over the firms the default rate, and q is the odds ratio.

    Parameters
    ----------
    number : int
        Firms.
    mean, sd : float
        Of the scores before they are cut.
    default_rate : float
        Share of all firms, whatever their score, that would default.
    odds_ratio : float
        What the odds of default are multiplied by for 10 points more; 1 is a score that says
        nothing.
    size : float
        What a firm is lent if approved, in CNY.

    Raises
    ------
    OptionError
        If a number cannot be meant.

    Examples
    --------
    >>> firms = ScoreScenario(number=2000, mean=66.0, sd=12.0, default_rate=0.05, odds_ratio=0.5,
    ...     size=9e6).draw(random_state=1)
    >>> round(float(firms["predicted"].mean()), 9), firms.attrs["simulated"]
    (0.05, 'simulated scores of 2,000 firms, random_state 1')
    """

    number: int
    mean: float
    sd: float
    default_rate: float
    odds_ratio: float
    size: float

    def __post_init__(self) -> None:
        check_whole("number", self.number)
        if not LOWEST < self.mean < HIGHEST:
            raise OptionError(f"mean is a score between 0 and 100; got {self.mean:g}.")
        for name in ("sd", "odds_ratio", "size"):
            value = getattr(self, name)
            if not (value > 0 and np.isfinite(value)):
                raise OptionError(f"{name} is a number above 0; got {value:g}.")
        check_share("default_rate", self.default_rate)
        if self.default_rate in (0, 1):
            raise OptionError(
                f"default_rate lies between 0 and 1; at {self.default_rate:g} no score tells firms "
                "apart."
            )

    def draw(self, *, random_state: int) -> pd.DataFrame:
        """Draw one row per firm: ``score default amount_cny predicted``, marked as simulated."""
        rng = np.random.default_rng(random_state)
        score = self._scores(rng)
        chance = self._chances(score)
        table = pd.DataFrame(
            {
                "score": score,
                "default": (rng.random(self.number) < chance).astype(int),
                "amount_cny": self.size,
                "predicted": chance,
            }
        )
        table.attrs["simulated"] = say(
            "simulated scores of {number:,} firms, random_state {random_state}",
            number=self.number,
            random_state=random_state,
        )
        return table

    def _scores(self, rng: np.random.Generator) -> Floats:
        from scipy.special import ndtr, ndtri

        low, high = ((edge - self.mean) / self.sd for edge in (LOWEST, HIGHEST))
        ranks = ndtr(low) + rng.random(self.number) * (ndtr(high) - ndtr(low))
        return np.asarray(self.mean + self.sd * ndtri(ranks), dtype=np.float64)

    def _chances(self, score: Floats) -> Floats:
        from scipy.optimize import brentq
        from scipy.special import expit, logit

        slope = np.log(self.odds_ratio) * score / POINTS
        level, reach = float(logit(self.default_rate)), float(np.abs(slope).max()) + 1.0

        def gap(constant: float) -> float:
            return float(expit(constant + slope).mean()) - self.default_rate

        # The mean chance lies between those of the lowest and of the highest score.
        constant = brentq(gap, level - reach, level + reach, xtol=1e-13)
        return np.asarray(expit(constant + slope), dtype=np.float64)
