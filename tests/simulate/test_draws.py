import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import OptionError
from toolkit.simulate.draws import (
    after_months,
    at_least,
    check_order,
    check_share,
    generator,
    months_until,
    positive,
    unit_mean,
)

DAYS = st.dates(pd.Timestamp("2015-01-01").date(), pd.Timestamp("2030-12-31").date())


def _day(date):
    return np.array([np.datetime64(date, "D")])


@given(DAYS, st.floats(0, 60, exclude_max=True))
def test_a_month_is_a_calendar_month(start, months):
    day = pd.Timestamp(after_months(_day(start), np.array([months]))[0])
    low = pd.Timestamp(start) + pd.DateOffset(months=int(months))
    high = pd.Timestamp(start) + pd.DateOffset(months=int(months) + 1)
    assert low < day < high


@given(DAYS, DAYS, st.floats(0, 60))
def test_what_is_seen_is_what_ends_by_the_last_day(start, end, months):
    seen = months_until(_day(start), str(end))[0]
    assert (after_months(_day(start), np.array([months]))[0] <= np.datetime64(end)) == (
        months < seen
    )


def test_months_by_hand():
    start = np.array(["2023-01-31", "2023-03-10"], dtype="M8[D]")
    assert months_until(start, "2023-02-28").tolist() == [1.0, -1 + 18 / 27]
    moved = after_months(start, np.array([0.0, 1.5]))
    assert moved.astype(str).tolist() == ["2023-02-01", "2023-04-25"]


def test_factors_have_mean_one():
    factors = unit_mean(generator(1), 0.8, 400_000)
    error = factors.std() / np.sqrt(len(factors))
    assert abs(factors.mean() - 1) < 4 * error


def test_streams_are_named_and_not_counted():
    assert generator(7, "loans").random() == generator(7, "loans").random()
    numbers = {generator(7, name).random() for name in ("loans", "firms", 0, 1)}
    assert len(numbers) == 4


@pytest.mark.parametrize("wrong", [-1, 1.5, "seven", True, None])
def test_a_seed_is_a_whole_number(wrong):
    with pytest.raises(OptionError) as caught:
        generator(wrong)
    assert str(caught.value) == (
        f"random_state is a whole number of 0 or more; got {wrong!r}. "
        "Give a number such as 7: the same number makes the same study."
    )


@pytest.mark.parametrize(
    ("check", "message"),
    [
        (lambda: positive(scale=0), "scale is a number above 0; got 0."),
        (lambda: positive(scale=float("nan")), "scale is a number above 0; got nan."),
        (lambda: at_least(0, sd=-1), "sd is a number of 0 or more; got -1."),
        (
            lambda: check_share(share=47),
            "share is a fraction from 0 to 1; got 47. Did you mean 0.47?",
        ),
        (lambda: check_share(share=-0.1), "share is a fraction from 0 to 1; got -0.1."),
        (
            lambda: check_order({"first": "2024-01-01"}, {"last": "2023-01-01"}),
            "first lies before last; got 2024-01-01 and 2023-01-01.",
        ),
    ],
)
def test_options_that_cannot_be_meant(check, message):
    with pytest.raises(OptionError) as caught:
        check()
    assert str(caught.value) == message
