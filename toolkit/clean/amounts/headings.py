"""The unit that a column heading gives to the bare numbers under it: ``贷款余额(亿元)``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.clean.amounts.marks import UnreadableError, is_figure, normalize, read_figure
from toolkit.clean.amounts.numerals import ENGLISH_SCALES, MULTIPLIERS
from toolkit.clean.amounts.phrases import one_currency
from toolkit.clean.amounts.vocabulary import CURRENCIES, cut

__all__ = ["MoneyUnit", "heading_unit", "read_unit"]

_IN_BRACKETS = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_LABELS = re.compile(r"(?:货币)?单位\s*:?|\bunits?\b\s*:?|\bin\b|\bof\b|计$|^以")
_AFTER_LABEL = re.compile(r"(?:单位|\bunits?\b)\s*:?\s*(.+)$|\bin\s+(.+)$")
_AT_THE_END = re.compile(r"[十百千]?[万亿]+(?:人民币|美元|港元|欧元|日元|英镑)?元?$")
_LARGEST_POWER = 15


@dataclass(frozen=True, slots=True)
class MoneyUnit:
    """What one bare number is worth: a power of ten, of a currency.

    Attributes
    ----------
    power : int
        The power of ten: 4 in 万元.
    currency : str or None
        ISO 4217 code; None where the words name none.
    words : str or None
        The unit as it was written.
    """

    power: int = 0
    currency: str | None = None
    words: str | None = None

    @property
    def scale(self) -> int:
        """The multiplier: 10,000 in 万元."""
        return int(10**self.power)


def read_unit(words: str) -> MoneyUnit | None:
    """Read unit words, such as 万元, million yuan, RMB'000 or 100 million yuan.

    Parameters
    ----------
    words : str
        The words of a unit, without a heading around them.

    Returns
    -------
    MoneyUnit or None
        None where the words are not a unit of money.

    Examples
    --------
    >>> read_unit("万美元")
    MoneyUnit(power=4, currency='USD', words='万美元')
    >>> read_unit("10 thousand yuan").scale
    10000
    >>> read_unit("万人") is None
    True
    """
    try:
        cleared = _LABELS.sub(" ", normalize(words)).strip()
        power, said = 0, []
        for word in cut(cleared):
            if word in CURRENCIES:
                said.append(word)
            else:
                power += _power_of_ten(word)
        currency, _ = one_currency(said[:1], said[1:])
    except UnreadableError:
        return None
    if power > _LARGEST_POWER or not any(_is_unit_word(word) for word in cut(cleared)):
        return None
    return MoneyUnit(power, currency, words.strip())


def heading_unit(heading: str) -> str | None:
    """Find the unit of money in a column heading.

    Looked for in brackets, after 单位 or unit or in, after the last comma or slash, in what
    follows an underscore, and in a closing 万元 or 亿元.

    Parameters
    ----------
    heading : str
        A column heading in Chinese or English.

    Returns
    -------
    str or None
        The unit words, to be given to ``parse_amounts(unit=...)``; None where there are none.

    Examples
    --------
    >>> heading_unit("贷款余额（亿元）"), heading_unit("Loans, million yuan")
    ('亿元', 'million yuan')
    >>> heading_unit("amount_wan"), heading_unit("增速(%)")
    ('wan', None)
    """
    try:
        plain = normalize(heading)
    except UnreadableError:
        return None
    for candidate in _candidates(plain):
        words = " ".join(_LABELS.sub(" ", candidate).split())
        if words and read_unit(words):
            return words
    return None


def _candidates(heading: str) -> Iterator[str]:
    for inside in reversed(_IN_BRACKETS.findall(heading)):
        yield inside
        yield from re.split(r"[,;/、]", inside)
    for label in _AFTER_LABEL.finditer(heading):
        yield label[1] or label[2]
    yield from reversed(re.split(r"[,;/、|]|\s-\s", heading)[1:])
    # One letter after an underscore (flag_m, amount_k) is too little to go by.
    parts = heading.split("_")
    yield from (" ".join(parts[at:]) for at in range(1, len(parts)) if len(parts[-1]) > 1)
    if at_the_end := _AT_THE_END.search(heading):
        yield at_the_end[0]


def _is_unit_word(word: str) -> bool:
    return word in CURRENCIES or word in MULTIPLIERS or word in ENGLISH_SCALES


def _power_of_ten(word: str) -> int:
    multiplier = MULTIPLIERS.get(word) or ENGLISH_SCALES.get(word)
    if multiplier is None and is_figure(word):
        multiplier = int(read_figure(word))
    if word == "ten":
        multiplier = 10
    if multiplier is None or not re.fullmatch("10*", str(multiplier)):
        raise UnreadableError
    return len(str(multiplier)) - 1
