"""The test of proportional hazards by Schoenfeld residuals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from toolkit.language import say
from toolkit.models.curves import EVENT, Floats, aalen_johansen, chi_square_tail, risk_sets
from toolkit.models.hazards import CoxFit
from toolkit.models.survival.design import Design
from toolkit.models.survival.study import check_choice
from toolkit.results import Prose, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Proportionality", "proportionality_test"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Proportionality(Result):
    """Chi-square per covariate and for all; `fitted` holds the scaled residuals by month."""

    def sentence(self) -> Prose:
        """Return the test of all covariates together."""
        row = self.terms.iloc[-1]
        p = (
            "p < 0.001"
            if row["p_value"] < 0.001
            else say("p = {p_value:.3f}", p_value=row["p_value"])
        )
        verdict = "do not stay the same" if row["p_value"] < 0.05 else "may stay the same"
        return Prose(
            say(
                "The hazard ratios {verdict} over time ({p} for all covariates together).",
                verdict=verdict,
                p=p,
            )
        )

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the scaled residuals of the covariate that drifts most, with their trend."""
        from toolkit import figures

        worst = self.terms.iloc[:-1].sort_values("p_value")["term"].iloc[0]
        rows = self.augment()
        return figures.trend(
            rows[rows["term"] == worst],
            x="age",
            y="coefficient",
            size="events",
            x_label="months",
            y_label=say("coefficient of {worst}", worst=worst),
            title=self.title,
            ax=ax,
        )


def proportionality_test(
    fit: CoxFit,
    design: Design,
    *,
    transform: Literal["km", "identity", "log", "rank"],
    level: float,
) -> Proportionality:
    r"""Test :math:`\beta(t) = \beta + \theta g(t)` by the score of :math:`\theta = 0`.

    References
    ----------
    Grambsch and Therneau (1994), Biometrika 81, 515-526, as a score test with the information of
    each event time.
    """
    check_choice("transform", transform, ("km", "identity", "log", "rank"))
    g = _transformed(fit, design, transform)
    g = g - np.average(g, weights=np.maximum(_events(fit, design), 1e-12))
    inner = fit.spread.sum(axis=0)
    cross = np.einsum("k,kij->ij", g, fit.spread)
    outer = np.einsum("k,kij->ij", g**2, fit.spread)
    score = g @ fit.residuals
    explained = np.linalg.solve(inner, cross)
    rest = outer - cross @ explained
    rows = [
        _row(name, float(score[place] ** 2 / rest[place, place]), 1)
        for place, name in enumerate(design.names)
    ]
    rows.append(_row("all", float(score @ np.linalg.solve(rest, score)), len(score)))
    return Proportionality(
        title="Test of proportional hazards",
        unit="chi-square",
        terms=pd.DataFrame(rows),
        facts={"transform": transform, "rows": len(design.x)},
        conf_level=level,
        fitted=_residuals(fit, design),
    )


def _row(term: str, statistic: float, degrees: int) -> dict[str, object]:
    return {
        "term": term,
        "estimate": statistic,
        "std_error": np.nan,
        "statistic": statistic,
        "p_value": chi_square_tail(statistic, degrees),
        "conf_low": np.nan,
        "conf_high": np.nan,
        "df": degrees,
    }


def _events(fit: CoxFit, design: Design) -> Floats:
    died = design.outcome == EVENT
    strata = np.zeros(len(died), np.intp) if design.strata is None else design.strata
    counts = pd.Series(1.0, [strata[died], design.duration[died]]).groupby(level=[0, 1]).sum()
    keys = pd.MultiIndex.from_arrays([fit.stratum.astype(np.intp), fit.time])
    return np.asarray(counts.reindex(keys), dtype=float)


def _transformed(fit: CoxFit, design: Design, transform: str) -> Floats:
    if transform == "identity":
        return fit.time
    if transform == "log":
        return np.asarray(np.log(np.maximum(fit.time, 1e-9)))
    if transform == "rank":
        return np.asarray(np.searchsorted(np.unique(fit.time), fit.time) + 1.0)
    sets = risk_sets(design.duration, (design.outcome == EVENT).astype(int), entry=design.entry)
    survival = aalen_johansen(sets).survival
    before = np.concatenate([[1.0], survival])[np.searchsorted(sets.time, fit.time)]
    return np.asarray(1 - before, dtype=float)


def _residuals(fit: CoxFit, design: Design) -> pd.DataFrame:
    events = _events(fit, design)
    moved = fit.residuals / events[:, None]
    scaled = fit.coefficients + moved @ fit.covariance * events.sum()
    return pd.concat(
        [
            pd.DataFrame(
                {"term": name, "age": fit.time, "coefficient": scaled[:, place], "events": events}
            )
            for place, name in enumerate(design.names)
        ],
        ignore_index=True,
    )
