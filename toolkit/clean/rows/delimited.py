"""Delimited text of any size as a table of texts, each row with the line where it stood.

A tidy file (UTF-8, one line a row, as many cells in each) is read in pieces, side by side. Any
other is read line by line: slower, but it says what is wrong, and where. Memory is flat in both.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from toolkit.clean.headings import Role, find_columns, heading_row, naming
from toolkit.clean.rows.encodings import decoded_head, encoding_of, unpacked
from toolkit.clean.rows.tidy import read_tidy
from toolkit.errors import DataError, ToolkitError

if TYPE_CHECKING:
    import pyarrow as pa

    from toolkit.clean.rows.engines import DuckDB

__all__ = ["CELLS", "LINE", "Delimited", "read_delimited", "unique_names"]

LINE, CELLS = "_line", "_cells"
"""Line where a row began; number of its cells where it differs from the headings'."""

BATCH = 50_000
HEAD_LINES = 60
HEAD_BYTES = 1 << 18
NUMBERED = {"name": 0.05, "value": 0.9}
"""Share of distinct texts from which on numbers for them cost more than they save."""

FOOTER = re.compile(r"^\s*(注|备注|说明|数据来源|资料来源|来源|note|source)\s*[:：]", re.IGNORECASE)

Line = tuple[int, str]


@dataclass(frozen=True, kw_only=True)
class Delimited:
    """A file read into DuckDB.

    Parameters
    ----------
    name : str
        The table that holds it; its columns are `headings`, then :data:`LINE` and :data:`CELLS`
        where it was read line by line.
    headings : list of str
        Unique names of the columns.
    first : int
        Line of the first row, where the table has no column of lines.
    lines : list of (int, str)
        Lines that are no data: titles, headings, notes.
    texts : dict
        Of the columns whose cells are numbers: the texts that these stand for, in their order.
    """

    name: str
    headings: list[str]
    first: int
    lines: list[Line] = field(default_factory=list)
    texts: dict[str, pa.Array] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Head:
    delimiter: str
    cells: list[str]
    lines: list[Line]
    last: int


def read_delimited(
    path: Path,
    engine: DuckDB,
    roles: Sequence[Role],
    *,
    columns: Mapping[str, str | None] | None = None,
) -> Delimited:
    """Read a CSV or TSV file, also compressed by gzip, as text: ``007`` stays ``007``.

    UTF-8 is tried strictly first, then GB18030. Lines above the headings are titles; the row of
    headings is the first that has most of the columns looked for, alone or with the row above it.

    Raises
    ------
    DataError
        If the file is empty, damaged, in no encoding or in two, or has no row of headings.
    """
    with tempfile.TemporaryDirectory(prefix="toolkit_") as folder:
        plain = unpacked(path, Path(folder))
        head = _read_head(path.name, plain, roles, columns)
        headings = unique_names(head.cells)
        shares = _shares(headings, roles, columns)
        tidy = read_tidy(
            plain, engine, delimiter=head.delimiter, headings=headings, skip=head.last,
            shares=shares,
        )  # fmt: skip
        if tidy is not None:
            name, texts = tidy
            return Delimited(
                name=name, headings=headings, first=head.last + 1, lines=head.lines, texts=texts
            )
        return _read_lines(path.name, plain, engine, head, headings, Path(folder))


def unique_names(cells: Sequence[str]) -> list[str]:
    """Return a name for each column, also where headings are empty or repeated.

    Examples
    --------
    >>> unique_names(["amount", "", "amount"])
    ['amount', 'column_2', 'amount_2']
    """
    names: list[str] = []
    folded: set[str] = set()
    for place, cell in enumerate(cells, start=1):
        stem = name = " ".join(cell.split()) or f"column_{place}"
        count = 1
        while name.casefold() in folded:
            count += 1
            name = f"{stem}_{count}"
        names.append(name)
        folded.add(name.casefold())
    return names


def _read_head(
    file: str, plain: Path, roles: Sequence[Role], columns: Mapping[str, str | None] | None
) -> _Head:
    """Find the row of headings among the first lines."""
    with plain.open("rb") as stream:
        start = stream.read(HEAD_BYTES)
    if not start.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"):
        raise DataError(f"{file}: the file is empty. Fetch it again from its source.")
    text = decoded_head(start)
    best: tuple[int, _Head | None] = (1, None)
    for delimiter in (",", "\t", ";", "|"):
        rows = list(_head_rows(text, delimiter))
        for place, (_, _, cells) in enumerate(rows):
            for count, names in _heading_choices(rows, place):
                score = heading_row(names, roles, columns)
                if score > best[0] and len(names) > 1:
                    lines = [
                        (line, delimiter.join(cells)) for line, _, cells in rows[: place + count]
                    ]
                    end = rows[place + count - 1][1]
                    best = (score, _Head(delimiter=delimiter, cells=names, lines=lines, last=end))
    needed = sum(role.needed for role in roles)
    if best[1] is None or best[0] < min(
        needed, 1 + sum(bool(one) for one in (columns or {}).values())
    ):
        shown = text.strip().splitlines()[0][:60]
        raise DataError(
            f"{file}: no heading row was found in its first {HEAD_LINES} lines. A table has a row "
            f"with headings such as {', '.join(role.name for role in roles[:4])}; this file "
            f"begins with {shown!r}. Name its headings: {naming({roles[0].name: None})}."
        )
    return best[1]


def _heading_choices(
    rows: list[tuple[int, int, list[str]]], place: int
) -> Iterator[tuple[int, list[str]]]:
    """Yield the headings that a row makes alone, and with the row below it."""
    cells = rows[place][2]
    yield 1, cells
    if place + 1 < len(rows) and len(rows[place + 1][2]) == len(cells) and "" in cells:
        above, joined = "", []
        for upper, lower in zip(cells, rows[place + 1][2], strict=True):
            above = upper or above
            joined.append(f"{above}/{lower}" if lower else upper)
        yield 2, joined


def _head_rows(text: str, delimiter: str) -> Iterator[tuple[int, int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    before = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield before + 1, reader.line_num, [cell.strip() for cell in cells]
            before = reader.line_num
            if before >= HEAD_LINES:
                return
    except csv.Error:
        return


def _shares(
    headings: Sequence[str], roles: Sequence[Role], columns: Mapping[str, str | None] | None
) -> dict[str, float]:
    """Say below which share of distinct texts a column is numbered: those that are looked for."""
    try:
        found = find_columns(headings, roles, columns=columns)
    except ToolkitError:
        return {}
    kinds = {role.name: role.kind for role in roles}
    taken = list(found.values())
    return {
        heading: NUMBERED[kinds[name]]
        for name, heading in found.items()
        if taken.count(heading) == 1
    }


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _read_lines(
    file: str, plain: Path, engine: DuckDB, head: _Head, headings: list[str], folder: Path
) -> Delimited:
    """Read line by line, into a file that DuckDB reads."""
    import pyarrow as pa
    from pyarrow import parquet

    encoding = encoding_of(file, plain)
    fields = [(name, pa.string()) for name in headings] + [(LINE, pa.int64()), (CELLS, pa.int64())]
    schema = pa.schema(fields)
    lines = list(head.lines)
    target = folder / "read.parquet"
    with (
        parquet.ParquetWriter(target, schema, compression="lz4") as writer,
        plain.open("r", encoding=encoding, newline="") as stream,
    ):
        for batch in _batches(file, stream, head, len(headings), lines):
            arrays = [
                pa.array(column, kind) for column, (_, kind) in zip(batch, fields, strict=True)
            ]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
    name = engine.table(f"select * from read_parquet({_quoted(str(target))})")
    return Delimited(name=name, headings=headings, first=head.last + 1, lines=lines)


def _batches(
    file: str, stream: IO[str], head: _Head, width: int, lines: list[Line]
) -> Iterator[list[list[object]]]:
    columns: list[list[object]] = [[] for _ in range(width + 2)]
    for line, cells in _rows(file, stream, head.delimiter):
        if line <= head.last:
            continue
        if FOOTER.match(cells[0]) and not any(cell.strip() for cell in cells[1:]):
            lines.append((line, cells[0].strip()))
            continue
        found = len(cells)
        fitted = cells[:width] + [""] * (width - found)
        if found > width:
            fitted[-1] = head.delimiter.join(cells[width - 1 :])
        for column, cell in zip(
            columns, [*fitted, line, None if found == width else found], strict=True
        ):
            column.append(cell)
        if len(columns[0]) == BATCH:
            yield columns
            columns = [[] for _ in range(width + 2)]
    yield columns


def _rows(file: str, stream: IO[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(stream, delimiter=delimiter)
    before = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield before + 1, cells
            before = reader.line_num
    except csv.Error as error:
        raise DataError(
            f"{file}, line {before + 1}: the row cannot be taken apart ({error}). "
            "Look for a quotation mark that is not closed, and mend it at its source."
        ) from error
