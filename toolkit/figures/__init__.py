"""Tidy frames to figures: the only place that knows matplotlib.

Every function takes a tidy frame and names of columns, draws on `ax` (or a new figure) and
returns the axes. Style is applied around each drawing, never globally.
"""

from toolkit.figures.curves import lines, step_curves
from toolkit.figures.effects import event_study, threshold
from toolkit.figures.fits import banded_curves, trend
from toolkit.figures.points import bounds, fitted_scatter, growth_scatter, intervals
from toolkit.figures.regions import small_multiples, stacked_parts, tile_map
from toolkit.figures.saving import save_figure
from toolkit.figures.style import PALETTE, style

__all__ = [
    "PALETTE",
    "banded_curves",
    "bounds",
    "event_study",
    "fitted_scatter",
    "growth_scatter",
    "intervals",
    "lines",
    "save_figure",
    "small_multiples",
    "stacked_parts",
    "step_curves",
    "style",
    "threshold",
    "tile_map",
    "trend",
]
