"""What is checked before a rate is taken, and how it is said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, get_args

import numpy as np
import pandas as pd

from toolkit.accounts import accounts_panel
from toolkit.errors import DataError, ModelError, OptionError, did_you_mean
from toolkit.language import say
from toolkit.models import regions
from toolkit.schema import INDICATORS, NATION

__all__ = [
    "GDP",
    "ROUNDING",
    "SECTORS_OF_GDP",
    "check_choice",
    "check_window",
    "gaps",
    "jumps",
    "label_of",
    "names_of",
    "shown",
    "two_vintages",
]

GDP = "gross_regional_product"
SECTORS_OF_GDP = ("value_added_primary", "value_added_secondary", "value_added_tertiary")
ROUNDING = 2e-3
JUMP = 1.5


def check_choice(option: str, given: object, kind: object) -> None:
    """Refuse a word that is not among those of a ``Literal``.

    Raises
    ------
    OptionError
        Listing the words, and suggesting the nearest.
    """
    choices = get_args(kind)
    if given not in choices:
        raise OptionError(
            f"{option} is {' or '.join(map(repr, choices))}; got {given!r}."
            f"{did_you_mean(given, choices)}"
        )


def check_window(start: int, end: int) -> None:
    """Refuse a window that does not run forward.

    Raises
    ------
    OptionError
        If `end` is not after `start`.
    """
    if not end > start:
        raise OptionError(
            f"A growth rate needs a window that runs forward; got start={start}, end={end}."
        )


def label_of(indicator: str) -> str:
    """Return an indicator in words, or its name where the schema does not know it.

    Examples
    --------
    >>> label_of("gross_regional_product")
    'gross regional product'
    """
    known = INDICATORS.get(indicator)
    return known.label if known else indicator


def shown(regions: Iterable[str], names: Mapping[str, str], *, most: int = 6) -> str:
    """List regions by name, or by code, the first few and the count of the others."""
    words = [names.get(region, region) for region in regions]
    more = say(" and {more} more", more=len(words) - most) if len(words) > most else ""
    return say(", ").join(words[:most]) + more


def two_vintages(
    accounts: Any,
    panel: pd.DataFrame,
    vintages: Mapping[str, str],
    against: str,
    window: tuple[int, int],
) -> list[str]:
    """Hold the three sectors of value added against the chosen vintage of the total."""
    try:
        parts = accounts_panel(accounts, indicators=SECTORS_OF_GDP, scope="all")
    except (DataError, OptionError):
        return []
    both = parts.merge(panel[["region", "year", GDP]], on=["region", "year"])
    both = both[both["year"].between(*window)]
    gap = both[list(SECTORS_OF_GDP)].sum(axis=1, min_count=3) / both[GDP] - 1
    if gap.isna().all() or gap.abs().max() <= ROUNDING:
        return []
    worst = both.iloc[int(np.nanargmax(gap.abs()))]
    found = say(
        "The three sectors of value added differ from the {vintage} vintage of {gdp} by up to "
        "{max_gap:.1f}% (region {worst_region}, {worst_year:.0f})",
        vintage=vintages[GDP],
        gdp=GDP,
        max_gap=100 * gap.abs().max(),
        worst_region=worst["region"],
        worst_year=worst["year"],
    )
    if against == "rest_of_gdp":
        raise ModelError(
            f"The sector is to be taken out of {GDP}, but they are of two vintages. {found}. "
            "Choose the vintage that the sectors add up to."
        )
    return [say("{found}: the sector and the total are of two vintages.", found=found)]


def gaps(inside: pd.DataFrame, column: str, label: str, window: tuple[int, int]) -> list[str]:
    """Name the years inside the window that no province has."""
    start, end = window
    held = set(inside.loc[inside[column].notna() & (inside["region"] != NATION), "year"])
    absent = [year for year in range(start + 1, end) if held and year not in held]
    if not absent:
        return []
    years = say(", ").join(map(str, absent))
    return [
        say(
            "No province has {label} in {years}; the window {start}-{end} spans it.",
            label=label,
            years=years,
            start=start,
            end=end,
        )
    ]


def jumps(inside: pd.DataFrame, column: str, label: str) -> list[str]:
    """Name the steps from one year to the next that few series make without a break."""
    before = inside[["region", "year", column]].assign(year=inside["year"] + 1)
    steps = inside.merge(before, on=["region", "year"], suffixes=("", "_before"))
    far = steps[np.abs(np.log(steps[column] / steps[f"{column}_before"])) > np.log(JUMP)]
    if far.empty:
        return []
    names = names_of(inside)
    places = zip(far["region"], far["year"], strict=True)
    listed = shown(
        [
            say("{region} {year}", region=names.get(region, region), year=year)
            for region, year in places
        ],
        {},
    )
    return [
        say(
            "From the year before, {label} changes by more than the factor {jump:g}, which may be "
            "a break of the series: {listed}.",
            label=label,
            jump=JUMP,
            listed=listed,
        )
    ]


def names_of(table: pd.DataFrame) -> dict[str, str]:
    """Return display names by code: the table's own, or those of provinces; else none."""
    if "region_name" not in table:
        return regions.names_of(table["region"])
    return dict(zip(table["region"], table["region_name"], strict=True))
