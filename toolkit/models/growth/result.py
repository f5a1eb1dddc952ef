"""What a growth multiple says of itself: sentence, drawing, table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.language import say
from toolkit.models.regions import find_code
from toolkit.results import Prose, Result, format_percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["REASONS", "TOGETHER", "GrowthMultiple"]

TOGETHER = "provinces"
"""The row of all provinces together, in the place of a region's code."""

REASONS = {
    "undefined": "what the sector is held against does not grow at all",
    "unstable": "the growth that the sector is held against cannot be told from zero",
    "falling": "what the sector is held against shrinks, so 'times as fast' has no meaning",
    "unknown": "too few years of both series",
}


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class GrowthMultiple(Result):
    """A sector's growth over that of its region: ratio, difference and both rates.

    Parameters
    ----------
    focus : str
        The region that :meth:`sentence`, :meth:`plot` and :meth:`key_figures` speak of.
    """

    focus: str = TOGETHER

    def about(self, region: str) -> GrowthMultiple:
        """Return the same result with another region in focus.

        Parameters
        ----------
        region : str
            Its code, or its name: ``"430000"``, ``"Hunan"`` or ``"湖南"``.

        Raises
        ------
        OptionError
            If the result has no such region.
        """
        names = {str(code): str(name) for code, name in self._wide["name"].items()}
        return replace(self, focus=find_code(region, names, self.terms["region"]))

    def sentence(self) -> Prose:
        """Return the two rates, the multiple and the difference of the region in focus."""
        row = self._row()
        facts = self.facts
        said = say(
            "{name}, {start}-{end}, {prices}: {sector_label} grew {growth_sector} a year, "
            "{base_label} {growth_base}; the growth multiple is {growth_multiple}{interval}",
            name=row["name"],
            start=facts["start"],
            end=facts["end"],
            prices=facts["prices"],
            sector_label=facts["sector_label"],
            growth_sector=format_percent(row["growth_sector"]),
            base_label=facts["base_label"],
            growth_base=format_percent(row[self._base_term]),
            growth_multiple=_ratio(row["growth_multiple"]),
            interval=self._interval(),
        )
        if row["stability"] != "stable":
            said += say(
                " ({stability}: {reason})",
                stability=row["stability"],
                reason=REASONS[row["stability"]],
            )
        said += say(
            ", the difference {growth_difference:.1f} points a year",
            growth_difference=100 * row["growth_difference"],
        )
        if facts.get("claim") is not None:
            said += say(". The published figure beside it is {claim:g}", claim=facts["claim"])
        return Prose(say("{said}.", said=said))

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw sector growth against regional growth, with rays of constant multiple."""
        from toolkit import figures

        rays = [0.5, 1.0, 2.0]
        if (claim := self.facts.get("claim")) is not None:
            rays.append(claim)
        table = self._wide
        return figures.growth_scatter(
            table,
            x=self._base_term,
            y="growth_sector",
            label="name",
            x_label=say("{base_label}, growth a year", base_label=self.facts["base_label"]),
            y_label=say("{sector_label}, growth a year", sector_label=self.facts["sector_label"]),
            multiples=rays,
            highlight=str(table.loc[self.focus, "name"]),
            total=None if TOGETHER not in table.index else str(table.loc[TOGETHER, "name"]),
            title=self.title,
            ax=ax,
        )

    def tile_map(self, *, ax: Axes | None = None) -> Axes:
        """Draw the multiple of each province as a map of squares, white where it is one."""
        from toolkit import figures

        rows = self.terms[self.terms["term"] == "growth_multiple"]
        return figures.tile_map(
            rows[rows["region"] != TOGETHER],
            region="region",
            value="estimate",
            scale="growth multiple",
            centre=1.0,
            highlight=self.focus,
            title=self.title,
            ax=ax,
        )

    def key_figures(self) -> dict[str, str]:
        """Return the multiple and the two rates of the region in focus."""
        row = self._row()
        return {
            "growth multiple": _ratio(row["growth_multiple"]),
            "sector growth a year": format_percent(row["growth_sector"]),
            "GDP growth a year": format_percent(row[self._base_term]),
        }

    @property
    def _base_term(self) -> str:
        return f"growth_{self.facts['against']}"

    def _interval(self) -> str:
        terms = self.terms
        row = terms[(terms["region"] == self.focus) & (terms["term"] == "growth_multiple")].iloc[0]
        if pd.isna(row["conf_low"]):
            return ""
        level = say("{level:g}% interval", level=100 * self.conf_level)
        if row["interval_shape"] != "bounded":
            return say(" ({level} unbounded)", level=level)
        return say(
            " ({level} {conf_low} to {conf_high})",
            level=level,
            conf_low=_ratio(row["conf_low"]),
            conf_high=_ratio(row["conf_high"]),
        )

    def _row(self) -> dict[str, Any]:
        return {str(key): value for key, value in self._wide.loc[self.focus].items()}

    @cached_property
    def _wide(self) -> pd.DataFrame:
        """One row per region, a column per term."""
        wide = self.terms.pivot_table(
            index="region", columns="term", values="estimate", sort=False, dropna=False
        )
        first = self.terms.drop_duplicates("region").set_index("region")
        names = first["region_name"] if "region_name" in first else pd.Series(dtype=str)
        codes = wide.index.to_series().replace(TOGETHER, "All provinces")
        wide["name"] = names.reindex(wide.index).fillna(codes)
        wide["stability"] = first["stability"]
        return wide

    def _display_table(self) -> pd.DataFrame:
        wide = self._wide
        rates = ["growth_sector", self._base_term, "growth_difference"]
        table = pd.DataFrame({"region": wide["name"]})
        table["growth_multiple"] = [_ratio(value) for value in wide["growth_multiple"]]
        for rate in rates:
            table[rate] = [format_percent(value) for value in wide[rate]]
        if (wide["stability"] != "stable").any():
            table["stability"] = wide["stability"]
        return table.reset_index(drop=True)

    _readable = _display_table

    def _cut_line(self) -> list[str]:
        return []


def _ratio(value: float) -> str:
    return "n/a" if pd.isna(value) else f"{value:.2f}"
