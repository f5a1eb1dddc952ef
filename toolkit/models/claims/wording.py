"""How counts stand in sentences."""

from __future__ import annotations

from toolkit.language import say

__all__ = ["counted"]


def counted(number: int, noun: str) -> str:
    """Write a number with its noun.

    Examples
    --------
    >>> counted(1, "figure"), counted(1_020, "figure")
    ('1 figure', '1,020 figures')
    """
    return say("{number:,} {noun}", number=number, noun=noun if number == 1 else f"{noun}s")
