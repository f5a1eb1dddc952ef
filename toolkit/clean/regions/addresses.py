"""Chinese addresses: from the widest place to the narrowest, until the text names no more."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from toolkit.clean.regions.english import combined, english_address
from toolkit.clean.regions.gazetteer import BARE, FORMER, FORMER_BARE, FULL, Match

if TYPE_CHECKING:
    from toolkit.clean.regions.gazetteer import Gazetteer

__all__ = ["chinese_address"]

_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f](?:[A-Za-z\u00c0-\u024f'’.\-]|\s+(?=[A-Za-z]))*")
_LETTER = re.compile("[A-Za-z\u00c0-\u024f]")
_SPACE = re.compile(r"\s+")
_BREAK = re.compile(r"[,;/|·.\-—~_()\[\]{}<>:、。&+]+")
_AND = re.compile(r"[和与及暨至]")
_NATION = re.compile(r"^(?:中华人民共和国|中国),?(?=.)")
_GROUP = re.compile(
    r"市辖区|(?:省|自治区)?直辖县级行政(?:区划|单位)|(?:省|自治区)?直辖行政(?:区划|单位)"
)
_PART = re.compile(r"不含|不包括|不包含|除外|除.{1,8}外|以外")
# A bare name before these names a street or a body, wherever that may be: 南京东路, 中山大学.
_NOT_PLACE = re.compile(
    r"[东西南北中前后]{0,2}(?:路(?![桥北南])|街|大街|大道|巷|弄|胡同)|大学|学院|银行|证券|保险|信托|基金"
)


def chinese_address(text: str, known: Gazetteer) -> tuple[Match, ...]:
    """Return the narrowest places that a text with Chinese characters begins with."""
    words = " ".join(_LATIN.findall(text)) if _LETTER.search(text) else ""
    han = _SPACE.sub("", _LATIN.sub(",", text) if words else text)
    han = _NATION.sub("", _BREAK.sub(",", han).strip(","), count=1)
    named = _walk(han, known)
    if named and _PART.search(han):
        return tuple(replace(match, how="part") for match in named)
    if not words:
        return named
    also = english_address(words, known)
    if named and also:
        return combined((named, also))
    return named if not _LATIN.match(text) else ()


def _walk(text: str, known: Gazetteer) -> tuple[Match, ...]:
    end, here = _head(text, 0, known)
    while here and end < len(text):
        start = _skip(text, end)
        next_end, narrower = _narrower(text, start, here, known)
        if narrower:
            end, here = next_end, narrower
            continue
        if start == end and not _AND.match(text, start):
            break
        next_end, other = _head(text, start + bool(_AND.match(text, start)), known)
        if not other:
            break
        end, here = next_end, combined((here, other))
    return here


def _skip(text: str, start: int) -> int:
    start += text.startswith(",", start)
    group = _GROUP.match(text, start)
    return group.end() if group else start


def _head(text: str, start: int, known: Gazetteer) -> tuple[int, tuple[Match, ...]]:
    for end, matches in known.beginnings(text, start):
        kept = _places_only(_beginners(matches, end - start), text, end)
        if kept:
            return end, kept
    return start, ()


@lru_cache(maxsize=1 << 14)
def _beginners(matches: tuple[Match, ...], length: int) -> tuple[Match, ...]:
    return tuple(match for match in matches if _can_begin(match, length))


def _can_begin(match: Match, length: int) -> bool:
    """Whether an address can begin so: a bare name of a county (平安) is too often a word."""
    if length < 2 or match.how == "abbreviation" or match.places[0].level == "country":
        return False
    if match.how == "extra" or (match.rank in (FULL, FORMER) and length > 2):
        return True
    wide = match.kind in ("city", "prefecture", "league", "autonomous prefecture")
    return wide if match.rank == FORMER_BARE else any(place.rank < 3 for place in match.places)


def _narrower(
    text: str, start: int, here: tuple[Match, ...], known: Gazetteer
) -> tuple[int, tuple[Match, ...]]:
    for end, matches in known.beginnings(text, start):
        if end - start > 1 and (kept := _places_only(_inside(matches, here), text, end)):
            return end, kept
    return start, ()


@lru_cache(maxsize=1 << 16)
def _inside(matches: tuple[Match, ...], here: tuple[Match, ...]) -> tuple[Match, ...]:
    """Return the matches as far as they lie in what is named so far, or else repeat it."""
    scopes = [place for match in here for place in match.places]
    found: tuple[Match, ...] = ()
    for match in matches:
        inside = tuple(p for p in match.places if any(p.inside(scope) for scope in scopes))
        if inside:
            same = len(inside) == len(match.places)
            found += (match if same else replace(match, places=inside),)
    return found or tuple(m for m in matches if any(p in scopes for p in m.places))


def _places_only(matches: tuple[Match, ...], text: str, end: int) -> tuple[Match, ...]:
    if not matches or not _NOT_PLACE.match(text, end):
        return matches
    return tuple(match for match in matches if match.rank not in (BARE, FORMER_BARE))
