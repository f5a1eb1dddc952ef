"""Figures shown in a notebook: laid out and measured once, not once for each form of them.

A notebook shows a figure as soon as its cell has run, in each form that it was asked for. For each
matplotlib would lay it out anew, draw it unseen to find its edges, and draw it: the first two take
longer than the last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib import rc_context, rcParams
from matplotlib.backends.backend_agg import FigureCanvasAgg

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

__all__ = ["is_settled", "settle"]


class _Settled(FigureCanvasAgg):
    """Knows the edges of a figure, as long as nothing is added to it."""

    def __init__(self, figure: Figure, edges: Bbox) -> None:
        super().__init__(figure)
        self._edges = edges

    def print_figure(self, *args: Any, bbox_inches: Any = None, **options: Any) -> Any:
        changed = self.figure.stale
        if options.get("format") == "png":
            # In half the time of the usual level, and the file is no larger.
            options.setdefault("pil_kwargs", {"compress_level": 3})
        if bbox_inches == "tight" and not changed:
            bbox_inches = self._edges
        printed = super().print_figure(*args, bbox_inches=bbox_inches, **options)
        self.figure.stale = changed  # printing itself is no change
        return printed


def settle(figure: Figure) -> None:
    """Lay a figure out for good, in a size that stays."""
    if (layout := figure.get_layout_engine()) is None:
        return
    layout.execute(figure)
    with rc_context({"figure.constrained_layout.use": False}):
        figure.set_layout_engine(None)
    manager, drawn_by = figure.canvas.manager, figure.canvas
    renderer = drawn_by.get_renderer()  # type: ignore[attr-defined]  # the inline backend is Agg
    # What measured its texts for the layout remembers them; another would measure them again.
    edges = figure.get_tightbbox(renderer).padded(rcParams["savefig.pad_inches"])
    canvas = _Settled(figure, edges)
    if manager is not None:
        manager.canvas, canvas.manager = canvas, manager
    figure.stale = False


def is_settled(figure: Figure) -> bool:
    """Tell whether a figure is laid out for good."""
    return isinstance(figure.canvas, _Settled)
