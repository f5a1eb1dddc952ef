"""Regression of the time to production on covariates."""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np

from toolkit.errors import ModelError, OptionError
from toolkit.models.curves import EVENT, Floats
from toolkit.models.hazards import (
    NoMaximumError,
    Ties,
    aft_fit,
    cox_fit,
    discrete_fit,
    fine_gray_fit,
    form_names,
)
from toolkit.models.survival.design import Design, read_design
from toolkit.models.survival.fitted import Fitted, Model
from toolkit.models.survival.regression_result import HazardRegression
from toolkit.models.survival.regression_table import coefficient_table, fit_facts, fit_notes
from toolkit.models.survival.study import Exits, check_choice
from toolkit.results import check_conf_level

__all__ = ["hazard_regression"]

MODELS: tuple[str, ...] = get_args(Model)

TITLES = {
    "cox": "Cox regression of the time to production",
    "fine_gray": "Fine-Gray regression of the incidence of production",
    "logit": "Discrete-time logit of production",
    "cloglog": "Discrete-time complementary log-log of production",
    "weibull": "Weibull regression of the time to production",
    "log_normal": "Log-normal regression of the time to production",
    "log_logistic": "Log-logistic regression of the time to production",
}

UNITS = {
    "cox": "log hazard ratio",
    "fine_gray": "log subdistribution hazard ratio",
    "logit": "log odds ratio of production in a month",
    "cloglog": "log hazard ratio",
}


def hazard_regression(
    milestones: Any,
    formula: str,
    *,
    model: Model = "cox",
    exits: Exits,
    cluster: str | None = None,
    strata: str | None = None,
    weights: str | None = None,
    ties: Ties = "efron",
    entry: Literal["use", "ignore"] = "use",
    between: tuple[str, str] | None = None,
    conf_level: float = 0.95,
) -> HazardRegression:
    r"""Regress the time to production on covariates.

    .. math:: \lambda(t \mid x) = \lambda_0(t) e^{x'\beta}, \qquad
        F_1(t \mid x) = 1 - e^{-\Lambda_0(t) e^{x'\beta}}, \qquad
        g(h_k \mid x) = \alpha_k + x'\beta, \qquad
        \log T = x'\beta + \sigma \varepsilon

    are ``"cox"``, ``"fine_gray"``, the discrete and the accelerated forms of `model`.

    Parameters
    ----------
    milestones : frame or path
        Spells: ``duration``, ``outcome``, ``entry`` if any, and the covariates. A unit whose
        covariates change has several rows, each from ``entry`` to ``duration``, all but the last
        censored.
    formula : str
        Covariates, such as ``"~ sector + leverage"`` (categories against their first).
    model : str
        ``"cox"``: proportional hazards, the baseline left free. ``"fine_gray"``: proportional
        subdistribution hazards, for the incidence with exits competing. ``"logit"``,
        ``"cloglog"``: hazards of whole months, each month with its own level. ``"weibull"``,
        ``"log_normal"``, ``"log_logistic"``: accelerated failure times; coefficients are of the
        log of time, so that positive ones delay production.
    exits : {"censor", "compete"}
        ``"compete"`` goes with ``"fine_gray"``, and with the others as cause-specific hazards,
        which have the same coefficients as with ``"censor"`` but give no shares by themselves.
    cluster : str, optional
        Column of clusters; standard errors are then robust to dependence within them.
    strata : str, optional
        Column whose values each have a baseline of their own (``"cox"``, ``"fine_gray"``).
    weights : str, optional
        Column of weights; standard errors are then robust.
    ties : {"efron", "breslow"}
        For ``"cox"`` and ``"fine_gray"``.
    entry : {"use", "ignore"}
        Whether units seen only from some age on join the risk set at that age.
    between : (str, str), optional
        For accelerated failure times: columns with the earliest and the latest month of each
        production, such as the two ends of a quarter; ignored for rows without production.

    Returns
    -------
    HazardRegression
        One row per coefficient, with ``ratio ratio_low ratio_high`` (their exponentials) behind.

    Raises
    ------
    ModelError
        If the covariates are collinear, one foretells production, or the fit does not converge.
    OptionError
        If options do not go together.

    References
    ----------
    Cox (1972); Efron (1977); Fine and Gray (1999); Prentice and Gloeckler (1978); Lin and Wei
    (1989), Journal of the American Statistical Association 84, 1074-1078, for clusters.

    Examples
    --------
    >>> import pandas as pd
    >>> spells = pd.DataFrame(
    ...     {
    ...         "duration": [4, 3, 1, 1, 2, 2, 3],
    ...         "outcome": ["production"] * 3 + ["censored"] + ["production"] * 2 + ["censored"],
    ...         "x": [0, 2, 1, 1, 1, 0, 0],
    ...     }
    ... )
    >>> fit = hazard_regression(spells, "~ x", exits="censor")
    >>> round(float(fit.tidy()["estimate"].iloc[0]), 4)
    0.4608
    """
    check_choice("model", model, MODELS)
    check_choice("exits", exits, ("censor", "compete"))
    check_choice("ties", ties, ("efron", "breslow"))
    check_choice("entry", entry, ("use", "ignore"))
    level = check_conf_level(conf_level)
    _refuse_odd_pairs(model, exits=exits, strata=strata, between=between)
    design = read_design(
        milestones,
        formula,
        cluster=cluster,
        strata=strata,
        weights=weights,
        entry=entry,
        between=between,
    )
    _refuse_unfit(design, model)
    try:
        fit, scores = _fit(design, model, ties)
    except NoMaximumError as fault:
        raise _explained(fault, design, model) from fault
    covariance = _robust(fit.covariance, scores) if scores is not None else fit.covariance
    fitted = Fitted(model=model, fit=fit, covariance=covariance)
    return HazardRegression(
        title=TITLES[model],
        unit=UNITS.get(model, "log time ratio"),
        terms=coefficient_table(design, fitted, level),
        facts=fit_facts(design, fit, model, exits, ties),
        conf_level=level,
        notes=fit_notes(design, model, exits, weights),
        design=design,
        fitted_model=fitted,
    )


def _refuse_odd_pairs(
    model: str, *, exits: str, strata: str | None, between: tuple[str, str] | None
) -> None:
    if model == "fine_gray" and exits == "censor":
        raise OptionError(
            "model='fine_gray' is for exits that compete; got exits='censor'. "
            "Use exits='compete', or model='cox'."
        )
    if strata is not None and model not in ("cox", "fine_gray"):
        raise OptionError(
            f"strata have baselines of their own in 'cox' and 'fine_gray'; got model={model!r}. "
            "Put the column into the formula instead."
        )
    if between is not None and model not in form_names:
        raise OptionError(
            f"between is for accelerated failure times; got model={model!r}. "
            f"Use one of {', '.join(form_names)}, or turnbull_curve."
        )


def _refuse_unfit(design: Design, model: str) -> None:
    if not (design.outcome == EVENT).any():
        raise ModelError("A regression needs events; no spell reached production.")
    if model == "fine_gray" and (design.entry > 0).any():
        raise OptionError(
            f"model='fine_gray' takes units seen from their start; "
            f"{int((design.entry > 0).sum()):,} came later. Leave them out, use entry='ignore', "
            "or model='cox'."
        )
    nothing = (design.duration <= 0) & (design.outcome == EVENT)
    if model in form_names and design.lower is None and nothing.any():
        raise ModelError(
            f"Accelerated failure times are of the log of time; {int(nothing.sum()):,} units reach "
            "production at month 0. Give the bounds of their month by between=, or use 'cloglog'."
        )
    if not design.names and model in ("cox", "fine_gray"):
        raise OptionError("A regression needs a covariate; the formula names none.")


def _fit(design: Design, model: Model, ties: Ties) -> tuple[Any, Floats | None]:
    died = design.outcome == EVENT
    robust = design.cluster is not None or design.weight is not None or model == "fine_gray"
    cluster = np.arange(len(died)) if design.cluster is None else design.cluster
    late = design.entry if (design.entry > 0).any() else None
    fit: Any
    if model == "cox":
        fit = cox_fit(
            design.duration,
            died,
            design.x,
            entry=late,
            weight=design.weight,
            strata=design.strata,
            ties=ties,
        )
    elif model == "fine_gray":
        fit = fine_gray_fit(
            design.duration,
            design.outcome,
            design.x,
            weight=design.weight,
            strata=design.strata,
            ties=ties,
        )
    elif model in ("logit", "cloglog"):
        fit = discrete_fit(
            np.ceil(design.duration),
            died,
            design.x,
            first=None if late is None else np.where(late > 0, np.floor(late) + 1, 1),
            weight=design.weight,
            link="logit" if model == "logit" else "cloglog",
        )
        return fit, fit.scores(cluster) if robust else None
    else:
        fit = _accelerated(design, model, died, late)
    return fit, _summed(fit.scores(), cluster) if robust else None


def _accelerated(design: Design, model: Any, died: Any, late: Floats | None) -> Any:
    lower = (
        design.duration if design.lower is None else np.where(died, design.lower, design.duration)
    )
    upper = design.duration if design.upper is None else design.upper
    with_one = np.hstack([np.ones((len(died), 1)), design.x])
    return aft_fit(
        lower,
        np.where(died, upper, np.inf),
        with_one,
        form=model,
        entry=late,
        weight=design.weight,
    )


def _summed(scores: Floats, cluster: Any) -> Floats:
    clusters = int(cluster.max()) + 1
    return np.column_stack(
        [np.bincount(cluster, weights=column, minlength=clusters) for column in scores.T]
    )


def _robust(covariance: Floats, scores: Floats) -> Floats:
    return np.asarray(covariance @ (scores.T @ scores) @ covariance)


def _explained(fault: NoMaximumError, design: Design, model: str) -> ModelError:
    names = ["the intercept", *design.names] if model in form_names else list(design.names)
    name = repr(names[fault.place]) if fault.place < len(names) else "the level of a month"
    if fault.reason == "collinear":
        return ModelError(
            f"The covariates repeat each other: {name} is a sum of others, or constant. "
            "Leave it out of the formula."
        )
    if fault.reason == "separated":
        return ModelError(
            f"{name} foretells production: its coefficient grows without end, since units with "
            "one of its values all, or never, get there first. Leave it out, or merge its values."
        )
    return ModelError(
        f"The fit did not converge; {name} moved last. Scale the covariates, or use fewer."
    )
