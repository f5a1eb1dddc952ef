"""Unit words of statistical tables, as exact factors to a base unit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

__all__ = ["UNITS", "BaseUnit", "scaled"]


@dataclass(frozen=True, kw_only=True)
class BaseUnit:
    """What a unit word means: so many of a base unit."""

    unit: str
    factor: Decimal


UNITS: dict[str, BaseUnit] = {
    word: BaseUnit(unit=unit, factor=Decimal(factor))
    for unit, words in {
        "CNY": {
            "元": "1",
            "千元": "1e3",
            "万元": "1e4",
            "百万元": "1e6",
            "千万元": "1e7",
            "亿元": "1e8",
            "万亿元": "1e12",
            "yuan": "1",
            "CNY": "1",
        },
        "persons": {"人": "1", "万人": "1e4", "persons": "1"},
        "count": {"个": "1", "家": "1", "户": "1", "count": "1"},
        "fraction": {"%": "0.01", "上年=100": "0.01", "fraction": "1"},
    }.items()
    for word, factor in words.items()
}
"""Unit words by their text. 万 is ten thousand, 亿 a hundred million."""


def scaled(text: str, unit: str) -> float | None:
    """Return a plain number in its base unit, exactly rounded once; None if it is no number.

    Examples
    --------
    >>> scaled("41540.9", "亿元")
    4154090000000.0
    >>> scaled("106.1", "上年=100")
    1.061
    >>> scaled("…", "亿元") is None
    True
    """
    try:
        number = Decimal(text.replace(",", "").replace(" ", ""))
    except InvalidOperation:
        return None
    return float(number * UNITS[unit].factor) if number.is_finite() else None
