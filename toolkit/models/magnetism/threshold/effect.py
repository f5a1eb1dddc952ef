"""The effect of a score that opens the door at a cutoff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import ColumnError, ModelError
from toolkit.language import say
from toolkit.models.magnetism.threshold.local import Estimate, Jump, jump_at
from toolkit.models.magnetism.threshold.result import ThresholdResult
from toolkit.results import check_conf_level
from toolkit.schema import require_columns
from toolkit.tables import as_pandas

__all__ = ["threshold_effect"]

FEW_VALUES = 0.5
LEAST = 20


def threshold_effect(
    data: Any,
    *,
    outcome: str,
    score: str,
    cutoff: float,
    takeup: str | None = None,
    covariates: Sequence[str] = (),
    cluster: str | None = None,
    conf_level: float = 0.95,
) -> ThresholdResult:
    """Estimate the jump of an outcome at the score from which the door is open.

    Local linear fits with triangular weights on both sides, an MSE-optimal bandwidth, and the
    robust bias-corrected interval. With `takeup` the design is fuzzy: the jump of the outcome over
    the jump of take-up, the effect on those whom the door moves.

    Parameters
    ----------
    data : frame or path
        One row per firm.
    outcome, score : str
        Number columns; firms with a score from the cutoff on are let in.
    cutoff : float
        The score that opens the door, such as 70.
    takeup : str, optional
        Column of 0 and 1: who took what the door opens to.
    covariates : sequence of str
        Columns from before the decision; they make the estimate more precise, and ``checks()``
        tests that they do not jump.
    cluster : str, optional
        Column of clusters.
    conf_level : float
        Level of the intervals.

    Returns
    -------
    ThresholdResult
        Tidy rows ``"conventional"`` and ``"robust"`` (bias-corrected; its interval is the one to
        report), and ``"first_stage"`` (the jump of take-up) in a fuzzy design; ``rows_left`` and
        ``rows_right`` within the bandwidth. Also ``checks()``: density, balance, donut, placebo.

    Raises
    ------
    DependencyError
        If rdrobust is not installed.
    ColumnError
        If a column is missing or not of numbers.
    ModelError
        If there are fewer than 20 rows on a side, or no local fit.

    References
    ----------
    Calonico, S., Cattaneo, M. D. and Titiunik, R. (2014). Robust nonparametric confidence
        intervals for regression-discontinuity designs. Econometrica 82, 2295-2326.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> firms = pd.DataFrame({"score": rng.uniform(40, 100, 4_000)})
    >>> firms["bank"] = 3.0 * (firms["score"] >= 70) + firms["score"] / 20 + rng.normal(size=4_000)
    >>> effect = threshold_effect(firms, outcome="bank", score="score", cutoff=70)
    >>> row = effect.tidy().iloc[1]
    >>> bool(row["conf_low"] < 3.0 < row["conf_high"])
    True
    """
    level = check_conf_level(conf_level)
    table = as_pandas(data)
    numeric = [outcome, score, *([takeup] if takeup else []), *covariates]
    require_columns(table, [*numeric, *([cluster] if cluster else [])])
    for name in numeric:
        if not pd.api.types.is_numeric_dtype(table[name]):
            raise ColumnError(
                f"Column {name!r} is a number in each row; it holds {table[name].dtype}."
            )
    sample, notes = _sample(table, outcome, score, takeup, covariates, cluster)
    _require_both_sides(sample, cutoff)
    jump = jump_at(
        sample["outcome"].to_numpy(),
        sample["score"].to_numpy(),
        cutoff=cutoff,
        conf_level=level,
        takeup=sample["takeup"].to_numpy() if takeup else None,
        covariates=sample[list(covariates)].to_numpy() if covariates else None,
        clusters=pd.factorize(sample["cluster"])[0] if cluster else None,
    )
    distinct = int(sample["score"].nunique())
    if distinct < FEW_VALUES * len(sample):
        notes.append(
            say(
                "The score has mass points: {distinct:,} values in {rows:,} rows. The bandwidth is "
                "adjusted for them; with few values near the cutoff the interval is too short.",
                distinct=distinct,
                rows=len(sample),
            )
        )
    return ThresholdResult(
        title=say(
            "Jump of {outcome} where {score} reaches {cutoff:g}",
            outcome=outcome,
            score=score,
            cutoff=cutoff,
        ),
        unit=f"units of {outcome}" + (f" per unit of {takeup}" if takeup else ""),
        terms=_terms(jump),
        facts={
            "rows": len(sample),
            "design": "fuzzy" if takeup else "sharp",
            "outcome": outcome,
            "score": score,
            "cutoff": cutoff,
            "bandwidth_left": jump.bandwidths[0],
            "bandwidth_right": jump.bandwidths[1],
            "distinct_scores": distinct,
        },
        conf_level=level,
        notes=tuple(notes),
        sample=sample,
        cutoff=float(cutoff),
        bandwidth=max(jump.bandwidths),
        covariates=tuple(covariates),
    )


def _sample(
    table: pd.DataFrame,
    outcome: str,
    score: str,
    takeup: str | None,
    covariates: Sequence[str],
    cluster: str | None,
) -> tuple[pd.DataFrame, list[str]]:
    named = {"outcome": outcome, "score": score, **({"takeup": takeup} if takeup else {})}
    columns = {
        name: table[source].to_numpy(np.float64, na_value=np.nan)
        for name, source in (*named.items(), *((name, name) for name in covariates))
    }
    rows = pd.DataFrame(columns)
    whole = np.isfinite(rows.to_numpy()).all(axis=1)
    if cluster:
        rows["cluster"] = table[cluster].astype(str).to_numpy()
        whole &= table[cluster].notna().to_numpy()
    lost = int((~whole).sum())
    notes = (
        [say("{lost} of {rows} rows left out: a value is missing.", lost=lost, rows=len(rows))]
        if lost
        else []
    )
    return rows[whole].reset_index(drop=True), notes


def _require_both_sides(sample: pd.DataFrame, cutoff: float) -> None:
    above = int((sample["score"] >= cutoff).sum())
    below = len(sample) - above
    if min(above, below) < LEAST:
        raise ModelError(
            f"A jump at {cutoff:g} needs {LEAST} rows or more on both sides; there are {below} "
            f"below and {above} from it on. Check the cutoff and the unit of the score."
        )


def _terms(jump: Jump) -> pd.DataFrame:
    rows = [_row("conventional", jump.conventional, jump), _row("robust", jump.robust, jump)]
    if jump.first_stage is not None:
        rows.append(_row("first_stage", jump.first_stage, jump))
    return pd.DataFrame(rows)


def _row(term: str, found: Estimate, jump: Jump) -> dict[str, Any]:
    return {
        "term": term,
        "estimate": found.value,
        "std_error": found.std_error,
        "statistic": found.value / found.std_error,
        "p_value": found.p_value,
        "conf_low": found.low,
        "conf_high": found.high,
        "rows_left": jump.rows[0],
        "rows_right": jump.rows[1],
    }
