"""The sheets of a workbook that hold one table between them, and those that hold something else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from toolkit.clean.headings import Role, heading_row, naming
from toolkit.clean.periods import read_periods
from toolkit.clean.periods.not_yet import is_not_yet
from toolkit.clean.sources.roles import find_roles
from toolkit.clean.sources.tables import RecordTable
from toolkit.errors import DataError

__all__ = ["told_apart", "with_days"]

_FEWEST = 2

Columns = Mapping[str, str | None] | None
Notes = list[tuple[int, str]]


def told_apart(
    tables: Sequence[RecordTable], roles: Sequence[Role], columns: Columns
) -> tuple[tuple[RecordTable, ...], Notes]:
    """Part the sheets that have at least two of the columns from the others.

    Returns
    -------
    tables : tuple of RecordTable
        Those that have.
    notes : list of (int, str)
        First row and description of each that has not.

    Raises
    ------
    DataError
        If none has.
    """
    if len(tables) == 1:
        return tuple(tables), []
    fit = [_score(table, roles, columns) >= _FEWEST for table in tables]
    if not any(fit):
        sheets = ", ".join(repr(table.sheet) for table in tables)
        needed = ", ".join(role.name for role in roles[:4])
        raise DataError(
            f"{tables[0].file}: none of the sheets {sheets} has headings such as {needed}. "
            f"Name them: {naming({roles[0].name: None})}."
        )
    both = list(zip(tables, fit, strict=True))
    return tuple(table for table, fits in both if fits), [
        (int(table.rows["row"].iloc[0]), f"{table.sheet}, another table: {len(table.rows)} rows")
        for table, fits in both
        if not fits
    ]


def _score(table: RecordTable, roles: Sequence[Role], columns: Columns) -> int:
    heads = table.headings
    return max(heading_row(heads[which].tolist(), roles, columns) for which in ("column", "label"))


def with_days(
    tables: Sequence[RecordTable], roles: Sequence[Role], columns: Columns
) -> tuple[tuple[RecordTable, ...], Notes]:
    """Put Excel's day numbers as days where a column of one sheet holds nothing else.

    Beside the days of another sheet such a number would have to be doubted; its own sheet settles
    what it is. Of a single sheet, the reader of dates sees that itself.

    Returns
    -------
    tables : tuple of RecordTable
        The same, with days.
    notes : list of (int, str)
        Which columns they stood in.
    """
    if len(tables) == 1:
        return tuple(tables), []
    put, notes = [], []
    for table in tables:
        found = find_roles(table, roles, columns=columns)
        days = {}
        for column in (
            found[role.name] for role in roles if role.holds == "days" and role.name in found
        ):
            texts = table.rows[column]
            read = read_periods(texts.mask(texts.fillna("").map(is_not_yet))).table
            numbers = read["notes"].fillna("").str.contains("excel_serial", regex=False)
            if numbers.any():
                days[column] = (
                    read["start"].dt.strftime("%Y-%m-%d").where(numbers, table.rows[column])
                )
                first = int(table.rows["row"].iloc[0])
                notes.append((first, f"{table.sheet}, day numbers put as days: {column}"))
        put.append(replace(table, rows=table.rows.assign(**days)))
    return tuple(put), notes
