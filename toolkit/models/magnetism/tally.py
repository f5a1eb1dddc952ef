"""Cells of a ratio from firms that come part by part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from toolkit.models import ratios
from toolkit.models.magnetism.facts import Counts, RunningMedian
from toolkit.models.magnetism.intervals import Sums
from toolkit.models.magnetism.months import join_months, month_sums, split_months
from toolkit.models.magnetism.part import FOLLOW, LEAD, OBSERVED, Part
from toolkit.models.magnetism.rows import Cell
from toolkit.models.magnetism.units import Units, refuse_nation

__all__ = ["Question", "Tally", "measured"]

Key = tuple[Any, ...] | None


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked of each part of the firms."""

    by: tuple[str, ...]
    cluster: str
    months: int
    window: str

    def units(self, part: Part) -> tuple[Units, float]:
        """Return the firms of a part, and their follow-on money of the first day."""
        firms, same_day = part.firms(months=self.months)
        for key in part.keys:
            refuse_nation(firms[key])
        return Units(
            table=firms, lead=LEAD, follow=FOLLOW, by=self.by, cluster=self.cluster
        ), same_day


def measured(units: Units, question: Question) -> Units:
    """Return the firms whose own ratios are known: all, or those observed for the whole window."""
    if question.window == "ignore":
        return units
    whole = units.table[units.table[OBSERVED] >= question.months]
    return replace(units, table=whole.reset_index(drop=True))


@dataclass(kw_only=True, eq=False)
class _Group:
    """What has been counted of one group, or of all firms."""

    counts: Counts = field(default_factory=Counts)
    median: RunningMedian = field(default_factory=RunningMedian)
    clusters: list[pd.DataFrame] = field(default_factory=list)
    firms: int = 0
    observed: int = 0

    def add(self, units: Units, question: Question) -> None:
        inside = measured(units, question)
        own = inside.own_ratios()
        self.counts += Counts.of(*inside.money, own)
        self.median.add(own)
        by_cluster = inside.table.groupby(question.cluster, dropna=False, sort=True)
        self.clusters.append(by_cluster[[LEAD, FOLLOW]].sum())
        self.firms += len(units.table)
        self.observed += int((units.table[OBSERVED] >= question.months).sum())

    def sums(self) -> Sums:
        summed = pd.concat(self.clusters).groupby(level=0, dropna=False, sort=True).sum()
        return Sums(lead=summed[LEAD].to_numpy(), follow=summed[FOLLOW].to_numpy())


class Tally:
    """Sums, counts and medians of firms, by groups and in total, taken part by part."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.same_day = 0.0
        self.longest = self.short = 0
        self.lead = self.short_lead = 0.0
        self.missing: Counter[str] = Counter()
        self._labels: set[Any] = set()
        self._groups: dict[Key, _Group] = {None: _Group()}
        self._months: list[tuple[pd.DataFrame, pd.DataFrame]] = []

    @property
    def total(self) -> _Group:
        """All firms."""
        return self._groups[None]

    @property
    def labels(self) -> pd.Series[Any]:
        """The clusters that there are, each once."""
        return pd.Series(list(self._labels), name=self.question.cluster)

    def add(self, part: Part) -> Units:
        """Count the firms of a part, and return them."""
        asked = self.question
        units, same_day = asked.units(part)
        table = units.table
        short = table[table[OBSERVED] < asked.months]
        self.same_day += same_day
        self.lead += float(table[LEAD].sum())
        self.short_lead += float(short[LEAD].sum())
        self.short += len(short)
        self.longest = max(self.longest, int(table[OBSERVED].max()) if len(table) else 0)
        self.missing.update({key: int(table[key].isna().sum()) for key in part.keys})
        self._labels.update(table[asked.cluster].unique())
        self.total.add(units, asked)
        for key, inside in units.groups():
            self._groups.setdefault(tuple(key.values()), _Group()).add(inside, asked)
        if asked.window == "adjusted":
            self._months.append(part.by_month(months=asked.months))
        return units

    def cells(self) -> Iterator[Cell]:
        """Yield the groups in order, then the total."""
        adjusted = dict(self._adjusted())
        for key in [*sorted(key for key in self._groups if key is not None), None]:
            group = self._groups[key]
            named = None if key is None else dict(zip(self.question.by, key, strict=True))
            facts = group.counts.facts(group.median.value())
            facts["units_observed"] = group.observed
            sums = adjusted.get(key)
            if sums is None:
                yield Cell(key=named, facts=facts, sums=group.sums())
                continue
            path = ratios.ratio_path(sums.lead, sums.follow, sums.at_risk)
            weighed = {"lead": path.lead[-1], "follow": path.follow[-1], "units": group.firms}
            yield Cell(key=named, facts={**facts, **weighed}, sums=sums)

    def _adjusted(self) -> Iterator[tuple[Key, Sums]]:
        if not self._months:
            return
        asked = self.question
        money, firms = join_months(self._months)
        cluster, months = asked.cluster, asked.months
        for key, sums in split_months(money, firms, by=asked.by, cluster=cluster, months=months):
            yield tuple(key.values()), sums
        yield None, month_sums(money, firms, cluster=cluster, months=months)
