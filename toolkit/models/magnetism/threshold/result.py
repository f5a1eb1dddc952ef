"""What a threshold effect can say: its checks and its picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import ModelError
from toolkit.language import say
from toolkit.models.magnetism.threshold.local import density_p_value, jump_at
from toolkit.models.ratios.paths import Floats
from toolkit.results import Prose, Result, format_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ThresholdResult"]

BINS = 20


@dataclass(frozen=True, kw_only=True, eq=False)
class ThresholdResult(Result):
    """A jump at a cutoff. ``sample`` has ``outcome``, ``score``, ``takeup`` and the covariates."""

    sample: pd.DataFrame
    cutoff: float
    bandwidth: float
    covariates: tuple[str, ...] = ()

    def checks(
        self, *, donuts: Sequence[float] | None = None, placebos: Sequence[float] | None = None
    ) -> pd.DataFrame:
        """Return what would tell against the design.

        Parameters
        ----------
        donuts : sequence of float, optional
            Half-widths around the cutoff to leave out, in units of the score; a twentieth and a
            tenth of the bandwidth, if not given.
        placebos : sequence of float, optional
            Cutoffs where nothing happened; the medians of the score below and above, if not
            given. Each takes only rows of its own side of the true cutoff.

        Returns
        -------
        DataFrame
            ``check`` (``density``, ``balance``, ``donut``, ``placebo``), ``at`` (covariate,
            half-width or cutoff), ``estimate, std_error, p_value, conf_low, conf_high`` (robust).
            A small p value of density (scores bunched at the cutoff), balance or placebo tells
            against the design; a donut should change little. A check without an answer is empty.
        """
        rows: list[dict[str, Any]] = [
            {
                "check": "density",
                "at": f"{self.cutoff:g}",
                "p_value": density_p_value(self._column("score"), cutoff=self.cutoff),
            }
        ]
        rows += [
            self._row("balance", name, self.sample, outcome=name, takeup=None)
            for name in self.covariates
        ]
        score = self.sample["score"]
        widths = (self.bandwidth / 20, self.bandwidth / 10) if donuts is None else donuts
        rows += [
            self._row("donut", f"{width:g}", self.sample[(score - self.cutoff).abs() >= width])
            for width in widths
        ]
        below, above = score[score < self.cutoff], score[score >= self.cutoff]
        for place in (below.median(), above.median()) if placebos is None else placebos:
            side = (score < self.cutoff) == (place < self.cutoff)
            part = self.sample[side]
            rows.append(self._row("placebo", f"{place:g}", part, cutoff=float(place), takeup=None))
        return pd.DataFrame(rows)

    def sentence(self) -> Prose:
        """Return the conventional estimate with the robust interval."""
        what = "Take-up opens" if self.facts["design"] == "fuzzy" else "The door opens"
        return Prose(
            say(
                "{title}: {estimate} {unit} ({level:g}% robust interval {low} to {high}). {what} "
                "at {cutoff:g}.",
                title=self.title,
                estimate=self._text("conventional", "estimate"),
                unit=self.unit,
                level=100 * self.conf_level,
                low=self._text("robust", "conf_low"),
                high=self._text("robust", "conf_high"),
                what=what,
                cutoff=self.cutoff,
            )
        )

    def key_figures(self) -> dict[str, str]:
        """Return the conventional estimate and the robust interval."""
        interval = say(
            "{low} to {high}",
            low=self._text("robust", "conf_low"),
            high=self._text("robust", "conf_high"),
        )
        return {
            "jump": self._text("conventional", "estimate"),
            say("{level:g}% robust interval", level=100 * self.conf_level): interval,
        }

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw means of bins on both sides of the cutoff and the local linear fits."""
        from toolkit import figures

        score, outcome = self._column("score"), self._column("outcome")
        points, curve = [], []
        for side in (score < self.cutoff, score >= self.cutoff):
            near = side & (np.abs(score - self.cutoff) <= 2 * self.bandwidth)
            points.append(_bin_means(score[near], outcome[near]))
            curve.append(
                _local_line(score[side], outcome[side], cutoff=self.cutoff, width=self.bandwidth)
            )
        return figures.threshold(
            pd.concat(points),
            pd.concat(curve),
            cutoff=self.cutoff,
            x="score",
            y="mean",
            x_label=str(self.facts["score"]),
            y_label=str(self.facts["outcome"]),
            title=self.title,
            ax=ax,
        )

    def _text(self, term: str, name: str) -> str:
        return format_number(float(self.terms.loc[self.terms["term"] == term, name].iloc[0]))

    def _column(self, name: str) -> Floats:
        return self.sample[name].to_numpy(dtype=np.float64)

    def _row(
        self,
        check: str,
        at: str,
        rows: pd.DataFrame,
        *,
        outcome: str = "outcome",
        cutoff: float | None = None,
        takeup: str | None = "takeup",
    ) -> dict[str, Any]:
        fuzzy = takeup is not None and takeup in rows
        try:
            found = jump_at(
                rows[outcome].to_numpy(dtype=np.float64),
                rows["score"].to_numpy(dtype=np.float64),
                cutoff=self.cutoff if cutoff is None else cutoff,
                conf_level=self.conf_level,
                takeup=rows["takeup"].to_numpy(dtype=np.float64) if fuzzy else None,
            ).robust
        except ModelError:
            return {"check": check, "at": at}
        return {
            "check": check,
            "at": at,
            "estimate": found.value,
            "std_error": found.std_error,
            "p_value": found.p_value,
            "conf_low": found.low,
            "conf_high": found.high,
        }


def _bin_means(score: Floats, outcome: Floats) -> pd.DataFrame:
    if not len(score):
        return pd.DataFrame({"score": [], "mean": []})
    edges = np.linspace(score.min(), score.max(), BINS + 1)
    bins = np.clip(np.searchsorted(edges, score, side="right") - 1, 0, BINS - 1)
    table = pd.DataFrame({"bin": bins, "score": score, "mean": outcome})
    return table.groupby("bin", as_index=False).mean()[["score", "mean"]]


def _local_line(score: Floats, outcome: Floats, *, cutoff: float, width: float) -> pd.DataFrame:
    """Fit a line with triangular weights on one side, and draw it up to the cutoff."""
    weights = np.maximum(0.0, 1 - np.abs(score - cutoff) / width)
    inside = weights > 0
    slope, level = np.polyfit(
        score[inside] - cutoff, outcome[inside], 1, w=np.sqrt(weights[inside])
    )
    end = cutoff + (width if score[inside].mean() >= cutoff else -width)
    places = np.array([end, cutoff + (end - cutoff) * 1e-9])
    return pd.DataFrame({"score": places, "mean": level + slope * (places - cutoff)})
