"""Cumulative incidences: the share in production, and the share that left, by age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from scipy.special import ndtri

from toolkit.language import say
from toolkit.models.curves import (
    EVENT,
    EXIT,
    Floats,
    Interval,
    RiskSets,
    aalen_johansen,
    interval_names,
    limits,
)
from toolkit.models.survival.assumed import (
    count_columns,
    curve_notes,
    share_text,
    size_facts,
    whole,
)
from toolkit.models.survival.by_age import CurveByAge, curves_of
from toolkit.models.survival.curve_result import draw_curves, shorten
from toolkit.models.survival.spells import read_study
from toolkit.models.survival.study import Group, Study, check_choice
from toolkit.models.survival.variance import robust_variance
from toolkit.results import Prose, check_conf_level

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["CumulativeIncidence", "cumulative_incidence"]


@dataclass(frozen=True, kw_only=True, eq=False)
class CumulativeIncidence(CurveByAge):
    """Shares that have reached the event and that have left, by group and age in months."""

    estimate_label = "share"

    def sentence(self) -> Prose:
        """Return both shares at the last age, and the share that is still under way."""
        texts = []
        for key, rows in curves_of(self.terms, self.groups[:-1]):
            ends = {term: part.iloc[-1] for term, part in rows.groupby("term", sort=False)}
            event, left = (ends[term] for term in self._terms)
            name = say("{key}: ", key=say(", ").join(map(str, key))) if key else ""
            share = share_text(
                event["estimate"], event["conf_low"], event["conf_high"], self.conf_level
            )
            texts.append(
                say(
                    "{name}within {event_age:g} months {share} reach {event}, {left_estimate} "
                    "leave for good",
                    name=name,
                    event_age=event["age"],
                    share=share,
                    event=self._event,
                    left_estimate=share_text(left["estimate"], np.nan, np.nan, self.conf_level),
                )
            )
        return Prose(
            say(
                "{texts} ({rows:,} {units}).",
                texts=shorten(texts),
                rows=self.facts["rows"],
                units=self._units,
            )
        )

    def key_figures(self) -> dict[str, str]:
        """Return the share that reached the event by the last age."""
        if len(self.groups) > 1:
            return {}
        last = self.terms[self.terms["term"] == self._terms[0]].iloc[-1]
        share = share_text(last["estimate"], last["conf_low"], last["conf_high"], self.conf_level)
        return {
            say(
                "share with {event} by {last_age:g} months", event=self._event, last_age=last["age"]
            ): share
        }

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw both incidences from month 0 on, with the numbers at risk below."""
        labelled = [
            (say(", ").join([*map(str, key), str(term).removeprefix("incidence_")]), part)
            for key, rows in curves_of(self.terms, self.groups[:-1])
            for term, part in rows.groupby("term", sort=False)
        ]
        return draw_curves(self, labelled, ax=ax)

    @property
    def _terms(self) -> list[str]:
        return list(dict.fromkeys(self.terms["term"]))

    @property
    def _event(self) -> str:
        return "production" if self.facts["source"] == "spells" else "the event"

    @property
    def _units(self) -> str:
        return "spells" if self.facts["source"] == "spells" else "units"


def cumulative_incidence(
    milestones: Any,
    *,
    by: str | Sequence[str] | None = None,
    conf_level: float = 0.95,
    interval: Interval = "log-log",
    entry: Literal["use", "ignore"] = "use",
    cluster: str | None = None,
    weights: str | None = None,
) -> CumulativeIncidence:
    r"""Estimate the share in production by age, with exits competing (Aalen and Johansen).

    .. math:: \hat F_j(t) = \sum_{t_k \le t} \hat S(t_{k-1}) \, d_{jk} / r_k

    with :math:`\hat S` the share still under way. The incidences and :math:`\hat S` add up to one.

    Parameters
    ----------
    milestones : frame or path
        Spells or counts, as for :func:`survival_curve`.
    by, conf_level, entry, cluster, weights
        As for :func:`survival_curve`.
    interval : str
        Scale of the intervals, applied to one minus the incidence: without exits they are those
        of the survival curve.

    Returns
    -------
    CumulativeIncidence
        Per group two terms, ``incidence_production`` (``incidence_event`` for counts) and
        ``incidence_exit``, by ``age``; behind the fixed columns ``at_risk events exits censored``.

    Raises
    ------
    OptionError
        If an option is none of its choices.
    ColumnError, DataError
        If the table lacks a column or has values that cannot be meant.

    References
    ----------
    Aalen and Johansen (1978), Scandinavian Journal of Statistics 5, 141-150.

    Examples
    --------
    >>> import pandas as pd
    >>> spells = pd.DataFrame(
    ...     {"duration": [2, 3, 3, 5], "outcome": ["production", "exit", "production", "censored"]}
    ... )
    >>> table = cumulative_incidence(spells).tidy()
    >>> table.loc[table["term"] == "incidence_production", "estimate"].tolist()
    [0.25, 0.5, 0.5]
    """
    check_choice("interval", interval, interval_names)
    level = check_conf_level(conf_level)
    study = read_study(milestones, by=by, cluster=cluster, weights=weights, entry=entry)
    frames, sets_by_key = [], {}
    for group in study.groups:
        sets = sets_by_key[group.key] = group.risk_sets()
        for term, share, variance in _incidences(study, group, sets):
            std_error = np.sqrt(variance)
            low, high = limits(
                1 - share,
                std_error,
                interval=interval,
                critical=float(ndtri((1 + level) / 2)),
                at_risk=sets.at_risk,
            )
            frames.append(
                pd.DataFrame(
                    {
                        **dict(zip(study.by, group.key, strict=True)),
                        "age": whole(sets.time),
                        "term": term,
                        "estimate": share,
                        "std_error": std_error,
                        "statistic": np.nan,
                        "p_value": np.nan,
                        "conf_low": 1 - high,
                        "conf_high": 1 - low,
                        **count_columns(sets),
                    }
                )
            )
    return CumulativeIncidence(
        title="Cumulative incidence by age, exits competing",
        unit="share of all units",
        terms=pd.concat(frames, ignore_index=True),
        facts=size_facts(study, sets_by_key, exits="compete") | {"interval": interval},
        conf_level=level,
        notes=curve_notes(study, sets_by_key, exits="compete"),
    )


def _incidences(study: Study, group: Group, sets: RiskSets) -> list[tuple[str, Floats, Floats]]:
    fit = aalen_johansen(sets)
    event = robust_variance(study, group, sets, group.outcome)
    swapped = np.select([group.outcome == EVENT, group.outcome == EXIT], [EXIT, EVENT], 0)
    left = robust_variance(study, group, sets.with_causes_swapped(), swapped)
    name = "production" if study.source == "spells" else "event"
    return [
        (f"incidence_{name}", fit.event, fit.event_variance if event is None else event),
        ("incidence_exit", fit.exit, fit.exit_variance if left is None else left),
    ]
