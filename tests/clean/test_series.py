"""Monthly and quarterly series as published, cleaned."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.project import RAW
from toolkit.clean.accounts import clean_accounts
from toolkit.clean.periods import deaccumulate
from toolkit.clean.series import SERIES, clean_series
from toolkit.clean.series.words import measure_of, unit_of

MONTHLY = """数据库：分省月度数据
地区：湖南省
指标,2024年4月,2024年3月,2024年2月
房地产开发投资累计值(亿元),16.5,9,5
房地产开发投资当期值(亿元),7.5,4,
房地产开发投资累计增长(%),-5.1,-4.9,-4.0
发电量_当期值(亿千瓦时),120,110,100
数据来源：国家统计局
"""


def write(tmp_path, text, *, name="t.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="gb18030")
    return path


@pytest.fixture
def monthly(tmp_path):
    return clean_series(write(tmp_path, MONTHLY))


def rows(table, **key):
    for name, value in key.items():
        table = table[table[name] == value]
    return table


def test_columns_and_balance(monthly):
    assert monthly.table.columns.tolist() == SERIES.names
    assert monthly.audit.balance() == "12 rows in = 11 passed + 0 duplicates + 1 rejected"
    assert monthly.rejected["reasons"].tolist() == ["missing_value"]
    assert monthly.table["region"].unique().tolist() == ["430000"]


def test_a_total_of_the_year_to_date_starts_with_the_year(monthly):
    totals = rows(monthly.table, indicator="房地产开发投资", cumulative=True)
    assert totals["start"].dt.strftime("%Y-%m-%d").unique().tolist() == ["2024-01-01"]
    assert totals["end"].dt.strftime("%Y-%m-%d").tolist() == [
        "2024-02-29",
        "2024-03-31",
        "2024-04-30",
    ]
    assert totals["value"].tolist() == [5e8, 9e8, 16.5e8]
    assert set(totals["unit"]) == {"CNY"}
    assert monthly.audit.count("since_new_year") == 6


def test_totals_part_into_the_months_that_are_published_too(monthly):
    totals = rows(monthly.table, indicator="房地产开发投资", cumulative=True)
    months = deaccumulate(totals, value="value", by=["region", "indicator", "unit", "vintage"])
    single = rows(monthly.table, indicator="房地产开发投资", cumulative=False)
    assert months["value"].tolist()[1:] == single["value"].tolist() == [4e8, 7.5e8]
    assert months["start"].tolist()[1:] == single["start"].tolist()


def test_a_growth_rate_to_date_spans_its_months_and_is_no_total(monthly):
    rates = rows(monthly.table, indicator="房地产开发投资累计增长")
    assert not rates["cumulative"].any()
    assert rates["start"].dt.month.tolist() == [1, 1, 1]
    assert rates["frequency"].tolist() == ["range", "quarter", "range"]
    assert rates["value"].tolist() == [-0.04, -0.049, -0.051]
    parted = deaccumulate(rates, value="value", by=["region", "indicator", "unit"])
    assert parted["value"].tolist() == rates["value"].tolist()


def test_an_unknown_unit_and_indicator_stay_as_published_and_are_flagged(monthly):
    power = rows(monthly.table, indicator="发电量")
    assert (power["unit"].unique().tolist(), power["value"].tolist()) == (
        ["亿千瓦时"],
        [100, 110, 120],
    )
    events = monthly.audit.events.set_index("rule")
    assert events.loc["unit_as_published", "before"] == "亿千瓦时"
    assert monthly.audit.count("indicator_as_published") == 4


def test_years_read_as_accounts_do():
    file = RAW / "nbs" / "grp_2006_2024.csv"
    series, accounts = clean_series(file).table, clean_accounts(file).table
    assert set(series["frequency"]) == {"year"}
    assert series["indicator"].unique().tolist() == ["gross_regional_product"]
    assert series["end"].dt.year.tolist() == accounts["year"].tolist()
    assert series["value"].tolist() == accounts["value"].tolist()
    assert series["vintage"].tolist() == accounts["vintage"].tolist()


def test_accounts_still_refuse_what_is_shorter_than_a_year(tmp_path):
    path = write(tmp_path, "指标：地区生产总值(亿元)\n地区,2024年第三季度\n湖南省,1\n")
    assert clean_accounts(path).rejected["reasons"].tolist() == ["not_a_year"]
    table = clean_series(path).table
    assert table[["start", "end"]].iloc[0].dt.strftime("%m-%d").tolist() == ["07-01", "09-30"]


def test_stocks_at_a_date(tmp_path):
    path = write(tmp_path, "统计表（2018年一季度末）\n地区名称,贷款余额(亿元)\n湖南省,104.1\n")
    row = clean_series(path).table.iloc[0]
    assert row["start"] == row["end"] == pd.Timestamp("2018-03-31")
    assert (row["indicator"], row["value"]) == ("micro_lender_loans", 10_410_000_000.0)


def test_a_value_at_the_end_of_a_period_is_of_its_last_day(tmp_path):
    table = clean_series(
        write(tmp_path, "地区：湖南省\n指标,2024年9月\n存款余额_期末值(亿元),1\n")
    ).table
    assert table["start"].tolist() == table["end"].tolist() == [pd.Timestamp("2024-09-30")]
    assert table["frequency"].tolist() == ["month"]


def test_an_index_gives_its_base_in_the_middle_of_its_name(tmp_path):
    text = "地区：湖南省\n指标,2024年第三季度\n地区生产总值指数(上年同期=100)_累计值,104.8\n"
    row = clean_series(write(tmp_path, text)).table.iloc[0]
    assert (row["indicator"], row["unit"], row["value"]) == (
        "gross_regional_product_index",
        "fraction",
        1.048,
    )
    assert (row["start"], row["cumulative"], row["frequency"]) == (
        pd.Timestamp("2024-01-01"),
        False,
        "range",
    )


def test_ceic_units_and_years_to_date(tmp_path):
    lines = [
        ",CN: Retail Sales: ytd: Hunan",
        "Region,China",
        "Frequency,Monthly",
        "Unit,RMB mn",
        "Multiplier Code,MN",
        "2024-08-31,1250010",
        "2024-09-30,1420050",
    ]
    table = clean_series(write(tmp_path, "\n".join(lines))).table
    assert table.drop(columns=["start", "end"]).values.tolist() == [
        ["430000", "month", True, "Retail Sales", 1_250_010e6, "CNY", "unstated"],
        ["430000", "month", True, "Retail Sales", 1_420_050e6, "CNY", "unstated"],
    ]


def test_a_region_that_no_line_names_is_rejected_unless_the_caller_names_it(tmp_path):
    path = write(tmp_path, "指标,2024年9月\nM2(亿元),1\n")
    assert clean_series(path).rejected["reasons"].tolist() == ["unknown_region"]
    named = clean_series(path, region="全国")
    assert named.table["region"].tolist() == ["100000"]
    assert named.audit.count("region_by_caller") == 1


def test_every_reason_is_kept(tmp_path):
    path = write(
        tmp_path, "地区,时间,指标,数值,单位\n湖难,某月,投资,x,\n湖南,2024年9月,投资,5%,亿元\n"
    )
    cleaned = clean_series(path)
    assert cleaned.rejected["reasons"].tolist() == [
        "unknown_region; no_unit; not_a_number; not_a_period",
        "not_a_number",
    ]


@pytest.mark.parametrize(
    ("text", "name", "to_date", "rate"),
    [
        ("社会消费品零售总额_累计值", "社会消费品零售总额", True, False),
        ("社会消费品零售总额:当月值", "社会消费品零售总额", False, False),
        ("地区生产总值_累计值", "gross_regional_product", True, False),
        ("GDP:ytd", "gross_regional_product", True, False),
        ("Retail Sales, Accumulated", "Retail Sales", True, False),
        ("社会消费品零售总额累计增长", "社会消费品零售总额累计增长", True, True),
        ("M2:同比", "M2:同比", False, True),
        ("存款余额_期末值", "存款余额", False, False),
        ("累计值", "累计值", False, False),
    ],
)
def test_measures(text, name, to_date, rate):
    found = measure_of(text)
    assert (found.name, found.to_date, found.rate) == (name, to_date, rate)


@pytest.mark.parametrize(
    ("word", "base", "factor"),
    [
        ("亿元", "CNY", 10**8),
        ("RMB mn", "CNY", 10**6),
        ("亿美元", "USD", 10**8),
        ("万人", "persons", 10**4),
        ("Person th", "persons", 1000),
        ("Unit", "count", 1),
    ],
)
def test_units(word, base, factor):
    assert (unit_of(word).base, unit_of(word).factor) == (base, factor)


def test_an_index_is_a_fraction_of_its_base():
    unit = unit_of("上年同月=100")
    assert (unit.base, str(unit.factor)) == ("fraction", "0.01")


@settings(max_examples=10)
@given(st.lists(st.integers(0, 10**6), min_size=12, max_size=12))
def test_totals_of_any_months_part_into_them(tmp_path_factory, months):
    totals = [sum(months[: at + 1]) for at in range(12)]
    heading = ",".join(f"2023年{month}月" for month in range(1, 13))
    path = tmp_path_factory.mktemp("months") / "t.csv"
    path.write_text(
        f"地区：湖南省\n指标,{heading}\n投资累计值(元),{','.join(map(str, totals))}\n",
        encoding="utf-8",
    )
    table = clean_series(path).table
    parted = deaccumulate(table, value="value", by=["region", "indicator"])
    assert parted["value"].tolist() == months
