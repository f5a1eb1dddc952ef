"""Ratios of small cells, drawn towards the mean of all by what their errors allow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import special

from toolkit.errors import ModelError
from toolkit.language import say
from toolkit.models.magnetism.result import TOTAL, RatioResult
from toolkit.models.ratios.paths import Floats
from toolkit.results import Prose, Result, format_number, group_labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ShrunkenResult", "between_variance", "shrink_ratios"]

LEAST = 4


@dataclass(frozen=True, kw_only=True, eq=False)
class ShrunkenResult(Result):
    """Shrunken ratios beside the raw ones."""

    def sentence(self) -> Prose:
        """Return how far apart the cells truly are."""
        return Prose(
            say(
                "{title}: around a mean of {mean} {unit} the {rows} cells truly vary with a "
                "standard deviation of {between_sd}.",
                title=self.title,
                mean=format_number(self.facts["mean"]),
                unit=self.unit,
                rows=self.facts["rows"],
                between_sd=format_number(self.facts["between_sd"]),
            )
        )

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the shrunken ratios with their intervals, the largest on top."""
        from toolkit import figures

        labels = group_labels(self.terms, self.groups)
        return figures.intervals(
            self.terms.assign(label=labels).sort_values("estimate", ascending=False),
            label="label",
            axis=self.unit,
            title=self.title,
            reference=(
                self.facts["mean"],
                say("mean {mean}", mean=format_number(self.facts["mean"])),
            ),
            ax=ax,
        )


def shrink_ratios(result: RatioResult) -> ShrunkenResult:
    r"""Draw the ratios of groups towards their mean by empirical Bayes.

    With errors s_k and variance t² between groups, a group keeps the share
    :math:`1 - B_k = t^2/(t^2 + s_k^2)` of its distance from the mean; t² is Paule and Mandel's.
    The interval is Morris's, which knows that mean and t² are estimated.

    Parameters
    ----------
    result : RatioResult
        Ratios by groups; groups without a standard error (a single cluster) are left out.

    Returns
    -------
    ShrunkenResult
        Tidy columns: the groups, ``term`` (``"ratio"``), the shrunken ``estimate`` with its
        interval; ``raw_ratio``, ``raw_std_error``, ``kept`` (the share 1 - B), ``units``,
        ``clusters``.

    Raises
    ------
    ModelError
        If fewer than four groups have a standard error.

    References
    ----------
    Morris, C. N. (1983). Parametric empirical Bayes inference. Journal of the American Statistical
        Association 78, 47-55.
    Paule, R. C. and Mandel, J. (1982). Consensus values and weighting factors. Journal of Research
        of the National Bureau of Standards 87, 377-385.

    Examples
    --------
    ``shrink_ratios(magnetism_ratio(firms, lead="micro", follow="bank", by="region",
    cluster="county")).tidy()``.
    """
    cells = result.terms[result.terms["term"] != TOTAL]
    usable = cells["std_error"] > 0
    if not result.groups or int(usable.sum()) < LEAST:
        raise ModelError(
            f"Shrinkage needs {LEAST} groups with a standard error; there are {int(usable.sum())}. "
            "Estimate the ratio with by=... and clusters smaller than the groups."
        )
    rows = cells[usable]
    ratios, errors = rows["estimate"].to_numpy(), rows["std_error"].to_numpy()
    between = between_variance(ratios, errors)
    weights = 1 / (between + errors**2)
    mean = float(weights @ ratios / weights.sum())
    count = len(ratios)
    # Morris's factor keeps the shrinkage from being overstated when t² is estimated.
    drawn = (count - 3) / (count - 1) * errors**2 * weights
    shrunken = drawn * mean + (1 - drawn) * ratios
    spread = drawn * errors**2 * weights / weights.sum() + (1 - drawn) * errors**2
    spread += 2 / (count - 3) * drawn**2 * (ratios - mean) ** 2
    error = np.sqrt(spread)
    reach = special.ndtri(0.5 + result.conf_level / 2) * error
    terms = rows[list(result.groups)].assign(
        term="ratio",
        estimate=shrunken,
        std_error=error,
        statistic=shrunken / error,
        p_value=2 * special.ndtr(-np.abs(shrunken / error)),
        conf_low=shrunken - reach,
        conf_high=shrunken + reach,
        raw_ratio=ratios,
        raw_std_error=errors,
        kept=1 - drawn,
        units=rows["units"],
        clusters=rows["clusters"],
    )
    if "region_name" in rows:
        terms["region_name"] = rows["region_name"]
    left = len(cells) - count
    notes = (
        [say("{left} groups have no standard error and are left out.", left=left)] if left else []
    )
    return ShrunkenResult(
        title=say("{title}, shrunken", title=result.title),
        unit=result.unit,
        terms=pd.DataFrame(terms),
        facts={"rows": count, "mean": mean, "between_sd": float(np.sqrt(between))},
        conf_level=result.conf_level,
        notes=(*notes, *result.notes),
    )


def between_variance(values: Floats, errors: Floats) -> float:
    """Return Paule and Mandel's variance between groups: zero where errors explain all.

    It solves ``sum_k (v_k - m)² / (t² + s_k²) = k - 1``.

    Examples
    --------
    >>> round(between_variance(np.array([1.0, 3.0]), np.array([1.0, 1.0])), 12)
    1.0
    """
    from scipy.optimize import brentq  # a quarter of a second, which plain ratios do without

    def excess(between: float) -> float:
        weights = 1 / (between + errors**2)
        mean = weights @ values / weights.sum()
        return float(weights @ (values - mean) ** 2 - (len(values) - 1))

    if excess(0.0) <= 0:
        return 0.0
    high: Any = float(np.var(values, ddof=1))
    while excess(high) > 0:
        high *= 2
    return float(brentq(excess, 0.0, high, xtol=1e-14 * high))
