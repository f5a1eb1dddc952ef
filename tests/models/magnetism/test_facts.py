from __future__ import annotations

import numpy as np
import pytest

from toolkit.errors import ModelError
from toolkit.models.magnetism.facts import Counts, RunningMedian


@pytest.mark.parametrize("rows", [1, 2, 999, 60_001, 60_002])
@pytest.mark.parametrize("parts", [1, 7])
def test_the_running_median_is_the_median(rows: int, parts: int) -> None:
    values = np.random.default_rng(rows).lognormal(size=rows)
    running = RunningMedian()
    for part in np.array_split(values, parts):
        running.add(part)
    assert running.value() == np.median(values)


def test_the_running_median_of_nothing_and_of_one_value_alone() -> None:
    assert np.isnan(RunningMedian().value())
    running = RunningMedian()
    running.add(np.ones(30_000))
    running.add(np.ones(30_000))
    assert running.value() == 1.0


def test_parts_that_are_no_random_draws_are_refused_rather_than_answered_wrongly() -> None:
    running = RunningMedian()
    for part in np.array_split(np.arange(90_000.0), 3):
        running.add(part)
    with pytest.raises(ModelError) as refused:
        running.value()
    assert str(refused.value) == (
        "The median lies outside the middle of the first values: they are in an order. "
        "Shuffle the rows."
    )


def test_counts_by_hand_and_of_parts() -> None:
    lead, follow = np.array([2.0, 1.0, 0.0, 4.0]), np.array([2.0, 0.0, 3.0, 8.0])
    own = np.array([1.0, 0.0, 2.0])
    whole = Counts.of(lead, follow, own)
    assert whole.facts(1.0) == {
        "lead": 7.0,
        "follow": 13.0,
        "units": 4,
        "mean_ratio": 1.0,
        "median_ratio": 1.0,
        "share_with_follow": 0.75,
        "share_at_one": 0.25,
    }
    assert Counts.of(lead[:2], follow[:2], own[:2]) + Counts.of(lead[2:], follow[2:], own[2:]) == (
        whole
    )
