"""A slope for each region from its own years, and their mean group."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtr

from toolkit.errors import ModelError, OptionError
from toolkit.language import say
from toolkit.models.growth.result import TOGETHER
from toolkit.models.panels import Layout, Vcov, inference, within_fit
from toolkit.models.ratios import t_quantile
from toolkit.results import TIDY_COLUMNS

__all__ = ["mean_group", "slope_rows"]

FEWEST = 4


def slope_rows(
    rows: pd.DataFrame, vcov: Vcov, *, conf_level: float
) -> tuple[pd.DataFrame, pd.DataFrame, tuple[str, ...]]:
    """Regress sector on base region by region; the mean group comes last.

    Parameters
    ----------
    rows : DataFrame
        ``region year sector base``.
    vcov : Vcov
        HC or NW: the years of one region are one series.

    Returns
    -------
    (DataFrame, DataFrame, tuple of str)
        Terms, rows with fitted values, notes.

    Raises
    ------
    OptionError
        If the covariance needs many regions.
    ModelError
        If fewer than two regions have four rows.
    """
    if not vcov.kind.startswith(("HC", "NW")):
        raise OptionError(
            f"slopes='by_region' fits one region at a time, so it takes HC0 to HC3 or NW; got "
            f"vcov={vcov.kind!r}."
        )
    terms: list[dict[str, Any]] = []
    fitted, short = [], []
    for region, part in rows.groupby("region"):
        if len(part) < FEWEST:
            short.append(str(region))
            continue
        answer, with_fit = _one(part, vcov, conf_level)
        terms.append({"region": region, "term": "elasticity"} | answer)
        fitted.append(with_fit)
    if len(terms) < 2:
        raise ModelError(
            f"A mean group needs two regions with {FEWEST} rows; there are {len(terms)}. "
            "Use slopes='common', or a longer window."
        )
    slopes = np.array([term["estimate"] for term in terms], dtype=np.float64)
    mean = mean_group(slopes, conf_level=conf_level)
    terms.append({"region": TOGETHER, "term": "elasticity"} | mean)
    notes = [say("Mean group of {number} slopes, its error from their spread.", number=len(slopes))]
    if short:
        notes.append(
            say(
                "Fewer than {fewest} rows, left out: {regions}.",
                fewest=FEWEST,
                regions=say(", ").join(short),
            )
        )
    return pd.DataFrame(terms), pd.concat(fitted, ignore_index=True), tuple(notes)


def mean_group(slopes: NDArray[np.float64], *, conf_level: float) -> dict[str, float]:
    """Average the slopes: ``mean(b)`` with error ``sd(b) / sqrt(N)`` and t with N - 1.

    References
    ----------
    Pesaran and Smith (1995), Journal of Econometrics 68, 79-113.

    Examples
    --------
    >>> round(mean_group(np.array([1.0, 2.0, 3.0]), conf_level=0.95)["std_error"], 4)
    0.5774
    """
    count = len(slopes)
    estimate, error = slopes.mean(), slopes.std(ddof=1) / np.sqrt(count)
    reach = t_quantile(conf_level, count - 1) * error
    statistic = estimate / error
    numbers = (
        estimate,
        error,
        statistic,
        2 * stdtr(count - 1, -abs(statistic)),
        estimate - reach,
        estimate + reach,
    )
    return dict(zip(TIDY_COLUMNS[1:], map(float, numbers), strict=True))


def _one(
    part: pd.DataFrame, vcov: Vcov, conf_level: float
) -> tuple[dict[str, float], pd.DataFrame]:
    outcome = part["sector"].to_numpy(dtype=np.float64)
    design = np.column_stack([part["base"].to_numpy(dtype=np.float64), np.ones(len(part))])
    fit = within_fit(outcome, design)
    alone = np.zeros(len(part), dtype=np.intp)
    layout = Layout(units=alone, times=part["year"].to_numpy(), groupings={"region": alone})
    said = inference(fit, vcov, layout, conf_level=conf_level, random_state=0)
    return said.row(0), part.assign(fitted=outcome - fit.residuals, residual=fit.residuals)
