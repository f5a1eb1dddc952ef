"""One published figure held against one estimate."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
from scipy.special import ndtr, ndtri

from toolkit.errors import OptionError
from toolkit.language import say
from toolkit.models.claims.bounds import Span
from toolkit.models.claims.claim import Claim
from toolkit.models.claims.units import check_units
from toolkit.models.claims.verdict import POWER, Evidence, Status, Verdict
from toolkit.results import Result, format_number

__all__ = ["check_claim"]


def check_claim(
    claim: Any,
    result: Result | Evidence,
    *,
    where: Mapping[str, Any] | None = None,
    proxy: str | None = None,
    unit: str | None = None,
    margin: float = 0.5,
) -> Verdict:
    r"""Hold a published figure against an estimate.

    Let C be the numbers that the claim allows and I the interval of the estimate. The claim is
    *contradicted* where C and I have no number in common. A bound or a range is *supported* where
    I lies in C. One number is *supported* where I holds it and the data could have told: the
    minimum detectable difference, :math:`(z_{1-\alpha/2} + z_{0.8})\,s`, is at most `margin` times
    the number. All else is *not decided*.

    Parameters
    ----------
    claim : row of clean figures, mapping, Claim or float
        What was published; ``low high bound inclusive`` say which numbers it allows. *About*
        reaches 5% to both sides.
    result : Result or Evidence
        The estimate, in the unit of the claim: an amount, a share, a ratio and a time are never
        held against each other.
    where : mapping, optional
        Values of columns that choose one row of the result.
    proxy : str, optional
        What the estimate is of, where it is not of what is claimed; the verdict says it.
    unit : str, optional
        Unit of the estimate, if the result says it in words that are not known: ``"CNY"``,
        ``"share"``, ``"ratio"``, ``"count"``, ``"months"`` and so on.
    margin : float
        How far, as a share of a single number, the truth may be off without the data being
        expected to tell.

    Returns
    -------
    Verdict
        Also ``power(truth)`` and ``sentence()``.

    Raises
    ------
    ColumnError, DataError
        If the figure lacks a column or a number.
    OptionError
        If not one row of the result is chosen, claim and estimate are in different units, or an
        option cannot be meant.

    References
    ----------
    Bloom, H. S. (1995). Minimum detectable effects. Evaluation Review 19, 547-556.

    Examples
    --------
    >>> import pandas as pd
    >>> from toolkit.models.magnetism import magnetism_ratio
    >>> firms = pd.DataFrame({"micro": [1.0, 2.0, 1.0, 2.0], "bank": [4.9, 10.3, 5.1, 9.8]})
    >>> check_claim(5.0, magnetism_ratio(firms, lead="micro", follow="bank")).status
    'supported'
    """
    if not (margin > 0 and math.isfinite(margin)):
        raise OptionError(f"margin is a share of the claimed number, above 0; got {margin:g}.")
    said = Claim.read(claim)
    evidence = _evidence(result, where=where, proxy=proxy, unit=unit)
    row, level = evidence.row(), evidence.result.conf_level
    check_units(
        said.unit,
        evidence.unit_of(row),
        term=str(row["term"]) if evidence.unit is None else "",
        claim=said.figure_id,
        title=evidence.result.title,
    )
    estimate = float(row["estimate"])
    low, high = (_limit(row[name], sign) for name, sign in (("conf_low", -1), ("conf_high", 1)))
    error = _error(estimate, low, high, level)
    detectable = error * float(ndtri((1 + level) / 2) + ndtri(POWER))
    status, reason = _judge(
        said.span, estimate, low, high, level=level, detectable=detectable, margin=margin
    )
    return Verdict(
        claim=said,
        status=status,
        reason=reason,
        compared=_compared(said, evidence),
        estimate=estimate,
        conf_low=low,
        conf_high=high,
        conf_level=level,
        p_value=_p_value(said.span, estimate, low, high, level),
        minimum_detectable=detectable,
        proxy=evidence.proxy,
    )


def _evidence(
    result: Result | Evidence,
    *,
    where: Mapping[str, Any] | None,
    proxy: str | None,
    unit: str | None,
) -> Evidence:
    if isinstance(result, Evidence):
        if where is not None or proxy is not None or unit is not None:
            raise OptionError("Evidence has its own where, proxy and unit; do not give them twice.")
        return result
    if not isinstance(result, Result):
        raise OptionError(f"result is a Result or Evidence; got {type(result).__name__}.")
    return Evidence(result=result, where=where or {}, proxy=proxy, unit=unit)


def _limit(value: Any, sign: int) -> float:
    return sign * math.inf if pd.isna(value) else float(value)


def _error(estimate: float, low: float, high: float, level: float) -> float:
    """Return the standard error that the wider half of the interval amounts to."""
    if math.isnan(estimate):
        return math.nan
    return max(estimate - low, high - estimate) / float(ndtri((1 + level) / 2))


def _p_value(span: Span, estimate: float, low: float, high: float, level: float) -> float:
    if math.isnan(estimate) or (math.isinf(low) and math.isinf(high)):
        return math.nan
    if span.low <= estimate <= span.high:
        return 1.0
    distance, half = (
        (span.low - estimate, high - estimate)
        if estimate < span.low
        else (estimate - span.high, estimate - low)
    )
    if half == 0:
        return 0.0
    return float(2 * ndtr(-distance / half * float(ndtri((1 + level) / 2))))


def _judge(
    span: Span,
    estimate: float,
    low: float,
    high: float,
    *,
    level: float,
    detectable: float,
    margin: float,
) -> tuple[Status, str]:
    if math.isnan(estimate):
        return "not_decided", "there is no estimate"
    if math.isinf(low) and math.isinf(high):
        return "not_decided", say(
            "the estimate {estimate} has no interval", estimate=format_number(estimate)
        )
    interval = Span(low=low, high=high)
    limits = str(interval)
    if math.isfinite(low) and math.isfinite(high):
        limits = say("{low} to {high}", low=format_number(low), high=format_number(high))
    found = say(
        "the {level:g}% interval {limits} of the estimate {estimate}",
        level=100 * level,
        limits=limits,
        estimate=format_number(estimate),
    )
    if not span.meets(interval):
        side = "below" if estimate < span.low or high <= span.low else "above"
        return "contradicted", say(
            "{found} lies {side} what the claim allows ({span})", found=found, side=side, span=span
        )
    if not span.is_point:
        if span.contains_span(interval):
            return "supported", say(
                "{found} lies within what the claim allows ({span})", found=found, span=span
            )
        return "not_decided", say(
            "{found} reaches to both sides of the claim ({span})", found=found, span=span
        )
    if detectable <= margin * abs(span.low):
        return "supported", say("{found} holds the claimed {span}", found=found, span=span)
    return "not_decided", say(
        "{found} holds the claimed {span}, but is so wide that a truth off by less than "
        "{detectable} would not have been told from it",
        found=found,
        span=span,
        detectable=format_number(detectable),
    )


def _compared(claim: Claim, evidence: Evidence) -> str:
    chosen = say(", ").join(
        say("{name} {value}", name=name, value=value) for name, value in evidence.where.items()
    )
    estimate = say(
        "{title} ({unit}{mark}{chosen})",
        title=evidence.result.title,
        unit=evidence.result.unit,
        mark="; " if chosen else "",
        chosen=chosen,
    )
    said = say(
        "{claimed} ({unit})", claimed=claim.subject or claim.figure_id, unit=claim.unit or "no unit"
    )
    if evidence.proxy is None:
        return say("{said} with {estimate}", said=said, estimate=estimate)
    return say(
        "{said} with a proxy, {proxy}: {estimate}",
        said=said,
        proxy=evidence.proxy,
        estimate=estimate,
    )
