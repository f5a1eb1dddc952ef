"""Sums of money that do not depend on the order in which an engine adds.

Engines add floats in several threads, and the last digits differ from run to run. Here an amount
is split into whole yuan and 2^-30 of a yuan, which are added as integers, exactly and in any order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["exact_sums"]

FRACTION = 2.0**30


def exact_sums(
    frame: nw.LazyFrame[Any],
    *,
    keys: Sequence[str],
    money: Sequence[str],
    others: Sequence[nw.Expr] = (),
) -> nw.LazyFrame[Any]:
    """Sum money columns by keys, to a 2^-30th of a yuan, beside other aggregates.

    Parameters
    ----------
    frame : LazyFrame
        Amounts below 2^53; no missing ones.
    keys, money : sequence of str
        Columns to group by, and float columns to sum, which keep their names.
    others : sequence of Expr
        Further aggregates.

    Examples
    --------
    >>> import narwhals as nw
    >>> import pandas as pd
    >>> loans = nw.from_native(pd.DataFrame({"region": ["a", "a"], "cny": [0.1, 1e15]})).lazy()
    >>> exact_sums(loans, keys=["region"], money=["cny"]).collect().to_native()
      region           cny
    0      a  1.000000e+15
    """
    import narwhals as nw

    limbs = []
    for name in money:
        whole = nw.col(name).floor()
        # round() goes to even in one engine and away from zero in another.
        part = ((nw.col(name) - whole) * FRACTION + 0.5).floor()
        limbs += [whole.cast(nw.Int64).alias(f"{name}_whole")]
        limbs += [part.cast(nw.Int64).alias(f"{name}_part")]
    split = frame.with_columns(*limbs)
    sums = [nw.col(f"{name}_{limb}").sum() for name in money for limb in ("whole", "part")]
    summed = split.group_by(*keys).agg(*sums, *others)
    joined = [
        nw.col(f"{name}_whole").cast(nw.Float64)
        + nw.col(f"{name}_part").cast(nw.Float64) / FRACTION
        for name in money
    ]
    named = [both.alias(name) for both, name in zip(joined, money, strict=True)]
    kept = [
        name for name in summed.collect_schema().names() if not name.endswith(("_whole", "_part"))
    ]
    return summed.with_columns(*named).select(*kept, *money)
