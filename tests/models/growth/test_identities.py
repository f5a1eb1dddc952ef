"""Parts that add up, and parts that do not: said, and never smoothed."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.models.growth.accounts_by_hand import accounts, by_year, published_accounts
from toolkit.errors import DataError, OptionError
from toolkit.models.growth import accounting_gaps

GDP = "gross_regional_product"


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    return published_accounts()


def test_three_sectors_add_up_in_all_provinces_and_years(published):
    result = accounting_gaps(published, vintage="before_revision")
    assert len(result.tidy()) == 31 * 23
    assert result.tidy()["holds"].all()
    assert result.tidy()["estimate"].abs().max() < 0.11e8
    assert result.sentence() == (
        "The 3 parts of gross regional product add up to it in all 713 province-years "
        "(within 0.2%)."
    )


def test_the_other_vintage_does_not_and_is_named(published):
    result = accounting_gaps(published, vintage="revised")
    table = result.tidy()
    assert result.glance().loc[0, "broken"] > 300
    assert table.groupby("region")["holds"].all().sum() == 0
    beijing = table.query("region == '110000' and year == 2022")["relative"].iloc[0]
    assert beijing == pytest.approx(-0.07, abs=0.02)
    assert any(note.startswith("Does not add up: Beijing 20") for note in result.notes)
    assert result.plot().get_ylabel() == "parts less total, % of the total"


def test_jiangxis_services_and_its_secondary_sector_2000_2014(published):
    """What is shipped of Jiangxi adds up in 2003-2012; the ninth industry is not shipped."""
    jiangxi = published[published["region"] == "360000"]
    secondary = accounting_gaps(
        jiangxi,
        total="value_added_secondary",
        parts=["value_added_industry", "value_added_construction"],
    ).tidy()
    assert secondary[secondary["year"].between(2003, 2012)]["holds"].all()
    eight = accounting_gaps(
        jiangxi,
        parts=[
            f"value_added_{name}"
            for name in (
                "primary",
                "industry",
                "construction",
                "wholesale_retail",
                "transport_post",
                "hotel_catering",
                "finance",
                "real_estate",
            )
        ],
        vintage="before_revision",
    ).tidy()
    rest = -eight[eight["year"].between(2003, 2012)]["relative"]
    assert rest.between(0.12, 0.15).all()


def test_a_broken_stretch_is_named_and_measured():
    table = accounts(
        {
            GDP: by_year("360000", 2001, 100, 100, 100, 100, 100),
            "nine": by_year("360000", 2001, 100, 103, 104, 100, 98),
            "none": by_year("360000", 2001, 0, 0, 0, 0, 0),
        }
    )
    result = accounting_gaps(table, parts=["nine", "none"])
    assert result.tidy()["estimate"].tolist() == [0, 3, 4, 0, -2]
    assert result.notes == ("Does not add up: Jiangxi 2002-2003, 2005.",)
    assert result.sentence() == (
        "The 2 parts of gross regional product do not add up to it in 3 of 5 province-years; the "
        "largest gap is +4.0% (Jiangxi, 2003)."
    )


def test_units_and_years_must_meet():
    table = accounts({GDP: by_year("360000", 2001, 1), "a": by_year("360000", 2002, 1)})
    with pytest.raises(DataError, match="in one and the same year"):
        accounting_gaps(table, parts=["a"])
    mixed = table.assign(unit=["CNY", "persons"])
    with pytest.raises(OptionError, match="in the units CNY, persons"):
        accounting_gaps(mixed, parts=["a"])
