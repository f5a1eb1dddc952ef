"""Accounts made comparable over time: chained volumes, real values, another base."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.accounts import accounts_panel
from toolkit.errors import DataError, ModelError
from toolkit.schema import ACCOUNTS

__all__ = [
    "chain_index",
    "chain_levels",
    "real_values",
    "rebase",
]


def chain_levels(links: NDArray[np.float64], *, base: int) -> NDArray[np.float64]:
    """Chain indices on the year before into levels that are one at a base position.

    The level is ``L[t] = L[t-1] * links[t]`` with ``L[base] = 1``; a missing link leaves the
    levels beyond it, seen from the base, missing.

    Parameters
    ----------
    links : array of shape (..., T)
        Volume in each period over volume in the period before; the first is not used.
    base : int
        Position of the period whose level is one.

    Examples
    --------
    >>> chain_levels(np.array([np.nan, 1.1, 1.2]), base=0)
    array([1.  , 1.1 , 1.32])
    """
    length = links.shape[-1]
    levels = np.full(links.shape, np.nan)
    if 0 <= base < length:
        levels[..., base] = 1.0
        levels[..., base + 1 :] = np.cumprod(links[..., base + 1 :], axis=-1)
        backwards = links[..., base:0:-1]
        levels[..., :base] = 1 / np.cumprod(backwards, axis=-1)[..., ::-1]
    return levels


def chain_index(accounts: Any, *, indicator: str, base_year: int) -> pd.DataFrame:
    """Chain an index on the year before into one on a base year.

    Parameters
    ----------
    accounts : frame or path
        Columns ``region year indicator value unit vintage``.
    indicator : str
        A volume index, previous year = 1, such as ``"gross_regional_product_index"``.
    base_year : int
        Year whose level is one; the year before the first index will do.

    Returns
    -------
    DataFrame
        Accounts rows of the indicator ``<indicator>_chained``, a fraction of the base year. A
        region has no rows beyond a missing year.

    Raises
    ------
    DataError
        If the base year is out of reach.

    References
    ----------
    United Nations (2009), System of National Accounts 2008, chapter 15.

    Examples
    --------
    >>> accounts = pd.DataFrame(
    ...     {
    ...         "region": "430000",
    ...         "year": [2011, 2012],
    ...         "indicator": "gross_regional_product_index",
    ...         "value": [1.1, 1.2],
    ...         "unit": "fraction",
    ...         "vintage": "unstated",
    ...     }
    ... )
    >>> chain_index(accounts, indicator="gross_regional_product_index", base_year=2010)[
    ...     ["year", "value"]
    ... ]
       year  value
    0  2010   1.00
    1  2011   1.10
    2  2012   1.32
    """
    panel = accounts_panel(accounts, indicators=[indicator], scope="all")
    (name,) = panel.attrs["units"]
    years = range(panel["year"].min() - 1, panel["year"].max() + 1)
    if base_year not in years:
        raise DataError(
            f"{name} reaches from {years[0] + 1} to {years[-1]}, so base_year is between "
            f"{years[0]} and {years[-1]}; got {base_year}."
        )
    wide = panel.pivot_table(index="region", columns="year", values=name).reindex(columns=years)
    levels = chain_levels(wide.to_numpy(np.float64), base=base_year - years[0])
    known = np.isfinite(levels)
    if base_year == years[0]:
        known[:, 0] = np.isfinite(levels[:, 1])
    else:
        known[:, base_year - years[0]] &= wide.notna().any(axis=1).to_numpy()
    rows, columns = np.nonzero(known)
    return _accounts_rows(
        wide.index[rows], np.array(years)[columns], f"{name}_chained", levels[known], "fraction"
    )


def real_values(
    accounts: Any,
    *,
    indicator: str,
    base_year: int,
    vintage: str | Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Express an indicator in the prices of a base year, by its own volume index.

    ``real[t] = nominal[base] * chained volume[t]``; the implicit deflator is nominal over real.

    Parameters
    ----------
    accounts : frame or path
        Must hold ``<indicator>_index``, previous year = 1.
    indicator : str
        In money.
    base_year : int
    vintage : str or mapping, optional

    Returns
    -------
    DataFrame
        Accounts rows of ``<indicator>_real`` (unit of the indicator, prices of the base year) and,
        where the nominal value is known, ``<indicator>_deflator`` (a fraction of the base year).

    Raises
    ------
    ModelError
        If the accounts hold no volume index of the indicator.
    DataError
        If no region has the indicator in the base year.

    Examples
    --------
    >>> accounts = pd.DataFrame(
    ...     {
    ...         "region": "430000",
    ...         "year": [2010, 2011, 2011],
    ...         "indicator": ["gross_regional_product"] * 2 + ["gross_regional_product_index"],
    ...         "value": [100.0, 121.0, 1.1],
    ...         "unit": ["CNY", "CNY", "fraction"],
    ...         "vintage": "unstated",
    ...     }
    ... )
    >>> real_values(accounts, indicator="gdp", base_year=2010)[["year", "indicator", "value"]]
       year                        indicator  value
    0  2010      gross_regional_product_real  100.0
    1  2011      gross_regional_product_real  110.0
    2  2010  gross_regional_product_deflator    1.0
    3  2011  gross_regional_product_deflator    1.1
    """
    panel = accounts_panel(accounts, indicators=[indicator], vintage=vintage, scope="all")
    ((name, unit),) = panel.attrs["units"].items()
    try:
        chained = chain_index(accounts, indicator=f"{name}_index", base_year=base_year)
    except (DataError, ValueError) as error:
        raise ModelError(
            f"Real values of {name} need its volume index {name}_index around {base_year}. {error}"
        ) from error
    at_base = panel[panel["year"] == base_year].set_index("region")[name].dropna()
    if at_base.empty:
        raise DataError(f"No region has {name} in {base_year}. Choose another base_year.")
    volumes = chained[chained["region"].isin(at_base.index)]
    real = volumes["value"] * volumes["region"].map(at_base)
    levels = _accounts_rows(volumes["region"], volumes["year"], f"{name}_real", real, unit)
    nominal = panel[["region", "year", name]].dropna()
    both = levels.merge(nominal, on=["region", "year"])
    prices = _accounts_rows(
        both["region"], both["year"], f"{name}_deflator", both[name] / both["value"], "fraction"
    )
    vintage_of = panel.attrs["vintages"][name]
    return pd.concat([levels, prices], ignore_index=True).assign(vintage=vintage_of)


def rebase(
    accounts: Any,
    *,
    indicator: str,
    base_year: int,
    vintage: str | Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Divide a series by its level in a base year, region by region.

    Parameters
    ----------
    accounts : frame or path
        Columns ``region year indicator value unit vintage``.
    indicator : str
        A level or a chained index.
    base_year : int
    vintage : str or mapping, optional

    Returns
    -------
    DataFrame
        Accounts rows of ``<indicator>_rebased``, one in the base year; regions without it are
        left out.

    Raises
    ------
    DataError
        If no region has the base year, or it is zero somewhere.

    Examples
    --------
    >>> accounts = pd.DataFrame(
    ...     {
    ...         "region": "430000",
    ...         "year": [2010, 2011],
    ...         "indicator": "population",
    ...         "value": [50.0, 55.0],
    ...         "unit": "persons",
    ...         "vintage": "unstated",
    ...     }
    ... )
    >>> rebase(accounts, indicator="population", base_year=2010)["value"].tolist()
    [1.0, 1.1]
    """
    panel = accounts_panel(accounts, indicators=[indicator], vintage=vintage, scope="all")
    (name,) = panel.attrs["units"]
    at_base = panel[panel["year"] == base_year].set_index("region")[name].dropna()
    if at_base.empty or (at_base == 0).any():
        found = (
            "is zero in " + ", ".join(at_base.index[at_base == 0])
            if len(at_base)
            else (f"has no value; it reaches from {panel['year'].min()} to {panel['year'].max()}")
        )
        raise DataError(f"Rebasing {name} to {base_year}: it {found}. Choose another base_year.")
    kept = panel[panel["region"].isin(at_base.index)].dropna(subset=[name])
    values = kept[name] / kept["region"].map(at_base)
    rows = _accounts_rows(kept["region"], kept["year"], f"{name}_rebased", values, "fraction")
    return rows.assign(vintage=panel.attrs["vintages"][name])


def _accounts_rows(
    regions: Any, years: Any, indicator: str, values: Any, unit: str
) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "region": np.asarray(regions),
            "year": np.asarray(years),
            "indicator": indicator,
            "value": np.asarray(values, dtype=np.float64),
            "unit": unit,
            "vintage": "unstated",
        }
    )
    return table[ACCOUNTS.names].sort_values(["region", "year"], ignore_index=True)
