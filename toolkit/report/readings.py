"""Formatted key figures, read back as numbers to sort, colour and subtract by."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Reading", "read_figure"]

_SCALES = {
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "万": 1e4,
    "亿": 1e8,
    "万亿": 1e12,
}
_FIGURE = re.compile(
    r"(?<![\w.])(?P<sign>[-+\u2212]?)\s?[¥$€£]?\s?"
    r"(?P<number>\d[\d,]*(?:\.(?P<decimals>\d+))?(?:e(?P<exponent>[-+]?\d+))?)"
    r"\s?(?P<scale>%|thousand\b|million\b|billion\b|trillion\b|万亿|万|亿)?"
)


@dataclass(frozen=True)
class Reading:
    """The first number in a text.

    Attributes
    ----------
    value : float
        In units: 1.2 billion is 1,200,000,000; 7.1% stays 7.1.
    written : float
        As written: 1.2.
    decimals : int
        Places behind the point that it needs to be written as exactly: 2.30e-09 needs 11.
    step : float
        What its last digit counts, in units: of 1.2 billion, 100,000,000.
    scale : str
        The word or sign behind it: ``"billion"``, ``"亿"``, ``"%"``, or nothing.
    """

    value: float
    written: float
    decimals: int
    step: float
    scale: str


def read_figure(text: str) -> Reading | None:
    """Read the first number of a text; None where it has none.

    Examples
    --------
    >>> read_figure("¥1,674,296").value, read_figure("−7.1% a year").value
    (1674296.0, -7.1)
    >>> read_figure("1.2 billion CNY")
    Reading(value=1200000000.0, written=1.2, decimals=1, step=100000000.0, scale='billion')
    >>> read_figure("Hunan") is None
    True
    """
    found = _FIGURE.search(text)
    if found is None:
        return None
    written = float(found["number"].replace(",", ""))
    if found["sign"] in ("-", "\u2212"):
        written = -written
    scale = found["scale"] or ""
    unit = _SCALES.get(scale, 1.0)
    last = int(found["exponent"] or 0) - len(found["decimals"] or "")
    return Reading(
        value=written * unit,
        written=written,
        decimals=max(-last, 0),
        step=float(f"1e{last}") * unit,
        scale=scale,
    )
