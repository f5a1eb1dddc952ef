"""Accounts and stocks as they were published, cleaned."""

import pandas as pd
import pytest

from tests.project import RAW
from toolkit.clean.accounts import clean_accounts, clean_lenders
from toolkit.errors import DataError
from toolkit.schema import ACCOUNTS, LENDERS, NATION


@pytest.fixture(scope="module")
def accounts():
    return clean_accounts([RAW / "nbs", RAW / "science"])


@pytest.fixture(scope="module")
def lenders():
    return clean_lenders(RAW / "pboc")


def cell(cleaned, **key):
    rows = cleaned.table
    for name, value in key.items():
        rows = rows[rows[name] == value]
    assert len(rows) == 1
    return rows["value"].iloc[0]


def write(tmp_path, text, *, name="t.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def long_table(tmp_path, *rows, name="t.csv"):
    lines = ["地区,年份,指标,数值,单位", *(",".join(row) for row in rows)]
    return write(tmp_path, "\n".join(lines), name=name)


def test_columns_and_key(accounts):
    assert accounts.table.columns.tolist() == ACCOUNTS.names
    assert not accounts.table.duplicated(list(ACCOUNTS.key)).any()
    assert not accounts.table.isna().any(axis=None)


def test_every_cell_is_accounted_for(accounts):
    assert accounts.audit.rows_in == 14_895
    assert accounts.audit.passed == 14_895
    assert len(accounts.rejected) == 0


@pytest.mark.parametrize(
    ("region", "year", "indicator", "vintage", "value"),
    [
        ("430000", 2023, "rd_funding_enterprise", "unstated", 108_625_040_000.0),
        ("430000", 2023, "rd_funding_government", "unstated", 17_412_590_000.0),
        ("430000", 2013, "high_tech_manufacturing_revenue", "unstated", 256_490_000_000.0),
        ("110000", 2022, "gross_regional_product", "revised", 4_522_240_000_000.0),
        ("110000", 2022, "gross_regional_product", "before_revision", 4_154_090_000_000.0),
        ("110000", 2019, "gross_regional_product_index", "unstated", 1.061),
        ("110000", 2019, "population", "unstated", 21_540_000.0),
        (NATION, 2023, "high_tech_manufacturing_firms", "unstated", 52_878.0),
    ],
)
def test_values_as_printed(accounts, region, year, indicator, vintage, value):
    assert cell(accounts, region=region, year=year, indicator=indicator, vintage=vintage) == value


def test_the_nation_is_no_province(accounts):
    national = accounts.table[accounts.table["region"] == NATION]
    assert set(national["indicator"]) == {
        *(
            f"rd_funding_{part}"
            for part in ("total", "government", "enterprise", "abroad", "other")
        ),
        *(f"high_tech_manufacturing_{part}" for part in ("firms", "revenue", "profit")),
    }
    assert accounts.audit.count("nation") == len(national) == 109
    assert accounts.table.loc[accounts.table["region"] != NATION, "region"].nunique() == 31


def test_shanxi_and_shaanxi_stay_apart(accounts):
    shanxi = cell(
        accounts, region="140000", year=2023, indicator="gross_regional_product", vintage="revised"
    )
    shaanxi = cell(
        accounts, region="610000", year=2023, indicator="gross_regional_product", vintage="revised"
    )
    assert (shanxi, shaanxi) == (2_605_080_000_000.0, 3_397_650_000_000.0)


def test_vintages_stand_beside_each_other(accounts):
    gdp = accounts.table[accounts.table["indicator"] == "gross_regional_product"]
    years = gdp.groupby("vintage")["year"].agg(["min", "max", "size"])
    assert years.loc["revised"].tolist() == [2006, 2024, 589]
    assert years.loc["before_revision"].tolist() == [2000, 2022, 713]
    events = accounts.audit.events
    beijing = events[
        (events["rule"] == "vintages_differ") & events["before"].str.contains("110000")
    ]
    assert beijing["before"].tolist() == [
        "110000 2022: gross_regional_product, the vintages differ by 8.9%, the most of all years"
    ]
    assert accounts.audit.count("vintages_differ") == 31


def test_preliminary_figures_are_marked(accounts):
    assert accounts.audit.count("preliminary") == 31


def test_2017_is_missing_for_high_tech_manufacturing_and_said_so(accounts):
    events = accounts.audit.events
    gaps = events.loc[events["rule"] == "gap", "before"].tolist()
    for part in ("firms", "revenue", "profit"):
        assert f"high_tech_manufacturing_{part} (unstated) 2017: no province" in gaps
    assert "rd_funding_enterprise (unstated) 2012: not 110000" in gaps


def test_sectors_add_up_to_the_older_vintage(accounts):
    assert accounts.audit.count("identity_broken") == 0
    events = accounts.audit.events
    assert events.loc[events["rule"] == "parts_of_another_vintage", "before"].tolist() == [
        "the parts of gross_regional_product add up to the vintage before_revision; "
        "to revised they do in 13 of 527 cells"
    ]


def test_a_national_figure_that_is_not_the_sum_is_flagged(accounts):
    events = accounts.audit.events
    found = events[events["rule"] == "nation_against_sum"]
    assert found["before"].tolist() == [
        "2012: rd_funding_enterprise of the nation 762502330000, the provinces together "
        "725639020000 (-4.8%)"
    ]


def test_spaces_in_names_are_taken_out_and_entered(accounts):
    assert accounts.audit.count("spaces_in_name") == 159


def test_lenders_at_their_dates(lenders):
    assert lenders.table.columns.tolist() == LENDERS.names
    dates = lenders.table["date"].dt.strftime("%Y-%m-%d").unique().tolist()
    assert sorted(dates) == ["2012-09-30", "2016-12-31", "2018-03-31"]
    hunan = {"region": "430000", "date": pd.Timestamp("2016-12-31")}
    assert cell(lenders, **hunan, indicator="micro_lender_loans") == 10_410_000_000.0
    assert cell(lenders, **hunan, indicator="micro_lender_staff") == 1903.0


def test_an_empty_cell_is_rejected_and_an_absent_province_named(lenders):
    assert lenders.rejected[["region", "indicator", "reasons"]].values.tolist() == [
        ["天津市", "贷款余额", "missing_value"]
    ]
    events = lenders.audit.events
    absent = events.loc[events["rule"] == "province_absent", "before"].tolist()
    assert "micro_lenders: 460000, 540000, 630000" in absent
    assert "micro_lender_loans: 120000, 460000, 540000, 630000" in absent


def test_every_reason_of_a_rejected_cell_is_kept(tmp_path):
    path = long_table(
        tmp_path,
        ["湖南", "2023", "地区生产总值", "x", "亿元"],
        ["湖难", "23", "产值", "", "斤"],
        ["湖南", "2022", "地区生产总值", "5", "亿元"],
    )
    cleaned = clean_accounts(path)
    assert cleaned.rejected["reasons"].tolist() == [
        "not_a_number",
        "unknown_region; unknown_indicator; unknown_unit; missing_value; not_a_year",
    ]
    assert len(cleaned.table) == 1


def test_a_heading_that_many_tables_use_needs_a_file_that_says_what_it_is(tmp_path):
    row = ["湖南", "2023", "企业数", "2271", "个"]
    unknown = clean_accounts(long_table(tmp_path, row, name="table.csv"))
    assert unknown.rejected["reasons"].tolist() == ["unknown_indicator"]
    known = clean_accounts(long_table(tmp_path, row, name="high_tech.csv"))
    assert known.table["indicator"].tolist() == ["high_tech_manufacturing_firms"]


def test_money_in_persons_is_refused(tmp_path):
    cleaned = clean_accounts(long_table(tmp_path, ["湖南", "2023", "地区生产总值", "5", "万人"]))
    assert cleaned.rejected["reasons"].tolist() == ["wrong_unit"]


def test_a_repeated_value_counts_once_and_a_conflict_not_at_all(tmp_path):
    cleaned = clean_accounts(
        long_table(
            tmp_path,
            ["湖南", "2023", "地区生产总值", "5", "亿元"],
            ["湖南省", "2023", "地区生产总值", "50000", "万元"],
            ["北京", "2023", "地区生产总值", "6", "亿元"],
            ["北京", "2023", "地区生产总值", "7", "亿元"],
        )
    )
    assert cleaned.audit.balance() == "4 rows in = 1 passed + 1 duplicates + 2 rejected"
    assert cleaned.table["region"].tolist() == ["430000"]
    assert cleaned.rejected["reasons"].tolist() == ["conflicting_values"] * 2


def test_a_broken_identity_and_a_tenfold_jump_are_flagged_and_kept(tmp_path):
    rows = [
        ["湖南", year, name, value, "亿元"]
        for year, primary, total in (("2021", "10", "100"), ("2022", "10", "1000"))
        for name, value in (
            ("第一产业增加值", primary),
            ("第二产业增加值", "40"),
            ("第三产业增加值", "50"),
            ("地区生产总值", total),
        )
    ]
    cleaned = clean_accounts(long_table(tmp_path, *rows))
    assert len(cleaned.table) == 8
    events = cleaned.audit.events.set_index("rule")["before"]
    assert events["identity_broken"] == (
        "430000 2022: gross_regional_product 100000000000, its parts 10000000000 (-90.0%)"
    )
    assert events["tenfold_jump"] == (
        "430000 2022: gross_regional_product 100000000000, the year before 10000000000"
    )


def test_a_file_that_is_no_such_table_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"^t\.csv: no heading row was found\."):
        clean_accounts(write(tmp_path, "hello\n"))
