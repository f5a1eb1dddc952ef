"""The layouts that regional statistics come in, read as text and cell by cell.

Nothing is interpreted here but the layout: which lines are titles and notes, which cell belongs to
which region, period, indicator and unit. Every cell keeps the file and the row where it stood.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from toolkit.errors import DataError
from toolkit.tables import read_text

__all__ = ["CELLS", "Source", "files_in", "read_source"]

CELLS = ("file", "row", "region", "period", "indicator", "unit", "value")
"""Columns of the cells of a source: where each stood, and its text."""

REGION_HEADINGS = {"地区", "地区名称", "省份", "省市", "region", "province"}
LONG_HEADINGS = {
    "地区": "region",
    "年份": "period",
    "指标": "indicator",
    "数值": "value",
    "单位": "unit",
    "region": "region",
    "year": "period",
    "indicator": "indicator",
    "value": "value",
    "unit": "unit",
}
FOOTER = re.compile(r"^(注|数据来源|资料来源|来源|note|source)\s*[:：]", re.IGNORECASE)
UNIT_IN_BRACKETS = re.compile(r"^(?P<name>.*?)\s*[(（](?P<unit>[^()（）]*)[)）]\s*$")
PERIOD_IN_TITLE = re.compile(r"[(（](?P<period>[^()（）]*\d{4}年[^()（）]*)[)）]")
YEAR_HEADING = re.compile(r"^\d{4}年?$")

Line = tuple[int, list[str]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Source:
    """One file, taken apart into cells.

    Parameters
    ----------
    file : str
        Name of the file.
    layout : str
        Which layout it has.
    title : str
        The lines above the table, joined.
    notes : tuple of str
        The lines below the table.
    cells : DataFrame
        One row per cell, all text, in the columns of :data:`CELLS`.
    headings : DataFrame
        The lines that are not data: ``file``, ``row``, ``text``.
    """

    file: str
    layout: str
    title: str
    notes: tuple[str, ...]
    cells: pd.DataFrame
    headings: pd.DataFrame


def files_in(data: str | Path | Iterable[str | Path], *, pattern: str = "*.csv") -> list[Path]:
    """Return the files meant by a path, a folder or several of them, sorted by name.

    Raises
    ------
    DataError
        If a path is not there, or a folder holds no such file.
    """
    if isinstance(data, str | Path):
        place = Path(data)
        if not place.is_dir():
            return [place]
        found = sorted(place.glob(pattern))
        if not found:
            raise DataError(f"No file {pattern} in the folder {place.name!r}.")
        return found
    return [path for entry in data for path in files_in(entry, pattern=pattern)]


def read_source(path: str | Path) -> Source:
    """Read one file of regional statistics in any layout that is known.

    Layouts: *wide* (title lines, one indicator, regions in rows and years in columns, as the yearly
    provincial database of the National Bureau of Statistics exports it); *snapshot* (a title with
    the period in brackets, regions in rows and indicators in columns, as the People's Bank
    publishes); *long* (region, year, indicator, value, unit in columns, as yearbooks are set out).

    Raises
    ------
    DataError
        If the file cannot be decoded or has none of these layouts.
    """
    place = Path(path)
    lines: list[Line] = [
        (number, [cell.strip() for cell in cells])
        for number, cells in enumerate(csv.reader(io.StringIO(read_text(place))), start=1)
        if any(cell.strip() for cell in cells)
    ]
    for position, (_, cells) in enumerate(lines):
        reader = _layout(cells)
        if reader is not None:
            return _take_apart(place.name, lines, position, *reader)
    shown = ",".join(lines[0][1])[:60]
    raise DataError(
        f"{place.name}: no heading row was found. A table of regional statistics has a heading row "
        f"that begins with {' or '.join(sorted(REGION_HEADINGS))}; this file begins with {shown!r}."
    )


Reader = Callable[[list[str], list[Line], str], list[tuple[object, ...]]]


def _layout(cells: list[str]) -> tuple[str, Reader] | None:
    names = [cell.casefold() for cell in cells]
    if {"region", "period", "value"} <= {LONG_HEADINGS.get(name, "") for name in names}:
        return "long", _long
    if names[0] not in REGION_HEADINGS or len(names) < 2:
        return None
    if all(YEAR_HEADING.match(name) for name in names[1:]):
        return "wide", _wide
    return "snapshot", _snapshot


def _take_apart(file: str, lines: list[Line], position: int, layout: str, reader: Reader) -> Source:
    above, below = lines[:position], lines[position + 1 :]
    footers = [line for line in below if FOOTER.match(line[1][0])]
    rows = [line for line in below if not FOOTER.match(line[1][0])]
    heading = lines[position][1]
    for number, cells in rows:
        if len(cells) != len(heading):
            raise DataError(
                f"{file}, row {number}: {len(cells)} cells where the heading row has "
                f"{len(heading)}. Mend the row at its source; a shifted cell would be read as "
                "another year or indicator."
            )
    title = " ".join(cell for _, cells in above for cell in cells if cell)
    table = pd.DataFrame(reader(heading, rows, _whole_title(above)), columns=list(CELLS[1:]))
    table.insert(0, "file", file)
    other = [(file, number, ",".join(cells)) for number, cells in [*above, *footers]]
    return Source(
        file=file,
        layout=layout,
        title=title,
        notes=tuple(cells[0] for _, cells in footers),
        cells=table.astype({name: "str" for name in CELLS if name != "row"}),
        headings=pd.DataFrame(other, columns=["file", "row", "text"]),
    )


def _whole_title(above: list[Line]) -> str:
    return "\n".join(",".join(cell for cell in cells if cell) for _, cells in above)


def _split_unit(heading: str) -> tuple[str, str]:
    parts = UNIT_IN_BRACKETS.match(heading)
    return (parts["name"], parts["unit"]) if parts else (heading, "")


def _wide(heading: list[str], rows: list[Line], title: str) -> list[tuple[object, ...]]:
    named = re.search(r"^指标\s*[:：]\s*(.+)$", title, re.MULTILINE)
    indicator, unit = _split_unit(named[1] if named else title.splitlines()[0] if title else "")
    return [
        (number, cells[0], year.rstrip("年"), indicator, unit, value)
        for number, cells in rows
        for year, value in zip(heading[1:], cells[1:], strict=True)
    ]


def _snapshot(heading: list[str], rows: list[Line], title: str) -> list[tuple[object, ...]]:
    found = PERIOD_IN_TITLE.search(title)
    period = found["period"] if found else ""
    columns = [_split_unit(name) for name in heading[1:]]
    return [
        (number, cells[0], period, indicator, unit, value)
        for number, cells in rows
        for (indicator, unit), value in zip(columns, cells[1:], strict=True)
    ]


def _long(heading: list[str], rows: list[Line], title: str) -> list[tuple[object, ...]]:
    at = {LONG_HEADINGS.get(name.casefold(), ""): place for place, name in enumerate(heading)}

    def cell(cells: list[str], name: str) -> str:
        return cells[at[name]] if name in at else ""

    return [
        (
            number,
            cell(cells, "region"),
            cell(cells, "period").rstrip("年"),
            cell(cells, "indicator"),
            cell(cells, "unit"),
            cell(cells, "value"),
        )
        for number, cells in rows
    ]
