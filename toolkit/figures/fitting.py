"""A figure at the size at which it is printed: labels broken, legend aside, nothing cut.

Letters keep their size in points while the figure shrinks. What no longer fits is broken into
lines, moved or left out, in this order; only then do letters shrink, to seven tenths at most. All
of it is undone when the figure has been written.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from textwrap import fill
from typing import TYPE_CHECKING, Any

from toolkit.figures.legends import move_legends
from toolkit.figures.measures import (
    LABEL,
    SIDES,
    cut_texts,
    drawn_ticks,
    extent,
    lay_out,
    put_beside,
    row_axis,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

__all__ = ["CutWarning", "fitted"]

LEAST_HIGH = 0.6
"""Height of axes over their width, at least, where the height is free."""

_NAMES = 0.42
"""Share of the width that the names of rows may take."""

_TRIES, _STEP = 8, 0.5
"""How often a figure is made higher, and by how many inches where its axes had no room at all."""

_GAP = 5.0
"""Pixels between two numbers under an axis, at least."""

_SHRINKING = (0.92, 0.85, 0.78, 0.7)


class CutWarning(UserWarning):
    """Text of a figure that is cut at its edge, whatever was done."""


@contextmanager
def fitted(figure: Figure, *, size: tuple[float, float], free: bool) -> Iterator[None]:
    """Make a figure fit a size inside a ``with`` block, and leave it as it was.

    Parameters
    ----------
    figure : Figure
        Laid out by an engine of its own.
    size : (float, float)
        Width and height in inches.
    free : bool
        Whether the figure may become higher than that.
    """
    with ExitStack() as undo:
        undo.callback(figure.set_size_inches, *figure.get_size_inches())
        figure.set_size_inches(*size)
        _place(figure, undo, free=free)
        if move_legends(figure, undo):
            _place(figure, undo, free=free)
        _thin(figure, undo)
        for share in _SHRINKING:
            if not cut_texts(figure):
                break
            _shrink(figure, share, undo)
            _break(figure, undo)
        _warn(figure)
        yield


def _place(figure: Figure, undo: ExitStack, *, free: bool) -> None:
    for ax in figure.axes:
        _break_names(ax.yaxis, _NAMES * figure.bbox.width, undo)
    if free:
        _heighten(figure)
    _break(figure, undo)
    if free:
        _heighten(figure)


def _break(figure: Figure, undo: ExitStack) -> None:
    """Break titles and names of axes into lines that fit."""
    lay_out(figure)
    wide, high = figure.bbox.width, figure.bbox.height
    for ax in figure.axes:
        box = ax.get_window_extent()
        middle = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        _break_text(ax.xaxis.label, 2 * min(middle[0], wide - middle[0]), 0, undo)
        _break_text(ax.yaxis.label, 2 * min(middle[1], high - middle[1]), 1, undo)
        _break_text(ax._left_title, wide - box.x0, 0, undo)  # type: ignore[attr-defined]
    for text, room, side in (
        (figure._suptitle, 0.96 * wide, 0),  # type: ignore[attr-defined]
        (figure._supxlabel, wide, 0),  # type: ignore[attr-defined]
        (figure._supylabel, high, 1),  # type: ignore[attr-defined]
    ):
        if text is not None:
            _break_text(text, room, side, undo)
    lay_out(figure)


def _break_text(text: Text, room: float, side: int, undo: ExitStack) -> None:
    said = text.get_text()
    box = extent(text)
    if not said or box is None:
        return
    long = (box.width, box.height)[side]
    if long > room > 0:
        letters = max(len(line) for line in said.splitlines())
        undo.callback(text.set_text, said)
        text.set_text(_filled(said, int(0.95 * letters * room / long)))


def _filled(said: str, letters: int) -> str:
    """Break a text into lines of so many letters, within words only where they are Chinese."""
    chinese = any(letter >= "\u2e80" for letter in said)
    return fill(" ".join(said.split()), max(letters, 4), break_long_words=chinese)


def _break_names(axis: Any, room: float, undo: ExitStack) -> None:
    ticks = drawn_ticks(axis)
    if not row_axis(axis):
        return
    boxes = [extent(tick.label1) for tick in ticks]
    widest = max((box.width for box in boxes if box), default=0)
    if widest <= room:
        return
    names = [tick.label1.get_text() for tick in ticks]
    letters = int(room / widest * max(map(len, names)))
    undo.callback(axis.set_ticklabels, names)
    axis.set_ticklabels([_filled(name, letters) for name in names])


def _heighten(figure: Figure) -> None:
    """Make a figure as high as its axes and the names of its rows need."""
    for _ in range(_TRIES):
        collapsed = lay_out(figure)
        lacking = _STEP * figure.dpi if collapsed else max(map(_lacking, figure.axes), default=0.0)
        if lacking <= 1:
            return
        rows = len({ax.get_subplotspec().rowspan.start for ax in _gridded(figure)}) or 1
        wide, high = figure.get_size_inches()
        figure.set_size_inches(wide, high + (1 if collapsed else rows) * lacking / figure.dpi)
    lay_out(figure)


def _gridded(figure: Figure) -> list[Any]:
    return [ax for ax in figure.axes if ax.get_subplotspec() is not None]


def _lacking(ax: Axes) -> float:
    """Return by how many pixels axes are too low."""
    box = ax.get_window_extent()
    if not ax.axison or ax.get_subplotspec() is None:
        return 0.0
    needed = LEAST_HIGH * box.width
    if row_axis(ax.yaxis):
        boxes = [held for tick in drawn_ticks(ax.yaxis) if (held := extent(tick.label1))]
        tallest = max((held.height for held in boxes), default=0.0)
        needed = 1.05 * tallest * (len(boxes) + 0.4)
    return float(needed - box.height)


def _thin(figure: Figure, undo: ExitStack) -> None:
    """Leave out labels and numbers that would cover others."""
    for ax in figure.axes:
        taken: list[Any] = []
        for label in (text for text in ax.texts if text.get_gid() == LABEL):
            if box := _free_box(label, taken, undo):
                taken.append(box)
            else:
                undo.callback(label.set_visible, label.get_visible())
                label.set_visible(False)
        if row_axis(ax.xaxis):
            _thin_numbers(ax, undo)
    lay_out(figure)


def _free_box(label: Any, taken: list[Any], undo: ExitStack) -> Any:
    """Return where a label stands; one in bold goes to another side rather than away."""
    box = extent(label)
    if box is None or not any(map(box.overlaps, taken)) or label.get_fontweight() != "bold":
        return None if box is None or any(map(box.overlaps, taken)) else box
    first = label.get_position()
    undo.callback(put_beside, label, first)
    for side in SIDES:
        put_beside(label, side)
        box = extent(label)
        if box is not None and not any(map(box.overlaps, taken)):
            return box
    put_beside(label, first)
    return extent(label)


def _thin_numbers(ax: Axes, undo: ExitStack) -> None:
    """Leave out every other number under an axis, those of its rows included."""
    ticks = list(ax.get_xticks())
    counts = [text for text in ax.texts if isinstance(getattr(text, "xycoords", None), tuple)]
    below = {tick: [text for text in counts if text.xy[0] == tick] for tick in ticks}  # type: ignore[attr-defined]
    rows = [
        [tick.label1 for tick in drawn_ticks(ax.xaxis)],
        *map(list, zip(*below.values(), strict=True)),
    ]
    if any(map(_collide, rows)):
        undo.callback(ax.set_xticks, ticks)
        ax.set_xticks(ticks[::2])
        for text in (text for tick in ticks[1::2] for text in below[tick]):
            undo.callback(text.set_visible, text.get_visible())
            text.set_visible(False)


def _collide(texts: list[Any]) -> bool:
    boxes = [box for text in texts if (box := extent(text))]
    return any(one.x1 + _GAP > other.x0 > one.x0 for one, other in pairwise(boxes))


def _shrink(figure: Figure, share: float, undo: ExitStack) -> None:
    """Draw all letters at a share of the size that they had at first."""
    from matplotlib.text import Text

    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        first = _first_size(text, undo)
        text.set_fontsize(share * first)
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            sizes = [_first_size(tick.label1, undo) for tick in drawn_ticks(axis)]
            if sizes:
                axis.set_tick_params(labelsize=share * sizes[0])
                undo.callback(axis.set_tick_params, labelsize=sizes[0])
    lay_out(figure)


def _first_size(text: Any, undo: ExitStack) -> float:
    if not hasattr(text, "_toolkit_size"):
        text._toolkit_size = text.get_fontsize()

        def restore(text: Any = text) -> None:
            text.set_fontsize(text.__dict__.pop("_toolkit_size", text.get_fontsize()))

        undo.callback(restore)
    return float(text._toolkit_size)


def _warn(figure: Figure) -> None:
    cut = cut_texts(figure)
    if cut:
        wide = figure.get_size_inches()[0] * 25.4
        shown = ", ".join(repr(" ".join(text.get_text().split())) for text in cut[:3])
        warnings.warn(
            f"A figure {wide:.0f} mm wide cuts {len(cut)} of its texts at the edge: {shown}. Make "
            "it wider (width='page'), or shorten them.",
            CutWarning,
            stacklevel=5,
        )
