"""What a survival curve can do beyond its table: quantiles, a sentence, a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import OptionError
from toolkit.language import say
from toolkit.models.curves import quantile
from toolkit.models.survival.by_age import CurveByAge, curves_of
from toolkit.results import TIDY_COLUMNS, Prose, Result, format_percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["SurvivalCurve", "draw_curves", "shorten"]

GROUPS_IN_SENTENCE = 6


@dataclass(frozen=True, kw_only=True, eq=False)
class SurvivalCurve(CurveByAge):
    """Share that has not yet reached the event, by group and age in months.

    Behind the fixed columns stand ``at_risk`` (just before the age), ``events``, ``exits`` and
    ``censored`` (at the age).
    """

    event: str = "production"

    start = 1.0
    estimate_label = "share"

    def quantiles(self, probs: Sequence[float] = (0.25, 0.5, 0.75)) -> Result:
        """Return the ages by which these shares of units reached the event, with intervals.

        The limits are the ages at which the curve's own limits cross (Brookmeyer and Crowley
        1982, Biometrics 38, 29-41). A quantile that was not reached is missing.

        Parameters
        ----------
        probs : sequence of float
            Fractions that have reached the event; 0.5 is the median.
        """
        for share in probs:
            if not 0 < share < 1:
                raise OptionError(f"probs are fractions between 0 and 1; got {share:g}.")
        rows = [
            {**dict(zip(self._by, key, strict=True)), **self._quantile(curve, share)}
            for key, curve in self._curves()
            for share in probs
        ]
        return Result(
            title=say("Months until these shares reached {event}", event=self.event),
            unit="months",
            terms=pd.DataFrame(rows, columns=[*self._by, *TIDY_COLUMNS]),
            facts=self.facts,
            conf_level=self.conf_level,
            notes=self.notes,
        )

    def sentence(self) -> Prose:
        """Return the median with its interval, or what is known where it was not reached."""
        texts = [self._group_text(key, curve) for key, curve in self._curves()]
        return Prose(say("{texts} ({counted}).", texts=shorten(texts), counted=self._counted()))

    def key_figures(self) -> dict[str, str]:
        """Return the median where it was reached, else the share at the last age."""
        curves = self._curves()
        if len(curves) > 1:
            return {}
        row = self._quantile(curves[0][1], 0.5)
        if not np.isnan(row["estimate"]):
            return {say("median months to {event}", event=self.event): f"{row['estimate']:g}"}
        last = self._last_known(curves[0][1])
        label = say(
            "share with {event} by {last_age:g} months", event=self.event, last_age=last["age"]
        )
        return {label: format_percent(1 - last["estimate"])}

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the curves with their bands and the numbers at risk below."""
        labelled = [(say(", ").join(map(str, key)), curve) for key, curve in self._curves()]
        return draw_curves(self, labelled, ax=ax)

    @property
    def _by(self) -> tuple[str, ...]:
        return self.groups[:-1]

    def _curves(self) -> list[tuple[tuple[Any, ...], pd.DataFrame]]:
        return curves_of(self.terms, self._by)

    def _quantile(self, curve: pd.DataFrame, share: float) -> dict[str, Any]:
        return {
            "term": "median" if share == 0.5 else f"quantile {share:g}",
            "estimate": quantile(curve["age"], curve["estimate"], 1 - share),
            "std_error": np.nan,
            "statistic": np.nan,
            "p_value": np.nan,
            "conf_low": quantile(curve["age"], curve["conf_low"], 1 - share),
            "conf_high": quantile(curve["age"], curve["conf_high"], 1 - share),
        }

    def _group_text(self, key: tuple[Any, ...], curve: pd.DataFrame) -> str:
        name = say(", ").join(map(str, key))
        prefix = say("{name}: ", name=name) if name else ""
        level = say("{level:g}% interval", level=100 * self.conf_level)
        row = self._quantile(curve, 0.5)
        if not np.isnan(row["estimate"]):
            high = (
                say("to {conf_high:g}", conf_high=row["conf_high"])
                if row["conf_high"] > 0
                else "upwards"
            )
            return say(
                "{prefix}half reach {event} within {estimate:g} months ({level} {conf_low:g} "
                "{high})",
                prefix=prefix,
                event=self.event,
                estimate=row["estimate"],
                level=level,
                conf_low=row["conf_low"],
                high=high,
            )
        last = self._last_known(curve)
        low, high = format_percent(1 - last["conf_high"]), format_percent(1 - last["conf_low"])
        return say(
            "{prefix}{last_estimate} ({level} {low} to {high}) reach {event} within {last_age:g} "
            "months, so that there is no median",
            prefix=prefix,
            last_estimate=format_percent(1 - last["estimate"]),
            level=level,
            low=low,
            high=high,
            event=self.event,
            last_age=last["age"],
        )

    def _last_known(self, curve: pd.DataFrame) -> pd.Series[Any]:
        return curve[curve["estimate"].notna()].iloc[-1]

    def _counted(self) -> str:
        source = "spells" if self.facts["source"] == "spells" else "units"
        how = {"censor": "censored", "compete": "an end like any other"}[self.facts["exits"]]
        exits = say(", exits {how}", how=how) if self.facts["exit_count"] else ""
        return say("{rows:,} {source}{exits}", rows=self.facts["rows"], source=source, exits=exits)


def shorten(texts: list[str]) -> str:
    """Join what is said of each group; of many groups, the first few."""
    more = len(texts) - GROUPS_IN_SENTENCE
    tail = say("; {more} more groups are in the table", more=more) if more > 0 else ""
    return say("; ").join(texts[:GROUPS_IN_SENTENCE]) + tail


def draw_curves(
    result: CurveByAge, curves: list[tuple[str, pd.DataFrame]], *, ax: Axes | None
) -> Axes:
    """Draw step functions from month 0 on, one per label, with numbers at risk."""
    from toolkit import figures

    parts = []
    for label, curve in curves:
        first = dict.fromkeys(("estimate", "conf_low", "conf_high"), result.start)
        first |= {"age": 0.0, "at_risk": curve["at_risk"].iloc[0]}
        drawn = pd.concat([pd.DataFrame([first]), curve[list(first)]], ignore_index=True)
        parts.append(drawn.assign(label=label))
    return figures.step_curves(
        pd.concat(parts, ignore_index=True),
        time="age",
        by="label" if len(curves) > 1 or curves[0][0] else None,
        x_label="months",
        y_label=result.unit,
        title=result.title,
        ax=ax,
    )
