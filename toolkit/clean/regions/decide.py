"""From what a text can mean to what it does mean: one place of the level asked, or none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from toolkit.clean.regions.divisions import Level, Place, place_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from toolkit.clean.regions.gazetteer import Match

__all__ = ["Reading", "decide", "narrowed"]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Reading:
    """What one text was read as.

    ``place`` is the answer, or None; ``issue`` says why there is none, or that the answer is the
    successor of a former division; ``candidates`` are the places it can be; ``match`` is the form
    that decided.
    """

    place: Place | None = None
    how: str = ""
    issue: str = ""
    candidates: tuple[Place, ...] = ()
    match: Match | None = None


@lru_cache(maxsize=1 << 16)
def decide(matches: tuple[Match, ...], level: Level, scope: Place | None = None) -> Reading:
    """Choose among matches.

    1. With a scope, what lies in it stands; failing that, the scope itself.
    2. The most exact forms stand: a full name over a bare one, a present name over a former one.
    3. The highest level stands: Changsha is the city, not the county in it.
    4. Where all that stands has one place of the level asked, that is the answer.
    """
    if not matches:
        return Reading(issue="unknown")
    meant = _distinct(place for match in matches for place in match.places)
    if scope is not None:
        matches = narrowed(matches, scope)
        if not matches:
            return Reading(issue="outside", candidates=meant)
    if any(match.how == "part" for match in matches):
        return Reading(issue="ambiguous", candidates=meant, how=matches[0].how)
    exact = min(match.rank for match in matches)
    standing = [match for match in matches if match.rank == exact]
    top = min(_rank(match) for match in standing)
    standing = [match for match in standing if _rank(match) == top]
    places = _distinct(place for match in standing for place in match.places)
    found = _distinct(place_at(place, level) for place in places)
    complete = all(place_at(place, level) for place in places)
    if complete and len(found) == 1:
        chosen = standing[0]
        issue = "abolished" if chosen.how == "abolished" else ""
        return Reading(place=found[0], how=chosen.how, issue=issue, match=chosen)
    return _none(matches, places, level, standing[0].how)


def _none(matches: tuple[Match, ...], places: tuple[Place, ...], level: Level, how: str) -> Reading:
    if level != "country" and all(place.level == "country" for place in places):
        return Reading(issue="nation", how=how, candidates=places)
    meant = _distinct(place for match in matches for place in match.places)
    for candidates in (places, meant):
        if any(place_at(place, level) for place in candidates):
            return Reading(issue="ambiguous", how=how, candidates=candidates)
    return Reading(issue="wrong_level", how=how, candidates=places)


def narrowed(matches: Iterable[Match], scope: Place) -> tuple[Match, ...]:
    """Return the matches as far as they lie in a scope, or else as far as they are the scope."""
    matches = tuple(matches)
    inside = _kept(matches, lambda place: place.inside(scope))
    return inside or _kept(matches, lambda place: place is scope)


def _kept(matches: tuple[Match, ...], keeps: Callable[[Place], bool]) -> tuple[Match, ...]:
    kept = []
    for match in matches:
        places = tuple(place for place in match.places if keeps(place))
        if len(places) == len(match.places):
            kept.append(match)
        elif places:
            kept.append(replace(match, places=places))
    return tuple(kept)


def _rank(match: Match) -> int:
    return min(place.rank for place in match.places)


def _distinct(places: Iterable[Place | None]) -> tuple[Place, ...]:
    return tuple(dict.fromkeys(place for place in places if place is not None))
