"""Fitted models: curves with bands, weighted points with their trend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from toolkit.figures.style import MUTED, PALETTE, axes, set_title, style
from toolkit.language import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["banded_curves", "trend"]


def banded_curves(
    table: pd.DataFrame,
    *,
    x: str,
    by: str,
    x_label: str,
    y_label: str,
    title: str = "",
    estimate: str = "estimate",
    low: str = "conf_low",
    high: str = "conf_high",
    ax: Axes | None = None,
) -> Axes:
    """Draw one fitted step curve per group with its band."""
    with style():
        ax = axes(ax, size=(6.8, 3.8))
        for place, (name, part) in enumerate(table.groupby(by, sort=False)):
            colour = PALETTE[place % len(PALETTE)]
            ax.step(part[x], part[estimate], where="post", color=colour, label=say(str(name)))
            ax.fill_between(part[x], part[low], part[high], step="post", color=colour, alpha=0.18)
        if len(table[by].unique()) > 1:
            ax.legend(loc="best")
        ax.grid(axis="y", color="#e4e4e4", linewidth=0.6)
        ax.set_xlim(left=0)
        ax.set_xlabel(say(x_label))
        ax.set_ylabel(say(y_label))
        set_title(ax, title)
    return ax


def trend(
    table: pd.DataFrame,
    *,
    x: str,
    y: str,
    size: str,
    x_label: str,
    y_label: str,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw weighted points with their least-squares line and their mean."""
    with style():
        ax = axes(ax, size=(6.4, 3.6))
        weight = table[size].to_numpy(dtype=float)
        across, up = table[x].to_numpy(dtype=float), table[y].to_numpy(dtype=float)
        ax.scatter(across, up, s=12 * weight / weight.mean(), color=PALETTE[0], alpha=0.5)
        middle = float(np.average(up, weights=weight))
        ax.axhline(middle, color=MUTED, linestyle="--", linewidth=1, label=say("mean"))
        if np.ptp(across) > 0:
            slope, start = np.polyfit(across, up, 1, w=np.sqrt(weight))
            ends = np.array([across.min(), across.max()])
            ax.plot(ends, start + slope * ends, color=PALETTE[1], label=say("trend"))
        ax.legend()
        ax.set_xlabel(say(x_label))
        ax.set_ylabel(say(y_label))
        set_title(ax, title)
    return ax
