"""Elasticity of follow-on money: Poisson pseudo-likelihood with absorbed effects."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from toolkit.errors import DataError, ModelError
from toolkit.language import say
from toolkit.models import ratios
from toolkit.models.magnetism.formulas import (
    design_matrices,
    read_exposure,
    split_formula,
    usable_rows,
)
from toolkit.models.magnetism.headings import common_unit
from toolkit.models.magnetism.rows import few_clusters_note
from toolkit.models.panels import codes_of
from toolkit.models.poisson import PoissonFit, poisson_fit
from toolkit.models.ratios.paths import Floats
from toolkit.results import Prose, Result, check_conf_level, format_number
from toolkit.schema import require_columns
from toolkit.tables import as_pandas, plain

__all__ = ["RegressionResult", "magnetism_regression"]

RATIO = "ratio"


@dataclass(frozen=True, kw_only=True, eq=False)
class RegressionResult(Result):
    """Coefficients of a Poisson pseudo-likelihood, and the ratio that it implies."""

    outcome: str
    exposure: str | None = None

    def sentence(self) -> Prose:
        """Return the ratio where there is an exposure, else the first elasticity or effect."""
        ratios_there = self.terms[self.terms["term"] == RATIO]
        if len(ratios_there):
            row = ratios_there.iloc[0]
            return Prose(
                say(
                    "{outcome} per yuan of {exposure}: {estimate}.",
                    outcome=self.outcome,
                    exposure=self.exposure,
                    estimate=self._estimate_text(row),
                )
            )
        rows = self.terms[self.terms["term"] != "Intercept"]
        row = rows.iloc[0] if len(rows) else self.terms.iloc[0]
        logarithm = re.fullmatch(r"(?:np\.)?log\((.+)\)", str(row["term"]))
        interval = say(
            "({level:g}% interval {conf_low} to {conf_high})",
            level=100 * self.conf_level,
            conf_low=format_number(row["conf_low"]),
            conf_high=format_number(row["conf_high"]),
        )
        if logarithm:
            return Prose(
                say(
                    "Elasticity of {outcome} with respect to {term}: {estimate} {interval}.",
                    outcome=self.outcome,
                    term=logarithm[1],
                    estimate=format_number(row["estimate"]),
                    interval=interval,
                )
            )
        return Prose(
            say(
                "One more of {term} changes the logarithm of expected {outcome} by {estimate} "
                "{interval}.",
                term=row["term"],
                outcome=self.outcome,
                estimate=format_number(row["estimate"]),
                interval=interval,
            )
        )

    def key_figures(self) -> dict[str, str]:
        """Return the ratio or the first coefficient."""
        named = self.terms.set_index("term")["estimate"]
        name = RATIO if RATIO in named else next((n for n in named.index if n != "Intercept"), "")
        return {str(name): format_number(named[name])} if name else {}


def magnetism_regression(
    data: Any, formula: str, *, exposure: str | None = None, cluster: str, conf_level: float = 0.95
) -> RegressionResult:
    r"""Regress follow-on money on lead money by Poisson pseudo-likelihood.

    The model is :math:`E[y_i] = e_i \exp(x_i'b + a_{g(i)})`, with exposure e_i and absorbed
    effects a_g. Firms without any follow-on stay in. The coefficient of the logarithm of lead
    money is the elasticity: 1 means that follow-on is proportional to it. With lead money as
    exposure and nothing but a constant, ``exp(b)`` is the ratio of sums, with its interval.

    Parameters
    ----------
    data : frame or path
        One row per unit, such as ``capital_magnetism(...).augment()``.
    formula : str
        ``"follow_cny ~ log(lead_cny) + sector | region + year"``: the outcome in yuan, zero or
        more; regressors; effects to absorb behind the bar, if any. Text columns become dummies.
    exposure : str, optional
        Column of lead money that follow-on is proportional to; above zero.
    cluster : str
        Column of what was drawn, or varies, as one.
    conf_level : float
        Level of the intervals, from t with clusters minus one.

    Returns
    -------
    RegressionResult
        Tidy rows: the coefficients (``scale`` is ``"log"``) and, with an exposure and no absorbed
        effects, the ratio of fitted follow-on to exposure (``scale`` is ``"ratio"``, yuan per
        yuan). ``augment()`` has the rows with ``fitted`` and ``residual``.

    Raises
    ------
    OptionError
        If the formula cannot be read, or outcome and exposure are headed in different units.
    ColumnError
        If a column is missing.
    DataError
        If outcome or exposure are negative.
    ModelError
        If the model is not identified, or there are fewer than two clusters.

    References
    ----------
    Santos Silva, J. M. C. and Tenreyro, S. (2006). The log of gravity. Review of Economics and
        Statistics 88, 641-658.

    Examples
    --------
    >>> import pandas as pd
    >>> firms = pd.DataFrame(
    ...     {
    ...         "county": ["a", "a", "b", "c"],
    ...         "micro": [1.0, 1.0, 2.0, 1.0],
    ...         "bank": [4.0, 6.0, 10.0, 0.0],
    ...     }
    ... )
    >>> fit = magnetism_regression(firms, "bank ~ 1", exposure="micro", cluster="county")
    >>> fit.tidy()[["term", "estimate", "std_error"]].round(6)
            term  estimate  std_error
    0  Intercept  1.386294        0.3
    1      ratio  4.000000        1.2
    """
    level = check_conf_level(conf_level)
    outcome, regressors, effects = split_formula(formula)
    money, said = _unit_of(exposure, outcome)
    table = plain(as_pandas(data))
    used = [cluster, *effects, *([exposure] if exposure else [])]
    require_columns(table, used)
    left, right = design_matrices(table, outcome, regressors, absorbed=bool(effects))
    paid, weights = left.to_numpy(np.float64)[:, 0], read_exposure(table, exposure)
    design = right.to_numpy(np.float64)
    if (paid < 0).any():
        raise DataError(
            f"The outcome {outcome!r} has {int((paid < 0).sum())} negative values; a Poisson mean "
            "is above zero. Net them first."
        )
    kept, notes = usable_rows(table, paid, design, weights, effects, [cluster, *effects])
    codes = codes_of(table.loc[kept, cluster].astype(str))
    clusters = int(codes.max()) + 1 if len(codes) else 0
    if clusters < 2:
        raise ModelError(
            f"Clusters by {cluster!r}: there are {clusters}; a variance needs two or more."
        )
    fit = poisson_fit(
        paid[kept],
        design[kept],
        offset=np.log(weights[kept]),
        effects=[codes_of(table.loc[kept, name].astype(str)) for name in effects],
    )
    rows = _rows(fit, list(right.columns), codes, level=level)
    if exposure and not effects and "Intercept" in right:
        rows.append(_ratio_row(fit, weights[kept], codes, level=level))
    terms = pd.DataFrame(rows)
    units = table[kept].assign(fitted=fit.means, residual=fit.residuals)
    notes += few_clusters_note(
        pd.Series([clusters]), named=say("clusters by {cluster!r}", cluster=cluster)
    )
    return RegressionResult(
        title=say("Poisson pseudo-likelihood: {formula}", formula=formula.strip()),
        unit=f"{money} per {money}" if exposure else "log yuan",
        terms=terms,
        facts={
            "rows": int(kept.sum()),
            "clusters": clusters,
            "cluster": cluster,
            "exposure": exposure or "none",
            "absorbed": ", ".join(effects) or "none",
        },
        conf_level=level,
        notes=(*said, *notes),
        fitted=units.reset_index(drop=True),
        outcome=outcome,
        exposure=exposure,
    )


def _unit_of(exposure: str | None, outcome: str) -> tuple[str, list[str]]:
    if exposure is None:
        return "yuan", []
    return common_unit(exposure, outcome.strip("`"), asked="magnetism_regression()")


def _rows(fit: PoissonFit, names: list[str], codes: Any, *, level: float) -> list[dict[str, Any]]:
    errors = np.sqrt(np.diag(fit.covariance(codes)))
    degrees = int(codes.max())
    return [
        _row(str(name), float(estimate), float(error), degrees, level=level, scale="log")
        for name, estimate, error in zip(names, fit.coefficients, errors, strict=True)
    ]


def _ratio_row(fit: PoissonFit, weights: Floats, codes: Any, *, level: float) -> dict[str, Any]:
    """Return fitted follow-on over exposure, by the delta rule from the coefficients."""
    slope = fit.means @ fit.design / weights.sum()
    error = float(np.sqrt(slope @ fit.covariance(codes) @ slope))
    ratio = float(fit.means.sum() / weights.sum())
    return _row(RATIO, ratio, error, int(codes.max()), level=level, scale="ratio")


def _row(
    term: str, estimate: float, error: float, degrees: int, *, level: float, scale: str
) -> dict[str, Any]:
    reach = ratios.t_quantile(level, degrees) * error
    statistic = estimate / error if error > 0 else np.nan
    return {
        "term": term,
        "estimate": estimate,
        "std_error": error,
        "statistic": statistic,
        "p_value": float(2 * special.stdtr(degrees, -abs(statistic))),
        "conf_low": estimate - reach,
        "conf_high": estimate + reach,
        "scale": scale,
    }
