"""What to do about a text that has no answer: near misses, candidates, the next step."""

from __future__ import annotations

from collections import defaultdict
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from toolkit.clean.regions.divisions import place_at, stem
from toolkit.clean.regions.gazetteer import BARE, gazetteer, squeeze
from toolkit.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.clean.regions.decide import Reading
    from toolkit.clean.regions.divisions import Level, Place

__all__ = ["advice", "label", "near_misses", "wider_near_misses"]

_MOST = 3
# Of names shorter than these, one letter is too much to be a slip.
_SHORTEST_HAN, _SHORTEST_LATIN = 3, 4


def advice(text: str, reading: Reading, level: Level, scope: Place | None) -> str:
    """Return one sentence on what the text can be and what to do, or nothing where all is well."""
    listed = _listed(reading.candidates)
    match reading.issue:
        case "abolished" if reading.match and reading.place:
            return f"{reading.match.note}; now {label(reading.place)}."
        case "ambiguous" if reading.how == "part":
            return say(
                "A part of {places}, or beside it: if the whole is meant, map it with extra= in "
                "Python, --place NAME=CODE on the command line.",
                places=listed,
            )
        case "ambiguous":
            return say(
                "It can be {places}: write the code, or say within= in Python, --within on the "
                "command line.",
                places=listed,
            )
        case "wrong_level":
            return say(
                "It is {places}, which is no {level}, nor in a single one.",
                places=listed,
                level=level,
            )
        case "nation":
            return say(
                "The whole nation: leave the row out, or say level='any' in Python, --level any on "
                "the command line."
            )
        case "outside" if scope:
            return say("It is {places}, not in {scope}.", places=listed, scope=label(scope))
        case "unknown":
            return _unknown(text, scope)
    return ""


def label(place: Place) -> str:
    """Return a code with the name, and the province that a lower place lies in."""
    province = place_at(place, "province")
    within = f", {province.short_zh}" if province and province is not place else ""
    return f"{place.code} {place.name_zh}{within}"


def near_misses(text: str, scope: Place | None = None) -> list[Place]:
    """Return the places one of whose forms is one letter away, the widest first.

    One letter is left out, put in, changed, or has changed places with its neighbour.

    Examples
    --------
    >>> [place.name_en for place in near_misses("Guandong")]
    ['Guangdong']
    """
    word = squeeze(text)
    if len(word) < (_SHORTEST_LATIN if word.isascii() else _SHORTEST_HAN):
        return []
    forms = {form for part in _shortened(word) for form in _by_shortened().get(part, ())}
    near = [form for form in sorted(forms) if _one_apart(word, form)]
    # 宝安县 is a slip for 宝安区 rather than for 固安县.
    near = [form for form in near if stem(form) == stem(word)] or near
    found = {
        place
        for form in near
        for match in gazetteer().forms[form]
        if match.rank <= BARE
        for place in match.places
        if scope is None or place is scope or place.inside(scope)
    }
    widest: dict[str, Place] = {}
    for place in sorted(found, key=lambda place: (place.rank, place.code)):
        widest.setdefault(place.code, place)
    return list(widest.values())


def _unknown(text: str, scope: Place | None) -> str:
    digits = squeeze(text)
    if digits.isdigit():
        province = gazetteer().codes.get(f"{digits[:2]}0000")
        if province and len(digits) in (4, 6, 9, 12):
            return say(
                "No division has this code; {digits} is {place}.",
                digits=digits[:2],
                place=label(province.places[0]),
            )
        return say("No division has this code.")
    near = near_misses(text, scope)
    if 0 < len(near) <= _MOST:
        return say("Did you mean {places}?", places=_listed(tuple(near)))
    return say(
        "No place is known by this name: correct it, or map it with extra= in Python, --place "
        "NAME=CODE on the command line."
    )


def _listed(places: tuple[Place, ...]) -> str:
    labels = [label(place) for place in places[:_MOST]]
    if len(places) > _MOST:
        labels.append(say("{more} more", more=len(places) - _MOST))
    return say(" or ").join(labels)


@lru_cache(maxsize=1 << 14)
def wider_near_misses(word: str, scope: Place | None) -> tuple[Place, ...]:
    """Return the provinces and prefectures that a name of a county may be a slip for."""
    return tuple(place for place in near_misses(word, scope) if place.level != "county")


@cache
def _by_shortened() -> dict[str, tuple[str, ...]]:
    """Index the forms by themselves and by each way of leaving one letter out."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for form in gazetteer().forms:
        for part in _shortened(form):
            found[part].append(form)
    return {part: tuple(forms) for part, forms in found.items()}


def _shortened(word: str) -> Iterator[str]:
    yield word
    for index in range(len(word)):
        yield word[:index] + word[index + 1 :]


def _one_apart(word: str, form: str) -> bool:
    if abs(len(word) - len(form)) == 1:
        longer, shorter = sorted((word, form), key=len, reverse=True)
        return shorter in _shortened(longer)
    if word == form:
        return False
    differ = [
        index for index in range(len(word)) if word[index : index + 1] != form[index : index + 1]
    ]
    if len(word) != len(form) or len(differ) > 2:
        return False
    if len(differ) < 2:
        return True
    first, second = differ
    return second == first + 1 and word[first] == form[second] and word[second] == form[first]
