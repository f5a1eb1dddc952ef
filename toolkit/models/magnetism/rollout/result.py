"""What the effect of a rollout can say: event study, weights, pre-trends, bounds."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from toolkit.errors import ModelError
from toolkit.language import say
from toolkit.models.magnetism.rollout.estimators import COLUMNS, universal_event_study
from toolkit.models.magnetism.rollout.inference import joint_test
from toolkit.models.ratios.paths import Floats
from toolkit.results import Prose, Result, format_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["RolloutResult"]


@dataclass(frozen=True, kw_only=True, eq=False)
class RolloutResult(Result):
    """Effects of a staggered adoption by one or several estimators on one sample.

    ``panel`` is that sample; ``covariance`` is that of the event study of the first method.
    """

    panel: pd.DataFrame
    covariance: Floats

    def event_study(self) -> pd.DataFrame:
        """Return the effects by years since adoption, with pointwise and simultaneous bands."""
        rows = self.terms[self.terms["term"] == "event"]
        return rows.drop(columns="term").reset_index(drop=True)

    def pre_trend(self) -> pd.DataFrame:
        """Test that the effects before adoption are all zero.

        Returns
        -------
        DataFrame
            ``method, statistic, df, df_clusters, p_value``. A large p value is no proof of
            parallel trends: see ``honest()``.

        Raises
        ------
        ModelError
            If the method has no effects before adoption.
        """
        study = self.event_study()
        study = study[study["method"] == self.terms["method"].iloc[0]]
        before = (study["event_time"] < 0).to_numpy()
        if not before.any():
            raise ModelError(
                f"{self.terms['method'].iloc[0]} gives no effects before adoption. "
                "Take method='callaway_santanna'."
            )
        clusters = int(self.facts["clusters"])
        statistic, df, p_value = joint_test(
            study.loc[before, "estimate"].to_numpy(),
            self.covariance[np.ix_(before, before)],
            clusters=clusters,
        )
        return pd.DataFrame(
            [
                {
                    "method": self.terms["method"].iloc[0],
                    "statistic": statistic,
                    "df": df,
                    "df_clusters": clusters - df,
                    "p_value": p_value,
                }
            ]
        )

    def bacon_weights(self) -> pd.DataFrame:
        """Split the two-way fixed effects estimate into its two-by-two comparisons.

        Returns
        -------
        DataFrame
            ``treated_group, control_group, comparison_type, estimate, weight``; weights sum to
            one and the weighted estimates to the two-way estimate. Comparisons of later with
            earlier adopters are biased where effects grow.

        References
        ----------
        Goodman-Bacon, A. (2021). Difference-in-differences with variation in treatment timing.
            Journal of Econometrics 225, 254-277.
        """
        import diff_diff

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = diff_diff.BaconDecomposition().fit(self.panel, **COLUMNS)
        names = ["treated_group", "control_group", "comparison_type", "estimate", "weight"]
        table: pd.DataFrame = found.to_dataframe()[names]
        return table

    def honest(self, *, multiples: Sequence[float] = (0.0, 0.5, 1.0, 1.5, 2.0)) -> pd.DataFrame:
        """Bound the mean effect where trends may break after adoption as they did before it.

        Parameters
        ----------
        multiples : sequence of float
            How many times the largest break between two years before adoption a break after it
            may be.

        Returns
        -------
        DataFrame
            ``multiple, low, high`` (identified set), ``conf_low, conf_high`` (robust interval),
            from Callaway and Sant'Anna's event study with the year before adoption as base.

        Raises
        ------
        ModelError
            If the event study has no years before adoption to learn from.

        References
        ----------
        Rambachan, A. and Roth, J. (2023). A more credible approach to parallel trends. Review of
            Economic Studies 90, 2555-2591.
        """
        import diff_diff

        study = universal_event_study(self.panel)
        rows = []
        for multiple in multiples:
            model = diff_diff.HonestDiD(method="relative_magnitude", alpha=1 - self.conf_level)
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    bounds = model.fit(study, M=float(multiple))
            except ValueError as error:
                raise ModelError(f"The bounds cannot be had from this panel: {error}") from error
            rows.append(
                {
                    "multiple": float(multiple),
                    "low": float(bounds.lb),
                    "high": float(bounds.ub),
                    "conf_low": float(bounds.ci_lb),
                    "conf_high": float(bounds.ci_ub),
                }
            )
        return pd.DataFrame(rows)

    def sentence(self) -> Prose:
        """Return the overall effect of the first method."""
        row = self.terms.iloc[0]
        return Prose(
            say(
                "{title}: adoption changes the outcome by {estimate} on average over adopters and "
                "years ({method}).",
                title=self.title,
                estimate=self._estimate_text(row),
                method=row["method"].replace("_", " "),
            )
        )

    def key_figures(self) -> dict[str, str]:
        """Return the overall effect of the first method."""
        return {"effect": format_number(self.terms["estimate"].iloc[0])}

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the event study with simultaneous bands, or the methods side by side."""
        from toolkit import figures

        study = self.event_study()
        if study.empty:
            return figures.intervals(
                self.terms, label="method", axis=self.unit, title=self.title, ax=ax
            )
        return figures.event_study(
            study[study["method"] == study["method"].iloc[0]],
            time="event_time",
            x_label="years since adoption",
            y_label=self.unit,
            title=self.title,
            ax=ax,
        )

    def _display_table(self) -> pd.DataFrame:
        return self._formatted(self.terms[self.terms["term"] != "event"])

    _readable = _display_table

    def _cut_line(self) -> list[str]:
        rows = int((self.terms["term"] == "event").sum())
        return (
            [say("{rows} effects by years since adoption are in event_study().", rows=rows)]
            if rows
            else []
        )
