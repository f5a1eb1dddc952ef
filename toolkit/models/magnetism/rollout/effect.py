"""The effect of a programme that regions adopt in different years."""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from scipy import special

from toolkit.errors import ModelError, OptionError, did_you_mean
from toolkit.language import say
from toolkit.models import ratios
from toolkit.models.magnetism.rollout.estimators import ESTIMATORS, Effects, estimate
from toolkit.models.magnetism.rollout.inference import (
    jackknife,
    simultaneous_quantile,
    wild_bootstrap,
)
from toolkit.models.magnetism.rollout.regressions import REGRESSIONS
from toolkit.models.magnetism.rollout.result import RolloutResult
from toolkit.models.magnetism.rollout.sample import balanced_sample
from toolkit.results import check_conf_level
from toolkit.tables import as_pandas

__all__ = ["Inference", "Method", "rollout_effect"]

Method = Literal["callaway_santanna", "sun_abraham", "two_stage", "stacked", "two_way", "all"]
Inference = Literal["analytic", "jackknife", "wild"]

FEW_CLUSTERS = 50


def rollout_effect(
    panel: Any,
    *,
    outcome: str,
    unit: str,
    time: str,
    adopted: str,
    method: Method = "callaway_santanna",
    cluster: str | None = None,
    inference: Inference | None = None,
    conf_level: float = 0.95,
    random_state: int = 0,
) -> RolloutResult:
    """Estimate the effect of a programme that regions adopt in different years.

    Each estimator compares adopters' change with that of regions that never adopt, and all run on
    one balanced sample:

    - ``"callaway_santanna"``: effects by cohort and year, averaged over adopters' years.
    - ``"sun_abraham"``: regression with cohort by year effects, averaged likewise.
    - ``"two_stage"``: Gardner's; effects of regions and years from the years without programme.
    - ``"stacked"``: each cohort beside its clean controls in a window of equal length.
    - ``"two_way"``: one coefficient with effects of regions and years; biased where effects
      change with time since adoption, and given for comparison.
    - ``"all"``: all five, the first one leading.

    Parameters
    ----------
    panel : frame or path
        One row per region and year.
    outcome, unit, time : str
        Columns: the outcome (a logarithm, if effects are to be relative), region, year.
    adopted : str
        Column with the region's year of adoption; missing or 0 where it never adopts.
    method : str
        One of those above.
    cluster : str, optional
        Column of clusters, each region within one; the regions themselves, if not given.
    inference : {"analytic", "jackknife", "wild"}, optional
        Errors of the estimator, or from leaving one cluster out at a time (CR3 up to centring),
        which hold with few clusters; ``"wild"`` has the jackknife's errors and bands, and p
        values and intervals of the wild cluster bootstrap (null imposed, 9,999 draws) where the
        estimator is a regression, which ``"callaway_santanna"`` and the effects before adoption
        of ``"two_stage"`` are not. If None, the jackknife with fewer than 50 clusters.
    conf_level : float
        Level of the intervals and bands, from t with clusters minus one.
    random_state : int
        Seed of the wild cluster bootstrap.

    Returns
    -------
    RolloutResult
        Tidy rows per ``method``: ``"overall"`` (mean over adopters and their years),
        ``"dynamic"`` (mean over years since adoption) and one ``"event"`` per year since
        adoption (``event_time``, with simultaneous ``band_low`` and ``band_high``). Also
        ``event_study()``, ``pre_trend()``, ``bacon_weights()``, ``honest()``.

    Raises
    ------
    ColumnError, OptionError
        If a column or an option is not there.
    DataError
        If a region's year of adoption changes, a cell occurs twice, or the nation stands among
        its provinces.
    ModelError
        If no region adopts within the years, or none never does.

    References
    ----------
    Callaway, B. and Sant'Anna, P. H. C. (2021). Difference-in-differences with multiple time
        periods. Journal of Econometrics 225, 200-230.

    Sun, L. and Abraham, S. (2021). Estimating dynamic treatment effects in event studies with
        heterogeneous treatment effects. Journal of Econometrics 225, 175-199.

    Gardner, J. (2022). Two-stage differences in differences. arXiv:2207.05943.

    Cameron, A. C., Gelbach, J. B. and Miller, D. L. (2008). Bootstrap-based improvements for
        inference with clustered errors. Review of Economics and Statistics 90, 414-427.

    Wooldridge, J. M. (2021). Two-way fixed effects, the two-way Mundlak regression, and
        difference-in-differences estimators. SSRN 3906345.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [
    ...     (region, year, 2.0 * (adopts > 0 and year >= adopts) + 0.1 * year + place)
    ...     for place, (region, adopts) in enumerate({"a": 2, "b": 3, "c": 0, "d": 0}.items())
    ...     for year in range(1, 5)
    ... ]
    >>> panel = pd.DataFrame(rows, columns=["region", "year", "bank"])
    >>> panel["start"] = panel["region"].map({"a": 2, "b": 3})
    >>> effect = rollout_effect(
    ...     panel, outcome="bank", unit="region", time="year", adopted="start", inference="analytic"
    ... )
    >>> round(float(effect.tidy()["estimate"].iloc[0]), 10)
    2.0
    """
    level = check_conf_level(conf_level)
    _check_option("method", method, get_args(Method))
    if inference is not None:
        _check_option("inference", inference, get_args(Inference))
    if inference == "wild" and method not in (*REGRESSIONS, "all"):
        raise OptionError(
            f"inference='wild' is for the estimators that are regressions: "
            f"{', '.join(REGRESSIONS)}; got method={method!r}. Take inference='jackknife'."
        )
    sample, notes = balanced_sample(
        as_pandas(panel), outcome=outcome, unit=unit, time=time, adopted=adopted, cluster=cluster
    )
    clusters = int(sample["cluster"].nunique())
    errors = inference or ("jackknife" if clusters < FEW_CLUSTERS else "analytic")
    names = list(ESTIMATORS) if method == "all" else [method]
    rows: list[dict[str, Any]] = []
    leading = np.empty((0, 0))
    for name in names:
        effects, dynamic_error, said = _with_errors(name, sample, errors)
        notes += said
        table = _rows(name, effects, dynamic_error, clusters=clusters, level=level)
        if errors == "wild" and name in REGRESSIONS:
            table = _with_wild(name, sample, table, level=level, random_state=random_state)
        rows += table
        leading = effects.covariance if name == names[0] else leading
    if "stacked" in names and errors == "analytic" and cluster is not None:
        notes.append(
            say("stacked: errors by {unit!r}; the estimator takes no other clusters.", unit=unit)
        )
    notes.append(
        say(
            "Errors of the estimators, clusters by {cluster!r}: {clusters}.",
            cluster=cluster or unit,
            clusters=clusters,
        )
        if errors == "analytic"
        else say("Errors from leaving one of {clusters} clusters out at a time.", clusters=clusters)
    )
    if errors == "wild":
        notes.append(
            "P values and intervals from the wild cluster bootstrap with the null imposed, but "
            "for callaway_santanna and for the effects before adoption of two_stage."
        )
    return RolloutResult(
        title=say("Effect of adoption on {outcome}", outcome=outcome),
        unit=f"units of {outcome}",
        terms=pd.DataFrame(rows),
        facts={
            "rows": len(sample),
            "units": int(sample["unit"].nunique()),
            "adopters": int(sample.loc[sample["first"] > 0, "unit"].nunique()),
            "clusters": clusters,
            "inference": errors,
            "method": method,
        },
        conf_level=level,
        notes=tuple(notes),
        panel=sample,
        covariance=leading,
    )


def _with_errors(name: str, sample: pd.DataFrame, errors: str) -> tuple[Effects, float, list[str]]:
    try:
        effects = estimate(name, sample)
    except (ValueError, np.linalg.LinAlgError) as error:
        raise ModelError(f"{name} has no answer on this panel: {error}") from error
    if errors == "analytic":
        return effects, effects.dynamic_error, []
    found = jackknife(name, sample, effects)
    said = []
    if found.left_out:
        said.append(
            say(
                "{name}: its errors pass over {left_out} clusters without an answer.",
                name=name,
                left_out=found.left_out,
            )
        )
    alone = int(np.isnan(np.diag(found.effects.covariance)).sum())
    if alone:
        said.append(
            say(
                "{name}: {alone} effects by year rest on one cluster and have no error.",
                name=name,
                alone=alone,
            )
        )
    return found.effects, found.dynamic_error, said


def _rows(
    name: str, effects: Effects, dynamic_error: float, *, clusters: int, level: float
) -> list[dict[str, Any]]:
    degrees = clusters - 1
    reach = ratios.t_quantile(level, degrees)

    def row(term: str, value: float, error: float, event: float, band: float) -> dict[str, Any]:
        statistic = value / error if error > 0 else np.nan
        return {
            "method": name,
            "term": term,
            "estimate": value,
            "std_error": error,
            "statistic": statistic,
            "p_value": float(2 * special.stdtr(degrees, -abs(statistic))),
            "conf_low": value - reach * error,
            "conf_high": value + reach * error,
            "event_time": event,
            "band_low": value - band * error,
            "band_high": value + band * error,
        }

    table = [row("overall", effects.overall, effects.std_error, np.nan, np.nan)]
    if not len(effects.events):
        return table
    table.append(row("dynamic", effects.dynamic, dynamic_error, np.nan, np.nan))
    band = simultaneous_quantile(effects.covariance, conf_level=level, degrees=degrees)
    each = np.sqrt(np.diag(effects.covariance))
    table += [
        row("event", float(value), float(error), float(event), band)
        for event, value, error in zip(effects.events, effects.effects, each, strict=True)
    ]
    return table


def _with_wild(
    name: str,
    sample: pd.DataFrame,
    rows: list[dict[str, Any]],
    *,
    level: float,
    random_state: int,
) -> list[dict[str, Any]]:
    """Put p values and intervals of the wild cluster bootstrap in place of those from t."""
    found = wild_bootstrap(name, sample, conf_level=level, random_state=random_state)
    changed = []
    for row in rows:
        event = None if np.isnan(row["event_time"]) else row["event_time"]
        wild = found.get((row["term"], event))
        said = (
            {}
            if wild is None
            else {"p_value": wild.p_value, "conf_low": wild.conf_low, "conf_high": wild.conf_high}
        )
        changed.append({**row, **said})
    return changed


def _check_option(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise OptionError(
            f"{name} is one of {', '.join(map(repr, choices))}; got {value!r}."
            f"{did_you_mean(value, choices)}"
        )
