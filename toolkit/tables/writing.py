"""Any frame to a file, whole or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.tables.frames import as_pandas

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["stream_table", "write_table"]


def stream_table(data: Any, path: str | Path) -> Path:
    """Write any frame as Parquet or CSV by the ending, whole or not at all, and return the path.

    A lazy frame is written as it is computed; Spark writes a folder.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    is_parquet = target.suffix == ".parquet"
    kind = type(data).__module__.partition(".")[0]
    if kind in ("duckdb", "_duckdb"):
        if is_parquet:
            # The second version packs numbers and texts by their differences: a third less to keep.
            quoted = "'" + str(partial).replace("'", "''") + "'"
            options = "format parquet, parquet_version v2"
            data.query("toolkit_rows", f"copy toolkit_rows to {quoted} ({options})")
        else:
            data.write_csv(str(partial))
    elif kind == "pyspark":
        writer = data.write.mode("overwrite")
        _discard_folder(partial)
        if is_parquet:
            writer.parquet(str(partial))
        else:
            writer.csv(str(partial), header=True)
    elif kind == "polars" and is_parquet:
        data.lazy().sink_parquet(partial)
    else:
        frame = as_pandas(data)
        if is_parquet:
            return write_table(frame, target)
        frame.to_csv(partial, index=False, lineterminator="\n")
    _discard_folder(target)
    return partial.replace(target)


def write_table(table: pd.DataFrame, path: str | Path) -> Path:
    """Write a frame as Parquet, whole or not at all, and return the path."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    table.to_parquet(partial, index=False)
    partial.replace(target)
    return target


def _discard_folder(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
