import pytest

from toolkit.report.readings import read_figure


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("6.238", 6.238),
        ("6.238 (95% interval 5 to 7)", 6.238),
        ("10 of 31", 10),
        ("¥1,674,296", 1674296),
        ("\u2212¥5", -5),
        ("- 0.5 points", -0.5),
        ("+3.2%", 3.2),
        ("2.30e-09", 2.3e-9),
        ("1.2 billion CNY", 1.2e9),
        ("900 million CNY", 9e8),
        ("5,308亿元", 5308e8),
        ("3.5 万亿", 3.5e12),
        ("3 millionaires", 3),
        ("from 2013-2023", 2013),
        ("R2D2 has 4", 4),
    ],
)
def test_the_first_number_of_a_text_is_read(text, value):
    assert read_figure(text).value == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize("text", ["", "n/a", "unbounded", "Hunan", "R2D2"])
def test_a_text_without_a_number_has_none(text):
    assert read_figure(text) is None


def test_how_it_was_written_is_kept():
    reading = read_figure("about 7.10% a year")
    assert (reading.written, reading.decimals, reading.scale) == (7.1, 2, "%")


@pytest.mark.parametrize(
    ("text", "decimals", "step"),
    [
        ("6.238", 3, 1e-3),
        ("¥1,674,296", 0, 1),
        ("1.2 billion", 1, 1e8),
        ("5,308亿元", 0, 1e8),
        ("2.30e-09", 11, 1e-11),
        ("4.1e+12", 0, 1e11),
        ("0%", 0, 1),
    ],
)
def test_the_last_digit_that_is_written_is_known(text, decimals, step):
    reading = read_figure(text)
    assert reading.decimals == decimals
    assert reading.step == pytest.approx(step, rel=1e-12)
