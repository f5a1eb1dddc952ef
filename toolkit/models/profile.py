"""A region at a glance: the latest value of each series, its share and its rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import ModelError
from toolkit.language import say
from toolkit.models.regions import names_of
from toolkit.results import TIDY_COLUMNS, Prose, Result, format_number, format_percent
from toolkit.schema import ACCOUNTS, INDICATORS, NATION, as_codes, require_columns
from toolkit.tables import as_pandas, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["RegionalProfile", "regional_profile"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class RegionalProfile(Result):
    """Latest values of a region's series beside those of the other provinces."""

    def sentence(self) -> Prose:
        """Return the region's gross product with its share of all provinces and its rank."""
        gdp = self.terms[self.terms["indicator"] == "gross_regional_product"]
        if gdp.empty:
            return Prose(
                say("{name}: {number} series.", name=self.facts["name"], number=len(self.terms))
            )
        row = gdp.iloc[0]
        return Prose(
            say(
                "{name} had a gross regional product of {estimate} in {year}, {share} of that of "
                "all provinces, rank {rank} of {provinces}.",
                name=self.facts["name"],
                estimate=_amount(row["estimate"], "CNY"),
                year=row["year"],
                share=format_percent(row["share"]),
                rank=row["rank"],
                provinces=row["provinces"],
            )
        )

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the region's share of all provinces, series by series."""
        from toolkit import figures

        shares = self.terms.dropna(subset=["share"])
        table = pd.DataFrame(
            {
                "label": [INDICATORS[name].label for name in shares["indicator"]],
                "estimate": 100 * shares["share"],
                "conf_low": np.nan,
                "conf_high": np.nan,
            }
        )
        title = say("{name}: share of all provinces", name=self.facts["name"])
        return figures.intervals(table, label="label", axis="percent", title=title, ax=ax)

    def _display_table(self) -> pd.DataFrame:
        shown = self.terms
        units = shown["unit"]
        return pd.DataFrame(
            {
                "series": [INDICATORS[name].label for name in shown["indicator"]],
                "year": shown["year"].astype(str),
                "value": [_amount(*pair) for pair in zip(shown["estimate"], units, strict=True)],
                "share of all provinces": [format_percent(share) for share in shown["share"]],
                "rank": [
                    say("{rank} of {count}", rank=rank, count=count)
                    for rank, count in zip(shown["rank"], shown["provinces"], strict=True)
                ],
            }
        )

    _readable = _display_table

    def _cut_line(self) -> list[str]:
        return []


def regional_profile(accounts: Any, *, region: str, vintage: str = "revised") -> RegionalProfile:
    """Show the latest value of each series of a region, its share of all provinces and its rank.

    The share is the region's value over the sum of the provinces that have one in that year; an
    index has none. Rank 1 is the largest value. The nation's row enters neither.

    Parameters
    ----------
    accounts : frame or path
        Columns ``region year indicator value unit vintage``; `region_name` is used if there.
    region : str
        6-digit code.
    vintage : str
        Which vintage to take where a series has several.

    Returns
    -------
    RegionalProfile
        tidy: ``region indicator year``, term ``value``, the fixed columns (no intervals: these are
        published figures), then ``unit share rank provinces``.

    Raises
    ------
    ModelError
        If the table has no row of the region.

    Examples
    --------
    >>> import pandas as pd
    >>> accounts = pd.DataFrame({"region": ["430000", "110000"], "year": 2023,
    ...     "indicator": "gross_regional_product", "value": [5e12, 4e12], "unit": "CNY",
    ...     "vintage": "revised"})
    >>> regional_profile(accounts, region="430000").tidy()[["share", "rank", "provinces"]].round(3)
       share  rank  provinces
    0  0.556     1          2
    """
    table = plain(as_pandas(accounts))
    require_columns(table, ACCOUNTS.names)
    rows = table.assign(region=as_codes(table["region"]))
    rows = rows[rows["region"] != NATION]
    several = rows.groupby("indicator")["vintage"].transform("nunique") > 1
    rows = rows[~several | (rows["vintage"] == vintage)]
    own = rows[rows["region"] == region]
    if own.empty:
        raise ModelError(
            f"No row of the region {region!r}. The table has: "
            f"{', '.join(sorted(rows['region'].unique()))}."
        )
    latest = own.loc[own.groupby("indicator")["year"].idxmax()]
    peers = rows.merge(latest[["indicator", "year"]], on=["indicator", "year"])
    by_series = peers.groupby("indicator")["value"]
    ranks = peers.assign(rank=by_series.rank(ascending=False, method="min").astype("int64"))
    facts = ranks[ranks["region"] == region].set_index("indicator")
    facts["share"] = (facts["value"] / by_series.sum()).where(facts["unit"] != "fraction")
    facts["provinces"] = by_series.count()
    order = [name for name in INDICATORS if name in facts.index]
    facts = facts.loc[order].reset_index()
    terms = facts.assign(term="value", estimate=facts["value"])
    for name in TIDY_COLUMNS[2:]:
        terms[name] = np.nan
    known = own["region_name"].iloc[0] if "region_name" in own else ""
    name = known or names_of([region]).get(region, region)
    columns = ["region", "indicator", "year", *TIDY_COLUMNS, "unit", "share", "rank", "provinces"]
    return RegionalProfile(
        title=say("{name} at a glance", name=name),
        unit="as the column unit says",
        terms=terms[columns],
        facts={"region": region, "name": name, "vintage": vintage},
        notes=(
            say(
                "Where a series has several vintages, the values are of the vintage {vintage!r}.",
                vintage=vintage,
            ),
            "Values in CNY are nominal.",
        ),
    )


def _amount(value: float, unit: str) -> str:
    if unit == "CNY" and abs(value) >= 1e9:
        billions, yi = format_number(value / 1e9), format_number(value / 1e8)
        return say("{billions} billion CNY", billions=billions, yi=yi)
    if unit == "fraction":
        return format_number(value)
    return say("{amount:,.0f} {unit}", amount=value, unit=unit)
