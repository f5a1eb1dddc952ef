"""Characters and marks: full-width forms, thousands and decimal marks, one exact figure.

Nothing is guessed: a figure that two conventions read differently is refused.
"""

from __future__ import annotations

import re
from decimal import Decimal

__all__ = ["UnreadableError", "is_figure", "normalize", "read_figure", "swap_marks"]

_LONGEST_TEXT, _MOST_DIGITS = 200, 25
_CHARACTERS: dict[int, str] = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys((0xA0, 0x2002, 0x2003, 0x2007, 0x2009, 0x202F, 0x3000), " "),
    **dict.fromkeys((0x200B, 0x200E, 0x200F, 0xFEFF), ""),
    **dict.fromkeys(map(ord, "‐‑‒–—―−﹣─"), "-"),
    **dict.fromkeys(map(ord, "‘’ʼ＇`´′"), "'"),
    **dict.fromkeys(map(ord, "〜∼∽"), "~"),
    **dict.fromkeys(map(ord, "∶﹕"), ":"),
    ord("￥"): "¥",
    ord("￡"): "£",
}
# Two Chinese dashes between two things mean "to"; two hyphens would be a minus gone wrong.
_DOUBLE_DASH = re.compile(r"(?<=\w)——(?=\w)")
_SPACES = re.compile(r"\s+")

_PLAIN = re.compile(r"[0-9]+\.?|[0-9]*\.[0-9]+")
_COMMAS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_DOTS = re.compile(r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+,[0-9]+|(?:\.[0-9]{3}){2,})")
_GAPS = re.compile(r"[1-9][0-9]{0,2}([ '])[0-9]{3}(?:\1[0-9]{3})*(?:[.,][0-9]+)?")
_UNDETERMINED = re.compile(r"[0-9]+(?:,[0-9]+)+")
_EXPONENT = re.compile(r"(.*[0-9.])e([+-]?[0-9]{1,3})")
_MARK_IN_NUMBER = re.compile(r"(?<=[0-9])[.,](?=[0-9])")


class UnreadableError(Exception):
    """A text that is not read, with the machine word for why; it never leaves the readers."""

    def __init__(self, issue: str = "not_an_amount") -> None:
        super().__init__(issue)
        self.issue = issue


def normalize(text: str) -> str:
    """Fold full-width forms, dashes, quotes, spaces and letter case into one plain form.

    Superscripts, circled digits and the like stay as they are, since ``5²`` is not 52.

    Examples
    --------
    >>> normalize("　￥１，６００．５０ 万元 ")
    '¥1,600.50 万元'
    """
    plain = _DOUBLE_DASH.sub("至", text).translate(_CHARACTERS)
    plain = _SPACES.sub(" ", plain).strip().lower()
    if len(plain) > _LONGEST_TEXT:
        raise UnreadableError
    return plain


def swap_marks(text: str) -> str:
    """Exchange points and commas inside numbers, so that 1.234,5 becomes 1,234.5.

    Examples
    --------
    >>> swap_marks("approx. 1.234,5 million")
    'approx. 1,234.5 million'
    """
    unmarked = text.translate(_CHARACTERS)
    return _MARK_IN_NUMBER.sub(lambda mark: "," if mark[0] == "." else ".", unmarked)


def is_figure(word: str) -> bool:
    """Tell whether a word is a run of Arabic digits, with or without marks."""
    # The lexicon also knows '000 as a scale, which begins with a quote and is none.
    return word[0] in "0123456789." and word[-1] not in "s"


def read_figure(word: str) -> Decimal:
    """Read Arabic digits with their marks as an exact number.

    Raises
    ------
    UnreadableError
        ``ambiguous_marks`` where a comma may be either mark (1,23), ``not_an_amount`` where
        the marks follow no convention (1.2.5).

    Examples
    --------
    >>> read_figure("1.234.567,8"), read_figure("1,234,567.8"), read_figure("1 234 567,8")
    (Decimal('1234567.8'), Decimal('1234567.8'), Decimal('1234567.8'))
    """
    if sum(map(str.isdigit, word)) > _MOST_DIGITS:
        raise UnreadableError
    mantissa, power = word, 0
    if exponent := _EXPONENT.fullmatch(word):
        mantissa, power = exponent[1], int(exponent[2])
    if _PLAIN.fullmatch(mantissa):
        return Decimal(mantissa).scaleb(power)
    if power == 0:
        if _COMMAS.fullmatch(mantissa):
            return Decimal(mantissa.replace(",", ""))
        if _DOTS.fullmatch(mantissa):
            return Decimal(mantissa.replace(".", "").replace(",", "."))
        if gap := _GAPS.fullmatch(mantissa):
            return Decimal(mantissa.replace(gap[1], "").replace(",", "."))
        if _UNDETERMINED.fullmatch(mantissa):
            raise UnreadableError("ambiguous_marks")
    raise UnreadableError
