"""Files of data as rows of text, whatever their kind."""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from toolkit.report.packages.lint.paths import without_embedded

__all__ = ["READ", "rows_of"]

Row = tuple[str, list[str]]
"""Where a row stands, and its cells."""

_SHEETS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_TABLES = (".csv", ".tsv", ".txt")
_LINES = (".json", ".jsonl", ".html", ".svg", ".ipynb")
READ = (*_TABLES, *_LINES, *_SHEETS, ".parquet", ".dta")
"""Endings of the files that can be read, besides their packed forms (`.gz`)."""

_TAG = re.compile(r"<[^>]*>")
_SCRIPT = re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL | re.IGNORECASE)


def rows_of(name: str, content: bytes) -> Iterator[Row]:
    r"""Yield the rows of a file, headings first where it has some.

    Examples
    --------
    >>> list(rows_of("a.csv", "姓名,amount\n李,5\n".encode("gb18030")))
    [('row 1', ['姓名', 'amount']), ('row 2', ['李', '5'])]
    """
    if name.endswith(".gz"):
        name, content = name.removesuffix(".gz"), gzip.decompress(content)
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _SHEETS:
        return _sheets(content)
    if suffix == ".parquet":
        return _parquet(content)
    if suffix == ".dta":
        return _stata(content)
    if suffix in _TABLES:
        return _delimited(_text(content), "\t" if suffix == ".tsv" else None)
    return _lines(_text(content), suffix)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def _delimited(text: str, separator: str | None) -> Iterator[Row]:
    head = text[:4096]
    chosen = separator or max(",\t;|", key=head.count)
    for number, cells in enumerate(csv.reader(io.StringIO(text), delimiter=chosen), start=1):
        yield f"row {number}", cells


def _lines(text: str, suffix: str) -> Iterator[Row]:
    text = without_embedded(text)
    if suffix == ".jsonl":
        yield from _records(text)
        return
    if suffix in (".html", ".svg"):
        # Lines stay where they are, so that a place can be told.
        text = _SCRIPT.sub(lambda match: "\n" * match[0].count("\n"), text)
    for number, line in enumerate(text.splitlines(), start=1):
        said = html.unescape(_TAG.sub(" ", line)) if suffix in (".html", ".svg") else line
        if said.strip():
            yield f"line {number}", [said]


def _records(text: str) -> Iterator[Row]:
    headings: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            record: Any = json.loads(line)
        except ValueError:
            record = None
        if not isinstance(record, dict):
            yield f"row {number}", [line]
            continue
        if list(record) != headings:
            headings = list(record)
            yield f"row {number}", headings
        yield f"row {number}", [str(value) for value in record.values()]


def _sheets(content: bytes) -> Iterator[Row]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for sheet in book.sheet_names:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        for number, cells in enumerate(rows, start=1):
            yield f"sheet {sheet}, row {number}", [_cell(cell) for cell in cells]


def _parquet(content: bytes) -> Iterator[Row]:
    import pyarrow as pa
    from pyarrow import parquet

    file = parquet.ParquetFile(io.BytesIO(content))
    # Fractions, days and truths are nobody's number.
    names = [
        column.name
        for column in file.schema_arrow
        if not (pa.types.is_floating(column.type) or pa.types.is_temporal(column.type))
    ]
    yield "row 0", [*names, *(n for n in file.schema_arrow.names if n not in names)]
    number = 0
    for batch in file.iter_batches(columns=names):
        columns = [batch.column(name).to_pylist() for name in names]
        for cells in zip(*columns, strict=True):
            number += 1
            yield f"row {number}", [_cell(cell) for cell in cells]


def _stata(content: bytes) -> Iterator[Row]:
    import pandas as pd

    table = pd.read_stata(io.BytesIO(content), convert_categoricals=False)
    yield "row 0", [str(name) for name in table.columns]
    for number, cells in enumerate(table.itertuples(index=False), start=1):
        yield f"row {number}", [_cell(cell) for cell in cells]


def _cell(value: object) -> str:
    """Write a cell; a spreadsheet holds whole numbers as fractions."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
