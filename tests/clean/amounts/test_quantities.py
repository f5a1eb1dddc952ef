from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.clean.amounts.quantities import read_quantity
from toolkit.clean.amounts.vocabulary import UNITS

# text, low, high, unit, bound; a missing end is None.
READINGS = [
    ("1,600万元", 16_000_000, 16_000_000, "CNY", "exact"),
    ("￥１，６００．５０ 万元", 16_005_000, 16_005_000, "CNY", "exact"),
    ("人民币1600万元整", 16_000_000, 16_000_000, "CNY", "exact"),
    ("1600万元（人民币）", 16_000_000, 16_000_000, "CNY", "exact"),
    ("1,600(万元)", 16_000_000, 16_000_000, "CNY", "exact"),
    ("壹佰贰拾万元整", 1_200_000, 1_200_000, "CNY", "exact"),
    ("壹仟贰佰叁拾肆元伍角陆分", "1234.56", "1234.56", "CNY", "exact"),
    ("壹拾元零伍分", "10.05", "10.05", "CNY", "exact"),
    ("人民币壹佰万元整（¥1,000,000.00）", 1_000_000, 1_000_000, "CNY", "exact"),
    ("1亿2000万元", 120_000_000, 120_000_000, "CNY", "exact"),
    ("10-million-yuan", 10_000_000, 10_000_000, "CNY", "exact"),
    ("five million yuan.", 5_000_000, 5_000_000, "CNY", "exact"),
    ("two hundred and fifty thousand yuan", 250_000, 250_000, "CNY", "exact"),
    ("RMB 1.71 trillion", 1_710_000_000_000, 1_710_000_000_000, "CNY", "exact"),
    ("twenty-five", 25, 25, None, "exact"),
    ("-5", -5, -5, None, "exact"),
    ("(5.2)", "-5.2", "-5.2", None, "exact"),
    ("（5.2）万元", -52_000, -52_000, "CNY", "exact"),
    ("US$ (5)", -5, -5, "USD", "exact"),
    ("RMB (5.2) million", -5_200_000, -5_200_000, "CNY", "exact"),
    ("¥(5.2)", "-5.2", "-5.2", "CNY", "exact"),
    ("-US$5", -5, -5, "USD", "exact"),
    ("港币500万元", 5_000_000, 5_000_000, "HKD", "exact"),
    ("500万港元", 5_000_000, 5_000_000, "HKD", "exact"),
    ("500亿日元", 50_000_000_000, 50_000_000_000, "JPY", "exact"),
    ("¥500 JPY", 500, 500, "JPY", "exact"),
    ("€5bn", 5_000_000_000, 5_000_000_000, "EUR", "exact"),
    ("£3.2 million", 3_200_000, 3_200_000, "GBP", "exact"),
    ("超过1.5万户", 15_000, None, "count", "over"),
    ("近百亿元", None, 10_000_000_000, "CNY", "under"),
    ("超万亿元", 1_000_000_000_000, None, "CNY", "over"),
    ("上百家", 100, None, "count", "over"),
    ("1000余万元", 10_000_000, None, "CNY", "over"),
    ("5亿多元", 500_000_000, None, "CNY", "over"),
    ("3000多家", 3000, None, "count", "over"),
    ("不低于500万元", 5_000_000, None, "CNY", "over"),
    ("不足18个月", None, 18, "months", "under"),
    ("三天以内", None, 3, "days", "under"),
    ("3个工作日内", None, 3, "working_days", "under"),
    ("10万+", 100_000, None, None, "over"),
    ("≥70分", 70, None, "score", "over"),
    ("1,000 or more", 1000, None, None, "over"),
    ("almost close to 95%", None, "0.95", "share", "under"),
    ("约15万元", 150_000, 150_000, "CNY", "about"),
    ("15万元左右", 150_000, 150_000, "CNY", "about"),
    ("~5 million", 5_000_000, 5_000_000, None, "about"),
    ("约超过5亿元", 500_000_000, None, "CNY", "over"),
    ("5万至20万元", 50_000, 200_000, "CNY", "range"),
    ("5至20万元", 50_000, 200_000, "CNY", "range"),
    ("五至六千万元", 50_000_000, 60_000_000, "CNY", "range"),
    ("五至二十万元", 50_000, 200_000, "CNY", "range"),
    ("五十至一百万元", 500_000, 1_000_000, "CNY", "range"),
    ("5——10万元", 50_000, 100_000, "CNY", "range"),
    ("5-25 million", 5_000_000, 25_000_000, None, "range"),
    ("¥50,000 to 200,000", 50_000, 200_000, "CNY", "range"),
    ("US$5-US$10 million", 5_000_000, 10_000_000, "USD", "range"),
    ("¥500 to 1 million", 500, 1_000_000, "CNY", "range"),
    ("500元至1万元", 500, 10_000, "CNY", "range"),
    ("1,000元-5,000", 1000, 5000, "CNY", "range"),
    ("between 5 and 10 million yuan", 5_000_000, 10_000_000, "CNY", "range"),
    ("from 5 to 10 million", 5_000_000, 10_000_000, None, "range"),
    ("between two hundred and five hundred", 200, 500, None, "range"),
    ("5亿元以上10亿元以下", 500_000_000, 1_000_000_000, "CNY", "range"),
    ("1000万元以上、5000万元以下", 10_000_000, 50_000_000, "CNY", "range"),
    ("-5 to -3", -5, -3, None, "range"),
    ("3-5 years", 36, 60, "months", "range"),
    ("5-8%", "0.05", "0.08", "share", "range"),
    ("百分之九十二", "0.92", "0.92", "share", "exact"),
    ("九成", "0.9", "0.9", "share", "exact"),
    ("5‰", "0.005", "0.005", "share", "exact"),
    ("15个基点", "0.15", "0.15", "percentage_points", "exact"),
    ("2.3倍", "2.3", "2.3", "ratio", "exact"),
    ("1∶5", 5, 5, "ratio", "exact"),
    ("2：5", "2.5", "2.5", "ratio", "exact"),
    ("1比5", 5, 5, "ratio", "exact"),
    ("¥1 million : ¥5 million", 5, 5, "ratio", "exact"),
    ("两年半", 30, 30, "months", "exact"),
    ("半年", 6, 6, "months", "exact"),
    ("一年六个月", 18, 18, "months", "exact"),
    ("two weeks", 14, 14, "days", "exact"),
    ("2.5%起", "0.025", None, "share", "over"),
]


@pytest.mark.parametrize(("text", "low", "high", "unit", "bound"), READINGS)
def test_readings_by_hand(
    text: str, low: object, high: object, unit: str | None, bound: str
) -> None:
    reading = read_quantity(text)
    ends = tuple(None if end is None else Decimal(end) for end in (low, high))  # type: ignore[arg-type]
    assert (reading.low, reading.high, reading.unit, reading.bound) == (*ends, unit, bound)


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("", "missing"), ("  ", "missing"), ("-", "missing"), ("—", "missing"), ("——", "missing"),
        ("…", "missing"), ("N/A", "missing"), ("无", "missing"), ("不详", "missing"),
        ("1,23 万元", "ambiguous_marks"), ("¥5 million USD", "ambiguous_currency"),
        ("$500万元", "ambiguous_currency"), ("25 million to 5 million", "reversed_range"),
        ("1.2.5 万元", "not_an_amount"), ("万元", "not_an_amount"), ("5万-20", "not_an_amount"),
        ("5%-8", "not_an_amount"), ("up to 5-10%", "not_an_amount"), ("5 (10)", "not_an_amount"),
        ("人民币壹佰万元整（¥1,000,001.00）", "not_an_amount"), ("5亿元 (6亿元)", "not_an_amount"),
        ("over 5亿元 (over 5亿元)", "not_an_amount"),
        ("¥9.8 million (US$1.37 million)", "not_an_amount"),
        ("2024-03-05", "not_an_amount"), ("2024年", "not_an_amount"), ("5²", "not_an_amount"),
        ("5 mortgages", "not_an_amount"), ("100元50", "not_an_amount"), ("5-", "not_an_amount"),
        ("between 5", "not_an_amount"), ("5 and 6", "not_an_amount"), ("0:5", "not_an_amount"),
        ("超过近5亿", "not_an_amount"), ("3 months to 5 days", "not_an_amount"),
        ("1:5:7", "not_an_amount"), ("5 million lower", "not_an_amount"), ("半", "not_an_amount"),
        ("up 5% lower", "not_an_amount"), ("--5", "not_an_amount"), ("over", "not_an_amount"),
        ("500万元(含)", "not_an_amount"), ("5亿元以上6亿元以上", "not_an_amount"),
    ],
)  # fmt: skip
def test_what_is_not_read_says_why(text: str, issue: str) -> None:
    reading = read_quantity(text)
    assert (reading.issue, reading.low, reading.high, reading.bound) == (issue, None, None, None)


def test_inclusive_bounds_follow_the_words() -> None:
    inclusive = [
        "500以上",
        "不超过500",
        "at least 500",
        "up to 500",
        "within 500",
        "500以内",
        "≥500",
    ]
    strict = ["超过500", "不足500", "over 500", "less than 500", "nearly 500", "500余", ">500"]
    assert [read_quantity(text).inclusive for text in inclusive] == [True] * len(inclusive)
    assert [read_quantity(text).inclusive for text in strict] == [False] * len(strict)
    assert read_quantity("超过500万元(含)").inclusive
    assert not read_quantity("500万元以下(不含)").inclusive
    assert not read_quantity("超过5亿元、10亿元以下").inclusive


@pytest.mark.parametrize(
    ("text", "size", "direction"),
    [
        ("1.5 percentage points below", "1.5", "below"),
        ("0.17 percentage points lower", "0.17", "below"),
        ("低1.5个百分点", "1.5", "below"),
        ("高出8个百分点", "8", "above"),
        ("down 1.5%", "0.015", "below"),
        ("增长14.8%", "0.148", "above"),
        ("3% higher", "0.03", "above"),
        ("1.5个百分点", "1.5", None),
    ],
)
def test_a_direction_keeps_the_size(text: str, size: str, direction: str | None) -> None:
    reading = read_quantity(text)
    assert (reading.low, reading.high) == (Decimal(size), Decimal(size))
    assert reading.direction == direction


def test_a_bare_dollar_is_noted() -> None:
    assert read_quantity("$5 million")[2:4] == ("USD", "exact")
    assert read_quantity("$5 million").issue == "bare_dollar"
    assert read_quantity("US$5 million").issue is None
    assert read_quantity("$5 million USD").issue is None


def test_the_unit_is_kept_as_written() -> None:
    texts = ["1,600万元", "一千六百万元", "16百万元", "210 billion yuan", "¥16 million", "92%", "5"]
    words = ["万元", "万元", "百万元", "billion yuan", "¥ million", "%", None]
    assert [read_quantity(text).words for text in texts] == words


@pytest.mark.parametrize("word", sorted(UNITS))
def test_every_unit_word_is_read(word: str) -> None:
    unit, factor = UNITS[word]
    reading = read_quantity(f"3 {word}")
    assert (reading.low, reading.unit) == (3 * factor, unit)


FIGURES = st.decimals(min_value=1, max_value=9999, places=2)
SCALES = st.sampled_from([("", 0), ("万", 4), ("亿", 8), (" million", 6), (" bn", 9)])
OVER = ["over ", "more than ", "exceeding ", "超过", "逾", "at least ", "不低于", ">", "≥"]
UNDER = ["nearly ", "almost ", "up to ", "less than ", "within ", "近", "不足", "不超过", "<", "≤"]
ABOUT = ["about ", "approximately ", "around ", "约", "大约", "~"]


@given(FIGURES, SCALES, st.sampled_from(OVER + UNDER + ABOUT))
def test_bounds_leave_the_other_side_open(
    figure: Decimal, scale: tuple[str, int], word: str
) -> None:
    value = figure * 10 ** scale[1]
    reading = read_quantity(f"{word}{figure}{scale[0]}")
    assert reading.low == (None if word in UNDER else value)
    assert reading.high == (None if word in OVER else value)
    assert reading.approximate == (word in ABOUT)


@given(FIGURES, FIGURES, SCALES, st.sampled_from([" to ", "-", "至", " ~ ", "–"]))
def test_a_range_shares_its_unit(
    one: Decimal, other: Decimal, scale: tuple[str, int], joint: str
) -> None:
    low, high = sorted((one, other))
    short = read_quantity(f"{low}{joint}{high}{scale[0]}元")
    full = read_quantity(f"{low}{scale[0]}元{joint}{high}{scale[0]}元")
    assert (short.low, short.high) == (low * 10 ** scale[1], high * 10 ** scale[1])
    assert (short.low, short.high, short.unit) == (full.low, full.high, full.unit)
