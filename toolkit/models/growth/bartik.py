"""Growth that a mix of sectors predicts: exposure times what happened elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from toolkit.errors import ModelError
from toolkit.language import say
from toolkit.models.growth.checks import SECTORS_OF_GDP, check_choice, check_window
from toolkit.models.growth.cube import Vintage, sector_cube
from toolkit.results import TIDY_COLUMNS, Prose, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["BartikInstrument", "bartik_instrument"]

Shocks = Literal["leave_one_out", "all"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class BartikInstrument(Result):
    """Growth that a region's mix of sectors predicts.

    Parameters
    ----------
    shares : DataFrame
        Regions by sectors: shares in the first year, adding up to one.
    shocks : DataFrame
        Regions by sectors: growth of the sector as that region is shown it.
    """

    shares: pd.DataFrame
    shocks: pd.DataFrame

    def sentence(self) -> Prose:
        """Tell how far predictions go apart, and how they go with the actual growth."""
        wide = self.terms.pivot_table(index="region", columns="term", values="estimate")
        low, high = wide["bartik"].min(), wide["bartik"].max()
        together = float(np.corrcoef(wide["bartik"], wide["growth"])[0, 1])
        return Prose(
            say(
                "From {start} to {end} the mix of sectors predicts growth between {low:.1f}% and "
                "{high:.1f}%; its correlation with the actual one over {regions} regions is "
                "{together:.2f}.",
                start=self.facts["start"],
                end=self.facts["end"],
                low=100 * low,
                high=100 * high,
                regions=len(wide),
                together=together,
            )
        )

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw actual against predicted growth."""
        from toolkit import figures

        wide = self.terms.pivot_table(index="region", columns="term", values="estimate")
        slope, level = np.polyfit(wide["bartik"], wide["growth"], 1)
        first = self.terms.drop_duplicates("region").set_index("region")
        names = first.get("region_name", first.index.to_series())
        return figures.fitted_scatter(
            wide.assign(fitted=level + slope * wide["bartik"], label=names),
            x="bartik",
            y="growth",
            fitted="fitted",
            label="label",
            x_label="growth that the mix of sectors predicts",
            y_label="actual growth",
            title=self.title,
            ax=ax,
        )


def bartik_instrument(
    accounts: Any,
    *,
    start: int,
    end: int,
    sectors: Sequence[str] = SECTORS_OF_GDP,
    shocks: Shocks = "leave_one_out",
    vintage: Vintage = None,
) -> BartikInstrument:
    """Predict each region's growth from its mix of sectors and the sectors' growth elsewhere.

    ``B_r = sum_i s_ir g_i(-r)``, with shares s in the first year and g the growth of the sector
    in all other provinces (``shocks="leave_one_out"``) or in all (``"all"``).

    Parameters
    ----------
    accounts : frame or path
        Columns ``region year indicator value unit vintage``.
    start, end : int
    sectors : sequence of str
        Indicators that do not overlap.
    shocks : {"leave_one_out", "all"}
    vintage : str or mapping, optional

    Returns
    -------
    BartikInstrument
        ``region term`` and the fixed columns, terms ``bartik`` and ``growth`` (the actual one),
        fractions over the whole window; and the frames `shares` and `shocks`.

    Raises
    ------
    DataError
        If fewer than one province has all sectors at both ends.
    ModelError
        If a sector starts from zero in all (other) provinces.

    References
    ----------
    Bartik (1991), Who Benefits from State and Local Economic Development Policies?

    Examples
    --------
    >>> rows = [
    ...     ("110000", 2010, "a", 50.0), ("110000", 2020, "a", 60.0),
    ...     ("110000", 2010, "b", 50.0), ("110000", 2020, "b", 50.0),
    ...     ("120000", 2010, "a", 20.0), ("120000", 2020, "a", 30.0),
    ...     ("120000", 2010, "b", 80.0), ("120000", 2020, "b", 88.0),
    ... ]
    >>> accounts = pd.DataFrame(rows, columns=["region", "year", "indicator", "value"])
    >>> accounts = accounts.assign(unit="CNY", vintage="unstated")
    >>> result = bartik_instrument(accounts, start=2010, end=2020, sectors=["a", "b"])
    >>> result.tidy().query("term == 'bartik'")["estimate"].round(4).tolist()
    [0.3, 0.04]
    """
    check_choice("shocks", shocks, Shocks)
    check_window(start, end)
    cube = sector_cube(accounts, sectors=sectors, years=(start, end), vintage=vintage)
    first, last = cube.levels[..., 0], cube.levels[..., 1]
    own = 1.0 if shocks == "leave_one_out" else 0.0
    before, after = first.sum(axis=0) - own * first, last.sum(axis=0) - own * last
    if (before <= 0).any():
        raise ModelError(
            "A sector starts from zero in the provinces that its growth is taken from. Leave the "
            "sector out, or use shocks='all'."
        )
    shares, growth = first / first.sum(axis=1, keepdims=True), after / before - 1
    actual = last.sum(axis=1) / first.sum(axis=1) - 1
    predicted = (shares * growth).sum(axis=1)
    rows = [
        {"region": region, "term": term, "estimate": value}
        for region, pair in zip(cube.regions, zip(predicted, actual, strict=True), strict=True)
        for term, value in zip(("bartik", "growth"), pair, strict=True)
    ]
    table = pd.DataFrame(rows)
    for column in TIDY_COLUMNS[2:]:
        table[column] = np.nan
    regions, columns = pd.Index(cube.regions, name="region"), list(cube.sectors)
    return BartikInstrument(
        title=say("Growth predicted by the mix of sectors, {start}-{end}", start=start, end=end),
        unit="growth over the window, a fraction",
        terms=cube.name_rows(table),
        facts={"start": start, "end": end, "shocks": shocks, "sectors": len(cube.sectors)},
        notes=cube.notes,
        shares=pd.DataFrame(shares, index=regions, columns=columns),
        shocks=pd.DataFrame(growth, index=regions, columns=columns),
    )
