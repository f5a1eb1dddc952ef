"""Every written form of every place, and the places that each can mean."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from toolkit.clean.regions.divisions import Place, divisions, kind, stem, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Gazetteer", "Match", "gazetteer", "squeeze"]

FULL, BARE, FORMER, FORMER_BARE = range(4)

_ACCENTED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """What one written form can mean: a place, or several that only context decides between.

    ``how`` is the sort of form, ``rank`` how exact it is (lower first), ``kind`` the sort of
    division that the form itself names where this is not the kind of the place, ``note`` what the
    table says of the form.
    """

    places: tuple[Place, ...]
    how: str
    rank: int = FULL
    kind: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Gazetteer:
    """Matches by written form, with the lengths of the Chinese forms by their first character."""

    forms: Mapping[str, tuple[Match, ...]]
    lengths: Mapping[str, tuple[int, ...]]
    codes: Mapping[str, Match]

    def extended(self, extra: Mapping[str, Match]) -> Gazetteer:
        """Return a gazetteer where the forms given stand before, and hide, those known."""
        return _gazetteer(
            {**self.forms, **{key: (match,) for key, match in extra.items()}}, self.codes
        )

    def beginnings(self, text: str, start: int) -> Iterator[tuple[int, tuple[Match, ...]]]:
        """Yield where a form that begins at ``start`` ends, and its matches, longest first."""
        for length in self.lengths.get(text[start : start + 1], ()):
            end = start + length
            if end <= len(text) and (matches := self.forms.get(text[start:end])):
                yield end, matches


def squeeze(text: str) -> str:
    """Fold a text to the letters and digits by which forms are looked up.

    Examples
    --------
    >>> squeeze("Ｘi’an "), squeeze("内蒙 古"), squeeze("Ürümqi")
    ('xian', '内蒙古', 'urumqi')
    """
    text = unicodedata.normalize("NFKC", text)
    if _ACCENTED.search(text):
        text = unicodedata.normalize("NFD", text)
    return _NOT_WORD.sub("", text).casefold()


@cache
def gazetteer() -> Gazetteer:
    """Return the forms of the tables of the package, built once."""
    by_code: dict[str, Place] = {}
    for place in divisions():
        by_code.setdefault(place.code, place)
    forms: defaultdict[str, list[Match]] = defaultdict(list)
    for place in divisions():
        for name, match in _names(place):
            forms[squeeze(name)].append(match)
    codes = {code: Match((place,), "code") for code, place in by_code.items()}
    for row in table("region_variants.csv"):
        how = "part" if row["reading"] == "part" else "variant"
        forms[squeeze(row["name"])].append(
            Match(_places(row["code"], by_code), how, note=row["note"])
        )
    for name, match in _new_areas(by_code):
        forms[squeeze(name)].append(match)
    for code, name, match in _former(by_code):
        codes.setdefault(code, match)
        forms[squeeze(name)].append(match)
    return _gazetteer({key: tuple(matches) for key, matches in forms.items()}, codes)


def _gazetteer(forms: Mapping[str, tuple[Match, ...]], codes: Mapping[str, Match]) -> Gazetteer:
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for form in forms:
        if not form.isascii():
            lengths[form[0]].add(len(form))
    ordered = {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}
    return Gazetteer(forms, ordered, codes)


def _names(place: Place) -> Iterator[tuple[str, Match]]:
    """Yield the present names of a place, each with what it means."""
    here = (place,)
    yield place.name_zh, Match(here, "full")
    yield from ((name, Match(here, "latin", BARE)) for name in {squeeze(n) for n in place.latin})
    if place.zone or place.level == "country":
        return
    bare = place.short_zh or stem(place.name_zh)
    if bare != place.name_zh:
        yield bare, Match(here, "short", BARE)
    if place.abbreviation:
        yield place.abbreviation, Match(here, "abbreviation", BARE)
    if "自治" in place.name_zh and place.level != "province":
        end = place.name_zh[-1]
        yield bare + end, Match(here, "full")
        yield f"{bare}自治{end}", Match(here, "full")


def _new_areas(by_code: Mapping[str, Place]) -> Iterator[tuple[str, Match]]:
    for row in table("new_areas.csv"):
        home = _places(row["code"], by_code)
        aliases = [*row["aliases_zh"].split("|"), *row["aliases_en"].split("|")]
        for name in (row["name_zh"], row["name_en"], *filter(None, aliases)):
            yield name, Match(home, "new_area", kind="area", note=row["note"])


def _former(by_code: Mapping[str, Place]) -> Iterator[tuple[str, str, Match]]:
    """Yield former codes and names, each with the places that stand for it now."""
    for row in table("abolished_codes.csv"):
        code, name = row["code"], row["name_zh"]
        places = _places(row["successor"], by_code)
        level = "prefecture" if code.endswith("00") else "county"
        note = f"{code} {name}, {row['change']} in {row['year']}"
        sort = kind(name, level)
        yield code, name, Match(places, "abolished", FORMER, sort, note)
        bare = stem(name)
        same = len(places) == 1 and bare == stem(places[0].name_zh)
        latin = places[0].latin if same else filter(None, [row["name_latin"]])
        for form in (*latin, *([bare] if bare != name else [])):
            yield code, form, Match(places, "abolished", FORMER_BARE, sort, note)


def _places(codes: str, by_code: Mapping[str, Place]) -> tuple[Place, ...]:
    return tuple(by_code[code] for code in codes.split("|"))
