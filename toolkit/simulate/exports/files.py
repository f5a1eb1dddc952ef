"""Rows to files as offices send them, and the key that says what became of each row."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.simulate.exports.layouts import Layout
from toolkit.simulate.exports.texts import cells
from toolkit.simulate.exports.workbook import save_workbook

if TYPE_CHECKING:
    from openpyxl import Workbook  # type: ignore[import-untyped]
    from openpyxl.worksheet.worksheet import Worksheet  # type: ignore[import-untyped]

__all__ = ["KEY", "spread", "write_rows"]

KEY = ("table", "file", "sheet", "row", "status", "reason", "column", "clean_row", "written")
"""Columns of an answer key; rows are counted from 1 as an editor or a spreadsheet shows them."""


def spread(
    rows: pd.DataFrame, layouts: Sequence[Layout], rng: np.random.Generator, *, key: Sequence[str]
) -> list[pd.DataFrame]:
    """Deal rows out to files and shuffle them; rows that share a key stay in one file."""
    group = rows.groupby(list(key), sort=False).ngroup().to_numpy()
    home = rng.integers(0, len(layouts), int(group.max()) + 1)[group]
    order = rng.permutation(len(rows))
    return [rows.iloc[order[home[order] == place]] for place in range(len(layouts))]


def write_rows(
    table: str, parts: Sequence[pd.DataFrame], layouts: Sequence[Layout], folder: Path
) -> pd.DataFrame:
    """Write each part in its layout and return the answer key of all rows."""
    books: dict[str, Workbook] = {}
    keys = []
    for rows, layout in zip(parts, layouts, strict=True):
        written = cells(rows, layout)
        if layout.kind == "sheet":
            _add_sheet(books, layout, written)
        else:
            text = _json_lines(layout, written) if layout.kind == "jsonl" else _csv(layout, written)
            (folder / layout.file).write_bytes(text.encode(layout.encoding))
        keys.append(_key(table, rows, layout, written))
    for name, book in books.items():
        save_workbook(book, folder / name)
    return pd.concat(keys, ignore_index=True)


def _key(table: str, rows: pd.DataFrame, layout: Layout, written: list[list[Any]]) -> pd.DataFrame:
    places = {name: place for place, name in enumerate(layout.headings)}
    faulty = [
        str(line[places[column]]) if column else ""
        for line, column in zip(written, rows["column"], strict=True)
    ]
    key = pd.DataFrame(
        {
            "table": table,
            "file": layout.file,
            "sheet": layout.sheet,
            "row": np.arange(layout.first_row, layout.first_row + len(rows)),
            "status": rows["status"].to_numpy(),
            "reason": rows["reason"].to_numpy(),
            "column": rows["column"].to_numpy(),
            "clean_row": rows["clean_row"].array,
            "written": faulty,
        }
    )
    return key.astype({name: "str" for name in KEY if name not in ("row", "clean_row")})


def _csv(layout: Layout, written: list[list[Any]]) -> str:
    buffer = io.StringIO(newline="")
    separator = "\t" if layout.kind == "tsv" else ","
    writer = csv.writer(buffer, delimiter=separator, lineterminator="\r\n")
    writer.writerows([title] for title in layout.titles)
    writer.writerow(layout.headings.values())
    writer.writerows(written)
    writer.writerows([footer] for footer in layout.footers)
    return buffer.getvalue()


def _json_lines(layout: Layout, written: list[list[Any]]) -> str:
    names = list(layout.headings.values())
    lines = (dict(zip(names, line, strict=True)) for line in written)
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _add_sheet(books: dict[str, Workbook], layout: Layout, written: list[list[Any]]) -> None:
    from openpyxl import Workbook

    if layout.file not in books:
        book = books[layout.file] = Workbook()
        cover = book.active
        cover.title = "说明"
        cover.append(["本工作簿为模拟数据（simulated），金额单位见表头，日期为序列值。"])
    sheet = books[layout.file].create_sheet(layout.sheet)
    for title in layout.titles:
        sheet.append([title])
    _merged_headings(sheet, layout)
    for line in written:
        sheet.append(line)


def _merged_headings(sheet: Worksheet, layout: Layout) -> None:
    """Write headings in two rows: a stroke parts a shared heading from its own."""
    top = len(layout.titles) + 1
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(layout.headings))
    parts = [heading.split("/") for heading in layout.headings.values()]
    for column, part in enumerate(parts, start=1):
        if len(part) == 1:
            sheet.cell(top, column, part[0])
            sheet.merge_cells(
                start_row=top, end_row=top + 1, start_column=column, end_column=column
            )
            continue
        sheet.cell(top + 1, column, part[1])
        if parts[column - 2][0] != part[0]:
            sheet.cell(top, column, part[0])
            shared = sum(other[0] == part[0] for other in parts)
            sheet.merge_cells(
                start_row=top, end_row=top, start_column=column, end_column=column + shared - 1
            )
