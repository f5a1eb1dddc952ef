"""How money and probabilities stand in sentences."""

from __future__ import annotations

import math

from toolkit.language import say
from toolkit.results import format_percent

__all__ = ["chance_text", "money_text", "years_text"]


def money_text(value: float) -> str:
    """Write an amount of CNY as it is said.

    Examples
    --------
    >>> money_text(1_341_000_000), money_text(999_600_000), money_text(-580_000)
    ('¥1.34 billion', '¥1 billion', '-¥580,000')
    """
    if math.isnan(value):
        return "n/a"
    sign = "-" if value < 0 else ""
    for size, text in (
        (1e12, "{sign}¥{amount:,.3g} trillion"),
        (1e9, "{sign}¥{amount:,.3g} billion"),
        (1e6, "{sign}¥{amount:,.3g} million"),
    ):
        # Three digits round 999.6 million up to the next word.
        if abs(value) >= 0.9995 * size:
            wan = abs(value) / 1e4
            return say(text, sign=sign, amount=abs(value) / size, wan=wan, yi=wan / 1e4)
    return f"{sign}¥{abs(value):,.0f}"


def chance_text(share: float) -> str:
    """Write a probability so that a small one does not become 0%.

    Examples
    --------
    >>> chance_text(0.0312), chance_text(0.00004)
    ('3.1%', 'under 0.1%')
    """
    return "under 0.1%" if 0 < share < 0.001 else format_percent(share)


def years_text(years: int) -> str:
    """Write a number of years.

    Examples
    --------
    >>> years_text(1), years_text(3)
    ('1 year', '3 years')
    """
    return say("{years} year", years=years) if years == 1 else say("{years} years", years=years)
