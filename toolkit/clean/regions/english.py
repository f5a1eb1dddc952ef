"""Names and addresses in Latin letters, in either order: Changsha, Hunan; Hunan Changsha."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from toolkit.clean.regions.gazetteer import Match, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.clean.regions.divisions import Place
    from toolkit.clean.regions.gazetteer import Gazetteer

__all__ = ["combined", "english_address", "latin_name"]

_BREAK = re.compile(r"[,;/|()\[\]{}:\n，；、（）]+| [\-–—] ")
_INNER = re.compile(r"['’‘`.\-]")
_DIGIT = re.compile(r"[0-9]")
_STREET = re.compile(
    r"\b(?:road|rd|street|avenue|ave|boulevard|lane|alley|building|bldg|floor|room|tower|plaza)\b",
    re.IGNORECASE,
)
_PART = re.compile(r"\b(?:excl|excluding|except|without|outside)\b", re.IGNORECASE)
_MOST_WORDS = 12

_PROVINCE = frozenset(["province", "autonomous region"])
_REGION = frozenset(["autonomous region", "prefecture"])
_CITY = frozenset(["municipality", "city", "county-level city", "special administrative region"])
_PREFECTURE = frozenset(["prefecture", "autonomous prefecture", "city", "league"])
# What an English or pinyin word says of the division it follows.
_SORTS: dict[str, frozenset[str]] = {
    **dict.fromkeys(["province", "prov", "sheng"], _PROVINCE),
    **dict.fromkeys(["autonomous region", "zizhiqu", "ar"], frozenset(["autonomous region"])),
    **dict.fromkeys(["region", "diqu"], _REGION),
    **dict.fromkeys(["municipality", "mun"], frozenset(["municipality", "city"])),
    **dict.fromkeys(["city", "shi"], _CITY),
    **dict.fromkeys(["prefecture level city", "prefecturelevel city"], frozenset(["city"])),
    **dict.fromkeys(["county level city", "countylevel city"], frozenset(["county-level city"])),
    "special administrative region": frozenset(["special administrative region"]),
    "sar": frozenset(["special administrative region"]),
    "prefecture": _PREFECTURE,
    **dict.fromkeys(
        ["autonomous prefecture", "zizhizhou", "zhou"], frozenset(["autonomous prefecture"])
    ),
    **dict.fromkeys(["league", "meng"], frozenset(["league"])),
    **dict.fromkeys(["county", "autonomous county", "xian", "zizhixian"], frozenset(["county"])),
    **dict.fromkeys(["banner", "autonomous banner", "qi"], frozenset(["banner"])),
    **dict.fromkeys(["district", "new district", "qu"], frozenset(["district"])),
}
_SORT_ENDS = frozenset(sort.split()[-1] for sort in _SORTS)
_GLUED = ("province", "sheng", "city", "shi", "district", "qu", "county", "xian")
# Peoples that autonomous divisions are named after, in their usual spellings.
_PEOPLES = re.compile(
    "and|zhuang(?:zu)?|hui(?:zu)?|uygur|uyghur|uighur|tibetan|zang|mongol(?:ian)?|tujia|miao|yi|dong"
    "|yao|bouyei|buyi|dai|bai|qiang|li|she|mulao|maonan|gelao|kazakh?|kirghiz|kirgiz|kyrgyz|xibe"
    "|tajik|korean|manchu|hani|nakhi|naxi|lahu|va|wa|blang|jingpo|lisu|shui|sui|salar|baoan|bonan"
    "|dongxiang|yugur|daur|ewenki|evenki|oroqen|derung|nu|pumi|primi|tu|various|nationalities"
    "|multinational"
)


def latin_name(text: str, known: Gazetteer) -> tuple[Match, ...]:
    """Return what one name can mean, with or without a word for its sort: Hunan Province."""
    words = [] if _BREAK.search(text) else _words(text)
    return _name(words, known) if 0 < len(words) <= _MOST_WORDS else ()


def english_address(text: str, known: Gazetteer) -> tuple[Match, ...]:
    """Return the narrowest places that a text in Latin letters names, or nothing.

    Parts in between commas must lie in one another. What comes before the first known part may be
    anything narrower (a street, a firm); what comes after must look like a street.
    """
    if part_of := _PART.search(text):
        whole = english_address(text[: part_of.start()], known)
        return tuple(Match(match.places, "part", match.rank) for match in whole)
    groups: list[tuple[Match, ...]] = []
    for part in _BREAK.split(text):
        words = [] if _STREET.search(part) else _words(part)
        found = _runs(words, part, known)
        if found:
            groups += found
        elif groups and words and " ".join(words) not in _SORTS and not _DIGIT.search(part):
            return ()
    return combined(tuple(groups)) if groups else ()


@lru_cache(maxsize=1 << 14)
def combined(groups: tuple[tuple[Match, ...], ...]) -> tuple[Match, ...]:
    """Return the narrowest group as far as each other group holds it, or lies in it.

    Groups that do not lie in one another give one match with all their places, which is
    ambiguous unless they agree at the level asked.
    """
    kept = [_supported(index, groups) for index in range(len(groups))]
    if all(kept):
        return max(kept, key=lambda group: min(p.rank for match in group for p in match.places))
    everything = dict.fromkeys(p for group in groups for match in group for p in match.places)
    return (Match(tuple(everything), "conflict"),)


def _supported(index: int, groups: tuple[tuple[Match, ...], ...]) -> tuple[Match, ...]:
    others = [
        [p for m in group for p in m.places] for group in groups if group is not groups[index]
    ]
    found: tuple[Match, ...] = ()
    for match in groups[index]:
        places = tuple(p for p in match.places if all(_on_line(p, other) for other in others))
        if len(places) == len(match.places):
            found += (match,)
        elif places:
            found += (Match(places, match.how, match.rank, match.kind, match.note),)
    return found


def _on_line(place: Place, others: list[Place]) -> bool:
    return any(place is other or place.inside(other) or other.inside(place) for other in others)


def _runs(words: list[str], part: str, known: Gazetteer) -> list[tuple[Match, ...]]:
    """Return the groups of the names that make up a part, or nothing where words are left over."""
    words = [word for word in words if not word.isdigit()]
    if not words or len(words) > _MOST_WORDS:
        return []
    if found := _name(words, known):
        return [found]
    groups: list[tuple[Match, ...]] = []
    start = 0
    while start < len(words):
        for end in range(len(words), start, -1):
            if found := _name(words[start:end], known):
                groups.append(found)
                start = end
                break
        else:
            apart = part.replace("-", " ")
            return _runs(_words(apart), apart, known) if "-" in part else []
    return groups


def _words(part: str) -> list[str]:
    return [word for raw in part.split() if (word := squeeze(raw))]


def _name(words: list[str], known: Gazetteer) -> tuple[Match, ...]:
    if found := known.forms.get("".join(words)):
        return found
    if words[-1] not in _SORT_ENDS and "of" not in words and len(words) > 1:
        return ()
    for bare, sorts in _without_sort(words):
        of_sort = tuple(
            kept for match in known.forms.get(bare, ()) if (kept := _of_sort(match, sorts))
        )
        if of_sort:
            return of_sort
    return ()


def _of_sort(match: Match, sorts: frozenset[str]) -> Match | None:
    if match.how == "abbreviation":
        return None
    if match.kind:
        return match if match.kind in sorts else None
    places = tuple(place for place in match.places if place.kind in sorts)
    if len(places) == len(match.places):
        return match
    return Match(places, match.how, match.rank, note=match.note) if places else None


def _without_sort(words: list[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield readings of words as a name and what they say of its sort."""
    for length in (3, 2, 1):
        sorts = _SORTS.get(" ".join(words[-length:]))
        if sorts and len(words) > length:
            name = words[:-length]
            yield "".join(name), sorts
            without = [word for word in name if not _PEOPLES.fullmatch(word)]
            if without and "autonomous" in words[-length]:
                yield "".join(without), sorts
        lead = _SORTS.get(" ".join(words[:length]))
        if lead and words[length : length + 1] == ["of"]:
            yield "".join(words[length + 1 :]), lead
    if len(words) == 1:
        for end in _GLUED:
            if words[0].endswith(end):
                yield words[0].removesuffix(end), _SORTS[end]
