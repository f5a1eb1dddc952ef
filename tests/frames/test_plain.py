import pandas as pd
import pytest

from tests.frames.calls import CALLS, answer_on_pandas
from tests.frames.kinds import assert_same
from toolkit.tables import plain

FRAME = pd.DataFrame(
    {
        "year": [2023, None],
        "count": [1, 2],
        "share": [0.5, None],
        "name": ["a", None],
        "known": [True, False],
        "said": [True, None],
        "day": pd.to_datetime(["2024-03-05", None]).as_unit("us"),
    },
    index=[7, 9],
)
DTYPES = ["float64", "int64", "float64", "str", "bool", "object", "datetime64[us]"]


@pytest.mark.parametrize("backend", ["numpy_nullable", "pyarrow"])
def test_columns_of_other_backends_become_those_of_pandas(backend):
    given = FRAME.convert_dtypes(dtype_backend=backend)
    kept = given.copy()
    shown = plain(given)
    assert shown.dtypes.astype(str).tolist() == DTYPES
    assert shown.index.tolist() == [7, 9]
    assert shown["said"].tolist() == [True, None]
    pd.testing.assert_frame_equal(shown.drop(columns="said"), FRAME.drop(columns="said"))
    pd.testing.assert_frame_equal(given, kept)


def test_a_plain_frame_is_not_copied():
    assert plain(FRAME) is FRAME


def test_times_of_a_zone_are_those_that_its_clocks_show():
    times = pd.to_datetime(["2024-03-05 09:00"]).tz_localize("Asia/Shanghai")
    assert plain(pd.DataFrame({"seen": times}))["seen"].tolist() == [pd.Timestamp(2024, 3, 5, 9)]


NAMES = ("accounts_panel", "figure_table", "lender_table", "programme_table", "regional_profile")


@pytest.mark.parametrize(
    "call", [call for call in CALLS if call.name in NAMES], ids=lambda call: call.title
)
def test_codes_that_a_reader_took_for_numbers_are_codes(call):
    answer = call.run(lambda frame: frame.assign(region=pd.to_numeric(frame["region"])))
    assert_same(answer, answer_on_pandas(call), dtypes=True)
