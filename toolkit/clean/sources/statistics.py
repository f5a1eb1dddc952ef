"""Statistical tables in the layouts of the statistics bureau, the central bank and yearbooks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from toolkit.clean.sources.blocks import Series, find_block, read_block
from toolkit.clean.sources.excel import workbook_grids
from toolkit.clean.sources.files import ending_of, unknown_ending
from toolkit.clean.sources.grids import Grid
from toolkit.clean.sources.layouts import Parts, Row, parts_of_table
from toolkit.clean.sources.text import text_grid
from toolkit.errors import DataError

__all__ = ["CELLS", "Source", "read_source", "read_sources"]

CELLS = ("file", "row", "region", "period", "indicator", "unit", "value")
"""Columns of the cells of a source: where each stood, and its text."""

TEXTS = (".csv", ".tsv", ".txt")
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


ACCEPTED = (
    "A table of regional statistics has years in columns (地区,指标,单位,2023年,2024年; or "
    "地区,2023年,2024年 below a line 指标：地区生产总值(亿元)), or a row for each year "
    "(地区,年份,指标,数值,单位; or 地区,年份,地区生产总值(亿元)); a line 单位：亿元 above gives "
    "the unit of all."
)

NOT_REVISED = re.compile(r"未按.*修订")
REVISED = re.compile(r"修订")


@dataclass(frozen=True, kw_only=True, eq=False)
class Source:
    """One file, or one sheet of it, taken apart into cells.

    Parameters
    ----------
    file : str
        Name of the file; of one sheet among several, file and sheet.
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

    @property
    def vintage(self) -> str:
        """What the notes say of the last economic census: revised, before_revision, unstated."""
        notes = " ".join(self.notes)
        if NOT_REVISED.search(notes):
            return "before_revision"
        return "revised" if REVISED.search(notes) else "unstated"


def read_source(path: str | Path) -> Source:
    """Read one file of regional statistics in any layout that is known.

    Layouts: *wide* (title lines, one indicator, regions in rows and years, quarters or months in
    columns, as the provincial databases of the National Bureau of Statistics export it); *crossed*
    (the same with a column of indicators, and perhaps one of units); *indicators* (title lines with
    the region, indicators in rows and periods in columns, as the same databases export one region,
    or the nation); *snapshot* (a title with the period in brackets, regions in rows and indicators
    in columns, as the People's Bank publishes); *long* (region, period, indicator, value, unit in
    columns, as yearbooks are set out); *panel* (a row for each region and period, indicators with
    their unit in columns); *wind* and *ceic* (series under a block that describes each). A unit
    stands in a column, in the heading of its indicator, or in a line above that gives one for all
    (``单位：亿元``).

    An indicator keeps the words that tell a total of the year to date from a single month
    (``累计值``, ``当期值``), a period its text (``2024年9月``).

    Raises
    ------
    DataError
        If the file cannot be read, has none of these layouts, or holds tables on several sheets.
    """
    sources = read_sources(path)
    if len(sources) > 1:
        raise DataError(
            f"{Path(path).name}: {len(sources)} sheets hold tables "
            f"({'; '.join(source.file for source in sources)}). Read them by read_sources(path)."
        )
    return sources[0]


def read_sources(path: str | Path) -> list[Source]:
    """Read every sheet of a file of regional statistics that holds a table.

    Raises
    ------
    DataError
        If the file cannot be read, or no sheet has a layout that `read_source` knows.
    """
    place = Path(path)
    ending = ending_of(place)
    if ending in WORKBOOKS:
        grids = workbook_grids(place)
    elif ending in TEXTS:
        grids = [text_grid(place)]
    else:
        raise unknown_ending(place, (*TEXTS, *WORKBOOKS))
    tables = [(grid, parts) for grid in grids if (parts := _parts(grid)) is not None]
    if not tables:
        raise _no_table(place.name, grids)
    found = [(grid, parts) for grid, parts in tables if parts.rows]
    if not found:
        raise DataError(
            f"{tables[0][0].place}: a row of headings and no row of data under it. The file was "
            "cut short or exported empty: fetch it again from its source."
        )
    several = len(found) > 1
    return [
        _source(f"{grid.file} ({grid.sheet})" if several else grid.file, parts)
        for grid, parts in found
    ]


def _parts(grid: Grid) -> Parts | None:
    block = find_block(grid)
    if block is not None:
        series = read_block(grid, block)
        return Parts(
            layout=block.layout,
            above=[],
            rows=list(_of_series(series.series)),
            other=series.described,
            footers=series.footers,
        )
    return parts_of_table(grid)


def _of_series(series: list[Series]) -> Iterator[Row]:
    for one in series:
        for number, period, value in one.observed:
            yield (number, one.region, period, one.name, one.unit, value)


def _source(file: str, parts: Parts) -> Source:
    table = pd.DataFrame(parts.rows, columns=list(CELLS[1:]))
    table.insert(0, "file", file)
    other = [
        (file, number, ",".join(cells))
        for number, cells in [*parts.above, *parts.other, *parts.footers]
    ]
    return Source(
        file=file,
        layout=parts.layout,
        title=" ".join(cell for _, cells in parts.above for cell in cells if cell),
        notes=tuple(cells[0] for _, cells in parts.footers),
        cells=table.astype({name: "str" for name in CELLS if name != "row"}),
        headings=pd.DataFrame(other, columns=["file", "row", "text"]),
    )


def _no_table(file: str, grids: list[Grid]) -> DataError:
    first = next((grid.lines[0][1] for grid in grids if grid.lines), None)
    if first is None:
        return DataError(f"{file}: no sheet holds a table. Fetch the file again from its source.")
    return DataError(
        f"{file}: no heading row was found. {ACCEPTED} Give its columns such headings; this file "
        f"begins with {','.join(first)[:60]!r}."
    )
