"""One grid to one table of records: headings named, footers and totals set aside and counted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from toolkit.clean.amounts import heading_unit
from toolkit.clean.sources.blocks import Block, read_block
from toolkit.clean.sources.csmar import NO_UNIT, Described, has_three_headings
from toolkit.clean.sources.grids import FOOTER, Grid, Line, split_unit, unit_line
from toolkit.clean.sources.headrows import Head, find_head, joined_headings, refuse_twins
from toolkit.clean.sources.wind import CODE_HEADINGS, split_heading
from toolkit.errors import DataError

__all__ = [
    "ASIDE",
    "HEADINGS",
    "PLACE",
    "RecordTable",
    "block_table",
    "grid_table",
    "record_table",
]

PLACE = ("file", "sheet", "row")
"""Columns that say where a record stood."""

HEADINGS = ("column", "heading", "label", "unit", "remarks")
"""What is known of a column: its name here, its text as it stands, and what the layout adds."""

ASIDE = ("file", "sheet", "row", "kind", "text")
"""Rows that are no records; `kind`: title, heading, footer, total, ragged, merged, no_table."""

_TOTAL = re.compile(
    r"^(合\s*计|总\s*计|小\s*计|共\s*计|(sub|grand )?totals?)\s*[:：]?$", re.IGNORECASE
)
_FEW = 2


@dataclass(frozen=True, kw_only=True, eq=False)
class RecordTable:
    """The records of one file, or of one sheet of it, as text.

    Parameters
    ----------
    file, sheet : str
        Where they stood; `sheet` is empty where the file has none.
    layout : str
        ``plain``, ``csmar``, ``wind``, ``ceic``, ``stata``, ``parquet`` or ``json``.
    title : str
        The lines above the headings, joined.
    unit : str
        The unit that a line above or below names for the whole table; else empty.
    rows : DataFrame
        ``file sheet row`` and the columns, all text; an empty cell is missing.
    headings : DataFrame
        One row a column: ``column heading label unit remarks``.
    aside : DataFrame
        The rows that are no records: ``file sheet row kind text``.
    """

    file: str
    sheet: str
    layout: str
    title: str
    unit: str
    rows: pd.DataFrame
    headings: pd.DataFrame
    aside: pd.DataFrame

    @property
    def columns(self) -> list[str]:
        """Names of the columns, without those that say where a record stood."""
        return self.headings["column"].tolist()


def record_table(
    grid: Grid,
    records: list[Line],
    headings: list[tuple[str, str, str, str, str]],
    *,
    layout: str,
    aside: list[tuple[int, str, str]],
) -> RecordTable:
    """Put records and headings that were taken apart into a table.

    Raises
    ------
    DataError
        If a column is called like one of :data:`PLACE`.
    """
    names = [heading[0] for heading in headings]
    for name in PLACE:
        if name in names:
            raise DataError(
                f"{grid.place}: a column is headed {name!r}, which is where the toolkit says from "
                f"which {name} a record came. Give it another heading at its source."
            )
    rows = pd.DataFrame([cells for _, cells in records], columns=names, dtype="str")
    rows = rows.mask(rows == "")
    rows.insert(0, "row", pd.Series([number for number, _ in records], dtype="int64"))
    rows.insert(0, "sheet", grid.sheet)
    rows.insert(0, "file", grid.file)
    titles = [text for _, kind, text in aside if kind == "title"]
    around = " ".join(text for _, kind, text in aside if kind in ("title", "footer"))
    return RecordTable(
        file=grid.file,
        sheet=grid.sheet,
        layout=layout,
        title=" ".join(titles),
        unit=unit_line(around),
        rows=rows.astype({"file": "str", "sheet": "str"}),
        headings=pd.DataFrame(headings, columns=list(HEADINGS), dtype="str"),
        aside=grid.aside(sorted(aside)),
    )


def grid_table(
    grid: Grid,
    *,
    described: Mapping[str, Described],
    heading_rows: int | tuple[int, ...] | None,
) -> RecordTable | None:
    """Take a grid apart into records; None where it has no headings or nothing under them.

    Raises
    ------
    OptionError
        If a heading row that was named is not there.
    DataError
        If two rows look like headings, or two columns are called the same.
    """
    csmar = heading_rows is None and has_three_headings(grid)
    head = Head(first=0, last=2) if csmar else find_head(grid, heading_rows=heading_rows)
    if head is None or head.last + 1 >= len(grid.lines):
        return None
    if csmar:
        texts, described = _three_rows(grid, described)
        layout = "csmar"
    else:
        texts = [(text, "") for text in joined_headings(grid, head)]
        codes = {text for text, _ in texts}
        layout = "csmar" if codes & described.keys() else "plain"
        if texts[0][0].casefold() in CODE_HEADINGS:
            layout = "wind"
    row = grid.lines[head.last][0]
    records, aside, width = _body(grid, head, [text for text, _ in texts])
    texts += [("", "")] * (width - len(texts))
    used = [
        at for at, (text, _) in enumerate(texts) if text or any(cells[at] for _, cells in records)
    ]
    headings = [_heading(at, *texts[at], layout=layout, described=described) for at in used]
    headings = _told_apart(headings) if layout == "wind" else headings
    refuse_twins([heading[0] for heading in headings], place=grid.place, row=row)
    kept: list[Line] = [(number, [cells[at] for at in used]) for number, cells in records]
    return record_table(grid, kept, headings, layout=layout, aside=aside)


def block_table(grid: Grid, block: Block) -> RecordTable:
    """Return the series of CEIC or Wind as records: one for each series and period.

    Raises
    ------
    DataError
        If the block cannot be read.
    """
    read = read_block(grid, block)
    about = [
        name
        for name in ("series_id", "frequency", "status", "source")
        if any(one.about.get(name) for one in read.series)
    ]
    names = ("series", "region", "period", "value", "unit", *about)
    records: list[Line] = [
        (
            row,
            [one.heading, one.region, period, value, one.unit, *(one.about[a] for a in about)],
        )
        for one in read.series
        for row, period, value in one.observed
    ]
    units = {one.unit for one in read.series}
    shared = units.pop() if len(units) == 1 else ""
    headings = [(name, name, "", shared if name == "value" else "", "") for name in names]
    aside = [(number, "heading", _line(cells)) for number, cells in read.described]
    aside += [(number, "footer", _line(cells)) for number, cells in read.footers]
    return record_table(grid, records, headings, layout=block.layout, aside=aside)


def _three_rows(
    grid: Grid, described: Mapping[str, Described]
) -> tuple[list[tuple[str, str]], dict[str, Described]]:
    codes, labels, units = (cells for _, cells in grid.lines[:3])
    padded = [[*cells, *[""] * (len(codes) - len(cells))] for cells in (labels, units)]
    texts = []
    for code, unit in zip(codes, padded[1], strict=True):
        bare = unit.rstrip("'’")
        texts.append((code, "" if bare.casefold() in NO_UNIT else bare))
    known = {
        code: Described(label=label, remarks=described[code].remarks if code in described else "")
        for code, label in zip(codes, padded[0], strict=True)
    }
    return texts, known


def _heading(
    at: int, text: str, unit: str, *, layout: str, described: Mapping[str, Described]
) -> tuple[str, str, str, str, str]:
    if not text:
        return (f"column_{at + 1}", "", "", "", "a column without a heading")
    if layout == "wind":
        name, unit, remarks = split_heading(text)
        return (name, text, "", unit, remarks)
    if text in described:
        about = described[text]
        unit = unit or heading_unit(about.label) or ""
        return (text, text, about.label, unit, about.remarks)
    unit = unit or heading_unit(text) or split_unit(text)[1]
    return (text, text, "", unit, "")


def _told_apart(
    headings: list[tuple[str, str, str, str, str]],
) -> list[tuple[str, str, str, str, str]]:
    """Add the remarks to names that several columns of a Wind table share: other dates, mostly."""
    names = [heading[0] for heading in headings]
    return [
        (
            f"{name} ({remarks})" if names.count(name) > 1 and remarks else name,
            text,
            label,
            unit,
            remarks,
        )
        for name, text, label, unit, remarks in headings
    ]


def _body(
    grid: Grid, head: Head, texts: list[str]
) -> tuple[list[Line], list[tuple[int, str, str]], int]:
    """Return the records, what is none, and the width of both."""
    width = len(texts)
    # A sheet has no ends of rows; in text a row may lack what stands under no heading at the end.
    least = 0 if grid.sheet else max(at for at, text in enumerate(texts, start=1) if text)
    lines = grid.lines
    headings = {tuple(cells) for _, cells in lines[head.first : head.last + 1]}
    below = lines[head.last + 1 :]
    if grid.sheet:
        width = max(width, *(len(cells) for _, cells in below))
    aside = [(number, "title", _line(cells)) for number, cells in lines[: head.first]]
    aside += [
        (number, "heading", _line(cells)) for number, cells in lines[head.first : head.last + 1]
    ]
    first_row = below[0][0]
    aside += [
        (merge.top, "merged", merge.text)
        for merge in grid.merges
        if merge.top >= first_row and merge.text
    ]
    records: list[Line] = []
    for number, cells in below:
        kind = "heading" if tuple(cells) in headings else _kind(cells, width, least=least)
        if kind:
            aside.append((number, kind, _line(cells)))
        else:
            records.append((number, [*cells, *[""] * width][:width]))
    return records, aside, width


def _kind(cells: list[str], width: int, *, least: int) -> str:
    """Return what a row below the headings is, where it is no record."""
    filled = [cell for cell in cells if cell]
    if FOOTER.match(filled[0]) and len(set(filled)) <= _FEW:
        return "footer"
    if any(_TOTAL.match(cell) for cell in filled[:_FEW]):
        return "total"
    return "ragged" if len(cells) < least or any(cells[width:]) else ""


def _line(cells: list[str]) -> str:
    return ",".join(dict.fromkeys(cell for cell in cells if cell)) if cells else ""
