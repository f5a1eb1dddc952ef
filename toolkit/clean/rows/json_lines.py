"""JSON lines as a table of texts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.errors import DataError

if TYPE_CHECKING:
    from toolkit.clean.rows.engines import DuckDB

__all__ = ["read_json_lines"]


def read_json_lines(path: Path, engine: DuckDB) -> str:
    """Read one JSON object a line into a DuckDB table of texts, and return the table's name.

    The columns are all keys of the file in their order of appearance; a line without one of them
    has an empty cell there.

    Raises
    ------
    DataError
        If a line is no JSON object.
    """
    import duckdb

    quoted = "'" + str(path).replace("'", "''") + "'"
    objects = f"read_ndjson_objects({quoted})"
    try:
        lines = engine.table(f"select json from {objects}")
        keys = engine.query(
            f"select key from (select unnest(json_keys(json)) as key, rowid from {lines}) "
            "group by key order by min(rowid), key"
        ).fetchall()
    except duckdb.Error as error:
        first = " ".join(str(error).split())[:200]
        raise DataError(
            f"{path.name}: not readable as JSON lines ({first}). "
            "Each line is one object; mend that line at its source."
        ) from error
    if not keys:
        raise DataError(
            f"{path.name}: no line is a JSON object with keys. Each line is one row, such as "
            '{"firm_id": "F1", "amount": "5万元"}.'
        )
    columns = ", ".join(
        f"json ->> '{_pointer(key)}' as \"{_named(key, place)}\""
        for place, (key,) in enumerate(keys, start=1)
    )
    return engine.table(f"select {columns} from {lines}")


def _pointer(key: str) -> str:
    return ("/" + key.replace("~", "~0").replace("/", "~1")).replace("'", "''")


def _named(key: str, place: int) -> str:
    return key.replace('"', '""') or f"column_{place}"
