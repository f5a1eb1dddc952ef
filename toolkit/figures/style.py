"""The look of every figure: colours, fonts, titles that break, labels that do not collide."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from toolkit.figures.fonts import chinese_font, leave_out_undrawable
from toolkit.figures.measures import LABEL, SIDES, put_beside
from toolkit.language import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.transforms import Bbox

__all__ = ["MUTED", "PALETTE", "axes", "label_points", "measure_fonts", "set_title", "style"]

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe and Ito's colours, told apart by colour-blind readers and in grey."""

MUTED = "#8a8a8a"

LATIN_FONT = "DejaVu Sans"

_TALL = "lp"
"""Matplotlib gives each line the height and the depth of these letters, or more."""

Measure = Callable[[str, float, str], tuple[float, float, float]]


@contextmanager
def style() -> Iterator[None]:
    """Apply the toolkit's look inside a ``with`` block, and leave the session's as it was.

    Chinese text is drawn in the best Chinese font that is installed. Where there is none, it is
    left out (…), with a warning that says how to get one; boxes are never drawn.
    """
    from cycler import cycler
    from matplotlib import get_backend, interactive, is_interactive, rc_context
    from matplotlib._pylab_helpers import Gcf

    from toolkit.figures.inline import settle

    chinese = chinese_font()
    settings: Any = {
        "font.family": [LATIN_FONT, *([chinese] if chinese else [])],
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
    earlier = set(Gcf.figs)
    with rc_context(settings):
        yield
        if chinese is None:
            leave_out_undrawable(family=[LATIN_FONT])
        if "inline" in get_backend():
            for number in Gcf.figs.keys() - earlier:
                settle(Gcf.figs[number].canvas.figure)
        now = is_interactive()
    # A notebook's backend is loaded with the first figure and turns the interactive mode on.
    # Leaving the context would turn it off again, and no later figure would be shown.
    interactive(now)


def measure_fonts() -> None:
    """Draw digits once, to memory: fonts are looked up, opened and measured for what follows."""
    from io import BytesIO

    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with style():
        figure = Figure()
        figure.subplots().set(title="0123456789", xlabel="x", ylabel="y")
        for form in ("png", "svg"):
            FigureCanvasAgg(figure).print_figure(BytesIO(), format=form, bbox_inches="tight")


def axes(ax: Axes | None, *, size: tuple[float, float]) -> Axes:
    """Return the axes given, or those of a new figure of that size in inches."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=size)[1]


def set_title(ax: Axes, title: str) -> None:
    """Set a title that breaks into lines within the width of the axes."""
    inches = ax.get_figure(root=True).get_size_inches()[0]  # type: ignore[union-attr]
    said = say(title)
    # A Chinese character takes the room of two letters.
    wide = sum(character >= "\u2e80" for character in said) / max(len(said), 1)
    ax.set_title(fill(said, width=int(11.5 * inches / (1 + wide))))


def label_points(
    ax: Axes, labels: Sequence[str], points: np.ndarray, *, first: Sequence[str]
) -> None:
    """Write labels beside points, leaving out each that would cover one written before.

    Those in `first` come first, in bold and on whichever side is free; then come the points that
    lie apart.
    """
    across, up = points.T
    from_middle = np.hypot(
        (across - np.median(across)) / (np.ptp(across) or 1),
        (up - np.median(up)) / (np.ptp(up) or 1),
    )
    order = sorted(range(len(labels)), key=lambda i: (labels[i] not in first, -from_middle[i]))
    measure, taken = _ruler(ax), [text.get_window_extent() for text in ax.texts]
    for place in order:
        bold = labels[place] in first
        size, weight = (8.5, "bold") if bold else (6.5, "normal")
        measured = measure(labels[place], size, weight)
        boxes = {
            side: _box_beside(ax, points[place], measured, side) for side in SIDES[: 1 + 3 * bold]
        }
        free = [side for side, box in boxes.items() if not any(map(box.overlaps, taken))]
        if side := next(iter(free or list(boxes)[:bold]), None):
            label = ax.annotate(
                labels[place],
                points[place],
                xytext=side,
                textcoords="offset points",
                gid=LABEL,
                fontsize=size,
                fontweight=weight,
                zorder=5,  # letters over points can be read, points over letters hide them
            )
            put_beside(label, side)
            taken.append(boxes[side])


def _ruler(ax: Axes) -> Measure:
    """Return what measures a line of text in pixels: its width, height and depth.

    To write a label in order to know takes some times as long.
    """
    from matplotlib.font_manager import FontProperties

    figure: Any = ax.get_figure(root=True)
    measured = figure.canvas.get_renderer().get_text_width_height_descent

    @cache
    def measure(text: str, size: float, weight: str) -> tuple[float, float, float]:
        wide, high, below = measured(text, FontProperties(size=size, weight=weight), ismath=False)
        if text == _TALL:
            return wide, high, below
        _, line, under = measure(_TALL, size, weight)
        return wide, max(high, line), max(below, under)

    return measure


def _box_beside(
    ax: Axes,
    point: np.ndarray,
    measures: tuple[float, float, float],
    side: tuple[int, int],
) -> Bbox:
    from matplotlib.transforms import Bbox

    wide, high, below = measures
    dots: float = ax.get_figure(root=True).dpi / 72  # type: ignore[union-attr]
    left, base = ax.transData.transform(point) + np.array(side) * dots
    left -= wide * (side[0] < 0)
    return Bbox.from_bounds(left, base - (below if side[1] > 0 else high), wide, high)
