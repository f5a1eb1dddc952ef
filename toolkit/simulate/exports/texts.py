"""The cells of an export: each value in one of the notations of its file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pandas as pd

from toolkit.simulate.exports.layouts import Layout
from toolkit.simulate.exports.notations import (
    AMOUNTS,
    DAYS,
    NOWHERE,
    QUARTERS,
    REGIONS,
    excel_serial,
    mistyped,
    negated,
)
from toolkit.simulate.places import PROVINCES

__all__ = ["cells"]

NOT_AMOUNTS = ("1.2.5万元", "见合同", "see contract", "16 mio?")
PLACES = {province.code: province for province in PROVINCES}

Row = dict[str, Any]


def cells(rows: pd.DataFrame, layout: Layout) -> list[list[Any]]:
    """Return the cells of the rows, in the columns of the layout.

    Text files have text alone, except for numbers of a sheet, which stay numbers.
    """
    writers = {name: _WRITERS.get(name, _as_is) for name in layout.headings}
    return [
        [write(row, name, layout) for name, write in writers.items()]
        for row in (dict(zip(rows.columns, line, strict=True)) for line in rows.to_numpy(object))
    ]


def _as_is(row: Row, name: str, layout: Layout) -> Any:
    value = row[name]
    return int(value) if isinstance(value, bool) else value


def _tier(row: Row, name: str, layout: Layout) -> str:
    words = layout.words[row[name]]
    return words[int(row["style"]) // 997 % len(words)]


def _region(row: Row, name: str, layout: Layout) -> str:
    style, place = row["style"] // 31, PLACES[row[name]]
    if row["reason"] == "unknown_region":
        wrong = mistyped(place, latin=layout.latin)
        return wrong if style % 3 else NOWHERE[style % len(NOWHERE)]
    return REGIONS[layout.regions[style % len(layout.regions)]](place)


def _amount(row: Row, name: str, layout: Layout) -> Any:
    style, amount = row["style"], round(row[name])
    if row["reason"] == "not_an_amount":
        return NOT_AMOUNTS[style % len(NOT_AMOUNTS)]
    notation = layout.amounts[style % len(layout.amounts)]
    text = AMOUNTS[notation](abs(amount))
    if layout.kind == "sheet":
        return float(text) if amount > 0 else -float(text)
    return text if amount > 0 else negated(text, notation)


def _day(row: Row, name: str, layout: Layout) -> Any:
    if pd.isna(row[name]):
        return ""
    day: dt.date = row[name].date()
    if name == "production" and row["precision"] == "quarter":
        return QUARTERS[layout.days](day)
    if layout.days == "serial":
        return excel_serial(day)
    return day if layout.days == "date" else DAYS[layout.days](day)


_WRITERS: dict[str, Callable[[Row, str, Layout], Any]] = {
    "tier": _tier,
    "region": _region,
    "amount_cny": _amount,
    **dict.fromkeys(("date", "start", "registered", "production", "exit", "observed_until"), _day),
}
