"""The quick forms against the grammar, which is the measure of both."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from toolkit.clean.amounts.amount import YUAN
from toolkit.clean.amounts.headings import MoneyUnit, read_unit
from toolkit.clean.amounts.quantities import read_quantity
from toolkit.clean.amounts.quick import quick_amount
from toolkit.clean.amounts.reading import _from_reading, read_amount
from toolkit.simulate.exports.notations import chinese_numeral

UNITS = [YUAN, MoneyUnit(0, "USD"), read_unit("万元"), read_unit("亿美元"), read_unit("元")]
FINANCIAL = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
WHOLE = st.integers(0, 10**12 - 1) | st.integers(0, 20_000)
MINUSES = ["-{}", "−{}", "负{}", "△{}", "({})", "（{}）"]


def by_grammar(text, unit=YUAN):
    return _from_reading(read_quantity(text), unit)


@given(
    st.text("零〇一二两三九十百千万亿壹佰", min_size=1, max_size=9),
    st.sampled_from(["", "-", "负"]),
    st.sampled_from(["", "元", "元整"]),
    st.sampled_from(UNITS),
)
@example("一万二", "", "元", YUAN)
@example("三千五", "", "", YUAN)
@example("一亿零五万", "-", "元", YUAN)
@example("十万", "", "元", YUAN)
@example("二零二四", "", "", YUAN)
@example("零", "负", "", YUAN)
@example("一百", "", "", read_unit("万元"))
@example("一百万", "", "元", read_unit("亿元"))
def test_a_numeral_is_read_as_the_grammar_reads_it(numeral, sign, ending, unit):
    text = f"{sign}{numeral}{ending}"
    quick = quick_amount(text, unit)
    assert quick is None or repr(quick) == repr(by_grammar(text, unit))


@given(
    st.text("0123456789,.e", min_size=1, max_size=9),
    st.sampled_from(["", "¥", "RMB ", "-", "¥-"]),
    st.sampled_from(["", "元", "万元", " 万", " million", " million yuan", "bn", " 家", "%", "k"]),
    st.sampled_from(UNITS),
)
@example("1,600", "-", "万元", YUAN)
@example("1,2345", "", "", YUAN)
@example("5e3", "", "元", YUAN)
def test_a_figure_is_read_as_the_grammar_reads_it(figure, before, after, unit):
    text = f"{before}{figure}{after}"
    quick = quick_amount(text, unit)
    full = by_grammar(text, unit)
    assert quick is None or quick.value == full.value
    assert quick is None or quick._replace(unit=None) == full._replace(unit=None)


@given(WHOLE)
def test_numerals_never_wait_for_the_grammar(number):
    for text in (chinese_numeral(number), chinese_numeral(number).translate(FINANCIAL)):
        assert quick_amount(f"{text}元", YUAN).value == number


@given(
    WHOLE,
    st.sampled_from(MINUSES),
    st.sampled_from(["元", "元整"]),
    st.sampled_from([{}, FINANCIAL]),
)
@example(1_000_000, "（{}）", "元", FINANCIAL)
@example(16_000_000, "负{}", "元", FINANCIAL)
def test_negative_numerals_come_back(number, minus, ending, hand):
    numeral = chinese_numeral(number)
    text = minus.format(numeral.translate(hand) + ending)
    amount = read_amount(text)
    assert (amount.value, amount.currency, amount.issue) == (0.0 - number, "CNY", None)
    assert math.copysign(1, amount.value) == (1 if number == 0 else -1)


@given(
    st.decimals(min_value=0, max_value=99_999_999, places=2),
    st.sampled_from([*MINUSES, "¥({})", "人民币（{}）"]),
    st.sampled_from(["f", ",f", "e"]),
    st.sampled_from([("", 0), ("元", 0), ("万元", 4), ("亿元", 8)]),
    st.sampled_from(["inside", "outside"]),
)
@example(Decimal("5.03e6"), "({})", "e", ("", 0), "inside")
def test_negative_figures_come_back(number, minus, form, unit, place):
    words, power = unit
    inner = f"{number:{form}}" + (words if place == "inside" else "")
    text = minus.format(inner) + ("" if place == "inside" else words)
    amount = read_amount(text)
    assert amount.value == 0.0 - float(number * 10**power)
    assert amount.issue is None


@pytest.mark.parametrize(
    "text",
    [
        "(一)", "（十）", "（百万元）", "（万元）", "（一百）", "(一)5万元", "(1)5万元",
        "(1) 500万元", "负负5万元", "△△5", "(-5)", "-(5)", "（负五万元）", "负债5万元", "5△6",
        "(over 5)", "△",
        "壹佰万元（贰佰万元）", "（含）", "1（一）",
    ],
)  # fmt: skip
def test_what_is_no_negative_amount_is_not_read(text):
    amount = read_amount(text)
    assert math.isnan(amount.value)
    assert amount.issue == "not_an_amount"


def test_an_amount_said_twice_is_one_amount_and_not_a_correction():
    assert read_amount("人民币壹佰万元整（¥1,000,000.00）").value == 1e6
    assert read_amount("(5)").value == -5
