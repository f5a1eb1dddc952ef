"""One row per unit, with two checked money columns and the keys that it is grouped by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.errors import ColumnError, DataError, ModelError, OptionError
from toolkit.models.magnetism.facts import Counts, RunningMedian
from toolkit.models.magnetism.intervals import Sums
from toolkit.models.ratios.paths import Floats
from toolkit.schema import NATION
from toolkit.tables import as_table, column_names, require

__all__ = ["Units", "read_units", "refuse_nation", "unplaced_notes"]

LISTED = 10


@dataclass(frozen=True, kw_only=True, eq=False)
class Units:
    """Units with lead and follow-on money, whole and checked.

    ``table`` has the group columns, the cluster column and both money columns.
    """

    table: pd.DataFrame
    lead: str
    follow: str
    by: tuple[str, ...] = ()
    cluster: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def money(self) -> tuple[Floats, Floats]:
        """Lead and follow-on money, in memory in one piece: else the last digits of sums vary."""
        lead = np.ascontiguousarray(self.table[self.lead].to_numpy(dtype=np.float64))
        return lead, np.ascontiguousarray(self.table[self.follow].to_numpy(dtype=np.float64))

    def own_ratios(self) -> Floats:
        """Return follow-on per lead money of each unit that has lead money."""
        lead, follow = self.money
        led = lead > 0
        ratios: Floats = follow / lead if led.all() else follow[led] / lead[led]
        return ratios

    def facts(self) -> dict[str, Any]:
        """Return sums, unweighted ratios and shares of the units."""
        own = self.own_ratios()
        return Counts.of(*self.money, own).facts(_median(own))

    def sums(self) -> Sums:
        """Return the money of each cluster; without a cluster column each unit is its own."""
        lead, follow = self.money
        if self.cluster is None:
            return Sums(lead=lead, follow=follow)
        codes = _codes(self.table[self.cluster])
        size = int(codes.max()) + 1 if len(codes) else 0
        units, paid, followed = np.zeros((3, size))
        # Faster than bincount with weights, and it adds in the same order.
        np.add.at(units, codes, 1.0)
        np.add.at(paid, codes, lead)
        np.add.at(followed, codes, follow)
        there = units > 0
        return Sums(lead=paid[there], follow=followed[there])

    def groups(self) -> Iterator[tuple[dict[str, Any], Units]]:
        """Yield the key of each group, in order, and the units that have it."""
        if not self.by:
            return
        for key, places in self.table.groupby(list(self.by), sort=True).indices.items():
            values = key if isinstance(key, tuple) else (key,)
            inside = Units(
                table=self.table.take(np.asarray(places, np.int64)),
                lead=self.lead,
                follow=self.follow,
                cluster=self.cluster,
            )
            yield dict(zip(self.by, values, strict=True)), inside


def read_units(
    data: Any, *, lead: str, follow: str, by: tuple[str, ...], cluster: str | None
) -> Units:
    """Read one row per unit and leave out, with a note, the rows that lack a value.

    Raises
    ------
    ColumnError
        If a column is missing, or a money column does not hold numbers.
    OptionError
        If lead and follow are the same column.
    DataError
        If lead money is negative, or the nation stands among its provinces.
    """
    if lead == follow:
        raise OptionError(f"lead and follow are two columns; got {lead!r} for both.")
    source = as_table(data)
    keys = tuple(dict.fromkeys([*by, *([cluster] if cluster else [])]))
    require(source, lead, follow, *keys)
    carried = [name for name in ("region_name",) if "region" in by and name in column_names(source)]
    wanted = list(dict.fromkeys([*keys, *carried, lead, follow]))
    if isinstance(data, pd.DataFrame):
        table = data[wanted]
    else:
        table = source.select(wanted).collect().to_pandas()
    if any(
        table[name].dtype != np.float64 or not np.isfinite(table[name].to_numpy()).all()
        for name in (lead, follow)
    ):
        table = table.assign(**{name: _money(table[name]) for name in (lead, follow)})
    for key in keys:
        refuse_nation(table[key])
    whole, notes = _whole(table, keys=keys, money=(lead, follow))
    missing = {key: int(whole[key].isna().sum()) for key in keys}
    notes += unplaced_notes(missing, len(whole), by=by, cluster=cluster)
    paid = whole[lead].to_numpy()
    least = paid.min() if len(paid) else 0.0
    if least < 0:
        raise DataError(
            f"Column {lead!r} has {int((paid < 0).sum())} negative values; lead money is zero or "
            "more. Net reversals against what they reverse first."
        )
    if not paid.any():
        raise DataError(
            f"No unit has both columns {lead!r} and {follow!r} and lead money above zero; "
            "there is nothing to divide by."
        )
    if least == 0:
        notes.append(
            f"{int((paid == 0).sum())} of {len(paid)} units have no lead money; their follow-on "
            "counts in the sums, and they have no ratio of their own."
        )
    carried_notes = tuple(getattr(data, "attrs", {}).get("notes", ()))
    return Units(
        table=whole.reset_index(drop=True),
        lead=lead,
        follow=follow,
        by=by,
        cluster=cluster,
        notes=(*carried_notes, *notes),
    )


def refuse_nation(values: pd.Series[Any]) -> None:
    """Refuse a column of regions in which the nation stands among its parts.

    Raises
    ------
    DataError
        If the code 100000 stands beside other codes.
    """
    national = int(NATION) if pd.api.types.is_numeric_dtype(values) else NATION
    # The array of a column of numbers compares in a fifth of the column's own time.
    compared = values.to_numpy() if isinstance(values.dtype, np.dtype) else values
    if (compared == national).any() and (values.dropna() != national).any():
        raise DataError(
            f"Column {values.name!r} holds the nation ({NATION}) among its provinces, which would "
            "count their money twice. Leave its rows out."
        )


def _codes(labels: pd.Series[Any]) -> NDArray[np.integer[Any]]:
    """Return whole numbers that stand for the labels in their order; some may be unused."""
    if pd.api.types.is_integer_dtype(labels) and isinstance(labels.dtype, np.dtype):
        numbers = labels.to_numpy()
        low, high = int(numbers.min()), int(numbers.max())
        if high - low <= len(numbers):
            # Numbers that lie close together need no hash table.
            return numbers - low
    return pd.factorize(labels, sort=True, use_na_sentinel=False)[0]


def _median(values: Floats) -> float:
    running = RunningMedian()
    running.add(values)
    try:
        return running.value()
    except ModelError:
        return float(np.median(values))


def _money(values: pd.Series[Any]) -> Any:
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        raise ColumnError(
            f"Column {values.name!r} is money, a number in each row; it holds {values.dtype}. "
            "parse_amounts() turns text into numbers."
        )
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    finite = np.isfinite(numbers)
    return numbers if finite.all() else np.where(finite, numbers, np.nan)


def _whole(
    table: pd.DataFrame, *, keys: tuple[str, ...], money: tuple[str, str]
) -> tuple[pd.DataFrame, list[str]]:
    lacking = {name: np.isnan(table[name].to_numpy()) for name in money}
    left_out = lacking[money[0]] | lacking[money[1]]
    if not left_out.any():
        return table, []
    places = np.flatnonzero(left_out)
    described = []
    for place in places[:LISTED]:
        names = ", ".join(name for name, gone in lacking.items() if gone[place])
        described.append(f"{_label(table.iloc[place], keys, place)} ({names})")
    more = f"; and {len(places) - LISTED} more" if len(places) > LISTED else ""
    note = (
        f"{len(places)} of {len(table)} units left out of both sums, a value missing: "
        f"{'; '.join(described)}{more}."
    )
    return table[~left_out], [note]


def unplaced_notes(
    missing: Mapping[str, int], units: int, *, by: tuple[str, ...], cluster: str | None
) -> list[str]:
    """Say what becomes of units whose group or cluster is unknown, how many of each key."""
    notes = [
        f"{missing[name]} of {units} units have no {name!r}; they count in the total alone."
        for name in by
        if missing[name]
    ]
    if cluster and missing[cluster]:
        notes.append(
            f"{missing[cluster]} of {units} units have no {cluster!r}; together they are one "
            "cluster."
        )
    return notes


def _label(row: pd.Series[Any], keys: tuple[str, ...], place: int) -> str:
    named = [f"{key} {row[key]}" for key in keys if pd.notna(row[key])]
    if "region_name" in row.index and pd.notna(row["region_name"]):
        named.append(str(row["region_name"]))
    return ", ".join(named) or f"row {place + 1}"
