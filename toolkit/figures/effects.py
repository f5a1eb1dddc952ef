"""Effects of a programme: by time since adoption, and at a cutoff."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from toolkit.figures.style import MUTED, PALETTE, axes, set_title, style
from toolkit.language import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["event_study", "threshold"]


def event_study(
    table: pd.DataFrame,
    *,
    time: str,
    x_label: str,
    y_label: str,
    title: str = "",
    estimate: str = "estimate",
    low: str = "conf_low",
    high: str = "conf_high",
    band_low: str = "band_low",
    band_high: str = "band_high",
    ax: Axes | None = None,
) -> Axes:
    """Draw effects by time since adoption: pointwise intervals inside simultaneous bands."""
    from matplotlib.ticker import MaxNLocator

    with style():
        ax = axes(ax, size=(6.4, 3.8))
        places = table[time]
        ax.vlines(places, table[band_low], table[band_high], color=PALETTE[5], linewidth=1.2)
        ax.vlines(places, table[low], table[high], color=PALETTE[0], linewidth=3)
        ax.scatter(places, table[estimate], color=PALETTE[0], s=24, zorder=3)
        ax.axhline(0, color=MUTED, linewidth=0.8)
        ax.axvline(-0.5, color=MUTED, linestyle="--", linewidth=1)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.grid(axis="y", color="#e4e4e4", linewidth=0.6)
        ax.set_axisbelow(True)
        ax.set_xlabel(say(x_label))
        ax.set_ylabel(say(y_label))
        set_title(ax, title)
    return ax


def threshold(
    points: pd.DataFrame,
    curve: pd.DataFrame,
    *,
    cutoff: float,
    x: str,
    y: str,
    x_label: str,
    y_label: str,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw means of bins on both sides of a cutoff, and the fitted curve of each side."""
    with style():
        ax = axes(ax, size=(6.4, 3.8))
        ax.scatter(points[x], points[y], color=MUTED, s=14, zorder=2)
        for side, colour in ((curve[x] < cutoff, PALETTE[0]), (curve[x] > cutoff, PALETTE[1])):
            ax.plot(curve.loc[side, x], curve.loc[side, y], color=colour, linewidth=2, zorder=3)
        ax.axvline(cutoff, color=MUTED, linestyle="--", linewidth=1)
        ax.grid(axis="y", color="#e4e4e4", linewidth=0.6)
        ax.set_axisbelow(True)
        ax.set_xlabel(say(x_label))
        ax.set_ylabel(say(y_label))
        set_title(ax, title)
    return ax
