"""Figures shown in a notebook: laid out once, not once for each form they are shown in.

A notebook shows a figure as soon as its cell has run, in each form that it was asked for. For each
matplotlib would lay it out anew, draw it unseen to find its edges, and draw it: the first two take
longer than the last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["is_settled", "settle"]


class _Settled(FigureCanvasAgg):
    """Shows a figure in the size that it is laid out for, as long as nothing is added to it."""

    def print_figure(self, *args: Any, bbox_inches: Any = None, **options: Any) -> Any:
        changed = self.figure.stale
        if options.get("format") == "png":
            # In half the time of the usual level, and the file is no larger.
            options.setdefault("pil_kwargs", {"compress_level": 3})
        if bbox_inches == "tight" and not changed:
            bbox_inches = None
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
    manager = figure.canvas.manager
    canvas = _Settled(figure)
    if manager is not None:
        manager.canvas, canvas.manager = canvas, manager
    figure.stale = False


def is_settled(figure: Figure) -> bool:
    """Tell whether a figure is laid out for good."""
    return isinstance(figure.canvas, _Settled)
