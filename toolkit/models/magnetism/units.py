"""One row per unit, with two checked money columns and the keys that it is grouped by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import ColumnError, DataError, OptionError
from toolkit.language import say
from toolkit.models.magnetism.money import Integers, Money
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

    @property
    def whole(self) -> Money:
        """The money of all units with their clusters."""
        lead, follow = self.money
        clusters = None if self.cluster is None else _codes(self.table[self.cluster])
        return Money(lead=lead, follow=follow, clusters=clusters)

    def own_ratios(self) -> Floats:
        """Return follow-on per lead money of each unit that has lead money."""
        lead, follow = self.money
        return Money(lead=lead, follow=follow).own_ratios()

    def places(self) -> Iterator[tuple[dict[str, Any], Integers]]:
        """Yield the key of each group, in order, and the rows that have it."""
        if not self.by:
            return
        for key, places in self.table.groupby(list(self.by), sort=True).indices.items():
            values = key if isinstance(key, tuple) else (key,)
            yield dict(zip(self.by, values, strict=True)), np.asarray(places, np.int64)

    def groups(self) -> Iterator[tuple[dict[str, Any], Units]]:
        """Yield the key of each group, in order, and the units that have it."""
        for key, places in self.places():
            yield key, replace(self, table=self.table.take(places), by=(), notes=())


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
            say(
                "{number} of {all} units have no lead money; their follow-on counts in the sums, "
                "and they have no ratio of their own.",
                number=int((paid == 0).sum()),
                all=len(paid),
            )
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


def _codes(labels: pd.Series[Any]) -> Integers:
    """Return whole numbers that stand for the labels in their order; some may be unused."""
    if pd.api.types.is_integer_dtype(labels) and isinstance(labels.dtype, np.dtype):
        return labels.to_numpy()
    return pd.factorize(labels, sort=True, use_na_sentinel=False)[0]


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
        names = say(", ").join(say(name) for name, gone in lacking.items() if gone[place])
        described.append(
            say("{unit} ({names})", unit=_label(table.iloc[place], keys, place), names=names)
        )
    more = say("; and {more} more", more=len(places) - LISTED) if len(places) > LISTED else ""
    note = say(
        "{number} of {all} units left out of both sums, a value missing: {described}{more}.",
        number=len(places),
        all=len(table),
        described=say("; ").join(described),
        more=more,
    )
    return table[~left_out], [note]


def unplaced_notes(
    missing: Mapping[str, int], units: int, *, by: tuple[str, ...], cluster: str | None
) -> list[str]:
    """Say what becomes of units whose group or cluster is unknown, how many of each key."""
    notes = [
        say(
            "{missing} of {units} units have no {name!r}; they count in the total alone.",
            missing=missing[name],
            units=units,
            name=name,
        )
        for name in by
        if missing[name]
    ]
    if cluster and missing[cluster]:
        notes.append(
            say(
                "{missing} of {units} units have no {cluster!r}; together they are one cluster.",
                missing=missing[cluster],
                units=units,
                cluster=cluster,
            )
        )
    return notes


def _label(row: pd.Series[Any], keys: tuple[str, ...], place: int) -> str:
    named = [say("{key} {value}", key=key, value=row[key]) for key in keys if pd.notna(row[key])]
    if "region_name" in row.index and pd.notna(row["region_name"]):
        named.append(str(row["region_name"]))
    return say(", ").join(named) or say("row {place}", place=place + 1)
