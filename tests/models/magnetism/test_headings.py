"""Two money columns in two units are never divided by each other."""

from __future__ import annotations

import pandas as pd
import pytest

from toolkit.clean.amounts import heading_unit, read_unit
from toolkit.errors import OptionError
from toolkit.language import speaking
from toolkit.models.magnetism import magnetism_ratio, magnetism_regression
from toolkit.models.magnetism.headings import bare_heading, stated_unit

HEADINGS = [
    "GDP(亿元, 当年价)",
    "Loans (US$ million)",
    "Loans, 100 million yuan",
    "Loans, million yuan",
    "R&D (billion USD)",
    "amount ($)",
    "amount (10 thousand yuan)",
    "amount (EUR bn)",
    "amount (RMB'000)",
    "amount (¥)",
    "amount [CNY]",
    "amount_k",
    "amount_wan",
    "amount_yi",
    "amount_yuan",
    "amount/万元",
    "bank",
    "bank (new)",
    "bank_loans_cny_mn",
    "firms (000)",
    "flag_m",
    "follow_cny",
    "income (k)",
    "lead_cny",
    "loan amount in thousand yuan",
    "loans (million)",
    "loans_usd",
    "money_million",
    "x (2020)",
    "人数(万人)",
    "企业数(家)",
    "余额亿元",
    "增速(%)",
    "存款（人民币万元）",
    "小贷金额（万元）",
    "投资额（百万元）",
    "港币(万港元)",
    "贷款 单位：亿元",
    "贷款(千元)",
    "贷款（万亿元）",
    "贷款（千万元）",
    "金额(单位:万元)",
    "金额（万美元）",
    "银行贷款（元）",
    "面积（m2）",
]


@pytest.fixture
def offices() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "小贷金额（万元）": [10.0, 20.0, 30.0],
            "银行贷款（元）": [5e5, 8e5, 13e5],
            "银行贷款（万元）": [50.0, 80.0, 130.0],
            "bank_usd": [1.0, 2.0, 3.0],
            "micro_usd": [1.0, 1.0, 1.0],
            "bank": [50.0, 80.0, 130.0],
            "county": list("abc"),
        }
    )


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_heading_means_here_what_it_means_where_it_is_cleaned(heading: str) -> None:
    words = heading_unit(heading)
    cleaned = read_unit(words) if words else None
    found = stated_unit(heading)
    assert (found is None) == (cleaned is None)
    if found is not None and cleaned is not None:
        assert (found.power, found.currency) == (cleaned.power, cleaned.currency)


def test_a_series_of_the_accounts_is_in_its_own_unit() -> None:
    found = stated_unit("rd_funding_government")
    assert found is not None
    assert (found.power, found.currency) == (0, "CNY")
    assert stated_unit("population") is None


def test_different_units_are_refused_and_how_to_convert_is_said(offices: pd.DataFrame) -> None:
    with pytest.raises(OptionError) as caught:
        magnetism_ratio(offices, lead="小贷金额（万元）", follow="银行贷款（元）")
    assert str(caught.value) == (
        "magnetism_ratio() divides money by money of the same unit; '小贷金额（万元）' is in 万元 "
        "(10,000 yuan) and '银行贷款（元）' in 元 (1 yuan). Put both into 元 first: multiply "
        "'小贷金额（万元）' by 10,000 and name the column for its new unit."
    )


def test_what_the_error_advises_gives_the_truth(offices: pd.DataFrame) -> None:
    converted = offices.assign(**{"小贷金额（元）": 1e4 * offices["小贷金额（万元）"]})
    result = magnetism_ratio(converted, lead="小贷金额（元）", follow="银行贷款（元）")
    assert result.total()["estimate"] == pytest.approx(260 / 60)


def test_different_currencies_are_refused(offices: pd.DataFrame) -> None:
    with pytest.raises(OptionError) as caught:
        magnetism_ratio(offices, lead="小贷金额（万元）", follow="bank_usd")
    assert str(caught.value) == (
        "magnetism_ratio() divides money by money of the same unit; '小贷金额（万元）' is in 万元 "
        "(10,000 yuan) and 'bank_usd' in usd (1 USD). Turn one into the currency of the other "
        "first: parse_amounts(rates=...)."
    )


def test_the_same_unit_leaves_a_ratio_of_yuan_to_yuan(offices: pd.DataFrame) -> None:
    result = magnetism_ratio(offices, lead="小贷金额（万元）", follow="银行贷款（万元）")
    assert result.total()["estimate"] == pytest.approx(260 / 60)
    assert result.title == "银行贷款 per yuan of 小贷金额"
    assert result.unit == "yuan per yuan"
    assert "Sums of money are in 万元, as the headings say." in result.notes


def test_another_currency_is_named(offices: pd.DataFrame) -> None:
    result = magnetism_ratio(offices, lead="micro_usd", follow="bank_usd")
    assert result.unit == "dollar per dollar"
    with speaking("zh"):
        assert "美元/美元" in result.summary()


def test_a_heading_without_a_unit_is_taken_for_the_other_s_and_that_is_said(
    offices: pd.DataFrame,
) -> None:
    result = magnetism_ratio(offices, lead="小贷金额（万元）", follow="bank")
    assert (
        "The heading of 'bank' states no unit; its numbers are taken to be in 万元, as those of "
        "'小贷金额（万元）'." in result.notes
    )


def test_an_exposure_in_another_unit_than_the_outcome_is_refused(offices: pd.DataFrame) -> None:
    with pytest.raises(OptionError, match=r"^magnetism_regression\(\) divides money by money"):
        magnetism_regression(
            offices, "`银行贷款（元）` ~ 1", exposure="小贷金额（万元）", cluster="county"
        )
    fit = magnetism_regression(
        offices, "`银行贷款（万元）` ~ 1", exposure="小贷金额（万元）", cluster="county"
    )
    assert fit.tidy().set_index("term").loc["ratio", "estimate"] == pytest.approx(260 / 60)


def test_brackets_that_hold_no_unit_stay_in_the_name() -> None:
    assert bare_heading("贷款（新增）（万元）") == "贷款(新增)"
    assert bare_heading("贷款（新增）") == "贷款（新增）"
