"""Survival curves: the share that has not yet reached the event, by age."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.special import ndtri

from toolkit.errors import ModelError, OptionError
from toolkit.language import say
from toolkit.models.curves import (
    Floats,
    Incidence,
    Interval,
    RiskSets,
    aalen_johansen,
    band_critical_value,
    interval_names,
    limits,
)
from toolkit.models.survival.assumed import count_columns, curve_notes, size_facts, whole
from toolkit.models.survival.curve_result import SurvivalCurve
from toolkit.models.survival.spells import read_study
from toolkit.models.survival.study import Exits, check_choice
from toolkit.models.survival.variance import recoded, robust_variance, seen_as
from toolkit.results import check_conf_level

__all__ = ["survival_curve"]

# Nair's range: nearer to the ends the normal approximation of a band is too narrow.
BAND_RANGE = (0.05, 0.95)


def survival_curve(
    milestones: Any,
    *,
    exits: Exits,
    by: str | Sequence[str] | None = None,
    conf_level: float = 0.95,
    interval: Interval = "log-log",
    bands: Literal["pointwise", "simultaneous"] = "pointwise",
    entry: Literal["use", "ignore"] = "use",
    cluster: str | None = None,
    weights: str | None = None,
    event: str | None = None,
) -> SurvivalCurve:
    r"""Estimate the share that has not yet reached the event, by age (Kaplan and Meier).

    .. math:: \hat S(t) = \prod_{t_k \le t} (1 - d_k / r_k)

    with :math:`d_k` events among :math:`r_k` at risk just before :math:`t_k`; at ties, events
    come before censoring.

    Parameters
    ----------
    milestones : frame or path
        Spells, one row each: ``duration`` (months from start to the end of the spell), ``outcome``
        (``production``, ``exit`` or ``censored``), ``entry`` (months from start until the unit
        came under observation; optional). Or counts: ``age`` (months), ``at_risk`` just before
        it, ``events``, and optionally ``exits``, ``censored`` and ``cohort`` (pooled).
    exits : {"censor", "compete"}
        What becomes of a unit that was abandoned. ``"censor"``: as if it would go on like those
        that stay, which understates the curve where the abandoned would never have got there.
        ``"compete"``: its exit is an end too, and the curve is the share still under way; for
        the share in production use :func:`cumulative_incidence`.
    by : str or sequence of str, optional
        Columns that make groups.
    conf_level : float
        Level of the intervals.
    interval : {"log-log", "log", "plain", "logit", "arcsine", "wilson"}
        Scale of the intervals. R's ``survfit`` uses ``"log"`` unless told otherwise.
    bands : {"pointwise", "simultaneous"}
        Whether the level holds at each age, or for the whole curve at once (equal precision, on
        any scale but ``wilson``; without its outermost ends, which have no limits then).
    entry : {"use", "ignore"}
        Whether units seen only from some age on join the risk set at that age.
    cluster : str, optional
        Column of clusters; the variance is then robust to dependence within them.
    weights : str, optional
        Column of weights; the variance is then robust as well.
    event : str, optional
        What the event is, in words, for sentences and figures.

    Returns
    -------
    SurvivalCurve
        One row per group and age: ``age``, the fixed columns, ``at_risk events exits censored``.

    Raises
    ------
    OptionError
        If an option is none of its choices.
    ColumnError, DataError
        If the table lacks a column or has values that cannot be meant.

    References
    ----------
    Kaplan and Meier (1958), Journal of the American Statistical Association 53, 457-481.
    Nair (1984), Technometrics 26, 265-275, for simultaneous bands.

    Examples
    --------
    >>> import pandas as pd
    >>> counts = pd.DataFrame(
    ...     {"age": [3, 6, 9], "at_risk": [100, 90, 60], "events": [10, 30, 6], "exits": 0}
    ... )
    >>> curve = survival_curve(counts, exits="censor")
    >>> curve.tidy()["estimate"].tolist()
    [0.9, 0.6, 0.54]
    """
    check_choice("exits", exits, ("censor", "compete"))
    check_choice("interval", interval, interval_names)
    check_choice("bands", bands, ("pointwise", "simultaneous"))
    level = check_conf_level(conf_level)
    if bands == "simultaneous" and interval == "wilson":
        raise OptionError(
            "A simultaneous band is built on a scale of the curve; interval='wilson' has none. "
            "Use interval='log-log'."
        )
    study = read_study(milestones, by=by, cluster=cluster, weights=weights, entry=entry)
    frames, sets_by_key = [], {}
    for group in study.groups:
        counted = group.risk_sets()
        sets = seen_as(counted, exits)
        fit = aalen_johansen(sets)
        variance = robust_variance(study, group, sets, recoded(group.outcome, exits))
        if variance is None:
            variance = fit.survival_variance
        columns = _columns(sets, fit, variance, level=level, interval=interval, bands=bands)
        names = dict(zip(study.by, group.key, strict=True))
        frames.append(
            pd.DataFrame(
                {
                    **names,
                    "age": whole(sets.time),
                    "term": "survival",
                    **columns,
                    **count_columns(counted),
                }
            )
        )
        sets_by_key[group.key] = counted
    named = event or ("production" if study.source == "spells" else "the event")
    what = f"not yet at {named}" if exits == "censor" else "still under way"
    return SurvivalCurve(
        title=say("Survival: share {what} by age", what=what),
        unit=f"share {what}",
        terms=pd.concat(frames, ignore_index=True),
        facts=size_facts(study, sets_by_key, exits=exits) | {"interval": interval, "bands": bands},
        conf_level=level,
        notes=curve_notes(study, sets_by_key, exits=exits, bands=bands),
        event=named if exits == "censor" else say("{named} or an exit", named=named),
    )


def _columns(
    sets: RiskSets,
    fit: Incidence,
    variance: Floats,
    *,
    level: float,
    interval: Interval,
    bands: str,
) -> dict[str, Any]:
    std_error = np.sqrt(variance)
    critical = float(ndtri((1 + level) / 2))
    within = np.ones(len(sets.time), dtype=bool)
    if bands == "simultaneous":
        critical, within = _simultaneous(sets, fit, variance, level)
    low, high = limits(
        fit.survival, std_error, interval=interval, critical=critical, at_risk=sets.at_risk
    )
    return {
        "estimate": fit.survival,
        "std_error": std_error,
        "statistic": np.nan,
        "p_value": np.nan,
        "conf_low": np.where(within, low, np.nan),
        "conf_high": np.where(within, high, np.nan),
    }


def _simultaneous(
    sets: RiskSets, fit: Incidence, variance: Floats, level: float
) -> tuple[float, Any]:
    mass = np.full(len(sets.time), np.nan)
    falling = (fit.survival > 0) & (fit.survival < 1)
    mass[falling] = sets.at_risk.max() * variance[falling] / fit.survival[falling] ** 2
    share = mass / (1 + mass)
    within = (share >= BAND_RANGE[0]) & (share <= BAND_RANGE[1])
    if within.sum() < 2:
        raise ModelError(
            "A simultaneous band needs two ages between which the curve falls; "
            f"there are {int(within.sum())}. Use bands='pointwise'."
        )
    edges = share[within]
    return band_critical_value(float(edges.min()), float(edges.max()), level=level), within
