"""Fonts for Chinese text: found where there are any, said how to be had where there are none."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["CHINESE_FONTS", "FontWarning", "chinese_font", "leave_out_undrawable"]

CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Heiti SC",
    "STHeiti",
    "SimHei",
    "DengXian",
    "Droid Sans Fallback",
    "Noto Serif CJK SC",
    "Songti SC",
    "SimSun",
    "AR PL UMing CN",
    "Arial Unicode MS",
    # Where matplotlib knows the first face of a collection alone, this is the one.
    "Noto Sans CJK JP",
)
"""By preference; the first that is installed is taken."""

_CHINESE = re.compile(
    r"[\u2e80-\u303f\u31c0-\u31ef\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
    r"\U00020000-\U0003ffff]+"
)
_HOW = (
    "Chinese text is left out of a figure (…): no font for it is installed. Install one: "
    "apt-get install fonts-noto-cjk on Debian and Ubuntu, brew install font-noto-sans-cjk-sc on "
    "macOS, Noto Sans CJK SC from fonts.google.com/noto elsewhere; then start Python anew."
)


class FontWarning(UserWarning):
    """Text that a figure lacks, since no font has its characters."""


@cache
def chinese_font() -> str | None:
    """Return the name of the best Chinese font that is installed, None where there is none.

    Matplotlib remembers the fonts of the day on which it first looked. Fonts that have gone since
    are passed over; where it knows of none, those that have come since are read.
    """
    return _known() or (_known() if _read_new_fonts() else None)


def _known() -> str | None:
    from matplotlib import font_manager

    there = {font.name for font in font_manager.fontManager.ttflist if Path(font.fname).is_file()}
    return next((name for name in CHINESE_FONTS if name in there), None)


def _read_new_fonts() -> int:
    from matplotlib import font_manager

    manager = font_manager.fontManager
    remembered = {font.fname for font in manager.ttflist}
    new = [path for path in font_manager.findSystemFonts() if path not in remembered]
    for path in new:
        try:
            manager.addfont(path)
        except (OSError, RuntimeError):  # a damaged file is none that could be drawn with
            continue
    return len(new)


def leave_out_undrawable(*, family: Sequence[str]) -> None:
    """Put … where Chinese text in these fonts would be boxes, and warn, with what to install.

    Open figures are looked through; text in other fonts is the user's own, and stays.
    """
    from matplotlib._pylab_helpers import Gcf

    figures = [manager.canvas.figure for manager in Gcf.get_all_fig_managers()]
    if sum(_leave_out(figure, list(family)) for figure in figures):
        # Warned of as from here, so that the same figure says the same on every machine.
        warnings.warn_explicit(_HOW, FontWarning, filename="toolkit.figures", lineno=1)


def _leave_out(figure: Figure, family: list[str]) -> int:
    from matplotlib.text import Text

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        # Labels of ticks have their text only when they have been placed.
        figure.draw_without_rendering()
    boxes: list[Any] = [
        text
        for text in figure.findobj(Text)
        if _CHINESE.search(text.get_text()) and text.get_fontfamily() == family
    ]
    for axis in {axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)}:
        labels: list[Any] = axis.get_ticklabels()
        if any(label in boxes for label in labels):
            replaced = [_CHINESE.sub("…", label.get_text()) for label in labels]
            axis.set_ticks(axis.get_ticklocs(), labels=replaced)
    for text in boxes:
        text.set_text(_CHINESE.sub("…", text.get_text()))
    return len(boxes)
