"""Numbers as they are written in sentences and tables."""

from __future__ import annotations

import math
from numbers import Integral

import pandas as pd

from toolkit.errors import OptionError
from toolkit.language import say

__all__ = ["check_conf_level", "format_cell", "format_number", "format_percent"]


SMALL = 1e-4
"""Numbers nearer to zero than this are written with an exponent."""


def check_conf_level(conf_level: float) -> float:
    """Return the level, or refuse one that is not a fraction between 0 and 1.

    Raises
    ------
    OptionError
        If the level is not strictly between 0 and 1.

    Examples
    --------
    >>> check_conf_level(0.95)
    0.95
    """
    if not 0 < conf_level < 1:
        meant = f" Did you mean {conf_level / 100:g}?" if 1 < conf_level < 100 else ""
        raise OptionError(f"conf_level is a fraction between 0 and 1; got {conf_level:g}.{meant}")
    return float(conf_level)


def format_number(value: float, *, digits: int = 4) -> str:
    """Write a number with `digits` significant digits and thousands marks.

    Whole digits are never rounded away: 12345.6 with four digits is ``12,346``. Only a number
    below 0.0001 has an exponent.

    Examples
    --------
    >>> format_number(6.23830579)
    '6.238'
    >>> format_number(12345.6)
    '12,346'
    >>> format_number(2.3e-9)
    '2.30e-09'
    >>> format_number(float("nan"))
    'n/a'
    """
    if value is None or pd.isna(value):
        return say("n/a")
    if math.isinf(value):
        return say("unbounded")
    if value == 0:
        return "0"
    if abs(value) < SMALL:
        return f"{value:.{digits - 2}e}"
    magnitude = math.floor(math.log10(abs(value)))
    decimals = max(0, digits - 1 - magnitude)
    text = f"{value:,.{decimals}f}"
    return text if not float(value).is_integer() or abs(value) < 1000 else f"{value:,.0f}"


def format_percent(share: float, *, decimals: int = 1) -> str:
    """Write a fraction as a percentage.

    Examples
    --------
    >>> format_percent(0.0707)
    '7.1%'
    """
    return say("n/a") if pd.isna(share) else f"{100 * share:.{decimals}f}%"


def format_cell(value: object) -> str:
    """Write one cell of a table: whole numbers plain, others rounded, nothing for missing."""
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Integral | str):
        return str(value)
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return str(value)
    if math.isnan(number):
        return ""
    return format_number(number)
