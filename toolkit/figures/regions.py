"""Regions: a map of squares, small multiples, growth in parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from toolkit.errors import OptionError
from toolkit.figures.style import PALETTE, axes, set_title, style
from toolkit.language import say, spoken
from toolkit.tiles import TILES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["small_multiples", "stacked_parts", "tile_map"]


def tile_map(
    table: pd.DataFrame,
    *,
    region: str,
    value: str,
    scale: str,
    title: str = "",
    centre: float | None = None,
    digits: int = 2,
    highlight: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw one square per province, coloured and lettered; no border is drawn.

    Parameters
    ----------
    table : DataFrame
        One row per region; provinces that are not in it stay blank.
    region, value : str
        Columns: 6-digit code, number.
    scale : str
        Name and unit of the colour scale.
    centre : float, optional
        Value that is drawn white, with two colours beside it; otherwise one colour deepens.
    digits : int
        Decimals of the number in each square.
    highlight : str, optional
        Code of the province with a frame.

    Raises
    ------
    OptionError
        If a region occurs twice.
    """
    from matplotlib.patches import Rectangle

    values = table.set_index(region)[value].astype(float)
    if values.index.has_duplicates:
        twice = values.index[values.index.duplicated()][0]
        raise OptionError(
            f"A tile map has one square per province; region {twice!r} occurs twice. Choose one "
            "term or one year first."
        )
    colour = _scale(values.reindex(list(TILES)).dropna(), centre)
    with style():
        ax = axes(ax, size=(6.4, 5.2))
        for code, (row, column, letters, _, chinese) in TILES.items():
            number = values.get(code, np.nan)
            known = np.isfinite(number)
            face = colour.to_rgba(number) if known else "#f2f2f2"
            square = Rectangle((column, -row), 0.94, 0.94, facecolor=face, edgecolor="none")
            ax.add_patch(square)
            if code == highlight:
                square.set(edgecolor="black", linewidth=2, zorder=3)
            dark = known and np.dot(face[:3], (0.3, 0.59, 0.11)) < 0.5
            ink = "white" if dark else "#222222"
            middle = column + 0.47
            ax.text(
                middle,
                0.6 - row,
                chinese if spoken() == "zh" else letters,
                ha="center",
                fontsize=8,
                color=ink,
            )
            shown = f"{number:.{digits}f}" if known else "–"
            ax.text(middle, 0.2 - row, shown, ha="center", fontsize=7, color=ink)
        ax.set_xlim(-0.1, 9.1)
        ax.set_ylim(-7.1, 1.1)
        ax.set_aspect("equal")
        ax.axis("off")
        bar = ax.figure.colorbar(colour, ax=ax, shrink=0.5, location="bottom", pad=0.01)
        bar.set_label(say(scale))
        set_title(ax, title)
    return ax


def small_multiples(
    table: pd.DataFrame,
    *,
    x: str,
    y: str,
    by: str,
    panel: str,
    x_label: str,
    y_label: str,
    title: str = "",
    columns: int = 6,
    y_scale: Literal["linear", "log"] = "linear",
    highlight: str | None = None,
) -> np.ndarray[Any, np.dtype[np.object_]]:
    """Draw one small line chart per panel on common axes, and return the array of axes.

    Parameters
    ----------
    table : DataFrame
    x, y : str
        Columns drawn.
    by : str
        Column whose groups are lines in each panel.
    panel : str
        Column whose groups are panels, in the order of the table.
    columns : int
        Panels in a row.
    y_scale : {"linear", "log"}
    highlight : str, optional
        The panel with a bold heading.
    """
    import matplotlib.pyplot as plt

    names = list(dict.fromkeys(table[panel]))
    lines = list(dict.fromkeys(table[by]))
    rows = -(-len(names) // columns)
    with style():
        figure, grid = plt.subplots(
            rows,
            min(columns, len(names)),
            figsize=(1.35 * min(columns, len(names)) + 0.6, 1.15 * rows + 0.8),
            sharex=True,
            sharey=True,
            squeeze=False,
        )
        for place, ax in enumerate(grid.flat):
            if place >= len(names):
                ax.axis("off")
                continue
            part = table[table[panel] == names[place]]
            for number, line in enumerate(lines):
                own = part[part[by] == line]
                mark = ("-", "--", ":", "-.")[number % 4]
                ax.plot(own[x], own[y], mark, color=PALETTE[number % len(PALETTE)], linewidth=1.2)
            ax.set_yscale(y_scale)
            ax.set_title(
                say(str(names[place])),
                fontsize=7.5,
                fontweight="bold" if names[place] == highlight else "normal",
                pad=2,
            )
            ax.grid(axis="y", color="#e4e4e4", linewidth=0.5)
            ax.tick_params(labelsize=6.5, labelbottom=place + columns >= len(names))
        if len(lines) > 1:
            handles = grid.flat[0].get_lines()[: len(lines)]
            figure.legend(
                handles,
                [say(str(line)) for line in lines],
                loc="outside upper right",
                ncols=len(lines),
            )
        figure.supxlabel(say(x_label), fontsize=9)
        figure.supylabel(say(y_label), fontsize=9)
        figure.suptitle(say(title), fontsize=11, x=0.02, ha="left")
    return np.asarray(grid)


def stacked_parts(
    table: pd.DataFrame,
    *,
    label: str,
    part: str,
    value: str,
    axis: str,
    title: str = "",
    highlight: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw parts that add up as stacked bars, one bar per label, with a mark at their sum.

    Parameters
    ----------
    table : DataFrame
        One row per label and part; values are fractions and may be negative.
    label, part, value : str
        Columns.
    axis : str
        Name of the horizontal axis.
    highlight : str, optional
        The label in bold.
    """
    wide = table.pivot_table(index=label, columns=part, values=value, sort=False)
    wide = wide.loc[wide.sum(axis=1).sort_values().index]
    hatches: Sequence[str] = ("", "///", "...", "xxx", "\\\\\\", "++", "oo", "**")
    with style():
        ax = axes(ax, size=(6.8, max(2.0, 0.2 * len(wide) + 1.3)))
        places = np.arange(len(wide))
        for sign in (1, -1):
            left = np.zeros(len(wide))
            for number, name in enumerate(wide.columns):
                width = np.where(sign * wide[name] > 0, wide[name], 0.0)
                ax.barh(
                    places,
                    width,
                    left=left,
                    height=0.72,
                    color=PALETTE[number % len(PALETTE)],
                    hatch=hatches[number % len(hatches)],
                    edgecolor="white",
                    linewidth=0.3,
                    label=say(str(name).replace("_", " ")) if sign == 1 else None,
                )
                left += width
        ax.scatter(
            wide.sum(axis=1), places, marker="D", s=16, color="black", zorder=3, label=say("sum")
        )
        ax.axvline(0, color="#555555", linewidth=0.7)
        ax.set_yticks(places, labels=[say(str(name)) for name in wide.index], fontsize=7.5)
        for text in ax.get_yticklabels():
            if text.get_text() == highlight:
                text.set_fontweight("bold")
        ax.set_ylim(-0.7, len(wide) - 0.3)
        ax.xaxis.set_major_formatter(lambda number, _: f"{round(100 * number, 6):g}%")
        ax.grid(axis="x", color="#e4e4e4", linewidth=0.6)
        ax.set_axisbelow(True)
        # Beside the bars: they may fill the axes from edge to edge.
        ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
        ax.set_xlabel(say(axis))
        set_title(ax, title)
    return ax


def _scale(values: pd.Series[float], centre: float | None) -> Any:
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize, TwoSlopeNorm

    low, high = float(values.min()), float(values.max())
    if centre is None:
        return ScalarMappable(Normalize(low, high), colormaps["Blues"])
    reach = max(high - centre, centre - low) or 1.0
    return ScalarMappable(TwoSlopeNorm(centre, centre - reach, centre + reach), colormaps["PuOr_r"])
