"""A ledger of loans, checked and cut to what counts, in the engine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.errors import ColumnError, DataError, OptionError, did_you_mean
from toolkit.language import say
from toolkit.models.magnetism.months import join_months
from toolkit.models.magnetism.part import MONEY, UNTIL, Part, since_first_loan
from toolkit.models.magnetism.split import split_by_firm
from toolkit.tables import as_table, column_names, require

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["FollowUp", "follow_up"]

NEEDED = ("firm_id", "tier", "date", MONEY)


@dataclass(frozen=True, kw_only=True, eq=False)
class FollowUp:
    """The rows of a ledger that count, checked but not yet computed.

    ``on_disk`` is their number where they are read from a file, and 0 where a frame holds them.
    """

    rows: nw.LazyFrame[Any]
    lead: str
    keys: tuple[str, ...]
    on_disk: int
    notes: tuple[str, ...]

    def parts(self) -> Iterator[Part]:
        """Yield the firms: all at once, or of a large file some at a time."""
        for rows in split_by_firm(self.rows, on_disk=self.on_disk):
            yield since_first_loan(rows, lead=self.lead, keys=self.keys)

    def by_month(self, *, months: int) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return money and firms at risk of all parts, as :meth:`Part.by_month` does of one."""
        return join_months([part.by_month(months=months) for part in self.parts()])


def follow_up(
    ledger: Any,
    *,
    lead: str,
    follow: str,
    keys: tuple[str, ...],
    observed_until: str | date | None,
) -> FollowUp:
    """Check a ledger, and keep the rows of both tiers within the time of observation.

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
    seen, count, notes = _inspect(table, complete, lead=lead, follow=follow)
    rows = table.select(wanted).filter(nw.col("tier").is_in([lead, follow]), complete)
    if from_column:
        until = nw.col(UNTIL).dt.offset_by("1d")
    else:
        day, said = _last_day(rows, seen, observed_until)
        until, notes = nw.lit(day + timedelta(days=1)), [*notes, *said]
    rows = rows.with_columns(until.cast(nw.Datetime("us")).alias(UNTIL))
    rows = rows.filter(nw.col("date").cast(nw.Datetime("us")) < nw.col(UNTIL))
    return FollowUp(
        rows=rows,
        lead=lead,
        keys=keys,
        on_disk=count if isinstance(ledger, str | os.PathLike) else 0,
        notes=tuple(notes),
    )


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
) -> tuple[tuple[pd.Timestamp, pd.Timestamp], int, list[str]]:
    """Read the ledger once: refuse unknown tiers and negative amounts, count incomplete rows.

    Returns the first and the last day of the two tiers, and how many whole rows they have.
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
    note = say(
        "{lost:,} of {total:,} rows left out: firm, date, amount or end of observation missing.",
        lost=total - whole,
        total=total,
    )
    days = (used["first"].min().normalize(), used["last"].max().normalize())
    return days, whole, [note] if total > whole else []


def _last_day(
    rows: nw.LazyFrame[Any],
    seen: tuple[pd.Timestamp, pd.Timestamp],
    observed_until: str | date | None,
) -> tuple[datetime, list[str]]:
    import narwhals as nw

    first, last = seen
    if observed_until is None:
        note = say(
            "No end of observation was given: every firm is taken to be observed until the "
            "ledger's last row, {last}.",
            last=last.date(),
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
    note = say(
        "{later:,} rows after {until}, the end of observation, are left out.",
        later=later,
        until=until.date(),
    )
    return until.to_pydatetime(), [note]
