"""Legends that leave axes which are too small for them."""

from __future__ import annotations

from contextlib import ExitStack
from textwrap import fill
from typing import TYPE_CHECKING, Any

from toolkit.figures.measures import lay_out

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend

__all__ = ["move_legends"]

_INSIDE, _BESIDE = 0.12, 0.28
"""Shares that a legend may take: of the axes, where it stands in them; of the width, beside."""


def move_legends(figure: Figure, undo: ExitStack) -> bool:
    """Put legends that take too much room below the axes; tell whether there were any."""
    moved = False
    for ax in figure.axes:
        legend = ax.get_legend()
        if legend is not None and _crowds(legend, ax):
            handles, _ = ax.get_legend_handles_labels()
            _replace(figure, legend, handles, undo, place="outside lower center")
            moved = True
    for legend in list(figure.legends):
        if legend.get_window_extent().width > figure.bbox.width and legend not in _new(figure):
            place = "outside upper left"
            _replace(figure, legend, list(legend.legend_handles), undo, place=place)
            moved = True
    if moved:
        lay_out(figure)
    return moved


def _new(figure: Figure) -> list[Legend]:
    return [legend for legend in figure.legends if legend.get_gid() == "moved"]


def _crowds(legend: Legend, ax: Any) -> bool:
    box, field, page = legend.get_window_extent(), ax.get_window_extent(), ax.figure.bbox
    if box.x0 >= field.x1 - 1:
        return bool(box.width > _BESIDE * page.width)
    within = page.x0 <= box.x0 and box.x1 <= page.x1 and box.y1 <= page.y1 and box.y0 >= page.y0
    return not within or box.width * box.height > _INSIDE * field.width * field.height


def _replace(
    figure: Figure, legend: Legend, handles: list[Any], undo: ExitStack, *, place: Any
) -> None:
    labels = [text.get_text() for text in legend.get_texts()]
    size = legend.get_texts()[0].get_fontsize()
    undo.callback(legend.set_in_layout, legend.get_in_layout())
    undo.callback(legend.set_visible, legend.get_visible())
    legend.set_visible(False)
    legend.set_in_layout(False)
    for columns in range(min(len(labels), 4), 0, -1):
        said = labels if columns > 1 else [fill(label, 44) for label in labels]
        placed = figure.legend(
            handles,
            said,
            loc=place,
            ncols=columns,
            fontsize=size,
            frameon=False,
            columnspacing=1.2,
            handlelength=1.6,
        )
        placed.set_gid("moved")
        lay_out(figure)
        if placed.get_window_extent().width <= figure.bbox.width or columns == 1:
            undo.callback(placed.remove)
            return
        placed.remove()
