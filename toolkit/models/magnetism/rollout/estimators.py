"""Five estimators of a staggered adoption, each giving the same small answer.

The panel has the columns ``unit``, ``time``, ``outcome``, ``first`` (0 where never) and
``cluster``. diff-diff does the estimation; two-way fixed effects are plain least squares.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from toolkit.models.magnetism.rollout.regressions import windows
from toolkit.models.panels import codes_of, within_fit
from toolkit.models.panels.covariance import clustered
from toolkit.models.ratios.paths import Floats

__all__ = ["ESTIMATORS", "Effects", "estimate", "universal_event_study"]

COLUMNS = {"outcome": "outcome", "unit": "unit", "time": "time", "first_treat": "first"}


@dataclass(frozen=True, kw_only=True, eq=False)
class Effects:
    """The effect over all adopters' years, and by years since adoption where there is one.

    ``covariance`` belongs to ``events``; it is diagonal where the estimator gives errors alone.
    """

    overall: float
    std_error: float
    events: Floats
    effects: Floats
    covariance: Floats

    @property
    def dynamic(self) -> float:
        """Mean of the effects from the year of adoption on, each year with the same weight."""
        after = self.events >= 0
        return float(self.effects[after].mean()) if after.any() else float("nan")

    @property
    def dynamic_error(self) -> float:
        """Standard error of the mean over the years from adoption on."""
        after = (self.events >= 0).astype(float)
        if not after.any():
            return float("nan")
        weights = after / after.sum()
        return float(np.sqrt(weights @ self.covariance @ weights))


def estimate(method: str, panel: pd.DataFrame) -> Effects:
    """Return the answer of one of :data:`ESTIMATORS`, warnings of the library kept silent."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return ESTIMATORS[method](panel)


def universal_event_study(panel: pd.DataFrame) -> Any:
    """Return diff-diff's event study with the year before adoption as base for all years."""
    import diff_diff

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        model = diff_diff.CallawaySantAnna(base_period="universal", cluster=_cluster(panel))
        return model.fit(panel, **COLUMNS).aggregate("event_study")


def _callaway_santanna(panel: pd.DataFrame) -> Effects:
    import diff_diff

    model = diff_diff.CallawaySantAnna(control_group="never_treated", cluster=_cluster(panel))
    fit = model.fit(panel, **COLUMNS)
    return _from_table(fit, fit.aggregate("event_study"))


def _sun_abraham(panel: pd.DataFrame) -> Effects:
    import diff_diff

    fit = diff_diff.SunAbraham(cluster=_cluster(panel) or "unit").fit(panel, **COLUMNS)
    found = fit.event_study_effects
    events = np.array(list(fit.event_study_vcov_index), dtype=np.float64)
    return Effects(
        overall=float(fit.overall_att),
        std_error=float(fit.overall_se),
        events=events,
        effects=np.array([found[event]["effect"] for event in events]),
        covariance=np.asarray(fit.event_study_vcov, dtype=np.float64),
    )


def _two_stage(panel: pd.DataFrame) -> Effects:
    import diff_diff

    fit = diff_diff.TwoStageDiD(pretrends=True, cluster=_cluster(panel)).fit(panel, **COLUMNS)
    return _from_table(fit, fit.aggregate("event_study"))


def _stacked(panel: pd.DataFrame) -> Effects:
    import diff_diff

    before, after = windows(panel)
    fit = diff_diff.StackedDiD(kappa_pre=before, kappa_post=after).fit(panel, **COLUMNS)
    return _from_table(fit, fit.aggregate("event_study"))


def _two_way(panel: pd.DataFrame) -> Effects:
    since = (panel["first"] > 0) & (panel["time"] >= panel["first"])
    adopted = since.to_numpy().astype(np.float64)
    units, times = codes_of(panel["unit"]), codes_of(panel["time"])
    clusters = codes_of(panel["cluster"])
    fit = within_fit(panel["outcome"].to_numpy(np.float64), adopted[:, None], [units, times])
    covariance = clustered(
        fit.scores, fit.bread, [clusters], rank=fit.rank_beside([clusters]), small=True
    )
    none = np.empty(0)
    return Effects(
        overall=float(fit.coefficients[0]),
        std_error=float(np.sqrt(covariance[0, 0])),
        events=none,
        effects=none,
        covariance=np.empty((0, 0)),
    )


def _from_table(fit: Any, study: Any) -> Effects:
    table = study.to_dataframe()
    table = table[~table["is_reference"] & table["att"].notna()]
    events = table["event_time"].to_numpy(np.float64)
    errors = table["se"].to_numpy(np.float64)
    covariance = np.diag(errors**2)
    if study.vcov is not None:
        index = {float(event): place for place, event in enumerate(study.vcov_index)}
        places = [index[event] for event in events]
        covariance = np.asarray(study.vcov, dtype=np.float64)[np.ix_(places, places)]
    return Effects(
        overall=float(fit.overall_att),
        std_error=float(fit.overall_se),
        events=events,
        effects=table["att"].to_numpy(np.float64),
        covariance=covariance,
    )


def _cluster(panel: pd.DataFrame) -> str | None:
    return None if (panel["cluster"] == panel["unit"]).all() else "cluster"


ESTIMATORS: dict[str, Callable[[pd.DataFrame], Effects]] = {
    "callaway_santanna": _callaway_santanna,
    "sun_abraham": _sun_abraham,
    "two_stage": _two_stage,
    "stacked": _stacked,
    "two_way": _two_way,
}
