"""Any frame, or the file at a path, as one lazy frame; its names and its mark."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.errors import ColumnError, OptionError, did_you_mean
from toolkit.language import say
from toolkit.tables.files import missing_file, open_relation, read_parquet
from toolkit.tables.plain import plain

if TYPE_CHECKING:
    import narwhals as nw

__all__ = [
    "as_names",
    "as_pandas",
    "as_table",
    "column_names",
    "first_rows",
    "label_of",
    "require",
]

SIMULATED = "simulated"
"""The key of the mark that simulated data carries."""

_STUDY = re.compile(r"simulated study of ([\d,]+) firms, random_state (\d+)")


def as_table(data: Any) -> nw.LazyFrame[Any]:
    """Return any frame, or the file at a path, as a lazy Narwhals frame.

    Parameters
    ----------
    data : frame or path
        A pandas, Polars, Arrow, DuckDB or Spark frame, or a path to a Parquet, CSV, TSV or
        JSON-lines file (CSV also compressed by gzip), which DuckDB opens without loading it.

    Raises
    ------
    DataError
        If the file is not there, is empty, or is of no known kind.
    OptionError
        If `data` is no frame that Narwhals knows.

    Examples
    --------
    >>> import pandas as pd
    >>> as_table(pd.DataFrame({"region": ["430000"]})).collect_schema().names()
    ['region']
    """
    import narwhals as nw

    native = open_relation(Path(data)) if isinstance(data, str | os.PathLike) else data
    try:
        table: nw.LazyFrame[Any] = nw.from_native(native).lazy()
    except TypeError as error:
        raise OptionError(
            "data is a frame of pandas, Polars, Arrow, DuckDB or Spark, or a path; "
            f"got {type(data).__name__}."
        ) from error
    return table


def as_pandas(data: Any) -> pd.DataFrame:
    """Return any frame, or the file at a path, as a pandas frame held in memory.

    Days become ``datetime64[us]`` whatever the engine has them as; a pandas frame stays as it is.

    Examples
    --------
    >>> import polars as pl
    >>> as_pandas(pl.DataFrame({"year": [2023]}))
       year
    0  2023
    """
    if isinstance(data, pd.DataFrame):
        return data
    if isinstance(data, str | os.PathLike) and Path(data).suffix.lower() == ".parquet":
        return _held(as_table(read_parquet(Path(data))))
    return _held(as_table(data))


def _held(table: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Compute a lazy frame; its days as pandas has them, where engines hand out objects."""
    import narwhals as nw

    days = [name for name, kind in table.collect_schema().items() if kind == nw.Date]
    frame = plain(table.collect().to_pandas())
    return frame.astype(dict.fromkeys(days, "datetime64[us]")) if days else frame


def first_rows(data: Any, count: int) -> pd.DataFrame:
    """Return the first rows of any frame as pandas."""
    if isinstance(data, pd.DataFrame):
        return data.head(count)
    return _held(as_table(data).head(count))


def label_of(data: Any) -> str:
    """Return the mark that simulated data carries, such as "simulated study of 2,170 firms".

    It is in the language that is spoken (:func:`toolkit.speak`).

    Parameters
    ----------
    data : frame, path, folder or several paths
        A pandas frame (its ``attrs``), a Parquet file (its metadata), or another file, whose name
        begins with the mark; a folder or several files where one of them has it; whatever else has
        none.

    Examples
    --------
    >>> import pandas as pd
    >>> label_of(pd.DataFrame())
    ''
    """
    if isinstance(data, pd.DataFrame):
        return _said(str(data.attrs.get(SIMULATED, "")))
    if isinstance(data, list | tuple):
        return next(filter(None, map(label_of, data)), "")
    if isinstance(data, str | os.PathLike) and Path(data).is_dir():
        return label_of([path for path in sorted(Path(data).rglob("*")) if path.is_file()])
    if isinstance(data, str | os.PathLike) and Path(data).suffix == ".parquet":
        import pyarrow.parquet as pq

        try:
            held = pq.read_schema(Path(data)).metadata or {}
        except FileNotFoundError as error:
            raise missing_file(Path(data)) from error
        return _said(bytes(held.get(SIMULATED.encode(), b"")).decode())
    if isinstance(data, str | os.PathLike) and Path(data).name.startswith(SIMULATED):
        return say(f"{SIMULATED} data")
    return ""


def _said(mark: str) -> str:
    study = _STUDY.fullmatch(mark)
    if study is None:
        return say(mark)
    firms, seed = study.groups()
    return say("simulated study of {firms} firms, random_state {seed}", firms=firms, seed=seed)


def as_names(names: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return one name, several or none as a tuple.

    Examples
    --------
    >>> as_names("region"), as_names(None)
    (('region',), ())
    """
    if names is None:
        return ()
    return (names,) if isinstance(names, str) else tuple(names)


def column_names(table: nw.LazyFrame[Any]) -> list[str]:
    """Return the names of the columns, without reading rows."""
    return table.collect_schema().names()


def require(table: nw.LazyFrame[Any], *names: str) -> None:
    """Refuse a lazy frame that lacks a column.

    Raises
    ------
    ColumnError
        Naming the missing column, the nearest that is there, and all that are.
    """
    there = column_names(table)
    for name in names:
        if name not in there:
            raise ColumnError(
                f"No column {name!r}.{did_you_mean(name, there)} The table has: {', '.join(there)}."
            )
