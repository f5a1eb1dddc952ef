"""Mean time to production within a horizon, and its difference between groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from toolkit.errors import ModelError
from toolkit.language import say
from toolkit.models.curves import (
    Floats,
    RiskSets,
    aalen_johansen,
    area_weights,
    functional_covariance,
    restricted_mean_time,
)
from toolkit.models.survival.assumed import curve_notes, size_facts
from toolkit.models.survival.curve_result import shorten
from toolkit.models.survival.reach import check_months
from toolkit.models.survival.spells import read_study
from toolkit.models.survival.study import Exits, Group, Study, check_choice
from toolkit.models.survival.variance import cluster_influence, recoded
from toolkit.results import Prose, Result, check_conf_level, format_number

__all__ = ["RestrictedMean", "restricted_mean"]


@dataclass(frozen=True, kw_only=True, eq=False)
class RestrictedMean(Result):
    """Mean months without production up to a horizon, and differences from the first group."""

    estimate_label = "months"

    def sentence(self) -> Prose:
        """Return the mean of each group with its interval."""
        rows = self.terms[self.terms["term"] == "restricted_mean"]
        texts = []
        for _, row in rows.iterrows():
            name = say(", ").join(str(row[column]) for column in self.groups)
            texts.append((say("{name}: ", name=name) if name else "") + self._estimate_text(row))
        months = self.facts["months"]
        return Prose(
            say(
                "Mean time to production, counted up to {months:g} months: {texts}.",
                months=months,
                texts=shorten(texts),
            )
        )

    def key_figures(self) -> dict[str, str]:
        """Return the mean, where there is one group."""
        if self.groups:
            return {}
        label = say("mean months to production, up to {months:g}", months=self.facts["months"])
        return {label: format_number(self.terms["estimate"].iloc[0])}


def restricted_mean(
    milestones: Any,
    *,
    months: float,
    exits: Exits,
    by: str | Sequence[str] | None = None,
    conf_level: float = 0.95,
    entry: Literal["use", "ignore"] = "use",
    cluster: str | None = None,
) -> RestrictedMean:
    r"""Estimate the mean time to production, counted up to a horizon.

    .. math:: \hat\mu(h) = \int_0^h 1 - \hat F_1(t)\, dt

    With ``exits="censor"`` that is the area under the survival curve. With ``exits="compete"`` a
    unit that left counts with all months up to the horizon, since it never gets there; the months
    in production are then the horizon less the mean.

    Parameters
    ----------
    milestones : frame or path
        Spells or counts, as for :func:`survival_curve`.
    months : float
        The horizon.
    exits, by, conf_level, entry, cluster
        As for :func:`survival_curve`.

    Returns
    -------
    RestrictedMean
        One row ``restricted_mean`` per group; with groups also one row ``difference`` from the
        first group for each other, with its test.

    Raises
    ------
    ModelError
        If a group is not observed as long as the horizon.

    References
    ----------
    Royston and Parmar (2013), BMC Medical Research Methodology 13, 152; Andersen (2013),
    Statistics in Medicine 32, 5278-5285, for exits.

    Examples
    --------
    >>> import pandas as pd
    >>> spells = pd.DataFrame({"duration": [2, 4], "outcome": "production"})
    >>> restricted_mean(spells, months=6, exits="censor").tidy()["estimate"].tolist()
    [3.0]
    """
    check_choice("exits", exits, ("censor", "compete"))
    horizon, level = check_months(months), check_conf_level(conf_level)
    study = read_study(milestones, by=by, cluster=cluster, entry=entry)
    sets_by_key = {group.key: group.risk_sets() for group in study.groups}
    means, variances = [], []
    moves: list[Floats] = []
    for group in study.groups:
        counted = sets_by_key[group.key]
        sets = counted.with_exits_censored() if exits == "censor" else counted
        _refuse_short(study, group, sets, horizon)
        weights = area_weights(sets.time, horizon)
        means.append(restricted_mean_time(sets, horizon))
        if study.clusters:
            outcome = recoded(group.outcome, "censor") if exits == "censor" else group.outcome
            moved = -cluster_influence(group, sets, outcome) @ weights
            moves.append(np.pad(moved, (0, study.clusters - len(moved))))
            variances.append(float(moved @ moved))
        else:
            variances.append(float(functional_covariance(sets, weights)[0, 0]))
    rows = [
        _row(study, group.key, "restricted_mean", mean, np.sqrt(variance), level)
        for group, mean, variance in zip(study.groups, means, variances, strict=True)
    ]
    for place in range(1, len(means)):
        # Groups may share clusters, and are then not independent.
        spread = (
            float(np.sum((moves[place] - moves[0]) ** 2))
            if study.clusters
            else variances[place] + variances[0]
        )
        difference = means[place] - means[0]
        key = study.groups[place].key
        rows.append(_row(study, key, "difference", difference, np.sqrt(spread), level))
    notes = list(curve_notes(study, sets_by_key, exits=exits))
    if len(means) > 1:
        notes.append(say("Differences are from {key}.", key=study.describe(study.groups[0].key)))
    return RestrictedMean(
        title=say("Mean time to production, up to {horizon:g} months", horizon=horizon),
        unit="months",
        terms=pd.DataFrame(rows),
        facts=size_facts(study, sets_by_key, exits=exits) | {"months": horizon},
        conf_level=level,
        notes=tuple(notes),
    )


def _refuse_short(study: Study, group: Group, sets: RiskSets, horizon: float) -> None:
    last = float(sets.time[-1])
    if horizon > last and aalen_johansen(sets).survival[-1] > 0:
        where = study.describe(group.key)
        raise ModelError(
            f"The mean up to {horizon:g} months needs units observed as long; the longest"
            f"{' in ' + where if where else ''} is observed for {last:g} months. "
            "Choose a shorter horizon."
        )


def _row(
    study: Study,
    key: tuple[Any, ...],
    term: str,
    estimate: float,
    std_error: float,
    level: float,
) -> dict[str, Any]:
    half = float(ndtri((1 + level) / 2)) * std_error
    tested = term == "difference" and std_error > 0
    z = estimate / std_error if tested else np.nan
    return {
        **dict(zip(study.by, key, strict=True)),
        "term": term,
        "estimate": estimate,
        "std_error": std_error,
        "statistic": z,
        "p_value": 2 * float(ndtr(-abs(z))),
        "conf_low": estimate - half,
        "conf_high": estimate + half,
    }
