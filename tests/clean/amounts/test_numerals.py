from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.clean.amounts.marks import UnreadableError
from toolkit.clean.amounts.numerals import read_number

PLAIN = "零一二三四五六七八九", ("", "十", "百", "千"), ("", "万", "亿", "万亿")
CAPITALS = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"), ("", "万", "亿", "万亿")


def spell_section(number: int, digits: str, places: tuple[str, ...]) -> str:
    """Spell 1 to 9999: 1050 is 一千零五十."""
    spelled, skipped = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            spelled += (digits[0] if skipped else "") + digits[digit] + places[power]
        skipped = bool(spelled) and not digit
    return spelled


def spell_chinese(number: int, style: tuple[str, tuple[str, ...], tuple[str, ...]] = PLAIN) -> str:
    """Spell as a clerk would, four places at a time."""
    digits, places, myriads = style
    if number == 0:
        return digits[0]
    spelled = ""
    for at in range(2, -1, -1):
        section = number // 10_000**at % 10_000
        if not section:
            continue
        gap = spelled and section < 1000
        spelled += (digits[0] if gap else "") + spell_section(section, digits, places) + myriads[at]
    return spelled


UNITS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
fifteen sixteen seventeen eighteen nineteen"""
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"


def spell_english(number: int) -> str:
    units, tens = UNITS.split(), TENS.split()
    if number < 20:
        return units[number]
    if number < 100:
        return tens[number // 10 - 2] + (f" {units[number % 10]}" if number % 10 else "")
    for size, word in (
        (10**9, "billion"),
        (10**6, "million"),
        (1000, "thousand"),
        (100, "hundred"),
    ):
        if number >= size:
            rest = f" {spell_english(number % size)}" if number % size else ""
            return f"{spell_english(number // size)} {word}{rest}"
    raise AssertionError


@given(st.integers(0, 10**12 - 1))
def test_chinese_numerals_come_back(number: int) -> None:
    assert read_number(list(spell_chinese(number))).value == number


@given(st.integers(0, 10**12 - 1))
def test_financial_capitals_come_back(number: int) -> None:
    assert read_number(list(spell_chinese(number, CAPITALS))).value == number


@given(st.integers(0, 10**12 - 1))
def test_english_words_come_back(number: int) -> None:
    assert read_number(spell_english(number).split()).value == number


@given(st.integers(1, 9999), st.integers(0, 9999), st.integers(10, 9999))
def test_mixed_forms_add_up(hundred_millions: int, ten_thousands: int, rest: int) -> None:
    words = [str(hundred_millions), "亿", str(ten_thousands), "万", str(rest)]
    assert read_number(words).value == hundred_millions * 10**8 + ten_thousands * 10**4 + rest


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("一千六百", 1600),
        ("两亿三千万", 230_000_000),
        ("壹佰贰拾万", 1_200_000),
        ("十五", 15),
        ("一百一十五", 115),
        ("二〇二四", 2024),
        ("两百五", 250),
        ("三千五", 3500),
        ("一万二", 12_000),
        ("一亿二", 120_000_000),
        ("一万零二", 10_002),
        ("五万亿", 5 * 10**12),
        ("三点五亿", 350_000_000),
        ("二十一点五亿", 2_150_000_000),
        ("零点五", Decimal("0.5")),
        ("两億三千萬", 230_000_000),
    ],
)
def test_chinese_numerals_by_hand(words: str, value: int | Decimal) -> None:
    assert read_number(list(words)).value == value


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (["1.6", "千", "万"], 16_000_000),
        (["3", "千", "5", "百", "万"], 35_000_000),
        (["5", "十", "万"], 500_000),
        (["1.5", "万", "亿"], 1_500_000_000_000),
        (["1", "亿", "2000.5", "万"], 120_005_000),
        (["1.5", "hundred", "million"], 150_000_000),
        (["five", "thousand", "million"], 5_000_000_000),
        (["500", "wan"], 5_000_000),
    ],
)
def test_mixed_forms_by_hand(words: list[str], value: int) -> None:
    assert read_number(words).value == value


@pytest.mark.parametrize(
    "words",
    [
        ["万"], ["百", "万"], ["million"], ["hundred", "five"], ["5", "6"],
        ["1.5", "亿", "2000", "万"],
        ["1", "万", "2"], ["1", "万", "2", "万"], ["1", "亿", "亿"], ["5", "百", "千"],
        ["1", "亿", "20000", "万"], ["1", "万", "20000"], ["five", "ten"], ["twenty", "eleven"],
        ["two", "thousand", "five", "million"], ["5", "million", "five"], ["5", "万", "million"],
        ["点", "五"], ["五", "点"], ["一", "点", "五", "点", "五"], ["一", "二", "百"], ["1e30"],
        ["1e-31"],
    ],
)  # fmt: skip
def test_words_that_form_no_number(words: list[str]) -> None:
    with pytest.raises(UnreadableError):
        read_number(words)


def test_the_scale_of_the_unit_is_told_apart_from_the_number() -> None:
    assert read_number(["1600", "万"])[1:] == (10_000, 10_000, True)
    assert read_number(list("一千六百万"))[1:] == (10_000, 1_000_000, True)
    assert read_number(list("一千六百"))[1:] == (1, 100, False)
    assert read_number(["16", "million"])[1:] == (10**6, 10**6, True)
