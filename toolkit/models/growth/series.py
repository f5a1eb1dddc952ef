"""A sector and what it is held against, side by side by region and year, checked before a rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from toolkit.accounts import Scope, accounts_panel
from toolkit.errors import DataError, ModelError, OptionError
from toolkit.language import say
from toolkit.models.growth.checks import (
    GDP,
    check_choice,
    check_window,
    gaps,
    jumps,
    label_of,
    names_of,
    two_vintages,
)
from toolkit.models.growth.real import constant_prices
from toolkit.schema import find_indicator

__all__ = ["Against", "GrowthSeries", "Prices", "growth_series"]

Against = Literal["gdp", "rest_of_gdp"]
Prices = Literal["nominal", "real"]


@dataclass(frozen=True, kw_only=True, eq=False)
class GrowthSeries:
    """Two series by region and year, and what a reader must know of them.

    Parameters
    ----------
    table : DataFrame
        ``region``, ``region_name`` where known, ``year``, ``sector``, ``base``; levels in CNY or
        the sector's unit, NaN where missing; all years that the accounts hold.
    sector, base : str
        What the two columns are, in words.
    prices : {"nominal", "real"}
        Basis of both columns; real is in prices of the window's first year.
    notes : tuple of str
    vintages : mapping
        Vintage by indicator.
    """

    table: pd.DataFrame
    sector: str
    base: str
    prices: Prices
    notes: tuple[str, ...]
    vintages: Mapping[str, str]

    def wide(self, column: str) -> pd.DataFrame:
        """Return one column as a table of regions by years."""
        return self.table.pivot_table(index="region", columns="year", values=column, dropna=False)

    @property
    def names(self) -> dict[str, str]:
        """Display names by code; empty where the accounts have none."""
        return names_of(self.table)


def growth_series(
    accounts: Any,
    *,
    sector: str,
    against: Against,
    start: int,
    end: int,
    prices: Prices,
    vintage: str | Mapping[str, str] | None,
    scope: Scope,
) -> GrowthSeries:
    """Lay the sector beside gross regional product, or beside what is left of it.

    Raises
    ------
    OptionError
        If an option is unknown, the vintage is not chosen, or a sector that is no part of gross
        regional product is to be taken out of it.
    DataError
        If a series is missing, or two series in different units would be subtracted.
    ModelError
        If real growth is asked for without volume indices, two vintages would be subtracted, or
        a level is not positive.
    """
    check_choice("against", against, Against)
    check_choice("prices", prices, Prices)
    check_window(start, end)
    name = _sector_name(sector)
    if against == "rest_of_gdp" and not name.startswith("value_added_"):
        raise OptionError(
            f"against='rest_of_gdp' takes the sector out of gross regional product, but {name} is "
            "not value added, so it is no part of it. Use against='gdp', or a sector whose name "
            "begins with 'value_added_'."
        )
    panel = accounts_panel(accounts, indicators=[name, GDP], vintage=vintage, scope=scope)
    _refuse_empty(panel, name, start, end)
    if against == "rest_of_gdp":
        _refuse_other_unit(panel.attrs["units"], name)
    notes = list(panel.attrs["notes"])
    vintages = panel.attrs["vintages"]
    if name.startswith("value_added_"):
        notes += two_vintages(accounts, panel, vintages, against, (start, end))
    keys = [column for column in ("region", "region_name", "year") if column in panel]
    table = panel[keys].assign(sector=panel[name], base=panel[GDP])
    if prices == "real":
        table = constant_prices(accounts, table, sector=name, against=against, start=start, end=end)
        notes.append(
            say(
                "Real: chained volumes in prices of {start}; indices on the year before.",
                start=start,
            )
        )
    else:
        notes.append("Nominal: the price changes of the window are in the rates.")
        if against == "rest_of_gdp":
            table["base"] = table["base"] - table["sector"]
    _refuse_nonpositive(table, start, end)
    base = (
        label_of(GDP)
        if against == "gdp"
        else say("{gdp} without {name}", gdp=label_of(GDP), name=label_of(name))
    )
    inside = table[table["year"].between(start, end)]
    for column, label in (("sector", label_of(name)), ("base", base)):
        notes += gaps(inside, column, label, (start, end))
        notes += jumps(inside, column, label)
    return GrowthSeries(
        table=table,
        sector=label_of(name),
        base=base,
        prices=prices,
        notes=tuple(notes),
        vintages=vintages,
    )


def _sector_name(sector: str) -> str:
    try:
        return find_indicator(sector).name
    except OptionError:
        return sector


def _refuse_other_unit(units: Mapping[str, str], name: str) -> None:
    if units[name] != units[GDP]:
        raise DataError(
            f"against='rest_of_gdp' takes {name} out of {GDP}; the accounts hold the one in "
            f"{units[name]!r} and the other in {units[GDP]!r}. Convert the values to one unit "
            "first."
        )


def _refuse_empty(panel: pd.DataFrame, name: str, start: int, end: int) -> None:
    for column in (name, GDP):
        held = panel.loc[panel[column].notna(), "year"]
        for year in (start, end):
            if not (held == year).any():
                years = f"{held.min()} to {held.max()}" if len(held) else "no year"
                raise DataError(
                    f"The window {start} to {end} needs {column} in {year}, and no region has it; "
                    f"the accounts hold {years}{_missing_between(held)}. Move the window."
                )


def _missing_between(held: pd.Series[int]) -> str:
    if held.empty:
        return ""
    absent = sorted(set(range(held.min(), held.max() + 1)) - set(held))
    return f" without {', '.join(map(str, absent))}" if absent else ""


def _refuse_nonpositive(table: pd.DataFrame, start: int, end: int) -> None:
    inside = table[table["year"].between(start, end)]
    for column, meaning in (("sector", "the sector"), ("base", "what it is held against")):
        bad = inside[inside[column] <= 0]
        if len(bad):
            first = bad.iloc[0]
            raise ModelError(
                f"A growth rate needs positive levels; {meaning} is {first[column]:g} in region "
                f"{first['region']} in {first['year']} ({len(bad)} such rows). Correct or leave "
                "out these rows."
            )
