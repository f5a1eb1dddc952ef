"""Counts by age, as registers publish them, to the same arrays as spells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import ColumnError, DataError, OptionError
from toolkit.language import say
from toolkit.models.curves import CENSORED, EVENT, EXIT, Floats
from toolkit.models.survival.study import Group, Study, group_rows
from toolkit.tables import as_names, column_names, require

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["read_counts"]

NUMBERS = ("age", "at_risk", "events", "exits", "censored")


def read_counts(
    table: nw.LazyFrame[Any],
    *,
    by: tuple[str, ...],
    cluster: str | None,
    weights: str | None,
    entry: str,
) -> Study:
    """Read ``age at_risk events exits censored``, one row per age and cohort.

    Cohorts of a group are pooled by adding their counts at each age. Before its first listed age
    and between two of them nothing happens to a cohort. A number at risk that grows is read as
    late entries (a cohort that came late has a row with none at risk), one that falls by more
    than those who left as losses that were not recorded, hence censored.

    Raises
    ------
    ColumnError
        If a column is missing or not of numbers.
    DataError
        If a count is missing or negative, more leave than are at risk, or an age is listed twice.
    """
    _refuse_spell_options(weights=weights, entry=entry)
    require(table, "age", "at_risk", "events", *by, *as_names(cluster))
    there = column_names(table)
    cohort = tuple(name for name in ("cohort",) if name in there)
    strata = list(dict.fromkeys([*by, *as_names(cluster), *cohort]))
    wanted = [*strata, *(name for name in NUMBERS if name in there)]
    rows: pd.DataFrame = table.select(*wanted).collect().to_pandas()
    for name in ("exits", "censored"):
        if name not in rows:
            rows[name] = 0.0
    rows = _checked(rows, strata)
    ends, entries, lost = _flows(rows, strata)
    codes = pd.factorize(rows[cluster])[0].astype(np.intp) if cluster else np.zeros(len(rows), int)
    groups = [
        _group(key, part, ends=ends, entries=entries, ages=rows["age"], codes=codes)
        for key, part in group_rows(rows, by)
    ]
    total = float(sum(group.entry_weight.sum() for group in groups))
    notes = ["Ages are the ends of intervals: the curve is known at the listed ages only."]
    if lost:
        notes.append(
            say(
                "{lost:,.0f} left observation between two ages without being counted as censored; "
                "they are censored at the earlier age.",
                lost=lost,
            )
        )
    return Study(
        by=by,
        groups=tuple(groups),
        source="counts",
        spells=total,
        late=float(sum(group.entry_weight[group.entry > 0].sum() for group in groups)),
        clusters=0 if cluster is None else int(rows[cluster].nunique()),
        notes=tuple(notes),
    )


def _refuse_spell_options(*, weights: str | None, entry: str) -> None:
    if weights is not None or entry != "use":
        option = "weights" if weights is not None else "entry='ignore'"
        raise OptionError(
            f"{option} is for spells; this table holds counts (age, at_risk, events). "
            "Leave the option out, or give the spells behind the counts."
        )


def _checked(rows: pd.DataFrame, strata: list[str]) -> pd.DataFrame:
    if rows.empty:
        raise DataError("A curve needs counts; the table has no rows. Check the filter before it.")
    for name in strata:
        if rows[name].isna().any():
            raise DataError(
                f"Counts are grouped by {name!r}; {int(rows[name].isna().sum()):,} rows have no "
                "value there. Fill it in, or leave those rows out."
            )
    for name in NUMBERS:
        values = rows[name]
        if not pd.api.types.is_numeric_dtype(values):
            raise ColumnError(
                f"Column {name!r} holds numbers; it has {values.dropna().iloc[0]!r}. "
                "Convert the column."
            )
        wrong = values.isna() | (values < 0)
        if wrong.any():
            place, found = _place(rows, strata, wrong), values[wrong].iloc[0]
            raise DataError(
                f"{name} is a number, 0 or more; got {found} at {place}. Correct it at the source."
            )
    too_many = rows[["events", "exits", "censored"]].sum(axis=1) > rows["at_risk"] + 1e-9
    if too_many.any():
        raise DataError(
            f"More leave than are at risk at {_place(rows, strata, too_many)}. at_risk counts "
            "those under observation just before the age. Correct it at the source."
        )
    twice = rows.duplicated([*strata, "age"])
    if twice.any():
        raise DataError(
            f"An age stands once per cohort; {_place(rows, strata, twice)} stands twice. "
            "Name the column that tells the rows apart 'cohort', or group by it."
        )
    rows = rows.sort_values([*strata, "age"], kind="stable", ignore_index=True)
    return rows.astype(dict.fromkeys(NUMBERS, float))


def _place(rows: pd.DataFrame, strata: list[str], wrong: pd.Series[Any]) -> str:
    first = rows[wrong].iloc[0]
    return ", ".join(f"{name} {first[name]}" for name in [*strata, "age"])


def _flows(rows: pd.DataFrame, strata: list[str]) -> tuple[Floats, pd.DataFrame, float]:
    stratum = rows.groupby(strata, dropna=False).ngroup() if strata else pd.Series(0, rows.index)
    gone = rows[["events", "exits", "censored"]].sum(axis=1)
    staying = rows["at_risk"] - gone
    last = stratum.ne(stratum.shift(-1))
    first = stratum.ne(stratum.shift(1))
    following = rows["at_risk"].shift(-1)
    lost = (staying - following).clip(lower=0).where(~last, staying)
    came = (rows["at_risk"] - staying.shift(1)).clip(lower=0).where(~first, rows["at_risk"])
    # "After the earlier age" is the next number above it, so that ties keep their order.
    after = pd.Series(np.nextafter(rows["age"].shift(1), np.inf), rows.index)
    ends = rows[["censored", "events", "exits"]].to_numpy(dtype=float)
    ends[:, CENSORED] += lost.to_numpy(dtype=float)
    entries = pd.DataFrame({"time": after.where(~first, 0.0), "n": came})
    return ends, entries, float(lost[~last].sum())


def _group(
    key: tuple[Any, ...],
    part: Any,
    *,
    ends: Floats,
    entries: pd.DataFrame,
    ages: pd.Series[Any],
    codes: np.ndarray[Any, Any],
) -> Group:
    age = ages.iloc[part].to_numpy(dtype=float)
    clusters = codes[part]
    came = entries.iloc[part]
    start, mass = came["time"].to_numpy(dtype=float), came["n"].to_numpy(dtype=float)
    weight = ends[part].T.ravel()
    return Group(
        key=key,
        duration=np.tile(age, 3),
        outcome=np.repeat([CENSORED, EVENT, EXIT], len(age)).astype(np.intp),
        weight=weight,
        squared_weight=weight,
        entry=start[mass > 0],
        entry_weight=mass[mass > 0],
        cluster=np.tile(clusters, 3),
        entry_cluster=clusters[mass > 0],
    )
