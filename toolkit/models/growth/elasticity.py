"""By how many percent a sector grows where gross regional product grows by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.accounts import accounts_panel
from toolkit.errors import ModelError, OptionError
from toolkit.language import say
from toolkit.models.growth.checks import GDP, check_choice
from toolkit.models.growth.elasticity_result import GrowthElasticity
from toolkit.models.growth.places import CENTRES, distances_between
from toolkit.models.growth.result import TOGETHER
from toolkit.models.growth.series import Against, Prices, growth_series
from toolkit.models.growth.slopes import slope_rows
from toolkit.models.panels import (
    Layout,
    Vcov,
    codes_of,
    inference,
    parse_vcov,
    pesaran_cd,
    within_fit,
)
from toolkit.results import check_conf_level

__all__ = ["growth_elasticity"]

Effects = Literal["none", "region", "year", "region+year"]
Form = Literal["growth", "levels", "long_difference"]
Slopes = Literal["common", "by_region"]


def growth_elasticity(
    accounts: Any,
    *,
    sector: str,
    against: Against,
    effects: str,
    vcov: str,
    conf_level: float = 0.95,
    form: Form = "growth",
    slopes: Slopes = "common",
    start: int | None = None,
    end: int | None = None,
    prices: Prices = "nominal",
    vintage: str | Mapping[str, str] | None = None,
    zones: Mapping[str, str] | None = None,
    centres: Mapping[str, tuple[float, float]] = CENTRES,
    random_state: int = 0,
) -> GrowthElasticity:
    """Regress a sector on gross regional product in logs, with province and year effects.

    ``D log s[it] = e D log y[it] + a[i] + d[t] + u[it]`` (``form="growth"``), the same in levels,
    or one difference from `start` to `end` for each province (``form="long_difference"``).

    Parameters
    ----------
    accounts : frame or path
        Columns ``region year indicator value unit vintage``.
    sector : str
        Indicator of the sector.
    against : {"gdp", "rest_of_gdp"}
        As in :func:`growth_multiple`. Where GDP contains the sector, the elasticity is drawn to
        one by the sector's share.
    effects : {"none", "region", "year", "region + year"}
    vcov : str
        ``HC0`` to ``HC3``; ``CR0`` to ``CR3`` (by region, ``CR1(zone)``, ``CR1(region, year)``);
        ``NW(lags)``; ``DK(lags)``; ``Conley(km)`` or ``Conley(km, lags)``; ``WCB(draws)``, which
        reports CR1 errors with the p-value and interval of the wild cluster bootstrap.
    conf_level : float
    form : {"growth", "levels", "long_difference"}
    slopes : {"common", "by_region"}
        One elasticity; or one for each province from its own years, with their mean group, and
        its error from their spread.
    start, end : int, optional
        By default all years that both series have.
    prices : {"nominal", "real"}
    vintage : str or mapping, optional
    zones : mapping, optional
        Zone by region code, to cluster by.
    centres : mapping, optional
        Latitude and longitude by region code, for Conley.
    random_state : int
        Of the bootstrap.

    Returns
    -------
    GrowthElasticity
        ``region term`` and the fixed columns (term ``elasticity``; region ``provinces`` for the
        common one or the mean group). ``augment()`` has the rows with fitted values. Facts:
        rows, regions, R² within, and Pesaran's test of the residuals.

    Raises
    ------
    OptionError
        If an option cannot be meant.
    ModelError
        If the rows do not determine the elasticity or its covariance.

    References
    ----------
    Pesaran and Smith (1995), Journal of Econometrics 68, 79-113 (mean group). Pesaran (2004),
    CESifo working paper 1229 (CD). Those of the covariances stand in ``toolkit.models.panels``.

    Examples
    --------
    >>> import numpy as np
    >>> years = np.arange(2010, 2020)
    >>> base = np.outer([1.0, 2.0, 3.0], 1.08 ** (years - 2010) * (1 + 0.05 * np.sin(years)))
    >>> rows = [
    ...     (region, year, name, value, "CNY", "unstated")
    ...     for region, levels in zip(["110000", "120000", "130000"], base)
    ...     for year, level in zip(years, levels)
    ...     for name, value in [("gross_regional_product", level), ("software", level**1.5)]
    ... ]
    >>> accounts = pd.DataFrame(
    ...     rows, columns=["region", "year", "indicator", "value", "unit", "vintage"]
    ... )
    >>> result = growth_elasticity(
    ...     accounts, sector="software", against="gdp", effects="region", vcov="CR1"
    ... )
    >>> round(float(result.tidy()["estimate"].iloc[0]), 6)
    1.5
    """
    check_conf_level(conf_level)
    effects = "+".join(sorted(name.strip() for name in effects.split("+")))
    for option, given, kind in (
        ("effects", effects, Effects),
        ("form", form, Form),
        ("slopes", slopes, Slopes),
    ):
        check_choice(option, given, kind)
    asked = parse_vcov(vcov)
    if form == "long_difference" and (effects != "none" or slopes != "common"):
        raise OptionError(
            "A long difference has one row for each region, so it takes effects='none' and "
            f"slopes='common'; got effects={effects!r}, slopes={slopes!r}."
        )
    window = _window(accounts, sector, vintage, start, end)
    series = growth_series(
        accounts,
        sector=sector,
        against=against,
        start=window[0],
        end=window[1],
        prices=prices,
        vintage=vintage,
        scope="provinces",
    )
    rows = _rows(series.table, form, window)
    if rows.empty:
        raise ModelError(
            f"form={form!r} needs both series in more years of one region than there are between "
            f"{window[0]} and {window[1]}. Move the window."
        )
    if slopes == "by_region":
        terms, fitted, notes = slope_rows(rows, asked, conf_level=conf_level)
        r2 = np.nan
    else:
        terms, fitted, notes, r2 = _common(
            rows, effects, asked, zones, centres, conf_level, random_state
        )
    if series.names:
        names = {TOGETHER: "All provinces", **series.names}
        terms["region_name"] = [names.get(code, code) for code in terms["region"]]
    dependence, more = _dependence(fitted)
    return GrowthElasticity(
        title=say(
            "Elasticity of {sector} to {base}, {start}-{end}, {prices}",
            sector=series.sector,
            base=series.base,
            start=window[0],
            end=window[1],
            prices=prices,
        ),
        unit="percent per percent",
        terms=terms,
        facts={
            "sector": sector,
            "sector_label": series.sector,
            "against": against,
            "base_label": series.base,
            "start": window[0],
            "end": window[1],
            "prices": prices,
            "vintage": series.vintages[GDP],
            "form": form,
            "effects": effects,
            "vcov": vcov,
            "rows": len(rows),
            "regions": rows["region"].nunique(),
            "r2_within": r2,
            **dependence,
        },
        conf_level=conf_level,
        notes=(*series.notes, *notes, *more),
        fitted=fitted,
    )


def _window(
    accounts: Any,
    sector: str,
    vintage: str | Mapping[str, str] | None,
    start: int | None,
    end: int | None,
) -> tuple[int, int]:
    if start is not None and end is not None:
        return start, end
    panel = accounts_panel(accounts, indicators=[sector, GDP], vintage=vintage)
    columns = [name for name in panel.columns if name not in ("region", "region_name", "year")]
    years = panel.loc[panel[columns].notna().all(axis=1), "year"]
    if years.empty:
        raise ModelError(f"No region has {sector} and {GDP} in one and the same year.")
    return (
        int(years.min()) if start is None else start,
        int(years.max()) if end is None else end,
    )


def _rows(table: pd.DataFrame, form: Form, window: tuple[int, int]) -> pd.DataFrame:
    """Return one row per observation: region, year, log sector and log base, differenced or not."""
    inside = table[table["year"].between(*window)]
    logs = inside[["region", "year"]].assign(
        sector=np.log(inside["sector"]), base=np.log(inside["base"])
    )
    if form != "levels":
        back = 1 if form == "growth" else window[1] - window[0]
        before = logs.assign(year=logs["year"] + back)
        logs = logs.merge(before, on=["region", "year"], suffixes=("", "_before"))
        for name in ("sector", "base"):
            logs[name] = logs[name] - logs.pop(f"{name}_before")
    return logs.dropna().sort_values(["region", "year"], ignore_index=True)


def _common(
    rows: pd.DataFrame,
    effects: str,
    vcov: Vcov,
    zones: Mapping[str, str] | None,
    centres: Mapping[str, tuple[float, float]],
    conf_level: float,
    random_state: int,
) -> tuple[pd.DataFrame, pd.DataFrame, tuple[str, ...], float]:
    groupings = {name: codes_of(rows[name].to_numpy()) for name in ("region", "year")}
    absorbed = [groupings[name] for name in effects.split("+") if name in groupings]
    columns = rows[["base"]].to_numpy(dtype=np.float64)
    design = columns if absorbed else np.column_stack([columns, np.ones(len(rows))])
    outcome = rows["sector"].to_numpy(dtype=np.float64)
    fit = within_fit(outcome, design, absorbed)
    if zones is not None:
        groupings["zone"] = codes_of([zones.get(code, "") for code in rows["region"]])
    regions = sorted(rows["region"].unique())
    distances: NDArray[np.float64] | None = (
        distances_between(regions, centres=centres) if vcov.kind == "Conley" else None
    )
    layout = Layout(
        units=groupings["region"],
        times=rows["year"].to_numpy(),
        groupings=groupings,
        distances=distances,
    )
    said = inference(fit, vcov, layout, conf_level=conf_level, random_state=random_state)
    row = {"region": TOGETHER, "term": "elasticity"} | said.row(0)
    fitted = rows.assign(fitted=outcome - fit.residuals, residual=fit.residuals)
    return pd.DataFrame([row]), fitted, said.notes, fit.r2_within


def _dependence(fitted: pd.DataFrame) -> tuple[dict[str, float], list[str]]:
    """Return Pesaran's test of the residuals, and what follows from it."""
    wide = fitted.pivot_table(index="region", columns="year", values="residual")
    try:
        test = pesaran_cd(wide.to_numpy(dtype=np.float64))
    except ModelError:
        return {}, []
    facts = {
        "pesaran_cd": test.statistic,
        "pesaran_cd_p_value": test.p_value,
        "mean_correlation": test.mean_correlation,
    }
    if test.p_value >= 0.05:
        return facts, []
    return facts, [
        say(
            "Residuals of the regions move together (Pesaran CD {statistic:.1f}, p {p_value:.3f}): "
            "year effects or Driscoll-Kraay errors are called for.",
            statistic=test.statistic,
            p_value=test.p_value,
        )
    ]
