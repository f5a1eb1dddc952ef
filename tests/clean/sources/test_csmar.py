"""CSMAR: three heading rows, and the file that describes the columns.

The files are built as the documentation describes the exports; none is a licensed one.
"""

import openpyxl
import pytest

from toolkit.clean.sources import read_records
from toolkit.errors import DataError

CODES = ["Stkcd", "Accper", "Typrep", "A001000000", "PROVINCE"]
LABELS = ["证券代码", "统计截止日期", "报表类型", "资产总计", "所属省份"]
UNITS = ["没有单位", "没有单位", "没有单位", "元", "没有单位'"]
DESCRIBED = """Stkcd [证券代码] - 以沪、深、北证券交易所公布的证券代码为准。
Accper [统计截止日期] - YYYY-MM-DD，前四位表示会计报表公布年度
Typrep [报表类型] - A=合并报表
B=母公司报表
A001000000 [资产总计(元)] - 各资产项目之总计
"""
ROWS = [
    ["000001", "2023-12-31", "A", "5587116000000", "广东省"],
    ["600010", "2023-12-31", "A", "", "内蒙古自治区"],
]


def workbook(tmp_path, *, sheet="sheet1"):
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in [CODES, LABELS, UNITS, *ROWS]:
        book.active.append(row)
    path = tmp_path / "FS_Combas.xlsx"
    book.save(path)
    return path


def test_three_heading_rows_are_codes_labels_and_units(tmp_path):
    records = read_records(workbook(tmp_path))
    (table,) = records.tables
    assert table.layout == "csmar"
    assert table.rows.columns.tolist() == ["file", "sheet", "row", *CODES]
    assert table.rows["row"].tolist() == [4, 5]
    assert table.rows["Stkcd"].tolist() == ["000001", "600010"]
    assert table.rows["A001000000"].isna().tolist() == [False, True]
    assert table.headings["label"].tolist() == LABELS
    assert table.headings["unit"].tolist() == ["", "", "", "元", ""]
    assert records.counts().to_dict() == {"record": 2, "heading": 3}


def test_the_description_beside_adds_what_it_says(tmp_path):
    path = workbook(tmp_path)
    (tmp_path / "FS_Combas[DES][xlsx].txt").write_bytes(DESCRIBED.encode("gb18030"))
    headings = read_records(path).headings
    assert headings["label"].tolist() == LABELS
    assert headings["remarks"].tolist() == [
        "以沪、深、北证券交易所公布的证券代码为准。",
        "YYYY-MM-DD，前四位表示会计报表公布年度",
        "A=合并报表 B=母公司报表",
        "各资产项目之总计",
        "",
    ]


@pytest.mark.parametrize("name", ["FS_Combas.csv", "FS_Combas2.csv"])
def test_text_has_codes_alone_and_its_labels_beside(tmp_path, name):
    path = tmp_path / name
    lines = [CODES, *ROWS]
    path.write_text("\n".join(",".join(line) for line in lines), encoding="utf-8-sig")
    (tmp_path / "FS_Combas[DES][csv].txt").write_text(DESCRIBED, encoding="utf-8")
    (table,) = read_records(path).tables
    assert table.layout == "csmar"
    assert table.headings["label"].tolist() == [*LABELS[:3], "资产总计(元)", ""]
    assert table.headings["unit"].tolist() == ["", "", "", "元", ""]
    assert len(table.rows) == 2


def test_english_exports(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(
        "Stkcd,Accper\nStock Code,Ending Date\nNo Unit,No Unit\n000001,2023-12-31\n",
        encoding="utf-8",
    )
    headings = read_records(path).headings
    assert headings["label"].tolist() == ["Stock Code", "Ending Date"]
    assert headings["unit"].tolist() == ["", ""]


def test_a_code_that_stands_twice_is_refused(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("Stkcd,Stkcd\n证券代码,证券代码\n没有单位,没有单位\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_records(path)
    assert str(caught.value) == (
        "t.csv, row 3: 2 columns are headed 'Stkcd' (columns 1, 2). "
        "Give each its own heading at the source."
    )
