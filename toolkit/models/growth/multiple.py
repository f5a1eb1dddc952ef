"""How many times as fast as its region a sector grows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from toolkit.accounts import Scope
from toolkit.language import say
from toolkit.models.growth.checks import GDP, check_choice, shown
from toolkit.models.growth.levels import By, levels_of
from toolkit.models.growth.result import REASONS, TOGETHER, GrowthMultiple
from toolkit.models.growth.rows import Method, growth_rows, read_vcov
from toolkit.models.growth.series import Against, Prices, growth_series
from toolkit.models.growth.trends import Interval
from toolkit.models.panels import Vcov
from toolkit.results import check_conf_level

__all__ = ["growth_multiple"]


def growth_multiple(
    accounts: Any,
    *,
    sector: str,
    against: Against,
    start: int,
    end: int,
    by: By = "region",
    conf_level: float = 0.95,
    method: Method = "endpoints",
    interval: Interval = "fieller",
    vcov: str | None = None,
    prices: Prices = "nominal",
    vintage: str | Mapping[str, str] | None = None,
    scope: Scope = "provinces",
    claim: float | None = None,
) -> GrowthMultiple:
    """Divide a sector's growth by that of its region's gross domestic product.

    The multiple is ``g_sector / g_gdp``, the difference ``g_sector - g_gdp``, with compound yearly
    rates. By end points ``g = (x[end] / x[start]) ** (1 / (end - start)) - 1``; by trend
    ``g = exp(slope) - 1`` of ``log x[t] = a + slope t``; pooled, one slope for all provinces, each
    with its own level and each counting alike. By end points and by trend the provinces together
    are the sum over those that have both ends of both series; the nation's own row never enters.

    Parameters
    ----------
    accounts : frame or path
        Columns ``region year indicator value unit vintage``; ``region_name`` is carried along.
    sector : str
        Indicator of the sector: one of `toolkit.schema.INDICATORS`, or any other name that the
        column ``indicator`` holds, for a series of your own. A name that begins with
        ``value_added_`` says that the series is part of gross regional product.
    against : {"gdp", "rest_of_gdp"}
        Gross regional product as it is, or without the sector; the sector must then be value
        added.
    start, end : int
        First and last year.
    by : {"region"}, mapping or None
        One row per region; per zone, from region code to name of zone; or all together alone.
    conf_level : float
        Level of the intervals; end points have none.
    method : {"endpoints", "trend", "pooled"}
        How a rate is taken.
    interval : {"fieller", "delta"}
        For the multiple by trend and pooled. Fieller's set is unbounded where the growth below
        the line cannot be told from zero.
    vcov : str, optional
        By trend ``"NW"`` (Newey-West, both series jointly, with quantiles for so few years) or
        ``"NW(lags)"``; pooled ``"CR1"``
        (clusters by province), ``"DK"`` or ``"DK(lags)"`` (Driscoll-Kraay).
    prices : {"nominal", "real"}
        Real growth chains the volume indices ``<indicator>_index`` (year before = 1); what is
        left of gross regional product without the sector is taken out at last year's prices.
    vintage : str or mapping, optional
        Which vintage of a series to take; needed where there are several.
    scope : {"provinces", "nation", "all"}
        Whether the nation's own row is reported too.
    claim : float, optional
        A published multiple, kept beside in the sentence and drawn as a ray.

    Returns
    -------
    GrowthMultiple
        ``region term`` and the fixed columns, for the terms ``growth_multiple`` (ratio),
        ``growth_sector``, ``growth_gdp`` or ``growth_rest_of_gdp`` and ``growth_difference``
        (fractions a year). The multiple has no statistic; whether it differs from one is the test
        of the difference. Facts of a row: ``stability``: stable, unstable (base growth within
        half a point of zero, or not told from zero), undefined (zero), falling (negative) or
        unknown (too few years);
        ``interval_shape``: bounded, outside (all but a gap), line (all numbers) or none;
        ``moved_low`` and ``moved_high``: least and greatest estimate when either end moves by at
        most a year, where the accounts reach; ``region_name`` where known.

    Raises
    ------
    OptionError
        If an option is unknown, a vintage must be chosen, or the sector is no part of what it is
        to be taken out of.
    DataError
        If a series, or a year of the window, is missing.
    ModelError
        If no region has both ends, a level is not positive, or real growth lacks an index.

    References
    ----------
    Fieller (1954), Journal of the Royal Statistical Society B 16, 175-185. Newey and West (1987),
    Econometrica 55, 703-708. Driscoll and Kraay (1998), Review of Economics and Statistics 80,
    549-560. United Nations (2009), System of National Accounts 2008, chapter 15.

    Examples
    --------
    >>> accounts = pd.DataFrame(
    ...     {
    ...         "region": "430000",
    ...         "year": [2013, 2023, 2013, 2023],
    ...         "indicator": ["high_tech_manufacturing_revenue"] * 2
    ...         + ["gross_regional_product"] * 2,
    ...         "value": [2564.9e8, 5077.0e8, 23916.3e8, 50667.5e8],
    ...         "unit": "CNY",
    ...         "vintage": "unstated",
    ...     }
    ... )
    >>> result = growth_multiple(
    ...     accounts,
    ...     sector="high_tech_manufacturing_revenue",
    ...     against="gdp",
    ...     start=2013,
    ...     end=2023,
    ... )
    >>> result.about("430000").key_figures()
    {'growth multiple': '0.91', 'sector growth a year': '7.1%', 'GDP growth a year': '7.8%'}

    A series of your own, and a region by its name:

    >>> own = accounts.replace("high_tech_manufacturing_revenue", "software_revenue")
    >>> result = growth_multiple(
    ...     own, sector="software_revenue", against="gdp", start=2013, end=2023
    ... )
    >>> result.about("Hunan").key_figures()["growth multiple"]
    '0.91'
    """
    check_conf_level(conf_level)
    check_choice("method", method, Method)
    check_choice("interval", interval, Interval)
    errors = read_vcov(vcov, method)
    series = growth_series(
        accounts,
        sector=sector,
        against=against,
        start=start,
        end=end,
        prices=prices,
        vintage=vintage,
        scope=scope,
    )
    levels = levels_of(series, start, end)
    terms = growth_rows(
        levels,
        (start, end),
        by=by,
        method=method,
        vcov=errors,
        base_term=f"growth_{against}",
        conf_level=conf_level,
        interval=interval,
    )
    names = {TOGETHER: "All provinces", **series.names} if series.names else {}
    if names:
        terms["region_name"] = [names.get(code, code) for code in terms["region"]]
    rows = list(dict.fromkeys(terms["region"]))
    return GrowthMultiple(
        title=say(
            "Growth of {sector} against {base}, {start}-{end}, {prices}",
            sector=series.sector,
            base=series.base,
            start=start,
            end=end,
            prices=prices,
        ),
        unit=f"ratio of {prices} growth rates; rates and difference as fractions a year",
        terms=terms,
        facts={
            "sector": sector,
            "sector_label": series.sector,
            "against": against,
            "base_label": series.base,
            "start": start,
            "end": end,
            "years": end - start,
            "regions": int(levels.provinces.sum()),
            "prices": prices,
            "vintage": series.vintages[GDP],
            "method": method,
            "claim": claim,
        },
        conf_level=conf_level,
        notes=(
            *series.notes,
            *levels.notes(start, end, names),
            *_stability_notes(terms, names),
            *_method_notes(method, interval, errors),
        ),
        focus=TOGETHER if TOGETHER in rows else rows[0],
    )


def _stability_notes(terms: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    multiples = terms[terms["term"] == "growth_multiple"]
    notes = []
    for state, reason in REASONS.items():
        regions = multiples.loc[multiples["stability"] == state, "region"]
        if len(regions):
            notes.append(
                say(
                    "The multiple is {state} in {regions}: {reason}.",
                    state=state,
                    regions=shown(regions, names),
                    reason=reason,
                )
            )
    return notes


def _method_notes(method: Method, interval: Interval, errors: Vcov) -> list[str]:
    if method == "endpoints":
        return [
            "End points give no interval; moved_low and moved_high say how far the answer moves "
            "when either end moves by a year."
        ]
    lags = say(" with {lags:g} lags", lags=errors.numbers[0]) if errors.numbers else ""
    how = {
        "NW": say(
            "Newey-West{lags}, both series jointly; quantiles are those of independent years, so "
            "intervals are too short where years hang together",
            lags=lags,
        ),
        "CR1": "clustered by province (CR1); the t has the provinces less one as degrees",
        "DK": say("Driscoll-Kraay{lags}; the t has the years less one as degrees", lags=lags),
    }[errors.kind]
    weight = ["Pooled: each province counts alike, whatever its size."] * (method == "pooled")
    return [
        *weight,
        say("Errors: {how}. Interval of the multiple: {interval}.", how=how, interval=interval),
    ]
