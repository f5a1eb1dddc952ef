"""What a hazard regression can do beyond its table: curves, shares, tests of its assumption."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from toolkit.errors import ColumnError, ModelError, OptionError
from toolkit.language import say
from toolkit.models.curves import EVENT, Interval, interval_names, limits
from toolkit.models.hazards import CoxFit
from toolkit.models.survival.by_age import CurveByAge
from toolkit.models.survival.design import Design, covariates_of
from toolkit.models.survival.fitted import Fitted
from toolkit.models.survival.proportionality import Proportionality, proportionality_test
from toolkit.models.survival.reach import check_months
from toolkit.models.survival.study import check_choice
from toolkit.results import TIDY_COLUMNS, Prose, Result, format_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["HazardRegression", "PredictedCurves"]


@dataclass(frozen=True, kw_only=True, eq=False)
class PredictedCurves(CurveByAge):
    """Share at the event by age for given covariates, one curve per row of these."""

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw one curve per set of covariates, with its band."""
        from toolkit import figures

        names = list(self.groups[:-1])
        labels = self.terms[names].astype(str).agg(", ".join, axis=1) if names else "all"
        return figures.banded_curves(
            self.terms.assign(label=labels),
            x="age",
            by="label",
            x_label="months",
            y_label=self.unit,
            title=self.title,
            ax=ax,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class HazardRegression(Result):
    """Coefficients of a regression of the time to production."""

    design: Design
    fitted_model: Fitted

    def sentence(self) -> Prose:
        """Return the ratio of the first covariate with its interval."""
        row = self.terms[self.terms["term"] != "Intercept"].iloc[0]
        kind = self.unit.removeprefix("log ")
        return Prose(
            say(
                "{term}: {kind} {ratio} ({level:g}% interval {ratio_low} to {ratio_high}; {rows:,} "
                "spells, {events:,} in production).",
                term=row["term"],
                kind=kind,
                ratio=format_number(row["ratio"], digits=3),
                level=100 * self.conf_level,
                ratio_low=format_number(row["ratio_low"], digits=3),
                ratio_high=format_number(row["ratio_high"], digits=3),
                rows=self.facts["rows"],
                events=self.facts["events"],
            )
        )

    def predict(self, data: Any, *, months: Any = None, interval: Interval = "log-log") -> Result:
        """Return the share in production by age for given covariates, with intervals.

        Parameters
        ----------
        data : DataFrame
            One row per unit to predict for, with the variables of the formula (and the strata).
        months : sequence of float, optional
            Ages; by default those at which the fit moves, or 60 steps for smooth forms.
        interval : str
            Scale of the intervals, as for :func:`reach`.

        Returns
        -------
        PredictedCurves
            One row per row of `data` and age: the covariates, ``age`` and the fixed columns.

        Raises
        ------
        ColumnError, ModelError
            If a variable is missing, or has a value that the fit has not seen; if exits compete in
            a model of the hazard of production alone, which gives no share then.
        """
        check_choice("interval", interval, interval_names)
        self._refuse_shares()
        rows = pd.DataFrame(data)
        x, stratum = covariates_of(self.design, rows), self._strata(rows)
        ages = self._ages(months)
        critical = float(ndtri((1 + self.conf_level) / 2))
        frames = []
        for age in ages:
            share, slope = self.fitted_model.shares(x, stratum, float(age))
            covariance = self.fitted_model.parameters(float(age))
            std_error = np.sqrt(np.einsum("ij,jk,ik->i", slope, covariance, slope))
            low, high = limits(1 - share, std_error, interval=interval, critical=critical)
            part = self._labels(rows).assign(
                age=age,
                term="incidence" if self.facts["model"] == "fine_gray" else "reach",
                estimate=share,
                std_error=std_error,
                statistic=np.nan,
                p_value=np.nan,
                conf_low=1 - high,
                conf_high=1 - low,
            )
            frames.append(part.assign(_row=np.arange(len(rows))))
        terms = pd.concat(frames).sort_values(["_row", "age"]).drop(columns="_row")
        return PredictedCurves(
            title=say("{title}: predicted share in production", title=self.title),
            unit="share in production",
            terms=terms,
            facts=self.facts,
            conf_level=self.conf_level,
            notes=self.notes,
        )

    def reach_difference(self, variable: str, *, months: float, values: Any = None) -> Result:
        """Return how the share in production by a month moves with a variable.

        All units are given one value, then another, everything else as it is, and the mean shares
        are compared (standardised over the sample, which is taken as fixed).

        Parameters
        ----------
        variable : str
            A variable of the formula.
        months : float
            The horizon.
        values : sequence, optional
            Values to compare, the first is the reference; by default 0 and 1, or all categories.

        Returns
        -------
        Result
            One row per value with its mean share, then one per difference from the first.

        Raises
        ------
        ColumnError, OptionError, ModelError
            If the formula has no such variable, a number comes without `values`, or the model
            gives no share, as for :meth:`predict`.
        """
        self._refuse_shares()
        horizon = check_months(months)
        chosen = self._values(variable, values)
        stratum = np.zeros(len(self.design.x), dtype=np.intp)
        if self.design.strata is not None:
            stratum = self.design.strata
        found = []
        for value in chosen:
            x = covariates_of(self.design, self.design.frame.assign(**{variable: value}))
            found.append(self.fitted_model.mean_share(x, stratum, self.design.weight, horizon))
        covariance = self.fitted_model.parameters(horizon)
        rows = []
        for place, value in enumerate(chosen):
            share, slope = found[place]
            rows.append(self._effect(f"{variable} = {value}", share, slope, covariance))
        for place in range(1, len(chosen)):
            share, slope = found[place][0] - found[0][0], found[place][1] - found[0][1]
            term = f"{variable}: {chosen[place]} less {chosen[0]}"
            rows.append(self._effect(term, share, slope, covariance, tested=True))
        return Result(
            title=say(
                "Share in production within {horizon:g} months, by {variable}",
                horizon=horizon,
                variable=variable,
            ),
            unit="share in production",
            terms=pd.DataFrame(rows),
            facts=dict(self.facts) | {"months": horizon},
            conf_level=self.conf_level,
            notes=(*self.notes, "Standardised over the sample, which is taken as fixed."),
        )

    def proportionality(
        self, *, transform: Literal["km", "identity", "log", "rank"] = "km"
    ) -> Proportionality:
        """Test whether coefficients stay the same over time (Grambsch and Therneau).

        Parameters
        ----------
        transform : {"km", "identity", "log", "rank"}
            Function of time along which a coefficient may drift.

        Raises
        ------
        ModelError
            If the model is not ``"cox"``.
        """
        fit = self.fitted_model.fit
        if not isinstance(fit, CoxFit) or self.facts["model"] != "cox":
            raise ModelError(
                "The test is of proportional hazards; this is model="
                f"{self.facts['model']!r}. Fit model='cox'."
            )
        return proportionality_test(fit, self.design, transform=transform, level=self.conf_level)

    def _effect(
        self, term: str, share: float, slope: Any, covariance: Any, *, tested: Any = None
    ) -> dict[str, Any]:
        std_error = float(np.sqrt(slope @ covariance @ slope))
        half = float(ndtri((1 + self.conf_level) / 2)) * std_error
        z = share / std_error if tested and std_error > 0 else np.nan
        return {
            "term": term,
            "estimate": share,
            "std_error": std_error,
            "statistic": z,
            "p_value": 2 * float(ndtr(-abs(z))),
            "conf_low": share - half,
            "conf_high": share + half,
        }

    def _refuse_shares(self) -> None:
        competing = self.facts["exits"] == "compete" and self.facts["exit_count"]
        if competing and self.facts["model"] != "fine_gray":
            raise ModelError(
                "A cause-specific hazard gives no share in production while exits compete. "
                "Fit model='fine_gray', or choose exits='censor'."
            )

    def _ages(self, months: Any) -> Any:
        if months is not None:
            return [check_months(month) for month in np.atleast_1d(months)]
        moves = self.fitted_model.months()
        last = float(self.design.duration[self.design.outcome == EVENT].max())
        return moves if len(moves) else np.linspace(last / 60, last, 60)

    def _labels(self, rows: pd.DataFrame) -> pd.DataFrame:
        strata = [self.design.strata_name] if self.design.strata_name else []
        names = list(dict.fromkeys([*self.design.frame.columns, *strata]))
        # A covariate may be called age, as the months of the curve are.
        taken = {"age", *TIDY_COLUMNS}
        return rows[names].rename(columns={name: f"{name}_covariate" for name in taken})

    def _strata(self, rows: pd.DataFrame) -> Any:
        name = self.design.strata_name
        if name is None:
            return np.zeros(len(rows), dtype=np.intp)
        if name not in rows:
            raise ColumnError(f"The fit has baselines by {name!r}; the rows have no such column.")
        codes = rows[name].map({v: k for k, v in enumerate(self.design.strata_values)})
        if codes.isna().any():
            raise ModelError(f"The fit has not seen {name} {rows[name][codes.isna()].iloc[0]}.")
        return codes.to_numpy(dtype=np.intp)

    def _values(self, variable: str, values: Any) -> list[Any]:
        frame = self.design.frame
        if variable not in frame:
            raise ColumnError(
                f"No variable {variable!r} in the formula; it has {', '.join(frame.columns)}."
            )
        if values is not None:
            return list(values)
        seen = sorted(frame[variable].unique())
        if not pd.api.types.is_numeric_dtype(frame[variable]) or set(seen) <= {0, 1}:
            return seen
        raise OptionError(
            f"{variable} is a number; say which of its values to compare, such as "
            f"values=({seen[0]:g}, {seen[-1]:g})."
        )
