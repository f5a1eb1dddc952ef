"""One text as one amount of money: plain forms by one expression, all others by the grammar."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, NamedTuple

from toolkit.clean.amounts.headings import MoneyUnit
from toolkit.clean.amounts.marks import UnreadableError, normalize
from toolkit.clean.amounts.numerals import LARGEST
from toolkit.clean.amounts.quantities import Reading, read_quantity
from toolkit.clean.amounts.vocabulary import CURRENCIES

__all__ = ["YUAN", "Amount", "explain", "read_amount"]

YUAN: Final = MoneyUnit(0, "CNY")

_CODES = frozenset(CURRENCIES.values())
_HAN = {"": 0, "千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8, "万亿": 12}
_WORDS = {"": 0, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_LETTERS = {"m": 6, "mn": 6, "bn": 9, "tn": 12}
# Power of ten and currency of the units that most texts have.
_PLAIN_UNITS: Final[dict[str, tuple[int, str | None]]] = {
    **{f"{scale}元": (power, "CNY") for scale, power in _HAN.items()},
    **{f"{scale} yuan".strip(): (power, "CNY") for scale, power in _WORDS.items()},
    **{scale: (power, None) for scale, power in (_HAN | _WORDS | _LETTERS).items() if power > 3},
}
_PLAIN = re.compile(
    r"\s*(¥|￥|RMB|CNY|rmb|cny|人民币)?\s*(-?)([1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]{1,15})"
    r"(?:\.([0-9]{1,9}))?(?:[eE]\+?([0-9]{1,2}))?\s*("
    + "|".join(sorted(_PLAIN_UNITS, key=len, reverse=True))
    + r")?\s*",
    re.ASCII,
)
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
    plain = _PLAIN.fullmatch(text) or _PLAIN.fullmatch(_folded(text))
    if plain is not None:
        amount = _from_plain(plain, unit)
        if amount is not None:
            return amount
    return _from_reading(read_quantity(text), unit)


def _folded(text: str) -> str:
    try:
        return normalize(text)
    except UnreadableError:
        return ""


def _from_plain(plain: re.Match[str], unit: MoneyUnit) -> Amount | None:
    """Return what a plain form says, or None where the grammar has to judge."""
    mark, sign, whole, fraction, exponent, words = plain.groups()
    if mark and not words and unit is not YUAN:
        return None
    scale, named = _PLAIN_UNITS[words] if words else (unit.power, None)
    currency = "CNY" if mark else named or unit.currency
    digits, power = int(whole.replace(",", "")), scale
    if fraction:
        digits = digits * 10 ** len(fraction) + int(fraction)
        power -= len(fraction)
    if exponent:
        power += int(exponent)
    # Whole numbers multiply exactly and divide with one correct rounding.
    value = float(digits * 10**power) if power >= 0 else digits / 10**-power
    if value >= LARGEST or (exponent and "," in whole):
        return None
    if sign:
        value = 0.0 - value
    other = words and unit.words and (scale != unit.power or currency != unit.currency)
    issue = "unit_conflict" if other else None
    return Amount(value, value, value, currency, words or mark or unit.words, "exact", issue=issue)


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
    """Say an issue in words.

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
    return _REASONS[issue].format(text=quoted, unit=unit, currency=currency)
