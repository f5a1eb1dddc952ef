"""The grammar of one published quantity: signs, currencies, scales, units, bounds and ranges.

`read_quantity` reads one text of any kind: an amount of money, a share, a count, a duration, a
ratio. What it cannot read it says, and never raises.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from toolkit.clean.amounts.cursor import Cursor
from toolkit.clean.amounts.marks import UnreadableError, normalize
from toolkit.clean.amounts.numerals import (
    DIGITS,
    ENGLISH_NUMBERS,
    ENGLISH_SCALES,
    MULTIPLIERS,
    is_number_word,
)
from toolkit.clean.amounts.phrases import Phrase, Stated, read_phrase
from toolkit.clean.amounts.vocabulary import AND, CURRENCIES, MISSING, PER_ONE, TO, Bound, cut

__all__ = ["Reading", "read_quantity"]

# (5.2), (5.2)万元 and ¥(5.2) are bookkeepers' minus; what else stands in brackets is not.
_ACCOUNTING = re.compile(
    r"([^0-9()]*)\(\s*([^()0-9]*[0-9][0-9.,' ]*(?:e[+-]?[0-9]{1,3})?[^()0-9]*)\)([^0-9()]*)"
)
_SPELLED = re.compile(r"([^0-9()]*)\(([^0-9()]+)\)([^0-9()]*)")
# Contracts write an amount twice: 人民币壹佰万元整（¥1,000,000.00）.
_TWICE = re.compile(r"([^()]+?) ?\(([^()]*[0-9][^()]*)\)")
_FULL_STOP = re.compile(r"(?:(?<=[a-z])\.|[。,;])$")
_BRACKETS = re.compile(r"(?<=\w)\s*\(([^()0-9]+)\)")
_LARGE = frozenset("万萬亿億").union(ENGLISH_SCALES)
_UNIT_WORDS = frozenset().union(ENGLISH_SCALES, MULTIPLIERS, CURRENCIES)


class Reading(NamedTuple):
    """What one text says.

    A tuple rather than a dataclass, because a million of them are made at a time.

    Attributes
    ----------
    low, high : Decimal or None
        The ends; equal for one number, one of them None for a bound, both None if unread.
    unit : str or None
        A currency code, or share, percentage_points, ratio, months, days, working_days, hours,
        minutes, seconds, score, count; None for a number without a unit.
    bound : str or None
        exact, about, over, under or range; None if unread.
    inclusive : bool
        Whether the number itself belongs to the bound: at least 5, not over 5.
    approximate : bool
        Whether the text says about.
    direction : str or None
        above or below, for what is said against something else: 1.5 percentage points below.
    scale : int
        The multiplier in the unit words: 10,000 in 万元.
    stated : {'nothing', 'mark', 'unit'}
        nothing, mark (a currency before the number) or unit (a scale or a unit).
    words : str or None
        The unit as written.
    issue : str or None
        Why it is unread, or what to know of the reading.
    """

    low: Decimal | None = None
    high: Decimal | None = None
    unit: str | None = None
    bound: str | None = None
    inclusive: bool = True
    approximate: bool = False
    direction: str | None = None
    scale: int = 1
    stated: Stated = "nothing"
    words: str | None = None
    issue: str | None = None


def read_quantity(text: str) -> Reading:
    """Read one text as a quantity with its unit and bounds.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    Reading
        Exact decimals in base units: yuan, fractions, months. `issue` is ``missing``,
        ``not_an_amount``, ``ambiguous_marks``, ``ambiguous_currency`` or ``reversed_range`` where
        nothing is read, and ``bare_dollar`` where a $ was taken for the US dollar.

    Examples
    --------
    >>> reading = read_quantity("over 210 billion yuan")
    >>> reading.low, reading.high, reading.unit, reading.bound
    (Decimal('210000000000'), None, 'CNY', 'over')
    >>> read_quantity("1.2.5 万元").issue
    'not_an_amount'
    """
    try:
        plain = normalize(text)
        if plain in MISSING:
            return Reading(issue="missing")
        plain = _FULL_STOP.sub("", plain)
        twice = _TWICE.fullmatch(plain)
        if twice and any(map(is_number_word, cut(twice[1]))):
            return _read_twice(twice[1], twice[2])
        return _read(Cursor(cut(_unbracket(plain))))
    except UnreadableError as unread:
        return Reading(issue=unread.issue)


def _read_twice(text: str, again: str) -> Reading:
    """Read an amount that is said once more in brackets, if both are the same."""
    first, second = _read(Cursor(cut(text))), _read(Cursor(cut(again)))
    if first[:4] != second[:4] or first.bound != "exact":
        raise UnreadableError
    return first


def _read(cursor: Cursor) -> Reading:
    first = read_phrase(cursor)
    if cursor.done:
        return _single(first)
    joint = cursor.take(PER_ONE) or cursor.take(TO) or cursor.take(AND) or ""
    second = read_phrase(cursor)
    if not cursor.done:
        raise UnreadableError
    if joint in PER_ONE:
        return _ratio(first, second)
    if first.bound and second.bound and joint not in TO:
        return _between(first, second)
    if first.bound or second.bound or second.opening != "none":
        raise UnreadableError
    if joint in TO or (first.opening == "pair" and joint in AND):
        return _range(first, second)
    raise UnreadableError


def _single(phrase: Phrase) -> Reading:
    if phrase.opening == "pair":
        raise UnreadableError
    bound = phrase.bound
    if phrase.opening == "from":
        bound = bound or Bound("over", inclusive=True)
    value = phrase.value
    return Reading(
        low=None if bound and bound.side == "under" else value,
        high=None if bound and bound.side == "over" else value,
        unit=phrase.unit,
        bound=bound.side if bound else "about" if phrase.approximate else "exact",
        inclusive=bound.inclusive if bound else True,
        approximate=phrase.approximate,
        direction=phrase.direction,
        scale=phrase.number.scale,
        stated=phrase.stated,
        words=phrase.words,
        issue=phrase.note,
    )


def _ratio(one: Phrase, other: Phrase) -> Reading:
    """Read 1 : 5 as 5: the second for each unit of the first."""
    units = {one.unit, other.unit} - {None}
    if one.bound or other.bound or len(units) > 1 or one.value <= 0:
        raise UnreadableError
    value = other.value / one.value
    return Reading(value, value, "ratio", "exact", stated="unit", words=":")


def _between(first: Phrase, second: Phrase) -> Reading:
    """Read 5亿元以上10亿元以下 as a range: one bound on each side."""
    bounds = {phrase.bound.side: phrase for phrase in (first, second) if phrase.bound}
    if len(bounds) < 2:
        raise UnreadableError
    inclusive = all(phrase.bound and phrase.bound.inclusive for phrase in (first, second))
    return _range(bounds["over"], bounds["under"])._replace(inclusive=inclusive)


def _range(first: Phrase, second: Phrase) -> Reading:
    first, second = _share_unit(first, second)
    if first.value > second.value:
        raise UnreadableError("reversed_range")
    return Reading(
        low=first.value,
        high=second.value,
        unit=second.unit,
        bound="range",
        approximate=first.approximate or second.approximate,
        direction=second.direction or first.direction,
        scale=second.number.scale,
        stated=max(first.stated, second.stated, key=("nothing", "mark", "unit").index),
        words=second.words or first.words,
        issue=first.note or second.note,
    )


def _share_unit(first: Phrase, second: Phrase) -> tuple[Phrase, Phrase]:
    """Let the ends of a range share the unit that is written once.

    In 5-25 million the million is meant for both ends; in 500 to 1 million it cannot be, since
    the range would run backwards. A unit written only at the first end (5万-20) settles nothing,
    unless it is no more than a currency.
    """
    only_a_currency = not first.number.scaled and first.factor == 1
    if first.stated == "unit" and second.stated == "nothing" and not only_a_currency:
        raise UnreadableError
    if first.unit is None:
        first = first.counted_like(second)
    elif second.unit is None:
        second = second.counted_like(first)
    if first.unit != second.unit:
        raise UnreadableError
    if first.stated != "unit":
        for scale in (second.number.carry, second.number.scale):
            if first.times(scale).value <= second.value:
                return first.times(scale), second
    return first, second


def _unbracket(text: str) -> str:
    """Turn bookkeepers' brackets into a minus, and free a bracketed unit: 1,600 (万元)."""
    freed = _BRACKETS.sub(_free_unit, text)
    negative = _ACCOUNTING.fullmatch(freed) or _SPELLED.fullmatch(freed)
    if negative is None or not (negative.re is _ACCOUNTING or _spells_money(*negative.groups())):
        return freed
    return f"{negative[1]}-{negative[2]}{negative[3]}"


def _spells_money(before: str, inside: str, after: str) -> bool:
    """Tell whether brackets hold an amount in words: (一百万元), but not (一) or (百万元)."""
    words, around = cut(inside), [*cut(before), *cut(after)]
    numbers = any(word in DIGITS or word in ENGLISH_NUMBERS for word in words)
    money = any(word in CURRENCIES or word in _LARGE for word in [*words, *around])
    return numbers and money and all(word in _UNIT_WORDS for word in around)


def _free_unit(bracket: re.Match[str]) -> str:
    words = cut(bracket[1])
    return f" {bracket[1]}" if all(word in _UNIT_WORDS for word in words) else bracket[0]
