"""A programme that provinces adopt in different years, with a known effect on bank money."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.errors import OptionError
from toolkit.simulate.draws import Floats, Truth, at_least, generator, positive, truths
from toolkit.simulate.places import CODES

__all__ = ["RolloutDesign"]

NAMED_FIRST = ("340000", "320000", "330000")
"""Anhui, Jiangsu and Zhejiang, whose programmes began in different years."""


@dataclass(frozen=True, kw_only=True)
class RolloutDesign:
    r"""Bank money by region and year, before and after a programme.

    .. math:: \log y_{it} = \alpha_i + \lambda_t + (\delta + \gamma (t - g_i)) 1[t \ge g_i]
              + u_{it}, \qquad u_{it} = \rho u_{i,t-1} + e_{it}

    with region and year effects, the year of adoption :math:`g_i`, and stationary errors. The
    placebo has the same law with no effect. Adoption does not depend on the errors.

    Parameters
    ----------
    effect, growth : float
        Effect :math:`\delta` on log bank money in the year of adoption, and its growth
        :math:`\gamma` by year after; with growth, two-way fixed effects are biased.
    adoption : tuple of (int, int)
        Year of adoption and how many regions adopt then; the others never do. Anhui, Jiangsu and
        Zhejiang are among the first, the second and the third of them.
    start, end : int
        First and last year.
    mean_log, trend : float
        Log yuan of the average region in the first year, and the yearly growth of all.
    region_sd, year_sd, noise_sd : float
        Standard deviations of region effects, of yearly shocks to the common path, and of
        :math:`u`.
    persistence : float
        Autocorrelation :math:`\rho` of :math:`u`, which is why errors are clustered by region.

    Raises
    ------
    OptionError
        If a parameter cannot be meant.

    Examples
    --------
    >>> design = RolloutDesign(effect=0.2, growth=0.05)
    >>> len(design.draw(random_state=1)), round(design.effect_after(2), 12)
    (403, 0.3)
    """

    effect: float = 0.25
    growth: float = 0.05
    adoption: tuple[tuple[int, int], ...] = ((2016, 8), (2018, 8), (2020, 8))
    start: int = 2012
    end: int = 2024
    region_sd: float = 0.8
    year_sd: float = 0.05
    trend: float = 0.09
    noise_sd: float = 0.12
    persistence: float = 0.5
    mean_log: float = 25.0
    regions: tuple[str, ...] = CODES

    def __post_init__(self) -> None:
        positive(noise_sd=self.noise_sd)
        at_least(0, region_sd=self.region_sd, year_sd=self.year_sd)
        if not -1 < self.persistence < 1:
            raise OptionError(
                f"persistence lies between -1 and 1; got {self.persistence:g}. "
                "At 1 the errors would never return."
            )
        adopters = sum(count for _, count in self.adoption)
        if not 1 <= adopters <= len(self.regions):
            raise OptionError(
                f"adoption counts 1 to {len(self.regions)} regions in all; got {adopters}."
            )
        for year, _ in self.adoption:
            if not self.start < year <= self.end:
                raise OptionError(
                    f"A year of adoption lies after start and not after end "
                    f"({self.start} to {self.end}); got {year}."
                )

    def effect_after(self, years: int) -> float:
        """Return the effect on log bank money so many years after adoption; none before."""
        return self.effect + self.growth * years if years >= 0 else 0.0

    def truth(self) -> tuple[Truth, ...]:
        """Return the average effects on the treated, by years since adoption and overall."""
        cells = [
            (year, count, since)
            for year, count in self.adoption
            for since in range(self.end - year + 1)
        ]
        weights = np.array([count for _, count, _ in cells], dtype=float)
        effects = np.array([self.effect_after(since) for *_, since in cells])
        groups = {
            (year, count): np.mean([self.effect_after(k) for k in range(self.end - year + 1)])
            for year, count in self.adoption
        }
        sizes = np.array([count for _, count in groups], dtype=float)
        longest = max(since for *_, since in cells)
        simple = weights @ effects / weights.sum()
        by_group = sizes @ np.array(list(groups.values())) / sizes.sum()
        by_exposure = [self.effect_after(since) for since in range(longest + 1)]
        log = "log yuan"
        return truths(
            "rollout",
            ("att_simple", simple, log, "mean of delta + gamma (t - g) over treated cells"),
            ("att_by_group", by_group, log, "mean over adopters of each one's mean effect"),
            ("att_dynamic", float(np.mean(by_exposure)), log, "mean over exposures k"),
            ("placebo", 0.0, log, "the placebo outcome has no effect"),
            *(
                (f"att_after_{since}", effect, log, "delta + gamma k")
                for since, effect in enumerate(by_exposure)
            ),
        )

    def draw(self, *, random_state: int) -> pd.DataFrame:
        """Draw the panel, one row per region and year.

        ``region year adopted bank_cny log_bank placebo_cny log_placebo``: `adopted` is the year of
        adoption, 0 where there is none; yuan, and logs of yuan.
        """
        rng = generator(random_state, "rollout")
        adopted = self._adopted(rng)
        years = np.arange(self.start, self.end + 1)
        since = years[None, :] - adopted[:, None]
        treated = (adopted[:, None] > 0) & (since >= 0)
        effect = np.where(treated, self.effect + self.growth * since, 0.0)
        outcome, placebo = self._untreated(rng) + effect, self._untreated(rng)
        return pd.DataFrame(
            {
                "region": np.repeat(np.asarray(self.regions, dtype=object), len(years)),
                "year": np.tile(years, len(adopted)),
                "adopted": np.repeat(adopted, len(years)),
                "bank_cny": np.exp(outcome).ravel(),
                "log_bank": outcome.ravel(),
                "placebo_cny": np.exp(placebo).ravel(),
                "log_placebo": placebo.ravel(),
            }
        ).astype({"region": "str"})

    def _adopted(self, rng: np.random.Generator) -> NDArray[np.int64]:
        """Give each year of adoption one of the named regions and others by lot."""
        named = [self.regions.index(code) for code in NAMED_FIRST if code in self.regions]
        leaders = dict(zip([year for year, _ in self.adoption], named, strict=False))
        by_lot = [place for place in rng.permutation(len(self.regions)) if place not in named]
        pool = [*by_lot, *named[len(leaders) :]]
        adopted = np.zeros(len(self.regions), dtype=np.int64)
        for year, count in self.adoption:
            leader = [leaders[year]] if year in leaders and count else []
            others = [pool.pop(0) for _ in range(count - len(leader))]
            adopted[[*leader, *others]] = year
        return adopted

    def _untreated(self, rng: np.random.Generator) -> Floats:
        shape = (len(self.regions), self.end - self.start + 1)
        region = self.mean_log + self.region_sd * rng.standard_normal((shape[0], 1))
        common = self.trend * np.arange(shape[1]) + self.year_sd * rng.standard_normal(shape[1])
        shocks = self.noise_sd * rng.standard_normal(shape)
        errors = np.empty(shape)
        errors[:, 0] = shocks[:, 0]
        innovation = np.sqrt(1 - self.persistence**2)
        for year in range(1, shape[1]):
            errors[:, year] = self.persistence * errors[:, year - 1] + innovation * shocks[:, year]
        return np.asarray(region + common + errors)
