"""What a fitted regression says of units: the share at the event by a month, and its slope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from toolkit.models.curves import Floats
from toolkit.models.hazards import (
    AftFit,
    CoxFit,
    DiscreteFit,
    Link,
    aft_survival,
    discrete_survival,
)

__all__ = ["Fitted", "Model"]

Model = Literal["cox", "fine_gray", "logit", "cloglog", "weibull", "log_normal", "log_logistic"]

ROWS_AT_ONCE = 50_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Fitted:
    """A fit with the covariance that its curves go by.

    Parameters
    ----------
    model : str
    fit : CoxFit, DiscreteFit or AftFit
    covariance : array
        Of all parameters of the fit, robust where clusters or weights ask for it.
    """

    model: Model
    fit: Any
    covariance: Floats

    def months(self) -> Floats:
        """Return the ages at which a curve of this fit moves; none where it is smooth."""
        if isinstance(self.fit, AftFit):
            return np.empty(0)
        return np.unique(self.fit.time if isinstance(self.fit, CoxFit) else self.fit.periods)

    def parameters(self, months: float) -> Floats:
        """Return the covariance of the parameters that the share by a month depends on."""
        if not isinstance(self.fit, CoxFit):
            return self.covariance
        # The log of the cumulative baseline moves with the coefficients, and by itself.
        _, noise, slope = self._baseline(months)
        joint = self.covariance @ slope.T
        corner = slope @ joint + np.diag(noise)
        return np.block([[self.covariance, joint], [joint.T, corner]])

    def shares(self, x: Floats, stratum: NDArray[np.intp], months: float) -> tuple[Floats, Floats]:
        """Return each unit's share at the event by a month, and its slope by the parameters.

        Parameters
        ----------
        x : array, shape (n, p)
        stratum : array of int, shape (n,)

        Returns
        -------
        share : array, shape (n,)
        slope : array, shape (n, parameters)
        """
        fit = self.fit
        if isinstance(fit, CoxFit):
            level, _, _ = self._baseline(months)
            power = np.exp((x - fit.center) @ fit.coefficients + level[stratum])
            steep = power * np.exp(-power)
            strata = (stratum[:, None] == np.arange(len(level))) * steep[:, None]
            return -np.expm1(-power), np.hstack([steep[:, None] * (x - fit.center), strata])
        if isinstance(fit, DiscreteFit):
            link: Link = "logit" if self.model == "logit" else "cloglog"
            survival, by_level = discrete_survival(months, x @ fit.coefficients, fit, link=link)
            steep = by_level.sum(axis=1)
            return 1 - survival, -np.hstack([steep[:, None] * x, by_level])
        with_one = np.hstack([np.ones((len(x), 1)), x])
        form: Any = self.model
        survival, by_linear, by_scale = aft_survival(
            months, with_one @ fit.coefficients, fit.log_scale, form=form
        )
        return 1 - survival, -np.hstack([by_linear[:, None] * with_one, by_scale[:, None]])

    def mean_share(
        self, x: Floats, stratum: NDArray[np.intp], weight: Floats | None, months: float
    ) -> tuple[float, Floats]:
        """Return the mean share of units and its slope by the parameters."""
        mass = np.ones(len(x)) if weight is None else weight
        value, slope = 0.0, np.zeros(len(self.parameters(months)))
        for start in range(0, len(x), ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            share, steep = self.shares(x[part], stratum[part], months)
            value += float(mass[part] @ share)
            slope += mass[part] @ steep
        return value / float(mass.sum()), slope / float(mass.sum())

    def _baseline(self, months: float) -> tuple[Floats, Floats, Floats]:
        fit: CoxFit = self.fit
        strata = int(fit.stratum.max()) + 1 if len(fit.stratum) else 1
        passed = (fit.stratum == np.arange(strata)[:, None]) & (fit.time <= months)
        total = passed @ fit.hazard
        # Before a stratum's first event its share is 0 and does not move.
        total = np.where(total > 0, total, np.inf)
        noise = passed @ fit.hazard_variance / total**2
        level = np.where(np.isfinite(total), np.log(total), -np.inf)
        return level, noise, -(passed @ fit.drift) / total[:, None]
