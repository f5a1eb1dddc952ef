"""One row per region and term: what each method answers, and how it moves with the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.errors import ModelError, OptionError
from toolkit.models.growth.endpoints import rates_between, shifted_windows
from toolkit.models.growth.levels import By, Levels
from toolkit.models.growth.trends import (
    Interval,
    Rates,
    joint_trend,
    pooled_trend,
    ratio_interval,
    trend_rates,
)
from toolkit.models.panels import Vcov, parse_vcov
from toolkit.results import TIDY_COLUMNS

__all__ = ["Method", "growth_rows", "read_vcov"]

Method = Literal["endpoints", "trend", "pooled"]
Floats = NDArray[np.float64]
Fit = Callable[[Floats], Rates]
Answer = TypeVar("Answer")

NEAR_ZERO = 0.005
NUMBERS = TIDY_COLUMNS[1:]
FEWEST_YEARS = 4


@dataclass(frozen=True, kw_only=True)
class _Estimator:
    """A fit, and the quicker way to its rates alone, for the windows nearby."""

    fit: Fit
    rates: Callable[[Floats], Floats]


@dataclass(frozen=True, kw_only=True)
class _Settings:
    conf_level: float
    interval: Interval
    base_term: str


def read_vcov(vcov: str | None, method: Method) -> Vcov:
    """Return the covariance for a method, its usual one where none is asked for.

    Raises
    ------
    OptionError
        If the method has no such covariance.
    """
    usual = {"endpoints": "HC0", "trend": "NW", "pooled": "CR1"}[method]
    known = {"endpoints": (), "trend": ("NW",), "pooled": ("CR1", "DK")}[method]
    if vcov is None:
        return parse_vcov(usual)
    asked = parse_vcov(vcov)
    if asked.kind not in known or asked.groups not in ((), ("region",)):
        takes = f"takes {' or '.join(known)}" if known else "has no errors"
        raise OptionError(f"method={method!r} {takes}; got vcov={vcov!r}.")
    return asked


def growth_rows(
    levels: Levels,
    window: tuple[int, int],
    *,
    by: By,
    method: Method,
    vcov: Vcov,
    base_term: str,
    conf_level: float,
    interval: Interval,
) -> pd.DataFrame:
    """Return the terms of all regions, with the least and greatest answer of windows nearby.

    Raises
    ------
    ModelError
        If no region has years enough.
    """
    settings = _Settings(conf_level=conf_level, interval=interval, base_term=base_term)
    lags = int(vcov.numbers[0]) if vcov.numbers else None
    if method == "pooled":
        parts = {name: levels.panel[:, rows] for name, rows in levels.members(by).items()}
        errors: Literal["cluster", "driscoll_kraay"] = (
            "driscoll_kraay" if vcov.kind == "DK" else "cluster"
        )
        fit: Fit = partial(pooled_trend, errors=errors, lags=lags)
        estimator = _Estimator(fit=fit, rates=lambda part: fit(part).rates)
    else:
        names, values = levels.summed(by)
        parts = {name: values[:, place] for place, name in enumerate(names)}
        estimator = (
            _Estimator(fit=_ends, rates=_end_rates)
            if method == "endpoints"
            else _Estimator(fit=partial(joint_trend, lags=lags), rates=trend_rates)
        )
    at = window[0] - levels.first, window[1] - levels.first
    pieces = [_region_rows(name, part, at, estimator, settings) for name, part in parts.items()]
    table = pd.DataFrame([row for piece in pieces for row in piece])
    if table["estimate"].isna().all():
        raise ModelError(
            f"method={method!r} needs {FEWEST_YEARS} years or more of both series; no region has "
            "them. Use method='endpoints', or a longer window."
        )
    return table


def _end_rates(levels: Floats) -> Floats:
    return rates_between(levels, 0, levels.shape[-1] - 1)


def _ends(levels: Floats) -> Rates:
    return Rates(rates=_end_rates(levels), covariance=np.full((2, 2), np.nan), freedom=np.nan)


def _region_rows(
    region: str,
    levels: Floats,
    window: tuple[int, int],
    estimator: _Estimator,
    settings: _Settings,
) -> list[dict[str, object]]:
    windows = list(shifted_windows(*window, length=levels.shape[-1]))
    parts = [levels[..., first : last + 1] for first, last in windows]
    rates = _try(estimator.fit, parts[0])
    moved = np.array([_answers(_try(estimator.rates, part)) for part in parts])
    terms = ("growth_multiple", "growth_sector", settings.base_term, "growth_difference")
    numbers, shape, stability = _numbers(rates, settings)
    finite = np.isfinite(moved)
    low = np.where(finite, moved, np.inf).min(axis=0)
    high = np.where(finite, moved, -np.inf).max(axis=0)
    return [
        {"region": region, "term": term}
        | dict(zip(NUMBERS, numbers[place], strict=True))
        | {
            "stability": stability,
            "interval_shape": shape,
            "moved_low": low[place] if finite[:, place].any() else np.nan,
            "moved_high": high[place] if finite[:, place].any() else np.nan,
        }
        for place, term in enumerate(terms)
    ]


def _try(way: Callable[[Floats], Answer], levels: Floats) -> Answer | None:
    """Return the answer, or nothing where the window holds too few years."""
    try:
        return way(levels)
    except ModelError:
        return None


def _answers(rates: Floats | None) -> Floats:
    """Return multiple, both rates and their difference."""
    if rates is None:
        return np.full(4, np.nan)
    sector, base = rates
    multiple = sector / base if base != 0 else np.nan
    return np.array([multiple, sector, base, sector - base])


def _numbers(rates: Rates | None, settings: _Settings) -> tuple[Floats, str, str]:
    """Return four rows of estimate, error, statistic, p-value and interval; shape; stability."""
    numbers = np.full((4, len(NUMBERS)), np.nan)
    if rates is None:
        return numbers, "none", "unknown"
    numbers[:, 0] = _answers(rates.rates)
    base = float(rates.rates[1])
    if not np.isfinite(rates.covariance).all():
        return numbers, "none", _stability(base, bounded=abs(base) >= NEAR_ZERO)
    weights = ((1.0, 0.0), (0.0, 1.0), (1.0, -1.0))
    for place, weight in enumerate(weights, start=1):
        numbers[place] = rates.linear(np.array(weight), settings.conf_level)
    quantile = rates.quantile(settings.conf_level)
    ratio = ratio_interval(rates.rates, rates.covariance, quantile=quantile, kind=settings.interval)
    numbers[0] = (ratio.estimate, ratio.std_error, np.nan, np.nan, ratio.low, ratio.high)
    told_from_zero = abs(base) > quantile * np.sqrt(rates.covariance[1, 1])
    return numbers, ratio.shape, _stability(base, bounded=bool(told_from_zero))


def _stability(base: float, *, bounded: bool) -> str:
    if base == 0:
        return "undefined"
    if not bounded:
        return "unstable"
    return "falling" if base < 0 else "stable"
