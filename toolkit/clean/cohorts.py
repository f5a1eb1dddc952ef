"""Counts of loans by cohort and age: from the table as published to a table of risk sets."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.clean.audit import Audit, Cleaned, Trail
from toolkit.errors import OptionError
from toolkit.language import say
from toolkit.schema import COHORTS, require_columns
from toolkit.tables import as_pandas

__all__ = ["clean_cohorts", "group_cohorts"]

SOURCE_COLUMNS = {
    "approval_fy": "cohort",
    "age_months": "age",
    "n_at_risk": "size",
    "chargeoffs_in_interval": "events",
    "cum_chargeoffs": "cumulative",
}


def clean_cohorts(data: Any) -> Cleaned:
    """Read charge-offs by approval year and age as risk sets for a survival curve.

    The published column ``n_at_risk`` is the number of loans that the cohort began with, at every
    age; it does not fall as loans are charged off. The risk set just before an age is therefore
    that number less the charge-offs at earlier ages. Loans leave observation after the last age of
    their cohort. Repayments are not published: a repaid loan stays in the risk set, so the curve is
    the share of all loans approved that is not charged off, not that of loans outstanding.

    Parameters
    ----------
    data : frame or path
        Columns ``approval_fy age_months n_at_risk chargeoffs_in_interval cum_chargeoffs``.

    Returns
    -------
    Cleaned
        Table ``cohort age at_risk events exits censored``. A cohort whose counts contradict each
        other (cumulative counts that do not add up, more charge-offs than loans, a size that
        changes with age) is rejected whole, with the reason.

    Raises
    ------
    ColumnError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> counts = pd.DataFrame({"approval_fy": [2020, 2020], "age_months": [3, 6],
    ...     "n_at_risk": [10, 10], "chargeoffs_in_interval": [1, 2], "cum_chargeoffs": [1, 3]})
    >>> clean_cohorts(counts).table.to_dict("list")["at_risk"]
    [10, 9]
    """
    raw = as_pandas(data)
    require_columns(raw, list(SOURCE_COLUMNS))
    file = Path(data).name if isinstance(data, str | Path) else ""
    counts = raw.rename(columns=SOURCE_COLUMNS)[list(SOURCE_COLUMNS.values())]
    counts = counts.apply(pd.to_numeric, errors="coerce").assign(
        file=file, row=range(2, len(counts) + 2)
    )
    counts = counts.sort_values(["cohort", "age"], kind="stable")
    trail = Trail()
    good = counts[~_reject_contradictions(counts, trail)]
    earlier = good["cumulative"] - good["events"]
    last = good.groupby("cohort")["age"].transform("max") == good["age"]
    table = pd.DataFrame(
        {
            "cohort": good["cohort"],
            "age": good["age"].astype("float64"),
            "at_risk": good["size"] - earlier,
            "events": good["events"],
            "exits": 0,
            "censored": (good["size"] - good["cumulative"]).where(last, 0),
        }
    ).astype(dict.fromkeys(("cohort", "at_risk", "events", "exits", "censored"), "int64"))
    altered = good[earlier > 0]
    trail.add(
        altered,
        rule="size_is_not_at_risk",
        outcome="altered",
        meaning="The published number at risk is the cohort's size at every age; charge-offs at "
        "earlier ages are taken off.",
        column="n_at_risk",
        before=altered["size"],
        after=table["at_risk"],
    )
    _flag_doubts(good, trail)
    rejected = counts.drop(good.index)
    return Cleaned(
        table=table[COHORTS.names].reset_index(drop=True),
        rejected=rejected.reset_index(drop=True),
        audit=Audit(
            title=say("loan cohorts"),
            rows_in=len(counts),
            passed=len(table),
            duplicates=0,
            rejected=len(rejected),
            events=trail.events(),
            meanings=trail.meanings(),
        ),
    )


def group_cohorts(table: Any, *, starts: Sequence[int]) -> pd.DataFrame:
    """Return the table with the group of approval years that each cohort belongs to.

    Parameters
    ----------
    table : frame or path
        Clean cohorts: a column ``cohort`` of years.
    starts : sequence of int
        First year of each group, rising; a group ends before the next begins, the last with the
        last cohort.

    Returns
    -------
    DataFrame
        The rows from the first start on, with a column ``approved`` such as ``"1991-1997"``.

    Raises
    ------
    OptionError
        If the starts do not rise, or a group would be empty.

    Examples
    --------
    >>> import pandas as pd
    >>> cohorts = pd.DataFrame({"cohort": [1991, 1992, 1993]})
    >>> group_cohorts(cohorts, starts=[1991, 1993])["approved"].tolist()
    ['1991-1992', '1991-1992', '1993-1993']
    """
    cohorts = as_pandas(table)
    require_columns(cohorts, ["cohort"])
    edges = [*starts, int(cohorts["cohort"].max()) + 1]
    if any(later <= earlier for earlier, later in pairwise(edges)):
        raise OptionError(
            f"starts are years that rise, none after the last cohort ({edges[-1] - 1}); "
            f"got {', '.join(map(str, starts))}."
        )
    labels = [f"{first}-{after - 1}" for first, after in pairwise(edges)]
    groups = pd.cut(cohorts["cohort"], edges, right=False, labels=labels).astype("str")
    for label in labels:
        if not (groups == label).any():
            raise OptionError(f"No cohort lies in {label}; choose other starts.")
    return cohorts.assign(approved=groups)[cohorts["cohort"] >= edges[0]].reset_index(drop=True)


def _reject_contradictions(counts: pd.DataFrame, trail: Trail) -> pd.Series:
    by_cohort = counts.groupby("cohort", dropna=False)
    running = by_cohort["events"].cumsum()
    wrong = {
        "not_a_number": (
            counts[list(SOURCE_COLUMNS.values())].isna().any(axis=1),
            "A cell that is no number; its cohort cannot be counted.",
        ),
        "age_repeated": (
            counts.duplicated(["cohort", "age"], keep=False),
            "An age that stands twice in its cohort.",
        ),
        "size_changes": (
            by_cohort["size"].transform("nunique") > 1,
            "The size of a cohort changes with age.",
        ),
        "does_not_add_up": (
            (running != counts["cumulative"]) & counts["cumulative"].notna(),
            "The charge-offs up to an age do not add up to the cumulative count beside them.",
        ),
        "impossible_count": (
            (counts["events"] < 0) | (counts["cumulative"] > counts["size"]) | (counts["age"] < 0),
            "A negative count or age, or more charge-offs than loans.",
        ),
    }
    bad = pd.Series(data=False, index=counts.index)
    for rule, (rows, meaning) in wrong.items():
        cohorts = counts.loc[rows, "cohort"]
        whole = counts["cohort"].isin(cohorts) | (cohorts.isna().any() & counts["cohort"].isna())
        trail.add(
            counts[whole],
            rule=rule,
            outcome="rejected",
            meaning=f"{meaning} The cohort is rejected whole.",
            column="cohort",
            before=counts["cohort"],
        )
        bad |= whole
    return bad


def _flag_doubts(good: pd.DataFrame, trail: Trail) -> None:
    at_start = good[(good["age"] == 0) & (good["events"] > 0)]
    trail.add(
        at_start,
        rule="event_at_age_zero",
        outcome="flagged",
        meaning="Loans charged off in the month of their approval: possible, but unusual.",
        column="chargeoffs_in_interval",
        before=_described(at_start, "{cohort}: {events}"),
    )
    longest = good["age"].max()
    last = good[good["age"] == good.groupby("cohort")["age"].transform("max")]
    short = last[last["age"] < longest]
    trail.add(
        short,
        rule="observed_for_less",
        outcome="flagged",
        meaning=f"Cohorts observed for fewer than {longest:g} months; later ages rest on others.",
        column="age_months",
        before=_described(short, "{cohort}: {age} months"),
    )


def _described(rows: pd.DataFrame, pattern: str) -> pd.Series:
    texts = [pattern.format_map(record) for record in rows.to_dict("records")]
    return pd.Series(texts, index=rows.index, dtype="str")
