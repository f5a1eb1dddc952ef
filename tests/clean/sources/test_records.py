"""Plain tables of records: titles, headings, footers, totals, sheets, and what is refused."""

import csv

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.clean.sources import read_records
from toolkit.errors import DataError, OptionError, ToolkitError

LEDGER = """2024年科技贷款台账,,
单位：万元,,
企业名称,放款日期,放款金额
甲公司,2024-03-05,500
乙公司,2024-03-06,
企业名称,放款日期,放款金额
丙公司,2024-03-07
丁公司,2024-03-08,7,9
小计,,507
合计,,507
注：金额含续贷。,,
数据来源：省金融局,,
"""


def write(tmp_path, text, *, name="t.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_text(text, encoding=encoding)
    return path


def workbook(tmp_path, sheets, *, merge=None):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for bounds in (merge or {}).get(name, ()):
            sheet.merge_cells(bounds)
    path = tmp_path / "book.xlsx"
    book.save(path)
    return path


def test_every_row_is_a_record_or_set_aside(tmp_path):
    records = read_records(write(tmp_path, LEDGER))
    (table,) = records.tables
    assert (table.title, table.unit, table.layout) == (
        "2024年科技贷款台账 单位：万元",
        "万元",
        "plain",
    )
    assert table.rows.drop(columns=["file", "sheet"]).values.tolist()[0] == [
        4,
        "甲公司",
        "2024-03-05",
        "500",
    ]
    assert table.rows["row"].tolist() == [4, 5]
    assert pd.isna(table.rows["放款金额"].iloc[1])
    assert table.aside[["row", "kind", "text"]].values.tolist() == [
        [1, "title", "2024年科技贷款台账"],
        [2, "title", "单位：万元"],
        [3, "heading", "企业名称,放款日期,放款金额"],
        [6, "heading", "企业名称,放款日期,放款金额"],
        [7, "ragged", "丙公司,2024-03-07"],
        [8, "ragged", "丁公司,2024-03-08,7,9"],
        [9, "total", "小计,507"],
        [10, "total", "合计,507"],
        [11, "footer", "注：金额含续贷。"],
        [12, "footer", "数据来源：省金融局"],
    ]
    assert records.counts().sum() == len(LEDGER.splitlines())


def test_units_of_headings_in_either_language(tmp_path):
    text = "firm,Amount (RMB mn),利率(%),贷款余额（亿元）\nA,1,2,3\n"
    headings = read_records(write(tmp_path, text)).headings
    assert headings["unit"].tolist() == ["", "rmb mn", "%", "亿元"]


def test_headings_set_across_columns_are_joined(tmp_path):
    rows = [
        ["科技贷款台账", None, None, None],
        ["企业", "贷款", None, "地区"],
        [None, "金额", "日期", None],
        ["甲", 5, "2024-03-05", "湖南"],
        ["乙", 7, "2024-03-06", None],
    ]
    merge = {"一": ["A1:D1", "A2:A3", "B2:C2", "D2:D3", "D4:D5"]}
    (table,) = read_records(workbook(tmp_path, {"一": rows}, merge=merge)).tables
    assert table.columns == ["企业", "贷款 金额", "贷款 日期", "地区"]
    assert table.rows.iloc[:, 2:].values.tolist() == [
        [4, "甲", "5", "2024-03-05", "湖南"],
        [5, "乙", "7", "2024-03-06", "湖南"],
    ]
    assert table.title == "科技贷款台账"
    assert table.aside["kind"].value_counts().to_dict() == {"heading": 2, "title": 1, "merged": 1}


def test_several_sheets_and_one_without_a_table(tmp_path):
    sheets = {
        "说明": [["本表由各市填报"]],
        "一月": [["企业", "金额"], ["甲", 5]],
        "二月": [["企业", "金额", "备注"], ["乙", 7, "续贷"]],
        "三月": [],
    }
    path = workbook(tmp_path, sheets)
    records = read_records(path)
    assert records.rows.astype(object).where(records.rows.notna(), None).values.tolist() == [
        ["book.xlsx", "一月", 2, "甲", "5", None],
        ["book.xlsx", "二月", 2, "乙", "7", "续贷"],
    ]
    assert records.no_table.values.tolist() == [
        ["book.xlsx", "说明", 1, "no_table", "本表由各市填报"]
    ]
    assert records.counts().to_dict() == {"record": 2, "heading": 2, "no_table": 1}
    assert read_records(path, sheet="二月").rows["企业"].tolist() == ["乙"]


def test_a_sheet_that_is_not_there(tmp_path):
    path = workbook(tmp_path, {"一月": [["企业", "金额"], ["甲", 5]]})
    with pytest.raises(OptionError, match=r"^book\.xlsx: no sheet '二月'\. It has: 一月\.$"):
        read_records(path, sheet="二月")
    with pytest.raises(OptionError, match=r"^sheet='一月': t\.csv is no workbook"):
        read_records(write(tmp_path, "a,b\n1,2\n"), sheet="一月")


def test_a_column_without_a_heading_is_kept_and_an_empty_one_left_out(tmp_path):
    (table,) = read_records(write(tmp_path, "企业,,,金额\n甲,,x,5\n乙,,,7\n")).tables
    assert table.columns == ["企业", "column_3", "金额"]
    assert table.rows["column_3"].tolist()[0] == "x"
    assert table.headings["remarks"].tolist() == ["", "a column without a heading", ""]


def test_a_stroke_too_many_at_the_end_of_the_headings_makes_no_row_short(tmp_path):
    records = read_records(write(tmp_path, "企业,金额,\n甲,5\n乙,7,\n"))
    assert records.tables[0].columns == ["企业", "金额"]
    assert records.counts().to_dict() == {"record": 2, "heading": 1}


def test_columns_called_frequency_and_unit_make_no_block_of_series(tmp_path):
    (table,) = read_records(write(tmp_path, "企业,频率,单位,金额\n甲,月,万元,5\n")).tables
    assert (table.layout, table.columns) == ("plain", ["企业", "频率", "单位", "金额"])


TWO_ROWS = "贷款,贷款,企业\n金额,笔数,名称\n" + "".join(f"{n},{n},甲{n}\n" for n in range(1, 5))


def test_two_heading_rows_are_refused_with_the_choices(tmp_path):
    with pytest.raises(DataError) as caught:
        read_records(write(tmp_path, TWO_ROWS))
    assert str(caught.value) == (
        "t.csv, rows 1 and 2: two rows of headings ('贷款,贷款,企业' and '金额,笔数,名称'). Say "
        "heading_rows=(1, 2) to join them, heading_rows=2 to take the second alone, or "
        "heading_rows=1 if row 2 is data."
    )


def test_heading_rows_that_the_caller_names(tmp_path):
    path = write(tmp_path, TWO_ROWS)
    joined = read_records(path, heading_rows=(1, 2))
    assert joined.tables[0].columns == ["贷款 金额", "贷款 笔数", "企业 名称"]
    second = read_records(path, heading_rows=2)
    assert second.tables[0].columns == ["金额", "笔数", "名称"]
    assert second.counts().to_dict() == {"record": 4, "heading": 1, "title": 1}


def test_a_heading_row_that_is_not_there(tmp_path):
    with pytest.raises(OptionError, match=r"^heading_rows=9: t\.csv has no text in row 9\."):
        read_records(write(tmp_path, TWO_ROWS), heading_rows=9)
    with pytest.raises(OptionError, match=r"^heading_rows names at least one row; got none\.$"):
        read_records(write(tmp_path, TWO_ROWS), heading_rows=())


def test_one_unknown_value_is_no_second_heading(tmp_path):
    text = "企业,金额,笔数\n甲,待定,不详\n" + "".join(f"乙,{n},{n}\n" for n in range(5))
    assert len(read_records(write(tmp_path, text)).rows) == 6


def test_two_columns_of_one_name_are_refused(tmp_path):
    with pytest.raises(DataError) as caught:
        read_records(write(tmp_path, "企业,金额,金额\n甲,5,7\n"))
    assert str(caught.value) == (
        "t.csv, row 1: 2 columns are headed '金额' (columns 2, 3). "
        "Give each its own heading at the source."
    )


def test_a_column_called_like_the_provenance_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"^t\.csv: a column is headed 'row', which is where"):
        read_records(write(tmp_path, "row,amount\na,5\n"))


@pytest.mark.parametrize("text", ["1,2\n3,4\n", "企业,金额\n"])
def test_a_file_without_a_table_is_refused(tmp_path, text):
    with pytest.raises(DataError) as caught:
        read_records(write(tmp_path, text))
    assert str(caught.value) == (
        "t.csv: no table of records was found: no row of headings with rows under it. It begins, "
        f"in row 1, with {text.splitlines()[0]!r}. If a row is one of headings, say which: "
        "heading_rows=1."
    )


def test_a_workbook_without_any_table_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"^book\.xlsx, sheet '空': no cell holds anything\."):
        read_records(workbook(tmp_path, {"空": []}))


def test_a_file_of_another_kind_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"^t\.docx: no table can be read .* '\.docx'\. Known"):
        read_records(write(tmp_path, "x", name="t.docx"))


CELL = st.sampled_from(
    [
        "",
        "企业",
        "金额",
        "甲公司",
        "5",
        "1,600.5",
        "2024-03-05",
        "合计",
        "注：x",
        "单位：万元",
        "x:y",
    ]
)


@given(st.lists(st.lists(CELL, min_size=1, max_size=5), min_size=1, max_size=12))
def test_no_row_is_lost_or_invented(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("rows") / "t.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    try:
        records = read_records(path)
    except ToolkitError:
        return
    there = [number for number, row in enumerate(rows, start=1) if any(row)]
    assert sorted([*records.rows["row"], *records.aside["row"]]) == there
    for _, record in records.rows.iterrows():
        written = [cell for cell in rows[record["row"] - 1] if cell]
        assert record.drop(["file", "sheet", "row"]).dropna().tolist() == written


@given(st.lists(st.lists(CELL, min_size=1, max_size=5), min_size=1, max_size=8))
@settings(max_examples=30)
def test_a_workbook_reads_like_its_text(tmp_path_factory, rows):
    """A sheet has no ends of rows, so that short rows are records there; all else is alike."""
    width = max(map(len, rows))
    padded = [row + [""] * (width - len(row)) for row in rows]
    folder = tmp_path_factory.mktemp("both")
    with (folder / "t.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(padded)
    path = workbook(folder, {"一": [[cell or None for cell in row] for row in padded]})
    try:
        from_text = read_records(folder / "t.csv")
    except ToolkitError:
        with pytest.raises(ToolkitError):
            read_records(path)
        return
    assert read_records(path).rows.iloc[:, 3:].fillna("").values.tolist() == (
        from_text.rows.iloc[:, 3:].fillna("").values.tolist()
    )
