"""Firms and their money by month since the first lead loan, in the engine.

Month j of a firm is (start + j-1 months, start + j months]; the day of the first lead loan is
month 0. Bank money of that day or before does not follow, and is not counted. All is written as
Narwhals expressions and runs where the rows are; what comes back is one row per firm, or one per
cluster and month.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.models.magnetism.exact import exact_sums

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["FOLLOW", "LEAD", "MONEY", "MONTH", "OBSERVED", "UNTIL", "Part", "since_first_loan"]

LEAD, FOLLOW = "lead_cny", "follow_cny"
MONEY, UNTIL = "amount_cny", "observed_until"
SAME_DAY = "_same_day"
START, MONTH, OBSERVED = "_start", "_month", "_observed"


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """Firms with lead money and the rows that belong to them, not yet computed.

    ``starts`` has one row per firm: its keys, first lead day and whole months observed since;
    ``rows`` has the ledger's rows of these firms with their month and both kinds of money.
    """

    starts: nw.LazyFrame[Any]
    rows: nw.LazyFrame[Any]
    keys: tuple[str, ...]

    def firms(self, *, months: int) -> tuple[pd.DataFrame, float]:
        """Return money by firm within the window, and the follow-on money of the first day.

        Columns: ``firm_id``, the keys, ``lead_cny``, ``follow_cny``, ``_observed`` (whole months).
        """
        import narwhals as nw

        money = (LEAD, FOLLOW, SAME_DAY)
        inside = nw.col(MONTH) <= months
        windowed = self.rows.filter(inside).with_columns(
            nw.when(nw.col(MONTH) == 0).then(nw.col(FOLLOW)).otherwise(0.0).alias(SAME_DAY),
            nw.when(nw.col(MONTH) > 0).then(nw.col(FOLLOW)).otherwise(0.0).alias(FOLLOW),
        )
        kept = [nw.col(key).min() for key in self.keys if key != "firm_id"]
        reduced = exact_sums(
            windowed, keys=["firm_id"], money=money, others=[nw.col(OBSERVED).max(), *kept]
        )
        # The engine hands rows over in any order, and sums of floats depend on it.
        firms = reduced.sort("firm_id").collect().to_pandas()
        names = list(dict.fromkeys(["firm_id", *self.keys]))
        return firms[[*names, LEAD, FOLLOW, OBSERVED]], float(firms[SAME_DAY].sum())

    def by_month(self, *, months: int) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return money and firms at risk by keys and month, whole months of follow-up alone.

        Returns
        -------
        money, firms : DataFrame
            The keys, ``_month`` and ``lead_cny``, ``follow_cny``; the keys, ``_observed`` (cut at
            `months`) and ``firms``.
        """
        import narwhals as nw

        seen = self.rows.filter(
            (nw.col(MONTH) <= nw.col(OBSERVED)) & (nw.col(MONTH) <= months)
        ).with_columns(nw.when(nw.col(MONTH) > 0).then(nw.col(FOLLOW)).otherwise(0.0).alias(FOLLOW))
        money = exact_sums(seen, keys=[*self.keys, MONTH], money=(LEAD, FOLLOW))
        cut = nw.when(nw.col(OBSERVED) > months).then(months).otherwise(nw.col(OBSERVED))
        firms = (
            self.starts.with_columns(cut.alias(OBSERVED))
            .group_by(*self.keys, OBSERVED)
            .agg(nw.len().alias("firms"))
        )
        return money.collect().to_pandas(), firms.collect().to_pandas()


def since_first_loan(rows: nw.LazyFrame[Any], *, lead: str, keys: tuple[str, ...]) -> Part:
    """Find each firm's first lead loan, how long it is observed, and what belongs to it.

    Parameters
    ----------
    rows : LazyFrame
        All loans of some firms: ``firm_id``, ``tier``, ``date``, ``amount_cny``, the keys, and
        ``observed_until``, the instant at which observation ends.
    lead : str
        The tier of lead loans; the other rows are follow-on loans.
    keys : tuple of str
        A firm has those of its first lead loan; where several stand on that day, the first in
        order.
    """
    import narwhals as nw

    is_lead = nw.col("tier") == lead
    starts = _starts(rows.filter(is_lead), keys)
    paid = nw.col(MONEY).cast(nw.Float64)
    kept = [name for name in keys if name != "firm_id"]
    joined = (
        rows.select("firm_id", "tier", "date", MONEY)
        .join(starts, on="firm_id", how="inner")
        .with_columns(
            _months_after(nw.col("date")).alias(MONTH),
            nw.when(is_lead).then(paid).otherwise(0.0).alias(LEAD),
            nw.when(~is_lead).then(paid).otherwise(0.0).alias(FOLLOW),
        )
        .filter(nw.col("date") >= nw.col(START))
        .select("firm_id", *kept, MONTH, OBSERVED, LEAD, FOLLOW)
    )
    return Part(starts=starts.drop(START), rows=joined, keys=keys)


def _starts(leads: nw.LazyFrame[Any], keys: tuple[str, ...]) -> nw.LazyFrame[Any]:
    """Return firm, first lead day, keys of that day, and whole months observed since."""
    import narwhals as nw

    first = leads.group_by("firm_id").agg(nw.col("date").min().alias(START))
    others = [nw.col(key).min() for key in keys if key != "firm_id"]
    return (
        leads.join(first, on="firm_id", how="inner")
        .filter(nw.col("date") == nw.col(START))
        .group_by("firm_id")
        .agg(nw.col(START).min(), nw.col(UNTIL).max(), *others)
        .with_columns((_months_after(nw.col(UNTIL)) - 1).alias(OBSERVED))
        .drop(UNTIL)
    )


def _months_after(day: nw.Expr) -> nw.Expr:
    """Return the number of the month since the start that a day lies in, 0 for the start itself.

    A month ends on the day of the month that the first began on, or on the month's last day.
    """
    import narwhals as nw

    start = nw.col(START)
    years = day.dt.year().cast(nw.Int64) - start.dt.year().cast(nw.Int64)
    months = day.dt.month().cast(nw.Int64) - start.dt.month().cast(nw.Int64)
    return 12 * years + months + (day.dt.day() > start.dt.day()).cast(nw.Int64)
