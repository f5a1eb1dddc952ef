"""Numbers that are known by their bounds, and how to reckon with them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from toolkit.errors import ModelError, OptionError
from toolkit.language import say

__all__ = ["Span"]


@dataclass(frozen=True, kw_only=True)
class Span:
    """All numbers between two bounds, each of which belongs to it or not.

    Parameters
    ----------
    low, high : float
        The bounds; infinite where there is none.
    low_open, high_open : bool
        Whether the bound itself is left out: *over 15,000* leaves 15,000 out.

    Examples
    --------
    >>> firms, money = Span(low=15_000, low_open=True), Span(low=2.1e11, low_open=True)
    >>> print(money / firms)
    above 0
    >>> print(money / Span(low=15_000, high=15_000))
    above 14,000,000
    """

    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False
    high_open: bool = False

    def __post_init__(self) -> None:
        if math.isnan(self.low) or math.isnan(self.high) or self.low > self.high:
            raise OptionError(
                f"A span runs from its low to its high bound; got {self.low:g} and {self.high:g}."
            )
        # What has no bound cannot reach it.
        object.__setattr__(self, "low_open", self.low_open or math.isinf(self.low))
        object.__setattr__(self, "high_open", self.high_open or math.isinf(self.high))

    @property
    def is_point(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high

    def __contains__(self, value: float) -> bool:
        above = value > self.low or (value == self.low and not self.low_open)
        below = value < self.high or (value == self.high and not self.high_open)
        return above and below

    def contains_span(self, other: Span) -> bool:
        """Return whether every number of the other lies in this one."""
        low = other.low > self.low or (
            other.low == self.low and (other.low_open or not self.low_open)
        )
        high = other.high < self.high or (
            other.high == self.high and (other.high_open or not self.high_open)
        )
        return low and high

    def meets(self, other: Span) -> bool:
        """Return whether the two have a number in common."""
        if self.low > other.high or other.low > self.high:
            return False
        if self.low == other.high and (self.low_open or other.high_open):
            return False
        return not (other.low == self.high and (other.low_open or self.high_open))

    def __sub__(self, other: Span) -> Span:
        return Span(
            low=self.low - other.high,
            high=self.high - other.low,
            low_open=self.low_open or other.high_open,
            high_open=self.high_open or other.low_open,
        )

    def __truediv__(self, other: Span) -> Span:
        """Divide amounts from 0 on; of a divisor that reaches down to 0, the numbers above it."""
        if self.low < 0 or other.low < 0 or other.high == 0:
            raise ModelError(
                "A ratio of bounds needs amounts from 0 on and a divisor that is not 0; got "
                f"{self} over {other}."
            )
        low = 0.0 if math.isinf(other.high) else self.low / other.high
        high = math.inf if other.low == 0 else self.high / other.low
        return Span(
            low=low,
            high=high,
            low_open=self.low_open or other.high_open,
            high_open=self.high_open or other.low_open,
        )

    def __str__(self) -> str:
        low, high = (
            f"{bound:,.6g}" if abs(bound) < 1e5 else f"{bound:,.0f}"
            for bound in (self.low, self.high)
        )
        if self.is_point:
            return low
        if math.isinf(self.high):
            if math.isinf(self.low):
                return "any number"
            return say("{side} {low}", side="above" if self.low_open else "at least", low=low)
        if math.isinf(self.low):
            return say("{side} {high}", side="below" if self.high_open else "at most", high=high)
        from_ = say("above {low}", low=low) if self.low_open else low
        return say(
            "{low} to {below}{high}", low=from_, below="below " if self.high_open else "", high=high
        )
