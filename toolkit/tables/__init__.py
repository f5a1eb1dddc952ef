"""Any frame, file or database table as one lazy frame, and back: the only door to data on disk.

A path is opened by DuckDB, embedded, which streams and spills to disk; a frame of pandas, Polars,
Arrow, DuckDB or Spark stays what it is. What is built on a lazy frame runs where the data is.
"""

from toolkit.tables.clusters import open_with_spark
from toolkit.tables.files import check_file, open_relation, private_connection, read_text
from toolkit.tables.frames import (
    as_names,
    as_pandas,
    as_table,
    column_names,
    first_rows,
    label_of,
    require,
)
from toolkit.tables.plain import plain
from toolkit.tables.writing import stream_table, write_table

__all__ = [
    "as_names",
    "as_pandas",
    "as_table",
    "check_file",
    "column_names",
    "first_rows",
    "label_of",
    "open_relation",
    "open_with_spark",
    "plain",
    "private_connection",
    "read_text",
    "require",
    "stream_table",
    "write_table",
]
