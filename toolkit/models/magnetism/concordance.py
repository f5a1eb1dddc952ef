"""Ratio, elasticity and effects of one study side by side, in yuan per yuan."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import OptionError
from toolkit.language import say
from toolkit.models.magnetism.curve import CurveResult
from toolkit.models.magnetism.regression import RATIO, RegressionResult
from toolkit.models.magnetism.result import RatioResult
from toolkit.models.magnetism.rollout import RolloutResult
from toolkit.models.magnetism.threshold import ThresholdResult
from toolkit.results import TIDY_COLUMNS, Prose, Result, format_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ConcordanceResult", "concordance"]

QUESTIONS = {
    "description": "how much followed each yuan",
    "elasticity": "how much more follows one more yuan in the same places",
    "cause": "how much follows because of a yuan",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class ConcordanceResult(Result):
    """Every answer of a study in one unit."""

    def sentence(self) -> Prose:
        """Return all answers in one line."""
        said = say("; ").join(
            say("{term} {estimate}", term=row["term"], estimate=self._estimate_text(row))
            for _, row in self.terms.iterrows()
        )
        return Prose(say("{title}: {said}.", title=self.title, said=said))

    def key_figures(self) -> dict[str, str]:
        """Return the first three answers."""
        rows = self.terms.head(3)
        return {
            str(term): format_number(value)
            for term, value in zip(rows["term"], rows["estimate"], strict=True)
        }

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the answers with their intervals."""
        from toolkit import figures

        labels = self.terms["term"] + " (" + self.terms["question"] + ")"
        return figures.intervals(
            self.terms.assign(label=labels),
            label="label",
            axis=self.unit,
            title=self.title,
            reference=(1.0, "a yuan for a yuan"),
            ax=ax,
        )


def concordance(
    results: Mapping[str, Result], *, lead_behind: Mapping[str, float] | None = None
) -> ConcordanceResult:
    """Put ratio, elasticity and effects of one study side by side in yuan per yuan.

    - A ratio or the last month of a curve stays as it is: a description.
    - An elasticity e at the ratio R of its own rows is ``e R`` yuan more for one more yuan of
      lead money, spread over the firms as lead money is.
    - An effect on an outcome in yuan is divided by the lead money behind it: by adopter and year
      for a rollout, by taker (or by firm let in, if sharp) for a threshold.

    Parameters
    ----------
    results : mapping of str to Result
        Name of each row, and the result of this family that it stands for. The outcomes of
        rollouts and thresholds are in yuan, not in logarithms.
    lead_behind : mapping of str to float, optional
        Lead money in yuan behind one unit of each effect.

    Returns
    -------
    ConcordanceResult
        Tidy rows: ``term`` (the name), the fixed columns in yuan per yuan, ``question``
        (``"description"``, ``"elasticity"``, ``"cause"``), ``before`` and ``factor`` (the estimate
        before conversion and what it was multiplied by).

    Raises
    ------
    OptionError
        If a result is of another family, or the lead money behind an effect is not given.

    Examples
    --------
    ``concordance({"ratio": ratio, "programme": rollout}, lead_behind={"programme": 3.2e8})``.
    """
    if not results:
        raise OptionError("A concordance needs results to compare; none was given.")
    behind = dict(lead_behind or {})
    levels = {result.conf_level for result in results.values()}
    if len(levels) > 1:
        raise OptionError(
            f"The results have intervals of {len(levels)} levels "
            f"({', '.join(f'{level:g}' for level in sorted(levels))}). Estimate all at one level."
        )
    rows = [_row(name, result, behind) for name, result in results.items()]
    questions = dict.fromkeys(row["question"] for row in rows)
    return ConcordanceResult(
        title="Follow-on money in yuan per yuan of lead money",
        unit="yuan per yuan",
        terms=pd.DataFrame(rows),
        facts={"rows": len(rows)},
        conf_level=levels.pop(),
        notes=(
            *(
                say("{name}: {question}.", name=name.capitalize(), question=QUESTIONS[name])
                for name in questions
            ),
            "Ratios and lead money that estimates were converted with are taken as known.",
        ),
    )


def _row(name: str, result: Result, behind: Mapping[str, float]) -> dict[str, Any]:
    question, row, factor = _in_yuan(name, result, behind)
    scaled = {
        column: row[column] * factor
        for column in ("estimate", "std_error", "conf_low", "conf_high")
    }
    fixed = {**{column: row[column] for column in TIDY_COLUMNS}, **scaled, "term": name}
    return {**fixed, "question": question, "before": row["estimate"], "factor": factor}


def _in_yuan(
    name: str, result: Result, behind: Mapping[str, float]
) -> tuple[str, pd.Series[Any], float]:
    if isinstance(result, RatioResult):
        return "description", result.total(), 1.0
    if isinstance(result, CurveResult) and result.groups == ("months",):
        return "description", result.terms.iloc[-1], 1.0
    if isinstance(result, RegressionResult):
        return _regression(name, result)
    if isinstance(result, RolloutResult):
        return "cause", result.terms.iloc[0], 1 / _money_behind(name, behind)
    if isinstance(result, ThresholdResult):
        robust = result.terms[result.terms["term"] == "robust"].iloc[0]
        return "cause", robust, 1 / _money_behind(name, behind)
    raise OptionError(
        f"{name!r} is a {type(result).__name__}, which says nothing in yuan per yuan. Give results "
        "of magnetism_ratio, capital_magnetism, magnetism_curve (one curve), "
        "magnetism_regression, rollout_effect or threshold_effect."
    )


def _regression(name: str, result: RegressionResult) -> tuple[str, pd.Series[Any], float]:
    ratio = result.terms[result.terms["term"] == RATIO]
    if len(ratio):
        return "description", ratio.iloc[0], 1.0
    units = result.augment()
    for place, term in enumerate(result.terms["term"]):
        column = re.fullmatch(r"(?:np\.)?log\((.+)\)", str(term))
        if column and column[1] in units:
            factor = float(units[result.outcome].sum() / units[column[1]].sum())
            return "elasticity", result.terms.iloc[place], factor
    raise OptionError(
        f"{name!r} has neither an exposure nor the logarithm of lead money among its regressors. "
        "Fit 'follow ~ log(lead)' or give exposure=..."
    )


def _money_behind(name: str, behind: Mapping[str, float]) -> float:
    money = behind.get(name, np.nan)
    if not money > 0:
        raise OptionError(
            f"{name!r} is an effect in yuan; to be in yuan per yuan it needs the lead money behind "
            f"one unit of it: lead_behind={{{name!r}: ...}}."
        )
    return float(money)
