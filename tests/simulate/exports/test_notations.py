import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.simulate import decode
from toolkit.simulate.exports.notations import (
    AMOUNTS,
    DAYS,
    NOWHERE,
    REGIONS,
    chinese_numeral,
    excel_serial,
    mistyped,
)
from toolkit.simulate.places import PROVINCES

HUNDREDS = st.integers(1, 10**10 - 1).map(lambda number: 100 * number)


@pytest.mark.parametrize("name", sorted(set(AMOUNTS) - {"heading_unit"}))
@given(amount=HUNDREDS)
def test_amounts_can_be_read_back(name, amount):
    assert decode.amount(AMOUNTS[name](amount)) == amount


@given(st.integers(0, 10**12 - 1))
def test_numerals_can_be_read_back(number):
    assert decode.numeral(chinese_numeral(number)) == number


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (16_000_000, "一千六百万"),
        (10, "一十"),
        (101, "一百零一"),
        (1_001_000, "一百万一千"),
        (20_000_300, "二千万零三百"),
        (120_030_000, "一亿二千零三万"),
        (100_000_001, "一亿零一"),
    ],
)
def test_numerals_by_hand(number, text):
    assert chinese_numeral(number) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ten_thousands", "1,650万元"),
        ("full_width", "１，６５０万元"),
        ("yuan", "16,500,000元"),
        ("numerals", "一千六百五十万元"),
        ("hundred_millions", "0.165亿元"),
        ("millions", "¥16.5 million"),
        ("rmb", "RMB 16,500,000"),
        ("scientific", "1.65e7"),
        ("digits", "16500000"),
        ("heading_unit", "1650"),
    ],
)
def test_amounts_by_hand(name, text):
    assert AMOUNTS[name](16_500_000) == text


@pytest.mark.parametrize("name", sorted(DAYS))
@given(day=st.dates(dt.date(2000, 1, 1), dt.date(2030, 12, 31)))
def test_days_can_be_read_back(name, day):
    assert decode.day(DAYS[name](day)) == day


def test_a_serial_counts_as_spreadsheets_do():
    assert excel_serial(dt.date(1900, 3, 1)) == 61
    assert excel_serial(dt.date(2024, 3, 5)) == 45356


def test_typing_errors_make_no_other_province():
    known = {write(place) for write in REGIONS.values() for place in PROVINCES}
    wrong = {mistyped(place, latin=latin) for place in PROVINCES for latin in (True, False)}
    assert len(wrong) == 62
    assert not wrong & known
    assert not set(NOWHERE) & known


def test_provinces_are_those_of_the_standard():
    from tests.project import RAW

    table = (RAW / "divisions/gb2260_divisions.csv").read_text(encoding="utf-8-sig").splitlines()
    lines = [line.split(",") for line in table]
    stated = [
        (code, full, short, letter, latin)
        for code, level, full, short, letter, latin, *_ in lines
        if level == "province" and code < "700000"
    ]
    assert [tuple(place) for place in PROVINCES] == stated
