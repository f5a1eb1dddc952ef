"""Spells or counts, from any frame, to one small set of arrays per group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.errors import ColumnError, DataError, OptionError, did_you_mean
from toolkit.models.survival.study import (
    OUTCOMES,
    Group,
    Study,
    check_choice,
    group_rows,
)
from toolkit.tables import as_names, as_table, column_names, require

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["checked_spells", "outcome_codes", "read_study", "reduce"]

ROWS_NOT_COUNTED = 20_000

COUNT_COLUMNS = ("age", "at_risk", "events")


def read_study(
    data: Any,
    *,
    by: str | Sequence[str] | None = None,
    cluster: str | None = None,
    weights: str | None = None,
    entry: Literal["use", "ignore"] = "use",
) -> Study:
    """Reduce a table of spells or of counts, in its engine, to arrays per group.

    Parameters
    ----------
    data : frame or path
        Spells (``duration``, ``outcome``, and ``entry`` if any came late), or counts
        (``age at_risk events`` and, where there are any, ``exits censored cohort``).
    by, cluster, weights : str
        Columns that make groups, that hold clusters, and that hold weights.
    entry : {"use", "ignore"}
        Whether a spell is at risk from its entry on, or is taken as seen from the start.

    Raises
    ------
    ColumnError
        If a column is missing.
    DataError
        If a value cannot be meant: a missing duration, an unknown outcome, an entry after the end.
    """
    check_choice("entry", entry, ("use", "ignore"))
    table = as_table(data)
    groups = as_names(by)
    if set(COUNT_COLUMNS) <= set(column_names(table)):
        from toolkit.models.survival.counts import read_counts

        return read_counts(table, by=groups, cluster=cluster, weights=weights, entry=entry)
    if "duration" not in column_names(table) and "age" in column_names(table):
        require(table, *COUNT_COLUMNS)
    return _read_spells(table, by=groups, cluster=cluster, weights=weights, entry=entry)


def reduce(
    table: nw.LazyFrame[Any], keys: Sequence[str], *, weights: str | None = None
) -> pd.DataFrame:
    """Count equal rows in the table's engine: the keys, then ``n``, ``weight``, ``squared_weight``.

    A pandas frame is counted by Polars, which is several times faster at it, or, where counting
    would take longer than it saves, left as it is.
    """
    import narwhals as nw

    wanted = list(dict.fromkeys([*keys, *as_names(weights)]))
    if weights is None and table.implementation.is_pandas():
        rows: pd.DataFrame = table.select(*wanted).collect().to_native()
        if len(rows) <= ROWS_NOT_COUNTED:
            return rows.assign(n=1, weight=1.0, squared_weight=1.0)
    sums = [nw.len().alias("n")]
    if weights is not None:
        mass = nw.col(weights).cast(nw.Float64)
        sums += [
            mass.sum().alias("weight"),
            (mass * mass).sum().alias("squared_weight"),
            (mass.is_null() | ~(mass >= 0)).cast(nw.Int64).sum().alias("without_weight"),
        ]
    counted = _in_fast_engine(table.select(*wanted)).group_by(*keys).agg(*sums)
    cells: pd.DataFrame = counted.sort(*keys).collect().to_pandas()
    if weights is None:
        return cells.assign(weight=cells["n"], squared_weight=cells["n"])
    if wrong := int(cells["without_weight"].sum()):
        raise DataError(
            f"A weight is a number, 0 or more; column {weights!r} has {wrong:,} rows without one. "
            "Fill them in, or leave those rows out."
        )
    return cells


def _in_fast_engine(table: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    import narwhals as nw

    if not table.implementation.is_pandas():
        return table
    import polars as pl
    import pyarrow as pa

    native = table.collect().to_native()
    try:
        fast: nw.LazyFrame[Any] = nw.from_native(pl.from_pandas(native)).lazy()
    except (pa.ArrowException, TypeError, ValueError):
        return table
    return fast


def _read_spells(
    table: nw.LazyFrame[Any],
    *,
    by: tuple[str, ...],
    cluster: str | None,
    weights: str | None,
    entry: str,
) -> Study:
    require(table, "duration", "outcome", *by, *as_names(cluster), *as_names(weights))
    _refuse_reserved(by)
    late_known = entry == "use" and "entry" in column_names(table)
    keys = [*by, *as_names(cluster), *(["entry"] if late_known else []), "duration", "outcome"]
    cells = reduce(table, list(dict.fromkeys(keys)), weights=weights)
    if not late_known:
        cells = cells.assign(entry=0.0)
    cells, notes = checked_spells(cells, required=(*by, *as_names(cluster)))
    codes = outcome_codes(cells["outcome"])
    cluster_codes = (
        np.zeros(len(cells), dtype=np.intp)
        if cluster is None
        else pd.factorize(cells[cluster])[0].astype(np.intp)
    )
    columns = {
        name: cells[name].to_numpy(dtype=float)
        for name in ("duration", "entry", "weight", "squared_weight")
    }
    groups = []
    for key, rows in group_rows(cells, by):
        part = {name: values[rows] for name, values in columns.items()}
        groups.append(
            Group(
                key=key,
                **part,
                outcome=codes[rows],
                entry_weight=part["weight"],
                cluster=cluster_codes[rows],
                entry_cluster=cluster_codes[rows],
            )
        )
    return Study(
        by=by,
        groups=tuple(groups),
        source="spells",
        spells=float(cells["n"].sum()),
        late=float(cells.loc[cells["entry"] > 0, "n"].sum()),
        clusters=0 if cluster is None else int(cells[cluster].nunique()),
        weighted=weights,
        notes=notes,
    )


def _refuse_reserved(by: tuple[str, ...]) -> None:
    taken = {"entry", "duration", "outcome", "age", "term"} & set(by)
    if taken:
        raise OptionError(
            f"by names columns that tell groups apart; {sorted(taken)[0]!r} is part of the spell. "
            "Give a column such as 'region' or 'sector'."
        )


def checked_spells(
    cells: pd.DataFrame, *, required: Sequence[str]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Refuse spells that cannot be meant; leave out, and say so, those that cannot be used.

    Parameters
    ----------
    cells : DataFrame
        ``entry duration outcome``, the columns in `required`, and ``n``, the spells per row.
    required : sequence of str
        Columns without whose value a spell is left out.
    """
    if cells.empty:
        raise DataError("A curve needs spells; the table has no rows. Check the filter before it.")
    _refuse_unknown_outcomes(cells)
    for name in ("duration", "entry"):
        if not pd.api.types.is_numeric_dtype(cells[name]):
            found = cells[name].dropna()
            shown = repr(found.iloc[0]) if len(found) else "nothing"
            raise ColumnError(
                f"Column {name!r} holds months as numbers; it has {shown}. "
                "Make the table by clean_milestones, or convert the column."
            )
        _refuse(cells, cells[name].isna(), f"have no {name}", "Make the table by clean_milestones.")
    _refuse(cells, cells["duration"] < 0, "end before they start", "Correct their dates.")
    _refuse(
        cells,
        cells["entry"] > cells["duration"],
        "come under observation after they ended",
        "Correct their entry, or leave them out.",
    )
    notes = []
    for name in required:
        missing = cells[name].isna()
        if missing.any():
            count = int(cells.loc[missing, "n"].sum())
            notes.append(f"{count:,} spells without a value of {name} are left out.")
            cells = cells[~missing]
    empty = (cells["entry"] > 0) & (cells["entry"] == cells["duration"])
    if empty.any():
        count = int(cells.loc[empty, "n"].sum())
        notes.append(
            f"{count:,} spells that ended in the month of their entry were never at risk "
            "and are left out."
        )
        cells = cells[~empty]
    if cells.empty:
        raise DataError(f"No spell is left to estimate from. {' '.join(notes)}".strip())
    return cells, tuple(notes)


def outcome_codes(outcome: pd.Series[Any]) -> NDArray[np.intp]:
    """Return the code of each outcome, -1 for one that is none of them."""
    codes = np.full(len(outcome), -1, dtype=np.intp)
    for name, code in OUTCOMES.items():
        codes[(outcome == name).to_numpy(dtype=bool, na_value=False)] = code
    return codes


def _refuse_unknown_outcomes(cells: pd.DataFrame) -> None:
    wrong = outcome_codes(cells["outcome"]) < 0
    if wrong.any():
        unknown = cells[wrong]
        value = unknown["outcome"].iloc[0]
        shown = "nothing" if pd.isna(value) else repr(value)
        raise DataError(
            f"outcome is 'production', 'exit' or 'censored'; {int(unknown['n'].sum()):,} spells "
            f"have another, first {shown}.{did_you_mean(value, OUTCOMES)} "
            "Make the table by clean_milestones."
        )


def _refuse(cells: pd.DataFrame, wrong: pd.Series[Any], fault: str, advice: str) -> None:
    if wrong.any():
        first = cells[wrong].iloc[0]
        where = f"entry {first['entry']}, duration {first['duration']}, {first['outcome']}"
        count = int(cells.loc[wrong, "n"].sum())
        raise DataError(f"{count:,} spells {fault} (first: {where}). {advice}")
