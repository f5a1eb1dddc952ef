"""What a test of convergence says of itself: sentence and drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.language import say
from toolkit.results import Prose, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Convergence"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Convergence(Result):
    """Whether regions grow more alike."""

    def sentence(self) -> Prose:
        """Return the finding in words."""
        years = f"{self.facts['start']}-{self.facts['end']}"
        if self.facts["kind"] == "sigma":
            row = self._first("sigma_trend")
            return Prose(
                say(
                    "Over {years} the spread of log {label} between regions changed by "
                    "{estimate:+.4f} a year ({interval}).",
                    years=years,
                    label=self.facts["label"],
                    estimate=row["estimate"],
                    interval=self._interval(row),
                )
            )
        row = self._first("beta")
        return Prose(
            say(
                "Over {years} a start 1% higher in {label} went with {estimate:+.4f} percentage "
                "points of growth a year ({interval}).",
                years=years,
                label=self.facts["label"],
                estimate=row["estimate"],
                interval=self._interval(row),
            )
        )

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw growth against the start (beta), or the spread over the years (sigma)."""
        from toolkit import figures

        if self.facts["kind"] == "sigma":
            rows = self.augment().assign(line="standard deviation of logs")
            return figures.lines(
                rows,
                x="year",
                y="sigma",
                by="line",
                x_label="year",
                y_label="standard deviation of logs",
                title=self.title,
                ax=ax,
            )
        return figures.fitted_scatter(
            self.augment(),
            x="start",
            y="growth",
            fitted="fitted",
            label="label",
            x_label=say(
                "log {label}, {start}", label=self.facts["label"], start=self.facts["start"]
            ),
            y_label="growth a year (log points)",
            title=self.title,
            ax=ax,
        )

    def _first(self, term: str) -> pd.Series[Any]:
        return self.terms[self.terms["term"] == term].iloc[0]

    def _interval(self, row: pd.Series[Any]) -> str:
        level = say("{level:g}% interval", level=100 * self.conf_level)
        return say(
            "{level} {conf_low:.4f} to {conf_high:.4f}",
            level=level,
            conf_low=row["conf_low"],
            conf_high=row["conf_high"],
        )
