"""Whether parts of the accounts add up to their total, province by province and year by year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.accounts import accounts_panel
from toolkit.errors import DataError, OptionError
from toolkit.language import say
from toolkit.models.growth.checks import ROUNDING, SECTORS_OF_GDP, label_of, names_of
from toolkit.models.growth.cube import Vintage
from toolkit.results import TIDY_COLUMNS, Prose, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["AccountingGaps", "accounting_gaps"]

MOST_NAMED = 12


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class AccountingGaps(Result):
    """What parts lack of their total."""

    def sentence(self) -> Prose:
        """Tell how many cells add up, and the largest gap."""
        facts, rows = self.facts, self.terms
        if not facts["broken"]:
            return Prose(
                say(
                    "The {parts} parts of {total_label} add up to it in all {rows} province-years "
                    "(within {tolerance:g}%).",
                    parts=facts["parts"],
                    total_label=facts["total_label"],
                    rows=facts["rows"],
                    tolerance=100 * facts["tolerance"],
                )
            )
        worst = rows.iloc[int(np.argmax(rows["relative"].abs()))]
        return Prose(
            say(
                "The {parts} parts of {total_label} do not add up to it in {broken} of {rows} "
                "province-years; the largest gap is {worst_relative:+.1f}% ({worst_region}, "
                "{worst_year}).",
                parts=facts["parts"],
                total_label=facts["total_label"],
                broken=facts["broken"],
                rows=facts["rows"],
                worst_relative=100 * worst["relative"],
                worst_region=worst.get("region_name", worst["region"]),
                worst_year=worst["year"],
            )
        )

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the gaps of the provinces that do not add up, over the years."""
        from toolkit import figures

        broken = self.terms.loc[~self.terms["holds"], "region"].unique()
        rows = self.terms.assign(percent=100 * self.terms["relative"])
        return figures.lines(
            rows.assign(label=rows.get("region_name", rows["region"])),
            x="year",
            y="percent",
            by="region",
            x_label="year",
            y_label="parts less total, % of the total",
            title=self.title,
            highlight=list(broken[:6]),
            ax=ax,
        )


def accounting_gaps(
    accounts: Any,
    *,
    total: str = "gdp",
    parts: Sequence[str] = SECTORS_OF_GDP,
    vintage: Vintage = None,
    tolerance: float = ROUNDING,
) -> AccountingGaps:
    """Hold the sum of some series against the series that they make up.

    ``gap = sum(parts) - total``; it holds where ``|gap| <= tolerance * total``. A gap is reported
    and never spread over the parts.

    Parameters
    ----------
    accounts : frame or path
        Columns ``region year indicator value unit vintage``.
    total : str
        Indicator of the whole.
    parts : sequence of str
        Indicators that should add up to it.
    vintage : str or mapping, optional
        Of the total, where there are several.
    tolerance : float
        Share of the total that rounding may take.

    Returns
    -------
    AccountingGaps
        ``region year term`` and the fixed columns; term ``gap``, in the unit of the total. Facts
        of a row: ``relative`` (gap over total, a fraction) and ``holds``. Notes name stretches of
        years that do not add up.

    Raises
    ------
    OptionError
        If the units differ.
    DataError
        If no province has all in one year.

    Examples
    --------
    >>> accounts = pd.DataFrame(
    ...     {
    ...         "region": "430000",
    ...         "year": 2010,
    ...         "indicator": ["gross_regional_product", "a", "b"],
    ...         "value": [100.0, 60.0, 45.0],
    ...         "unit": "CNY",
    ...         "vintage": "unstated",
    ...     }
    ... )
    >>> accounting_gaps(accounts, parts=["a", "b"]).tidy()[["estimate", "relative", "holds"]]
       estimate  relative  holds
    0       5.0      0.05  False
    """
    panel = accounts_panel(accounts, indicators=[total, *parts], vintage=vintage)
    whole, *members = panel.attrs["units"]
    if len(units := set(panel.attrs["units"].values())) > 1:
        raise OptionError(
            f"The total and its parts are in the units {', '.join(sorted(units))}, so they cannot "
            "be added. Choose series of one unit."
        )
    rows = panel.dropna(subset=[whole, *members]).reset_index(drop=True)
    if rows.empty:
        raise DataError(
            f"No province has {whole} and all of {', '.join(members)} in one and the same year."
        )
    gap = rows[members].sum(axis=1) - rows[whole]
    table = rows[["region", "year"]].assign(term="gap", estimate=gap)
    for column in TIDY_COLUMNS[2:]:
        table[column] = np.nan
    table["relative"] = gap / rows[whole]
    table["holds"] = table["relative"].abs() <= tolerance
    names = names_of(panel)
    if names:
        table["region_name"] = table["region"].map(names)
    broken = table[~table["holds"]]
    return AccountingGaps(
        title=say("{number} parts against {whole}", number=len(members), whole=label_of(whole)),
        unit=units.pop(),
        terms=table,
        facts={
            "total": whole,
            "total_label": label_of(whole),
            "parts": len(members),
            "vintage": panel.attrs["vintages"][whole],
            "rows": len(table),
            "broken": len(broken),
            "tolerance": tolerance,
        },
        notes=(*panel.attrs["notes"], *_stretches(broken, names)),
    )


def _stretches(broken: pd.DataFrame, names: dict[str, str]) -> list[str]:
    if broken.empty:
        return []
    told = [
        say("{region} {year}", region=names.get(str(region), region), year=_years(part["year"]))
        for region, part in broken.groupby("region")
    ]
    more = say(" and {more} more", more=len(told) - MOST_NAMED) if len(told) > MOST_NAMED else ""
    return [
        say("Does not add up: {told}{more}.", told=say("; ").join(told[:MOST_NAMED]), more=more)
    ]


def _years(years: Iterable[int]) -> str:
    """Write years as stretches.

    Examples
    --------
    >>> _years([2003, 2004, 2005, 2009])
    '2003-2005, 2009'
    """
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return say(", ").join(str(r[0]) if len(r) == 1 else f"{r[0]}-{r[-1]}" for r in runs)
