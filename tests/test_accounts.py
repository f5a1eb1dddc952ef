from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest

from toolkit.accounts import accounts_panel
from toolkit.errors import ColumnError, DataError, OptionError

ENTERPRISE, GOVERNMENT = "rd_funding_enterprise", "rd_funding_government"


def long_rows(*rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["region", "year", "indicator", "value", "unit", "vintage"])


@pytest.fixture
def accounts() -> pd.DataFrame:
    return long_rows(
        ("430000", 2023, ENTERPRISE, 6.0, "CNY", "unstated"),
        ("430000", 2023, GOVERNMENT, 2.0, "CNY", "unstated"),
        ("110000", 2023, GOVERNMENT, 5.0, "CNY", "unstated"),
        ("100000", 2023, ENTERPRISE, 9.0, "CNY", "unstated"),
        ("430000", 2023, "gross_regional_product", 50.0, "CNY", "revised"),
        ("430000", 2023, "gross_regional_product", 48.0, "CNY", "before_revision"),
    )


def test_one_row_per_region_and_year_with_missing_cells_kept(accounts: pd.DataFrame) -> None:
    panel = accounts_panel(accounts, indicators=[ENTERPRISE, GOVERNMENT])
    assert list(panel.columns) == ["region", "year", ENTERPRISE, GOVERNMENT]
    assert panel["region"].tolist() == ["110000", "430000"]
    np.testing.assert_array_equal(panel[ENTERPRISE], [np.nan, 6.0])
    np.testing.assert_array_equal(panel[GOVERNMENT], [5.0, 2.0])


def test_the_nation_is_never_a_province_and_that_is_said(accounts: pd.DataFrame) -> None:
    panel = accounts_panel(accounts, indicators=[ENTERPRISE])
    assert "100000" not in set(panel["region"])
    assert panel.attrs["notes"] == [
        "The nation's own row (100000) is left out; it is not a province."
    ]
    nation = accounts_panel(accounts, indicators=[ENTERPRISE], scope="nation")
    assert nation[ENTERPRISE].tolist() == [9.0]
    assert nation.attrs["notes"] == []
    both = accounts_panel(accounts, indicators=[ENTERPRISE], scope="all")
    assert both["region"].tolist() == ["100000", "430000"]


def test_vintages_are_never_mixed(accounts: pd.DataFrame) -> None:
    with pytest.raises(OptionError) as caught:
        accounts_panel(accounts, indicators=["gdp"])
    assert str(caught.value) == (
        "The table has gross_regional_product in the vintages 'before_revision' and 'revised', "
        "which are never mixed. Say which: "
        "vintage={'gross_regional_product': 'before_revision'}."
    )


@pytest.mark.parametrize("vintage", ["revised", {"gdp": "revised"}])
def test_a_vintage_holds_for_the_series_that_has_one(
    accounts: pd.DataFrame, vintage: str | dict[str, str]
) -> None:
    panel = accounts_panel(accounts, indicators=["gdp", GOVERNMENT], vintage=vintage)
    hunan = panel[panel["region"] == "430000"].iloc[0]
    assert hunan["gross_regional_product"] == 50.0
    assert hunan[GOVERNMENT] == 2.0
    assert panel.attrs["vintages"] == {"gross_regional_product": "revised", GOVERNMENT: "unstated"}
    assert panel.attrs["units"] == {"gross_regional_product": "CNY", GOVERNMENT: "CNY"}
    assert "gross_regional_product: the revised vintage." in panel.attrs["notes"]


def test_an_unknown_vintage_says_which_there_are(accounts: pd.DataFrame) -> None:
    with pytest.raises(OptionError) as caught:
        accounts_panel(accounts, indicators=["gdp"], vintage="revisd")
    assert str(caught.value) == (
        "No vintage 'revisd' of gross_regional_product. Did you mean 'revised'? "
        "The table has 'before_revision' and 'revised'."
    )


def test_region_names_are_carried_along(accounts: pd.DataFrame) -> None:
    named = accounts.assign(region_name=accounts["region"].map({"430000": "Hunan"}).fillna("else"))
    panel = accounts_panel(named, indicators=[GOVERNMENT])
    assert list(panel.columns) == ["region", "region_name", "year", GOVERNMENT]
    assert panel["region_name"].tolist() == ["else", "Hunan"]


def test_any_frame_or_file_gives_the_same_panel(accounts: pd.DataFrame, tmp_path) -> None:
    expected = accounts_panel(accounts, indicators=[ENTERPRISE, GOVERNMENT])
    source = tmp_path / "accounts.csv"
    accounts.to_csv(source, index=False)
    for data in (pl.from_pandas(accounts), source):
        panel = accounts_panel(data, indicators=[ENTERPRISE, GOVERNMENT])
        pd.testing.assert_frame_equal(panel, expected)


def test_a_cell_that_occurs_twice_is_refused(accounts: pd.DataFrame) -> None:
    twice = pd.concat([accounts, accounts.iloc[:1]])
    with pytest.raises(DataError) as caught:
        accounts_panel(twice, indicators=[ENTERPRISE])
    assert str(caught.value) == (
        "The accounts hold rd_funding_enterprise of region 430000 in 2023 more than once "
        "(1 such rows). Keep one row for each region, year, indicator and vintage."
    )


def test_mixed_units_are_refused(accounts: pd.DataFrame) -> None:
    mixed = accounts.copy()
    mixed.loc[0, "unit"] = "万元"
    with pytest.raises(DataError, match="would mix the units 'CNY' and '万元'"):
        accounts_panel(mixed, indicators=[ENTERPRISE])


def test_what_is_not_there_is_named(accounts: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="is of the indicator 'population'"):
        accounts_panel(accounts, indicators=["population"])
    with pytest.raises(OptionError, match=r"No indicator 'populaton'\. Did you mean 'population'"):
        accounts_panel(accounts, indicators=["populaton"])
    with pytest.raises(OptionError, match="scope is 'provinces', 'nation' or 'all'; got 'nations'"):
        accounts_panel(accounts, indicators=[ENTERPRISE], scope="nations")
    with pytest.raises(DataError, match="is left in the scope 'nation'"):
        accounts_panel(accounts, indicators=["gdp"], vintage="revised", scope="nation")
    with pytest.raises(ColumnError, match="No column 'vintage'"):
        accounts_panel(accounts.drop(columns="vintage"), indicators=["gdp"])
    unplaced = accounts.assign(region=[None, *accounts["region"][1:]])
    with pytest.raises(DataError, match="1 rows of the accounts have no region or no year"):
        accounts_panel(unplaced, indicators=[ENTERPRISE])
