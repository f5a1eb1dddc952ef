"""The dtypes that pandas has by default, whichever backend holds the columns."""

from __future__ import annotations

import pandas as pd

__all__ = ["plain"]


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with its nullable and Arrow-backed columns as pandas has them by default.

    Formulas and much of NumPy know no ``pd.NA``. Whole numbers of which some are missing become
    floats, and truths of which some are missing objects. Times of a zone are those that its
    clocks show, since Spark hands out all times with one. The frame given stays as it is.

    Examples
    --------
    >>> frame = pd.DataFrame({"year": [2023, None], "name": ["a", None]}).convert_dtypes()
    >>> plain(frame).dtypes.astype(str).to_dict()
    {'year': 'float64', 'name': 'str'}
    """
    names = [name for name in frame if _is_odd(frame[name].dtype)]
    if not names:
        return frame
    plainer = frame.copy(deep=False)
    for name, column in _from_arrow(frame[names]).items():
        zoned = isinstance(column.dtype, pd.DatetimeTZDtype)
        plainer[name] = column.dt.tz_localize(None) if zoned else column
    return plainer


def _is_odd(dtype: object) -> bool:
    return isinstance(dtype, pd.DatetimeTZDtype) or getattr(dtype, "na_value", None) is pd.NA


def _from_arrow(columns: pd.DataFrame) -> pd.DataFrame:
    import pyarrow as pa

    table = pa.Table.from_pandas(columns, preserve_index=False)
    frame: pd.DataFrame = table.to_pandas(ignore_metadata=True, date_as_object=False)
    return frame.set_axis(columns.index)
