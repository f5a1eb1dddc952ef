"""An innovation score that opens the door at 70, with a known jump behind it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from toolkit.errors import OptionError
from toolkit.simulate.draws import Floats, Truth, check_share, generator, positive, truths

__all__ = ["ThresholdDesign"]


@dataclass(frozen=True, kw_only=True)
class ThresholdDesign:
    r"""Firms with a score, credit that depends on it, and an outcome that depends on credit.

    Scores are normal, cut to 0-100. With :math:`x = (score - cutoff)/10`, credit is taken up with
    probability :math:`p_0 + s x` below the cutoff and :math:`p_1 + s x` from it on. The outcome is

    .. math:: \log y = \beta_0 + \beta_1 x + \beta_2 x^2 + \beta_3 x^3 + \tau D + e,

    where :math:`e` is correlated with the will to take credit, so that a plain comparison of
    takers and others is biased. A sharp version, where all from the cutoff on take credit and no
    one below, stands beside it.

    Parameters
    ----------
    cutoff : float
        Score from which credit is supported; 70 as published (``points_threshold``).
    takeup_below, takeup_above : float
        Take-up just below and from the cutoff on; 14% and 47% are the published approval rates
        (``national_approval_before``, ``national_approval_after``).
    takeup_slope : float
        Change of take-up by 10 points.
    effect : float
        Effect :math:`\tau` of credit on the log of the outcome, the same for all firms.
    selection : float
        Correlation of the outcome's error with the will to take credit.
    mean, sd : float
        Of the scores before they are cut.

    Raises
    ------
    OptionError
        If a parameter cannot be meant.

    Examples
    --------
    >>> design = ThresholdDesign(effect=0.4)
    >>> {truth.estimand: round(truth.value, 3) for truth in design.truth()}["jump_in_outcome"]
    0.132
    """

    cutoff: float = 70.0
    takeup_below: float = 0.14
    takeup_above: float = 0.47
    takeup_slope: float = 0.02
    effect: float = 0.4
    selection: float = 0.5
    mean: float = 66.0
    sd: float = 12.0
    noise_sd: float = 0.6
    curve: tuple[float, float, float, float] = (15.0, 0.10, -0.02, 0.005)

    def __post_init__(self) -> None:
        check_share(takeup_below=self.takeup_below, takeup_above=self.takeup_above)
        positive(sd=self.sd, noise_sd=self.noise_sd)
        if not 0 < self.cutoff < 100:
            raise OptionError(f"cutoff lies between 0 and 100; got {self.cutoff:g}.")
        if not -1 < self.selection < 1:
            raise OptionError(f"selection is a correlation; got {self.selection:g}.")

    def truth(self) -> tuple[Truth, ...]:
        """Return the jumps at the cutoff, sharp and fuzzy."""
        takeup = self.takeup_above - self.takeup_below
        return truths(
            "threshold",
            ("jump_in_takeup", takeup, "fraction", "p1 - p0"),
            ("jump_in_outcome", takeup * self.effect, "log yuan", "(p1 - p0) tau"),
            ("effect_of_credit", self.effect, "log yuan", "tau = jump in outcome / in take-up"),
            ("sharp_jump", self.effect, "log yuan", "tau, of outcome_sharp"),
            ("covariate_jump", 0.0, "years", "age does not depend on the score"),
        )

    def draw(self, *, firms: int, random_state: int) -> pd.DataFrame:
        """Draw one row per firm.

        ``firm score age takeup outcome takeup_sharp outcome_sharp``: outcomes in log yuan, age in
        years.
        """
        rng = generator(random_state, "threshold")
        score = self._scores(rng, firms)
        distance = (score - self.cutoff) / 10
        above = score >= self.cutoff
        level = np.where(above, self.takeup_above, self.takeup_below)
        chance = np.clip(level + self.takeup_slope * distance, 0, 1)
        will = rng.standard_normal(firms)
        independent = np.sqrt(1 - self.selection**2) * rng.standard_normal(firms)
        error = self.noise_sd * (self.selection * will + independent)
        # The will's rank is uniform: the chance holds exactly, and takers have the larger will.
        takeup = _normal_cdf(-will) < chance
        smooth = np.polynomial.polynomial.polyval(distance, self.curve) + error
        return pd.DataFrame(
            {
                "firm": np.arange(firms),
                "score": score,
                "age": rng.gamma(4.0, 2.0, firms),
                "takeup": takeup,
                "outcome": smooth + self.effect * takeup,
                "takeup_sharp": above,
                "outcome_sharp": smooth + self.effect * above,
            }
        )

    def _scores(self, rng: np.random.Generator, firms: int) -> Floats:
        scores = self.mean + self.sd * rng.standard_normal(firms)
        while (outside := (scores < 0) | (scores > 100)).any():
            scores[outside] = self.mean + self.sd * rng.standard_normal(int(outside.sum()))
        return scores


def _normal_cdf(values: Floats) -> Floats:
    from scipy.special import ndtr

    return np.asarray(ndtr(values), dtype=np.float64)
