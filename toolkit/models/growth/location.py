"""Where a sector is at home: location quotients with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from toolkit.errors import OptionError
from toolkit.language import say
from toolkit.models.growth.checks import SECTORS_OF_GDP, check_choice, label_of
from toolkit.models.growth.cube import Vintage, sector_cube
from toolkit.models.panels import newey_west, usual_lags
from toolkit.models.ratios import t_quantile
from toolkit.results import TIDY_COLUMNS, Prose, Result, check_conf_level

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["LocationQuotient", "location_quotient"]

Floats = NDArray[np.float64]
Interval = Literal["none", "counts", "years"]
COUNTED = ("persons", "count")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class LocationQuotient(Result):
    """A sector's share in a region over its share in all regions."""

    def sentence(self) -> Prose:
        """Name the sector's strongest regions."""
        sector = self.facts["sectors"].split(", ")[0]
        rows = self.terms[self.terms["sector"] == sector].nlargest(3, "estimate")
        names = rows["region_name"] if "region_name" in rows else rows["region"]
        told = say(", ").join(
            say("{name} ({value:.2f})", name=name, value=value)
            for name, value in zip(names, rows["estimate"], strict=True)
        )
        return Prose(
            say(
                "{sector} weighs most, against its weight in all provinces, in {told} ({year}).",
                sector=say(label_of(sector)).capitalize(),
                told=told,
                year=self.facts["year"],
            )
        )

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the first sector's quotients with their intervals; a line stands at one."""
        from toolkit import figures

        sector = self.facts["sectors"].split(", ")[0]
        rows = self.terms[self.terms["sector"] == sector].sort_values("estimate", ascending=False)
        return figures.intervals(
            rows.assign(label=rows.get("region_name", rows["region"])),
            label="label",
            axis=say("location quotient of {sector}", sector=label_of(sector)),
            title=self.title,
            reference=(1.0, "as everywhere"),
            ax=ax,
        )


def location_quotient(
    accounts: Any,
    *,
    year: int,
    sectors: Sequence[str] = SECTORS_OF_GDP,
    interval: Interval = "none",
    years: int = 1,
    vintage: Vintage = None,
    conf_level: float = 0.95,
) -> LocationQuotient:
    """Divide a sector's share in a region by its share in all provinces together.

    ``LQ = (x_ir / x_r) / (X_i / X)``, where totals are over the sectors given.

    Parameters
    ----------
    accounts : frame or path
        Columns ``region year indicator value unit vintage``.
    year : int
        The (last) year.
    sectors : sequence of str
        Indicators that do not overlap and add up to the whole.
    interval : {"none", "counts", "years"}
        ``"counts"``, for persons or firms: the region's split among sectors is taken as a
        multinomial draw, ``var(log LQ) = (1 - p)/(n p) + (1 - P)/(N P) - 2 cov``, with the region
        a part of the whole. ``"years"``, also for money: the mean of log LQ over so many years up
        to `year`, with Newey-West errors.
    years : int
        Length of the window for ``interval="years"``.
    vintage : str or mapping, optional
    conf_level : float

    Returns
    -------
    LocationQuotient
        ``region sector term`` and the fixed columns, term ``location_quotient`` (a ratio; its
        geometric mean over the years for ``"years"``). ``std_error`` by the delta method; the
        interval is symmetric in logs. Fact ``share``: the sector's share in the region.

    Raises
    ------
    OptionError
        If counts are asked of money, or a window of years is too short.
    DataError
        If no province has all values.

    References
    ----------
    Isard (1960), Methods of Regional Analysis. Moineddin, Beyene and Boyle (2003), Geographical
    Analysis 35, 249-256.

    Examples
    --------
    >>> rows = [("110000", "a", 30.0), ("110000", "b", 10.0), ("120000", "a", 30.0),
    ...         ("120000", "b", 30.0)]
    >>> accounts = pd.DataFrame(rows, columns=["region", "indicator", "value"])
    >>> accounts = accounts.assign(year=2020, unit="CNY", vintage="unstated")
    >>> result = location_quotient(accounts, year=2020, sectors=["a", "b"])
    >>> result.tidy()[["region", "sector", "estimate"]].round(4)
       region sector  estimate
    0  110000      a    1.2500
    1  110000      b    0.6250
    2  120000      a    0.8333
    3  120000      b    1.2500
    """
    check_conf_level(conf_level)
    check_choice("interval", interval, Interval)
    if interval == "years" and years < 4:
        raise OptionError(
            f"interval='years' needs a window of four years or more; got years={years}."
        )
    window = tuple(range(year - years + 1, year + 1)) if interval == "years" else (year,)
    cube = sector_cube(accounts, sectors=sectors, years=window, vintage=vintage)
    if interval == "counts" and cube.unit not in COUNTED:
        raise OptionError(
            f"interval='counts' takes what is counted (persons, firms); the sectors are in "
            f"{cube.unit}. Use interval='years' or 'none'."
        )
    estimate, error, quantile = _quotients(cube.levels, interval, conf_level)
    reach = quantile * error / estimate
    columns = {
        "estimate": estimate,
        "std_error": error,
        "conf_low": estimate * np.exp(-reach),
        "conf_high": estimate * np.exp(reach),
        "share": cube.levels[..., -1] / cube.levels[..., -1].sum(axis=1, keepdims=True),
    }
    index = pd.MultiIndex.from_product([cube.regions, cube.sectors], names=["region", "sector"])
    table = pd.DataFrame({name: array.ravel() for name, array in columns.items()}, index=index)
    table = table.reset_index().assign(term="location_quotient", statistic=np.nan, p_value=np.nan)[
        ["region", "sector", *TIDY_COLUMNS, "share"]
    ]
    return LocationQuotient(
        title=say("Location quotients, {window}", window=_span(window)),
        unit="ratio of shares",
        terms=cube.name_rows(table),
        facts={
            "year": _span(window),
            "sectors": ", ".join(cube.sectors),
            "regions": len(cube.regions),
            "interval": interval,
        },
        conf_level=conf_level,
        notes=(*cube.notes, "The reference is the sum of the provinces in the table."),
    )


def _quotients(
    levels: Floats, interval: Interval, conf_level: float
) -> tuple[Floats, Floats, float]:
    """Return quotients and errors, shape (regions, sectors), and the quantile of the interval."""
    shares = levels / levels.sum(axis=1, keepdims=True)
    whole = levels.sum(axis=0) / levels.sum(axis=(0, 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        quotients = shares / whole
        if interval == "years":
            return _over_years(np.log(quotients), conf_level)
        missing = np.full(quotients.shape[:2], np.nan)
        if interval == "none":
            return quotients[..., 0], missing, np.nan
        variance = _multinomial(levels[..., 0], shares[..., 0], whole[:, 0])
        error = quotients[..., 0] * np.sqrt(variance)
    return quotients[..., 0], error, float(ndtri(0.5 + conf_level / 2))


def _multinomial(counts: Floats, shares: Floats, whole: Floats) -> Floats:
    """Return ``var(log share - log whole)`` where each region's counts are a draw of their own.

    With N over all and n in a region: the whole share is the mean of the regions' shares by size,
    so its variance is ``sum n p (1 - p) / N**2`` and its covariance with one region's share is
    ``p (1 - p) / N``.
    """
    size, total = counts.sum(axis=1, keepdims=True), counts.sum()
    spread = shares * (1 - shares)
    own = spread / size / shares**2
    of_whole = (size * spread).sum(axis=0) / total**2 / whole**2
    shared = spread / total / (shares * whole)
    return np.asarray(own + of_whole - 2 * shared)


def _over_years(logs: Floats, conf_level: float) -> tuple[Floats, Floats, float]:
    """Return the geometric mean over years and its Newey-West error."""
    periods = logs.shape[2]
    means = logs.mean(axis=2)
    errors = np.empty_like(means)
    alone, times = np.zeros(periods, dtype=np.intp), np.arange(periods)
    for place in np.ndindex(*means.shape):
        scores = (logs[place] - means[place])[:, None]
        variance = newey_west(
            scores, np.eye(1) / periods, alone, times, lags=usual_lags(periods), rank=1
        )
        errors[place] = np.sqrt(variance[0, 0])
    quotients = np.exp(means)
    return quotients, quotients * errors, t_quantile(conf_level, periods - 1)


def _span(years: Sequence[int]) -> str:
    return str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"
