"""Fine and Gray's proportional hazards of the subdistribution."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from toolkit.models.hazards.cox import CoxFit, Ties, cox_fit
from toolkit.models.hazards.newton import Floats

__all__ = ["fine_gray_fit"]

EVENT, EXIT = 1, 2


def fine_gray_fit(
    duration: ArrayLike,
    outcome: ArrayLike,
    covariates: ArrayLike,
    *,
    weight: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    ties: Ties = "efron",
) -> CoxFit:
    r"""Fit :math:`F_1(t \mid x) = 1 - \exp(-\Lambda_0(t) e^{x'\beta})`, exits competing.

    A unit that exited at T stays in the risk sets after T with the weight
    :math:`\hat G(t-) / \hat G(T-)`, where G is the survival curve of censoring.

    Parameters
    ----------
    duration : array, shape (n,)
    outcome : array of int, shape (n,)
        0 censored, 1 event, 2 exit.
    covariates : array, shape (n, p)

    Raises
    ------
    NoMaximumError
        If the likelihood has no maximum.

    References
    ----------
    Fine and Gray (1999), Journal of the American Statistical Association 94, 496-509; in the
    weighted form of Geskus (2011), Biometrics 67, 39-49.
    """
    ends, codes = np.asarray(duration, dtype=float), np.asarray(outcome)
    times, stay = _censoring(ends, codes)
    exited = codes == EXIT
    before = np.concatenate([[1.0], stay])[np.searchsorted(times, ends, side="left")]
    return cox_fit(
        ends,
        codes == EVENT,
        covariates,
        weight=weight,
        strata=strata,
        ties=ties,
        tail=np.where(exited, 1 / np.maximum(before, 1e-300), 0.0),
        fade_at=(times, stay),
    )


def _censoring(ends: Floats, codes: ArrayLike) -> tuple[Floats, Floats]:
    times, place = np.unique(ends, return_inverse=True)
    censored = np.asarray(codes) == 0
    lost = np.bincount(place[censored], minlength=len(times))
    ended = np.bincount(place, minlength=len(times))
    at_risk = ended[::-1].cumsum()[::-1]
    # At ties, events and exits come first and are no longer there to be censored.
    exposed = at_risk - (ended - lost)
    return times, np.cumprod(1 - lost / np.maximum(exposed, 1))
