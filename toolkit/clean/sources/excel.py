"""Workbooks as grids, one a sheet, with their merged cells; what is no workbook is refused."""

from __future__ import annotations

import datetime as dt
import re
import warnings
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from toolkit.clean.sources.files import require_file
from toolkit.clean.sources.grids import Grid, Line, Merge, is_value, shown, trimmed
from toolkit.errors import DataError

__all__ = ["cell_text", "workbook_grids"]

_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK"
_MODERN = (".xlsx", ".xlsm")
_YEAR = re.compile(r"(19|20)\d{2}")


def workbook_grids(path: Path) -> list[Grid]:
    """Read the sheets of a workbook (.xlsx, .xlsm, .xls, .xlsb, .ods) as grids of text.

    A text, date or year that was set across several cells stands in each of them; an amount only
    in the first, since it is one amount. Numbers come as they are stored, but a percentage as it
    is shown (``5%``), and a number shown with leading zeros (``000001``) with them; a formula that
    was never computed comes as its text. In .xls, .xlsb and .ods formats are not known, and a
    formula's error comes as an empty cell.

    Raises
    ------
    DataError
        If the file is missing, protected by a password, damaged, or no workbook in truth.
    """
    require_file(path)
    _refuse_others(path)
    sheets = _modern(path) if path.suffix.lower() in _MODERN else _older(path)
    return [_grid(path.name, name, rows, merges) for name, rows, merges in sheets]


def cell_text(value: Any) -> str:
    """Return a stored value as text that loses nothing: whole numbers without a point.

    Examples
    --------
    >>> cell_text(5.0), cell_text(0.1), cell_text(dt.datetime(2024, 3, 5)), cell_text(None)
    ('5', '0.1', '2024-03-05', '')
    """
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**63 else repr(value)
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


_Bounds = tuple[int, int, int, int]
_Sheet = tuple[str, list[list[str]], list[_Bounds]]


def _modern(path: Path) -> list[_Sheet]:
    import openpyxl  # type: ignore[import-untyped]

    try:
        # Given a path, openpyxl leaves the file open where a part of it is broken.
        with path.open("rb") as stream, warnings.catch_warnings():
            # It warns of styles and extensions that have no say in what the cells hold.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(stream, data_only=True)
            formulas = openpyxl.load_workbook(stream) if _has_formulas(stream) else None
    except Exception as error:
        # openpyxl lets through whatever a broken part happens to raise: KeyError, BadZipFile …
        raise _damaged(path, error) from error
    return [
        (
            sheet.title,
            [
                [_formatted(cell, formulas and formulas[sheet.title]) for cell in row]
                for row in sheet.iter_rows()
            ],
            sorted(
                (one.min_row, one.min_col, one.max_row, one.max_col)
                for one in sheet.merged_cells.ranges
            ),
        )
        for sheet in book.worksheets
    ]


def _has_formulas(stream: BinaryIO) -> bool:
    with zipfile.ZipFile(stream) as parts:
        return any(
            b"<f" in parts.read(name)
            for name in parts.namelist()
            if name.startswith("xl/worksheets/sheet")
        )


def _formatted(cell: Any, formulas: Any) -> str:
    value = cell.value
    if value is None and formulas is not None:
        # A formula that was never computed has no value; its text says so, a blank would not.
        value = formulas.cell(cell.row, cell.column).value
    if isinstance(value, int | float) and not isinstance(value, bool):
        style = str(cell.number_format)
        if re.fullmatch(r"0(\.0+)?%", style):
            return f"{(Decimal(repr(value)) * 100).normalize():f}%"
        if re.fullmatch(r"00+", style) and float(value).is_integer():
            return str(int(value)).zfill(len(style))
    return cell_text(value)


def _older(path: Path) -> list[_Sheet]:
    import python_calamine

    try:
        book = python_calamine.load_workbook(path)
        sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
        return [
            (
                sheet.name,
                [
                    [cell_text(cell) for cell in row]
                    for row in sheet.to_python(skip_empty_area=False)
                ],
                [
                    (top + 1, left + 1, bottom + 1, right + 1)
                    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
                ],
            )
            for sheet in sheets
        ]
    except python_calamine.PasswordError as error:
        raise _protected(path) from error
    except python_calamine.CalamineError as error:
        raise _damaged(path, error) from error


def _grid(file: str, name: str, rows: list[list[str]], bounds: list[_Bounds]) -> Grid:
    merges = []
    for top, left, bottom, right in bounds:
        if top > len(rows) or left > len(rows[top - 1]):
            continue
        text = rows[top - 1][left - 1].strip()
        merges.append(Merge(top=top, left=left, bottom=bottom, right=right, text=text))
        if is_value(text) and not _is_day(text):
            continue
        for row in rows[top - 1 : bottom]:
            row.extend([""] * (right - len(row)))
            row[left - 1 : right] = [text] * (right - left + 1)
    lines: list[Line] = [
        (number, cells) for number, row in enumerate(rows, start=1) if any(cells := trimmed(row))
    ]
    return Grid(file=file, sheet=name, lines=lines, merges=tuple(merges))


def _is_day(text: str) -> bool:
    return bool(_YEAR.fullmatch(text) or re.match(r"\d{4}[-/年]", text))


def _refuse_others(path: Path) -> None:
    with path.open("rb") as stream:
        head = stream.read(512)
    if head.startswith(_OLE):
        if path.suffix.lower() in _MODERN:
            raise _protected(path)
        return
    if head.startswith(_ZIP):
        return
    first = head.decode("utf-8", errors="replace").lstrip("\ufeff \t\r\n")
    if first.startswith("<"):
        raise DataError(
            f"{path.name}: a web page or XML by its content, a workbook only by its name; it "
            f"begins with {shown(first, width=30)}. Open it in Excel or LibreOffice and save it "
            "as .xlsx or .csv."
        )
    if b"\0" not in head and re.search(rb"[\t,;]", head):
        raise DataError(
            f"{path.name}: separated text by its content, a workbook only by its name. "
            "Rename it to end with .csv."
        )
    raise _damaged(path, "it begins like no workbook")


def _protected(path: Path) -> DataError:
    return DataError(
        f"{path.name}: the workbook is protected by a password. Open it with the password, "
        "remove the protection, and save it again."
    )


def _damaged(path: Path, error: object) -> DataError:
    reason = " ".join(str(error).split()) or type(error).__name__
    return DataError(
        f"{path.name}: the workbook is damaged or cut short ({reason}). "
        "Fetch it again from its source."
    )
