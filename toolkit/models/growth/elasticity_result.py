"""What an elasticity says of itself: sentence, drawing, key figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toolkit.language import say
from toolkit.models.growth.result import TOGETHER
from toolkit.results import Prose, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["GrowthElasticity"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class GrowthElasticity(Result):
    """The elasticity of a sector with respect to gross regional product."""

    def sentence(self) -> Prose:
        """Return the common elasticity with its interval, in words."""
        row = self.terms[self.terms["region"] == TOGETHER].iloc[0]
        return Prose(
            say(
                "Where {base_label} grows by 1% more, {sector_label} grows by {estimate:.2f}% more "
                "({level:g}% interval {conf_low:.2f} to {conf_high:.2f}; {prices}, {start}-{end}, "
                "{regions} regions).",
                base_label=self.facts["base_label"],
                sector_label=self.facts["sector_label"],
                estimate=row["estimate"],
                level=100 * self.conf_level,
                conf_low=row["conf_low"],
                conf_high=row["conf_high"],
                prices=self.facts["prices"],
                start=self.facts["start"],
                end=self.facts["end"],
                regions=self.facts["regions"],
            )
        )

    def key_figures(self) -> dict[str, str]:
        """Return the common elasticity."""
        row = self.terms[self.terms["region"] == TOGETHER].iloc[0]
        return {"growth elasticity": f"{row['estimate']:.2f}"}

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the elasticities with their intervals; a line stands at one."""
        from toolkit import figures

        names = self.terms.get("region_name", self.terms["region"])
        return figures.intervals(
            self.terms.assign(label=names),
            label="label",
            axis="elasticity",
            title=say(
                "{start}-{end}, {prices}",
                start=self.facts["start"],
                end=self.facts["end"],
                prices=self.facts["prices"],
            ),
            reference=(1.0, "as fast"),
            ax=ax,
        )
