"""One text as one amount of money: usual forms at once, all others by the grammar."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from toolkit.clean.amounts.amount import YUAN, Amount
from toolkit.clean.amounts.headings import MoneyUnit
from toolkit.clean.amounts.quantities import Reading, read_quantity
from toolkit.clean.amounts.quick import quick_amount
from toolkit.clean.amounts.vocabulary import CURRENCIES
from toolkit.language import say

__all__ = ["YUAN", "Amount", "explain", "read_amount"]

_CODES = frozenset(CURRENCIES.values())
_REASONS: Final = {
    "missing": "{text} stands for a missing value",
    "not_an_amount": "{text} is not an amount",
    "ambiguous_marks": "the comma in {text} may be a thousands or a decimal mark",
    "ambiguous_currency": "{text} names more than one currency",
    "reversed_range": "the range {text} ends below its beginning",
    "bound": "{text} is a bound or a range, which low and high keep, and not one amount",
    "no_rate": "no rate turns the {currency} of {text} into CNY",
    "unit_conflict": "{text} says its own unit, which was used and not the column's {unit}",
    "unit_assumed": "{text} names a currency and no scale; the column's {unit} was used",
    "no_unit": "{text} says no unit, and may be per cent or a fraction",
    "bare_dollar": "the bare $ in {text} was taken for the US dollar",
}


def read_amount(text: str, unit: MoneyUnit = YUAN) -> Amount:
    """Read one text as an amount of money.

    The amount is exact before it becomes a float, so that 1.1亿 is 110000000.0.

    Parameters
    ----------
    text : str
        Any text; none makes this raise.
    unit : MoneyUnit
        What a number is worth that says no unit of its own; with a currency.

    Returns
    -------
    Amount
        In the currency that the text names, or in that of `unit`.

    Examples
    --------
    >>> read_amount("1,600万元").value, read_amount("US$1.37 million").currency
    (16000000.0, 'USD')
    >>> read_amount("nearly 290 billion yuan")[:3]
    (nan, nan, 290000000000.0)
    """
    return quick_amount(text, unit) or _from_reading(read_quantity(text), unit)


def _from_reading(reading: Reading, unit: MoneyUnit) -> Amount:
    if reading.bound is None:
        return Amount(issue=reading.issue)
    # 减少500万元 is a change of an amount, whose sign stands in a word.
    if reading.direction or (reading.unit is not None and reading.unit not in _CODES):
        return Amount(issue="not_an_amount")
    scale = 1 if reading.stated == "unit" else unit.scale
    low, high = _scaled(reading.low, scale), _scaled(reading.high, scale)
    single = reading.bound in ("exact", "about")
    return Amount(
        value=low if single else float("nan"),
        low=low,
        high=high,
        currency=reading.unit or unit.currency,
        unit=reading.words if reading.stated == "unit" or unit.scale == 1 else unit.words,
        bound=reading.bound,
        inclusive=reading.inclusive,
        issue=(reading.issue or _note(reading, unit)) if single else "bound",
    )


def _scaled(number: Decimal | None, scale: int) -> float:
    return float("nan") if number is None else 0.0 + float(number * scale)


def _note(reading: Reading, unit: MoneyUnit) -> str | None:
    if unit.words is None or reading.stated == "nothing":
        return None
    other_currency = reading.unit is not None and reading.unit != unit.currency
    if other_currency or (reading.stated == "unit" and reading.scale != unit.scale):
        return "unit_conflict"
    return "unit_assumed" if reading.stated == "mark" and unit.scale != 1 else None


def explain(
    issue: str | None, text: str, *, unit: str | None = None, currency: str | None = None
) -> str | None:
    """Say an issue in words, in the language spoken.

    Parameters
    ----------
    issue : str or None
        The machine word; None where there is nothing to say.
    text : str
        What was read.
    unit, currency : str, optional
        The unit of the column, and the currency of the text.

    Examples
    --------
    >>> explain("ambiguous_marks", "1,23")
    "the comma in '1,23' may be a thousands or a decimal mark"
    """
    if issue is None:
        return None
    quoted = repr(text if len(text) <= 60 else f"{text[:57]}...")
    return say(_REASONS[issue], text=quoted, unit=unit, currency=currency)
