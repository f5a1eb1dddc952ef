"""What a test of convergence says of itself: sentence and drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

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
                f"Over {years} the spread of log {self.facts['label']} between regions changed by "
                f"{row['estimate']:+.4f} a year ({self._interval(row)})."
            )
        row = self._first("beta")
        return Prose(
            f"Over {years} a start 1% higher in {self.facts['label']} went with "
            f"{row['estimate']:+.4f} percentage points of growth a year ({self._interval(row)})."
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
            x_label=f"log {self.facts['label']}, {self.facts['start']}",
            y_label="growth a year (log points)",
            title=self.title,
            ax=ax,
        )

    def _first(self, term: str) -> pd.Series[Any]:
        return self.terms[self.terms["term"] == term].iloc[0]

    def _interval(self, row: pd.Series[Any]) -> str:
        level = f"{100 * self.conf_level:g}% interval"
        return f"{level} {row['conf_low']:.4f} to {row['conf_high']:.4f}"
