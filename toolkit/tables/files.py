"""Files of one table: opened by DuckDB without loading them, or read as text."""

from __future__ import annotations

import gzip
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from toolkit.errors import DataError, did_you_mean
from toolkit.schema import ACCOUNTS, FIGURES, LEDGER, LENDERS, MILESTONES

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

__all__ = [
    "check_file",
    "missing_file",
    "open_relation",
    "private_connection",
    "read_parquet",
    "read_text",
]

MEMORY_LIMIT = "1500MB"
"""What one connection to a file may hold in memory; more goes to disk."""

_TEXTS = frozenset(
    column.name
    for schema in (ACCOUNTS, FIGURES, LEDGER, LENDERS, MILESTONES)
    for column in schema.columns
    if column.kind == "text"
)

FORMATS = {".parquet": "parquet", ".csv": "csv", ".tsv": "csv", ".json": "json", ".jsonl": "json"}


def check_file(source: Path) -> str:
    """Return the kind of a file (parquet, csv or json) by its ending.

    Raises
    ------
    DataError
        If it is not there, is empty, or has an unknown ending.
    """
    if not source.is_file():
        raise missing_file(source)
    if source.stat().st_size == 0:
        raise DataError(f"{source.name}: the file is empty. Fetch it again from its source.")
    stem = source.with_suffix("") if source.suffix == ".gz" else source
    kind = FORMATS.get(stem.suffix.lower())
    if kind is None:
        raise DataError(
            f"{source.name}: no table can be read from a file with the ending {stem.suffix!r}. "
            f"Known endings: {', '.join(FORMATS)}."
        )
    # DuckDB opens it behind Python's back: told here to whoever asks which files were read.
    sys.audit("open", str(source), "rb", 0)
    return kind


def missing_file(source: Path) -> DataError:
    """Return the error that names a file which is not there, with the nearest beside it."""
    beside = [entry.name for entry in source.parent.glob("*")] if source.parent.is_dir() else []
    return DataError(f"No file {str(source)!r}.{did_you_mean(source.name, beside)}")


def open_relation(
    source: Path, *, connection: duckdb.DuckDBPyConnection | None = None
) -> duckdb.DuckDBPyRelation:
    """Open a file by DuckDB, on a connection of its own if none is given, without loading it.

    Raises
    ------
    DataError
        If it cannot be opened as what its ending says.
    """
    import duckdb

    kind = check_file(source)
    connection = connection or private_connection()
    readers: dict[str, Callable[[str], duckdb.DuckDBPyRelation]] = {
        "parquet": connection.read_parquet,
        "csv": connection.read_csv,
        "json": connection.read_json,
    }
    try:
        relation = readers[kind](str(source))
        codes = _codes_as_numbers(relation) if kind == "csv" else []
        if codes:
            relation = connection.read_csv(str(source), dtype=dict.fromkeys(codes, "VARCHAR"))
        return relation
    except duckdb.Error as error:
        raise _unreadable(source, kind, error) from error


def _unreadable(source: Path, kind: str, error: Exception) -> DataError:
    first = str(error).splitlines()[0]
    return DataError(f"{source.name}: not readable as {kind} ({first}).")


def _codes_as_numbers(relation: duckdb.DuckDBPyRelation) -> list[str]:
    """Name the columns of text that a reader of CSV takes for numbers: 00123 would become 123."""
    columns = zip(relation.columns, relation.types, strict=True)
    return [name for name, held in columns if name in _TEXTS and held != "VARCHAR"]


def read_parquet(source: Path) -> pa.Table:
    """Read a Parquet file whole, into the columns that `open_relation` would give.

    A file that is wanted whole is read in a tenth of the time that DuckDB takes to start.

    Raises
    ------
    DataError
        If it is not there, or cannot be read as Parquet.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    check_file(source)
    try:
        table = pq.ParquetFile(source).read().replace_schema_metadata()
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(source, "parquet", error) from error
    for place, column in enumerate(table.columns):
        if pa.types.is_dictionary(column.type):  # as pandas writes categories
            plain = column.cast(column.type.value_type)
            table = table.set_column(place, table.column_names[place], plain)
    return table


def private_connection() -> duckdb.DuckDBPyConnection:
    """Return a connection of its own, which holds little in memory and spills to disk."""
    import duckdb

    spill = Path(tempfile.gettempdir()) / f"toolkit_spill_{os.getpid()}_{uuid4().hex}"
    settings: dict[str, Any] = {"memory_limit": MEMORY_LIMIT, "temp_directory": str(spill)}
    connection = duckdb.connect(config=settings)
    # A bar for long queries would stand on stdout, among what a program prints. It is set only
    # where it is on: in a notebook without widgets it is off, and DuckDB refuses to speak of it.
    bar = connection.sql("SELECT current_setting('enable_progress_bar')").fetchall()
    if bar == [(True,)]:
        connection.execute("SET enable_progress_bar = false")
    return connection


def read_text(path: str | Path) -> str:
    """Return the text of a file: strict UTF-8 first, then GB18030.

    The other order would corrupt silently, since GB18030 accepts most bytes.

    Raises
    ------
    DataError
        If the file is missing, empty, cut short, or in neither encoding.
    """
    source = Path(path)
    content = _bytes(source)
    if not content.strip():
        raise DataError(f"{source.name}: the file is empty. Fetch it again from its source.")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            place = error.start
    line = content[:place].count(b"\n") + 1
    raise DataError(
        f"{source.name}, line {line}: the bytes are neither UTF-8 nor GB18030. "
        "Save the file as UTF-8 at its source."
    )


def _bytes(source: Path) -> bytes:
    if not source.is_file():
        raise missing_file(source)
    try:
        if source.suffix == ".gz":
            with gzip.open(source) as stream:
                return stream.read()
        return source.read_bytes()
    except (EOFError, gzip.BadGzipFile) as error:
        raise DataError(
            f"{source.name}: the compressed file is damaged or cut short ({error}). "
            "Fetch it again from its source."
        ) from error
