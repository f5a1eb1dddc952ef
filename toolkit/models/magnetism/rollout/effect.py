"""The effect of a programme that regions adopt in different years."""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from scipy import special

from toolkit.errors import ColumnError, DataError, ModelError, OptionError, did_you_mean
from toolkit.models import ratios
from toolkit.models.magnetism.rollout.estimators import ESTIMATORS, Effects, estimate
from toolkit.models.magnetism.rollout.inference import jackknife, simultaneous_quantile
from toolkit.models.magnetism.rollout.result import RolloutResult
from toolkit.models.magnetism.units import refuse_nation
from toolkit.models.ratios.paths import Floats
from toolkit.results import check_conf_level
from toolkit.schema import require_columns
from toolkit.tables import as_pandas

__all__ = ["Inference", "Method", "rollout_effect"]

Method = Literal["callaway_santanna", "sun_abraham", "two_stage", "stacked", "two_way", "all"]
Inference = Literal["analytic", "jackknife"]

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
    inference : {"analytic", "jackknife"}, optional
        Errors of the estimator, or from leaving one cluster out at a time (CR3 up to centring),
        which hold with few clusters. If None, the jackknife with fewer than 50 clusters.
    conf_level : float
        Level of the intervals and bands, from t with clusters minus one.

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
    sample, notes = _sample(
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
        rows += _rows(name, effects, dynamic_error, clusters=clusters, level=level)
        leading = effects.covariance if name == names[0] else leading
    if "stacked" in names and errors == "analytic" and cluster is not None:
        notes.append(f"stacked: errors by {unit!r}; the estimator takes no other clusters.")
    notes.append(
        f"Errors from leaving one of {clusters} clusters out at a time."
        if errors == "jackknife"
        else f"Errors of the estimators, clusters by {cluster or unit!r}: {clusters}."
    )
    return RolloutResult(
        title=f"Effect of adoption on {outcome}",
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
        said.append(f"{name}: its errors pass over {found.left_out} clusters without an answer.")
    alone = int(np.isnan(np.diag(found.effects.covariance)).sum())
    if alone:
        said.append(f"{name}: {alone} effects by year rest on one cluster and have no error.")
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


def _sample(
    table: pd.DataFrame, *, outcome: str, unit: str, time: str, adopted: str, cluster: str | None
) -> tuple[pd.DataFrame, list[str]]:
    """Return the balanced sample that all estimators share, and what was left out of it."""
    require_columns(table, [outcome, unit, time, adopted, *([cluster] if cluster else [])])
    for name in (outcome, time, adopted):
        if not pd.api.types.is_numeric_dtype(table[name]):
            raise ColumnError(
                f"Column {name!r} is a number in each row; it holds {table[name].dtype}. "
                "Give years as whole numbers, and outcomes as numbers."
            )
    refuse_nation(table[unit])
    panel = pd.DataFrame(
        {
            "unit": table[unit].astype(str),
            "time": table[time].to_numpy(np.float64, na_value=np.nan),
            "outcome": table[outcome].to_numpy(np.float64, na_value=np.nan),
            "first": _years(table[adopted]),
            "cluster": table[cluster or unit].astype(str),
        }
    )
    _refuse_contradictions(panel, unit=unit, time=time, adopted=adopted)
    notes = []
    panel = panel.dropna(subset=["time"])
    first_year, last_year = panel["time"].min(), panel["time"].max()
    panel.loc[panel["first"] > last_year, "first"] = 0.0
    always = panel.loc[(panel["first"] > 0) & (panel["first"] <= first_year), "unit"].unique()
    if len(always):
        notes.append(
            f"{len(always)} left out, since they adopt in the first year or before: "
            f"{', '.join(always[:8])}."
        )
    usable = panel[np.isfinite(panel["outcome"]) & ~panel["unit"].isin(always)]
    years = usable["time"].nunique()
    whole = usable.groupby("unit")["time"].transform("size") == years
    gaps = usable.loc[~whole, "unit"].unique()
    if len(gaps):
        notes.append(
            f"{len(gaps)} left out, since they lack a year (the sample is balanced): "
            f"{', '.join(gaps[:8])}."
        )
    sample = usable[whole].sort_values(["unit", "time"], ignore_index=True)
    _require_both(sample)
    return sample, notes


def _years(values: pd.Series[Any]) -> Floats:
    years = values.to_numpy(np.float64, na_value=np.nan)
    return np.where(np.isfinite(years), years, 0.0)


def _refuse_contradictions(panel: pd.DataFrame, *, unit: str, time: str, adopted: str) -> None:
    years = panel.groupby("unit")["first"].nunique()
    if (years > 1).any():
        raise DataError(
            f"Column {adopted!r} changes within {unit} {years.index[years > 1][0]!r}. Give one "
            "year of adoption for each, in all its rows."
        )
    twice = panel[panel.duplicated(["unit", "time"])]
    if len(twice):
        row = twice.iloc[0]
        raise DataError(
            f"{unit} {row['unit']!r} has more than one row in {time} {row['time']:g}. "
            "Keep one row for each."
        )
    homes = panel.groupby("unit")["cluster"].nunique()
    if (homes > 1).any():
        raise DataError(
            f"{unit} {homes.index[homes > 1][0]!r} lies in more than one cluster. "
            "Clusters hold whole units."
        )


def _require_both(sample: pd.DataFrame) -> None:
    adopters = int(sample.loc[sample["first"] > 0, "unit"].nunique())
    never = int(sample.loc[sample["first"] == 0, "unit"].nunique())
    if adopters == 0 or never == 0:
        raise ModelError(
            f"A rollout needs units that adopt within the years and units that never do; the "
            f"balanced sample has {adopters} and {never}. Check the years of adoption."
        )


def _check_option(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise OptionError(
            f"{name} is one of {', '.join(map(repr, choices))}; got {value!r}."
            f"{did_you_mean(value, choices)}"
        )
