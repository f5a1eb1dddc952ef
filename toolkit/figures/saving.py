"""Figures as files for a paper: the width of a journal's column, fonts inside, no date."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from toolkit.errors import OptionError, did_you_mean
from toolkit.figures.fitting import fitted
from toolkit.figures.style import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["WIDTHS", "save_figure"]

WIDTHS = {"column": 90.0, "one_and_a_half": 140.0, "page": 190.0}
"""Millimetres; what Elsevier asks for, within a few millimetres of most journals."""

_MM_PER_INCH = 25.4
_NARROWEST = 30.0
_NO_DATE = {".pdf": {"CreationDate": None}, ".svg": {"Date": None}, ".png": {"Software": None}}


def save_figure(
    ax: Axes,
    path: str | Path,
    *,
    width: Literal["column", "one_and_a_half", "page"] | float = "column",
    height: float | None = None,
    title: Literal["keep", "drop"] = "drop",
) -> Path:
    """Write a figure at the width at which it will be printed.

    Letters keep their size in points, so that they are legible in print. What no longer fits is
    broken into lines; a legend goes below its axes, names that would cover others are left out,
    and letters shrink (to seven tenths at most) only where all this is not enough.

    Fonts are embedded in PDF as they are: the Latin one as TrueType (Type 42), a Chinese one with
    PostScript outlines, such as Noto Sans CJK, as a CID font (Type 0 in OpenType). Letters are
    shapes in SVG, and PNG has 600 dots to the inch. The same figure gives the same bytes.

    Parameters
    ----------
    ax : Axes
        As returned by ``plot()``.
    path : str or Path
        Ends in ``.pdf``, ``.svg`` or ``.png``.
    width : {"column", "one_and_a_half", "page"} or float
        Of :data:`WIDTHS`, or in millimetres.
    height : float, optional
        In millimetres; by default in the proportion that the figure has, or more where its rows
        or its axes need it.
    title : {"drop", "keep"}
        In a paper the caption bears the title.

    Returns
    -------
    Path

    Raises
    ------
    OptionError
        If the file is of another kind, or the width is not one there is.

    Examples
    --------
    >>> import tempfile, pandas as pd
    >>> from toolkit.figures import intervals
    >>> frame = pd.DataFrame({"label": ["a"], "estimate": [1], "conf_low": [0], "conf_high": [2]})
    >>> ax = intervals(frame, label="label", axis="yuan per yuan", title="Ratio")
    >>> save_figure(ax, Path(tempfile.mkdtemp(), "ratio.pdf"), width="column").name
    'ratio.pdf'
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in _NO_DATE:
        raise OptionError(
            f"{target.name}: a figure is written as {', '.join(_NO_DATE)}; name the file so."
        )
    across = _millimetres(width)
    from matplotlib import rc_context

    from toolkit.figures.inline import is_settled, settle

    figure = ax.get_figure(root=True)
    assert figure is not None
    drawn, said = figure.get_size_inches().copy(), ax.get_title(loc="left")
    above = figure.get_suptitle()
    up = drawn[1] / drawn[0] * across if height is None else height
    lasting: Any = {"pdf.fonttype": 42, "svg.fonttype": "path", "svg.hashsalt": "toolkit"}
    settled = is_settled(figure)
    size = across / _MM_PER_INCH, up / _MM_PER_INCH
    try:
        if settled:
            figure.set_layout_engine("constrained")
        with style(), rc_context(lasting):
            ax.set_title(said if title == "keep" else "", loc="left")
            if title == "drop" and above:
                figure._suptitle.set_text("")  # type: ignore[attr-defined]
            with fitted(figure, size=size, free=height is None):
                figure.savefig(target, dpi=600, metadata=_NO_DATE[suffix])
    finally:
        with style():
            ax.set_title(said, loc="left")
            if above:
                figure._suptitle.set_text(above)  # type: ignore[attr-defined]
        if settled:
            settle(figure)
    return target


def _millimetres(width: str | float) -> float:
    if isinstance(width, str):
        if width not in WIDTHS:
            raise OptionError(
                f"width is one of {', '.join(WIDTHS)}, or in millimetres; got {width!r}."
                f"{did_you_mean(width, WIDTHS)}"
            )
        return WIDTHS[width]
    if width < _NARROWEST:
        raise OptionError(
            f"width is in millimetres, {_NARROWEST:g} or more; got {width:g}. Inches times 25.4?"
        )
    return float(width)
