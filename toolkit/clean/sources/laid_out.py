"""Files that have to be taken apart before their rows can be cleaned, under one set of headings."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.clean.amounts import heading_unit
from toolkit.clean.headings import Role
from toolkit.clean.rows.delimited import CELLS, unique_names
from toolkit.clean.rows.encodings import decoded_head
from toolkit.clean.sources.blocks import find_block
from toolkit.clean.sources.csmar import descriptions, has_three_headings
from toolkit.clean.sources.files import ending_of
from toolkit.clean.sources.grids import Grid, Line
from toolkit.clean.sources.records import Records, read_records
from toolkit.clean.sources.roles import find_roles, role_frame
from toolkit.clean.sources.sheets import told_apart, with_days
from toolkit.clean.sources.tables import PLACE, RecordTable
from toolkit.errors import DataError

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["LaidOut", "is_laid_out", "read_laid_out"]

_HEAD_BYTES = 1 << 18
_HEAD_LINES = 60
_OF_WIND = re.compile(r"\[\s*单位\s*\]")
_STREAMED = (".parquet", ".csv", ".tsv", ".json", ".jsonl")
_KINDS_SAID = ("total", "merged", "ragged", "no_table")


@dataclass(frozen=True, kw_only=True, eq=False)
class LaidOut:
    """The records of a file, ready to be cleaned.

    Parameters
    ----------
    file : str
        Its name.
    rows : DataFrame
        ``file sheet row`` and every column under its heading, with the unit that the layout gives
        it; all text. A row of too few or too many cells has ``_cells``.
    columns : dict
        Headings by column of the clean table; None where there is none.
    lines : list of (int, str)
        Rows that are no records, each with its sheet and, where it is none of titles, headings and
        notes, what it is.
    """

    file: str
    rows: pd.DataFrame
    columns: dict[str, str | None]
    lines: list[tuple[int, str]] = field(default_factory=list)

    def arrow(self) -> pa.Table:
        """Return the rows as an Arrow table, which every engine takes."""
        import pyarrow as pa

        return pa.Table.from_pandas(self.rows, preserve_index=False)


def is_laid_out(path: Path) -> bool:
    """Tell whether a file is more than one table of headings over rows that an engine can stream.

    So are workbooks, Stata files, lists in JSON; and text that CSMAR, Wind or CEIC exported, which
    its first lines show, or a ``[DES]`` file beside it.
    """
    ending = ending_of(path)
    if ending not in _STREAMED:
        return True
    if ending == ".parquet" or not path.is_file():
        return False
    text = decoded_head(_head(path))
    if ending in (".json", ".jsonl"):
        return text.lstrip("\ufeff \t\r\n").startswith("[")
    grid = Grid(file=path.name, lines=_lines(text, "\t" if ending == ".tsv" else ","))
    cells = {cell for _, cells in grid.lines for cell in cells}
    return (
        any(map(_OF_WIND.search, cells))
        or has_three_headings(grid)
        or bool(cells & descriptions(path).keys())
        or find_block(grid) is not None
    )


def read_laid_out(
    path: Path,
    roles: Sequence[Role],
    *,
    columns: Mapping[str, str | None] | None = None,
    sheet: str | None = None,
    heading_rows: int | tuple[int, ...] | None = None,
) -> LaidOut:
    r"""Read a file in any layout that is known, and say which column is which.

    A sheet with fewer than two of the columns looked for is another table: it is set aside, and
    said among the lines.

    Parameters
    ----------
    path : Path
        A file that :func:`~toolkit.clean.sources.read_records` reads.
    roles, columns
        As in :func:`~toolkit.clean.sources.find_roles`.
    sheet, heading_rows
        As in :func:`~toolkit.clean.sources.read_records`.

    Raises
    ------
    DataError
        If the file cannot be read, no sheet has the columns, or sheets differ in their units.
    ColumnError, OptionError
        As in :func:`~toolkit.clean.sources.find_roles`.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "loans.json"
    >>> _ = file.write_text('[{"企业": "甲", "放款金额": "5万元"}]', encoding="utf-8")
    >>> money = [Role(name="firm_id", words="企业"), Role(name="amount_cny", words="放款金额")]
    >>> read_laid_out(file, money).columns
    {'firm_id': '企业', 'amount_cny': '放款金额'}
    """
    read = read_records(path, sheet=sheet, heading_rows=heading_rows)
    tables, others = told_apart(read.tables, roles, columns)
    tables, numbers = with_days(tables, roles, columns)
    for table in tables:
        _refuse_mixed_units(table, roles, columns)
    records = Records(tables=tables, no_table=read.no_table)
    rows = role_frame(records, roles, columns=columns)
    headed = _headings(tables[0], roles, columns, rows)
    rows = rows.rename(columns=headed)
    names = unique_names(list(rows.columns))
    final = dict(zip(rows.columns, names, strict=True))
    by_role = {_role_of(name): final[heading] for name, heading in headed.items()}
    rows = _with_ragged(rows.set_axis(names, axis=1), records)
    return LaidOut(
        file=path.name,
        rows=rows,
        columns={role.name: by_role.get(role.name) for role in roles},
        lines=[*_aside(records), *others, *numbers],
    )


def _refuse_mixed_units(
    table: RecordTable, roles: Sequence[Role], columns: Mapping[str, str | None] | None
) -> None:
    """Refuse series of several units as one column: each number would be read in one of them."""
    if table.layout not in ("ceic", "wind") or "unit" not in table.columns:
        return
    units = table.rows["unit"].dropna().unique().tolist()
    if len(units) > 1 and "value" in find_roles(table, roles, columns=columns).values():
        raise DataError(
            f"{table.file}: the series are in several units ({', '.join(units)}), which one column "
            "cannot hold. Export those of one unit at a time."
        )


def _headings(
    table: RecordTable,
    roles: Sequence[Role],
    columns: Mapping[str, str | None] | None,
    rows: pd.DataFrame,
) -> dict[str, str]:
    """Return the source's own heading of each column found, by the column of `rows`."""
    own = table.headings.set_index("column")["heading"]
    by_role = find_roles(table, roles, columns=columns)
    names = [str(name) for name in rows]
    found = {name: by_role[_role_of(name)] for name in names if _role_of(name) in by_role}
    headed = {}
    for name, column in found.items():
        heading = " ".join(str(own[column]).split()) or column
        unit = name.partition("（")[2].removesuffix("）")
        headed[name] = f"{heading}（{unit}）" if unit and heading_unit(heading) != unit else heading
    return headed


def _role_of(name: str) -> str:
    return name.partition("（")[0]


def _with_ragged(rows: pd.DataFrame, records: Records) -> pd.DataFrame:
    """Add the rows whose cells fit no headings, so that they are rejected and not lost."""
    aside = records.aside
    ragged = aside[aside["kind"] == "ragged"]
    if ragged.empty:
        return rows
    names = [str(name) for name in rows]
    first = next(name for name in names if name not in PLACE)
    wrong = ragged[[*PLACE, "text"]].rename(columns={"text": first})
    wrong[CELLS] = 1
    together = pd.concat([rows, wrong], ignore_index=True)
    kinds: dict[str, Any] = {name: "str" for name in names if name != "row"}
    return together.astype(kinds | {CELLS: "Int64"}).sort_values(
        "row", kind="stable", ignore_index=True
    )


def _aside(records: Records) -> list[tuple[int, str]]:
    aside = records.aside
    said = aside[aside["kind"] != "ragged"]
    return [
        (int(row), ": ".join(filter(None, [", ".join(filter(None, [sheet, _said(kind)])), text])))
        for sheet, row, kind, text in said[["sheet", "row", "kind", "text"]].itertuples(index=False)
    ]


def _said(kind: str) -> str:
    return kind.replace("_", " ") if kind in _KINDS_SAID else ""


def _head(path: Path) -> bytes:
    """Return the first bytes of a file; what is damaged is for its reader to say."""
    try:
        if path.suffix.lower() == ".gz":
            with gzip.open(path) as packed:
                return packed.read(_HEAD_BYTES)
        with path.open("rb") as stream:
            return stream.read(_HEAD_BYTES)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        return b""


def _lines(text: str, mark: str) -> list[Line]:
    lines: list[Line] = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text), delimiter=mark), start=1):
            kept = [cell.strip() for cell in cells]
            if any(kept):
                lines.append((number, kept))
            if number >= _HEAD_LINES:
                break
    except csv.Error:
        pass
    return lines
