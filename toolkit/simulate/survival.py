"""Firms on their way from prototype to production, with a known share that gets there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from itertools import product
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.errors import OptionError
from toolkit.simulate.draws import (
    Floats,
    Truth,
    check_order,
    check_share,
    days_between,
    generator,
    months_until,
    options,
    positive,
    truths,
)
from toolkit.simulate.incidence import (
    competing_incidence,
    finished_share,
    one_minus_product_limit,
    weibull_times,
)
from toolkit.simulate.loans import labels
from toolkit.simulate.places import CODES
from toolkit.simulate.register import as_register

__all__ = ["SurvivalDesign"]


@dataclass(frozen=True, kw_only=True)
class SurvivalDesign:
    r"""When firms reach production or give up, and what a register sees of it.

    Production and exit have Weibull hazards that covariates multiply,

    .. math:: \Lambda_j(t \mid x) = (t / b_j)^{k_j} e^{x' \beta_j}, \qquad
              F_1(t \mid x) = \int_0^t e^{-\Lambda_1(u) - \Lambda_2(u)} d\Lambda_1(u),

    whichever comes first is seen if it comes before the last day on record. Some firms enter the
    register late, and only if they are still under way. Neither start nor entry depends on the
    outcome, so every estimator that respects censoring, exits and late entry finds the truth.
    Exits come late: of the firms that have *finished*, 92% were in production within 18 months, as
    published (``hunan_prototype_share``, ``hunan_prototype_horizon``); the true share is lower.

    Parameters
    ----------
    horizon : float
        Months by which production counts; 18 as published.
    production_shape, production_scale, exit_shape, exit_scale : float
        Weibull laws in months where all covariates are 0.
    technology_share, pooled_share : float
        Share of technology firms, 67% as published (``hunan_zhaofu_share``), and of firms whose
        loan a risk pool covers.
    technology_effects, pooled_effects : (float, float)
        Log hazard ratios for production and for exit.
    late_share, late_months : float
        Share of firms that enter late, and the longest delay; delays are uniform.
    quarter_share : float
        Share of production dates that are known to the quarter alone.
    first_start, last_start : str
        Days between which firms start, uniformly.
    observed_until : str
        Last day on record.

    Raises
    ------
    OptionError
        If a parameter cannot be meant.

    Examples
    --------
    >>> design = SurvivalDesign()
    >>> bool(design.incidence([18])[0] < design.finished_share < 0.93)
    True
    """

    horizon: float = 18.0
    production_shape: float = 2.4
    production_scale: float = 17.0
    exit_shape: float = 4.0
    exit_scale: float = 31.77
    technology_share: float = 0.67
    pooled_share: float = 0.5
    technology_effects: tuple[float, float] = (0.3, 0.1)
    pooled_effects: tuple[float, float] = (0.4, -0.3)
    late_share: float = 0.2
    late_months: float = 9.0
    quarter_share: float = 0.3
    first_start: str = "2023-01-01"
    last_start: str = "2024-11-30"
    observed_until: str = "2024-12-31"
    regions: tuple[str, ...] = CODES

    def __post_init__(self) -> None:
        named = partial(options, self)
        positive(
            **named("horizon production_shape production_scale exit_shape exit_scale late_months")
        )
        check_share(**named("technology_share pooled_share late_share quarter_share"))
        check_order({"first_start": self.first_start}, {"last_start": self.last_start})
        check_order({"last_start": self.last_start}, {"observed_until": self.observed_until})

    def incidence(
        self,
        months: Floats | list[float],
        *,
        of: Literal["production", "exit"] = "production",
        technology: bool | None = None,
        pooled: bool | None = None,
    ) -> Floats:
        """Return the exact share that has reached production, or exit, by each month.

        Parameters
        ----------
        months : array, shape (t,)
        of : {"production", "exit"}
            Whose incidence.
        technology, pooled : bool, optional
            Only firms with this value; None averages over all.

        Raises
        ------
        OptionError
            If `of` is neither.
        """
        if of not in ("production", "exit"):
            raise OptionError(f"of is 'production' or 'exit'; got {of!r}.")
        elapsed = np.maximum(np.asarray(months, dtype=float), 0)
        chosen = [
            (weight, ratios)
            for (is_technology, is_pooled), weight, ratios in self._cells
            if weight and technology in (None, is_technology) and pooled in (None, is_pooled)
        ]
        total = sum(weight for weight, _ in chosen)
        reached = np.zeros_like(elapsed)
        for weight, ratios in chosen:
            laws = [(*law, ratio) for law, ratio in zip(self._laws, ratios, strict=True)]
            own, rival = laws if of == "production" else laws[::-1]
            reached += weight / total * competing_incidence(elapsed, own, rival)
        return np.asarray(reached)

    @cached_property
    def finished_share(self) -> float:
        """Share in production within the horizon among registered firms that have finished."""
        days = np.arange(
            np.datetime64(self.first_start, "D"),
            np.datetime64(self.last_start, "D") + np.timedelta64(1, "D"),
        )
        return finished_share(
            self.incidence,
            partial(self.incidence, of="exit"),
            horizon=self.horizon,
            seen=months_until(days, self.observed_until),
            late_share=self.late_share,
            late_months=self.late_months,
        )

    def truth(self) -> tuple[Truth, ...]:
        """Return what estimators should find, and what the usual shortcuts find instead."""
        at = [self.horizon]
        by = f"{self.horizon:g} months"
        exits = partial(self.incidence, of="exit")
        shares = {
            "reach": (self.incidence(at)[0], f"F1({by}), exits competing"),
            "reach_technology": (self.incidence(at, technology=True)[0], "F1 given x"),
            "reach_other": (self.incidence(at, technology=False)[0], "F1 given x"),
            "reach_pooled": (self.incidence(at, pooled=True)[0], "F1 given x"),
            "reach_not_pooled": (self.incidence(at, pooled=False)[0], "F1 given x"),
            "exit": (exits(at)[0], f"F2({by})"),
            "limit_finished_only": (
                self.finished_share,
                f"in production within {by}, over all that have finished by the last day",
            ),
            "limit_exits_censored": (
                one_minus_product_limit(self.incidence, exits, self.horizon),
                "1 - exp(-integral of the production hazard), exits censored",
            ),
        }
        ratios = [
            (f"log_hazard_ratio_{covariate}_{cause}", effect, "log ratio", "beta")
            for covariate, effects in (
                ("technology", self.technology_effects),
                ("pooled", self.pooled_effects),
            )
            for cause, effect in zip(("production", "exit"), effects, strict=True)
        ]
        fractions = [(name, value, "fraction", how) for name, (value, how) in shares.items()]
        return truths("milestones", *fractions, *ratios)

    def draw(self, *, firms: int, random_state: int) -> pd.DataFrame:
        """Draw so many firms that are in the register, as spells.

        ``unit region technology pooled start entry duration outcome``: `start` a day, `entry` and
        `duration` in months since, `outcome` production, exit or censored.
        """
        positive(firms=firms)
        rng = generator(random_state, "survival")
        drawn: list[pd.DataFrame] = []
        while sum(map(len, drawn)) < firms:
            drawn.append(self._registered(rng, firms))
        spells = pd.concat(drawn, ignore_index=True).head(firms)
        return spells.assign(unit=np.arange(firms))[["unit", *spells.columns]]

    def milestones(self, spells: pd.DataFrame, *, random_state: int) -> pd.DataFrame:
        """Return spells as a register with dates, as :func:`as_register` describes it."""
        return as_register(
            spells,
            generator(random_state, "milestones"),
            observed_until=self.observed_until,
            quarter_share=self.quarter_share,
        )

    def seen_once(self, *, firms: int, random_state: int) -> pd.DataFrame:
        """Draw firms that somebody visited once: at what age, and in production or not.

        ``unit_id region technology pooled age reached``: age in months, uniform to twice the
        horizon; the expected share reached at an age is :meth:`incidence`.
        """
        rng = generator(random_state, "seen once")
        technology, pooled = self._covariates(rng, firms)
        made, gone = self._times(rng, technology, pooled)
        age = rng.uniform(0, 2 * self.horizon, firms)
        return pd.DataFrame(
            {
                "unit_id": labels("V", np.arange(firms) + 1, width=7),
                "region": rng.choice(np.asarray(self.regions, dtype=object), firms),
                "technology": technology,
                "pooled": pooled,
                "age": age,
                "reached": (made < gone) & (made < age),
            }
        ).astype({"unit_id": "str", "region": "str"})

    def _registered(self, rng: np.random.Generator, firms: int) -> pd.DataFrame:
        start = days_between(rng, self.first_start, self.last_start, firms)
        technology, pooled = self._covariates(rng, firms)
        made, gone = self._times(rng, technology, pooled)
        late = rng.random(firms) < self.late_share
        entry = np.where(late, rng.uniform(0, self.late_months, firms), 0.0)
        seen = months_until(start, self.observed_until)
        duration = np.minimum(np.minimum(made, gone), seen)
        ending = np.where(made < gone, "production", "exit")
        spells = pd.DataFrame(
            {
                "region": rng.choice(np.asarray(self.regions, dtype=object), firms),
                "technology": technology,
                "pooled": pooled,
                "start": start,
                "entry": entry,
                "duration": duration,
                "outcome": np.where(np.minimum(made, gone) < seen, ending, "censored"),
            }
        ).astype({"region": "str", "outcome": "str"})
        return spells[entry < duration]

    def _covariates(
        self, rng: np.random.Generator, firms: int
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        technology = rng.random(firms) < self.technology_share
        return technology, rng.random(firms) < self.pooled_share

    def _times(
        self, rng: np.random.Generator, technology: NDArray[np.bool_], pooled: NDArray[np.bool_]
    ) -> tuple[Floats, Floats]:
        log_ratios = (
            self.technology_effects[cause] * technology + self.pooled_effects[cause] * pooled
            for cause in (0, 1)
        )
        made, gone = (
            weibull_times(rng, *law, np.exp(logs))
            for law, logs in zip(self._laws, log_ratios, strict=True)
        )
        return made, gone

    @property
    def _cells(self) -> list[tuple[tuple[bool, bool], float, tuple[float, float]]]:
        """Values of the covariates with their share and their hazard ratios."""
        cells = []
        for technology, pooled in product((True, False), repeat=2):
            share = self.technology_share if technology else 1 - self.technology_share
            share *= self.pooled_share if pooled else 1 - self.pooled_share
            logs = [
                self.technology_effects[cause] * technology + self.pooled_effects[cause] * pooled
                for cause in (0, 1)
            ]
            cells.append(((technology, pooled), share, (np.exp(logs[0]), np.exp(logs[1]))))
        return cells

    @property
    def _laws(self) -> tuple[tuple[float, float], tuple[float, float]]:
        return (
            (self.production_shape, self.production_scale),
            (self.exit_shape, self.exit_scale),
        )
