"""Both series at the prices of one year, by chaining volume indices."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.accounts import accounts_panel
from toolkit.errors import DataError, ModelError, OptionError
from toolkit.models.growth.checks import GDP
from toolkit.models.growth.deflate import chain_levels

__all__ = ["constant_prices"]


def constant_prices(
    accounts: Any, table: pd.DataFrame, *, sector: str, against: str, start: int, end: int
) -> pd.DataFrame:
    """Return the table with both columns as chained volumes in prices of the first year.

    What is left without the sector is taken out at last year's prices and then linked, so that
    ``rest[t] / rest[t-1] = (y[t-1] Y[t] - x[t-1] X[t]) / (y[t-1] - x[t-1])`` with nominal levels
    ``y``, ``x`` and volume indices ``Y``, ``X``.

    Raises
    ------
    ModelError
        If an index is missing in the accounts or in a year of the window.
    """
    indices = _indices(accounts, sector, start, end)
    regions = pd.Index(table["region"].unique())
    years = range(table["year"].min(), table["year"].max() + 1)
    levels = {name: _grid(table, name, regions, years) for name in ("sector", "base")}
    links = {name: _grid(indices, name, regions, years) for name in ("sector", "base")}
    if against == "rest_of_gdp":
        rest = levels["base"] - levels["sector"]
        moved = levels["base"][:, :-1] * links["base"][:, 1:]
        moved -= levels["sector"][:, :-1] * links["sector"][:, 1:]
        levels["base"] = rest
        links["base"][:, 1:] = moved / rest[:, :-1]
    at = start - years[0]
    rows, columns = regions.get_indexer(table["region"]), table["year"] - years[0]
    volumes = {
        name: (levels[name][:, [at]] * chain_levels(links[name], base=at))[rows, columns]
        for name in levels
    }
    return table.assign(**volumes)


def _grid(
    table: pd.DataFrame, column: str, regions: pd.Index[str], years: range
) -> NDArray[np.float64]:
    wide = table.pivot_table(index="region", columns="year", values=column, dropna=False)
    return wide.reindex(index=regions, columns=years).to_numpy(dtype=np.float64, copy=True)


def _indices(accounts: Any, sector: str, start: int, end: int) -> pd.DataFrame:
    wanted = {"sector": f"{sector}_index", "base": f"{GDP}_index"}
    try:
        indices = accounts_panel(accounts, indicators=list(wanted.values()), scope="all")
    except (DataError, OptionError) as error:
        raise ModelError(
            f"prices='real' needs the volume indices {' and '.join(wanted.values())}, and the "
            "accounts do not hold both. Use prices='nominal', or add the index."
        ) from error
    for index in wanted.values():
        held = indices.loc[indices[index].notna(), "year"]
        if held.min() > start + 1 or held.max() < end:
            raise ModelError(
                f"prices='real' needs {index} for every year from {start + 1} to {end}; the "
                f"accounts hold {held.min()} to {held.max()}. Move the window inside, or use "
                "prices='nominal'."
            )
    return indices.rename(columns={index: role for role, index in wanted.items()})
