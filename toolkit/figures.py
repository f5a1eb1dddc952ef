"""Tidy frames to figures: the only place that knows matplotlib.

Every function takes a tidy frame and names of columns, draws on `ax` (or a new figure) and
returns the axes. Style is applied around each drawing, never globally.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["PALETTE", "growth_scatter", "intervals", "lines", "step_curves", "style"]

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe and Ito's colours, told apart by colour-blind readers and in grey."""

MUTED = "#8a8a8a"

CHINESE_FONTS = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", "SimHei")


@cache
def _font_families() -> tuple[str, ...]:
    from matplotlib import font_manager

    known = {font.name for font in font_manager.fontManager.ttflist}
    return ("DejaVu Sans", *(name for name in CHINESE_FONTS if name in known))


@contextmanager
def style() -> Iterator[None]:
    """Apply the toolkit's look inside a ``with`` block, and leave the session's as it was."""
    from cycler import cycler
    from matplotlib import rc_context

    settings: Any = {
        "font.family": list(_font_families()),
        "axes.unicode_minus": False,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlelocation": "left",
        "axes.titlesize": 11,
        "axes.labelsize": 9.5,
        "axes.prop_cycle": cycler(color=PALETTE),
        "xtick.labelsize": 8.5,
        "ytick.labelsize": 8.5,
        "legend.frameon": False,
        "legend.fontsize": 8.5,
        "figure.constrained_layout.use": True,
    }
    with rc_context(settings):
        yield


def _axes(ax: Axes | None, *, size: tuple[float, float]) -> Axes:
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=size)[1]


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
        ax = _axes(ax, size=(6.4, max(1.6, 0.22 * len(rows) + 1.1)))
        places = np.arange(len(rows))[::-1]
        colours = [PALETTE[1] if name == highlight else PALETTE[0] for name in rows[label]]
        ax.hlines(places, rows[low], rows[high], colors=colours, linewidth=1.4)
        ax.scatter(rows[estimate], places, c=colours, s=18, zorder=3)
        ax.set_yticks(places, labels=[str(name) for name in rows[label]])
        ax.set_ylim(-0.7, len(rows) - 0.3)
        if reference is not None:
            ax.axvline(reference[0], color=MUTED, linestyle="--", linewidth=1)
            ax.annotate(
                reference[1],
                (reference[0], len(rows) - 0.35),
                xytext=(3, 0),
                textcoords="offset points",
                fontsize=8,
                color="#555555",
            )
        ax.grid(axis="x", color="#e4e4e4", linewidth=0.6)
        ax.set_axisbelow(True)
        ax.set_xlabel(axis)
        ax.set_title(title)
    return ax


def lines(
    table: pd.DataFrame,
    *,
    x: str,
    y: str,
    by: str,
    x_label: str,
    y_label: str,
    title: str = "",
    highlight: Sequence[str] = (),
    ax: Axes | None = None,
) -> Axes:
    """Draw one line per group; where some are highlighted, the others are grey behind them."""
    with style():
        ax = _axes(ax, size=(6.4, 3.8))
        coloured = list(highlight) or list(dict.fromkeys(table[by]))
        for name, part in table.groupby(by, sort=False):
            if name not in coloured:
                ax.plot(part[x], part[y], color="#d0d0d0", linewidth=0.7, zorder=1)
        for name in coloured:
            part = table[table[by] == name]
            ax.plot(part[x], part[y], linewidth=2, marker="o", markersize=3, label=str(name))
        if len(coloured) > 1 or highlight:
            ax.legend()
        ax.grid(axis="y", color="#e4e4e4", linewidth=0.6)
        ax.set_xlabel(x_label)
        ax.set_ylabel(y_label)
        ax.set_title(title)
    return ax


def step_curves(
    table: pd.DataFrame,
    *,
    time: str,
    by: str | None,
    x_label: str,
    y_label: str,
    title: str = "",
    estimate: str = "estimate",
    low: str = "conf_low",
    high: str = "conf_high",
    at_risk: str = "at_risk",
    ax: Axes | None = None,
) -> Axes:
    """Draw step functions with pointwise bands and the number at risk under the plot.

    Parameters
    ----------
    table : DataFrame
        One row per group and time, sorted by time within groups.
    time, by, estimate, low, high, at_risk : str
        Columns; `by` may be None for one curve.
    """
    groups: list[tuple[str, pd.DataFrame]] = (
        [("all", table)]
        if by is None
        else [(str(name), part) for name, part in table.groupby(by, sort=False)]
    )
    with style():
        ax = _axes(ax, size=(6.8, 3.8 + 0.17 * len(groups)))
        for place, (name, part) in enumerate(groups):
            colour = PALETTE[place % len(PALETTE)]
            ax.step(part[time], part[estimate], where="post", color=colour, label=name)
            ax.fill_between(
                part[time], part[low], part[high], step="post", color=colour, alpha=0.18
            )
        if by is not None:
            ax.legend(loc="best")
        ax.grid(axis="y", color="#e4e4e4", linewidth=0.6)
        ax.set_xlim(left=0)
        ax.set_ylabel(y_label)
        ax.set_title(title)
        _risk_table(ax, groups, time=time, at_risk=at_risk, x_label=x_label)
    return ax


def _risk_table(
    ax: Axes, groups: list[tuple[str, pd.DataFrame]], *, time: str, at_risk: str, x_label: str
) -> None:
    ticks = [tick for tick in ax.get_xticks() if 0 <= tick <= ax.get_xlim()[1]]
    rows = [x_label, "at risk"]
    for name, part in groups:
        counts = []
        for tick in ticks:
            later = part[part[time] >= tick]
            counts.append(f"{later[at_risk].iloc[0]:,.0f}" if len(later) else "")
        rows.append(name)
        for tick, count in zip(ticks, counts, strict=True):
            ax.annotate(
                count,
                (tick, 0),
                xytext=(0, -20 - 11 * len(rows)),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                ha="center",
                fontsize=7,
            )
    for place, text in enumerate(rows[1:], start=2):
        ax.annotate(
            text,
            (0, 0),
            xytext=(-14, -20 - 11 * place),
            xycoords="axes fraction",
            textcoords="offset points",
            ha="right",
            fontsize=7,
            color="#555555",
        )
    ax.set_xticks(ticks)
    ax.set_xlabel(x_label)


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
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw growth rates against each other, with rays along which the multiple is constant."""
    rows = table.dropna(subset=[x, y])
    with style():
        ax = _axes(ax, size=(6.4, 5.0))
        right = float(rows[x].max()) * 1.15
        for multiple in multiples:
            ax.plot([0, right], [0, multiple * right], color="#cfcfcf", linewidth=0.9, zorder=1)
            ax.annotate(
                f"×{multiple:g}",
                (right, multiple * right),
                fontsize=8,
                color="#555555",
                annotation_clip=True,
            )
        colours = [PALETTE[1] if name == highlight else PALETTE[0] for name in rows[label]]
        ax.scatter(rows[x], rows[y], c=colours, s=22, zorder=3)
        for name, across, up in zip(rows[label], rows[x], rows[y], strict=True):
            ax.annotate(
                str(name),
                (across, up),
                xytext=(4, 3),
                textcoords="offset points",
                fontsize=8.5 if name == highlight else 6.5,
                fontweight="bold" if name == highlight else "normal",
            )
        top, bottom = float(rows[y].max()), float(rows[y].min())
        margin = 0.08 * (top - min(bottom, 0.0)) or 0.01
        ax.set_ylim(min(0.0, bottom) - margin, top + margin)
        ax.set_xlim(0, right * 1.05)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_formatter(lambda value, _: f"{100 * value:.0f}%")
        ax.axhline(0, color="#9a9a9a", linewidth=0.6)
        ax.set_xlabel(x_label)
        ax.set_ylabel(y_label)
        ax.set_title(title)
    return ax
