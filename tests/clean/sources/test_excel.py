"""Workbooks: what cells hold, merged cells, and files that are no workbooks."""

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.clean.sources.excel import workbook_grids
from toolkit.errors import DataError, ToolkitError


def save(tmp_path, rows, *, merge=(), name="t.xlsx", formats=None):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "台账"
    for row in rows:
        sheet.append(row)
    for bounds in merge:
        sheet.merge_cells(bounds)
    for cell, style in (formats or {}).items():
        sheet[cell].number_format = style
    path = tmp_path / name
    book.save(path)
    return path


def test_cells_come_as_text(tmp_path):
    row = ["000123", 5, 5.0, 0.1, 1600.25, dt.date(2024, 3, 5), True, None, "end"]
    (grid,) = workbook_grids(save(tmp_path, [row]))
    assert (grid.file, grid.sheet) == ("t.xlsx", "台账")
    assert grid.lines == [
        (1, ["000123", "5", "5", "0.1", "1600.25", "2024-03-05", "TRUE", "", "end"])
    ]


def test_percentages_and_leading_zeros_come_as_shown(tmp_path):
    path = save(tmp_path, [[0.0525, 1, 5]], formats={"A1": "0.00%", "B1": "000000"})
    assert workbook_grids(path)[0].lines == [(1, ["5.25%", "000001", "5"])]


def test_errors_and_formulas_never_computed_are_no_blanks(tmp_path):
    (grid,) = workbook_grids(save(tmp_path, [["#DIV/0!", "=SUM(A1:A9)", "x"]]))
    assert grid.lines == [(1, ["#DIV/0!", "=SUM(A1:A9)", "x"])]


def test_merged_texts_dates_and_years_are_repeated_and_amounts_are_not(tmp_path):
    rows = [
        ["湖南省", "甲", 2024, 500],
        [None, "乙", None, None],
    ]
    path = save(tmp_path, rows, merge=["A1:A2", "C1:C2", "D1:D2"])
    (grid,) = workbook_grids(path)
    assert grid.lines == [(1, ["湖南省", "甲", "2024", "500"]), (2, ["湖南省", "乙", "2024"])]
    assert [(merge.top, merge.bottom, merge.text) for merge in grid.merges] == [
        (1, 2, "湖南省"),
        (1, 2, "2024"),
        (1, 2, "500"),
    ]


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="台账">
<table:table-row>
<table:table-cell office:value-type="string"><text:p>企业</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>金额</text:p></table:table-cell>
</table:table-row>
<table:table-row>
<table:table-cell office:value-type="string"><text:p>甲</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="5"><text:p>5</text:p></table:table-cell>
</table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>
"""


MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>
"""


def test_an_open_document(tmp_path):
    path = tmp_path / "t.ods"
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("META-INF/manifest.xml", MANIFEST)
        parts.writestr("content.xml", ODS.replace(">\n", ">").replace("\n", " "))
    (grid,) = workbook_grids(path)
    assert (grid.sheet, grid.lines) == ("台账", [(1, ["企业", "金额"]), (2, ["甲", "5"])])


def test_a_web_page_called_xls_is_refused(tmp_path):
    path = tmp_path / "loans.xls"
    path.write_text("<html><table><tr><td>1</td></tr></table></html>", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        workbook_grids(path)
    assert str(caught.value) == (
        "loans.xls: a web page or XML by its content, a workbook only by its name; it begins with "
        "'<html><table><tr><td>1</td></…'. Open it in Excel or LibreOffice and save it as .xlsx "
        "or .csv."
    )


def test_text_called_xls_is_refused(tmp_path):
    path = tmp_path / "loans.xls"
    path.write_bytes("企业\t金额\n甲\t5\n".encode("gb18030"))
    with pytest.raises(DataError) as caught:
        workbook_grids(path)
    assert str(caught.value) == (
        "loans.xls: separated text by its content, a workbook only by its name. Rename it to end "
        "with .csv."
    )


def test_a_protected_workbook_is_refused(tmp_path):
    # Excel puts an encrypted workbook into an OLE container, under the ending .xlsx.
    path = tmp_path / "loans.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000)
    with pytest.raises(DataError) as caught:
        workbook_grids(path)
    assert str(caught.value) == (
        "loans.xlsx: the workbook is protected by a password. Open it with the password, remove "
        "the protection, and save it again."
    )


def test_a_workbook_cut_short_is_refused(tmp_path):
    path = save(tmp_path, [["a", "b"], [1, 2]])
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(DataError, match=r"^t\.xlsx: the workbook is damaged or cut short \("):
        workbook_grids(path)


def test_an_old_workbook_that_is_damaged_is_refused(tmp_path):
    path = tmp_path / "t.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000)
    with pytest.raises(DataError, match=r"^t\.xls: the workbook is damaged or cut short \("):
        workbook_grids(path)


def test_a_missing_and_an_empty_workbook_are_refused(tmp_path):
    (tmp_path / "loans.xlsx").touch()
    with pytest.raises(DataError, match=r"^loans\.xlsx: the file is empty\."):
        workbook_grids(tmp_path / "loans.xlsx")
    with pytest.raises(DataError, match=r"^No file '.*loan\.xlsx'\. Did you mean 'loans\.xlsx'\?$"):
        workbook_grids(tmp_path / "loan.xlsx")


@given(st.binary(max_size=300), st.sampled_from(["t.xlsx", "t.xls", "t.ods", "t.xlsb"]))
def test_no_bytes_raise_anything_else(tmp_path_factory, content, name):
    path = tmp_path_factory.mktemp("bytes") / name
    path.write_bytes(content)
    with pytest.raises(ToolkitError):
        workbook_grids(path)


@given(st.integers(0, 10**6), st.integers(0, 255))
def test_no_changed_byte_raises_anything_else(tmp_path_factory, place, byte):
    folder = tmp_path_factory.mktemp("changed")
    path = save(folder, [["企业", "金额"], ["甲", 5]])
    content = bytearray(path.read_bytes())
    content[place % len(content)] = byte
    path.write_bytes(bytes(content))
    try:
        grids = workbook_grids(path)
    except ToolkitError:
        return
    assert grids


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="files are not told here")
def test_a_damaged_workbook_is_closed_again(tmp_path):
    path = save(tmp_path, [["企业", "金额"], ["甲", 5]])
    rewritten = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(rewritten, "w") as target:
        for name in source.namelist():
            broken = b"<workbook" if name == "xl/workbook.xml" else source.read(name)
            target.writestr(name, broken)
    with pytest.raises(DataError, match=r"^broken\.xlsx: the workbook is damaged") as caught:
        workbook_grids(rewritten)
    # The error still holds the frames that it went through, and with them what they left open.
    left = [entry for entry in Path("/proc/self/fd").glob("*") if _target(entry) == rewritten]
    assert caught.value.__cause__ is not None
    assert left == []


def _target(entry):
    try:
        return entry.readlink()
    except FileNotFoundError:
        return None
