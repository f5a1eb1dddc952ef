"""Text to the few tokens that the grammar knows.

``<m9>`` is a month, ``<q1:3>`` the first three quarters, ``<h2>`` a second half. Width, case,
dashes, Chinese numerals, names of months and filler words all end here, so that each form of
a period is written once in the grammar.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import chain
from typing import TYPE_CHECKING

from toolkit.clean.periods.spans import MONTH_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable

# Longer than any period that people write; keeps hostile texts cheap.
LONGEST = 80

# Footnote marks would turn into digits under NFKC: 2024-1² must not become 2024-12.
_FOOTNOTES = "¹²³⁰⁴⁵⁶⁷⁸⁹" + "".join(map(chr, range(0x2460, 0x2474)))
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_CHARACTERS: dict[int, str | None] = str.maketrans(
    dict.fromkeys(_FOOTNOTES + _INVISIBLE)
    | dict.fromkeys("‐‑‒–—―−﹣－", "-")
    | dict.fromkeys("～〜∼", "~")
    | dict.fromkeys("’‘`´", "'")
    | dict.fromkeys("○零", "〇")
    | {"廿": "二十", "卅": "三十"}
)
_MISSING = frozenset(
    {"", "-", "--", "---", ".", "..", "...", "/", "\\", "?", "na", "n/a", "n.a.", "n.a", "#n/a"}
    | {"nan", "nat", "<na>", "null", "none", "unknown", "tbd", "tba", "0000-00-00", "0000/00/00"}
    | {"无", "缺失", "不详", "未知", "暂无", "待定", "未披露"}
)

_DIGITS = "〇一二三四五六七八九"
_NUMERAL = re.compile(f"[{_DIGITS}十]+")
_TENS = re.compile(f"([{_DIGITS[1:]}]?)十([{_DIGITS[1:]}]?)")
_BESIDE_HAN = re.compile(r"(?<=[\u3400-\u9fff〇]) | (?=[\u3400-\u9fff〇])")
_WEEKDAY = re.compile(
    r"\(?(?:星期|周|礼拜)[一二三四五六日天]\)?"
    r"|\b(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\b[.,]? ?"
)

_NUMBERS = {
    word: str(number)
    for words in (
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
        ("first", "second", "third", "fourth"),
    )
    for number, word in enumerate(words, start=1)
} | {"eleven": "11", "twelve": "12"}
_MONTHS = {
    word: str(number)
    for number, name in enumerate(MONTH_NAMES, start=1)
    for word in (name.casefold(), name[:3].casefold())
} | {"sept": "9"}


def _one_of(words: dict[str, str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


def _rules(*rules: tuple[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), replacement) for pattern, replacement in rules)


# Each rule makes the next one simpler. Texts without Latin letters, or Chinese, skip theirs.
_LATIN = re.compile(r"[a-z]")
_LATIN_RULES = _rules(
    (r"\b(?:fiscal|financial)(?: year)?\b|\bf\.y\.", "fy"),
    (r"\b(\d{1,2})(?:st|nd|rd|th)\b", r"\1"),
    (r"\b(?:the|of|in|during|from|month|full[- ]year|calendar|year)\b|\bcy(?=[ \d])", ""),
    (r"(?<![a-z])(?:quarter|qtr)(?![a-z])", "q"),
    (r"(?<![a-z])half(?![a-z])", "h"),
    (r" ?\b(?:to|through|thru|until)\b ?", "~"),
    (r"\b1 (\d{1,2}) months\b", r"<m1:\1>"),
    (r"\b1 (\d) quarters\b", r"<q1:\1>"),
    (r"(?<![\da-z])(\d)[ -]?([qh])(?![a-z])", r"<\2\1>"),
    (r"(?<![a-z<])([qh]) ?0?(\d)(?!\d)", r"<\1\2>"),
    (r"\b(\d{4})[- ]?m(\d{1,2})(?!\d)", r"\1<m\2>"),
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_HAN_RULES = _rules(
    (r"财政?年度?", "fy"),
    (r"[至到]", "~"),
    (r"(?<!\d)(\d{1,2})月?份?[-~](\d{1,2})月份?", r"<m\1:\2>"),
    (r"前(\d{1,2})个?月份?", r"<m1:\1>"),
    (r"(?<!\d)(\d{1,2})月份?", r"<m\1>"),
    (r"第?(?<!\d)(\d)(?:季度?)?[-~]第?(\d)季度?", r"<q\1:\2>"),
    (r"前(\d)个?季度?", r"<q1:\1>"),
    (r"第?(?<!\d)(\d)季度?", r"<q\1>"),
    (r"上半年度?", "<h1>"),
    (r"下半年度?", "<h2>"),
)
_DASHES = re.compile(r" ?(?:--+|~| - ) ?")
_RUN_OF_UNITS = re.compile(r"<([mqh])(\d+)> ?[-~] ?<\1(\d+)>")
_MONTH_NAME = re.compile(rf"(?<![a-z])({_one_of(_MONTHS)})(?![a-z])\.?")
_NUMBER_WORD = re.compile(rf"\b({_one_of(_NUMBERS)})\b")


def canonical(text: str) -> str:
    """Return a text in half width, lower case and Arabic numerals, without odd marks.

    Examples
    --------
    >>> canonical("２０２４年 第三季度 末")
    '2024年第3季度末'
    """
    folded = unicodedata.normalize("NFKC", text.translate(_CHARACTERS)).casefold()
    spaced = " ".join(folded.split()).strip("'\"()[]【】《》<>;:。 ")
    plain = _WEEKDAY.sub("", _BESIDE_HAN.sub("", spaced)).replace("元月", "1月")
    return _NUMERAL.sub(_arabic, plain).strip(" ,")


def is_missing(text: str) -> bool:
    """Tell whether a text is one of the usual marks of a value that is not there."""
    return len(text) <= LONGEST and (
        unicodedata.normalize("NFKC", text.translate(_CHARACTERS)).casefold().strip() in _MISSING
    )


def tokens(plain: str) -> str:
    """Return a canonical text with its months, quarters and halves as tokens.

    Examples
    --------
    >>> tokens("2024年1-9月"), tokens("jan to sep 2024"), tokens("first half of 2024")
    ('2024年<m1:9>', '<m1:9> 2024', '<h1> 2024')
    """
    text = _DASHES.sub("~", plain.replace(",", " "))
    rules: list[Iterable[tuple[re.Pattern[str], str]]] = []
    if _LATIN.search(text):
        text = _NUMBER_WORD.sub(lambda found: _NUMBERS[found[1]], text)
        text = _MONTH_NAME.sub(lambda found: f"<m{_MONTHS[found[1]]}>", text)
        rules.append(_LATIN_RULES)
    if _HAN.search(text):
        rules.append(_HAN_RULES)
    for pattern, replacement in chain.from_iterable(rules):
        text = pattern.sub(replacement, text)
    if rules:
        text = _RUN_OF_UNITS.sub(r"<\1\2:\3>", text)
    return " ".join(text.split())


def _arabic(found: re.Match[str]) -> str:
    numeral = found[0]
    tens = _TENS.fullmatch(numeral)
    if tens is not None:
        number = str(10 * _value(tens[1], absent=1) + _value(tens[2], absent=0))
    elif "十" in numeral:
        return numeral
    else:
        number = "".join(str(_DIGITS.index(digit)) for digit in numeral)
    # 2024三季度 must not become 20243季度.
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    return f"{' ' * before.isdigit()}{number}{' ' * after.isdigit()}"


def _value(digit: str, *, absent: int) -> int:
    return _DIGITS.index(digit) if digit else absent
