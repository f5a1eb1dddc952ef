"""The rows of an export: those of the clean table, and those that cleaning has to find.

Bad rows are rows of their own beside the clean ones, never clean rows spoiled, so that a cleaner
that finds them all has the clean table back, to the last cell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from toolkit.simulate.draws import check_share

__all__ = ["FaultDesign", "ledger_rows", "register_rows"]

LEDGER_FAULTS = {
    "negative_amount": "amount_cny",
    "not_an_amount": "amount_cny",
    "ten_thousand_slip": "amount_cny",
    "date_after_observed_until": "date",
    "unknown_region": "region",
}
REGISTER_FAULTS = {
    "production_before_start": "production",
    "date_after_observed_until": "start",
    "unknown_region": "region",
}
"""Faults, and the column that has each."""

STYLES = 1 << 30


@dataclass(frozen=True, kw_only=True)
class FaultDesign:
    """How many rows of an export are not what they should be.

    Parameters
    ----------
    duplicates : float
        Exact duplicates as a share of clean rows.
    bad : float
        Impossible or unreadable rows as a share of clean rows, each kind as likely.
    conflicts : float
        Pairs of rows with one key and two amounts, as a share of clean rows.

    Raises
    ------
    OptionError
        If a share is not a fraction.
    """

    duplicates: float = 0.02
    bad: float = 0.01
    conflicts: float = 0.002

    def __post_init__(self) -> None:
        check_share(duplicates=self.duplicates, bad=self.bad, conflicts=self.conflicts)


def ledger_rows(
    ledger: pd.DataFrame,
    rng: np.random.Generator,
    *,
    faults: FaultDesign,
    observed_until: str,
) -> pd.DataFrame:
    """Return the rows to write: a clean ledger, its duplicates, conflicts and bad rows.

    To the columns of the ledger come ``status`` (clean, duplicate, conflict or bad), ``reason``,
    ``column`` (which has the fault), ``clean_row`` (position in `ledger`; missing for conflicts
    and bad rows) and ``style``, a number that picks the notation. Bad rows have lenders of
    their own (``B9…``), so that they share no key with a clean row.
    """
    clean = _clean(ledger, rng)
    bad = _strangers(ledger, rng, round(faults.bad * len(ledger)), first=900_000)
    bad = _spoiled(bad, rng, LEDGER_FAULTS)
    late = bad["reason"] == "date_after_observed_until"
    after = rng.integers(1, 400, len(bad))
    shifted = np.datetime64(observed_until, "D") + after.astype("m8[D]")
    bad["date"] = bad["date"].mask(late, pd.Series(shifted, index=bad.index))
    slip = bad["reason"] == "ten_thousand_slip"
    # The slip of a tiny loan would look like a large loan; nobody could tell.
    usual = ledger["amount_cny"].median() // 100 * 100
    bad["amount_cny"] = bad["amount_cny"].mask(slip, bad["amount_cny"].clip(lower=usual) * 1e4)
    negative = bad["reason"] == "negative_amount"
    bad["amount_cny"] = bad["amount_cny"].mask(negative, -bad["amount_cny"])
    return _assembled(clean, faults, rng, _conflicts(ledger, rng, faults), bad)


def register_rows(
    milestones: pd.DataFrame,
    rng: np.random.Generator,
    *,
    faults: FaultDesign,
    observed_until: str,
) -> pd.DataFrame:
    """Return the rows to write: a clean register, its duplicates and bad rows.

    The columns are those of :func:`ledger_rows`. Bad rows have units of their own (``U9…``).
    """
    clean = _clean(milestones, rng)
    count = round(faults.bad * len(milestones))
    bad = milestones.iloc[rng.integers(0, len(milestones), count)].reset_index(drop=True)
    bad["unit_id"] = [f"U{9_000_000 + place}" for place in range(count)]
    bad = _spoiled(bad, rng, REGISTER_FAULTS)
    days = pd.Series(pd.to_timedelta(rng.integers(100, 400, count), unit="D"))
    early = bad["reason"] == "production_before_start"
    late = bad["reason"] == "date_after_observed_until"
    bad["production"] = bad["production"].mask(early, bad["start"] - days)
    # A production after the last day is no fault: on that day the unit is under way.
    bad["start"] = bad["start"].mask(late, pd.Timestamp(observed_until) + days)
    bad["production"] = bad["production"].mask(late, pd.NaT)
    bad["exit"] = bad["exit"].mask(early | late, pd.NaT)
    bad["precision"] = "day"
    return _assembled(clean, faults, rng, bad)


def _clean(table: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    return table.assign(
        status="clean",
        reason="",
        column="",
        clean_row=pd.array(np.arange(len(table)), dtype="Int64"),
        style=rng.integers(0, STYLES, len(table)),
    )


def _strangers(
    ledger: pd.DataFrame, rng: np.random.Generator, count: int, *, first: int
) -> pd.DataFrame:
    """Loans like those of the ledger, from banks that it does not know."""
    rows = ledger.iloc[rng.integers(0, len(ledger), count)].reset_index(drop=True)
    funder = [f"B{first + place}" for place in range(count)]
    return rows.assign(
        funder_id=pd.array(funder, dtype="str"),
        tier=pd.array(["bank"] * count, dtype="str"),
        clean_row=pd.array([pd.NA] * count, dtype="Int64"),
        style=rng.integers(0, STYLES, count),
    )


def _spoiled(bad: pd.DataFrame, rng: np.random.Generator, faults: dict[str, str]) -> pd.DataFrame:
    kinds = np.asarray(list(faults), dtype=object)
    reason = kinds[rng.permutation(np.arange(len(bad)) % len(kinds))]
    return bad.assign(
        status="bad",
        reason=pd.array(reason, dtype="str"),
        column=pd.array([faults[kind] for kind in reason], dtype="str"),
        clean_row=pd.array([pd.NA] * len(bad), dtype="Int64"),
        style=rng.integers(0, STYLES, len(bad)),
    )


def _conflicts(ledger: pd.DataFrame, rng: np.random.Generator, faults: FaultDesign) -> pd.DataFrame:
    count = round(faults.conflicts * len(ledger))
    one = _strangers(ledger, rng, count, first=800_000)
    other = one.assign(amount_cny=one["amount_cny"] + 100.0 * rng.integers(1, 1000, count))
    both = pd.concat([one, other], ignore_index=True)
    return both.assign(status="conflict", reason="conflict", column="amount_cny")


def _assembled(
    clean: pd.DataFrame, faults: FaultDesign, rng: np.random.Generator, *others: pd.DataFrame
) -> pd.DataFrame:
    again = rng.choice(len(clean), round(faults.duplicates * len(clean)), replace=False)
    twice = clean.iloc[np.sort(again)].assign(status="duplicate", reason="duplicate")
    text = dict.fromkeys(("status", "reason", "column"), "str")
    return pd.concat([clean, twice, *others], ignore_index=True).astype(text)
