"""Both series by region and year, and the provinces together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from toolkit.errors import ModelError, OptionError
from toolkit.language import say
from toolkit.models.growth.checks import shown
from toolkit.models.growth.result import TOGETHER
from toolkit.models.growth.series import GrowthSeries
from toolkit.schema import NATION

__all__ = ["By", "Levels", "levels_of"]

By = Literal["region"] | Mapping[str, str] | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Levels:
    """Levels of the regions that have both series at both ends.

    Parameters
    ----------
    regions : tuple of str
    panel : array of shape (2, regions, T)
        Sector and base in consecutive years from `first`, NaN where missing.
    first : int
        Year of the first column.
    left_out : tuple of str
        Regions without both ends.
    """

    regions: tuple[str, ...]
    panel: NDArray[np.float64]
    first: int
    left_out: tuple[str, ...]

    @property
    def provinces(self) -> NDArray[np.bool_]:
        """Which rows are provinces, the nation being none."""
        return np.array([region != NATION for region in self.regions])

    def notes(self, start: int, end: int, names: Mapping[str, str]) -> list[str]:
        """Name the regions that are left out."""
        if not self.left_out:
            return []
        lost = shown(self.left_out, names)
        return [
            say(
                "Left out, without both series in {start} and {end}: {lost}.",
                start=start,
                end=end,
                lost=lost,
            )
        ]

    def members(self, by: By) -> dict[str, NDArray[np.bool_]]:
        """Return which rows make up each zone, and the provinces together last.

        Raises
        ------
        OptionError
            If a region has no zone.
        """
        zones: dict[str, NDArray[np.bool_]] = {}
        if isinstance(by, Mapping):
            lost = [r for r in self.regions if r not in by and r != NATION]
            if lost:
                raise OptionError(
                    f"by= names no zone for the regions {', '.join(lost)}. Add them to the mapping."
                )
            named = np.array([by.get(region, "") for region in self.regions])
            zones = {
                zone: (named == zone) & self.provinces
                for zone in sorted({by[r] for r in self.regions if r != NATION})
            }
        return zones | ({TOGETHER: self.provinces} if self.provinces.any() else {})

    def summed(self, by: By) -> tuple[list[str], NDArray[np.float64]]:
        """Return the rows of a result, each a region or the sum of some.

        A sum is missing in a year in which one of its provinces is.
        """
        every = np.ones(len(self.regions), dtype=bool)
        alone = every if by == "region" else ~self.provinces
        sums = self.members(by)
        names = [r for r, kept in zip(self.regions, alone, strict=True) if kept] + list(sums)
        parts = [self.panel[:, alone]]
        parts += [self.panel[:, rows].sum(axis=1, keepdims=True) for rows in sums.values()]
        return names, np.concatenate(parts, axis=1)


def levels_of(series: GrowthSeries, start: int, end: int) -> Levels:
    """Keep the regions that have both series at both ends.

    Raises
    ------
    ModelError
        If none has.
    """
    years = series.table["year"]
    span = range(years.min(), years.max() + 1)
    wide = {name: series.wide(name).reindex(columns=span) for name in ("sector", "base")}
    wide = {name: table.where(table > 0) for name, table in wide.items()}
    ends = [start, end]
    both = wide["sector"][ends].notna().all(axis=1) & wide["base"][ends].notna().all(axis=1)
    if not both.any():
        raise ModelError(
            f"A multiple for {start}-{end} needs both series in both years in one region; of "
            f"{len(both)} regions none has them. Move the window."
        )
    return Levels(
        regions=tuple(both.index[both]),
        panel=np.stack([table[both].to_numpy(np.float64) for table in wide.values()]),
        first=int(years.min()),
        left_out=tuple(both.index[~both]),
    )
