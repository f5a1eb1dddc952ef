"""Spells or counts, from any frame, to one small set of arrays per group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from toolkit.errors import DataError, OptionError
from toolkit.models.survival.checked import checked_spells
from toolkit.models.survival.study import (
    Group,
    Study,
    check_choice,
    group_rows,
)
from toolkit.tables import as_names, as_table, column_names, require

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["read_study", "reduce"]

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
    groups, there = as_names(by), column_names(table)
    if set(COUNT_COLUMNS) <= set(there):
        from toolkit.models.survival.counts import read_counts

        return read_counts(table, by=groups, cluster=cluster, weights=weights, entry=entry)
    if "duration" not in there and "age" in there:
        require(table, *COUNT_COLUMNS)
    require(table, "duration", "outcome", *groups, *as_names(cluster), *as_names(weights))
    _refuse_reserved(groups)
    late = ["entry"] if entry == "use" and "entry" in there else []
    return _read_spells(table, by=groups, cluster=cluster, weights=weights, late=late)


def reduce(
    table: nw.LazyFrame[Any], keys: Sequence[str], *, weights: str | None = None
) -> pd.DataFrame:
    """Count equal rows in the table's engine: the keys, then their number, ``n``.

    With `weights`, also their sum ``weight`` and that of their squares, ``squared_weight``.
    A pandas frame is counted by Polars, which is several times faster at it, or, where counting
    would take longer than it saves, left as it is, without ``n``.
    """
    import narwhals as nw

    wanted = list(dict.fromkeys([*keys, *as_names(weights)]))
    if weights is None and table.implementation.is_pandas():
        rows: pd.DataFrame = table.select(*wanted).collect().to_native()
        if len(rows) <= ROWS_NOT_COUNTED:
            return rows
    chosen, sums = _in_fast_engine(table.select(*wanted)), [nw.len().alias("n")]
    if weights is not None:
        mass = nw.col(weights).cast(nw.Float64)
        chosen = chosen.with_columns(
            weight=mass,
            squared_weight=mass * mass,
            without_weight=(mass.is_null() | ~(mass >= 0)).cast(nw.Int64),
        )
        sums += [nw.col("weight", "squared_weight", "without_weight").sum()]
    counted = chosen.group_by(*keys).agg(*sums)
    cells: pd.DataFrame = counted.sort(*keys).collect().to_pandas()
    if weights is not None and (wrong := int(cells["without_weight"].sum())):
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
    late: list[str],
) -> Study:
    keys = [*by, *as_names(cluster), *late, "duration", "outcome"]
    cells = reduce(table, list(dict.fromkeys(keys)), weights=weights)
    spells = checked_spells(cells, required=(*by, *as_names(cluster)))
    cells, number = spells.cells, spells.number
    mass, squared = (
        (number, number)
        if weights is None
        else (cells[name].to_numpy(dtype=float) for name in ("weight", "squared_weight"))
    )
    clusters = (
        np.zeros(len(cells), dtype=np.intp)
        if cluster is None
        else pd.factorize(cells[cluster])[0].astype(np.intp)
    )
    groups = [
        Group(
            key=key,
            duration=spells.duration[rows],
            outcome=spells.outcome[rows],
            weight=mass[rows],
            entry=spells.entry[rows],
            entry_weight=mass[rows],
            squared_weight=squared[rows],
            cluster=clusters[rows],
            entry_cluster=clusters[rows],
        )
        for key, rows in group_rows(cells, by)
    ]
    return Study(
        by=by,
        groups=tuple(groups),
        source="spells",
        spells=float(number.sum()),
        late=float(number[spells.entry > 0].sum()),
        clusters=0 if cluster is None else int(clusters.max()) + 1,
        weighted=weights,
        notes=spells.notes,
    )


def _refuse_reserved(by: tuple[str, ...]) -> None:
    taken = {"entry", "duration", "outcome", "age", "term"} & set(by)
    if taken:
        raise OptionError(
            f"by names columns that tell groups apart; {sorted(taken)[0]!r} is part of the spell. "
            "Give a column such as 'region' or 'sector'."
        )
