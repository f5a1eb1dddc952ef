"""Grids made of the words that layouts are known by: read, or refused with an error of ours."""

import csv
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.clean.series import clean_series
from toolkit.clean.sources import read_records, read_source
from toolkit.errors import ToolkitError

WORDS = st.sampled_from(
    [
        "",
        "地区",
        "指标",
        "时间",
        "数值",
        "单位",
        "湖南省",
        "地区：湖南省",
        "2024年9月",
        "2024-09-30",
        "投资累计值(亿元)",
        "5",
        "-1.5",
        "Region",
        "Subnational",
        "Frequency",
        "Monthly",
        "Quarterly, ending 'Mar'",
        "Unit",
        "RMB mn",
        "Multiplier Code",
        "MN",
        "指标名称",
        "频率",
        "月",
        "证券代码",
        "没有单位",
        "Stkcd",
        "数据来源：Wind",
    ]
)
GRIDS = st.lists(st.lists(WORDS, min_size=1, max_size=5), min_size=1, max_size=9)
BLOCKS = st.tuples(
    st.permutations(["Region", "Frequency", "Unit", "Multiplier Code", "2024-09-30", ""]),
    st.lists(WORDS, min_size=12, max_size=12),
).map(lambda drawn: [[name, *drawn[1][at * 2 : at * 2 + 2]] for at, name in enumerate(drawn[0])])


@given(GRIDS | BLOCKS)
@settings(max_examples=150)
def test_read_or_refused(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("grid") / "t.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    for read in (read_source, read_records):
        with suppress(ToolkitError):
            read(path)


@given(BLOCKS)
@settings(max_examples=30)
def test_series_are_cleaned_or_refused(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("grid") / "t.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    try:
        cleaned = clean_series(path)
    except ToolkitError:
        return
    assert cleaned.audit.rows_in == len(read_source(path).cells)
