"""Local polynomial fits at a cutoff, by rdrobust, and the density test, by rddensity.

Both are optional; their answers come back as plain numbers.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.errors import DependencyError, ModelError
from toolkit.models.ratios.paths import Floats

__all__ = ["Estimate", "Jump", "density_p_value", "jump_at"]


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """An estimate with error, p value and interval."""

    value: float
    std_error: float
    p_value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Jump:
    """A jump at a cutoff: conventional, and bias-corrected with the robust error.

    ``bandwidths`` and ``rows`` (within them) are left and right of the cutoff; ``first_stage`` is
    the bias-corrected jump in take-up of a fuzzy design.
    """

    conventional: Estimate
    robust: Estimate
    first_stage: Estimate | None
    bandwidths: tuple[float, float]
    rows: tuple[int, int]


def jump_at(
    outcome: Floats,
    score: Floats,
    *,
    cutoff: float,
    conf_level: float,
    takeup: Floats | None = None,
    covariates: Floats | None = None,
    clusters: Any = None,
) -> Jump:
    """Estimate the jump by local linear fits with an MSE-optimal bandwidth.

    Raises
    ------
    DependencyError
        If rdrobust is not installed.
    ModelError
        If there is no answer, most often for too few rows near the cutoff.
    """
    rdrobust = _module("rdrobust").rdrobust
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            fit = rdrobust(
                outcome,
                score,
                c=cutoff,
                fuzzy=takeup,
                covs=covariates,
                cluster=clusters,
                level=100 * conf_level,
                masspoints="adjust",
            )
        except Exception as error:
            raise ModelError(
                f"No local fit at {cutoff:g} ({error}). There may be too few rows near the "
                "cutoff, or no variation on one side of it."
            ) from error
    widths = fit.bws.to_numpy(dtype=np.float64)[0]
    fuzzy = takeup is not None
    return Jump(
        conventional=_read(fit.coef, fit.se, fit.pv, fit.ci, place=0),
        robust=_read(fit.coef, fit.se, fit.pv, fit.ci, place=2),
        first_stage=_read(fit.tau_T, fit.se_T, fit.pv_T, fit.ci_T, place=2) if fuzzy else None,
        bandwidths=(float(widths[0]), float(widths[1])),
        rows=(int(fit.N_h[0]), int(fit.N_h[1])),
    )


def density_p_value(score: Floats, *, cutoff: float) -> float:
    """Test that the density of the score has no jump at the cutoff; return the p value.

    References
    ----------
    Cattaneo, M. D., Jansson, M. and Ma, X. (2020). Simple local polynomial density estimators.
        Journal of the American Statistical Association 115, 1449-1455.

    Raises
    ------
    DependencyError
        If rddensity is not installed.
    """
    rddensity = _module("rddensity").rddensity
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return float(rddensity(score, c=cutoff).test["p_jk"])
        except Exception as error:
            raise ModelError(f"No density test at {cutoff:g} ({error}).") from error


def _module(name: str) -> Any:
    import importlib

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module(name)
    except ImportError as error:
        raise DependencyError(
            f"threshold_effect() needs {name}, which is not installed. Install the optional part: "
            "pip install 'regional-techfinance-toolkit[rd]'."
        ) from error


def _read(value: Any, error: Any, p_value: Any, interval: Any, *, place: int) -> Estimate:
    low, high = np.asarray(interval, dtype=np.float64).reshape(-1, 2)[place]
    return Estimate(
        value=float(np.ravel(value)[place]),
        std_error=float(np.ravel(error)[place]),
        p_value=float(np.ravel(p_value)[place]),
        low=float(low),
        high=float(high),
    )
