"""Sectors of regions over years, as one array without holes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.accounts import accounts_panel
from toolkit.errors import DataError, OptionError
from toolkit.language import say
from toolkit.models.growth.checks import SECTORS_OF_GDP, names_of, shown

__all__ = ["Cube", "Vintage", "sector_cube"]

Vintage = str | Mapping[str, str] | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Cube:
    """Levels by region, sector and year.

    Parameters
    ----------
    levels : array of shape (regions, sectors, years)
        No value is missing or negative.
    regions, sectors : tuple of str
        Codes and indicators.
    years : tuple of int
    names : mapping
        Display names of regions, where known.
    unit : str
    notes : tuple of str
    """

    levels: NDArray[np.float64]
    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    years: tuple[int, ...]
    names: Mapping[str, str]
    unit: str
    notes: tuple[str, ...]

    def name_rows(self, terms: pd.DataFrame, **more: str) -> pd.DataFrame:
        """Carry the display names along, where the accounts have them."""
        if not self.names:
            return terms
        known = {**more, **self.names}
        return terms.assign(region_name=[known.get(code, code) for code in terms["region"]])


def sector_cube(
    accounts: Any,
    *,
    sectors: Sequence[str] = SECTORS_OF_GDP,
    years: Sequence[int],
    vintage: Vintage,
) -> Cube:
    """Lay several sectors out by province, sector and year.

    A province that lacks a value is left out and named; the nation's row never enters.

    Raises
    ------
    OptionError
        If fewer than two sectors, or sectors of different units, are given.
    DataError
        If no province has all values, or one is negative.
    """
    if isinstance(sectors, str) or len(set(sectors)) < 2 or len(set(sectors)) != len(sectors):
        raise OptionError(f"sectors= names two indicators or more, each once; got {sectors!r}.")
    panel = accounts_panel(accounts, indicators=sectors, vintage=vintage)
    named = tuple(panel.attrs["units"])
    units = set(panel.attrs["units"].values())
    if len(units) > 1:
        raise OptionError(
            f"The sectors are in the units {', '.join(sorted(units))}, so they cannot be added. "
            "Choose sectors of one unit."
        )
    wide = panel.set_index(["region", "year"])[list(named)]
    regions = sorted(panel["region"].unique())
    full = wide.reindex(pd.MultiIndex.from_product([regions, years]))
    levels = full.to_numpy(np.float64).reshape(len(regions), len(years), -1).transpose(0, 2, 1)
    whole = np.isfinite(levels).all(axis=(1, 2))
    if not whole.any():
        raise DataError(
            f"No province has all of {', '.join(named)} in {_span(years)}; the accounts hold "
            f"{panel['year'].min()} to {panel['year'].max()}. Move the window."
        )
    if (levels[whole] < 0).any():
        place = np.argwhere(np.nan_to_num(levels) < 0)[0]
        raise DataError(
            f"{named[place[1]]} is negative in region {regions[place[0]]} in "
            f"{years[place[2]]}. Correct it, or leave the sector out."
        )
    names = names_of(panel)
    lost = [region for region, kept in zip(regions, whole, strict=True) if not kept]
    notes = list(panel.attrs["notes"])
    if lost:
        notes.append(
            say(
                "Left out, without all sectors in {years}: {lost}.",
                years=_span(years),
                lost=shown(lost, names),
            )
        )
    return Cube(
        levels=levels[whole],
        regions=tuple(r for r, kept in zip(regions, whole, strict=True) if kept),
        sectors=named,
        years=tuple(years),
        names=names,
        unit=units.pop(),
        notes=tuple(notes),
    )


def _span(years: Sequence[int]) -> str:
    return (
        str(years[0])
        if len(years) == 1
        else say("{first} to {last}", first=years[0], last=years[-1])
    )
