from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from toolkit.clean.amounts.headings import MoneyUnit, heading_unit, read_unit
from toolkit.clean.amounts.quantities import read_quantity
from toolkit.clean.amounts.reading import YUAN, explain, read_amount

SCALES = {
    "元": 0, "千元": 3, "万元": 4, "十万元": 5, "百万元": 6, "千万元": 7, "亿元": 8, "十亿元": 9,
    "百亿元": 10, "万亿元": 12, " yuan": 0, " thousand yuan": 3, " million yuan": 6,
    " billion yuan": 9, " trillion yuan": 12, "-million-yuan": 6, "k": 3, "m": 6, "mn": 6, "bn": 9,
    "tn": 12, "万": 4, "亿": 8, " RMB": 0, " million RMB": 6, "": 0, "万元人民币": 4,
    " hundred million": 8, "（万元）": 4, " wan yuan": 4,
}  # fmt: skip
PREFIXES = ["", "¥", "￥", "RMB ", "CNY ", "人民币", "rmb", "CNY"]
FULL_WIDTH = str.maketrans("0123456789.,-()%", "０１２３４５６７８９．，－（）％")


def grouped(number: Decimal, mark: str, point: str) -> str:
    return f"{number:,f}".replace(",", "\0").replace(".", point).replace("\0", mark)


STYLES = {
    "plain": lambda number: f"{number:f}",
    "comma": lambda number: f"{number:,f}",
    "full width": lambda number: f"{number:,f}".translate(FULL_WIDTH),
    "space": lambda number: grouped(number, " ", "."),
    "apostrophe": lambda number: grouped(number, "’", "."),
    # One group, or a decimal comma alone, would leave the mark open.
    "point": lambda number: grouped(number, ".", "," if number >= 1000 else "."),
    "thin space": lambda number: grouped(number, "\u2009", "," if number >= 1000 else "."),
    "trailing zeros": lambda number: f"{number:f}00",
    "exponent": lambda number: f"{number:e}",
}
NUMBERS = st.decimals(min_value=0, max_value=99_999_999, places=2)
ANY_TEXT = st.text() | st.text(
    alphabet="0123456789.,-+()（）万亿元年月 至~%¥$€mk百千十一二点余多约超近", max_size=20
)


@given(
    NUMBERS, st.sampled_from(list(SCALES)), st.sampled_from(PREFIXES), st.sampled_from(list(STYLES))
)
@example(Decimal("1.10"), "亿元", "", "plain")
def test_every_format_comes_back_exact(
    number: Decimal, suffix: str, prefix: str, style: str
) -> None:
    text = f"{prefix}{STYLES[style](number)}{suffix}"
    amount = read_amount(text)
    assert amount.issue is None
    assert (amount.value, amount.currency) == (float(number * 10 ** SCALES[suffix]), "CNY")
    assert amount.low == amount.high == amount.value
    assert amount.bound == "exact"


@given(
    NUMBERS,
    st.sampled_from([suffix for suffix in SCALES if "（" not in suffix]),
    st.sampled_from(["-{}", "−{}", "({})", "（{}）"]),
)
def test_negatives_come_back(number: Decimal, suffix: str, pattern: str) -> None:
    amount = read_amount(pattern.format(number) + suffix)
    assert amount.value == -float(number * 10 ** SCALES[suffix]) + 0.0
    assert math.copysign(1, amount.value) == (1 if number == 0 else -1)


@given(NUMBERS, st.sampled_from(["", "万", "million "]), st.sampled_from(["US$", "HK$", "€", "£"]))
def test_other_money_is_never_yuan(number: Decimal, scale: str, mark: str) -> None:
    for text in (f"{mark}{number}{scale}", f"{mark} {number:,f} {scale}", f"{number}{scale}{mark}"):
        amount = read_amount(text)
        assert amount.currency in ("USD", "HKD", "EUR", "GBP")


@given(NUMBERS)
def test_units_scale_exactly(number: Decimal) -> None:
    yuan = read_amount(f"{number}元").value
    assert read_amount(f"{number}万元").value == float(number * 10_000)
    assert read_amount(f"{number * 10_000}元").value == read_amount(f"{number}万元").value
    assert read_amount(f"{number}", read_unit("万元") or YUAN).value == float(number * 10_000)
    assert yuan == float(number)


@given(
    NUMBERS,
    st.sampled_from(list(SCALES)),
    st.sampled_from(["", "¥", "RMB ", "-", "-¥"]),
    st.sampled_from([YUAN, MoneyUnit(0, "USD"), read_unit("万元"), read_unit("亿美元")]),
    st.sampled_from(["f", ",f", "e"]),
)
def test_the_quick_expression_agrees_with_the_grammar(
    number: Decimal, suffix: str, prefix: str, unit: MoneyUnit, form: str
) -> None:
    text = f"{prefix}{number:{form}}{suffix}"
    # 共 (in all) means nothing to the grammar, and is beyond the quick expression.
    quick, full = read_amount(text, unit), read_amount(f"共{text}", unit)
    assert quick._replace(unit=None) == full._replace(unit=None)


@given(ANY_TEXT)
@example("9" * 300)
@example("1e999")
@example("9" * 30 + "亿5万")
@example("0." + "0" * 40 + "1:" + "9" * 24)
@example("((((5))))")
@example("\x00")
def test_no_text_raises(text: str) -> None:
    reading = read_quantity(text)
    assert (reading.bound is None) == (reading.low is None and reading.high is None)
    if reading.low is not None and reading.high is not None:
        assert reading.low <= reading.high
    amount = read_amount(text)
    assert not math.isinf(amount.value)
    assert math.isnan(amount.value) <= (amount.issue is not None)
    assert (explain(amount.issue, text) is None) == (amount.issue is None)
    heading_unit(text)


@given(st.data())
def test_no_mutation_of_a_valid_text_raises(data: st.DataObject) -> None:
    seeds = [
        "1,600万元",
        "US$1.37 million",
        "壹佰贰拾万元整",
        "5万至20万元",
        "over 210 billion yuan",
    ]
    text = list(data.draw(st.sampled_from(seeds)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        change = data.draw(st.sampled_from(["delete", "double", "insert"]))
        if change == "delete":
            del text[at : at + 1]
        elif change == "double":
            text[at:at] = text[at : at + 2]
        else:
            text.insert(at, data.draw(st.characters()))
    amount = read_amount("".join(text))
    assert not math.isinf(amount.value)
    assert math.isnan(amount.value) <= (amount.issue is not None)


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("92%", "not_an_amount"), ("18个月", "not_an_amount"), ("1:5", "not_an_amount"),
        ("217家", "not_an_amount"), ("减少500万元", "not_an_amount"), ("hello", "not_an_amount"),
        ("over 5亿", "bound"), ("5-10万元", "bound"), ("1,23", "ambiguous_marks"),
        ("无", "missing"),
    ],
)  # fmt: skip
def test_what_is_no_amount(text: str, issue: str) -> None:
    amount = read_amount(text)
    assert math.isnan(amount.value)
    assert amount.issue == issue


def test_a_bound_keeps_its_ends() -> None:
    over = read_amount("over 210 billion yuan")
    assert over[:3] == pytest.approx((math.nan, 2.1e11, math.nan), nan_ok=True)
    assert (over.bound, over.inclusive) == ("over", False)
    about = read_amount("约1600万元")
    assert (about.value, about.bound, about.issue) == (16_000_000.0, "about", None)


@pytest.mark.parametrize(
    ("text", "value", "unit", "issue"),
    [
        ("5", 500_000_000.0, "亿元", None),
        ("(1.1)", -110_000_000.0, "亿元", None),
        ("约1.1", 110_000_000.0, "亿元", None),
        ("一千六百", 160_000_000_000.0, "亿元", None),
        ("5亿", 500_000_000.0, "亿", None),
        ("5亿元", 500_000_000.0, "亿元", None),
        ("500万", 5_000_000.0, "万", "unit_conflict"),
        ("500元", 500.0, "元", "unit_conflict"),
        ("一千六百万元", 16_000_000.0, "万元", "unit_conflict"),
        ("¥5", 500_000_000.0, "亿元", "unit_assumed"),
        ("5亿美元", 500_000_000.0, "亿美元", "unit_conflict"),
    ],
)
def test_the_unit_of_the_text_wins(text: str, value: float, unit: str, issue: str | None) -> None:
    amount = read_amount(text, read_unit("亿元") or YUAN)
    assert (amount.value, amount.unit, amount.issue) == (value, unit, issue)


def test_reasons_quote_the_text() -> None:
    assert explain("not_an_amount", "1.2.5 万元") == "'1.2.5 万元' is not an amount"
    assert explain("bound", "over 5") == (
        "'over 5' is a bound or a range, which low and high keep, and not one amount"
    )
    assert explain("no_rate", "€5", currency="EUR") == "no rate turns the EUR of '€5' into CNY"
    assert explain("unit_conflict", "5万", unit="亿元") == (
        "'5万' says its own unit, which was used and not the column's 亿元"
    )
    assert explain("missing", "x" * 80) == f"'{'x' * 57}...' stands for a missing value"
