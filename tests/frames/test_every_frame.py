"""The promise that every function takes any kind of frame, or a path, and gives the same answer."""

from __future__ import annotations

import copy

import pandas as pd
import pytest

from tests.frames.calls import CALLS, answer_on_pandas
from tests.frames.columns import COLUMN_CALLS, COLUMN_KINDS
from tests.frames.kinds import KINDS, assert_same


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.title)
def test_the_answer_is_that_on_pandas(call, kind, tmp_path):
    answer = call.run(lambda frame: KINDS[kind](frame, tmp_path))
    assert_same(answer, answer_on_pandas(call), dtypes=not kind.startswith("pandas"))


@pytest.mark.parametrize("kind", COLUMN_KINDS)
@pytest.mark.parametrize("call", COLUMN_CALLS, ids=lambda call: call.title)
def test_the_answer_on_any_column_is_that_on_a_series(call, kind):
    assert_same(call.run(COLUMN_KINDS[kind]), answer_on_pandas(call), dtypes=True)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.title)
def test_a_frame_stays_as_it_was(call):
    given: list[tuple[pd.DataFrame, pd.DataFrame]] = []

    def watched(frame: pd.DataFrame) -> pd.DataFrame:
        mine = frame.copy()
        mine.attrs = {"simulated": "simulated study", "notes": ["from the test"]}
        kept = mine.copy()
        kept.attrs = copy.deepcopy(mine.attrs)
        given.append((mine, kept))
        return mine

    call.run(watched)
    assert given
    for after, before in given:
        pd.testing.assert_frame_equal(after, before)
        assert after.attrs == before.attrs
