from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.clean.amounts.marks import UnreadableError, normalize, read_figure, swap_marks


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1600", "1600"),
        ("1,600", "1600"),
        ("1,234,567.8", "1234567.8"),
        ("1.234.567,8", "1234567.8"),
        ("1.234,5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1 234 567,8", "1234567.8"),
        ("1 234 567.8", "1234567.8"),
        ("1'234'567.8", "1234567.8"),
        ("1.234", "1.234"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1.50", "1.5"),
        ("1.6e+07", "16000000"),
        ("007", "7"),
    ],
)
def test_figures_of_every_convention(text: str, value: str) -> None:
    assert read_figure(text) == Decimal(value)


@pytest.mark.parametrize("text", ["1,23", "0,5", "0,500", "1234,567", "12,34,567", "1,0000"])
def test_a_comma_that_settles_nothing_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read_figure(text)
    assert refused.value.issue == "ambiguous_marks"


@pytest.mark.parametrize("text", ["1.2.5", "1,5.2", "1 23", "1'23", "1 234'567", "9" * 26, "1,5e3"])
def test_marks_of_no_convention_are_no_number(text: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read_figure(text)
    assert refused.value.issue == "not_an_amount"


def test_full_width_and_odd_dashes_fold() -> None:
    assert normalize("　－１，６００．５％　") == "-1,600.5%"
    assert normalize("−5") == normalize("–5") == normalize("-5") == "-5"
    assert normalize("5——10万") == "5至10万"
    assert normalize("\ufeff5\u200b00\xa0RMB") == "500 rmb"


def test_what_merely_looks_like_a_digit_stays() -> None:
    assert normalize("5² ① ½") == "5² ① ½"


def test_long_text_is_refused() -> None:
    with pytest.raises(UnreadableError):
        normalize("5" * 201)


@given(st.text(alphabet="0123456789.,，．", max_size=20))
def test_swapping_twice_changes_nothing_more_than_folding(text: str) -> None:
    once = swap_marks(text)
    assert swap_marks(swap_marks(once)) == once
