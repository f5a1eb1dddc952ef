"""Amounts ten thousand times off their group: a 万 too many, or one left out.

The size of an amount is 20 log10 of it, rounded: a whole number that every engine computes alike,
since no sum of money in practice lies on an edge between two. Counting sizes by group gives each
group's median without sorting or holding the amounts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.clean.rows.engines import ROW, Engine
from toolkit.clean.rows.findings import FOUND

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["FOLD", "slips"]

PER_DECADE = 20
FOLD = 4
TOLERANCE = 0.5
FEWEST = 20
FEWEST_OF_ALL = 5
MOST_SECTORS = 5_000
_SIZE, _COUNT = "_size", "_count"


def slips(table: nw.LazyFrame[Any], engine: Engine, *, bit: int) -> nw.LazyFrame[Any] | None:
    """Find amounts some ten thousand times their group's median, or more, and so on downwards.

    Flagged is what lies 10^3.5 times or farther off. There is no upper end: a slip on what is
    already a large loan lies farther off than a slip alone, and is the one that ruins a sum. The
    group is sector and tier where it has at least 20 amounts, else the tier, else all if these
    are at least 5.

    Parameters
    ----------
    table : LazyFrame
        ``tier``, ``sector``, ``amount_cny`` and ``_row`` of the rows that may pass.
    engine : Engine
        Where they are.
    bit : int
        The bit to enter.

    Returns
    -------
    LazyFrame or None
        ``_row`` and ``_found``; None where there are none.
    """
    import narwhals as nw

    positive = table.filter(nw.col("amount_cny") > 0)
    size = ((nw.col("amount_cny").log(10) * PER_DECADE) + 0.5).floor().cast(nw.Int64)
    sectors = positive.select(nw.col("sector").n_unique()).collect("pyarrow").item()
    many = (sectors or 0) > MOST_SECTORS
    sector = nw.lit("") if many else nw.col("sector").fill_null("")
    sized = positive.select(
        ROW, nw.col("tier").fill_null(""), sector.alias("sector"), size.alias(_SIZE)
    )
    cells = (
        sized.group_by("tier", "sector", _SIZE)
        .agg(nw.len().alias(_COUNT))
        .collect("pyarrow")
        .to_pandas()
    )
    if cells[_COUNT].sum() < FEWEST_OF_ALL:
        return None
    middle = _middles(cells)
    apart = (cells[_SIZE] - middle).abs()
    off = cells[apart >= (FOLD - TOLERANCE) * PER_DECADE]
    if off.empty:
        return None
    import pyarrow as pa

    sent = engine.send([pa.Table.from_pandas(off[["tier", "sector", _SIZE]], preserve_index=False)])
    return sized.join(sent, on=["tier", "sector", _SIZE], how="semi").select(
        ROW, nw.lit(bit).cast(nw.Int64).alias(FOUND)
    )


def _middles(cells: pd.DataFrame) -> pd.Series[Any]:
    """Return the median size for each cell: of its group, its tier or all, by their number."""
    middle = pd.Series(_median(cells), index=cells.index)
    for by in (["tier"], ["tier", "sector"]):
        for _, part in cells.groupby(by):
            if part[_COUNT].sum() >= FEWEST:
                middle[part.index] = _median(part)
    return middle


def _median(cells: pd.DataFrame) -> float:
    if cells.empty:
        return 0.0
    ordered = cells.groupby(_SIZE)[_COUNT].sum()
    half = (ordered.cumsum() * 2 >= ordered.sum()).to_numpy()
    return float(ordered.index.to_numpy()[half.argmax()])
