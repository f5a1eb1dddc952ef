"""Whether poor regions catch up: beta, absolute and conditional, and sigma."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.accounts import accounts_panel
from toolkit.errors import DataError, ModelError, OptionError
from toolkit.language import say
from toolkit.models.growth.checks import check_choice, check_window, label_of, names_of
from toolkit.models.growth.convergence_result import Convergence
from toolkit.models.growth.cube import Vintage
from toolkit.models.growth.places import CENTRES, distances_between
from toolkit.models.panels import Layout, codes_of, inference, parse_vcov, within_fit
from toolkit.results import TIDY_COLUMNS, check_conf_level

__all__ = ["convergence"]

Floats = NDArray[np.float64]
Kind = Literal["beta", "sigma"]
FEWEST = 4


def convergence(
    accounts: Any,
    *,
    indicator: str,
    start: int,
    end: int,
    kind: Kind = "beta",
    per: str | None = None,
    controls: Sequence[str] = (),
    vcov: str | None = None,
    vintage: Vintage = None,
    centres: Mapping[str, tuple[float, float]] = CENTRES,
    conf_level: float = 0.95,
) -> Convergence:
    """Test whether regions that start low grow faster (beta), or the spread narrows (sigma).

    Beta: ``log(y[end] / y[start]) / T = a + b log y[start] + c'z + u``, absolute without controls
    and conditional with them (logs at the start); the speed is ``-log(1 + b T) / T`` and the
    half-life ``log 2 / speed``. Sigma: the standard deviation of log y over regions in each year,
    and its linear trend.

    Parameters
    ----------
    accounts : frame or path
        Columns ``region year indicator value unit vintage``.
    indicator : str
    start, end : int
    kind : {"beta", "sigma"}
    per : str, optional
        Divide by this indicator first, such as ``"population"``.
    controls : sequence of str
        Indicators whose logs at the start are held fixed (beta).
    vcov : str, optional
        For beta ``"HC3"`` (default), ``HC0`` to ``HC2`` or ``Conley(km)``; for sigma ``"NW"``.
    vintage : str or mapping, optional
    centres : mapping, optional
        Latitude and longitude by region code, for Conley.
    conf_level : float

    Returns
    -------
    Convergence
        ``term`` and the fixed columns. Beta: ``beta`` (log points a year for one log point),
        ``speed`` (a year, by the delta method), ``half_life`` (years) and the controls. Sigma:
        ``sigma_trend`` (a year), ``sigma_start`` and ``sigma_end``. ``augment()`` has the rows.

    Raises
    ------
    OptionError
        If an option cannot be meant.
    DataError
        If fewer than four provinces have both ends.
    ModelError
        If the rows do not determine the coefficients.

    References
    ----------
    Barro and Sala-i-Martin (1992), Journal of Political Economy 100, 223-251.

    Examples
    --------
    >>> low, high = np.array([1.0, 2.0, 4.0, 8.0, 16.0]), np.array([4.0, 6.5, 11.0, 17.0, 30.0])
    >>> rows = [
    ...     (f"{code}0000", year, value)
    ...     for year, levels in [(2010, low), (2020, high)]
    ...     for code, value in zip([11, 12, 13, 14, 15], levels)
    ... ]
    >>> accounts = pd.DataFrame(rows, columns=["region", "year", "value"]).assign(
    ...     indicator="gross_regional_product", unit="CNY", vintage="unstated"
    ... )
    >>> result = convergence(accounts, indicator="gdp", start=2010, end=2020)
    >>> result.tidy()[["term", "estimate"]].round(4)
            term  estimate
    0       beta   -0.0280
    1      speed    0.0328
    2  half_life   21.1073
    """
    check_conf_level(conf_level)
    check_choice("kind", kind, Kind)
    check_window(start, end)
    asked = parse_vcov(vcov or {"beta": "HC3", "sigma": "NW"}[kind])
    allowed = ("HC", "Conley") if kind == "beta" else ("NW", "HC")
    if not asked.kind.startswith(allowed):
        raise OptionError(
            f"kind={kind!r} takes the covariances {' and '.join(allowed)}; got {vcov!r}."
        )
    wanted = [indicator, *([per] if per else []), *controls]
    panel = accounts_panel(accounts, indicators=wanted, vintage=vintage)
    named = list(panel.attrs["units"])
    level = panel[named[0]] / (panel[named[1]] if per else 1.0)
    if (level <= 0).any():
        bad = panel[level <= 0].iloc[0]
        raise DataError(
            f"Convergence takes logs; {named[0]} is not positive in region {bad['region']} in "
            f"{bad['year']}. Correct it, or leave the region out."
        )
    panel = panel.assign(level=np.log(level))
    label = say(label_of(named[0]))
    if per:
        label += say(" per {per}", per=label_of(named[1]))
    table, fitted, more = (
        _beta(panel, start, end, named[1 + bool(per) :], asked, centres, conf_level)
        if kind == "beta"
        else _sigma(panel, start, end, asked, conf_level)
    )
    return Convergence(
        title=say(
            "{kind} convergence of {label}, {start}-{end}",
            kind=kind.capitalize(),
            label=label,
            start=start,
            end=end,
        ),
        unit="a year",
        terms=table,
        facts={
            "kind": kind,
            "indicator": named[0],
            "label": label,
            "start": start,
            "end": end,
            "controls": ", ".join(controls),
            "vcov": vcov or asked.kind,
            **more,
        },
        conf_level=conf_level,
        notes=tuple(panel.attrs["notes"]),
        fitted=fitted,
    )


def _beta(
    panel: pd.DataFrame,
    start: int,
    end: int,
    controls: Sequence[str],
    asked: Any,
    centres: Mapping[str, tuple[float, float]],
    conf_level: float,
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Any]]:
    first = panel[panel["year"] == start].set_index("region")
    last = panel.loc[panel["year"] == end].set_index("region")["level"]
    span = end - start
    rows = pd.DataFrame({"start": first["level"], "growth": (last - first["level"]) / span})
    for control in controls:
        rows[control] = np.log(first[control])
    rows = rows.replace([np.inf, -np.inf], np.nan).dropna()
    if len(rows) < FEWEST:
        raise DataError(
            f"Convergence of {start}-{end} needs both ends in {FEWEST} provinces or more; "
            f"{len(rows)} have them. Move the window."
        )
    regions = list(rows.index)
    design = np.column_stack([rows["start"], rows[list(controls)], np.ones(len(rows))])
    fit = within_fit(rows["growth"].to_numpy(np.float64), design.astype(np.float64))
    codes = codes_of(regions)
    distances = distances_between(regions, centres=centres) if asked.kind == "Conley" else None
    layout = Layout(
        units=codes,
        times=np.zeros(len(rows), dtype=np.intp),
        groupings={"region": codes},
        distances=distances,
    )
    said = inference(fit, asked, layout, conf_level=conf_level, random_state=0)
    beta = said.row(0)
    terms = [{"term": "beta"} | beta, *_speed(beta, span)]
    terms += [{"term": name} | said.row(place) for place, name in enumerate(controls, start=1)]
    fitted = rows.assign(fitted=rows["growth"] - fit.residuals, residual=fit.residuals)
    names = names_of(first.reset_index())
    fitted = fitted.assign(label=[names.get(code, code) for code in regions]).reset_index()
    more = {"regions": len(rows), "r2": fit.r2_within}
    return pd.DataFrame(terms)[[*TIDY_COLUMNS]], fitted, more


def _speed(beta: Mapping[str, float], span: int) -> list[dict[str, Any]]:
    """Turn beta into speed and half-life; both ends of the interval go through the same formula."""

    def speed(b: float) -> float:
        return -np.log(1 + b * span) / span if 1 + b * span > 0 else np.inf

    def half_life(v: float) -> float:
        return np.log(2) / v if v > 0 else np.inf

    rate, slow, fast = (speed(beta[k]) for k in ("estimate", "conf_high", "conf_low"))
    error = beta["std_error"] / (1 + beta["estimate"] * span) if np.isfinite(rate) else np.nan
    return [
        {
            "term": "speed",
            "estimate": rate,
            "std_error": error,
            "conf_low": slow,
            "conf_high": fast,
        },
        {
            "term": "half_life",
            "estimate": half_life(rate),
            "std_error": np.log(2) / rate**2 * error if rate > 0 else np.nan,
            "conf_low": half_life(fast),
            "conf_high": half_life(slow),
        },
    ]


def _sigma(
    panel: pd.DataFrame, start: int, end: int, asked: Any, conf_level: float
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Any]]:
    inside = panel[panel["year"].between(start, end)]
    wide = inside.pivot_table(index="region", columns="year", values="level")
    wide = wide.dropna()
    if len(wide) < FEWEST or wide.shape[1] < FEWEST:
        raise ModelError(
            f"Sigma convergence needs {FEWEST} provinces and {FEWEST} years without a hole; there "
            f"are {len(wide)} and {wide.shape[1]}. Move the window."
        )
    sigma = wide.std(ddof=1).to_numpy(np.float64)
    years = wide.columns.to_numpy()
    design = np.column_stack([years - start, np.ones(len(years))]).astype(np.float64)
    fit = within_fit(sigma, design)
    alone = np.zeros(len(years), dtype=np.intp)
    layout = Layout(units=alone, times=years, groupings={"region": alone})
    said = inference(fit, asked, layout, conf_level=conf_level, random_state=0)
    terms = [
        {"term": "sigma_trend"} | said.row(0),
        {"term": "sigma_start", "estimate": sigma[0]},
        {"term": "sigma_end", "estimate": sigma[-1]},
    ]
    fitted = pd.DataFrame({"year": years, "sigma": sigma, "fitted": sigma - fit.residuals})
    return pd.DataFrame(terms)[[*TIDY_COLUMNS]], fitted, {"regions": len(wide)}
