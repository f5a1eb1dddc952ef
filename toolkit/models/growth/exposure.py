"""Regressions on exposure to sectors, with errors that respect who shares which shock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from toolkit.errors import ModelError, OptionError
from toolkit.language import say
from toolkit.models.growth.checks import check_choice
from toolkit.results import TIDY_COLUMNS, Prose, Result, check_conf_level
from toolkit.schema import require_columns
from toolkit.tables import as_pandas

__all__ = ["ShiftShareRegression", "shift_share_regression"]

Floats = NDArray[np.float64]
Errors = Literal["akm", "akm0"]
FEW_SECTORS = 20


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ShiftShareRegression(Result):
    """The effect of a shift-share regressor, with errors that respect shared exposure."""

    def sentence(self) -> Prose:
        """Return the effect with its interval in words."""
        row = self.terms.iloc[0]
        return Prose(
            say(
                "One unit of {term} goes with {estimate:.4g} of {outcome} ({level:g}% "
                "exposure-robust interval {conf_low:.4g} to {conf_high:.4g}; {sectors} sectors).",
                term=row["term"],
                estimate=row["estimate"],
                outcome=self.facts["outcome"],
                level=100 * self.conf_level,
                conf_low=row["conf_low"],
                conf_high=row["conf_high"],
                sectors=self.facts["sectors"],
            )
        )


def shift_share_regression(
    data: Any,
    *,
    outcome: str,
    regressor: str,
    shares: Sequence[str],
    treatment: str | None = None,
    controls: Sequence[str] = (),
    errors: Errors = "akm",
    conf_level: float = 0.95,
) -> ShiftShareRegression:
    """Regress an outcome on a shift-share regressor with exposure-robust errors.

    Regions with like mixes of sectors share shocks, so their residuals go together however far
    apart they lie. With the regressor's residual ``x`` on the controls, its projection ``X`` on
    the shares ``W`` (one coefficient per sector) and residuals u, the error is
    ``sqrt(sum_i X_i^2 (W_i'u)^2) / |x'd|``, where d is the regressor itself or, as an instrument,
    the treatment. ``akm0`` imposes the null in u and inverts the test.

    Parameters
    ----------
    data : frame or path
        One row per region.
    outcome, regressor : str
        Columns.
    shares : sequence of str
        Columns of exposure, one per sector; fewer than rows, not collinear.
    treatment : str, optional
        Column instrumented by `regressor`.
    controls : sequence of str
        Columns held fixed; a constant always is.
    errors : {"akm", "akm0"}
    conf_level : float

    Returns
    -------
    ShiftShareRegression
        ``term`` and the fixed columns. Under ``akm0`` the set may be unbounded; the error is then
        not a distance to its ends.

    Raises
    ------
    ColumnError
        If a column is missing.
    OptionError
        If there are as many sectors as rows, or the option is unknown.
    ModelError
        If shares are collinear, or the regressor does not vary beside the controls.

    References
    ----------
    Adao, Kolesar and Morales (2019), "Shift-share designs: theory and inference", Quarterly
    Journal of Economics 134, 1949-2010, remarks 5 and 6.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> shares = rng.dirichlet(np.ones(5), size=200)
    >>> x = shares @ rng.normal(size=5)
    >>> table = pd.DataFrame(shares, columns=list("abcde")).assign(x=x, y=2 * x)
    >>> table["y"] += 0.1 * rng.normal(size=200)
    >>> result = shift_share_regression(table, outcome="y", regressor="x", shares=list("abcde"))
    >>> bool(abs(result.tidy()["estimate"].iloc[0] - 2) < 0.1)
    True
    """
    check_conf_level(conf_level)
    check_choice("errors", errors, Errors)
    needed = [outcome, regressor, *([treatment] if treatment else []), *controls, *shares]
    table = as_pandas(data)
    require_columns(table, needed)
    whole = table[list(dict.fromkeys(needed))].astype(np.float64).dropna()
    left = len(table) - len(whole)
    if len(shares) >= len(whole):
        raise OptionError(
            f"Exposure-robust errors need fewer sectors than rows; got {len(shares)} shares and "
            f"{len(whole)} rows. Join sectors."
        )
    term = treatment or regressor
    fixed = np.column_stack([np.ones(len(whole)), whole[list(controls)]])
    x, y, d = (_residual(whole[name].to_numpy(), fixed) for name in (regressor, outcome, term))
    numbers = _exposure_robust(x, y, d, whole[list(shares)].to_numpy(), errors, conf_level)
    row = dict(zip(TIDY_COLUMNS, (term, *numbers), strict=True))
    notes = [say("{left} rows with a missing value are left out.", left=left)] if left else []
    if len(shares) < FEW_SECTORS:
        notes.append(
            say(
                "Exposure-robust errors lean on many sectors; there are {sectors}.",
                sectors=len(shares),
            )
        )
    if not np.isfinite(numbers[4:]).all():
        notes.append("The set of values that are not rejected is unbounded.")
    return ShiftShareRegression(
        title=say("Shift-share regression of {outcome} on {term}", outcome=outcome, term=term),
        unit=f"{outcome} per unit of {term}",
        terms=pd.DataFrame([row]),
        facts={
            "outcome": outcome,
            "regressor": regressor,
            "rows": len(whole),
            "sectors": len(shares),
            "errors": errors,
        },
        conf_level=conf_level,
        notes=tuple(notes),
    )


def _residual(values: Floats, fixed: Floats) -> Floats:
    return np.asarray(values - fixed @ np.linalg.lstsq(fixed, values, rcond=None)[0])


def _exposure_robust(
    x: Floats, y: Floats, d: Floats, shares: Floats, errors: Errors, conf_level: float
) -> tuple[float, ...]:
    """Return estimate, error, statistic, p-value and interval."""
    gram = shares.T @ shares
    spread = np.linalg.eigvalsh(gram)
    if spread[0] <= 1e-13 * spread[-1]:
        raise ModelError("The shares are collinear. Leave out the sector that the others make up.")
    strength = float(x @ d)
    if (
        abs(strength) <= 1e-12 * float(np.linalg.norm(x) * np.linalg.norm(d) + 1e-300)
        or not x.any()
    ):
        raise ModelError(
            "The shift-share regressor does not vary beside the controls, or not with the "
            "treatment. Leave out a control."
        )
    estimate = float(x @ y) / strength
    projected = np.linalg.solve(gram, shares.T @ x)
    score = projected * (shares.T @ (y - estimate * d))
    slope = projected * (shares.T @ d)
    quantile = float(ndtri(0.5 + conf_level / 2))
    if errors == "akm":
        error = float(np.sqrt(score @ score)) / abs(strength)
        statistic = estimate / error
        reach = quantile * error
        p_value = float(2 * ndtr(-abs(statistic)))
        return estimate, error, statistic, p_value, estimate - reach, estimate + reach
    at_zero = score + estimate * slope
    error = float(np.sqrt(at_zero @ at_zero)) / abs(strength)
    statistic = estimate / error
    p_value = float(2 * ndtr(-abs(statistic)))
    low, high = _inverted(strength, score, slope, quantile)
    return estimate, error, statistic, p_value, estimate + low, estimate + high


def _inverted(
    strength: float, score: Floats, slope: Floats, quantile: float
) -> tuple[float, float]:
    """Return the distances from the estimate to the ends of the set under the imposed null.

    A distance t is not rejected where ``t^2 strength^2 <= q^2 |score - t slope|^2``.
    """
    square = strength**2 - quantile**2 * (slope @ slope)
    middle = -(quantile**2) * (score @ slope)
    rest = -(quantile**2) * (score @ score)
    if square <= 0:
        return -np.inf, np.inf
    root = np.sqrt(middle**2 - square * rest)
    return float((middle - root) / square), float((middle + root) / square)
