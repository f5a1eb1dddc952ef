import pandas as pd
import pytest

from toolkit.errors import ModelError
from toolkit.models.profile import regional_profile

COLUMNS = ["region", "year", "indicator", "value", "unit", "vintage"]
ROWS = pd.DataFrame(
    [
        ("430000", 2022, "gross_regional_product", 4e12, "CNY", "revised"),
        ("430000", 2023, "gross_regional_product", 5e12, "CNY", "revised"),
        ("430000", 2022, "gross_regional_product", 9e12, "CNY", "before_revision"),
        ("110000", 2023, "gross_regional_product", 15e12, "CNY", "revised"),
        ("100000", 2023, "gross_regional_product", 99e12, "CNY", "revised"),
        ("430000", 2019, "gross_regional_product_index", 1.076, "fraction", "unstated"),
        ("110000", 2019, "gross_regional_product_index", 1.061, "fraction", "unstated"),
    ],
    columns=COLUMNS,
)


def test_share_and_rank_by_hand_without_the_nation():
    table = regional_profile(ROWS, region="430000").tidy()
    gdp = table[table["indicator"] == "gross_regional_product"].iloc[0]
    assert gdp[["year", "estimate", "share", "rank", "provinces"]].tolist() == [
        2023,
        5e12,
        0.25,
        2,
        2,
    ]


def test_an_index_has_a_rank_and_no_share():
    table = regional_profile(ROWS, region="430000").tidy().set_index("indicator")
    index = table.loc["gross_regional_product_index"]
    assert index["rank"] == 1
    assert pd.isna(index["share"])


def test_the_vintage_asked_for_is_taken():
    old = regional_profile(ROWS, region="430000", vintage="before_revision").tidy()
    assert old["estimate"].iloc[0] == 9e12


def test_the_sentence():
    named = ROWS.assign(region_name=ROWS["region"].map({"430000": "Hunan", "110000": "Beijing"}))
    assert regional_profile(named, region="430000").sentence() == (
        "Hunan had a gross regional product of 5,000 billion CNY in 2023, 25.0% of that of all "
        "provinces, rank 2 of 2."
    )


def test_the_plot_shows_shares_in_percent():
    ax = regional_profile(ROWS, region="430000").plot()
    assert ax.get_xlabel() == "percent"
    assert len(ax.get_yticklabels()) == 1


def test_a_region_that_is_not_there_is_refused():
    with pytest.raises(ModelError) as caught:
        regional_profile(ROWS, region="999999")
    assert str(caught.value) == "No row of the region '999999'. The table has: 110000, 430000."
