"""A ledger of loans to money by firm and month since its first lead loan, in the engine.

Month j of a firm is (start + j-1 months, start + j months]; the day of the first lead loan is
month 0. Bank money of that day or before does not follow, and is not counted. All is written as
Narwhals expressions and runs where the ledger is; what comes back is one row per firm, or one per
cluster and month.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.errors import ColumnError, DataError, OptionError, did_you_mean
from toolkit.models.magnetism.exact import exact_sums
from toolkit.tables import as_table, column_names, require

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["FOLLOW", "LEAD", "MONTH", "OBSERVED", "FollowUp", "follow_up"]

LEAD, FOLLOW = "lead_cny", "follow_cny"
MONEY, UNTIL = "amount_cny", "observed_until"
SAME_DAY = "_same_day"
NEEDED = ("firm_id", "tier", "date", MONEY)
START, MONTH, OBSERVED = "_start", "_month", "_observed"


@dataclass(frozen=True, kw_only=True, eq=False)
class FollowUp:
    """Firms with lead money and the rows that belong to them, not yet computed.

    ``starts`` has one row per firm: its keys, first lead day and whole months observed since;
    ``rows`` has the ledger's rows of these firms with their month and both kinds of money.
    """

    starts: nw.LazyFrame[Any]
    rows: nw.LazyFrame[Any]
    keys: tuple[str, ...]
    notes: tuple[str, ...]

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


def follow_up(
    ledger: Any,
    *,
    lead: str,
    follow: str,
    keys: tuple[str, ...],
    observed_until: str | date | None,
) -> FollowUp:
    """Find each firm's first lead loan, how long it is observed, and what belongs to it.

    A key (region, sector, funder ...) is that of the firm's first lead loan; where several
    stand on that day, the first in order.

    Raises
    ------
    ColumnError
        If a column is missing or of the wrong kind.
    OptionError
        If a tier is not in the ledger, or both are the same.
    DataError
        If an amount is negative, or no row is left.
    """
    import narwhals as nw

    table = as_table(ledger)
    require(table, *NEEDED, *keys)
    _check_kinds(table)
    from_column = observed_until is None and UNTIL in column_names(table)
    wanted = list(dict.fromkeys([*NEEDED, *keys, *([UNTIL] if from_column else [])]))
    complete = _complete([*NEEDED, *([UNTIL] if from_column else [])])
    seen, notes = _inspect(table, complete, lead=lead, follow=follow)
    rows = table.select(wanted).filter(nw.col("tier").is_in([lead, follow]), complete)
    if from_column:
        until = nw.col(UNTIL).dt.offset_by("1d")
    else:
        day, said = _last_day(rows, seen, observed_until)
        until, notes = nw.lit(day + timedelta(days=1)), [*notes, *said]
    rows = rows.with_columns(until.cast(nw.Datetime("us")).alias(UNTIL))
    rows = rows.filter(nw.col("date").cast(nw.Datetime("us")) < nw.col(UNTIL))
    starts = _starts(rows.filter(nw.col("tier") == lead), keys)
    paid = nw.col(MONEY).cast(nw.Float64)
    is_lead = nw.col("tier") == lead
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
    return FollowUp(starts=starts.drop(START), rows=joined, keys=keys, notes=tuple(notes))


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


def _check_kinds(table: nw.LazyFrame[Any]) -> None:
    import narwhals as nw

    kinds = table.collect_schema()
    for name in ("date", UNTIL):
        if name in kinds and not isinstance(kinds[name], nw.Date | nw.Datetime):
            raise ColumnError(
                f"Column {name!r} is a date in each row; it holds {kinds[name]}. "
                "clean_ledger() or parse_periods() turns text into dates."
            )
    if not kinds[MONEY].is_numeric():
        raise ColumnError(
            f"Column {MONEY!r} is money, a number in each row; it holds {kinds[MONEY]}. "
            "clean_ledger() or parse_amounts() turns text into numbers."
        )


def _complete(names: list[str]) -> nw.Expr:
    """Return whether a row has all that it needs, its amount as a finite number."""
    import narwhals as nw

    there = [~nw.col(name).is_null() for name in names]
    return nw.all_horizontal(*there, nw.col(MONEY).cast(nw.Float64).is_finite(), ignore_nulls=True)


def _inspect(
    table: nw.LazyFrame[Any], complete: nw.Expr, *, lead: str, follow: str
) -> tuple[tuple[pd.Timestamp, pd.Timestamp], list[str]]:
    """Read the ledger once: refuse unknown tiers and negative amounts, count incomplete rows.

    Returns the first and the last day of the two tiers.
    """
    import narwhals as nw

    if lead == follow:
        raise OptionError(f"lead and follow are two tiers; got {lead!r} for both.")
    marked = table.select(
        nw.col("tier"),
        nw.col("date").cast(nw.Datetime("us")),
        complete.cast(nw.Int64).alias("complete"),
        (nw.col(MONEY) < 0).cast(nw.Int64).alias("negative"),
    )
    counted = (
        marked.group_by("tier")
        .agg(
            nw.len().alias("rows"),
            nw.col("complete", "negative").sum(),
            nw.col("date").min().alias("first"),
            nw.col("date").max().alias("last"),
        )
        .collect()
        .to_pandas()
    )
    tiers = sorted(str(tier) for tier in counted["tier"].dropna())
    for tier in (lead, follow):
        if tier not in tiers:
            raise OptionError(
                f"No row of the ledger has the tier {tier!r}.{did_you_mean(tier, tiers)} "
                f"Its tiers: {', '.join(tiers)}."
            )
    used = counted[counted["tier"].isin([lead, follow])]
    if negative := int(used["negative"].sum()):
        raise DataError(
            f"Column {MONEY!r} has {negative:,} negative values; money lent is zero or more. "
            "Net reversals against what they reverse first."
        )
    total, whole = int(used["rows"].sum()), int(used["complete"].sum())
    if whole == 0:
        raise DataError("No row of the ledger has firm_id, date and amount_cny all together.")
    note = (
        f"{total - whole:,} of {total:,} rows left out: firm, date, amount or end of observation "
        "missing."
    )
    days = (used["first"].min().normalize(), used["last"].max().normalize())
    return days, [note] if total > whole else []


def _last_day(
    rows: nw.LazyFrame[Any],
    seen: tuple[pd.Timestamp, pd.Timestamp],
    observed_until: str | date | None,
) -> tuple[datetime, list[str]]:
    import narwhals as nw

    first, last = seen
    if observed_until is None:
        note = (
            "No end of observation was given: every firm is taken to be observed until the "
            f"ledger's last row, {last.date()}."
        )
        return last.to_pydatetime(), [note]
    try:
        until = pd.Timestamp(observed_until).normalize()
    except ValueError as error:
        raise OptionError(
            f"observed_until is a day such as '2024-12-31'; got {observed_until!r}."
        ) from error
    if until < first:
        raise OptionError(
            f"observed_until is {until.date()}; the ledger begins on {first.date()}. "
            "Give the last day that the ledger covers."
        )
    if last <= until:
        return until.to_pydatetime(), []
    after = nw.col("date").cast(nw.Datetime("us")) >= until + pd.Timedelta(days=1)
    later = int(rows.filter(after).select(nw.len()).collect().item())
    note = f"{later:,} rows after {until.date()}, the end of observation, are left out."
    return until.to_pydatetime(), [note]
