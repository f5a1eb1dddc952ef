"""A tidy file of delimited text, of any size: read in pieces, each text of a column held once.

A file is tidy if it is UTF-8 with one line a row and as many cells in each. Its pieces are read
side by side; a column with few distinct texts comes as numbers, which stand for them and join far
faster than text.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

    from toolkit.clean.rows.engines import DuckDB

__all__ = ["read_tidy"]

BLOCK = 1 << 24
LONGEST = 1 << 27
"""Bytes read at a time, and the most that one line may have."""

FEW, MOST = 1_000, 1_000_000
"""Distinct texts that are always numbered, and that are never: they are held in memory."""

WORKERS = min(os.cpu_count() or 1, 4)


class _NotTidyError(Exception):
    """The file wants to be read line by line."""


class _TooManyError(Exception):
    """A column has too many distinct texts to be held."""


def read_tidy(
    plain: Path,
    engine: DuckDB,
    *,
    delimiter: str,
    headings: Sequence[str],
    skip: int,
    shares: Mapping[str, float],
) -> tuple[str, dict[str, pa.Array]] | None:
    """Read a tidy file into a table of the engine, or return None where it is not tidy.

    Parameters
    ----------
    plain : Path
        The file, not compressed.
    engine : DuckDB
        Where the table is made, row after row as in the file.
    delimiter : str
        What parts cells.
    headings : sequence of str
        Names of the columns.
    skip : int
        Lines above the first row.
    shares : mapping
        Columns to number where their distinct texts are a smaller share than this of the rows of
        the first piece.

    Returns
    -------
    tuple of (str, dict), or None
        The table, and the texts of each numbered column: a cell with n stands for ``texts[n]``.
    """
    import duckdb

    wanted = dict(shares)
    while True:
        reading = _Reading(plain, delimiter=delimiter, headings=headings, skip=skip, shares=wanted)
        try:
            return engine.take(reading.stream()), reading.texts
        except (duckdb.Error, _NotTidyError, _TooManyError):
            if isinstance(reading.failure, _TooManyError):
                wanted.pop(str(reading.failure))
            elif isinstance(reading.failure, _NotTidyError):
                return None
            else:
                raise


class _Reading:
    """One pass over a file."""

    def __init__(
        self,
        plain: Path,
        *,
        delimiter: str,
        headings: Sequence[str],
        skip: int,
        shares: Mapping[str, float],
    ) -> None:
        self._plain, self._delimiter, self._skip = plain, delimiter, skip
        self._headings, self._shares = list(headings), shares
        self.texts: dict[str, pa.Array] = {}
        self.failure: Exception | None = None

    def stream(self) -> pa.RecordBatchReader:
        """Return the rows in batches, in their order; the first piece is read at once."""
        import pyarrow as pa

        batches = self._watched()
        first = next(batches, None)
        kinds = [
            (name, pa.int32() if name in self.texts else pa.string()) for name in self._headings
        ]

        def whole() -> Iterator[pa.RecordBatch]:
            if first is not None:
                yield first
            yield from batches

        return pa.RecordBatchReader.from_batches(pa.schema(kinds), whole())

    def _watched(self) -> Iterator[pa.RecordBatch]:
        # DuckDB turns what is raised here into an error of its own.
        try:
            yield from self._batches()
        except (_NotTidyError, _TooManyError) as failure:
            self.failure = failure
            raise

    def _batches(self) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        pieces = self._pieces()
        first = next(pieces, None)
        if first is None:
            return
        table = self._parsed(first, set(self._shares))
        empty = pa.array([], pa.string())
        self.texts = {
            name: empty for name, share in self._shares.items() if _is_few(table[name], share)
        }
        yield self._numbered(table)
        del table
        coded = set(self.texts)
        waiting: deque[Future[pa.Table]] = deque()
        with ThreadPoolExecutor(WORKERS) as pool:
            for piece in pieces:
                waiting.append(pool.submit(self._parsed, piece, coded))
                if len(waiting) > WORKERS:
                    yield self._numbered(waiting.popleft().result())
            while waiting:
                yield self._numbered(waiting.popleft().result())

    def _pieces(self) -> Iterator[bytes]:
        """Yield whole lines, many at a time."""
        with self._plain.open("rb") as stream:
            for _ in range(self._skip):
                stream.readline()
            rest = b""
            while piece := stream.read(BLOCK):
                cut = piece.rfind(b"\n") + 1
                if cut:
                    yield rest + piece[:cut]
                    rest = piece[cut:]
                else:
                    rest += piece
                if len(rest) > LONGEST:
                    raise _NotTidyError
            if rest:
                yield rest

    def _parsed(self, piece: bytes, coded: set[str]) -> pa.Table:
        import pyarrow as pa
        from pyarrow import csv

        # A quotation mark without its partner may hold a line break on which the piece was cut.
        if b"\0" in piece or piece.count(b'"') % 2:
            raise _NotTidyError
        kinds = {
            name: pa.dictionary(pa.int32(), pa.string()) if name in coded else pa.string()
            for name in self._headings
        }
        try:
            table = csv.read_csv(
                pa.BufferReader(piece),
                csv.ReadOptions(
                    column_names=self._headings, block_size=len(piece) + 1, use_threads=False
                ),
                csv.ParseOptions(delimiter=self._delimiter),
                csv.ConvertOptions(column_types=kinds, strings_can_be_null=True, null_values=[""]),
            )
        except pa.ArrowInvalid as error:
            raise _NotTidyError from error
        if table.num_rows != piece.count(b"\n") + (not piece.endswith(b"\n")):
            raise _NotTidyError
        return table

    def _numbered(self, table: pa.Table) -> pa.RecordBatch:
        import pyarrow as pa

        arrays = []
        for name in self._headings:
            column = table[name].combine_chunks()
            if name in self.texts:
                column, self.texts[name] = _renumbered(column, self.texts[name])
                if len(self.texts[name]) > MOST:
                    raise _TooManyError(name)
            elif pa.types.is_dictionary(column.type):
                column = column.dictionary_decode()
            arrays.append(column)
        return pa.RecordBatch.from_arrays(arrays, names=self._headings)


def _is_few(column: pa.ChunkedArray, share: float) -> bool:
    distinct = sum(len(chunk.dictionary) for chunk in column.chunks)
    return distinct <= max(FEW, share * len(column))


def _renumbered(column: Any, known: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return the numbers of texts among all known so far, and these with the new ones added."""
    import pyarrow as pa
    from pyarrow import compute

    words, indices = column.dictionary, column.indices
    if column.null_count:
        indices = indices.fill_null(len(words))
        words = pa.concat_arrays([words, pa.array([""], pa.string())])
    place = compute.fill_null(compute.index_in(words, value_set=known), -1).to_numpy().copy()
    new = place < 0
    place[new] = len(known) + np.arange(new.sum())
    numbers = pa.array(place[indices.to_numpy()], pa.int32())
    return numbers, pa.concat_arrays([known, words.filter(pa.array(new))])
