"""The forms that most amounts of a ledger have, each read at once and as the grammar reads it.

A number with its marks and one unit, or a Chinese numeral: what is anything else is left to the
grammar, which is some fifty times slower.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from toolkit.clean.amounts.amount import YUAN, Amount
from toolkit.clean.amounts.headings import MoneyUnit
from toolkit.clean.amounts.marks import UnreadableError, normalize
from toolkit.clean.amounts.numerals import DIGITS, LARGEST, MULTIPLIERS, read_number

__all__ = ["quick_amount"]

_HAN = {"": 0, "千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8, "万亿": 12}
_WORDS = {"": 0, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_LETTERS = {"m": 6, "mn": 6, "bn": 9, "tn": 12}
# Power of ten and currency of the units that most texts have.
_UNITS: Final[dict[str, tuple[int, str | None]]] = {
    **{f"{scale}元": (power, "CNY") for scale, power in _HAN.items()},
    **{f"{scale} yuan".strip(): (power, "CNY") for scale, power in _WORDS.items()},
    **{scale: (power, None) for scale, power in (_HAN | _WORDS | _LETTERS).items() if power > 3},
}
_FIGURE = re.compile(
    r"\s*(¥|￥|RMB|CNY|rmb|cny|人民币)?\s*(-?)([1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]{1,15})"
    r"(?:\.([0-9]{1,9}))?(?:[eE]\+?([0-9]{1,2}))?\s*([^0-9\s].*)?",
    re.ASCII | re.DOTALL,
)

# (1,600万元) is a bookkeeper's minus.
_BRACKETED = re.compile(r"\A\(([0-9][^()]*)\)(?=[^0-9()]*\Z)")
_PLACES = "".join(word for word, value in MULTIPLIERS.items() if value < 10_000)
_ZEROS = "".join(word for word, value in DIGITS.items() if value == "0")
_SECTION = f"[{''.join(DIGITS)}{_PLACES}]+"
_SPELLED = re.compile(f"([-负])?(?:({_SECTION})亿)?(?:({_SECTION})万)?({_SECTION})?(?:(元)整?)?")
_KEPT = 1 << 16


def quick_amount(text: str, unit: MoneyUnit) -> Amount | None:
    """Read an amount in a usual form; None where the grammar has to judge.

    Parameters
    ----------
    text : str
        Any text.
    unit : MoneyUnit
        What a number is worth that says no unit of its own; with a currency.

    Examples
    --------
    >>> quick_amount("1,600万元", YUAN).value, quick_amount("一千六百万元", YUAN).unit
    (16000000.0, '万元')
    >>> quick_amount("over 5万元", YUAN) is None
    True
    """
    found = _usual(text, unit)
    if found is None and (folded := _folded(text)) != text:
        found = _usual(folded, unit)
    return found


def _usual(text: str, unit: MoneyUnit) -> Amount | None:
    if figure := _FIGURE.fullmatch(text):
        return _from_figure(figure, unit)
    spelled = _SPELLED.fullmatch(text)
    return _from_spelled(spelled, unit) if spelled else None


def _folded(text: str) -> str:
    try:
        return _BRACKETED.sub(r"-\1", normalize(text))
    except UnreadableError:
        return text


def _from_figure(figure: re.Match[str], unit: MoneyUnit) -> Amount | None:
    mark, sign, whole, fraction, exponent, words = figure.groups()
    terms = _terms(mark, words, unit)
    if terms is None or (exponent and "," in whole):
        return None
    power, currency, shown, issue = terms
    if "," in whole:
        whole = whole.replace(",", "")
    if fraction:
        whole += fraction
        power -= len(fraction)
    if exponent:
        power += int(exponent)
    # Whole numbers multiply exactly and divide with one correct rounding.
    value = float(int(whole) * 10**power) if power >= 0 else int(whole) / 10**-power
    if value >= LARGEST:
        return None
    return _amount(0.0 - value if sign else value, currency, shown, issue)


_Terms = tuple[int, str | None, str | None, str | None]


@lru_cache(maxsize=_KEPT)
def _terms(mark: str | None, words: str | None, unit: MoneyUnit) -> _Terms | None:
    """Return power of ten, currency, unit as written and issue; a ledger has few of them."""
    said = words.rstrip() if words else ""
    if words and said not in _UNITS:
        return None
    if mark and not words and unit is not YUAN:
        return None
    power, named = _UNITS[said] if said else (unit.power, None)
    currency = "CNY" if mark else named or unit.currency
    other = said and unit.words and (power != unit.power or currency != unit.currency)
    return power, currency, said or mark or unit.words, "unit_conflict" if other else None


def _amount(value: float, currency: str | None, words: str | None, issue: str | None) -> Amount:
    # Of a million amounts, twice as fast as by their names.
    return tuple.__new__(Amount, (value, value, value, currency, words, "exact", True, issue))


def _from_spelled(spelled: re.Match[str], unit: MoneyUnit) -> Amount | None:
    sign, high, middle, low, yuan = spelled.groups()
    first = high or middle or low
    # 十万 begins with a place, and in 一万二 the last digit counts in the next place down.
    if not first or first[0] in _PLACES or (first is not low and low and len(low) == 1):
        return None
    number = 0
    for part, place in ((high, 10**8), (middle, 10**4), (low, 1)):
        value = _section(part) if part else 0
        if value is None:
            return None
        number += value * place
    scaled = first is not low
    last, scale = ("", 1) if low else ("万", 10**4) if middle else ("亿", 10**8)
    stated = scaled or yuan
    amount = float((-number if sign else number) * (1 if stated else unit.scale)) + 0.0
    words = (last + (yuan or "")) or None
    shown = words if stated or unit.scale == 1 else unit.words
    other = (yuan and unit.currency != "CNY") or scale != unit.scale
    issue = "unit_conflict" if stated and unit.words and other else None
    return _amount(amount, "CNY" if yuan else unit.currency, shown, issue)


@lru_cache(maxsize=_KEPT)
def _section(text: str) -> int | None:
    """Return a number below 10,000: there are not many, and they come over and over."""
    if len(text.strip(_ZEROS)) > 1 and not any(place in text for place in _PLACES):
        return None
    try:
        return int(read_number(list(text)).value)
    except UnreadableError:
        return None
