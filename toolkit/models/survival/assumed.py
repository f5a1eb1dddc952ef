"""What a survival estimate assumed, in facts and in notes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toolkit.language import say
from toolkit.models.curves import Floats, RiskSets
from toolkit.models.survival.study import Study
from toolkit.results import format_percent

__all__ = ["count_columns", "curve_notes", "share_text", "size_facts", "whole"]

FEW_AT_RISK = 10
FEW_CLUSTERS = 30

EXIT_NOTES = {
    "censor": "exits are censored, as if they would have gone on like those that stay; where the "
    "abandoned never reach production this overstates success",
    "compete": "exits compete: a unit that left cannot reach production any more",
}


def size_facts(
    study: Study, sets_by_key: Mapping[tuple[Any, ...], RiskSets], *, exits: str
) -> dict[str, Any]:
    """Return how many spells there were, how they ended, and what was chosen."""
    every = list(sets_by_key.values())
    facts: dict[str, Any] = {
        "rows": round(study.spells),
        "source": study.source,
        "exits": exits,
        "events": _whole(sum(sets.events.sum() for sets in every)),
        "exit_count": _whole(sum(sets.exits.sum() for sets in every)),
        "censored": _whole(sum(sets.censored.sum() for sets in every)),
        "late_entries": _whole(study.late),
    }
    if study.clusters:
        facts["clusters"] = study.clusters
    if study.weighted:
        facts["weights"] = study.weighted
    return facts


def curve_notes(
    study: Study,
    sets_by_key: Mapping[tuple[Any, ...], RiskSets],
    *,
    exits: str,
    bands: str = "pointwise",
) -> tuple[str, ...]:
    """Return the notes that every curve and number read from a curve carries."""
    exited = sum(sets.exits.sum() for sets in sets_by_key.values())
    notes = [_exit_note(exited, exits)]
    if study.late:
        notes.append(
            say(
                "{late:,.0f} came under observation after their start and are at risk from then on "
                "(left truncation).",
                late=study.late,
            )
        )
    notes += study.notes
    if bands == "simultaneous":
        notes.append("The band holds for all ages at which it has limits, at once.")
    notes += _variance_notes(study)
    notes += _thin_notes(study, sets_by_key)
    return tuple(notes)


def _exit_note(exited: float, exits: str) -> str:
    if not exited:
        return say(
            "No unit left for good, so that exits={exits!r} makes no difference.", exits=exits
        )
    return say(
        "Of {exited:,.0f} units that left for good, {what}.", exited=exited, what=EXIT_NOTES[exits]
    )


def _variance_notes(study: Study) -> list[str]:
    if study.clusters:
        few = study.clusters < FEW_CLUSTERS
        warning = "; with so few, intervals are too narrow" if few else ""
        return [
            say(
                "Standard errors allow for dependence within {clusters} clusters{warning}.",
                clusters=study.clusters,
                warning=warning,
            )
        ]
    if study.weighted:
        return [
            say(
                "Weighted by {weighted!r}; standard errors are robust to the weights.",
                weighted=study.weighted,
            )
        ]
    return []


def _thin_notes(study: Study, sets_by_key: Mapping[tuple[Any, ...], RiskSets]) -> list[str]:
    thin, emptied = [], []
    for key, sets in sets_by_key.items():
        name = study.describe(key)
        few = sets.at_risk < FEW_AT_RISK
        if few.any():
            thin.append((name, sets.time[few][0]))
        ended = (sets.events + sets.exits == sets.at_risk) & (sets.at_risk > 0)
        if ended[:-1].any():
            emptied.append((name, sets.time[:-1][ended[:-1]][0]))
    notes = []
    if thin:
        notes.append(
            say("Fewer than {few} are at risk{where}.", few=FEW_AT_RISK, where=_where(thin))
        )
    if emptied:
        notes.append(
            say(
                "All who were at risk ended{where}, before others entered: from there on the curve "
                "says nothing of those. Start the clock later, or group the ages.",
                where=_where(emptied),
            )
        )
    return notes


def _where(places: list[tuple[str, float]]) -> str:
    texts = [
        say("{place} from month {age:g} on", place=say(" in ") + name if name else "", age=age)
        for name, age in places[:4]
    ]
    more = say(" and in {more} more groups", more=len(places) - 4) if len(places) > 4 else ""
    return ",".join(texts) + more


def _whole(value: float) -> float | int:
    number = float(value)
    return int(number) if number.is_integer() else number


def share_text(share: float, low: float, high: float, level: float) -> str:
    """Write a share with its interval."""
    if np.isnan(low):
        return format_percent(share)
    limits = say("{low} to {high}", low=format_percent(low), high=format_percent(high))
    return say(
        "{share} ({level:g}% interval {limits})",
        share=format_percent(share),
        level=100 * level,
        limits=limits,
    )


def whole(values: Floats) -> NDArray[Any]:
    """Return an array as integers where it holds nothing else."""
    rounded = np.rint(values)
    return rounded.astype(np.int64) if np.array_equal(rounded, values) else values


def count_columns(sets: RiskSets) -> dict[str, NDArray[Any]]:
    """Return the columns that stand behind the estimates of a curve."""
    return {
        "at_risk": whole(sets.at_risk),
        "events": whole(sets.events),
        "exits": whole(sets.exits),
        "censored": whole(sets.censored),
    }
