"""Curves: one line per group, step functions with the number at risk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from toolkit.figures.style import PALETTE, axes, set_title, style
from toolkit.language import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["lines", "step_curves"]


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
        ax = axes(ax, size=(6.4, 3.8))
        coloured = list(highlight) or list(dict.fromkeys(table[by]))
        for name, part in table.groupby(by, sort=False):
            if name not in coloured:
                ax.plot(part[x], part[y], color="#d0d0d0", linewidth=0.7, zorder=1)
        for name in coloured:
            part = table[table[by] == name]
            ax.plot(part[x], part[y], linewidth=2, marker="o", markersize=3, label=say(str(name)))
        if len(coloured) > 1 or highlight:
            ax.legend()
        if pd.api.types.is_integer_dtype(table[x]):
            ax.locator_params(axis="x", integer=True)
        ax.grid(axis="y", color="#e4e4e4", linewidth=0.6)
        ax.set_xlabel(say(x_label))
        ax.set_ylabel(say(y_label))
        set_title(ax, title)
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
        ax = axes(ax, size=(6.8, 3.8 + 0.17 * len(groups)))
        for place, (name, part) in enumerate(groups):
            colour = PALETTE[place % len(PALETTE)]
            ax.step(part[time], part[estimate], where="post", color=colour, label=say(name))
            ax.fill_between(
                part[time], part[low], part[high], step="post", color=colour, alpha=0.18
            )
        if by is not None:
            ax.legend(loc="best")
        ax.grid(axis="y", color="#e4e4e4", linewidth=0.6)
        ax.set_xlim(left=0)
        ax.set_ylabel(say(y_label))
        set_title(ax, title)
        _risk_table(ax, groups, time=time, at_risk=at_risk, x_label=x_label)
    return ax


def _risk_table(
    ax: Axes, groups: list[tuple[str, pd.DataFrame]], *, time: str, at_risk: str, x_label: str
) -> None:
    ticks = [tick for tick in ax.get_xticks() if 0 <= tick <= ax.get_xlim()[1]]
    rows = [x_label, say("at risk")]
    for name, part in groups:
        counts = []
        for tick in ticks:
            later = part[part[time] >= tick]
            counts.append(f"{later[at_risk].iloc[0]:,.0f}" if len(later) else "")
        rows.append(say(name))
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
            xytext=(-30, -20 - 11 * place),
            xycoords="axes fraction",
            textcoords="offset points",
            ha="right",
            fontsize=7,
            color="#555555",
        )
    ax.set_xticks(ticks)
    ax.set_xlabel(say(x_label))
