"""Wind: the source below, units in headings, and series under their block.

The files are built as the documentation describes the exports; none is a licensed one.
"""

import datetime as dt

import openpyxl
import pytest

from toolkit.clean.sources import read_records, read_source
from toolkit.errors import DataError

FIRMS = [
    [
        "证券代码",
        "证券简称",
        "总资产\n[报告期] 2023年报\n[单位] 亿元",
        "总资产\n[报告期] 2022年报\n[单位] 亿元",
        "省份",
    ],
    ["000001.SZ", "平安银行", 55871.16, 53215.14, "广东省"],
    ["600010.SH", "包钢股份", 1520.5, None, "内蒙古自治区"],
    [],
    ["数据来源：Wind"],
]
SERIES = [
    ["指标名称", "湖南:社会消费品零售总额:累计值", "M2:同比"],
    ["频率", "月", "月"],
    ["单位", "亿元", "%"],
    ["指标ID", "M0048870", "M0001385"],
    ["来源", "国家统计局", "中国人民银行"],
    [dt.datetime(2024, 8, 31), 12500.1, 6.3],
    [dt.datetime(2024, 9, 30), 14200.5, None],
    ["数据来源：Wind"],
]


def workbook(tmp_path, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    path = tmp_path / "wind.xlsx"
    book.save(path)
    return path


def test_firms_with_units_in_their_headings(tmp_path):
    records = read_records(workbook(tmp_path, FIRMS))
    (table,) = records.tables
    assert table.layout == "wind"
    assert table.columns == [
        "证券代码",
        "证券简称",
        "总资产 (报告期 2023年报)",
        "总资产 (报告期 2022年报)",
        "省份",
    ]
    assert table.headings["unit"].tolist() == ["", "", "亿元", "亿元", ""]
    assert table.rows["总资产 (报告期 2023年报)"].tolist() == ["55871.16", "1520.5"]
    assert table.rows["row"].tolist() == [2, 3]
    assert records.counts().to_dict() == {"record": 2, "footer": 1, "heading": 1}


def test_series_are_cells_with_region_period_and_unit(tmp_path):
    source = read_source(workbook(tmp_path, SERIES))
    assert source.layout == "wind"
    assert source.notes == ("数据来源：Wind",)
    assert source.cells.drop(columns="file").values.tolist() == [
        [6, "湖南", "2024-08", "社会消费品零售总额:累计值", "亿元", "12500.1"],
        [7, "湖南", "2024-09", "社会消费品零售总额:累计值", "亿元", "14200.5"],
        [6, "", "2024-08", "M2:同比", "%", "6.3"],
    ]


def test_series_as_records(tmp_path):
    (table,) = read_records(workbook(tmp_path, SERIES)).tables
    assert table.columns == [
        "series",
        "region",
        "period",
        "value",
        "unit",
        "series_id",
        "frequency",
        "source",
    ]
    assert table.rows.iloc[0, 3:].tolist() == [
        "湖南:社会消费品零售总额:累计值",
        "湖南",
        "2024-08",
        "12500.1",
        "亿元",
        "M0048870",
        "月",
        "国家统计局",
    ]


def test_a_block_without_values_is_refused(tmp_path):
    with pytest.raises(DataError) as caught:
        read_source(workbook(tmp_path, SERIES[:5]))
    assert str(caught.value) == (
        "wind.xlsx, sheet 'Sheet': 2 series are described, none has a value. "
        "The file was cut short or exported without dates: fetch it again."
    )


def test_a_row_longer_than_its_series_is_refused(tmp_path):
    rows = [*SERIES[:6], [dt.datetime(2024, 9, 30), 1, 2, 3]]
    with pytest.raises(DataError, match=r"row 7: 3 values under 2 series\. Mend the row"):
        read_source(workbook(tmp_path, rows))
