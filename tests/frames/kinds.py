"""Kinds of frames: how the rows of a pandas frame become each, and what a result is made of."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa

from toolkit import Cleaned, Evidence, PaperTable, Result, Table, as_pandas
from toolkit.results import TIDY_COLUMNS

PLACES = ("file", "sheet", "row")

_NUMBERS = itertools.count()

Kind = Callable[[pd.DataFrame, Path], Any]


@functools.cache
def _connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def _relation(frame: pd.DataFrame, _: Path) -> Any:
    name = f"frame_{next(_NUMBERS)}"
    _connection().register(name, frame)
    return _connection().table(name)


def _as_if_filtered(frame: pd.DataFrame, _: Path) -> Any:
    """Return the frame with the index that a filter leaves, and text as pandas 2 held it."""
    texts = [name for name in frame if isinstance(frame[name].dtype, pd.StringDtype)]
    return frame.astype(dict.fromkeys(texts, "object")).set_axis(range(7, 7 + len(frame)))


def _file(folder: Path, ending: str) -> Path:
    return folder / f"table_{next(_NUMBERS)}.{ending}"


def _parquet(frame: pd.DataFrame, folder: Path) -> Path:
    path = _file(folder, "parquet")
    frame.to_parquet(path, index=False)
    return path


def _csv(frame: pd.DataFrame, folder: Path) -> Path:
    path = _file(folder, "csv")
    frame.to_csv(path, index=False)
    return path


KINDS: dict[str, Kind] = {
    "pandas, filtered": _as_if_filtered,
    "pandas, nullable": lambda frame, _: frame.convert_dtypes(),
    "pandas on Arrow": lambda frame, _: frame.convert_dtypes(dtype_backend="pyarrow"),
    "Polars": lambda frame, _: pl.from_pandas(frame),
    "Polars, lazy": lambda frame, _: pl.from_pandas(frame).lazy(),
    "Arrow": lambda frame, _: pa.Table.from_pandas(frame, preserve_index=False),
    "DuckDB": _relation,
    "Parquet": _parquet,
    "CSV": _csv,
}


def parts_of(answer: Any) -> Iterator[tuple[str, Any]]:
    """Yield the frames, numbers and sentences that an answer is made of."""
    if isinstance(answer, Result):
        yield "tidy", answer.tidy()
        yield "glance", answer.glance()
        yield "notes", answer.notes
        if answer.fitted is not None:
            yield "augment", answer.augment()
    elif isinstance(answer, Table):
        yield "frame", answer.frame
        yield "notes", answer.notes
    elif isinstance(answer, Cleaned):
        # Engines keep no order of rows, and only a file has headings and places to tell of.
        yield "table", _sorted(as_pandas(answer.table))
        yield "rejected", _sorted(as_pandas(answer.rejected))
        rules = answer.audit.by_rule().query("outcome != 'heading'")
        yield "audit", rules.drop(columns="where")
    elif isinstance(answer, PaperTable):
        yield "latex", answer.to_latex()
    elif isinstance(answer, dict):
        for name, evidence in answer.items():
            assert isinstance(evidence, Evidence)
            yield name, evidence.result.tidy()
    else:
        yield "answer", answer


def _sorted(rows: pd.DataFrame) -> pd.DataFrame:
    named = [name for name in rows if name not in PLACES]
    return rows[named].sort_values(named, key=lambda column: column.astype(str), ignore_index=True)


def assert_same(answer: Any, expected: Any, *, dtypes: bool) -> None:
    """Hold an answer to that on the pandas frame; the numbers of a result are always floats."""
    assert type(answer) is type(expected)
    for (part, got), (_, wanted) in zip(parts_of(answer), parts_of(expected), strict=True):
        assert type(got) is type(wanted), part
        if isinstance(wanted, pd.Series):
            got, wanted = got.to_frame("values"), wanted.to_frame("values")
        if isinstance(wanted, pd.DataFrame):
            _assert_same_rows(got, wanted, part=part, dtypes=dtypes)
        else:
            assert got == wanted, part


def _assert_same_rows(got: pd.DataFrame, wanted: pd.DataFrame, *, part: str, dtypes: bool) -> None:
    assert [*got.columns] == [*wanted.columns], part
    if part == "tidy":
        numbers = [*TIDY_COLUMNS[1:]]
        assert (got.dtypes[numbers] == wanted.dtypes[numbers]).all(), part
    got, wanted = (frame.reset_index(drop=True) for frame in (got, wanted))
    if not dtypes:
        got, wanted = (frame.astype(object).mask(frame.isna(), None) for frame in (got, wanted))
        got.columns = wanted.columns
    pd.testing.assert_frame_equal(got, wanted, rtol=1e-12, obj=part)
