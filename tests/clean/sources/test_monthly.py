"""Statistical tables below the year, of one region, of the nation, and in workbooks."""

import openpyxl
import pytest

from toolkit.clean.sources import CELLS, read_source, read_sources
from toolkit.errors import DataError

PROVINCE = """数据库：分省月度数据
地区：湖南省
时间：2024年8月-2024年9月
指标,2024年9月,2024年8月
房地产开发投资累计值(亿元),2500.1,2300.4
房地产开发投资累计增长(%),-5.1,-4.9
数据来源：国家统计局
"""


def write(tmp_path, text, *, name="t.csv", encoding="gb18030"):
    path = tmp_path / name
    path.write_text(text, encoding=encoding)
    return path


def test_indicators_of_one_region_in_rows(tmp_path):
    source = read_source(write(tmp_path, PROVINCE))
    assert source.layout == "indicators"
    assert source.cells.columns.tolist() == list(CELLS)
    assert source.cells.values.tolist() == [
        ["t.csv", 5, "湖南省", "2024年9月", "房地产开发投资累计值", "亿元", "2500.1"],
        ["t.csv", 5, "湖南省", "2024年8月", "房地产开发投资累计值", "亿元", "2300.4"],
        ["t.csv", 6, "湖南省", "2024年9月", "房地产开发投资累计增长", "%", "-5.1"],
        ["t.csv", 6, "湖南省", "2024年8月", "房地产开发投资累计增长", "%", "-4.9"],
    ]
    assert source.notes == ("数据来源：国家统计局",)


def test_one_indicator_of_all_provinces_by_month(tmp_path):
    text = (
        "数据库：分省月度数据\n指标：房地产开发投资_当期值(亿元)\n地区,2024年9月,2024年第三季度\n"
        "湖南省,1,2\n"
    )
    cells = read_source(write(tmp_path, text)).cells
    assert cells[["period", "indicator", "unit", "value"]].values.tolist() == [
        ["2024年9月", "房地产开发投资_当期值", "亿元", "1"],
        ["2024年第三季度", "房地产开发投资_当期值", "亿元", "2"],
    ]


@pytest.mark.parametrize(
    "title",
    ["数据库：月度数据", "数据库：季度数据", "Database：Monthly"],
)
def test_a_database_of_the_nation_names_no_region(tmp_path, title):
    heading = "Indicators" if "Database" in title else "指标"
    cells = read_source(write(tmp_path, f"{title}\n{heading},Sep 2024\nCPI,100.4\n")).cells
    assert cells["region"].tolist() == ["全国"]


def test_regions_as_rows_between_their_indicators(tmp_path):
    text = (
        "数据库：分省月度数据\n指标,2024年9月\n地区：湖南省,\n投资(亿元),1\n"
        "地区：北京市,\n投资(亿元),2\n"
    )
    source = read_source(write(tmp_path, text))
    assert source.cells[["row", "region", "value"]].values.tolist() == [
        [4, "湖南省", "1"],
        [6, "北京市", "2"],
    ]
    assert source.headings["row"].tolist() == [1, 3, 5]


def test_without_a_region_none_is_invented(tmp_path):
    cells = read_source(write(tmp_path, "指标,2024年9月\n投资(亿元),1\n")).cells
    assert cells["region"].tolist() == [""]


def workbook(tmp_path, sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path = tmp_path / "book.xlsx"
    book.save(path)
    return path


def test_a_workbook_with_one_table_is_one_source(tmp_path):
    rows = [["指标：地区生产总值(亿元)"], ["地区", "2023年", "2022年"], ["湖南省", 50012.9, None]]
    source = read_source(workbook(tmp_path, {"说明": [["说明文字"]], "数据": rows}))
    assert source.cells.values.tolist() == [
        ["book.xlsx", 3, "湖南省", "2023", "地区生产总值", "亿元", "50012.9"],
        ["book.xlsx", 3, "湖南省", "2022", "地区生产总值", "亿元", ""],
    ]


def test_a_workbook_with_several_tables_is_several_sources(tmp_path):
    rows = [["地区", "2023年"], ["湖南省", 1]]
    path = workbook(tmp_path, {"甲": rows, "乙": rows})
    assert [source.file for source in read_sources(path)] == ["book.xlsx (甲)", "book.xlsx (乙)"]
    with pytest.raises(DataError) as caught:
        read_source(path)
    assert str(caught.value) == (
        "book.xlsx: 2 sheets hold tables (book.xlsx (甲); book.xlsx (乙)). "
        "Read them by read_sources(path)."
    )


def test_a_workbook_without_a_table_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"^book\.xlsx: no heading row was found\."):
        read_source(workbook(tmp_path, {"说明": [["说明文字"]]}))
    with pytest.raises(DataError, match=r"^book\.xlsx: no sheet holds a table\."):
        read_source(workbook(tmp_path, {"空": []}))


def test_a_file_of_another_kind_is_refused(tmp_path):
    with pytest.raises(DataError) as caught:
        read_source(write(tmp_path, "x", name="table.zip"))
    assert str(caught.value) == (
        "table.zip: no table can be read from a file with the ending '.zip'. Unpack it first. "
        "Known endings: .csv, .tsv, .txt, .xlsx, .xlsm, .xls, .xlsb, .ods."
    )


def test_headings_without_data_are_refused(tmp_path):
    with pytest.raises(DataError) as caught:
        read_source(write(tmp_path, "地区,2023年\n数据来源：国家统计局\n"))
    assert str(caught.value) == (
        "t.csv: a row of headings and no row of data under it. The file was cut short or exported "
        "empty: fetch it again from its source."
    )
