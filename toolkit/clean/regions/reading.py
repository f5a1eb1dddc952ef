"""From a text to the places that it can mean."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from toolkit.clean.regions.addresses import chinese_address
from toolkit.clean.regions.advice import wider_near_misses
from toolkit.clean.regions.decide import Reading, decide
from toolkit.clean.regions.english import combined, english_address, latin_name
from toolkit.clean.regions.gazetteer import BARE, FORMER_BARE, Match, squeeze

if TYPE_CHECKING:
    from collections.abc import Callable

    from toolkit.clean.regions.divisions import Level, Place
    from toolkit.clean.regions.gazetteer import Gazetteer

__all__ = ["code_match", "read_text"]

# Longer texts are not places; an address says where it is long before.
_LONGEST = 300
_NO_WORDS = {"", "na", "nan", "nat", "none", "null", "nil", "missing", "unknown"}
_MISSING = _NO_WORDS | {"无", "空", "缺失", "未知", "不详"}
_HAN = re.compile("[\u3400-\u9fff]")
# Gaps within a number (430 000) are believed from six digits on: 4,3 is no code.
_NUMBER = re.compile(r"(?:(?:CN-?)?([0-9]+)|((?:[0-9][\s,]*){6,}))(?:\.0*)?", re.IGNORECASE)
_SPACE = re.compile(r"\s")
_GAPS = re.compile(r"[\s,]+")
_SIX_DIGITS = re.compile("[0-9]{6}")
_LEADING_CODE = re.compile(r"([0-9]{6}|[0-9]{12})[\s:,.\-_/]*(?=[^\W\d])")
_BRACKETED_CODE = re.compile(r"\s*[(\[]([0-9]{6}|[0-9]{12})[)\]]")
_LATER_CODE = re.compile(r"(?<=[^\W\d])[\s:,.\-_/]*([0-9]{6}|[0-9]{12})(?![0-9])")
_OF_CHINA = re.compile(r"[\s,]+(?:(?:P\.?\s?R\.?\s?)?China|PRC)\.?$", re.IGNORECASE)
_LIST_NUMBER = re.compile(r"\(?[0-9]{1,2}[.、)]\s*(?=[^\W\d])")


def read_text(text: str, known: Gazetteer, level: Level, scope: Place | None) -> Reading:
    """Read one text at a level, within a scope."""
    key = text if text in known.forms else squeeze(text[:_LONGEST])
    if matches := known.forms.get(key):
        return _name(key, matches, level, scope)
    if key in _MISSING:
        return Reading(issue="missing")
    text = unicodedata.normalize("NFKC", text[:_LONGEST]).strip()
    if number := _NUMBER.fullmatch(text):
        match = code_match(number[1] or _GAPS.sub("", number[2]), known)
        return decide((match,) if match else (), level, scope)
    if _HAN.search(text):
        return _as_address(decide(_named(text, known, chinese_address), level, scope))
    if (nation := _OF_CHINA.search(text)) and nation.start():
        return read_text(text[: nation.start()], known, level, scope)
    if named := latin_name(text, known):
        one_word = not _SPACE.search(text)
        return _name(key, named, level, scope) if one_word else decide(named, level, scope)
    return _as_address(decide(_named(text, known, english_address), level, scope))


def _name(key: str, matches: tuple[Match, ...], level: Level, scope: Place | None) -> Reading:
    """Decide on a whole name, unless it is a county in Latin letters and may be a slip.

    Hunnan is a district of Shenyang, but who writes it among provinces means Hunan.
    """
    reading = decide(matches, level, scope)
    if level == "county" or reading.place is None or not key.isascii():
        return reading
    places = tuple(place for match in matches for place in match.places)
    bare = all(match.rank in (BARE, FORMER_BARE) for match in matches)
    if not bare or any(place.level != "county" for place in places):
        return reading
    near = wider_near_misses(key, scope)
    if not near:
        return reading
    return Reading(
        issue="ambiguous", how=reading.how, candidates=tuple(dict.fromkeys((*places, *near)))
    )


@lru_cache(maxsize=1 << 16)
def _as_address(reading: Reading) -> Reading:
    told = reading.how in ("", "part", "conflict")
    return reading if told else replace(reading, how="address")


def code_match(digits: str, known: Gazetteer) -> Match | None:
    """Return the division of a code of 2, 4, 6, 9 or 12 digits.

    Statistical codes of townships and villages begin with the code of their county; 9 and 12
    digits are read by these six. Codes that stand for the districts or the counties of a
    city as a group (430101, 500200, 429000) are read as that city or province, and development
    zones, which statistics number from 71, as the city that they lie in.
    """
    if len(digits) not in (2, 4, 6, 9, 12) or not digits.isascii():
        return None
    code = digits[:6].ljust(6, "0")
    if match := known.codes.get(code):
        return match
    province, city = known.codes.get(f"{code[:2]}0000"), known.codes.get(f"{code[:4]}00")
    if province is None:
        return None
    if code.endswith("00"):
        directly = code[2:4] == "90" or province.places[0].kind == "municipality"
        return province if directly and code[2:4] in ("01", "02", "03", "90") else None
    groups = code.endswith("01") or "71" <= code[4:] <= "80"
    return city if groups and city is not None and city.how == "code" else None


def _named(
    text: str, known: Gazetteer, address: Callable[[str, Gazetteer], tuple[Match, ...]]
) -> tuple[Match, ...]:
    """Return what an address means, with the code that may stand beside it."""
    if number := _LIST_NUMBER.match(text):
        text = text[number.end() :]
    if not _SIX_DIGITS.search(text):
        return address(text, known)
    sure = _LEADING_CODE.match(text) or _BRACKETED_CODE.search(text)
    code = sure or _LATER_CODE.search(text)
    if code is None:
        return address(text, known)
    named = address(text[: code.start()] + text[code.end() :], known)
    coded = code_match(code[1], known)
    if coded is None or not named:
        return named
    both = combined((named, (coded,)))
    # Six digits after an address are as likely a postal code.
    return both if sure or both[0].how != "conflict" else named
