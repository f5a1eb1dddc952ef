"""Every public function that takes a column of values, called with columns of a given kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa

from tests.frames.calls import Call

AMOUNTS = pd.Series(["1,600万元", "US$5", None, "over 210 billion yuan"])
DAYS = pd.Series(pd.to_datetime(["2024-03-01", "2024-08-01", None, "2024-08-01"]).as_unit("us"))
RATES = pd.DataFrame({"currency": ["USD"], "date": [pd.Timestamp("2024-01-01")], "rate": [7.1]})
FIGURES = pd.Series(["9 million", "over 5%", None])
MEASURES = pd.Series(["loan_amount", "share", "share"])
PERIODS = pd.Series(["2024年1-2月", "2024Q3", None])
PLACES = pd.Series(["湖南", "吉林", None])
AROUND = pd.Series([None, "吉林省", None])
CODES = pd.Series(["430000", "110000", None])

COLUMN_CALLS = [
    Call("parse_amounts", lambda f, given: f(given(AMOUNTS), rates=RATES, dates=given(DAYS))),
    Call("parse_amounts", lambda f, given: f(given(pd.Series([1.5, None]))), "of numbers"),
    Call("read_amounts", lambda f, given: f(given(AMOUNTS), rates=RATES, dates=given(DAYS))),
    Call("parse_figures", lambda f, given: f(given(FIGURES), measures=given(MEASURES))),
    Call("parse_periods", lambda f, given: f(given(PERIODS))),
    Call("parse_periods", lambda f, given: f(given(DAYS)), "of days"),
    Call("read_periods", lambda f, given: f(given(PERIODS)).table),
    Call("parse_regions", lambda f, given: f(given(PLACES), level="any", within=given(AROUND))),
    Call("read_regions", lambda f, given: f(given(PLACES), level="any", within=given(AROUND))),
    Call("region_names", lambda f, given: f(given(CODES))),
    Call("region_names", lambda f, given: f(given(pd.Series([430000, 110000]))), "of numbers"),
]

COLUMN_KINDS: dict[str, Callable[[pd.Series[Any]], Any]] = {
    "list": list,
    "NumPy": lambda values: values.to_numpy(),
    "pandas, nullable": lambda values: values.convert_dtypes(),
    "pandas on Arrow": lambda values: values.convert_dtypes(dtype_backend="pyarrow"),
    "Polars": pl.from_pandas,
    "Arrow": lambda values: pa.chunked_array([pa.Array.from_pandas(values)]),
}
