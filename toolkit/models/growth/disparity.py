"""How unequal regions are, year by year, between zones and within them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.accounts import accounts_panel
from toolkit.errors import DataError, OptionError
from toolkit.language import say
from toolkit.models import inequality
from toolkit.models.growth.checks import label_of
from toolkit.models.growth.cube import Vintage
from toolkit.results import TIDY_COLUMNS, Prose, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["RegionalInequality", "regional_inequality"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class RegionalInequality(Result):
    """Indices of inequality between regions, by year."""

    def sentence(self) -> Prose:
        """Tell Theil's T in the first and the last year."""
        rows = self.terms[self.terms["term"] == "theil_t"]
        first, last = rows.iloc[0], rows.iloc[-1]
        return Prose(
            say(
                "Between regions, Theil's index of {label} went from {first_estimate:.4f} in "
                "{first_year} to {last_estimate:.4f} in {last_year}.",
                label=self.facts["label"],
                first_estimate=first["estimate"],
                first_year=first["year"],
                last_estimate=last["estimate"],
                last_year=last["year"],
            )
        )

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the indices over the years, each over its first value."""
        from toolkit import figures

        rows = self.terms.copy()
        rows["index"] = rows["estimate"] / rows.groupby("term")["estimate"].transform("first")
        return figures.lines(
            rows,
            x="year",
            y="index",
            by="term",
            x_label="year",
            y_label="index over its first value",
            title=self.title,
            ax=ax,
        )


def regional_inequality(
    accounts: Any,
    *,
    indicator: str,
    per: str = "population",
    start: int | None = None,
    end: int | None = None,
    zones: Mapping[str, str] | None = None,
    vintage: Vintage = None,
) -> RegionalInequality:
    """Measure how unequally an indicator per head is spread over provinces, by year.

    Weighted by `per`: Theil's T and L, Gini's coefficient, Williamson's coefficient of variation,
    Hoover's index; and the Herfindahl index of the provinces' shares in the total.

    Parameters
    ----------
    accounts : frame or path
        Columns ``region year indicator value unit vintage``.
    indicator, per : str
        What is spread, and over whom.
    start, end : int, optional
        By default all years that both have.
    zones : mapping, optional
        Zone by region code; adds ``theil_t_between``, ``theil_t_within`` and the same of L.
    vintage : str or mapping, optional

    Returns
    -------
    RegionalInequality
        ``year term`` and the fixed columns. Indices of whole populations have no interval. Fact
        ``regions``: how many provinces the year has; only those that have every year count.

    Raises
    ------
    DataError
        If no province has both series.
    OptionError
        If a province has no zone.

    References
    ----------
    Those of :mod:`toolkit.models.inequality`.

    Examples
    --------
    >>> rows = [("110000", "gdp", 3.0), ("120000", "gdp", 1.0), ("110000", "population", 1.0),
    ...         ("120000", "population", 1.0)]
    >>> accounts = pd.DataFrame(rows, columns=["region", "indicator", "value"])
    >>> accounts["unit"] = accounts["indicator"].map({"gdp": "CNY", "population": "persons"})
    >>> accounts["indicator"] = accounts["indicator"].replace("gdp", "gross_regional_product")
    >>> accounts = accounts.assign(year=2020, vintage="unstated")
    >>> result = regional_inequality(accounts, indicator="gdp")
    >>> result.tidy().set_index("term")["estimate"].round(4).loc[["theil_t", "gini"]]
    term
    theil_t    0.1308
    gini       0.2500
    Name: estimate, dtype: float64
    """
    panel = accounts_panel(accounts, indicators=[indicator, per], vintage=vintage)
    amount, heads = panel.attrs["units"]
    both = panel.dropna(subset=[amount, heads])
    both = both[both["year"].between(start or -np.inf, end or np.inf)]
    if both.empty:
        raise DataError(
            f"No province has {amount} and {heads} in one and the same year of the window; the "
            f"accounts hold {panel['year'].min()} to {panel['year'].max()}. Move the window."
        )
    counts = both.groupby("region")["year"].size()
    steady = counts.index[counts == both["year"].nunique()]
    left = sorted(set(counts.index) - set(steady))
    both = both[both["region"].isin(steady)]
    if zones is not None and (lost := sorted(set(steady) - set(zones))):
        raise OptionError(f"zones= names none for {', '.join(lost)}. Add them to the mapping.")
    rows = [
        {"year": year, "term": term, "estimate": value, "regions": len(part)}
        for year, part in both.groupby("year")
        for term, value in _indices(part, amount, heads, zones).items()
    ]
    table = pd.DataFrame(rows)
    for column in TIDY_COLUMNS[2:]:
        table[column] = np.nan
    notes = list(panel.attrs["notes"])
    if left:
        notes.append(say("Left out, without every year: {left}.", left=say(", ").join(left)))
    return RegionalInequality(
        title=say(
            "Inequality of {amount} per head ({heads}) between regions",
            amount=label_of(amount),
            heads=label_of(heads),
        ),
        unit="index",
        terms=table[["year", *TIDY_COLUMNS, "regions"]],
        facts={
            "indicator": amount,
            "label": say("{amount} per head", amount=label_of(amount)),
            "per": heads,
            "regions": len(steady),
        },
        notes=tuple(notes),
    )


def _indices(
    part: pd.DataFrame, amount: str, heads: str, zones: Mapping[str, str] | None
) -> dict[str, float]:
    total, weights = part[amount].to_numpy(np.float64), part[heads].to_numpy(np.float64)
    each = total / weights
    indices = {
        "theil_t": inequality.theil_t(each, weights),
        "theil_l": inequality.theil_l(each, weights),
        "gini": inequality.gini(each, weights),
        "williamson": inequality.williamson(each, weights),
        "hoover": inequality.hoover(total, weights),
        "herfindahl": inequality.herfindahl(total),
    }
    if zones is not None:
        groups = part["region"].map(zones).to_numpy()
        for kind in ("T", "L"):
            split = inequality.decomposed_theil(each, weights, groups, kind=kind)
            indices[f"theil_{kind.lower()}_between"] = split.between
            indices[f"theil_{kind.lower()}_within"] = split.within
    return indices
