"""Series under a block that describes each: names, regions, frequencies and units above the values.

CEIC and Wind export this, either with a series in each column or with a series in each row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from toolkit.clean.periods import parse_periods
from toolkit.clean.regions import read_regions
from toolkit.clean.sources import ceic, wind
from toolkit.clean.sources.grids import FOOTER, Grid, Line, shown
from toolkit.errors import DataError

__all__ = ["Block", "BlockSeries", "Series", "find_block", "read_block"]

_ATTRIBUTES = {**ceic.ATTRIBUTES, **wind.ATTRIBUTES}
_NEEDED = {"frequency", "unit"}
_LINES_OF_A_BLOCK = 60
_NATION = "全国"
_FREQUENCIES = {
    "M": ("monthly", "month", "月"),
    "Q": ("quarterly", "quarter", "季"),
    "H": ("semiannual", "semi-annual", "half-yearly", "半年"),
    "Y": ("yearly", "annual", "annually", "year", "年"),
    "D": ("daily", "weekly", "ten days", "day", "日", "周", "旬"),
}


@dataclass(frozen=True, kw_only=True)
class Block:
    """Where the descriptions of a grid stand: their rows or columns, by what they say."""

    layout: Literal["ceic", "wind"]
    series_in: Literal["columns", "rows"]
    places: dict[str, int]
    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class Series:
    """One series: what its block says of it, and its values with row and period."""

    name: str
    heading: str
    region: str
    unit: str
    about: dict[str, str]
    observed: list[tuple[int, str, str]]


@dataclass(frozen=True, kw_only=True)
class BlockSeries:
    """All series of a grid, the lines that describe them and the lines below them."""

    series: list[Series]
    described: list[Line]
    footers: list[Line]


@dataclass(frozen=True, kw_only=True)
class _Raw:
    """One series as it stands: texts by attribute, dates and values still as written."""

    about: dict[str, str]
    cells: list[tuple[int, str, str]] = field(default_factory=list)


def find_block(grid: Grid) -> Block | None:
    """Return where a grid describes its series, or None where it holds no such block."""
    for position, (_, cells) in enumerate(grid.lines[:_LINES_OF_A_BLOCK]):
        across = _labelled(cells)
        # A ledger may have columns of these names too; only series have dates for headings.
        if across.keys() >= _NEEDED and any(_dated(cells)):
            layout = _layout(cells)
            return Block(
                layout=layout, series_in="rows", places=across, first=position, last=position
            )
    labels = [cells[0] if cells else "" for _, cells in grid.lines[:_LINES_OF_A_BLOCK]]
    down = _labelled(labels)
    if not down.keys() >= _NEEDED:
        return None
    if "name" not in down:
        down["name"] = min(down.values()) - 1
    if down["name"] < 0:
        raise DataError(
            f"{grid.place}: a block describes series, but no line above it names them. Export the "
            "series with their names."
        )
    return Block(
        layout=_layout(labels),
        series_in="columns",
        places=down,
        first=min(down.values()),
        last=max(down.values()),
    )


def read_block(grid: Grid, block: Block) -> BlockSeries:
    """Return the series of a grid, each with region, unit and periods.

    A date of a monthly, quarterly or yearly series comes as that month, quarter or year. A name is
    freed of the parts that say its region. An empty cell is no observation.

    Raises
    ------
    DataError
        If a multiplier code is unknown or contradicts its unit, or no line of values is there.
    """
    raw, described = (_columns if block.series_in == "columns" else _rows)(grid, block)
    if not any(one.cells for one in raw):
        raise DataError(
            f"{grid.place}: {len(raw)} series are described, none has a value. "
            "The file was cut short or exported without dates: fetch it again."
        )
    return BlockSeries(
        series=_finished(grid, raw),
        described=[*grid.lines[: block.first], *described],
        footers=[line for line in grid.lines[block.last + 1 :] if FOOTER.match(line[1][0])],
    )


def _below(grid: Grid, block: Block) -> list[Line]:
    return [line for line in grid.lines[block.last + 1 :] if not FOOTER.match(line[1][0])]


def _labelled(cells: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        meaning = _ATTRIBUTES.get(cell.strip().rstrip(":：").casefold())
        if meaning is not None:
            found.setdefault(meaning, at)
    return found


def _layout(labels: Sequence[str]) -> Literal["ceic", "wind"]:
    words = {label.strip().casefold() for label in labels}
    return "wind" if words & {"频率", "频度", "指标id"} else "ceic"


def _columns(grid: Grid, block: Block) -> tuple[list[_Raw], list[Line]]:
    lines, rows = grid.lines, _below(grid, block)
    width = len(lines[block.places["name"]][1])
    raw = [
        _Raw(about={what: _cell(lines[at][1], column) for what, at in block.places.items()})
        for column in range(1, width)
    ]
    dated = _dated([cells[0] for _, cells in rows])
    start = dated.index(True) if True in dated else len(rows)
    for number, cells in rows[start:]:
        if len(cells) > width and any(cells[width:]):
            raise DataError(
                f"{grid.place}, row {number}: {len(cells) - 1} values under {width - 1} series. "
                "Mend the row at its source; a shifted value would be read as another series."
            )
        for column, one in enumerate(raw, start=1):
            if value := _cell(cells, column):
                one.cells.append((number, cells[0], value))
    return raw, [*lines[block.first : block.last + 1], *rows[:start]]


def _rows(grid: Grid, block: Block) -> tuple[list[_Raw], list[Line]]:
    heading = grid.lines[block.first]
    labels = heading[1]
    dated = _dated(labels)
    places = {"name": labels.index("") if "" in labels else 0, **block.places}
    raw = []
    for number, cells in _below(grid, block):
        about = {what: _cell(cells, at) for what, at in places.items()}
        values = [
            (number, labels[at], value)
            for at in range(len(labels))
            if dated[at] and (value := _cell(cells, at))
        ]
        raw.append(_Raw(about=about, cells=values))
    return raw, [heading]


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at] if at < len(cells) else ""


def _dated(texts: Sequence[str]) -> list[bool]:
    return [bool(read) for read in parse_periods(list(texts))["issue"].isna()]


def _finished(grid: Grid, raw: list[_Raw]) -> list[Series]:
    parts = [[part.strip() for part in re.split("[:：]", one.about["name"])] for one in raw]
    regions = [one.about.get("subnational") or one.about.get("region", "") for one in raw]
    codes = _codes({*regions, *(part for several in parts for part in several)})
    return [
        Series(
            name=":".join(part for part in several if part not in codes) or one.about["name"],
            heading=one.about["name"],
            region=_region(one, several, codes),
            unit=ceic.whole_unit(
                one.about.get("unit", ""),
                one.about.get("multiplier", ""),
                where=f"{grid.place}, series {shown(one.about['name'])}",
            ),
            about=one.about,
            observed=_periods(one),
        )
        for one, several in zip(raw, parts, strict=True)
    ]


def _codes(texts: set[str]) -> dict[str, str]:
    """Return the texts that are provinces, or the nation, each with its code."""
    column = pd.Series(sorted(texts), dtype="str")
    reading = read_regions(column, level="province")
    nation = reading["issue"].eq("nation").to_numpy()
    codes = reading["code"].to_numpy()
    found = zip(column, codes, nation, strict=True)
    return {
        text: _NATION if whole else str(code)
        for text, code, whole in found
        if text and (whole or pd.notna(code))
    }


def _region(one: _Raw, parts: list[str], codes: dict[str, str]) -> str:
    """Return the region of a series: the subnational one where any is named.

    Exports without that line call each province's series by the nation, and name the province in
    the series.
    """
    if one.about.get("subnational"):
        return one.about["subnational"]
    named = [part for part in parts if codes.get(part, _NATION) != _NATION]
    if named:
        return named[0] if len({codes[part] for part in named}) == 1 else ""
    of_nation = [part for part in parts if part in codes]
    return one.about.get("region") or (of_nation[0] if of_nation else "")


def _periods(one: _Raw) -> list[tuple[int, str, str]]:
    """Return row, period and value; a date stands for the period of the series' frequency."""
    frequency = _frequency(one.about.get("frequency", ""))
    dates = [date for _, date, _ in one.cells]
    if frequency == "D" or not dates:
        return one.cells
    ends = parse_periods(dates)["end"]
    if frequency is None:
        asked = one.about["frequency"]
        return [(row, f"{asked}: {date}", value) for row, date, value in one.cells]
    texts = [
        date if pd.isna(end) else _period_text(end, frequency)
        for date, end in zip(dates, ends, strict=True)
    ]
    return [(row, text, value) for (row, _, value), text in zip(one.cells, texts, strict=True)]


def _frequency(text: str) -> str | None:
    """Return the letter of a frequency; None where its year ends in another month."""
    words = text.strip().casefold()
    ending = re.search(r"ending\W+(.*)", words)
    if ending and "dec" not in ending[1]:
        return None
    first = re.split(r"[,，(（]", words)[0].strip()
    for letter, names in _FREQUENCIES.items():
        if first in names or first.removesuffix("度") in names:
            return letter
    return None


def _period_text(end: pd.Timestamp, frequency: str) -> str:
    match frequency:
        case "M":
            return f"{end:%Y-%m}"
        case "Q":
            return f"{end.year}Q{end.quarter}"
        case "H":
            return f"{end.year}H{1 + (end.month > 6)}"
        case _:
            return str(end.year)
