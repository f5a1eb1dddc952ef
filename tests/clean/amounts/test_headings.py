from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.clean.amounts.headings import MoneyUnit, heading_unit, read_unit


@pytest.mark.parametrize(
    ("heading", "words", "power", "currency"),
    [
        ("贷款余额(亿元)", "亿元", 8, "CNY"),
        ("贷款余额（万元）", "万元", 4, "CNY"),
        ("金额[万元]", "万元", 4, "CNY"),
        ("金额【千元】", "千元", 3, "CNY"),
        ("GDP（亿元人民币）", "亿元人民币", 8, "CNY"),
        ("余额(万元, 2024年)", "万元", 4, "CNY"),
        ("余额(2024年末)(万元)", "万元", 4, "CNY"),
        ("投资额(万美元)", "万美元", 4, "USD"),
        ("金额 单位：万元", "万元", 4, "CNY"),
        ("额度（单位:百万元）", "百万元", 6, "CNY"),
        ("额度（以万元计）", "万元", 4, "CNY"),
        ("金额/万元", "万元", 4, "CNY"),
        ("贷款余额亿元", "亿元", 8, "CNY"),
        ("贷款(元)", "元", 0, "CNY"),
        ("Loan balance, million yuan", "million yuan", 6, "CNY"),
        ("Loan balance in million yuan", "million yuan", 6, "CNY"),
        ("GDP (100 million yuan)", "100 million yuan", 8, "CNY"),
        ("Investment (10 000 yuan)", "10 000 yuan", 4, "CNY"),
        ("Investment (10,000 yuan)", "10,000 yuan", 4, "CNY"),
        ("Loans (in millions of RMB)", "millions rmb", 6, "CNY"),
        ("Loans (RMB'000)", "rmb'000", 3, "CNY"),
        ("Loans (¥ billion)", "¥ billion", 9, "CNY"),
        ("Loans (US$ million)", "us$ million", 6, "USD"),
        ("amount_wan", "wan", 4, None),
        ("amount_wanyuan", "wanyuan", 4, None),
        ("loan_amount_10k_yuan", "10k yuan", 4, "CNY"),
        ("amount_usd_mn", "usd mn", 6, "USD"),
        ("amount_cny", "cny", 0, "CNY"),
    ],
)
def test_units_in_headings(heading: str, words: str, power: int, currency: str | None) -> None:
    assert heading_unit(heading) == words
    assert read_unit(words) == MoneyUnit(power, currency, words)


@pytest.mark.parametrize(
    "heading",
    [
        "", "金额", "增速(%)", "人数(万人)", "户数（万户）", "单元", "loan_id", "loans_10",
        "flag_m", "amount_k", "period_end", "Area (km2)", "(1)", "x" * 300, "余额(万元美元欧元)",
    ],
)  # fmt: skip
def test_headings_without_a_unit_of_money(heading: str) -> None:
    assert heading_unit(heading) is None


@pytest.mark.parametrize("words", ["", "10", "5万元", "万%", "million people", "万亿亿亿", "0"])
def test_words_that_are_no_unit(words: str) -> None:
    assert read_unit(words) is None


@given(st.text(max_size=40))
def test_no_heading_raises(heading: str) -> None:
    words = heading_unit(heading)
    assert words is None or read_unit(words) is not None
