"""A points score from its parts, how well it discriminates, and its calibration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError, ModelError, OptionError
from toolkit.language import say
from toolkit.models.discrimination import area_under_curve
from toolkit.models.instruments.scores.columns import numbers, observed
from toolkit.models.proportions import wilson_interval
from toolkit.results import TIDY_COLUMNS, Prose, Result, check_conf_level, format_percent
from toolkit.tables import as_pandas

__all__ = ["ScoreCalibration", "points_score", "score_calibration", "score_discrimination"]

HIGHEST = 100.0


@dataclass(frozen=True, kw_only=True, eq=False)
class ScoreCalibration(Result):
    """Default rates by class of the score, beside those predicted."""

    def sentence(self) -> Prose:
        """Return the rates of the lowest and highest class, and how many hold the prediction."""
        first, last = self.terms.iloc[0], self.terms.iloc[-1]
        held, classes = sum(map(bool, self.terms["inside"])), len(self.terms)
        predicted = (
            ""
            if self.terms["predicted"].isna().all()
            else say(
                "; the intervals of {held} of {classes} classes hold the predicted rate",
                held=held,
                classes=classes,
            )
        )
        return Prose(
            say(
                "{title}: {first_estimate} at {first_term}, {last_estimate} at "
                "{last_term}{predicted}.",
                title=self.title,
                first_estimate=format_percent(first["estimate"]),
                first_term=_band(first["term"]),
                last_estimate=format_percent(last["estimate"]),
                last_term=_band(last["term"]),
                predicted=predicted,
            )
        )

    def _display_table(self) -> pd.DataFrame:
        rows = self.terms
        percents = {"default rate": "estimate", "from": "conf_low", "to": "conf_high"}
        if rows["predicted"].notna().any():
            percents["predicted"] = "predicted"
        return pd.DataFrame(
            {"score": rows["term"].map(_band), "firms": rows["firms"], "defaults": rows["defaults"]}
            | {name: rows[column].map(format_percent) for name, column in percents.items()}
        )

    _readable = _display_table

    def _cut_line(self) -> list[str]:
        return []


def _band(term: str) -> str:
    """Return a band of the score in words."""
    low, _, high = term.partition(" to ")
    return say("{low} to {high}", low=low, high=high)


def points_score(data: Any, *, weights: Mapping[str, float]) -> pd.Series[float]:
    """Add up the parts of a points score, each from 0 to 100, by weights that add up to one.

    Parameters
    ----------
    data : frame or path
        One row per firm.
    weights : mapping of str to float
        Column of each part, and its weight.

    Raises
    ------
    ColumnError
        If a part is missing or not of numbers.
    DataError
        If a part is not from 0 to 100.
    OptionError
        If weights are below 0 or do not add up to one.

    Examples
    --------
    >>> firms = pd.DataFrame({"innovation": [80.0, 60.0], "growth": [60.0, 100.0]})
    >>> points_score(firms, weights={"innovation": 0.75, "growth": 0.25}).tolist()
    [75.0, 70.0]
    """
    if min(weights.values(), default=-1.0) < 0 or abs(sum(weights.values()) - 1) > 1e-9:
        raise OptionError(
            "weights are 0 or more and add up to 1; got "
            f"{', '.join(f'{name} {value:g}' for name, value in weights.items()) or 'none'}."
        )
    table = as_pandas(data)
    total = pd.Series(0.0, index=table.index, name="score")
    for name, weight in weights.items():
        part = numbers(table, name)
        wrong = ~part.between(0, HIGHEST)
        if wrong.any():
            place = int(wrong.to_numpy().argmax())
            raise DataError(
                f"A part of the score is from 0 to 100; {name!r} is {part.iloc[place]:g} in row "
                f"{place}. Rescale the part, or correct it at the source."
            )
        total = total + weight * part
    return total


def score_discrimination(
    data: Any,
    *,
    score: str,
    default: str,
    parts: Sequence[str] = (),
    conf_level: float = 0.95,
) -> Result:
    """Estimate how well a score, and each of its parts, tells sound firms from defaults.

    The area under the ROC curve: the probability that a sound firm scores above one in default,
    ties counted as half; 0.5 is chance. DeLong's variance, interval on the logit scale.

    Parameters
    ----------
    data : frame or path
        One row per firm.
    score : str
        Column of the score; higher is better.
    default : str
        Column of 0 and 1: whether the firm defaulted. Firms without outcome are left out.
    parts : sequence of str
        Columns of the parts of the score.
    conf_level : float
        Level of the intervals.

    Returns
    -------
    Result
        One row per column, with ``firms`` and ``defaults``.

    Raises
    ------
    ColumnError, DataError
        If a column is missing, or does not hold what it should.
    ModelError
        If all firms defaulted, or none did.

    Examples
    --------
    >>> firms = pd.DataFrame({"score": [55, 60, 72, 80, 91], "default": [1, 0, 1, 0, 0]})
    >>> score_discrimination(firms, score="score", default="default").tidy()["estimate"].round(3)
    0    0.833
    Name: estimate, dtype: float64
    """
    level = check_conf_level(conf_level)
    table, notes = observed(as_pandas(data), [score, *parts], default)
    bad = table[default].to_numpy(dtype=bool)
    if bad.all() or not bad.any():
        raise ModelError(
            f"Discrimination needs firms that defaulted and firms that did not; {int(bad.sum())} "
            f"of {len(bad)} did. Follow more firms, or for longer."
        )
    rows = []
    for name in (score, *parts):
        area = area_under_curve(numbers(table, name), ~bad, conf_level=level)
        rows.append(
            {
                "term": name,
                "estimate": area.estimate,
                "std_error": area.std_error,
                "conf_low": area.low,
                "conf_high": area.high,
                "firms": len(bad),
                "defaults": int(bad.sum()),
            }
        )
    return Result(
        title="Area under the ROC curve",
        unit="probability that a sound firm scores higher",
        terms=pd.DataFrame(rows, columns=[*TIDY_COLUMNS, "firms", "defaults"]),
        facts={"rows": len(bad)},
        conf_level=level,
        notes=notes,
    )


def score_calibration(
    data: Any,
    *,
    score: str,
    default: str,
    edges: Sequence[float] = (0, 50, 60, 70, 80, 90, 100),
    predicted: str | None = None,
    conf_level: float = 0.95,
) -> ScoreCalibration:
    """Give the default rate in classes of the score, beside the rate that was predicted.

    Parameters
    ----------
    data, score, default
        As for :func:`score_discrimination`.
    edges : sequence of float
        Ends of the classes; each holds its lower end, the last also its upper.
    predicted : str, optional
        Column of predicted default probabilities.
    conf_level : float
        Level of Wilson's intervals.

    Returns
    -------
    ScoreCalibration
        One row per class that has firms, with ``mean_score``, ``firms``, ``defaults`` and
        ``predicted`` (its mean), and ``inside``: whether the interval holds it.

    Raises
    ------
    ColumnError, DataError
        If a column is missing, or does not hold what it should.
    OptionError
        If the edges do not rise.
    """
    level = check_conf_level(conf_level)
    if len(edges) < 2 or (np.diff(edges) <= 0).any():
        raise OptionError(f"edges are two numbers or more that rise; got {list(edges)}.")
    columns = [score, *([predicted] if predicted else [])]
    table, notes = observed(as_pandas(data), columns, default)
    values = numbers(table, score)
    outside = int((~values.between(edges[0], edges[-1])).sum())
    if outside:
        raise DataError(
            f"Scores lie between {edges[0]:g} and {edges[-1]:g}; {outside:,} do not. Give edges "
            "that hold them all."
        )
    places = np.minimum(np.searchsorted(edges, values, side="right"), len(edges) - 1) - 1
    rows = []
    for place in np.unique(places).tolist():
        part = table[places == place]
        number, bad = len(part), float(part[default].sum())
        low, high = wilson_interval(bad, number, conf_level=level)
        expected = float(part[predicted].mean()) if predicted else np.nan
        start, end = edges[place], edges[place + 1]
        rows.append(
            {
                "term": f"{start:g} to {end:g}",
                "estimate": bad / number,
                "std_error": np.sqrt(bad * (number - bad) / number**3),
                "conf_low": float(low),
                "conf_high": float(high),
                "mean_score": float(part[score].mean()),
                "firms": number,
                "defaults": int(bad),
                "predicted": expected,
                "inside": bool(low <= expected <= high) if predicted else None,
            }
        )
    facts = ["mean_score", "firms", "defaults", "predicted", "inside"]
    return ScoreCalibration(
        title="Default rate by class of the score",
        unit="share in default",
        terms=pd.DataFrame(rows, columns=[*TIDY_COLUMNS, *facts]),
        facts={"rows": len(table)},
        conf_level=level,
        notes=notes,
    )
