"""Whether groups share one curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.special import ndtr

from toolkit.errors import ModelError, OptionError
from toolkit.language import say
from toolkit.models.curves import (
    Comparison,
    RiskSets,
    chi_square_tail,
    gray_test,
    log_rank_names,
    log_rank_test,
    quadratic_form,
    risk_sets,
)
from toolkit.models.survival.assumed import curve_notes, size_facts
from toolkit.models.survival.spells import read_study
from toolkit.models.survival.study import Group, check_choice
from toolkit.results import Prose, Result
from toolkit.tables import as_names

__all__ = ["LogRank", "log_rank"]

Weights = Literal["log_rank", "wilcoxon", "tarone_ware", "peto", "fleming_harrington", "gray"]

NAMES = {
    "log_rank": "Log-rank test",
    "wilcoxon": "Wilcoxon (Gehan-Breslow) test",
    "tarone_ware": "Tarone-Ware test",
    "peto": "Peto-Peto test",
    "fleming_harrington": "Fleming-Harrington test",
    "gray": "Gray's test",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class LogRank(Result):
    """Observed over expected events per group; the test itself is in the facts.

    Per row, ``statistic`` and ``p_value`` test that group against the others.
    """

    estimate_label = "observed over expected"

    def sentence(self) -> Prose:
        """Return the test with its p-value."""
        p = self.facts["p_value"]
        shown = "p < 0.001" if p < 0.001 else say("p = {p:.3f}", p=p)
        what = "incidence of production" if self.facts["weights"] == "gray" else "pace"
        verdict = "differ in their" if p < 0.05 else "cannot be told apart by their"
        df = self.facts["df"]
        degrees = (
            say("{df} degree of freedom", df=df)
            if df == 1
            else say("{df} degrees of freedom", df=df)
        )
        return Prose(
            say(
                "The {number} groups by {groups} {verdict} {what}: chi-square {statistic:.2f} on "
                "{degrees}, {shown}.",
                number=len(self.terms),
                groups=say(", ").join(map(say, self.groups)),
                verdict=verdict,
                what=what,
                statistic=self.facts["statistic"],
                degrees=degrees,
                shown=shown,
            )
        )

    def key_figures(self) -> dict[str, str]:
        """Return the p-value."""
        return {say("{title}, p-value", title=self.title): f"{self.facts['p_value']:.4f}"}


def log_rank(
    milestones: Any,
    *,
    by: str | Sequence[str],
    weights: Weights = "log_rank",
    rho: float | None = None,
    gamma: float = 0.0,
    strata: str | Sequence[str] | None = None,
    scores: Sequence[float] | None = None,
    entry: Literal["use", "ignore"] = "use",
) -> LogRank:
    r"""Test that groups reach production at the same pace.

    .. math:: \chi^2 = U' V^{-} U, \qquad U_g = \sum_k w_k (d_{gk} - d_k \, r_{gk} / r_k)

    with :math:`d_{gk}` of the :math:`d_k` events and :math:`r_{gk}` of the :math:`r_k` at risk in
    group g, weights :math:`w_k`, and V the hypergeometric covariance of U.

    Parameters
    ----------
    milestones : frame or path
        Spells or counts, as for :func:`survival_curve`.
    by : str or sequence of str
        Columns that make the groups.
    weights : str
        ``"log_rank"``, ``"wilcoxon"``, ``"tarone_ware"``, ``"peto"``, ``"fleming_harrington"``
        (with `rho` and `gamma`): they compare the hazards of production, with exits censored, and
        differ in which ages count most. ``"gray"`` compares the cumulative incidences, exits
        competing (with `rho`).
    rho, gamma : float
        Powers of Fleming and Harrington's weights (1 and 0 unless given), or of Gray's (0).
    strata : str or sequence of str, optional
        Columns within whose values the groups are compared.
    scores : sequence of float, optional
        One number per group in the order of their keys: the test is then for a trend in them.
    entry : {"use", "ignore"}
        As for :func:`survival_curve`.

    Returns
    -------
    LogRank
        One row per group with ``observed`` and ``expected`` events; ``statistic``, ``df`` and
        ``p_value`` of the test are facts.

    Raises
    ------
    ModelError
        If there are fewer than two groups, or no event.

    References
    ----------
    Fleming and Harrington (1991), ch. 7; Gray (1988), Annals of Statistics 16, 1141-1154.

    Examples
    --------
    >>> import pandas as pd
    >>> spells = pd.DataFrame(
    ...     {
    ...         "duration": [1, 2, 3, 4],
    ...         "outcome": "production",
    ...         "sector": ["a", "a", "b", "b"],
    ...     }
    ... )
    >>> round(log_rank(spells, by="sector").facts["statistic"], 4)
    2.8824
    """
    check_choice("weights", weights, (*log_rank_names, "gray"))
    groups, within = as_names(by), as_names(strata)
    _refuse_idle_powers(weights, rho=rho, gamma=gamma)
    study = read_study(milestones, by=[*groups, *within], entry=entry)
    keys = sorted({group.key[: len(groups)] for group in study.groups})
    if len(keys) < 2:
        raise ModelError(
            f"A test compares two groups or more; by={', '.join(groups)} has {len(keys)}. "
            "Group by another column."
        )
    parts: dict[tuple[Any, ...], dict[tuple[Any, ...], Group]] = {}
    for group in study.groups:
        stratum = parts.setdefault(group.key[len(groups) :], {})
        stratum[group.key[: len(groups)]] = group
    tested = [_compared(stratum, keys, weights, rho=rho, gamma=gamma) for stratum in parts.values()]
    comparison = tested[0]
    for more in tested[1:]:
        comparison = comparison + more
    if comparison.observed.sum() == 0:
        raise ModelError("A test needs events; no spell reached production. Observe them longer.")
    statistic, df = _tested(comparison, scores)
    sets_by_key = {group.key: group.risk_sets() for group in study.groups}
    exits = "compete" if weights == "gray" else "censor"
    trend = ", for trend" if scores is not None else ""
    return LogRank(
        title=NAMES[weights] + trend,
        unit="observed over expected events",
        terms=_terms(comparison, keys, groups),
        facts=size_facts(study, sets_by_key, exits=exits)
        | {
            "weights": weights,
            "strata": ", ".join(within) or "none",
            "statistic": statistic,
            "df": df,
            "p_value": chi_square_tail(statistic, df),
        },
        notes=curve_notes(study, sets_by_key, exits=exits),
    )


def _refuse_idle_powers(weights: str, *, rho: float | None, gamma: float) -> None:
    takes_rho = weights in ("fleming_harrington", "gray")
    if (rho is not None and not takes_rho) or (gamma and weights != "fleming_harrington"):
        raise OptionError(
            f"rho and gamma are powers of weights='fleming_harrington' (rho also of 'gray'); "
            f"weights={weights!r} has none. Leave them out, or choose those weights."
        )


def _compared(
    stratum: dict[tuple[Any, ...], Group],
    keys: list[tuple[Any, ...]],
    weights: Weights,
    *,
    rho: float | None,
    gamma: float,
) -> Comparison:
    times = np.unique(np.concatenate([group.duration for group in stratum.values()]))
    nobody = np.zeros(len(times))
    empty = RiskSets(time=times, at_risk=nobody, events=nobody, exits=nobody, censored=nobody)
    every = [
        empty
        if (group := stratum.get(key)) is None
        else risk_sets(
            group.duration,
            group.outcome,
            weights=group.weight,
            entry=group.entry,
            entry_weights=group.entry_weight,
            times=times,
        )
        for key in keys
    ]
    if weights == "gray":
        return gray_test(every, rho=rho or 0.0)
    power = 1.0 if rho is None else rho
    return log_rank_test(every, weights=weights, rho=power, gamma=gamma)


def _tested(comparison: Comparison, scores: Sequence[float] | None) -> tuple[float, int]:
    if scores is None:
        return quadratic_form(comparison.score, comparison.covariance)
    number = np.asarray(scores, dtype=float)
    if len(number) != len(comparison.score):
        raise OptionError(
            f"scores has one number per group; got {len(number)} for {len(comparison.score)} "
            "groups. Give them in the order of the groups' keys."
        )
    if np.ptp(number) == 0:
        raise OptionError("scores order the groups; all are equal. Give different numbers.")
    spread = float(number @ comparison.covariance @ number)
    return float(number @ comparison.score) ** 2 / spread, 1


def _terms(
    comparison: Comparison, keys: list[tuple[Any, ...]], groups: tuple[str, ...]
) -> pd.DataFrame:
    spread = np.sqrt(np.maximum(np.diag(comparison.covariance), 0.0))
    z = np.divide(comparison.score, spread, out=np.full(len(spread), np.nan), where=spread > 0)
    ratio = np.divide(
        comparison.observed,
        comparison.expected,
        out=np.full(len(spread), np.nan),
        where=comparison.expected > 0,
    )
    names = pd.DataFrame(keys, columns=list(groups))
    return names.assign(
        term="observed_over_expected",
        estimate=ratio,
        std_error=np.nan,
        statistic=z,
        p_value=2 * ndtr(-np.abs(z)),
        conf_low=np.nan,
        conf_high=np.nan,
        observed=comparison.observed,
        expected=comparison.expected,
    )
