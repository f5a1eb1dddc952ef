"""Coefficients, facts and notes of a hazard regression."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from toolkit.language import say
from toolkit.models.curves import EVENT, EXIT
from toolkit.models.hazards import form_names
from toolkit.models.survival.design import Design
from toolkit.models.survival.fitted import Fitted

__all__ = ["coefficient_table", "fit_facts", "fit_notes"]

EXIT_NOTES = {
    "censor": "Exits end the time at risk: the coefficients are those of production among units "
    "still under way (cause-specific).",
    "compete": "Exits compete.",
}


def coefficient_table(design: Design, fitted: Fitted, level: float) -> pd.DataFrame:
    """Return coefficients and ratios with their limits."""
    names, estimate = list(design.names), fitted.fit.coefficients
    if fitted.model in form_names:
        names = ["Intercept", *names, "log(scale)"]
        estimate = np.append(estimate, fitted.fit.log_scale)
    std_error = np.sqrt(np.diag(fitted.covariance))[: len(names)]
    z = np.divide(estimate, std_error, out=np.full(len(names), np.nan), where=std_error > 0)
    half = float(ndtri((1 + level) / 2)) * std_error
    return pd.DataFrame(
        {
            "term": names,
            "estimate": estimate,
            "std_error": std_error,
            "statistic": z,
            "p_value": 2 * ndtr(-np.abs(z)),
            "conf_low": estimate - half,
            "conf_high": estimate + half,
            "ratio": np.exp(estimate),
            "ratio_low": np.exp(estimate - half),
            "ratio_high": np.exp(estimate + half),
        }
    )


def fit_facts(design: Design, fit: Any, model: str, exits: str, ties: str) -> dict[str, Any]:
    """Return sizes, likelihoods and what was chosen."""
    parameters = fit.covariance.shape[0]
    facts: dict[str, Any] = {
        "rows": len(design.x),
        "model": model,
        "exits": exits,
        "events": int((design.outcome == EVENT).sum()),
        "exit_count": int((design.outcome == EXIT).sum()),
        "late_entries": int((design.entry > 0).sum()),
        "log_likelihood": fit.log_likelihood,
        "parameters": parameters,
        "aic": 2 * parameters - 2 * fit.log_likelihood,
    }
    if model in ("cox", "fine_gray"):
        facts |= {"null_log_likelihood": fit.null_log_likelihood, "ties": ties}
    if design.cluster is not None:
        facts["clusters"] = int(design.cluster.max()) + 1
    if design.strata is not None:
        facts["strata"] = len(design.strata_values)
    return facts


def fit_notes(design: Design, model: str, exits: str, weights: str | None) -> tuple[str, ...]:
    """Return what a reader must know of the fit."""
    notes = []
    if (design.outcome == EXIT).any():
        cause_specific = model != "fine_gray"
        notes.append(EXIT_NOTES["censor" if cause_specific else exits])
    if late := int((design.entry > 0).sum()):
        notes.append(
            say("{late:,} rows are at risk only from their entry on (left truncation).", late=late)
        )
    if design.cluster is not None:
        clusters = int(design.cluster.max()) + 1
        warning = "; with so few, intervals are too narrow" if clusters < 30 else ""
        notes.append(
            say(
                "Standard errors allow for dependence within {clusters} clusters{warning}.",
                clusters=clusters,
                warning=warning,
            )
        )
    elif weights is not None:
        notes.append(
            say(
                "Weighted by {weights!r}; standard errors are robust to the weights.",
                weights=weights,
            )
        )
    if model in form_names:
        notes.append("Ratios are of time: above 1, production comes later.")
    if model in ("logit", "cloglog") and (design.duration % 1 != 0).any():
        notes.append("Durations are rounded up to whole months.")
    return (*notes, *design.notes)
