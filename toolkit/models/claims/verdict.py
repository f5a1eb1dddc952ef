"""What an estimate says of a claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from toolkit.errors import OptionError, did_you_mean
from toolkit.language import say
from toolkit.models.claims.claim import Claim
from toolkit.models.claims.units import check_unit_word
from toolkit.results import Prose, Result, format_number

__all__ = ["POWER", "Evidence", "Status", "Verdict"]

Status = Literal["supported", "contradicted", "not_decided"]

POWER = 0.8
"""Power at which a difference counts as detectable."""

WORDS = {"supported": "supported", "contradicted": "contradicted", "not_decided": "not decided"}


@dataclass(frozen=True, kw_only=True, eq=False)
class Evidence:
    """One row of a result, and what it stands for.

    Parameters
    ----------
    result : Result
        The result.
    where : mapping, optional
        Values of columns that choose the row, such as ``{"region": "430000", "term": "ratio"}``.
    proxy : str, optional
        If the estimate is not of what the claim says, what it is of instead.
    unit : str, optional
        Unit of the estimate, if the result says it in words that are not known.

    Raises
    ------
    OptionError
        If the unit is none that there is.
    """

    result: Result
    where: Mapping[str, Any] = field(default_factory=dict)
    proxy: str | None = None
    unit: str | None = None

    def __post_init__(self) -> None:
        check_unit_word(self.unit)

    def unit_of(self, row: pd.Series[Any]) -> str:
        """Return the unit of a row of the result, in the words of the result if not said here."""
        return self.unit or str(row.get("unit", self.result.unit))

    def row(self) -> pd.Series[Any]:
        """Return the row.

        Raises
        ------
        OptionError
            If a column is not there, or not one row is chosen.
        """
        rows = self.result.tidy()
        for name, value in self.where.items():
            if name not in rows:
                raise OptionError(
                    f"{name!r} is no column of this result.{did_you_mean(name, rows.columns)} Its "
                    f"columns are: {', '.join(map(str, rows.columns))}."
                )
            rows = rows[rows[name] == value]
        if len(rows) != 1:
            raise OptionError(
                f"A claim is held against one estimate; {self.result.title!r} has {len(rows)} rows "
                f"{'that fit' if self.where else 'in all'}. Choose one with where={{...}}, such as "
                "where={'term': ...}."
            )
        return rows.iloc[0]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether an estimate supports a claim, contradicts it, or leaves it open.

    Parameters
    ----------
    claim : Claim
        What was published.
    status : {"supported", "contradicted", "not_decided"}
        The verdict.
    reason : str
        Why.
    compared : str
        What was held against what; a proxy is called one.
    estimate, conf_low, conf_high, conf_level : float
        The estimate with its interval; a missing limit is infinite.
    p_value : float
        Two-sided, of the nearest number that the claim allows, from the half of the interval that
        faces it: below ``1 - conf_level`` exactly where the interval misses the claim.
    minimum_detectable : float
        Distance between truth and claim that this data would have contradicted with 80% power.
    proxy : str or None
        What the estimate is of, if not of what is claimed.
    """

    claim: Claim
    status: Status
    reason: str
    compared: str
    estimate: float
    conf_low: float
    conf_high: float
    conf_level: float
    p_value: float
    minimum_detectable: float
    proxy: str | None = None

    def power(self, truth: float) -> float:
        """Return the probability that such data contradict the claim if this is the truth.

        Parameters
        ----------
        truth : float
            A number; within the claim, the power is the risk of a false contradiction or less.
        """
        if not np.isfinite(self.minimum_detectable):
            return float("nan")
        critical = float(ndtri((1 + self.conf_level) / 2))
        error = self.minimum_detectable / (critical + float(ndtri(POWER)))
        span = self.claim.span
        below, above = (span.low - truth) / error, (truth - span.high) / error
        return float(ndtr(below - critical) + ndtr(above - critical))

    def sentence(self) -> Prose:
        """Return the verdict with its reason in one sentence; a proxy is called one."""
        text = f"{self.claim.text!r}" if self.claim.text else str(self.claim.span)
        of = say(" ({subject})", subject=self.claim.subject) if self.claim.subject else ""
        by = (
            "this data" if self.proxy is None else say("a proxy for it ({proxy})", proxy=self.proxy)
        )
        return Prose(
            say(
                "The claim {text}{of} is {words} by {by}: {reason}.",
                text=text,
                of=of,
                words=WORDS[self.status],
                by=by,
                reason=self.reason,
            )
        )

    def __str__(self) -> str:
        least = (
            say(
                " Data like these contradict with {power:.0f}% power what is off by "
                "{minimum_detectable}.",
                power=100 * POWER,
                minimum_detectable=format_number(self.minimum_detectable),
            )
            if np.isfinite(self.minimum_detectable)
            else ""
        )
        return say(
            "{sentence} Compared: {compared}.{least}",
            sentence=self.sentence(),
            compared=self.compared,
            least=least,
        )
