"""Turnbull's curve and the curve of units seen once."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import ColumnError, DataError, OptionError
from toolkit.models.curves import current_status, status_critical_value, turnbull
from toolkit.models.survival import current_status_curve, survival_curve, turnbull_curve


def test_turnbull_comes_at_least_as_high_as_r(r_answers):
    answer = r_answers["turnbull"]
    left = np.array(answer["left"], float)
    right = np.array([np.inf if r is None else r for r in answer["right"]], float)
    fit = turnbull(left, right)
    table = turnbull_curve(
        pd.DataFrame({"left": left, "right": right}), earliest="left", latest="right"
    ).tidy()
    theirs = pd.Series(answer["survival"], answer["time"])
    at_ends = theirs[theirs.index.isin([45 + 90 * k for k in range(11)])]
    ours = pd.Series(1 - np.cumsum(fit.mass), fit.right).iloc[: len(at_ends)]
    np.testing.assert_allclose(ours, at_ends, atol=2e-3)
    assert table["age"].is_monotonic_increasing
    mass = -np.diff(np.concatenate([[1.0], at_ends, [0.0]]))
    starts, ends = fit.left, fit.right
    inside = (left[:, None] <= starts) & (ends <= right[:, None])
    assert fit.log_likelihood >= np.log(inside @ mass).sum() - 1e-9


def test_turnbull_of_exact_and_censored_times_is_the_product_limit(lung):
    rows = lung.assign(after=lung["time"], until=lung["time"].where(lung["status"] == 1))
    table = turnbull_curve(rows, earliest="after", latest="until").tidy()
    curve = survival_curve(lung, exits="censor").tidy()
    steps = curve[curve["events"] > 0]
    assert table["age"].tolist() == steps["age"].tolist()
    np.testing.assert_allclose(table["estimate"], steps["estimate"], atol=1e-6)


def test_turnbull_by_hand():
    # Two in (0, 3], one in (3, 6], one in (0, 6]: the wide one follows the others, 2 to 1.
    rows = pd.DataFrame({"after": [0, 0, 3, 0], "until": [3.0, 3, 6, 6]})
    curve = turnbull_curve(rows, earliest="after", latest="until")
    np.testing.assert_allclose(curve.tidy()["estimate"], [1 / 3, 0], atol=1e-9)
    assert curve.sentence() == (
        "half reach production between 0 and 3 months (4 spells with dates in intervals)."
    )
    axes = curve.plot()
    assert len(axes.get_lines()) == 1
    axes.figure.clear()


spans = st.lists(
    st.tuples(st.integers(0, 8), st.one_of(st.integers(0, 5), st.none())), min_size=1, max_size=20
)


@given(spans)
def test_turnbull_satisfies_the_condition_of_a_maximum(pairs):
    left = np.array([a for a, _ in pairs], float)
    right = np.array([np.inf if w is None else a + w for a, w in pairs], float)
    fit = turnbull(left, right)
    assert fit.mass.sum() == pytest.approx(1)
    exact = left == right
    low = np.where(exact, np.nextafter(left, -np.inf), left)
    start = np.where(fit.left == fit.right, np.nextafter(fit.left, -np.inf), fit.left)
    inside = ((low[:, None] <= start) & (fit.right <= right[:, None])).astype(float)
    gradient = (inside / (inside @ fit.mass)[:, None]).sum(axis=0)
    assert gradient.max() <= len(left) * (1 + 1e-6)


def test_bad_bounds_are_named():
    rows = pd.DataFrame({"after": [0, 5], "until": [3.0, 4]})
    with pytest.raises(DataError) as caught:
        turnbull_curve(rows, earliest="after", latest="until")
    assert str(caught.value) == (
        "1 rows have after after until (first: row 1). Correct them at the source."
    )
    with pytest.raises(DataError, match="1 rows have no after"):
        turnbull_curve(rows.assign(after=[0, np.nan]), earliest="after", latest="until")
    with pytest.raises(ColumnError, match="No column 'begin'"):
        turnbull_curve(rows, earliest="begin", latest="until")


def test_current_status_by_hand():
    seen = pd.DataFrame(
        {"age": [1, 1, 2, 2, 3, 3, 4], "done": [False, True, False, False, True, False, True]}
    )
    table = current_status_curve(seen, age="age", reached="done").tidy()
    # Shares 1/2, 0, 1/2, 1: the first two are pooled to 1/4.
    assert table["estimate"].tolist() == [0.25, 0.25, 0.5, 1.0]
    assert table["seen"].tolist() == [2, 2, 2, 1]
    assert table["reached"].tolist() == [1, 0, 1, 1]


@given(
    st.lists(st.tuples(st.integers(0, 10), st.booleans()), min_size=1, max_size=40),
)
def test_current_status_rises_within_its_limits(pairs):
    age = [a for a, _ in pairs]
    done = [float(b) for _, b in pairs]
    fit = current_status(age, done, critical=status_critical_value(0.95))
    assert (np.diff(fit.share) >= 0).all()
    assert (fit.low <= fit.share + 1e-12).all()
    assert (fit.share <= fit.high + 1e-12).all()
    assert ((fit.low >= 0) & (fit.high <= 1)).all()


def test_current_status_by_group_and_sentence():
    rng = np.random.default_rng(3)
    age = rng.integers(1, 37, 600)
    done = rng.exponential(15, 600) <= age
    rows = pd.DataFrame({"months": age, "made": done, "region": np.arange(600) % 2})
    curve = current_status_curve(rows, age="months", reached="made", by="region")
    assert list(curve.tidy().columns[:3]) == ["region", "age", "term"]
    assert curve.sentence().startswith("0: half have reached it by ")
    axes = curve.plot()
    assert len(axes.get_lines()) == 2
    axes.figure.clear()


@pytest.mark.slow
def test_current_status_limits_cover_as_often_as_they_say():
    rng = np.random.default_rng(99)
    truth = 1 - np.exp(-12 / 15)
    critical = status_critical_value(0.95)
    held = []
    for _ in range(400):
        age = rng.integers(1, 41, 1200)
        done = rng.exponential(15, 1200) <= age
        fit = current_status(age, done, critical=critical)
        at = np.searchsorted(fit.age, 12)
        held.append(fit.low[at] <= truth <= fit.high[at])
    assert 0.925 <= np.mean(held) <= 0.985


def test_bad_flags_are_named():
    rows = pd.DataFrame({"months": [3, 6], "made": ["yes", "no"]})
    with pytest.raises(DataError) as caught:
        current_status_curve(rows, age="months", reached="made")
    assert str(caught.value) == (
        "made is true or false, 1 or 0; 2 rows have another, first 'yes'. "
        "Correct them, or leave them out."
    )
    with pytest.raises(DataError, match="months is an age in months, 0 or more; 1 rows"):
        current_status_curve(
            pd.DataFrame({"months": [-3, 6], "made": [0, 1]}), age="months", reached="made"
        )
    with pytest.raises(OptionError, match=r"between 0\.5 and 0\.99 here"):
        current_status_curve(rows, age="months", reached="made", conf_level=0.999)
