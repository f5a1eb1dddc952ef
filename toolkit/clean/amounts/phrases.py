"""One number with its sign, unit and qualifying words: ``no more than US$5.2 million``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from toolkit.clean.amounts.cursor import Cursor
from toolkit.clean.amounts.marks import UnreadableError
from toolkit.clean.amounts.numerals import (
    DIGITS,
    ENGLISH_NUMBERS,
    ENGLISH_SCALES,
    MULTIPLIERS,
    Number,
    read_number,
)
from toolkit.clean.amounts.vocabulary import (
    ABOUT_AFTER,
    ABOUT_BEFORE,
    BOUNDS_AFTER,
    BOUNDS_BEFORE,
    CURRENCIES,
    DIRECTIONS_AFTER,
    DIRECTIONS_BEFORE,
    FILLERS,
    GENERIC_YUAN,
    HALF,
    INCLUSION,
    MONTHS,
    MORE,
    OPENINGS,
    PAIR_OPENINGS,
    PERCENT_BEFORE,
    SMALL_COINS,
    UNITS,
    WHOLE,
    Bound,
)

__all__ = ["Phrase", "Stated", "one_currency", "read_phrase"]

Stated = Literal["nothing", "mark", "unit"]

_BEFORE = frozenset().union(
    BOUNDS_BEFORE, ABOUT_BEFORE, DIRECTIONS_BEFORE, OPENINGS, PAIR_OPENINGS, FILLERS
)
_AFTER = frozenset().union(BOUNDS_AFTER, ABOUT_AFTER, DIRECTIONS_AFTER, INCLUSION, FILLERS)
# After one of these a scale may stand alone: 超百亿 is over ten billion.
_IMPLY_ONE = frozenset().union(BOUNDS_BEFORE, ABOUT_BEFORE)
_MINUS = frozenset("-负負△")
_SIGNS = _MINUS | {"+"}
_HEAD = _SIGNS.union(CURRENCIES)
_COMPARED = frozenset(("share", "percentage_points", "ratio"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A number, what it counts, and how it is qualified."""

    number: Number
    sign: int = 1
    factor: Decimal = Decimal(1)
    # What is counted in small change: the six months of 一年六个月, the five 角 of 三元五角.
    rest: Decimal = Decimal(0)
    unit: str | None = None
    stated: Stated = "nothing"
    words: str | None = None
    bound: Bound | None = None
    opening: Literal["none", "from", "pair"] = "none"
    approximate: bool = False
    direction: str | None = None
    note: str | None = None

    @property
    def value(self) -> Decimal:
        """The number in its base unit."""
        return self.sign * (self.number.value * self.factor + self.rest)

    def counted_like(self, other: Phrase) -> Phrase:
        """Give a bare number the unit of another."""
        return replace(self, unit=other.unit, factor=other.factor)

    def times(self, scale: int) -> Phrase:
        """Give a bare number a scale."""
        return replace(self, number=self.number._replace(value=self.number.value * scale))


def read_phrase(cursor: Cursor) -> Phrase:
    """Read the next number with everything that belongs to it.

    Raises
    ------
    UnreadableError
        When no number comes next, or its words contradict each other.
    """
    before = cursor.take_all(_BEFORE)
    phrase, more = _read_amount(cursor, before)
    after = cursor.take_all(_AFTER)
    bounds = [BOUNDS_BEFORE[word] for word in before if word in BOUNDS_BEFORE]
    bounds += [BOUNDS_AFTER[word] for word in after if word in BOUNDS_AFTER]
    if more:
        bounds.append(Bound("over", inclusive=False))
    return replace(
        phrase,
        bound=_one_bound(bounds, [INCLUSION[word] for word in after if word in INCLUSION]),
        opening=_opening(before),
        approximate=not ABOUT_BEFORE.isdisjoint(before) or not ABOUT_AFTER.isdisjoint(after),
        direction=_one_direction(phrase, before, after),
    )


def _opening(before: Sequence[str]) -> Literal["none", "from", "pair"]:
    if not PAIR_OPENINGS.isdisjoint(before):
        return "pair"
    return "none" if OPENINGS.isdisjoint(before) else "from"


def _one_direction(phrase: Phrase, before: Sequence[str], after: Sequence[str]) -> str | None:
    directions = {DIRECTIONS_BEFORE[word] for word in before if word in DIRECTIONS_BEFORE}
    compared = {DIRECTIONS_AFTER[word] for word in after if word in DIRECTIONS_AFTER}
    if len(directions | compared) > 1 or (compared and phrase.unit not in _COMPARED):
        raise UnreadableError
    return next(iter(directions | compared), None)


def _one_bound(bounds: Sequence[Bound], inclusions: Sequence[bool]) -> Bound | None:
    if not bounds:
        if inclusions:
            raise UnreadableError
        return None
    sides = {bound.side for bound in bounds}
    if len(sides) > 1:
        raise UnreadableError
    inclusive = inclusions[-1] if inclusions else all(bound.inclusive for bound in bounds)
    return Bound(sides.pop(), inclusive=inclusive)


def _read_amount(cursor: Cursor, before: Sequence[str]) -> tuple[Phrase, bool]:
    """Read sign, currency, number and unit; tell also whether 余 or 多 follows the number."""
    head = cursor.take_all(_HEAD)
    signs = [word for word in head if word in _SIGNS]
    marks = [word for word in head if word not in _SIGNS]
    percent = cursor.take(PERCENT_BEFORE)
    run, more = _number_words(cursor, before)
    number = read_number(run) if run else Number(Decimal("0.5"))
    unit_word, suffixes, rest = _unit_words(cursor)
    if len(signs) > 1 or not (run or unit_word):
        raise UnreadableError
    if percent:
        if unit_word or marks or suffixes:
            raise UnreadableError
        unit_word = "%"
    more = more or bool(cursor.take(MORE))
    unit, factor = UNITS[unit_word] if unit_word else (None, Decimal(1))
    if unit and marks:
        raise UnreadableError
    if unit_word == "年" and number.value % 1 == 0 and 1900 <= number.value <= 2100:
        raise UnreadableError
    code, note = one_currency(marks, suffixes)
    phrase = Phrase(
        number=number,
        sign=1 if _MINUS.isdisjoint(signs) else -1,
        factor=factor,
        rest=rest,
        unit=unit or code,
        stated="unit" if number.scaled or unit or suffixes else "mark" if marks else "nothing",
        words=_written(run, [unit_word] if unit_word else suffixes, marks),
        note=note,
    )
    return phrase, more


def _number_words(cursor: Cursor, before: Sequence[str]) -> tuple[list[str], bool]:
    """Take the words of one number, without 余 and 多, hyphens and the English and."""
    if cursor.take(HALF):
        return [], False
    run: list[str] = []
    more = False
    if not _IMPLY_ONE.isdisjoint(before) and MULTIPLIERS.get(cursor.peek(), 0) > 10:
        run.append("一")
    while count := cursor.numbers_ahead():
        run += cursor.skip(count)
        if cursor.numbers_ahead() == 0 and cursor.peek() in MORE:
            more = True
            cursor.skip()
        elif _hyphenated(cursor, run) or _spoken_and(cursor, run, before):
            cursor.skip()
    if not run:
        raise UnreadableError
    return run, more


def _hyphenated(cursor: Cursor, run: Sequence[str]) -> bool:
    coming = cursor.peek(1)
    return cursor.peek() == "-" and (
        coming in ENGLISH_SCALES
        or (run[-1] in ENGLISH_NUMBERS and ENGLISH_NUMBERS.get(coming, 10) < 10)
    )


def _spoken_and(cursor: Cursor, run: Sequence[str], before: Sequence[str]) -> bool:
    return (
        cursor.peek() == "and"
        and PAIR_OPENINGS.isdisjoint(before)
        and run[0] in ENGLISH_NUMBERS
        and run[-1] in ENGLISH_SCALES
        and cursor.peek(1) in ENGLISH_NUMBERS
    )


def _unit_words(cursor: Cursor) -> tuple[str, list[str], Decimal]:
    """Take a unit or currencies after a number, and the small change after them."""
    if cursor.peek() == "-" and (
        cursor.peek(1) in UNITS
        or (
            cursor.peek(1) in CURRENCIES
            and cursor.peek(1).isalpha()
            and not cursor.peek(2)[:1].isdigit()
        )
    ):
        cursor.skip()
    if unit_word := cursor.take(UNITS):
        in_years = UNITS[unit_word] == ("months", Decimal(12))
        return unit_word, [], _months(cursor) if in_years else Decimal(0)
    currencies = cursor.take_all(CURRENCIES)
    rest = Decimal(0)
    if not GENERIC_YUAN.isdisjoint(currencies):
        rest = _small_change(cursor, SMALL_COINS)
        cursor.take(WHOLE)
        currencies += cursor.take_all(CURRENCIES)
    return "", currencies, rest


def _months(cursor: Cursor) -> Decimal:
    return Decimal(6) if cursor.take(HALF) else _small_change(cursor, MONTHS)


def _small_change(cursor: Cursor, worth: Mapping[str, Decimal]) -> Decimal:
    total = Decimal(0)
    while (count := cursor.numbers_ahead()) and cursor.peek(count) in worth:
        number = read_number(cursor.skip(count))
        total += number.value * worth[cursor.skip()[0]]
    return total


def one_currency(marks: Sequence[str], suffixes: Sequence[str]) -> tuple[str | None, str | None]:
    """Agree on one currency, and note a bare $.

    Raises
    ------
    UnreadableError
        ``ambiguous_currency`` where the words name two.

    Examples
    --------
    >>> one_currency(["港币"], ["元"]), one_currency(["$"], [])
    (('HKD', None), ('USD', 'bare_dollar'))
    """
    said = [*marks, *suffixes]
    codes = {CURRENCIES[word] for word in said}
    if "JPY" in codes:
        codes = {CURRENCIES[word] for word in said if word != "¥"}
    named = {CURRENCIES[word] for word in said if word[0].isalpha()} - {"CNY"}
    if named and len(codes) > 1:
        codes = {CURRENCIES[word] for word in said if word not in GENERIC_YUAN}
    if len(codes) > 1:
        raise UnreadableError("ambiguous_currency")
    bare = "$" in said and "USD" not in named
    return (codes.pop() if codes else None), ("bare_dollar" if bare else None)


def _written(run: Sequence[str], unit: Sequence[str], marks: Sequence[str]) -> str | None:
    """Return the unit as it was written: 万元, billion yuan, ¥ million."""
    # In Chinese numerals 十, 百 and 千 belong to the number, in 16百万 to the unit.
    counts = run and run[0] in DIGITS
    scale: list[str] = []
    for word in reversed(run):
        if word not in ENGLISH_SCALES and MULTIPLIERS.get(word, 0) < (10_000 if counts else 10):
            break
        scale.insert(0, word)
    words = [*([] if unit else marks), *scale, *unit]
    joint = " " if any(word[-1].isascii() for word in words) else ""
    return joint.join(words) or None
