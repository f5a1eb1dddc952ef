"""Cells of sums to tidy rows, and what must be said of their intervals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from toolkit.language import say
from toolkit.models import ratios
from toolkit.models.magnetism.intervals import Interval, Sums
from toolkit.models.magnetism.result import TOTAL
from toolkit.results import TIDY_COLUMNS, format_number, format_percent

__all__ = [
    "FEW_CLUSTERS",
    "Cell",
    "below_zero_note",
    "few_clusters_note",
    "interval_notes",
    "ratio_terms",
]

FEW_CLUSTERS = 30
DOMINANT = 0.5
DOMINATED_OF = 10
LISTED = 8
SYMMETRIC = ("linearized", "jackknife")
PROVINCE = re.compile(r"[1-9]\d0000")


@dataclass(frozen=True, kw_only=True, eq=False)
class Cell:
    """Sums of one group, or of all units where there is no key."""

    key: dict[str, Any] | None
    facts: dict[str, Any]
    sums: Sums


def ratio_terms(cells: Iterable[Cell], interval: Interval, *, by: Sequence[str]) -> pd.DataFrame:
    """Return one tidy row per cell: key, term, fixed columns, facts, shape of the set."""
    rows = []
    for cell in cells:
        found = interval.row(cell.sums)
        fixed = {name: found.pop(name) for name in TIDY_COLUMNS if name != "term"}
        key = dict.fromkeys(by) if cell.key is None else cell.key
        term = TOTAL if by and cell.key is None else "ratio"
        facts = {**cell.facts, "clusters": cell.sums.clusters}
        rows.append({**key, "term": term, **fixed, **facts, **found})
    table = pd.DataFrame(rows)
    for name in by:
        if all(isinstance(row[name], int | np.integer) for row in rows[:-1]):
            # The empty cell of the total would turn the year 2023 into 2023.0.
            table[name] = table[name].astype("Int64")
    return table


def interval_notes(
    terms: pd.DataFrame, interval: Interval, *, by: Sequence[str], clusters: pd.Series[Any] | None
) -> Iterator[str]:
    """Say where there is no interval, how to read the others, and where a set is unbounded."""
    said = ["clusters", "largest_influence", "interval_shape", "gap_low", "gap_high"]
    said = [*by, *({"region_name"} & set(terms)), "term", *said]
    rows = [
        {str(name): value for name, value in row.items()} for row in terms[said].to_dict("records")
    ]
    labels = [_label(row, by) for row in rows]
    counts = terms["clusters"]
    named = "rows" if clusters is None else say("clusters by {name!r}", name=clusters.name)
    alone = [label for label, count in zip(labels, counts, strict=True) if count < 2]
    if alone:
        yield say(
            "{number} of {all} ratios rest on a single cluster and have no sampling interval: "
            "{where}.",
            number=len(alone),
            all=len(terms),
            where=_listed(alone),
        )
    yield from few_clusters_note(counts, named=named)
    if clusters is not None and (counts >= 2).any() and _are_provinces(clusters):
        yield (
            "The provinces are a whole population, not a sample of one: the interval is "
            "model-based, and tells how far the ratio would move if the same process were to "
            "give the provinces their figures anew."
        )
    for label, row in zip(labels, rows, strict=True):
        if row["clusters"] >= DOMINATED_OF and row["largest_influence"] > DOMINANT:
            yield say(
                "{label}: one cluster makes up {share} of the variance. In simulations with so "
                "heavy a tail (Pareto, index 1.5) 95% intervals held the truth in 65% of runs "
                "with 30 clusters and 74% with 500, the bootstrap's in 80% and 83%.",
                label=label,
                share=format_percent(row["largest_influence"]),
            )
        if row["interval_shape"] == "line":
            yield say(
                "{label}: Fieller's set is unbounded; no ratio can be ruled out.", label=label
            )
        if row["interval_shape"] == "outside":
            yield say(
                "{label}: Fieller's set is unbounded; it rules out only the ratios between "
                "{gap_low} and {gap_high}.",
                label=label,
                gap_low=format_number(row["gap_low"]),
                gap_high=format_number(row["gap_high"]),
            )
    if interval.method == "bootstrap":
        yield say(
            "Bootstrap: {draws:,} draws of whole clusters, studentised interval; the standard "
            "error is the spread of the draws.",
            draws=ratios.DRAWS,
        )


def below_zero_note(terms: pd.DataFrame, interval: Interval, *, by: Sequence[str]) -> Iterator[str]:
    """Warn where an interval reaches to ratios that money of zero or more cannot have."""
    if interval.method not in SYMMETRIC:
        return
    below = terms[terms["conf_low"] < 0]
    if len(below):
        rows = [{str(key): value for key, value in row.items()} for row in below.to_dict("records")]
        yield say(
            "{number} of {all} intervals reach below zero, where no ratio of money can lie: "
            "{where}. They are symmetric, and clusters are few or unequal; interval='fieller' or "
            "interval='bootstrap' follow the data more closely.",
            number=len(below),
            all=len(terms),
            where=_listed([_label(row, by) for row in rows]),
        )


def few_clusters_note(counts: pd.Series[Any], *, named: str) -> Iterator[str]:
    """Warn where clusters are few; what `counts` counts is `named` so."""
    few = counts[(counts >= 2) & (counts < FEW_CLUSTERS)]
    if len(few):
        yield say(
            "Few {named}: {span} in {number} of {all} ratios. The quantiles are those of t "
            "with clusters minus one, and the intervals may still be too short.",
            named=named,
            span=_range(few),
            number=len(few),
            all=len(counts),
        )


def _label(row: dict[str, Any], by: Sequence[str]) -> str:
    if row["term"] == TOTAL or not by:
        return "the total"
    if "region" in by and (name := row.get("region_name")):
        others = [say("{name} {value}", name=key, value=row[key]) for key in by if key != "region"]
        return say(", ").join([say(name), *others])
    return say(", ").join(say("{name} {value}", name=name, value=row[name]) for name in by)


def _listed(names: Sequence[str]) -> str:
    more = say("; and {more} more", more=len(names) - LISTED) if len(names) > LISTED else ""
    return say("; ").join(names[:LISTED]) + more


def _range(counts: pd.Series[Any]) -> str:
    low, high = int(counts.min()), int(counts.max())
    return str(low) if low == high else say("{low} to {high}", low=low, high=high)


def _are_provinces(clusters: pd.Series[Any]) -> bool:
    if not PROVINCE.fullmatch(str(clusters.iloc[0])):
        return False
    return all(PROVINCE.fullmatch(str(value)) for value in clusters.unique())
