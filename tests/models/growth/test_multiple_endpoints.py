"""The growth multiple by end points: worked by hand, refused where it has no meaning."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.models.growth.accounts_by_hand import accounts, by_year, published_accounts
from toolkit.errors import DataError, ModelError, OptionError
from toolkit.models.growth import growth_multiple
from toolkit.results import TIDY_COLUMNS

REVENUE = "high_tech_manufacturing_revenue"
GDP = "gross_regional_product"
SECONDARY = "value_added_secondary"
WINDOW = {"sector": REVENUE, "against": "gdp", "start": 2020, "end": 2022}


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    return published_accounts()


@pytest.fixture
def two_provinces() -> pd.DataFrame:
    return accounts(
        {
            REVENUE: by_year("430000", 2020, 100, 115, 144)
            | by_year("420000", 2020, 300, 300, 300)
            | by_year("100000", 2020, 1e6, 9e6, 99e6),
            GDP: by_year("430000", 2020, 1000, 1100, 1210)
            | by_year("420000", 2020, 2000, 2100, 2205)
            | by_year("100000", 2020, 1e9, 1e9, 1e9),
        }
    )


def estimates(result, region):
    table = result.tidy()
    return table[table["region"] == region].set_index("term")["estimate"]


def test_rates_multiple_and_difference_by_hand(two_provinces):
    hunan = estimates(growth_multiple(two_provinces, **WINDOW), "430000")
    assert hunan.to_dict() == pytest.approx(
        {
            "growth_multiple": 2.0,
            "growth_sector": 0.2,
            "growth_gdp": 0.1,
            "growth_difference": 0.1,
        },
        abs=1e-12,
    )


def test_provinces_together_are_the_ratio_on_sums_and_never_the_nation(two_provinces):
    result = growth_multiple(two_provinces, **WINDOW)
    together = estimates(result, "provinces")
    sector = (444 / 400) ** 0.5 - 1
    gdp = (3415 / 3000) ** 0.5 - 1
    assert together["growth_multiple"] == pytest.approx(sector / gdp, abs=1e-12)
    assert "100000" not in set(result.tidy()["region"])
    assert result.glance().loc[0, "regions"] == 2
    assert "The nation's own row (100000) is left out; it is not a province." in result.notes


def test_scope_all_reports_the_nation_and_still_leaves_it_out_of_the_sum(two_provinces):
    alone = growth_multiple(two_provinces, **WINDOW)
    with_nation = growth_multiple(two_provinces, **WINDOW, scope="all")
    assert estimates(with_nation, "100000")["growth_sector"] == pytest.approx(99**0.5 - 1)
    pd.testing.assert_series_equal(
        estimates(alone, "provinces"), estimates(with_nation, "provinces")
    )


def test_nation_alone(two_provinces):
    result = growth_multiple(two_provinces, **WINDOW, scope="nation")
    assert list(dict.fromkeys(result.tidy()["region"])) == ["100000"]
    assert result.focus == "100000"


def test_tidy_has_the_fixed_columns_and_end_points_no_interval(two_provinces):
    table = growth_multiple(two_provinces, **WINDOW).tidy()
    assert tuple(table.columns[1:8]) == TIDY_COLUMNS
    assert list(table.columns[8:]) == [
        "stability",
        "interval_shape",
        "moved_low",
        "moved_high",
        "region_name",
    ]
    assert (
        table[["std_error", "statistic", "p_value", "conf_low", "conf_high"]].isna().all(axis=None)
    )


def test_how_far_the_answer_moves_by_hand():
    table = accounts(
        {
            REVENUE: by_year("430000", 2019, 80, 100, 120, 144, 144),
            GDP: by_year("430000", 2019, 1000, 1000, 1100, 1210, 1331),
        }
    )
    row = growth_multiple(table, **WINDOW).tidy().query("term == 'growth_sector'").iloc[0]
    windows = [
        (144 / 100) ** (1 / 2),
        (144 / 80) ** (1 / 3),
        (120 / 80) ** (1 / 2),
        (144 / 80) ** (1 / 4),
        (120 / 100) ** (1 / 1),
        (144 / 100) ** (1 / 3),
        (144 / 120) ** (1 / 1),
        (144 / 120) ** (1 / 2),
    ]
    assert row["estimate"] == pytest.approx(0.2)
    assert row["moved_low"] == pytest.approx(min(windows) - 1)
    assert row["moved_high"] == pytest.approx(max(windows) - 1)


def test_zones_add_up_their_provinces(two_provinces):
    result = growth_multiple(two_provinces, **WINDOW, by={"430000": "middle", "420000": "middle"})
    pd.testing.assert_series_equal(estimates(result, "middle"), estimates(result, "provinces"))


def test_a_region_without_a_zone_is_refused(two_provinces):
    message = "by= names no zone for the regions 420000. Add them to the mapping."
    with pytest.raises(OptionError, match=re.escape(message)):
        growth_multiple(two_provinces, **WINDOW, by={"430000": "middle"})


def test_by_none_gives_the_provinces_together_alone(two_provinces):
    result = growth_multiple(two_provinces, **WINDOW, by=None)
    assert list(dict.fromkeys(result.tidy()["region"])) == ["provinces"]


def test_a_province_without_both_ends_is_left_out_and_named(two_provinces):
    lame = two_provinces.drop(
        two_provinces.query("region == '420000' and year == 2022 and indicator == @REVENUE").index
    )
    result = growth_multiple(lame, **WINDOW)
    assert "Left out, without both series in 2020 and 2022: Hubei." in result.notes
    pd.testing.assert_series_equal(
        estimates(result, "provinces"), estimates(result, "430000"), check_names=False
    )


def test_a_missing_inner_year_is_said(two_provinces):
    gap = two_provinces.query("not (year == 2021 and indicator == @REVENUE)")
    result = growth_multiple(gap, **WINDOW)
    assert (
        "No province has main revenue of high-tech manufacturing in 2021; "
        "the window 2020-2022 spans it." in result.notes
    )


def test_a_jump_is_named_as_a_possible_break():
    table = accounts(
        {
            REVENUE: by_year("430000", 2020, 100, 190, 200),
            GDP: by_year("430000", 2020, 1000, 1100, 1210),
        }
    )
    assert (
        "From the year before, main revenue of high-tech manufacturing changes by more than the "
        "factor 1.5, which may be a break of the series: Hunan 2021."
        in growth_multiple(table, **WINDOW).notes
    )


@pytest.mark.parametrize(
    ("last", "state"),
    [(1000, "undefined"), (1008, "unstable"), (900, "falling"), (1210, "stable")],
)
def test_a_base_that_hardly_grows_is_said(last, state):
    table = accounts(
        {
            REVENUE: by_year("430000", 2020, 100, 120, 144),
            GDP: by_year("430000", 2020, 1000, 1000, last),
        }
    )
    result = growth_multiple(table, **WINDOW).about("430000")
    row = result.tidy().query("region == '430000' and term == 'growth_multiple'").iloc[0]
    assert row["stability"] == state
    assert pd.isna(row["estimate"]) == (state == "undefined")
    assert (f"({state}: " in result.sentence()) == (state != "stable")
    assert any(f"is {state} in" in note for note in result.notes) == (state != "stable")


def test_sentence_plot_and_key_figures_speak_of_the_focus(two_provinces):
    named = two_provinces.assign(
        region_name=two_provinces["region"].map(
            {"430000": "Hunan", "420000": "Hubei", "100000": "China"}
        )
    )
    result = growth_multiple(named, **WINDOW, claim=2.3).about("430000")
    assert result.sentence() == (
        "Hunan, 2020-2022, nominal: main revenue of high-tech manufacturing grew 20.0% a year, "
        "gross regional product 10.0%; the growth multiple is 2.00, the difference 10.0 points a "
        "year. The published figure beside it is 2.3."
    )
    assert result.key_figures() == {
        "growth multiple": "2.00",
        "sector growth a year": "20.0%",
        "GDP growth a year": "10.0%",
    }
    axes = result.plot()
    texts = {text.get_text() for text in axes.texts}
    assert {"Hunan", "×2.3"} <= texts
    assert "Hunan" in result.to_html()


def test_an_unknown_focus_is_refused(two_provinces):
    message = (
        "This result has no region '110000'. Its regions are: Hubei (420000), Hunan (430000), "
        "All provinces (provinces)."
    )
    with pytest.raises(OptionError, match=re.escape(message)):
        growth_multiple(two_provinces, **WINDOW).about("110000")


@pytest.mark.parametrize("name", ["430000", "Hunan", "hunan", "湖南", "湖南省", "Hunan Province"])
def test_a_focus_is_given_by_code_or_by_name(two_provinces, name):
    result = growth_multiple(two_provinces, **WINDOW).about(name)
    assert result.focus == "430000"
    assert result.sentence().startswith("Hunan, 2020-2022")


def test_the_figure_names_all_provinces_whatever_is_in_focus(two_provinces):
    for focus in ("provinces", "Hunan"):
        ax = growth_multiple(two_provinces, **WINDOW).about(focus).plot()
        assert {"All provinces", "Hunan"} <= {text.get_text() for text in ax.texts}


def test_a_series_of_ones_own_is_taken_by_its_name(two_provinces):
    own = two_provinces.replace(WINDOW["sector"], "software_revenue")
    theirs = growth_multiple(two_provinces, **WINDOW).tidy()
    mine = growth_multiple(own, **(WINDOW | {"sector": "software_revenue"})).tidy()
    pd.testing.assert_frame_equal(mine, theirs)


def test_series_in_two_units_are_not_subtracted(two_provinces):
    series = two_provinces.replace(WINDOW["sector"], "value_added_software")
    wan = series["unit"].mask(series["indicator"] == "value_added_software", "10000 CNY")
    with pytest.raises(DataError) as caught:
        growth_multiple(
            series.assign(unit=wan),
            **(WINDOW | {"sector": "value_added_software", "against": "rest_of_gdp"}),
        )
    assert str(caught.value) == (
        "against='rest_of_gdp' takes value_added_software out of gross_regional_product; the "
        "accounts hold the one in '10000 CNY' and the other in 'CNY'. Convert the values to one "
        "unit first."
    )


def test_a_name_of_the_data_is_known_and_a_near_one_is_suggested(two_provinces):
    names = {"420000": "Lake North", "430000": "Lake South"}
    named = two_provinces.assign(region_name=two_provinces["region"].map(names))
    result = growth_multiple(named, **WINDOW)
    assert result.about("Lake South").focus == "430000"
    message = (
        "This result has no region 'Lake Sout'. Did you mean 'Lake South'? Its regions are: Lake "
        "North (420000), Lake South (430000), All provinces (provinces)."
    )
    with pytest.raises(OptionError, match=re.escape(message)):
        result.about("Lake Sout")


def test_revenue_is_no_part_of_gdp(two_provinces):
    message = (
        "against='rest_of_gdp' takes the sector out of gross regional product, but "
        "high_tech_manufacturing_revenue is not value added, so it is no part of it. Use "
        "against='gdp', or a sector whose name begins with 'value_added_'."
    )
    with pytest.raises(OptionError, match=re.escape(message)):
        growth_multiple(two_provinces, **{**WINDOW, "against": "rest_of_gdp"})


def test_rest_of_gdp_takes_the_sector_out_by_hand():
    table = accounts(
        {
            SECONDARY: by_year("430000", 2020, 400, 450, 484),
            GDP: by_year("430000", 2020, 1000, 1100, 1348),
        }
    )
    result = growth_multiple(table, sector=SECONDARY, against="rest_of_gdp", start=2020, end=2022)
    hunan = estimates(result, "430000")
    assert hunan["growth_sector"] == pytest.approx(0.1)
    assert hunan["growth_rest_of_gdp"] == pytest.approx((864 / 600) ** 0.5 - 1)
    assert result.key_figures()["growth multiple"] == "0.50"


def real_accounts() -> pd.DataFrame:
    money = accounts(
        {
            SECONDARY: by_year("430000", 2010, 400, 500, 620),
            GDP: by_year("430000", 2010, 1000, 1200, 1400),
        }
    )
    indices = accounts(
        {
            f"{SECONDARY}_index": by_year("430000", 2011, 1.10, 1.20),
            f"{GDP}_index": by_year("430000", 2011, 1.08, 1.05),
        },
        unit="fraction",
    )
    return pd.concat([money, indices], ignore_index=True)


def test_real_growth_chains_the_indices():
    result = growth_multiple(
        real_accounts(), sector=SECONDARY, against="gdp", start=2010, end=2012, prices="real"
    )
    hunan = estimates(result, "430000")
    assert hunan["growth_sector"] == pytest.approx((1.10 * 1.20) ** 0.5 - 1, abs=1e-14)
    assert hunan["growth_gdp"] == pytest.approx((1.08 * 1.05) ** 0.5 - 1, abs=1e-14)
    assert "Real: chained volumes in prices of 2010; indices on the year before." in result.notes


def test_real_rest_is_taken_out_at_last_years_prices():
    result = growth_multiple(
        real_accounts(),
        sector=SECONDARY,
        against="rest_of_gdp",
        start=2010,
        end=2012,
        prices="real",
    )
    first = (1000 * 1.08 - 400 * 1.10) / (1000 - 400)
    second = (1200 * 1.05 - 500 * 1.20) / (1200 - 500)
    rate = estimates(result, "430000")["growth_rest_of_gdp"]
    assert rate == pytest.approx((first * second) ** 0.5 - 1, abs=1e-14)


def test_real_growth_without_an_index_is_refused(two_provinces):
    message = (
        "prices='real' needs the volume indices high_tech_manufacturing_revenue_index and "
        "gross_regional_product_index, and the accounts do not hold both. Use prices='nominal', "
        "or add the index."
    )
    with pytest.raises(ModelError, match=re.escape(message)):
        growth_multiple(two_provinces, **WINDOW, prices="real")


def test_real_growth_outside_the_indices_is_refused(published):
    message = (
        "prices='real' needs value_added_secondary_index for every year from 2014 to 2022; the "
        "accounts hold 2000 to 2019. Move the window inside, or use prices='nominal'."
    )
    with pytest.raises(ModelError, match=re.escape(message)):
        growth_multiple(
            published,
            sector=SECONDARY,
            against="gdp",
            start=2013,
            end=2022,
            prices="real",
            vintage="before_revision",
        )


def test_two_vintages_without_a_choice_are_refused(published):
    message = (
        "The table has gross_regional_product in the vintages 'before_revision' and 'revised', "
        "which are never mixed."
    )
    with pytest.raises(OptionError, match=re.escape(message)):
        growth_multiple(published, sector=REVENUE, against="gdp", start=2013, end=2022)


def test_two_vintages_are_not_subtracted(published):
    message = (
        "The sector is to be taken out of gross_regional_product, but they are of two vintages. "
        "The three sectors of value added differ from the revised vintage of "
        "gross_regional_product by up to 6.1% (region 110000, 2019). Choose the vintage that the "
        "sectors add up to."
    )
    options = {"sector": SECONDARY, "start": 2008, "end": 2019}
    with pytest.raises(ModelError, match=re.escape(message)):
        growth_multiple(published, **options, against="rest_of_gdp", vintage="revised")
    beside = growth_multiple(published, **options, against="gdp", vintage="revised")
    assert any(
        note.endswith("the sector and the total are of two vintages.") for note in beside.notes
    )
    alike = growth_multiple(published, **options, against="gdp", vintage="before_revision")
    assert not any("two vintages" in note for note in alike.notes)


def test_a_year_that_is_not_there_is_refused(published):
    message = (
        "The window 2013 to 2017 needs high_tech_manufacturing_revenue in 2017, and no region has "
        "it; the accounts hold 2010 to 2023 without 2017. Move the window."
    )
    with pytest.raises(DataError, match=re.escape(message)):
        growth_multiple(
            published, sector=REVENUE, against="gdp", start=2013, end=2017, vintage="revised"
        )


def test_hunan_2013_2023_as_published(published):
    result = growth_multiple(
        published,
        sector=REVENUE,
        against="gdp",
        start=2013,
        end=2023,
        vintage="revised",
        claim=2.3,
    ).about("430000")
    hunan = estimates(result, "430000")
    assert hunan["growth_sector"] == pytest.approx((5077 / 2564.9) ** 0.1 - 1, abs=1e-9)
    assert hunan["growth_gdp"] == pytest.approx((50667.5 / 23916.3) ** 0.1 - 1, abs=1e-9)
    assert result.key_figures() == {
        "growth multiple": "0.91",
        "sector growth a year": "7.1%",
        "GDP growth a year": "7.8%",
    }
    assert result.glance().loc[0, "regions"] == 31
    assert any("in 2017; the window 2013-2023 spans it" in note for note in result.notes)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"start": 2022, "end": 2020}, "runs forward; got start=2022, end=2020."),
        ({"against": "grp"}, "against is 'gdp' or 'rest_of_gdp'; got 'grp'."),
        ({"prices": "Real"}, "prices is 'nominal' or 'real'; got 'Real'. Did you mean 'real'?"),
        ({"method": "endpoint"}, "got 'endpoint'. Did you mean 'endpoints'?"),
        ({"conf_level": 95}, "conf_level is a fraction between 0 and 1; got 95."),
    ],
)
def test_an_option_that_cannot_be_meant(two_provinces, options, message):
    with pytest.raises(OptionError, match=re.escape(message)):
        growth_multiple(two_provinces, **{**WINDOW, **options})


def test_a_level_that_is_not_positive_is_refused(two_provinces):
    table = two_provinces.copy()
    table.loc[table["region"].eq("430000") & table["year"].eq(2020), "value"] = -1.0
    message = (
        "A growth rate needs positive levels; the sector is -1 in region 430000 in 2020 "
        "(1 such rows). Correct or leave out these rows."
    )
    with pytest.raises(ModelError, match=re.escape(message)):
        growth_multiple(table, **WINDOW)


def test_no_region_with_both_ends_is_refused():
    table = accounts(
        {
            REVENUE: by_year("430000", 2020, 1, 1, 1),
            GDP: by_year("420000", 2020, 1, 1, 1),
        }
    )
    with pytest.raises(ModelError, match="of 2 regions none has them"):
        growth_multiple(table, **WINDOW)


def test_polars_gives_the_same(two_provinces):
    ours = growth_multiple(two_provinces, **WINDOW).tidy()
    theirs = growth_multiple(pl.from_pandas(two_provinces), **WINDOW).tidy()
    pd.testing.assert_frame_equal(ours, theirs)


@settings(max_examples=25)
@given(
    levels=st.lists(st.floats(1, 1e6), min_size=4, max_size=4),
    unit=st.floats(1e-3, 1e3),
)
def test_the_unit_of_the_sector_does_not_matter(levels, unit):
    def multiple(scale):
        table = accounts(
            {
                REVENUE: {("430000", 2020): levels[0] * scale, ("430000", 2022): levels[1] * scale},
                GDP: {("430000", 2020): levels[2], ("430000", 2022): levels[3]},
            }
        )
        return estimates(growth_multiple(table, **WINDOW), "430000").to_numpy()

    np.testing.assert_allclose(multiple(unit)[1:], multiple(1.0)[1:], rtol=1e-9, atol=1e-12)


def test_the_map_of_squares_leaves_the_sum_out(two_provinces):
    axes = growth_multiple(two_provinces, **WINDOW).about("430000").tile_map()
    shown = [text.get_text() for text in axes.texts]
    assert "2.00" in shown
    assert shown.count("–") == 32


def test_a_level_below_zero_outside_the_window_does_not_disturb():
    table = accounts(
        {
            REVENUE: by_year("430000", 2019, -5, 100, 120, 144, 0),
            GDP: by_year("430000", 2019, 900, 1000, 1100, 1210, 1300),
        }
    )
    result = growth_multiple(table, **WINDOW)
    assert estimates(result, "430000")["growth_multiple"] == pytest.approx(2.0)
