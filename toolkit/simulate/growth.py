"""Regional accounts whose sector grows a known multiple of regional product."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np
import pandas as pd

from toolkit.errors import OptionError
from toolkit.schema import ACCOUNTS, NATION, find_indicator
from toolkit.simulate.draws import (
    Floats,
    Truth,
    at_least,
    check_share,
    generator,
    options,
    positive,
    truths,
)
from toolkit.simulate.places import CODES

__all__ = ["GrowthDesign"]

PRODUCT = "gross_regional_product"
GRAIN = 1e6
"""Accounts are printed in 亿元 with two decimals."""


@dataclass(frozen=True, kw_only=True)
class GrowthDesign:
    r"""Regional product and a sector, by province and year, in two vintages.

    Product of province :math:`i` follows :math:`G_i (1 + g_i)^t`, the sector
    :math:`S_i (1 + m g_i)^t`, each times the exponential of a stationary error, so that the ratio
    of compound yearly rates is :math:`m` in every province. Rates :math:`g_i` and sizes are fixed
    normal and log-normal quantiles. The older vintage is lower by a share that differs by
    province, and the nation's row is not the sum of the provinces.

    Parameters
    ----------
    multiple : float
        Sector growth over growth of product; 2.3 as published (``hunan_growth_multiple``).
    gdp_growth, growth_sd : float
        Mean compound yearly growth of product, nominal, and its spread over provinces.
    sector : str
        Name of the sector in `toolkit.schema.INDICATORS`, in CNY.
    sector_share : float
        Sector over product in the first year.
    start, end : int
        First and last year; the older vintage ends two years earlier.
    noise_sd, sector_noise_sd, persistence : float
        Standard deviations and autocorrelation of the errors of log product and log sector.
    revision : float
        Largest revision between the vintages, as a share.
    nation_gap : float
        How much the nation's row exceeds the sum of the provinces, as a share.

    Raises
    ------
    OptionError
        If a parameter cannot be meant.

    Examples
    --------
    >>> accounts = GrowthDesign(multiple=2.3).draw(random_state=1)
    >>> accounts["region"].nunique(), sorted(accounts["vintage"].unique())
    (32, ['before_revision', 'revised', 'unstated'])
    """

    multiple: float = 2.3
    gdp_growth: float = 0.06
    growth_sd: float = 0.01
    sector: str = "high_tech_manufacturing_revenue"
    sector_share: float = 0.04
    start: int = 2010
    end: int = 2024
    noise_sd: float = 0.015
    sector_noise_sd: float = 0.03
    persistence: float = 0.5
    product: float = 41e12
    size_sd: float = 0.9
    revision: float = 0.09
    nation_gap: float = 0.004
    regions: tuple[str, ...] = CODES

    def __post_init__(self) -> None:
        positive(multiple=self.multiple, product=self.product)
        at_least(0, **options(self, "growth_sd noise_sd sector_noise_sd size_sd nation_gap"))
        check_share(sector_share=self.sector_share, revision=self.revision)
        if not -1 < self.persistence < 1:
            raise OptionError(f"persistence lies between -1 and 1; got {self.persistence:g}.")
        if self.end - self.start < 4:
            raise OptionError(
                f"The accounts span at least 5 years; got {self.start} to {self.end}."
            )
        if (indicator := find_indicator(self.sector)).unit != "CNY":
            raise OptionError(
                f"sector is an indicator in CNY; {self.sector!r} is in {indicator.unit}."
            )

    def truth(self) -> tuple[Truth, ...]:
        """Return the multiple in each province and of the sums, without noise."""
        gdp, sector = (_yearly(values.sum(axis=0)) for values in self._levels)
        found = [
            ("multiple", self.multiple, "times", "m, of compound yearly rates in each province"),
            ("gdp_growth", self.gdp_growth, "fraction a year", "mean of g over provinces"),
            ("gdp_growth_nation", gdp, "fraction a year", "of the sum over provinces"),
            ("sector_growth_nation", sector, "fraction a year", "of the sum over provinces"),
            ("multiple_nation", sector / gdp, "times", "ratio of both; provinces differ in size"),
        ]
        if self.sector.startswith("value_added"):
            rest = _yearly(self._levels[0].sum(axis=0) - self._levels[1].sum(axis=0))
            found.append(
                ("multiple_nation_rest", sector / rest, "times", "against product less the sector")
            )
        return truths("accounts", *found)

    def draw(self, *, random_state: int) -> pd.DataFrame:
        """Draw the accounts: ``region year indicator value unit vintage``, in CNY."""
        rng = generator(random_state, "growth")
        product, sector = self._levels
        product = product * np.exp(self._errors(rng, self.noise_sd))
        sector = sector * np.exp(self._errors(rng, self.sector_noise_sd))
        revision = np.linspace(0, self.revision, len(self.regions))[_spread(len(self.regions))]
        older = (product * (1 - revision[:, None]))[:, :-2]
        tables = [
            self._long(product, PRODUCT, "revised"),
            self._long(older, PRODUCT, "before_revision"),
            self._long(sector, self.sector, "unstated"),
        ]
        return pd.concat(tables).sort_values(list(ACCOUNTS.key), ignore_index=True)

    def _long(self, values: Floats, indicator: str, vintage: str) -> pd.DataFrame:
        with_nation = np.vstack([values, values.sum(axis=0) * (1 + self.nation_gap)])
        years = np.arange(self.start, self.start + values.shape[1])
        regions = np.asarray([*self.regions, NATION], dtype=object)
        return pd.DataFrame(
            {
                "region": np.repeat(regions, len(years)),
                "year": np.tile(years, len(regions)),
                "indicator": indicator,
                "value": np.round(with_nation / GRAIN).ravel() * GRAIN,
                "unit": "CNY",
                "vintage": vintage,
            }
        ).astype(dict.fromkeys(("region", "indicator", "unit", "vintage"), "str"))

    def _errors(self, rng: np.random.Generator, sd: float) -> Floats:
        shocks = sd * rng.standard_normal((len(self.regions), self.end - self.start + 1))
        innovation = np.sqrt(1 - self.persistence**2)
        for year in range(1, shocks.shape[1]):
            shocks[:, year] = self.persistence * shocks[:, year - 1] + innovation * shocks[:, year]
        return shocks

    @cached_property
    def _levels(self) -> tuple[Floats, Floats]:
        count = len(self.regions)
        normal = np.array([NormalDist().inv_cdf((place + 0.5) / count) for place in range(count)])
        sizes = np.exp(self.size_sd * normal)
        first = self.product * sizes / sizes.sum()
        rates = self.gdp_growth + self.growth_sd * normal[_spread(count)]
        elapsed = np.arange(self.end - self.start + 1)
        product = first[:, None] * (1 + rates[:, None]) ** elapsed
        growth = 1 + self.multiple * rates[:, None]
        return product, self.sector_share * first[:, None] * growth**elapsed


def _yearly(values: Floats) -> float:
    return float((values[-1] / values[0]) ** (1 / (len(values) - 1)) - 1)


def _spread(count: int) -> list[int]:
    """Return an order that is unrelated to the plain one, the same at every call."""
    return sorted(range(count), key=lambda place: (place * 0.6180339887498949) % 1)
