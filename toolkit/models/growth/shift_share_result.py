"""What a shift-share decomposition says of itself: sentence, drawing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from toolkit.language import say
from toolkit.models.regions import find_code
from toolkit.results import Prose, Result, format_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ALL", "TOTAL", "ShiftShare"]

ALL = "all"
"""What stands for the sector in the rows over all sectors."""

TOTAL = "change"
"""Term of the rows that the parts add up to."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ShiftShare(Result):
    """The change of every region and sector, in parts that add up to it."""

    focus: str | None = None

    def about(self, region: str) -> ShiftShare:
        """Return the same result with a region in focus, for the sentence.

        Parameters
        ----------
        region : str
            Its code, or its name.

        Raises
        ------
        OptionError
            If the result has no such region.
        """
        rows = self._whole()
        names = dict(zip(rows["region"], rows.get("region_name", rows["region"]), strict=True))
        return replace(self, focus=find_code(region, names, self.terms["region"]))

    def sentence(self) -> Prose:
        """Return the parts of the region in focus, or of the first, in words."""
        rows = self._whole()
        region = self.focus or rows["region"].iloc[0]
        own = rows[rows["region"] == region]
        name = own["region_name"].iloc[0] if "region_name" in own else region
        rates: dict[str, float] = dict(zip(own["term"], own["rate"], strict=True))
        change = rates.pop(TOTAL)
        parts = say("; ").join(
            say("{term} {rate:+.1f}%", term=term.replace("_", " "), rate=100 * rate)
            for term, rate in rates.items()
        )
        return Prose(
            say(
                "{name}, {start}-{end}: the sectors together changed by {change:+.1f}%, of which "
                "{parts} (of the first year's level).",
                name=name,
                start=self.facts["start"],
                end=self.facts["end"],
                change=100 * change,
                parts=parts,
            )
        )

    def key_figures(self) -> dict[str, str]:
        """Return the competitive part of the region in focus, where the method has one."""
        rows = self._whole()
        own = rows[(rows["region"] == self.focus) & (rows["term"] == "competitive")]
        if own.empty:
            return {}
        return {"competitive part of growth": f"{100 * own['rate'].iloc[0]:+.1f}%"}

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the parts of each region's growth as stacked bars."""
        from toolkit import figures

        rows = self._whole()
        rows = rows.assign(label=rows.get("region_name", rows["region"]))
        return figures.stacked_parts(
            rows[rows["term"] != TOTAL],
            label="label",
            part="term",
            value="rate",
            axis=say(
                "change {start}-{end}, of the first year's level",
                start=self.facts["start"],
                end=self.facts["end"],
            ),
            title=say("Shift-share ({method})", method=self.facts["method"].replace("_", "-")),
            highlight=None if self.focus is None else self._name(rows),
            ax=ax,
        )

    def _name(self, rows: pd.DataFrame) -> str:
        return str(rows.loc[rows["region"] == self.focus, "label"].iloc[0])

    def _whole(self) -> pd.DataFrame:
        return self.terms[self.terms["sector"] == ALL]

    def _display_table(self) -> pd.DataFrame:
        rows = self._whole()
        names = [name for name in ("region", "region_name") if name in rows]
        wide = rows.pivot_table(index=names, columns="term", values="estimate", sort=False)
        return wide.map(lambda value: format_number(value, digits=5)).reset_index()

    _readable = _display_table

    def _cut_line(self) -> list[str]:
        return ["Parts by sector are in tidy()."]
