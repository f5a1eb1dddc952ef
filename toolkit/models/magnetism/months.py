"""Money and firms at risk by month, as arrays of clusters and months."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import OptionError
from toolkit.models.magnetism.intervals import Sums
from toolkit.models.magnetism.part import FOLLOW, LEAD, MONTH, OBSERVED
from toolkit.models.ratios.paths import Floats

__all__ = ["MonthSums", "check_months", "join_months", "month_sums", "split_months"]


def check_months(months: float) -> None:
    """Refuse a window that is not a whole number of months."""
    if isinstance(months, bool) or int(months) != months or months < 1:
        raise OptionError(f"months is a whole number of 1 or more; got {months!r}.")


@dataclass(frozen=True, kw_only=True, eq=False)
class MonthSums(Sums):
    """Money and firms still observed, shape (clusters, months), and the clusters' names."""

    at_risk: Floats
    names: tuple[str, ...]


def month_sums(money: pd.DataFrame, firms: pd.DataFrame, *, cluster: str, months: int) -> MonthSums:
    """Lay money and firms out by cluster and month, from month 0 to `months`.

    Parameters
    ----------
    money : DataFrame
        The cluster column, ``_month``, ``lead_cny`` and ``follow_cny``.
    firms : DataFrame
        The cluster column, ``_observed`` (whole months, at most `months`) and ``firms``.

    Examples
    --------
    >>> money = pd.DataFrame(
    ...     {"c": ["a", "a"], "_month": [0, 1], "lead_cny": [2.0, 0.0], "follow_cny": [0.0, 6.0]}
    ... )
    >>> firms = pd.DataFrame({"c": ["a", "a"], "_observed": [0, 1], "firms": [1, 2]})
    >>> month_sums(money, firms, cluster="c", months=1).at_risk
    array([[3., 2.]])
    """
    both = pd.concat([firms[cluster], money[cluster]], ignore_index=True)
    codes, names = pd.factorize(both, sort=True, use_na_sentinel=False)
    shape = (len(names), months + 1)

    def laid(rows: Any, month: pd.Series[Any], values: pd.Series[Any]) -> Any:
        place = rows * shape[1] + month.to_numpy(np.int64)
        counted = np.bincount(place, values.to_numpy(np.float64), minlength=shape[0] * shape[1])
        return counted.reshape(shape)

    of_firms, of_money = codes[: len(firms)], codes[len(firms) :]
    leaving = laid(of_firms, firms[OBSERVED], firms["firms"])
    return MonthSums(
        lead=laid(of_money, money[MONTH], money[LEAD]),
        follow=laid(of_money, money[MONTH], money[FOLLOW]),
        at_risk=np.cumsum(leaving[:, ::-1], axis=1)[:, ::-1],
        names=tuple(str(name) for name in names),
    )


def split_months(
    money: pd.DataFrame, firms: pd.DataFrame, *, by: tuple[str, ...], cluster: str, months: int
) -> Iterator[tuple[dict[str, Any], MonthSums]]:
    """Yield the key and the sums of each group, keys in order."""
    if not by:
        return
    paid = money.groupby(list(by), sort=True).indices
    for key, places in firms.groupby(list(by), sort=True).indices.items():
        values = key if isinstance(key, tuple) else (key,)
        inside = money.take(np.asarray(paid.get(key, []), np.int64))
        group = firms.take(np.asarray(places, np.int64))
        sums = month_sums(inside, group, cluster=cluster, months=months)
        yield dict(zip(by, values, strict=True)), sums


def join_months(
    parts: Sequence[tuple[pd.DataFrame, pd.DataFrame]],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add up money and firms of several parts, by their keys and month."""
    money, firms = zip(*parts, strict=True)
    if len(parts) == 1:
        return money[0], firms[0]
    return _added(money, (LEAD, FOLLOW)), _added(firms, ("firms",))


def _added(parts: Sequence[pd.DataFrame], values: tuple[str, ...]) -> pd.DataFrame:
    table = pd.concat(parts, ignore_index=True)
    keys = [name for name in table.columns if name not in values]
    summed = table.groupby(keys, dropna=False, sort=True)[list(values)].sum()
    return summed.reset_index()
