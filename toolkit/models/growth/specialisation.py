"""How specialised regions are: the distance of their mix of sectors from the mix of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.language import say
from toolkit.models import inequality
from toolkit.models.growth.checks import SECTORS_OF_GDP
from toolkit.models.growth.cube import Vintage, sector_cube
from toolkit.results import TIDY_COLUMNS, Prose, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Specialisation", "specialisation"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Specialisation(Result):
    """How far the mix of a region's sectors is from the mix of all."""

    def sentence(self) -> Prose:
        """Name the most and the least specialised region."""
        rows = self._krugman()
        most, least = rows.iloc[0], rows.iloc[-1]
        return Prose(
            say(
                "By Krugman's index {most_label} ({most_estimate:.2f}) is the most specialised "
                "region in {year}, {least_label} ({least_estimate:.2f}) the least.",
                most_label=most["label"],
                most_estimate=most["estimate"],
                year=self.facts["year"],
                least_label=least["label"],
                least_estimate=least["estimate"],
            )
        )

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw Krugman's index of all regions."""
        from toolkit import figures

        return figures.intervals(
            self._krugman(), label="label", axis="Krugman's index", title=self.title, ax=ax
        )

    def _krugman(self) -> pd.DataFrame:
        rows = self.terms[self.terms["term"] == "krugman"]
        rows = rows.assign(label=rows.get("region_name", rows["region"]))
        return rows.sort_values("estimate", ascending=False)


def specialisation(
    accounts: Any,
    *,
    year: int,
    sectors: Sequence[str] = SECTORS_OF_GDP,
    vintage: Vintage = None,
) -> Specialisation:
    """Measure how far each region's mix of sectors is from that of all provinces together.

    Krugman's index ``sum |s_ir - S_i|``, Hoover's (half of it), Herfindahl's ``sum s_ir ** 2``
    and the relative entropy ``sum s_ir log(s_ir / S_i)`` (Theil), with shares of sectors s in the
    region and S in the sum of the provinces, the region included.

    Parameters
    ----------
    accounts : frame or path
    year : int
    sectors : sequence of str
    vintage : str or mapping, optional

    Returns
    -------
    Specialisation
        ``region term`` and the fixed columns, for the terms ``krugman``, ``hoover``,
        ``herfindahl`` and ``theil``. They are identities and have no interval.

    Raises
    ------
    DataError
        If no province has all values.

    References
    ----------
    Krugman (1991), Geography and Trade. Hoover (1936), Review of Economics and Statistics 18.

    Examples
    --------
    >>> rows = [("110000", "a", 30.0), ("110000", "b", 10.0), ("120000", "a", 30.0),
    ...         ("120000", "b", 30.0)]
    >>> accounts = pd.DataFrame(rows, columns=["region", "indicator", "value"])
    >>> accounts = accounts.assign(year=2020, unit="CNY", vintage="unstated")
    >>> specialisation(accounts, year=2020, sectors=["a", "b"]).tidy()["estimate"].head(3)
    0    0.300
    1    0.150
    2    0.625
    Name: estimate, dtype: float64
    """
    cube = sector_cube(accounts, sectors=sectors, years=(year,), vintage=vintage)
    levels = cube.levels[..., 0]
    whole = levels.sum(axis=0)
    shares = whole / whole.sum()
    rows = []
    for region, own in zip(cube.regions, levels, strict=True):
        held = own / own.sum()
        indices = {
            "krugman": inequality.krugman(own, whole),
            "hoover": inequality.hoover(own, whole),
            "herfindahl": inequality.herfindahl(own),
            "theil": inequality.theil_t(held / shares, shares),
        }
        rows += [{"region": region, "term": k, "estimate": v} for k, v in indices.items()]
    table = pd.DataFrame(rows)
    for column in TIDY_COLUMNS[2:]:
        table[column] = np.nan
    return Specialisation(
        title=say("Specialisation of regions, {year}", year=year),
        unit="index",
        terms=cube.name_rows(table),
        facts={"year": year, "sectors": ", ".join(cube.sectors), "regions": len(cube.regions)},
        notes=cube.notes,
    )
