"""Indices of inequality, worked by hand, and what must hold of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import ModelError
from toolkit.models.inequality import (
    decomposed_theil,
    gini,
    herfindahl,
    hoover,
    krugman,
    theil_l,
    theil_t,
    williamson,
)

INCOMES = st.lists(st.floats(0.1, 1e4), min_size=2, max_size=12)


def test_gini_of_four_by_the_mean_difference():
    values = np.array([1.0, 2.0, 3.0, 10.0])
    mean_difference = np.abs(np.subtract.outer(values, values)).mean()
    assert gini(values) == pytest.approx(mean_difference / (2 * values.mean()), abs=1e-14)
    # The formula of REAT: 2 sum(i x_i) / (n sum x) - (n + 1) / n.
    assert gini(values) == pytest.approx(2 * (1 + 4 + 9 + 40) / (4 * 16) - 5 / 4, abs=1e-14)


def test_weights_repeat_their_values():
    values, counts = np.array([1.0, 5.0, 2.0]), np.array([3, 1, 2])
    repeated = np.repeat(values, counts)
    for index in (gini, theil_t, theil_l):
        assert index(values, counts) == pytest.approx(index(repeated), abs=1e-14)
    equal = np.ones(6)
    assert williamson(values, counts) == pytest.approx(williamson(repeated, equal), abs=1e-14)


def test_theil_by_hand():
    assert theil_t([1.0, 3.0]) == pytest.approx(0.5 * (0.5 * np.log(0.5) + 1.5 * np.log(1.5)))
    assert theil_l([1.0, 3.0]) == pytest.approx(0.5 * (np.log(2) + np.log(2 / 3)))
    assert theil_t([0.0, 2.0]) == pytest.approx(np.log(2))
    assert theil_l([0.0, 2.0]) == np.inf


def test_shares_by_hand():
    assert herfindahl([1.0, 1.0, 2.0]) == pytest.approx(0.0625 + 0.0625 + 0.25)
    assert hoover([1.0, 1.0, 2.0], [1.0, 1.0, 1.0]) == pytest.approx(1 / 2 - 1 / 3)
    assert krugman([3.0, 1.0], [1.0, 3.0]) == pytest.approx(1.0)
    assert williamson([10.0, 20.0], [3.0, 1.0]) == pytest.approx(np.sqrt(18.75) / 12.5)


def test_one_takes_all():
    values = [0.0] * 9 + [1.0]
    assert gini(values) == pytest.approx(0.9)
    assert herfindahl(values) == 1.0
    assert hoover(values) == pytest.approx(0.9)
    assert theil_t(values) == pytest.approx(np.log(10))


@given(INCOMES, st.floats(0.01, 100))
def test_indices_do_not_know_the_unit_and_are_zero_for_equals(values, unit):
    equal = [unit] * len(values)
    for index in (gini, theil_t, theil_l, hoover):
        assert index(np.array(values) * unit) == pytest.approx(index(values), abs=1e-9)
        assert index(equal) == pytest.approx(0, abs=1e-12)
        assert index(values) >= -1e-12


@given(INCOMES, st.data())
def test_theil_is_what_is_between_and_what_is_within(values, data):
    groups = data.draw(st.lists(st.sampled_from("abc"), min_size=len(values), max_size=len(values)))
    weights = data.draw(st.lists(st.floats(0.5, 9), min_size=len(values), max_size=len(values)))
    for kind in ("T", "L"):
        parts = decomposed_theil(values, weights, groups, kind=kind)
        assert parts.between + parts.within == pytest.approx(parts.total, abs=1e-9)
        assert parts.between >= -1e-12
        assert parts.within >= -1e-12


@pytest.mark.parametrize(
    ("values", "weights", "message"),
    [
        ([1.0, -1.0], None, "neither missing nor negative"),
        ([1.0, np.nan], None, "neither missing nor negative"),
        ([0.0, 0.0], None, "all values are zero"),
        ([1.0, 2.0], [1.0], "one value and one weight for each place"),
    ],
)
def test_values_without_an_index_are_refused(values, weights, message):
    with pytest.raises(ModelError, match=message):
        gini(values, weights)
