"""The small language in which a covariance is asked for, and the arrays that answer it.

==================  ==================================================================
``HC0`` … ``HC3``   independent rows of unequal variance
``CR0`` … ``CR3``   clusters by region; ``CR1(zone)`` by another grouping
``CR1(region, year)``  two ways
``NW``, ``NW(2)``   serial dependence within regions, up to so many lags
``DK``, ``DK(2)``   Driscoll-Kraay: dependence across regions and over time
``Conley(500)``     dependence up to so many kilometres; ``Conley(500, 2)`` and years
``WCB``, ``WCB(9999)``  wild cluster bootstrap by region, with so many draws
==================  ==================================================================
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from toolkit.errors import ModelError, OptionError, did_you_mean
from toolkit.language import say
from toolkit.models.panels.bootstrap import wild_cluster_bootstrap
from toolkit.models.panels.covariance import (
    clustered,
    conley,
    driscoll_kraay,
    heteroskedastic,
    leverage_adjusted,
    newey_west,
    usual_lags,
)
from toolkit.models.panels.effects import Codes
from toolkit.models.panels.fit import PanelFit

__all__ = ["Layout", "Vcov", "inference", "parse_vcov"]

Floats = NDArray[np.float64]

KINDS = (
    *(f"HC{i}" for i in range(4)),
    *(f"CR{i}" for i in range(4)),
    "NW",
    "DK",
    "Conley",
    "WCB",
)
EXAMPLES = "HC1, CR1, CR1(region, year), NW(2), DK(2), Conley(500), Conley(500, 2), WCB(9999)"
FEW_CLUSTERS = 20


@dataclass(frozen=True, kw_only=True)
class Vcov:
    """A covariance that was asked for: its kind, groupings and numbers."""

    kind: str
    groups: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Layout:
    """Where the rows of a fit stand.

    Parameters
    ----------
    units : integer array of shape (n,)
    times : integer array of shape (n,)
    groupings : mapping of str to integer arrays of shape (n,)
        What rows may be clustered by.
    distances : array of shape (units, units), optional
        Kilometres, for Conley.
    """

    units: Codes
    times: NDArray[np.integer[Any]]
    groupings: Mapping[str, Codes]
    distances: Floats | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Inference:
    """Coefficients, errors, tests and intervals, shape (k,) each, and what must be said of them."""

    estimate: Floats
    std_error: Floats
    statistic: Floats
    p_value: Floats
    conf_low: Floats
    conf_high: Floats
    covariance: Floats
    notes: tuple[str, ...]

    def row(self, place: int) -> dict[str, float]:
        """Return the numbers of one coefficient by name."""
        names = ("estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high")
        return {name: float(getattr(self, name)[place]) for name in names}


def parse_vcov(text: str) -> Vcov:
    """Read a covariance such as ``"CR1(region, year)"``.

    Raises
    ------
    OptionError
        If the text is not of the language; the message shows it.

    Examples
    --------
    >>> parse_vcov("Conley(500, 2)")
    Vcov(kind='Conley', groups=(), numbers=(500.0, 2.0))
    """
    match = re.fullmatch(r"\s*([A-Za-z]+\d?)\s*(?:\(([^()]*)\))?\s*", text)
    kinds = {kind.casefold(): kind for kind in KINDS}
    if not match or match[1].casefold() not in kinds:
        raise OptionError(f"No covariance {text!r}.{did_you_mean(text, KINDS)} Write {EXAMPLES}.")
    kind = kinds[match[1].casefold()]
    words = [word.strip() for word in (match[2] or "").split(",") if word.strip()]
    if kind.startswith("CR") and len(words) <= (2 if kind in ("CR0", "CR1") else 1):
        return Vcov(kind=kind, groups=tuple(words))
    most = {"NW": 1, "DK": 1, "Conley": 2, "WCB": 1}.get(kind, 0)
    numeric = all(re.fullmatch(r"\d+(\.\d+)?", word) for word in words)
    if (
        kind.startswith("CR")
        or not numeric
        or len(words) > most
        or (kind == "Conley" and not words)
    ):
        raise OptionError(f"The covariance {text!r} cannot be read. Write {EXAMPLES}.")
    return Vcov(kind=kind, numbers=tuple(map(float, words)))


def inference(
    fit: PanelFit, vcov: Vcov, layout: Layout, *, conf_level: float, random_state: int
) -> Inference:
    """Return errors, t tests and intervals of a fit under the covariance asked for.

    Degrees of freedom: clusters less one (the smaller way of two), years less one for
    Driscoll-Kraay, rows less parameters otherwise.

    Raises
    ------
    OptionError
        If a grouping is unknown.
    ModelError
        If the covariance cannot be had from these rows.
    """
    matrix, freedom, notes = _covariance(fit, vcov, layout)
    variance = np.diag(matrix)
    if (variance < 0).any():
        notes.append(
            say("{kind}: a variance came out negative and is not reported.", kind=vcov.kind)
        )
    errors = np.sqrt(np.where(variance >= 0, variance, np.nan))
    statistic = fit.coefficients / errors
    reach = stdtrit(freedom, 0.5 + conf_level / 2) * errors
    p_value = 2 * stdtr(freedom, -np.abs(statistic))
    low, high = fit.coefficients - reach, fit.coefficients + reach
    if vcov.kind == "WCB":
        p_value, low, high = _bootstrapped(fit, vcov, layout, conf_level, random_state)
    return Inference(
        estimate=fit.coefficients,
        std_error=errors,
        statistic=statistic,
        p_value=p_value,
        conf_low=low,
        conf_high=high,
        covariance=matrix,
        notes=tuple(notes),
    )


def _covariance(fit: PanelFit, vcov: Vcov, layout: Layout) -> tuple[Floats, float, list[str]]:
    freedom = float(len(fit.outcome) - fit.rank)
    kind, numbers = vcov.kind, vcov.numbers
    if kind.startswith("HC"):
        leverage = fit.leverage() if kind in ("HC2", "HC3") else None
        matrix = heteroskedastic(
            fit.design,
            fit.residuals,
            fit.bread,
            kind=kind,  # type: ignore[arg-type]
            leverage=leverage,
            rank=fit.rank,
        )
        return matrix, freedom, []
    if kind == "NW":
        lags = _lags(vcov, layout, place=0)
        matrix = newey_west(
            fit.scores, fit.bread, layout.units, layout.times, lags=lags, rank=fit.rank
        )
        return matrix, freedom, [say("Newey-West with {lags} lags (Bartlett).", lags=lags)]
    if kind == "DK":
        return _driscoll_kraay(fit, vcov, layout)
    if kind == "Conley":
        if layout.distances is None:
            raise ModelError("Conley's covariance needs places, and some regions have none.")
        lags = int(numbers[1]) if len(numbers) > 1 else 0
        matrix = conley(
            fit.scores,
            fit.bread,
            layout.units,
            layout.times,
            layout.distances,
            cutoff=numbers[0],
            lags=lags,
        )
        said = say("Conley up to {distance:g} km and {lags} years.", distance=numbers[0], lags=lags)
        return matrix, freedom, [said]
    return _clustered(fit, vcov, layout)


def _driscoll_kraay(fit: PanelFit, vcov: Vcov, layout: Layout) -> tuple[Floats, float, list[str]]:
    lags = _lags(vcov, layout, place=0)
    periods = len(np.unique(layout.times))
    if periods < 2:
        raise ModelError("Driscoll-Kraay needs two years or more; the rows are of one. Use HC1.")
    rank = fit.rank_beside([np.asarray(layout.times - layout.times.min(), dtype=np.intp)])
    matrix = driscoll_kraay(fit.scores, fit.bread, layout.times, lags=lags, rank=rank)
    notes = [
        say("Driscoll-Kraay with {lags} lags over {periods} years.", lags=lags, periods=periods)
    ]
    if periods < FEW_CLUSTERS:
        notes.append(
            say("Driscoll-Kraay leans on many years; there are {periods}.", periods=periods)
        )
    return matrix, float(periods - 1), notes


def _clustered(fit: PanelFit, vcov: Vcov, layout: Layout) -> tuple[Floats, float, list[str]]:
    names = vcov.groups or ("region",)
    for name in names:
        if name not in layout.groupings:
            raise OptionError(
                f"No grouping {name!r} to cluster by.{did_you_mean(name, layout.groupings)} "
                f"There is: {', '.join(layout.groupings)}."
            )
    clusters = [layout.groupings[name] for name in names]
    counts = [int(np.count_nonzero(np.bincount(codes))) for codes in clusters]
    if min(counts) < 2:
        raise ModelError(f"Clusters by {names[counts.index(1)]}: there is one alone. Use HC1.")
    few = say("{clusters} clusters are few; WCB is safer.", clusters=min(counts))
    notes = [few] if min(counts) < FEW_CLUSTERS else []
    if vcov.kind in ("CR2", "CR3"):
        design = fit.design_within(clusters[0])
        bread: Floats = np.asarray(np.linalg.pinv(design.T @ design, hermitian=True), np.float64)
        matrix = leverage_adjusted(
            design,
            fit.residuals,
            bread,
            clusters[0],
            kind=vcov.kind,  # type: ignore[arg-type]
        )
        k = len(fit.coefficients)
        return matrix[:k, :k], float(min(counts) - 1), notes
    matrix = clustered(
        fit.scores,
        fit.bread,
        clusters,
        rank=fit.rank_beside(clusters),
        small=vcov.kind != "CR0",
    )
    return matrix, float(min(counts) - 1), notes


def _bootstrapped(
    fit: PanelFit, vcov: Vcov, layout: Layout, conf_level: float, random_state: int
) -> tuple[Floats, Floats, Floats]:
    codes = layout.groupings["region"]
    design = fit.design_within(codes)
    draws = int(vcov.numbers[0]) if vcov.numbers else 9_999
    answers = [
        wild_cluster_bootstrap(
            fit.outcome,
            design,
            codes,
            coefficient=place,
            conf_level=conf_level,
            draws=draws,
            random_state=random_state,
        )
        for place in range(len(fit.coefficients))
    ]
    return (
        np.array([answer.p_value for answer in answers]),
        np.array([answer.conf_low for answer in answers]),
        np.array([answer.conf_high for answer in answers]),
    )


def _lags(vcov: Vcov, layout: Layout, *, place: int) -> int:
    if len(vcov.numbers) > place:
        return int(vcov.numbers[place])
    return usual_lags(len(np.unique(layout.times)))
