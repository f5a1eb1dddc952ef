"""What a heading says of the figures under it: preliminary (初步, p, *) or revised (修订, r)."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["split_mark"]

_WORDS = {
    "preliminary": r"初步(?:核算|核实|统计)?(?:数据?)?|初核数?|快报数?"
    r"|preliminary|prelim\.?|provisional|p",
    "revised": r"(?:已|经)?(?:普查)?(?:后)?修[订正](?:后)?(?:数据?)?|最终核实数?|revised|rev\.?|r",
}
_MARKED = {
    mark: re.compile(rf"(?P<bare>.*\d.*?)\s*(?:[(\[]\s*(?:{words})\s*[)\]]|(?:{words}))", re.I)
    for mark, words in _WORDS.items()
}
_STARRED = re.compile(r"(?P<bare>.*\d.*?)\s*(?:[(\[]\s*\*+\s*[)\]]|\*+)")


def split_mark(period: str) -> tuple[str, str]:
    """Return a period without the mark of its vintage, and the vintage; nothing where none is.

    An asterisk, as statistical offices set it beside figures to come, counts as preliminary.

    Examples
    --------
    >>> split_mark("2024年（初步核算数）"), split_mark("2024p"), split_mark("2024年")
    (('2024年', 'preliminary'), ('2024', 'preliminary'), ('2024年', ''))
    >>> split_mark("2023年（修订）"), split_mark("2024*")
    (('2023年', 'revised'), ('2024', 'preliminary'))
    """
    plain = unicodedata.normalize("NFKC", period).strip()
    for mark, pattern in (*_MARKED.items(), ("preliminary", _STARRED)):
        found = pattern.fullmatch(plain)
        if found:
            return found["bare"], mark
    return period, ""
