"""What one text says of money."""

from __future__ import annotations

from typing import Final, NamedTuple

from toolkit.clean.amounts.headings import MoneyUnit

__all__ = ["YUAN", "Amount"]

YUAN: Final = MoneyUnit(0, "CNY")


class Amount(NamedTuple):
    """What one text says of money, in its own currency.

    A tuple rather than a dataclass, because a million of them are made at a time.

    Attributes
    ----------
    value : float
        The amount; NaN for a bound, a range and what is no amount.
    low, high : float
        Both ends, NaN where open.
    currency : str or None
        ISO 4217 code.
    unit : str or None
        The unit words that were applied, the text's own or the column's.
    bound : str or None
        exact, about, over, under or range.
    inclusive : bool
        Whether the number itself belongs to the bound.
    issue : str or None
        A key of the reasons: why there is no value or, beside a value, what to know of it.
    """

    value: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    currency: str | None = None
    unit: str | None = None
    bound: str | None = None
    inclusive: bool = True
    issue: str | None = None
