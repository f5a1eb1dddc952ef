"""Regional accounts in the layouts that people lay out themselves, and marks of vintages."""

import openpyxl
import pytest

from toolkit.clean.accounts import clean_accounts
from toolkit.clean.series import clean_series
from toolkit.clean.sources import read_source
from toolkit.clean.sources.marks import split_mark
from toolkit.errors import DataError

YEARS = [f"{year}年" for year in range(2015, 2024)]


def write(tmp_path, *lines, name="own.csv"):
    path = tmp_path / name
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def values(cleaned):
    table = cleaned.table
    return table[["region", "year", "indicator", "value", "vintage"]].values.tolist()


def test_indicators_in_a_column_and_years_in_columns_under_one_unit(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    rows = [
        ["各地区主要经济指标"],
        ["单位：亿元"],
        ["地区", "指标", *YEARS, "2024年（初步核算）"],
        ["湖南省", "地区生产总值", *range(100, 110)],
        ["湖南省", "第一产业增加值", *range(10, 20)],
        ["湖北省", "地区生产总值", *range(200, 210)],
    ]
    for row in rows:
        sheet.append(row)
    book.save(tmp_path / "own.xlsx")
    assert read_source(tmp_path / "own.xlsx").layout == "crossed"
    cleaned = clean_accounts(tmp_path / "own.xlsx")
    assert cleaned.audit.balance() == ("30 rows in = 30 passed + 0 duplicates + 0 rejected")
    hunan = [
        row for row in values(cleaned) if row[:3] == ["430000", 2024, "gross_regional_product"]
    ]
    assert hunan == [["430000", 2024, "gross_regional_product", 10_900_000_000.0, "preliminary"]]
    assert set(cleaned.table.loc[cleaned.table["year"] < 2024, "vintage"]) == {"unstated"}
    assert cleaned.audit.count("preliminary_year") == 3
    event = cleaned.audit.events.set_index("rule").loc["preliminary_year"].iloc[0]
    assert event[["row", "before", "after"]].tolist() == [4, "2024年（初步核算）", "preliminary"]


EXPECTED = [
    ["430000", 2022, "gross_regional_product", 4_867_040_000_000.0, "unstated"],
    ["430000", 2022, "population", 66_040_000.0, "unstated"],
    ["430000", 2023, "gross_regional_product", 5_001_290_000_000.0, "unstated"],
    ["430000", 2023, "population", 65_680_000.0, "unstated"],
]


@pytest.mark.parametrize(
    "lines",
    [
        [
            "地区,指标,单位,2022,2023",
            "湖南,地区生产总值,亿元,48670.4,50012.9",
            "湖南,年末常住人口,万人,6604,6568",
        ],
        [
            "地区,指标,2022年,2023年",
            "湖南,地区生产总值（亿元）,48670.4,50012.9",
            "湖南,年末常住人口（万人）,6604,6568",
        ],
        [
            "单位：亿元",
            "指标名称,省份,2022年度,2023年度,",
            "地区生产总值,湖南,48670.4,50012.9,",
            "年末常住人口(万人),湖南,6604,6568,",
        ],
        [
            "地区,年份,地区生产总值（亿元）,年末常住人口（万人）",
            "湖南,2022,48670.4,6604",
            "湖南,2023年,50012.9,6568",
        ],
        [
            "年份,地区,指标,数值,单位",
            "2022,湖南,地区生产总值,48670.4,亿元",
            "2022,湖南,年末常住人口,6604,万人",
            "2023,湖南,地区生产总值,50012.9,亿元",
            "2023,湖南,年末常住人口,6568,万人",
        ],
    ],
    ids=["unit column", "unit in brackets", "unit above", "panel", "long"],
)
def test_each_layout_gives_the_same_table(tmp_path, lines):
    cleaned = clean_accounts(write(tmp_path, *lines))
    assert cleaned.audit.rejected == 0
    assert values(cleaned) == EXPECTED


def test_a_long_table_may_name_its_indicator_and_unit_above(tmp_path):
    lines = [
        "指标：地区生产总值",
        "单位：亿元",
        "地区,年份,数值",
        "湖南,2022,48670.4",
        "湖南,2023,50012.9",
    ]
    assert values(clean_accounts(write(tmp_path, *lines))) == EXPECTED[::2]
    lines = [
        "指标：地区生产总值",
        "地区,年份,数值（亿元）",
        "湖南,2022,48670.4",
        "湖南,2023,50012.9",
    ]
    assert values(clean_accounts(write(tmp_path, *lines))) == EXPECTED[::2]


def test_a_line_of_several_units_gives_none(tmp_path):
    lines = ["单位：亿元，万人", "地区,指标,2023年", "湖南,地区生产总值,50012.9"]
    cleaned = clean_accounts(write(tmp_path, *lines))
    assert cleaned.rejected["reasons"].tolist() == ["unknown_unit"]


MARKED = {
    "2024年（初步）": "preliminary",
    "2024年(初步核算数)": "preliminary",
    "2024年初步核算数": "preliminary",
    "2024*": "preliminary",
    "2024年*": "preliminary",
    "2024p": "preliminary",
    "2024 P": "preliminary",
    "2024（快报）": "preliminary",
    "2024 (preliminary)": "preliminary",
    "2024年（修订）": "revised",
    "2024年修订数": "revised",
    "2024r": "revised",
    "2024 (revised)": "revised",
    "2024": "unstated",
}


@pytest.mark.parametrize(("heading", "vintage"), MARKED.items())
def test_a_mark_on_a_year_is_its_vintage_and_costs_no_other_year(tmp_path, heading, vintage):
    lines = ["指标：地区生产总值(亿元)", f"地区,{heading},2023年", "湖南,5,6"]
    cleaned = clean_accounts(write(tmp_path, *lines))
    assert cleaned.audit.rejected == 0
    assert dict(zip(cleaned.table["year"], cleaned.table["vintage"], strict=True)) == {
        2023: "unstated",
        2024: vintage,
    }
    if vintage != "unstated":
        assert cleaned.audit.count(f"{vintage}_year") == 1


@pytest.mark.parametrize("period", ["2024年三季度", "2024年1-9月", "2024e", "p", "GDP*", "备注"])
def test_what_is_no_mark_of_a_vintage_stays_as_it_is(period):
    assert split_mark(period) == (period, "")


def test_an_unreadable_heading_costs_its_own_column_and_is_named(tmp_path):
    lines = ["指标：地区生产总值(亿元)", "地区,2024e,2023年,备注", "湖南,5,6,甲"]
    cleaned = clean_accounts(write(tmp_path, *lines))
    assert cleaned.table["year"].tolist() == [2023]
    assert cleaned.table["year"].dtype == "int64"
    assert cleaned.rejected[["period", "value", "reasons"]].values.tolist() == [
        ["2024e", "5", "not_a_year"],
        ["备注", "甲", "not_a_number; not_a_year"],
    ]
    events = cleaned.audit.events
    named = events[events["rule"] == "not_a_year"]
    assert named[["row", "column", "before"]].values.tolist() == [
        [3, "period", "2024e"],
        [3, "period", "备注"],
    ]


def test_a_long_table_and_series_read_the_mark_too(tmp_path):
    lines = ["地区,年份,指标,数值,单位", "湖南,2024年（初步核算数）,地区生产总值,5,亿元"]
    assert values(clean_accounts(write(tmp_path, *lines)))[0][-1] == "preliminary"
    lines = ["地区,指标,单位,2024年一季度（初步）,2023年", "湖南,地区生产总值,亿元,5,6"]
    series = clean_series(write(tmp_path, *lines)).table
    assert series[["frequency", "value", "vintage"]].values.tolist() == [
        ["year", 600_000_000.0, "unstated"],
        ["quarter", 500_000_000.0, "preliminary"],
    ]


def test_the_error_shows_the_layouts(tmp_path):
    with pytest.raises(DataError) as caught:
        clean_accounts(write(tmp_path, "hello", name="t.csv"))
    assert str(caught.value) == (
        "t.csv: no heading row was found. A table of regional statistics has years in columns "
        "(地区,指标,单位,2023年,2024年; or 地区,2023年,2024年 below a line "
        "指标：地区生产总值(亿元)), or a row for each year (地区,年份,指标,数值,单位; or "
        "地区,年份,地区生产总值(亿元)); a line "
        "单位：亿元 above gives the unit of all. Give its columns such headings; this file begins "
        "with 'hello'."
    )
