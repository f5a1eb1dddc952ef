"""Points: estimates with intervals, growth against growth, figures with bounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from toolkit.figures.measures import LABEL
from toolkit.figures.style import MUTED, PALETTE, axes, label_points, set_title, style
from toolkit.language import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["bounds", "fitted_scatter", "growth_scatter", "intervals"]


def intervals(
    table: pd.DataFrame,
    *,
    label: str,
    axis: str,
    title: str = "",
    estimate: str = "estimate",
    low: str = "conf_low",
    high: str = "conf_high",
    highlight: str | None = None,
    reference: tuple[float, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw one point with its interval per row, the first row on top.

    Parameters
    ----------
    table : DataFrame
        One row per label; rows without an estimate are left out.
    label, estimate, low, high : str
        Columns; the interval may be missing.
    axis : str
        Name and unit of the horizontal axis.
    highlight : str, optional
        The label drawn in the second colour.
    reference : (float, str), optional
        A vertical line and what it stands for, such as a published claim.
    """
    rows = table[table[estimate].notna()]
    with style():
        ax = axes(ax, size=(6.4, max(1.6, 0.22 * len(rows) + 1.1)))
        places = np.arange(len(rows))[::-1]
        colours = [PALETTE[1] if name == highlight else PALETTE[0] for name in rows[label]]
        ax.hlines(places, rows[low], rows[high], colors=colours, linewidth=1.4)
        ax.scatter(rows[estimate], places, c=colours, s=18, zorder=3)
        ax.set_yticks(places, labels=[say(str(name)) for name in rows[label]])
        ax.set_ylim(-0.7, len(rows) - 0.3)
        if reference is not None:
            ax.axvline(reference[0], color=MUTED, linestyle="--", linewidth=1)
            ax.annotate(
                say(reference[1]),
                (reference[0], -0.65),
                xytext=(3, 0),
                textcoords="offset points",
                va="bottom",
                fontsize=8,
                color="#555555",
            )
        ax.grid(axis="x", color="#e4e4e4", linewidth=0.6)
        ax.set_axisbelow(True)
        ax.set_xlabel(say(axis))
        set_title(ax, title)
    return ax


def growth_scatter(
    table: pd.DataFrame,
    *,
    x: str,
    y: str,
    label: str,
    x_label: str,
    y_label: str,
    multiples: Sequence[float] = (0.5, 1.0, 2.0),
    highlight: str | None = None,
    total: str | None = None,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw growth rates against each other, with rays along which the multiple is constant.

    Parameters
    ----------
    table : DataFrame
        One row per label; rows without one of the rates are left out.
    x, y, label : str
        Columns: two rates, as fractions, and the name of the row.
    multiples : sequence of float
        Of the rays, each named where it leaves the axes.
    highlight, total : str, optional
        The label drawn in the second colour, and that of all together, a black diamond; both are
        always written.
    """
    rows = table.dropna(subset=[x, y])
    with style():
        ax = axes(ax, size=(6.4, 5.0))
        right = float(rows[x].max()) * 1.15
        ax.scatter(rows[x], rows[y], color=PALETTE[0], s=22, zorder=3)
        together = rows[rows[label] == total]
        ax.scatter(together[x], together[y], color="black", marker="D", s=30, zorder=4)
        marked = rows[rows[label] == highlight]
        ax.scatter(marked[x], marked[y], color=PALETTE[1], s=44, zorder=4)
        top, bottom = float(rows[y].max()), float(rows[y].min())
        margin = 0.08 * (top - min(bottom, 0.0)) or 0.01
        ax.set_ylim(min(0.0, bottom) - margin, top + margin)
        ax.set_xlim(min(0.0, 1.15 * float(rows[x].min())), right * 1.05)
        for multiple in multiples:
            _ray(ax, multiple, right=right, top=top + margin)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_formatter(lambda value, _: f"{round(100 * value, 6):g}%")
        ax.axhline(0, color="#9a9a9a", linewidth=0.6)
        names = [say(str(name)) for name in rows[label]]
        first = [say(name) for name in (highlight, total) if name is not None]
        label_points(ax, names, rows[[x, y]].to_numpy(), first=first)
        ax.set_xlabel(say(x_label))
        ax.set_ylabel(say(y_label))
        set_title(ax, title)
    return ax


def _ray(ax: Axes, multiple: float, *, right: float, top: float) -> None:
    """Draw a ray from the origin to where it leaves the axes, and name it there."""
    through_top = multiple * right > top > 0
    end = (top / multiple, top) if through_top else (right, multiple * right)
    ax.plot([0, end[0]], [0, end[1]], color="#cfcfcf", linewidth=0.9, zorder=1)
    ax.annotate(
        f"×{multiple:g}",
        end,
        xytext=(-3, -2) if through_top else (1, 0),
        textcoords="offset points",
        ha="right" if through_top else "left",
        va="top" if through_top else "baseline",
        fontsize=8,
        color="#555555",
        gid=LABEL,
    )


def fitted_scatter(
    table: pd.DataFrame,
    *,
    x: str,
    y: str,
    fitted: str,
    label: str,
    x_label: str,
    y_label: str,
    title: str = "",
    highlight: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw points with their labels and the line of fitted values."""
    rows = table.sort_values(x)
    with style():
        ax = axes(ax, size=(6.4, 4.4))
        ax.scatter(rows[x], rows[y], color=PALETTE[0], s=22, zorder=3)
        marked = rows[rows[label] == highlight]
        ax.scatter(marked[x], marked[y], color=PALETTE[1], s=44, zorder=4)
        ax.plot(rows[x], rows[fitted], color=MUTED, linewidth=1.2)
        names = [say(str(name)) for name in rows[label]]
        first = [] if highlight is None else [say(highlight)]
        label_points(ax, names, rows[[x, y]].to_numpy(), first=first)
        ax.grid(color="#ececec", linewidth=0.6)
        ax.set_axisbelow(True)
        ax.set_xlabel(say(x_label))
        ax.set_ylabel(say(y_label))
        set_title(ax, title)
    return ax


def bounds(
    table: pd.DataFrame,
    *,
    label: str,
    low: str,
    high: str,
    axis: str,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw exact values as points, ranges as bars and one-sided bounds as arrows, on a log scale.

    Parameters
    ----------
    table : DataFrame
        One row per figure, the first on top; a missing side is open.
    label, low, high : str
        Columns.
    axis : str
        Name and unit of the horizontal axis.
    """
    with style():
        ax = axes(ax, size=(7.4, max(1.6, 0.2 * len(table) + 1.1)))
        places = np.arange(len(table))[::-1]
        lower, upper = table[low].to_numpy(float), table[high].to_numpy(float)
        ax.hlines(places, lower, upper, color=PALETTE[0], linewidth=1.6)
        for side, mark in ((lower, ">"), (upper, "<")):
            open_side = np.isnan(upper if mark == ">" else lower)
            ax.scatter(side[open_side], places[open_side], marker=mark, color=PALETTE[1], s=26)
            ax.scatter(side[~open_side], places[~open_side], color=PALETTE[0], s=14, zorder=3)
        ax.set_xscale("log")
        ax.set_yticks(places, labels=[say(str(name)) for name in table[label]], fontsize=7)
        ax.set_ylim(-0.7, len(table) - 0.3)
        ax.grid(axis="x", color="#e4e4e4", linewidth=0.6)
        ax.set_axisbelow(True)
        ax.set_xlabel(say(axis))
        set_title(ax, title)
    return ax
