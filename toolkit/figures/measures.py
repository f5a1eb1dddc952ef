"""Where text stands in a figure that has been laid out, in pixels."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

__all__ = [
    "LABEL",
    "SIDES",
    "cut_texts",
    "drawn_texts",
    "drawn_ticks",
    "extent",
    "lay_out",
    "put_beside",
    "row_axis",
]

LABEL = "toolkit-label"
"""Marks the label of a point, which may be left out where it would cover another."""

SIDES = ((4, 3), (-4, 3), (4, -3), (-4, -3))
"""Points from a mark to its label: aside and above, or where that is taken."""

_EDGE = 1.0
"""Pixels by which letters may reach over the edge: the room around them, not their ink."""


def lay_out(figure: Figure) -> bool:
    """Lay a figure out where it has changed; tell whether its axes had no room at all."""
    if not figure.stale:
        return False
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        figure.draw_without_rendering()
    return any("axes sizes collapsed" in str(warning.message) for warning in said)


def extent(text: Any) -> Bbox | None:
    """Return the box around a text; None where nothing is drawn."""
    if not text.get_visible() or not text.get_text().strip():
        return None
    box: Bbox = text.get_window_extent()
    return box if np.isfinite(box.extents).all() and box.width > 0 else None


def put_beside(label: Any, side: tuple[float, float]) -> None:
    """Put the label of a point on one of the sides of it."""
    label.set_position(side)
    label.set_horizontalalignment("left" if side[0] > 0 else "right")
    label.set_verticalalignment("baseline" if side[1] > 0 else "top")


def drawn_ticks(axis: Any) -> list[Any]:
    """Return the ticks of an axis that lie within its limits."""
    low, high = sorted(axis.get_view_interval())
    room = 1e-9 * (high - low)
    return [tick for tick in axis.get_major_ticks() if low - room <= tick.get_loc() <= high + room]


def row_axis(axis: Any) -> bool:
    """Tell whether the ticks of an axis were set one by one, as the names of rows are."""
    from matplotlib.ticker import FixedLocator

    return isinstance(axis.get_major_locator(), FixedLocator)


def drawn_texts(figure: Figure) -> list[Any]:
    """Return all texts of a figure that are drawn."""
    from matplotlib.text import Text

    ticks = {tick for ax in figure.axes for axis in (ax.xaxis, ax.yaxis) for tick in _labels(axis)}
    drawn = {
        label
        for ax in figure.axes
        if ax.axison
        for axis in (ax.xaxis, ax.yaxis)
        for tick in drawn_ticks(axis)
        for label in (tick.label1, tick.label2)
    }
    hidden = {
        text
        for legend in [ax.get_legend() for ax in figure.axes]
        if legend is not None and not legend.get_visible()
        for text in legend.get_texts()
    }
    return [
        text
        for text in figure.findobj(Text)
        if (text not in ticks or text in drawn) and text not in hidden and extent(text)
    ]


def cut_texts(figure: Figure) -> list[Any]:
    """Return the texts of a figure that reach over its edge."""
    page = figure.bbox.padded(_EDGE)
    return [text for text in drawn_texts(figure) if not _inside(page, extent(text))]


def _inside(page: Any, box: Any) -> bool:
    return bool(page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 and box.y1 <= page.y1)


def _labels(axis: Any) -> list[Any]:
    held = [*axis.majorTicks, *axis.minorTicks]
    return [label for tick in held for label in (tick.label1, tick.label2)]
