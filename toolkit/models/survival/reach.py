"""The share in production by a horizon, with a test of a claimed share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from scipy.special import ndtri

from toolkit.errors import ModelError, OptionError
from toolkit.language import say
from toolkit.models.curves import (
    Interval,
    RiskSets,
    aalen_johansen,
    interval_names,
    limits,
    z_score,
)
from toolkit.models.survival.assumed import curve_notes, share_text, size_facts, whole
from toolkit.models.survival.curve_result import shorten
from toolkit.models.survival.spells import read_study
from toolkit.models.survival.study import Exits, Group, Study, check_choice
from toolkit.models.survival.variance import recoded, robust_variance
from toolkit.results import Prose, Result, check_conf_level, format_percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Reach", "check_months", "reach"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Reach(Result):
    """Share in production by a horizon, one row per group."""

    estimate_label = "share"

    def sentence(self) -> Prose:
        """Return the share with its interval, what became of exits, and the claim beside it."""
        months, claim = self.facts["months"], self.facts.get("claim")
        texts = []
        for _, row in self.terms.iterrows():
            name = say(", ").join(str(row[column]) for column in self.groups)
            share = share_text(row["estimate"], row["conf_low"], row["conf_high"], self.conf_level)
            text = say("{name}: {share}", name=name, share=share) if name else share
            texts.append(text + self._verdict(row["p_value"], claim))
        how = "exits censored" if self.facts["exits"] == "censor" else "exits competing"
        return Prose(
            say(
                "In production within {months:g} months, {how}: {texts} ({rows:,} {source}).",
                months=months,
                how=how,
                texts=shorten(texts),
                rows=self.facts["rows"],
                source=self.facts["source"],
            )
        )

    def key_figures(self) -> dict[str, str]:
        """Return the share with its interval, where there is one group."""
        if self.groups:
            return {}
        row = self.terms.iloc[0]
        share = share_text(row["estimate"], row["conf_low"], row["conf_high"], self.conf_level)
        return {
            say("share in production within {months:g} months", months=self.facts["months"]): share
        }

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the shares with their intervals, and the claim as a line."""
        from toolkit import figures

        names = list(self.groups) or ["term"]
        labels = self.terms[names].astype(str).agg(", ".join, axis=1)
        claim = self.facts.get("claim")
        return figures.intervals(
            self.terms.assign(label=labels),
            label="label",
            axis=self.unit,
            title=self.title,
            reference=None
            if claim is None
            else (claim, say("claimed {claim}", claim=format_percent(claim))),
            ax=ax,
        )

    def _verdict(self, p_value: float, claim: float | None) -> str:
        if claim is None or np.isnan(p_value):
            return ""
        p = "p < 0.001" if p_value < 0.001 else say("p = {p_value:.3f}", p_value=p_value)
        found = "differs from" if p_value < 1 - self.conf_level else "does not differ from"
        return say(
            ", which {found} the claimed {claim} ({p})",
            found=found,
            claim=format_percent(claim),
            p=p,
        )


def reach(
    milestones: Any,
    *,
    months: float,
    exits: Exits,
    by: str | Sequence[str] | None = None,
    conf_level: float = 0.95,
    interval: Interval = "log-log",
    claim: float | None = None,
    entry: Literal["use", "ignore"] = "use",
    cluster: str | None = None,
    weights: str | None = None,
) -> Reach:
    r"""Estimate the share in production within a number of months.

    ``exits="censor"`` gives :math:`1 - \hat S(h)` of the survival curve, ``exits="compete"`` the
    cumulative incidence :math:`\hat F_1(h)`, in which a unit that left stays out of production.

    Parameters
    ----------
    milestones : frame or path
        Spells or counts, as for :func:`survival_curve`.
    months : float
        The horizon; production in that month still counts.
    exits : {"censor", "compete"}
        What becomes of a unit that was abandoned; the first overstates success where such units
        would not have got there.
    interval : {"log-log", "log", "plain", "logit", "arcsine", "wilson"}
        Scale of the interval, applied to the share not in production. ``"wilson"`` also has
        limits where nobody, or everybody, got there.
    claim : float, optional
        A claimed share, tested on the scale of the interval: rejected exactly where it lies
        outside of it.
    by, conf_level, entry, cluster, weights
        As for :func:`survival_curve`.

    Returns
    -------
    Reach
        One row per group; ``at_risk`` at the horizon and ``events exits censored`` until then
        stand behind the fixed columns.

    Raises
    ------
    ModelError
        If no group is observed as long as the horizon.
    OptionError
        If `months` or `claim` cannot be meant.

    References
    ----------
    Borgan and Liestøl (1990), Scandinavian Journal of Statistics 17, 35-41; Klein, Logan, Harhoff
    and Andersen (2007), Statistics in Medicine 26, 4505-4519.

    Examples
    --------
    >>> import pandas as pd
    >>> spells = pd.DataFrame(
    ...     {"duration": [2, 3, 3, 5], "outcome": ["production", "exit", "production", "censored"]}
    ... )
    >>> reach(spells, months=4, exits="compete").tidy()["estimate"].tolist()
    [0.5]
    """
    check_choice("exits", exits, ("censor", "compete"))
    check_choice("interval", interval, interval_names)
    horizon, level = check_months(months), check_conf_level(conf_level)
    if claim is not None and not 0 < claim < 1:
        raise OptionError(f"claim is a share, a fraction between 0 and 1; got {claim:g}.")
    study = read_study(milestones, by=by, cluster=cluster, weights=weights, entry=entry)
    sets_by_key = {group.key: group.risk_sets() for group in study.groups}
    rows, short = [], []
    for group in study.groups:
        sets = sets_by_key[group.key]
        row = _row(study, group, sets, horizon, exits=exits, interval=interval, level=level)
        if claim is not None:
            z, p = z_score(1 - row["estimate"], row["std_error"], 1 - claim, interval=interval)
            row |= {"statistic": -z, "p_value": p}
        if np.isnan(row["estimate"]):
            short.append(study.describe(group.key) or "all")
        rows.append(dict(zip(study.by, group.key, strict=True)) | row)
    if len(short) == len(rows):
        last = max(float(sets.time[-1]) for sets in sets_by_key.values())
        raise ModelError(
            f"The share within {horizon:g} months needs units observed as long; the longest is "
            f"observed for {last:g} months. Choose a shorter horizon."
        )
    notes = list(curve_notes(study, sets_by_key, exits=exits))
    if short:
        notes.append(
            say(
                "Not observed for {horizon:g} months, hence without a share: {short}.",
                horizon=horizon,
                short=_few(short),
            )
        )
    facts = {"months": horizon, "interval": interval}
    terms = pd.DataFrame(rows)
    for name in ("at_risk", "events", "exits", "censored"):
        terms[name] = whole(terms[name].to_numpy(dtype=float))
    return Reach(
        title=say("Share in production within {horizon:g} months", horizon=horizon),
        unit="share in production",
        terms=terms,
        facts=size_facts(study, sets_by_key, exits=exits)
        | facts
        | ({} if claim is None else {"claim": claim}),
        conf_level=level,
        notes=tuple(notes),
    )


def check_months(months: float) -> float:
    """Return the horizon, or refuse one that is not a number above 0."""
    if not (months > 0 and np.isfinite(months)):
        raise OptionError(f"months is a number above 0; got {months:g}.")
    return float(months)


def _row(
    study: Study,
    group: Group,
    counted: RiskSets,
    horizon: float,
    *,
    exits: Exits,
    interval: Interval,
    level: float,
) -> dict[str, Any]:
    sets = counted.with_exits_censored() if exits == "censor" else counted
    outcome = recoded(group.outcome, "censor") if exits == "censor" else group.outcome
    fit = aalen_johansen(sets)
    last = int(np.searchsorted(sets.time, horizon, side="right")) - 1
    known = horizon <= sets.time[-1] or fit.survival[-1] == 0
    if not known:
        share = variance = np.nan
    elif last < 0:
        share = variance = 0.0
    else:
        robust = robust_variance(study, group, sets, outcome)
        share = float(fit.event[last])
        variance = float(fit.event_variance[last] if robust is None else robust[last])
    std_error = float(np.sqrt(variance))
    after = min(last + int(last < 0 or sets.time[last] < horizon), len(sets.time) - 1)
    low, high = limits(
        1 - share,
        std_error,
        interval=interval,
        critical=float(ndtri((1 + level) / 2)),
        at_risk=sets.at_risk[[after]],
    )
    done = slice(0, last + 1)
    return {
        "term": "reach",
        "estimate": share,
        "std_error": std_error,
        "statistic": np.nan,
        "p_value": np.nan,
        "conf_low": 1 - high[0],
        "conf_high": 1 - low[0],
        "at_risk": counted.at_risk[after],
        "events": counted.events[done].sum(),
        "exits": counted.exits[done].sum(),
        "censored": counted.censored[done].sum(),
    }


def _few(names: list[str]) -> str:
    more = say(" and {more} more", more=len(names) - 6) if len(names) > 6 else ""
    return say("; ").join(names[:6]) + more
