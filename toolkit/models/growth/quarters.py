"""Quarters out of figures that run from the year's start."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.schema import require_columns
from toolkit.tables import as_pandas, plain

__all__ = ["quarters_from_year_to_date"]


def quarters_from_year_to_date(
    data: Any, *, value: str = "value", by: tuple[str, ...] = ("region", "indicator")
) -> pd.DataFrame:
    """Turn year-to-date figures into those of single quarters.

    ``flow[q] = cumulative[q] - cumulative[q-1]``, the first quarter being itself.

    Parameters
    ----------
    data : frame or path
        Columns ``year quarter`` (1 to 4), those of `by` and the cumulative `value`.
    value : str
        Column of the cumulative figure, in any unit.
    by : tuple of str
        Columns that tell series apart.

    Returns
    -------
    DataFrame
        The rows in order, with ``flow`` and ``doubt``: empty; ``"quarter before missing"``, where
        the flow is missing; or ``"cumulative falls"``, where a revision within the year makes it
        negative. Nothing is filled in.

    Raises
    ------
    ColumnError
        If a column is missing.
    DataError
        If a quarter occurs twice or is not 1 to 4.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {
    ...         "region": "430000",
    ...         "indicator": "gross_regional_product",
    ...         "year": 2023,
    ...         "quarter": [1, 2, 3],
    ...         "value": [10.0, 22.0, 35.0],
    ...     }
    ... )
    >>> quarters_from_year_to_date(table)["flow"].tolist()
    [10.0, 12.0, 13.0]
    """
    table = plain(as_pandas(data))
    keys = [*by, "year", "quarter"]
    require_columns(table, [*keys, value])
    if not table["quarter"].isin([1, 2, 3, 4]).all():
        odd = table.loc[~table["quarter"].isin([1, 2, 3, 4]), "quarter"].iloc[0]
        raise DataError(f"A quarter is 1, 2, 3 or 4; got {odd}. Correct it at the source.")
    if table.duplicated(keys).any():
        twice = table[table.duplicated(keys)].iloc[0]
        named = ", ".join(f"{key} {twice[key]}" for key in keys)
        raise DataError(f"Year-to-date figures occur twice: {named}. Keep one of them.")
    table = table.sort_values(keys, ignore_index=True)
    before = table[[*keys, value]].assign(quarter=table["quarter"] + 1)
    joined = table.merge(before, on=keys, how="left", suffixes=("", "_before"))
    first = table["quarter"] == 1
    flow = table[value] - joined[f"{value}_before"].mask(first, 0.0)
    doubt = np.select(
        [flow.isna(), flow < 0], ["quarter before missing", "cumulative falls"], default=""
    )
    return table.assign(flow=flow, doubt=doubt)
