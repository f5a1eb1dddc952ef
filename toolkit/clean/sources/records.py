"""Tables of records, ledgers, registers and panels of firms, from any layout that is known."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from toolkit.clean.sources.blocks import find_block
from toolkit.clean.sources.csmar import descriptions
from toolkit.clean.sources.excel import workbook_grids
from toolkit.clean.sources.files import ending_of, require_file, unknown_ending
from toolkit.clean.sources.grids import Grid
from toolkit.clean.sources.headrows import no_records
from toolkit.clean.sources.tables import (
    ASIDE,
    RecordTable,
    block_table,
    grid_table,
)
from toolkit.clean.sources.text import text_grid
from toolkit.clean.sources.typed import json_records, parquet_records, stata_records
from toolkit.errors import DataError, OptionError, did_you_mean

__all__ = ["Records", "read_records"]

TEXTS = (".csv", ".tsv", ".txt")
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
TYPED = {
    ".dta": stata_records,
    ".parquet": parquet_records,
    ".json": json_records,
    ".jsonl": json_records,
    ".ndjson": json_records,
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Records:
    """The tables of records in a file, one a sheet that holds any.

    Parameters
    ----------
    tables : tuple of RecordTable
        In the order of the sheets.
    no_table : DataFrame
        The lines of sheets that hold no table: ``file sheet row kind text``.
    """

    tables: tuple[RecordTable, ...]
    no_table: pd.DataFrame

    @property
    def rows(self) -> pd.DataFrame:
        """All records: ``file sheet row`` and every column of any table, all text."""
        together = pd.concat([table.rows for table in self.tables], ignore_index=True)
        return together.astype({name: "str" for name in together if name != "row"})

    @property
    def headings(self) -> pd.DataFrame:
        """What is known of each column: ``file sheet column heading label unit remarks``."""
        parts = []
        for table in self.tables:
            part = table.headings.copy()
            part.insert(0, "file", table.file)
            part.insert(1, "sheet", table.sheet)
            parts.append(part)
        return pd.concat(parts, ignore_index=True)

    @property
    def aside(self) -> pd.DataFrame:
        """The rows that are no records: ``file sheet row kind text``."""
        parts = [*(table.aside for table in self.tables), self.no_table]
        filled = [part for part in parts if len(part)]
        return pd.concat(filled, ignore_index=True) if filled else self.no_table

    def counts(self) -> pd.Series[int]:
        """Return how many rows are records and how many of each kind are not."""
        found = self.aside["kind"].value_counts()
        together = pd.Series({"record": sum(len(table.rows) for table in self.tables)})
        return pd.concat([together, found.sort_index()]).rename("rows")


def read_records(
    path: str | Path,
    *,
    sheet: str | None = None,
    heading_rows: int | tuple[int, ...] | None = None,
) -> Records:
    r"""Read a table of records in any layout that is known, as text with its provenance.

    Layouts: plain tables in CSV, TSV and workbooks, with title lines, merged headings, footers,
    totals and several sheets; CSMAR (codes, labels and units in three heading rows, or a ``[DES]``
    file beside); Wind (``数据来源：Wind`` below, units in the headings); the series of Wind and
    CEIC under their block, as one record for each series and period; Stata, Parquet, JSON lines.
    Files are held in memory: for ledgers of many millions of rows use ``clean_ledger`` on the path.

    Parameters
    ----------
    path : path
        A file.
    sheet : str, optional
        The sheet of a workbook; else every sheet that holds a table.
    heading_rows : int or tuple of int, optional
        The numbers of the heading rows, counted from 1 as the file shows them, where they are not
        found rightly; several are joined from top to bottom.

    Raises
    ------
    OptionError
        If the workbook has no such sheet, or the file no such row.
    DataError
        If the file is missing, empty, damaged, protected, in two encodings or of no known kind;
        holds no table; has two rows of headings or two columns of one name.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "loans.csv"
    >>> lines = ["贷款台账", "企业,金额（万元）", "甲,5", "合计,5", "数据来源：金融局"]
    >>> _ = file.write_text("\n".join(lines), encoding="gb18030")
    >>> records = read_records(file)
    >>> records.rows.astype(object).iloc[0].tolist(), records.headings["unit"].tolist()
    (['loans.csv', '', 3, '甲', '5'], ['', '万元'])
    >>> records.counts().to_dict()
    {'record': 1, 'footer': 1, 'heading': 1, 'title': 1, 'total': 1}
    """
    place = Path(path)
    ending = ending_of(place)
    if place.suffix.lower() == ".gz" and ending in (*WORKBOOKS, ".dta", ".parquet"):
        require_file(place)
        raise DataError(f"{place.name}: only text is read from inside gzip. Unpack it first.")
    if ending in WORKBOOKS:
        return _of_workbook(place, sheet, heading_rows)
    if sheet is not None:
        raise OptionError(f"sheet={sheet!r}: {place.name} is no workbook and has no sheets.")
    if ending in TYPED:
        if heading_rows is not None:
            raise OptionError(f"heading_rows: {place.name} names its columns itself.")
        return _records([TYPED[ending](place)])
    if ending in TEXTS:
        grid = text_grid(place)
        table = _table(place, grid, heading_rows)
        if table is None:
            raise no_records(grid)
        return _records([table])
    raise unknown_ending(place, (*TEXTS, *WORKBOOKS, *TYPED))


def _of_workbook(
    path: Path, sheet: str | None, heading_rows: int | tuple[int, ...] | None
) -> Records:
    grids = workbook_grids(path)
    if sheet is not None:
        names = [grid.sheet for grid in grids]
        if sheet not in names:
            raise OptionError(
                f"{path.name}: no sheet {sheet!r}.{did_you_mean(sheet, names)} "
                f"It has: {', '.join(names)}."
            )
        grids = [grid for grid in grids if grid.sheet == sheet]
    found = [(grid, _table(path, grid, heading_rows)) for grid in grids]
    tables = [table for _, table in found if table is not None]
    if not tables:
        raise no_records(next((grid for grid in grids if grid.lines), grids[0]))
    without = [
        grid.aside((number, "no_table", ",".join(filter(None, cells))) for number, cells in lines)
        for grid, table in found
        if table is None and (lines := grid.lines)
    ]
    return _records(tables, without)


def _table(
    path: Path, grid: Grid, heading_rows: int | tuple[int, ...] | None
) -> RecordTable | None:
    block = find_block(grid) if heading_rows is None else None
    if block is not None:
        return block_table(grid, block)
    return grid_table(grid, described=descriptions(path), heading_rows=heading_rows)


def _records(tables: list[RecordTable], without: list[pd.DataFrame] | None = None) -> Records:
    nothing = pd.DataFrame({name: pd.Series(dtype="str") for name in ASIDE})
    return Records(
        tables=tuple(tables),
        no_table=pd.concat(without, ignore_index=True) if without else nothing,
    )
