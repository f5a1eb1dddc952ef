"""All published figures at once, with a correction for their number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from toolkit.errors import OptionError, did_you_mean
from toolkit.language import say
from toolkit.models.claims.check import check_claim
from toolkit.models.claims.claim import Claim
from toolkit.models.claims.many_result import ClaimsResult
from toolkit.models.claims.verdict import Evidence, Verdict
from toolkit.results import TIDY_COLUMNS, Result
from toolkit.schema import FIGURES, require_columns
from toolkit.tables import as_pandas

__all__ = ["Correction", "check_claims"]

Correction = Literal["benjamini_yekutieli", "benjamini_hochberg"]

METHODS = {"benjamini_yekutieli": "by", "benjamini_hochberg": "bh"}

AUTHORS = {
    "benjamini_yekutieli": "Benjamini and Yekutieli",
    "benjamini_hochberg": "Benjamini and Hochberg",
}

DECIDING_DATA = {
    "magnetism": "loans or investments by firm and funder, with dates and amounts",
    "survival": "firms with the dates of start, production and exit",
    "growth": "the series itself at both dates, with what it is held against",
    "pricing": "interest rates by loan, with those of comparable loans",
    "risk_pool": "loans under the pool, with defaults, recoveries and payments",
    "funnel": "applications with dates and amounts of each stage",
    "scoring": "scores by firm, with decisions and outcomes",
    "concentration": "a register of firms by place and kind",
    "programme": "the programme's own accounts: firms, loans and amounts",
}

RULES = "the rules of the programme, as its office publishes them"

DECIDING_DATA_BY_MEASURE = {
    "annual_trade": "the accounts of that firm",
    "credit_limit": RULES,
    "enterprises_target": RULES,
    "loan_amount": "the contract of that loan",
    "loan_size": RULES,
    "loss_coverage": RULES,
    "patents": "the register of patents",
    "quota": RULES,
    "renewal_term": RULES,
    "risk_pool_size": "the accounts of the pool",
    "score_threshold": RULES,
}
"""Where the measure says more than its family of what would decide a figure."""

FACTS = (
    "verdict", "verdict_alone", "q_value", "claim_low", "claim_high", "as_published",
    "minimum_detectable", "compared", "proxy", "reason", "needed",
)  # fmt: skip


def check_claims(
    figures: Any,
    results: Mapping[str, Result | Evidence],
    *,
    correction: Correction = "benjamini_yekutieli",
    margin: float = 0.5,
) -> ClaimsResult:
    """Hold all published figures against estimates, with a false-discovery correction.

    Each figure is checked alone as :func:`check_claim` does. Then the p values of all are
    adjusted together, and a claim stays contradicted only if its adjusted p value (``q_value``) is
    below one less the level of the intervals; else it is not decided.

    Parameters
    ----------
    figures : frame or path
        Clean figures, as :func:`toolkit.clean_figures` returns them.
    results : mapping of str to Result or Evidence
        By ``figure_id``: what the figure is held against.
    correction : {"benjamini_yekutieli", "benjamini_hochberg"}
        The first holds however the estimates depend on each other; the second if they are
        independent or positively dependent.
    margin : float
        As for :func:`check_claim`.

    Returns
    -------
    ClaimsResult
        One row per figure: ``figure_id``, ``term`` (what it is said of), the estimate with its
        interval, ``p_value``, and behind them ``verdict``, ``verdict_alone`` (before correction),
        ``q_value``, ``claim_low claim_high as_published minimum_detectable compared proxy
        reason needed``. Figures without an estimate are not decided; ``needed`` names the data that
        would decide them. Also ``checked()``, ``unchecked()``, ``said()`` and ``verdicts``.

    Raises
    ------
    ColumnError
        If a column of figures is missing.
    OptionError
        If a result is for a figure that is not there, levels differ, or an option cannot be meant.

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. JRSS B 57,
        289-300.
    Benjamini, Y. and Yekutieli, D. (2001). The control of the false discovery rate in multiple
        testing under dependency. Annals of Statistics 29, 1165-1188.
    """
    if correction not in METHODS:
        raise OptionError(
            f"correction is {' or '.join(map(repr, METHODS))}; got {correction!r}."
            f"{did_you_mean(correction, METHODS)}"
        )
    rows = as_pandas(figures)
    require_columns(rows, FIGURES.names)
    there = rows["figure_id"].tolist()
    for figure_id in results:
        if figure_id not in there:
            raise OptionError(
                f"results has an estimate for {figure_id!r}, which is no figure."
                f"{did_you_mean(figure_id, there)}"
            )
    claims = {str(row["figure_id"]): row for _, row in rows.iterrows()}
    verdicts = {
        name: check_claim(claims[name], result, margin=margin) for name, result in results.items()
    }
    level = _level(verdicts)
    adjusted = _adjusted(verdicts, METHODS[correction])
    table = [
        _judged(verdicts[name], adjusted[name]) if name in verdicts else _open(row)
        for name, row in claims.items()
    ]
    return ClaimsResult(
        title="Published figures held against estimates",
        unit="the unit of each figure",
        terms=pd.DataFrame(table, columns=["figure_id", *TIDY_COLUMNS, *FACTS]),
        facts={"figures": len(rows), "checked": len(verdicts), "correction": correction},
        conf_level=level,
        notes=(
            say(
                "One number counts as supported only where a truth off by {margin:g}% of it would "
                "have been told with 80% power.",
                margin=100 * margin,
            ),
            say(
                "A claim stays contradicted only if that holds for all checked claims at a false "
                "discovery rate of {level:g}% ({authors}).",
                level=100 * (1 - level),
                authors=AUTHORS[correction],
            ),
            *_proxy_notes(verdicts),
        ),
        verdicts=verdicts,
    )


def _proxy_notes(verdicts: Mapping[str, Verdict]) -> list[str]:
    proxies = [name for name, verdict in verdicts.items() if verdict.proxy is not None]
    if not proxies:
        return []
    return [
        say(
            "Held against a proxy: {proxies}. What a proxy contradicts may still hold of what was "
            "claimed; the two then differ.",
            proxies=say(", ").join(proxies),
        )
    ]


def _level(verdicts: Mapping[str, Verdict]) -> float:
    levels = sorted({verdict.conf_level for verdict in verdicts.values()})
    if len(levels) > 1:
        raise OptionError(
            "Claims checked together need intervals of one level; the results have "
            f"{', '.join(f'{level:g}' for level in levels)}. Estimate them with one conf_level."
        )
    return levels[0] if levels else 0.95


def _adjusted(verdicts: Mapping[str, Verdict], method: str) -> dict[str, float]:
    from scipy.stats import false_discovery_control

    tested = {name: v.p_value for name, v in verdicts.items() if not np.isnan(v.p_value)}
    values = false_discovery_control(list(tested.values()), method=method) if tested else []
    return dict.fromkeys(verdicts, float("nan")) | {
        name: float(value) for name, value in zip(tested, values, strict=True)
    }


def _judged(verdict: Verdict, q_value: float) -> dict[str, Any]:
    final = verdict
    if verdict.status == "contradicted" and not q_value < 1 - verdict.conf_level:
        final = replace(
            verdict,
            status="not_decided",
            reason=say(
                "{reason}, but not after correction for all claims (q = {q_value:.3f})",
                reason=verdict.reason,
                q_value=q_value,
            ),
        )
    return _claim_columns(verdict.claim) | {
        "estimate": verdict.estimate,
        "p_value": verdict.p_value,
        "conf_low": _finite(verdict.conf_low),
        "conf_high": _finite(verdict.conf_high),
        "verdict": final.status,
        "verdict_alone": verdict.status,
        "q_value": q_value,
        "minimum_detectable": _finite(verdict.minimum_detectable),
        "compared": verdict.compared,
        "proxy": verdict.proxy or "",
        "reason": final.reason,
        "needed": "",
    }


def _open(row: pd.Series[Any]) -> dict[str, Any]:
    claim = Claim.read(row)
    by_family = DECIDING_DATA.get(claim.family, "the data behind the figure")
    needed = DECIDING_DATA_BY_MEASURE.get(str(row["measure"]), by_family)
    return _claim_columns(claim) | {
        "verdict": "not_decided",
        "verdict_alone": "not_decided",
        "compared": "",
        "proxy": "",
        "reason": say("no estimate is given; it would take {needed}", needed=needed),
        "needed": needed,
    }


def _claim_columns(claim: Claim) -> dict[str, Any]:
    return {
        "figure_id": claim.figure_id,
        "term": claim.subject,
        "claim_low": _finite(claim.span.low),
        "claim_high": _finite(claim.span.high),
        "as_published": claim.text,
    }


def _finite(value: float) -> float:
    """Return a bound as tables have it: empty where there is none."""
    return value if np.isfinite(value) else float("nan")
