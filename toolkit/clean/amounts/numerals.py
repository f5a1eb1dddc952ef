"""Numbers in words: Chinese numerals, financial capitals, mixed forms, English words and scales.

One run of number words becomes one exact `Decimal`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from toolkit.clean.amounts.marks import UnreadableError, is_figure, read_figure

__all__ = [
    "DIGITS",
    "ENGLISH_NUMBERS",
    "ENGLISH_SCALES",
    "LARGEST",
    "MULTIPLIERS",
    "POINT",
    "SMALLEST",
    "Number",
    "is_number_word",
    "read_number",
]

DIGITS: dict[str, str] = {
    character: str(value)
    for value, characters in enumerate(
        ("零〇○", "一壹", "二贰貳两兩", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
    )
    for character in characters
}
MULTIPLIERS: dict[str, int] = {
    character: 10**power
    for power, characters in ((1, "十拾"), (2, "百佰"), (3, "千仟"), (4, "万萬"), (8, "亿億"))
    for character in characters
}
POINT = frozenset("点點")
_TEENS_AND_BELOW = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
ENGLISH_NUMBERS: dict[str, int] = {
    **{word: value for value, word in enumerate(_TEENS_AND_BELOW.split())},
    **{word: 10 * value for value, word in enumerate(_TENS.split(), start=2)},
}
ENGLISH_SCALES: dict[str, int] = {
    word: 10**power
    for power, words in (
        (2, "hundred hundreds"),
        (3, "thousand thousands k '000 '000s 000s"),
        (4, "wan wanyuan w"),
        (6, "million millions m mn mln mm"),
        (8, "yi yiyuan"),
        (9, "billion billions b bn bln"),
        (12, "trillion trillions tn trn"),
    )
    for word in words.split()
}

# Beyond these, no money and no count; within them, exact decimals neither round nor overflow.
SMALLEST, LARGEST = 1e-30, 1e24


class Number(NamedTuple):
    """A number and the scale words that it was written with.

    Attributes
    ----------
    value : Decimal
        The number with its scale applied.
    scale : int
        The multiplier of the unit that follows: 10,000 in 1600万 and in 一千六百万.
    carry : int
        The multiplier that an earlier, barer number of the same range would share: 五至六千万
        shares 千万, 5-25 million shares a million.
    scaled : bool
        Whether the text itself says the scale, so that a heading's unit does not apply.
    """

    value: Decimal
    scale: int = 1
    carry: int = 1
    scaled: bool = False


def is_number_word(word: str) -> bool:
    """Tell whether a word can stand inside a number.

    Examples
    --------
    >>> [word for word in ["1,600", "万", "million", "元"] if is_number_word(word)]
    ['1,600', '万', 'million']
    """
    return (
        is_figure(word)
        or word in DIGITS
        or word in MULTIPLIERS
        or word in POINT
        or word in ENGLISH_NUMBERS
        or word in ENGLISH_SCALES
    )


def read_number(words: Sequence[str]) -> Number:
    """Read one run of number words as an exact number.

    Parameters
    ----------
    words : sequence of str
        Normalised words, each of which `is_number_word`.

    Returns
    -------
    Number
        The value, the scale in its words, and whether the words state a scale.

    Raises
    ------
    UnreadableError
        When the words form no number (``not_an_amount``), or one that two conventions read
        differently (``ambiguous_marks``).

    Examples
    --------
    >>> read_number(["1", "亿", "2000", "万"]).value
    Decimal('120000000')
    >>> read_number(list("一千六百万")).value
    Decimal('16000000')
    """
    if any(word in ENGLISH_NUMBERS or word in ENGLISH_SCALES for word in words):
        number = _read_english(words)
    else:
        number = _read_chinese(words)
    if number.value and not SMALLEST < number.value < LARGEST:
        raise UnreadableError
    return number


def _read_english(words: Sequence[str]) -> Number:
    """Read ``1.5 hundred million`` and ``two hundred and fifty thousand``."""
    scale = 1
    for word in reversed(words):
        if word not in ENGLISH_SCALES:
            break
        scale *= ENGLISH_SCALES[word]
    if is_figure(words[0]):
        if any(word not in ENGLISH_SCALES for word in words[1:]):
            raise UnreadableError
        return Number(read_figure(words[0]) * scale, scale, scale, scaled=scale > 1)
    return Number(Decimal(_english_sum(words)), scale, scale, scaled=scale >= 1000)


def _english_sum(words: Sequence[str]) -> int:
    total = current = 0
    previous = ""
    for word in words:
        if word in ENGLISH_SCALES:
            scale = ENGLISH_SCALES[word]
            if not previous:
                raise UnreadableError
            if scale == 100:
                current *= scale
            elif previous in ENGLISH_SCALES and not current:
                total *= scale
            elif total and current * scale >= total:
                raise UnreadableError
            else:
                total, current = total + current * scale, 0
        elif word in ENGLISH_NUMBERS and _follows(current % 100, ENGLISH_NUMBERS[word], previous):
            current += ENGLISH_NUMBERS[word]
        else:
            raise UnreadableError
        previous = word
    return total + current


def _follows(said: int, value: int, previous: str) -> bool:
    """Tell whether a number word may come next: forty five, but not five ten."""
    if said == 0:
        return previous not in ENGLISH_NUMBERS
    return said >= 20 and said % 10 == 0 and 0 < value < 10


class _Figure(NamedTuple):
    value: Decimal
    # 一万二 is 12,000: one Chinese digit at the end counts in the next place down.
    lone_digit: bool
    arabic: bool


def _chinese_parts(words: Sequence[str]) -> Iterator[_Figure | int]:
    """Join neighbouring digits, so that figures and multipliers alternate."""
    spoken_in_places = any(word in MULTIPLIERS for word in words)
    for spelled, group in groupby(words, key=lambda word: word in DIGITS or word in POINT):
        if not spelled:
            yield from (
                MULTIPLIERS[word]
                if word in MULTIPLIERS
                else _Figure(read_figure(word), lone_digit=False, arabic=True)
                for word in group
            )
            continue
        text = "".join(DIGITS.get(word, ".") for word in group)
        whole, _, _ = text.partition(".")
        if text.count(".") > 1 or text[0] == "." or text[-1] == ".":
            raise UnreadableError
        if spoken_in_places and len(whole.lstrip("0")) > 1:
            raise UnreadableError
        yield _Figure(Decimal(text), lone_digit=len(text) == 1, arabic=False)


def _read_chinese(words: Sequence[str]) -> Number:
    """Read a figure with 十百千万亿, such as 1600万, 一亿二千万 or 3千5百万."""
    parts = list(_chinese_parts(words))
    figures = [part for part in parts if isinstance(part, _Figure)]
    if any(figure.value != figure.value.to_integral_value() for figure in figures[:-1]):
        raise UnreadableError
    arabic = any(figure.arabic for figure in figures)
    unit, carry = 1, 1
    for part in reversed(parts):
        if isinstance(part, _Figure) or (part == 10 and not arabic):
            break
        carry *= part
        if arabic or part >= 10_000:
            unit *= part
    if arabic and len(figures) > 1:
        carry = 1
    scaled = any(isinstance(part, int) and (arabic or part >= 10_000) for part in parts)
    return Number(_place_value(parts, (10**8, 10**4)), unit, carry, scaled)


def _place_value(parts: Sequence[_Figure | int], places: tuple[int, ...]) -> Decimal:
    """Sum what stands before and after 亿, then before and after 万."""
    if not places:
        return _section(parts)
    place, *lower = places
    if place not in parts:
        return _place_value(parts, tuple(lower))
    at = parts.index(place)
    before = _place_value(parts[:at], tuple(lower)) * place
    return before + _remainder(parts[at + 1 :], place, tuple(lower))


def _remainder(parts: Sequence[_Figure | int], place: int, lower: tuple[int, ...]) -> Decimal:
    """Return what follows a multiplier, which must be less than it."""
    if not parts:
        return Decimal(0)
    if len(parts) == 1 and isinstance(parts[0], _Figure):
        return _last(parts[0], place)
    value = _place_value(parts, lower)
    if value >= place:
        raise UnreadableError
    return value


def _section(parts: Sequence[_Figure | int]) -> Decimal:
    """Read up to four places: 千, 百, 十 and the last figure."""
    total, place, figure = Decimal(0), 10**4, None
    for part in parts:
        if isinstance(part, _Figure):
            if figure is not None:
                raise UnreadableError
            figure = part
        else:
            if part >= place or (figure is None and part != 10):
                raise UnreadableError
            total += part * (Decimal(1) if figure is None else figure.value)
            place, figure = part, None
    if place == 10**4:
        if figure is None:
            raise UnreadableError
        return figure.value
    return total + (Decimal(0) if figure is None else _last(figure, place))


def _last(figure: _Figure, place: int) -> Decimal:
    if figure.lone_digit:
        return figure.value * place / 10
    if figure.value >= place or (figure.arabic and figure.value < 10):
        raise UnreadableError
    return figure.value
