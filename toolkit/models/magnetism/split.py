"""A large file of loans in parts that hold whole firms, so that memory does not grow with it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["split_by_firm"]

ROWS_AT_ONCE = 2_000_000
HELD = 8_192
"""Rows of one part that wait in memory to be written."""
PART = "_part"


def split_by_firm(rows: nw.LazyFrame[Any], *, on_disk: int) -> Iterator[nw.LazyFrame[Any]]:
    """Yield the rows in parts of whole firms, each a random draw of them, written to disk between.

    Parameters
    ----------
    rows : LazyFrame
        Has ``firm_id``; of DuckDB, if it is split.
    on_disk : int
        Rows to be read from a file; with two million or fewer, `rows` is the only part.
    """
    import narwhals as nw

    count = -(-on_disk // ROWS_AT_ONCE)
    if count <= 1:
        yield rows
        return
    source: Any = nw.to_native(rows)
    with tempfile.TemporaryDirectory(prefix="toolkit_parts_") as folder:
        source.query("ledger", f"SET partitioned_write_flush_threshold = {HELD}")
        marked = source.project(f"*, hash(firm_id) % {count} AS {PART}")
        marked.write_parquet(folder, partition_by=[PART], row_group_size=HELD)
        for part in sorted(Path(folder).iterdir()):
            files = str(part / "*.parquet").replace("'", "''")
            held = source.query("ledger", f"SELECT * FROM read_parquet('{files}')")
            yield nw.from_native(held).lazy()
