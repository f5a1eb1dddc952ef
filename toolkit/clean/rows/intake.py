"""Any table of texts, brought into its engine: rows numbered, columns found, all as text."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.clean.headings import Role, find_columns
from toolkit.clean.rows.cells import pandas_texts, text_of
from toolkit.clean.rows.codes import as_words, coded
from toolkit.clean.rows.delimited import CELLS, LINE, Delimited, read_delimited
from toolkit.clean.rows.engines import ROW, DuckDB, Engine, Polars, engine_of
from toolkit.clean.rows.json_lines import read_json_lines
from toolkit.clean.rows.received import PLACE, Intake, Kind
from toolkit.clean.sources.laid_out import LaidOut, is_laid_out, read_laid_out
from toolkit.errors import DataError, OptionError
from toolkit.tables import (
    as_table,
    check_file,
    column_names,
)

if TYPE_CHECKING:
    import narwhals as nw
    import pyarrow as pa

__all__ = ["PART", "PLACE", "Intake", "free_name", "take_in"]

PART = 1 << 40
"""Rows of the first file of several are numbered from 1, those of the next from here, and so on."""

_RESERVED = (*PLACE, "flags", "reasons", "findings")


def take_in(
    data: Any,
    roles: Sequence[Role],
    *,
    columns: Mapping[str, str | None] | None = None,
    reserved: Sequence[str] = (),
    sheet: str | None = None,
    heading_rows: int | tuple[int, ...] | None = None,
    engine: DuckDB | None = None,
    part: int = 0,
) -> Intake:
    """Open a path or take a frame, number its rows and find its columns.

    Parameters
    ----------
    data : frame or path
        A pandas, Polars, Arrow, DuckDB or Spark frame, whose columns ``file``, ``sheet`` and
        ``row`` stay the place of each row; or a file: CSV, TSV (also gzip), JSON lines and Parquet
        are streamed, any other layout is taken apart in memory.
    roles : sequence of Role
        The columns looked for.
    columns : mapping, optional
        Headings by clean name, where the words known do not find them; None for no such column.
    reserved : sequence of str
        Names of the clean table that an extra column cannot have.
    sheet, heading_rows
        Where the table stands in a file: see :func:`~toolkit.clean.sources.read_records`.
    engine : DuckDB, optional
        Where a file is opened; by an engine of its own if None.
    part : int
        Which of several files it is, counted from 0.

    Raises
    ------
    DataError
        If a file cannot be read, or there are no rows.
    ColumnError
        If a column is not found.
    OptionError
        If `data` or `columns` cannot be meant.
    """
    if columns is not None and not isinstance(columns, Mapping):
        raise OptionError(
            f"columns gives headings by column of the clean table; got {type(columns).__name__}. "
            f"Give a mapping such as {{{roles[0].name!r}: 'heading'}}."
        )
    if isinstance(data, str | os.PathLike):
        path = Path(data)
        if sheet is not None or heading_rows is not None or is_laid_out(path):
            read = read_laid_out(
                path, roles, columns=columns, sheet=sheet, heading_rows=heading_rows
            )
            return _from_layout(read, roles, reserved, engine or DuckDB.opened(), part)
        return _from_path(path, roles, columns, reserved, engine or DuckDB.opened(), part)
    if sheet is not None or heading_rows is not None:
        raise OptionError("sheet and heading_rows look into a file; a frame has none. Omit them.")
    if isinstance(data, pd.DataFrame):
        return _from_pandas(data, roles, columns, reserved)
    table = as_table(data)
    if table.implementation.is_pyarrow():
        return _assembled(_as_polars(data), "arrow", roles, columns, reserved)
    return _assembled(table, _kind(data, table), roles, columns, reserved)


def _kind(data: Any, table: nw.LazyFrame[Any]) -> Kind:
    if table.implementation.is_polars():
        import polars as pl

        native = data.to_native() if hasattr(data, "to_native") else data
        return "polars_lazy" if isinstance(native, pl.LazyFrame) else "polars"
    return "duckdb" if table.implementation.is_duckdb() else "spark"


def _as_polars(data: Any) -> nw.LazyFrame[Any]:
    import narwhals as nw
    import polars as pl

    native = data.to_native() if hasattr(data, "to_native") else data
    return nw.from_native(pl.from_arrow(native)).lazy()  # type: ignore[type-var]


def _from_pandas(
    data: pd.DataFrame,
    roles: Sequence[Role],
    columns: Mapping[str, str | None] | None,
    reserved: Sequence[str],
) -> Intake:
    import narwhals as nw
    import polars as pl

    names = [str(name) for name in data.columns]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise DataError(f"Two columns are headed {twice!r}. Rename one of them.")
    texts = {
        name: pl.Series(name, pandas_texts(data.iloc[:, place]), dtype=pl.String)
        for place, name in enumerate(names)
    }
    if "row" in texts:
        texts["row"] = texts["row"].str.replace(r"\.0$", "").cast(pl.Int64, strict=False)
    table = nw.from_native(pl.DataFrame(texts)).lazy()
    return _assembled(table, "pandas", roles, columns, reserved, original=data)


def _from_layout(
    read: LaidOut, roles: Sequence[Role], reserved: Sequence[str], engine: DuckDB, part: int
) -> Intake:
    table = engine.send([read.arrow()])
    return _assembled(
        table, "duckdb", roles, read.columns, reserved, engine=engine, lines=read.lines,
        file=read.file, part=part,
    )  # fmt: skip


def _from_path(
    path: Path,
    roles: Sequence[Role],
    columns: Mapping[str, str | None] | None,
    reserved: Sequence[str],
    engine: DuckDB,
    part: int,
) -> Intake:
    import narwhals as nw

    kind = check_file(path)
    lines: list[tuple[int, str]] = []
    words: dict[str, pa.Array] = {}
    if kind == "parquet":
        table = _whole(path, engine)
    elif kind == "json":
        table = engine.numbered(read_json_lines(path, engine), first=1)
    else:
        read = read_delimited(path, engine, roles, columns=columns)
        table, lines, words = _with_lines(engine, read), read.lines, read.texts
    row = nw.col(ROW) - part * PART if part else nw.col(ROW)
    place = {"file": nw.lit(path.name), "sheet": nw.lit(""), "row": row}
    return _assembled(
        table, "duckdb", roles, columns, reserved, engine=engine, place=place, lines=lines,
        file=path.name, words=words, part=part,
    )  # fmt: skip


def _whole(path: Path, engine: DuckDB) -> nw.LazyFrame[Any]:
    """Read a Parquet file, damage in which shows only where it lies."""
    import duckdb
    import narwhals as nw

    try:
        return engine.number(nw.from_native(engine.opening(path)).lazy())
    except (duckdb.Error, RuntimeError) as error:
        first = " ".join(str(error).replace(f"{path.parent}/", "").split())[:200]
        raise DataError(
            f"{path.name}: the file cannot be read to its end ({first}). "
            "If it is damaged, fetch it again from its source."
        ) from error


def _with_lines(engine: DuckDB, read: Delimited) -> nw.LazyFrame[Any]:
    import narwhals as nw

    table = engine.numbered(read.name, first=read.first)
    if LINE not in column_names(table):
        return table
    return table.drop(ROW).rename({LINE: ROW}).with_columns(nw.col(ROW).cast(nw.Int64))


def _assembled(
    table: nw.LazyFrame[Any],
    kind: Kind,
    roles: Sequence[Role],
    columns: Mapping[str, str | None] | None,
    reserved: Sequence[str],
    *,
    engine: Engine | None = None,
    place: dict[str, nw.Expr] | None = None,
    lines: list[tuple[int, str]] | None = None,
    file: str = "",
    words: dict[str, pa.Array] | None = None,
    original: pd.DataFrame | None = None,
    part: int = 0,
) -> Intake:
    import narwhals as nw

    engine = engine or (Polars() if kind in ("pandas", "arrow") else engine_of(table))
    names = [name for name in column_names(table) if name not in (ROW, CELLS, LINE)]
    stood = () if place else tuple(name for name in PLACE if name in names)
    candidates = [name for name in names if name not in stood]
    found = find_columns(candidates, roles, columns=columns, source=file)
    raw = table if ROW in column_names(table) else engine.number(table)
    raw = raw.with_columns(nw.col(ROW) + part * PART) if part else raw
    rows = int(raw.select(nw.len()).collect("pyarrow").item() or 0)
    if rows == 0:
        where = file or "The table"
        raise DataError(f"{where}: there are headings and no rows. Fetch it again from its source.")
    taken = {role.name for role in roles} | set(reserved) | set(_RESERVED)
    extras: dict[str, str] = {}
    for name in candidates:
        if name not in found.values():
            extras[name] = free_name(name, taken)
    kinds = {**raw.collect_schema(), **dict.fromkeys(words or {}, nw.String())}
    codes = coded(words or {}, found, roles, engine)  # type: ignore[arg-type]
    ready = as_words(raw, codes.values())
    columns_of = [(role, found.get(role.name)) for role in roles]
    others = [
        *(nw.col(name).alias(alias) for name, alias in extras.items()),
        *(nw.col(name).alias(f"_{name}_") for name in stood),
    ]

    def select(numbers: Mapping[str, Any]) -> tuple[nw.Expr, ...]:
        texts = [
            (nw.lit("") if heading is None
             else nw.col(heading) if heading in numbers
             else text_of(role, nw.col(heading), kinds[heading])).alias(role.name)
            for role, heading in columns_of
        ]  # fmt: skip
        first = [nw.col(ROW), *([nw.col(CELLS)] if CELLS in kinds else [])]
        return (*first, *texts, *others)

    return Intake(
        raw=raw,
        texts=ready.select(*select(codes)),
        selection=select({}),
        codes=codes,
        engine=engine,
        kind=kind,
        found=found,
        extras=extras,
        place=place or {name: nw.col(f"_{name}_") for name in stood},
        rows=rows,
        stood=stood,
        file=file,
        lines=lines or [],
        original=original,
    )


def free_name(name: str, taken: set[str]) -> str:
    """Return a name that no other column has, and enter it among those taken, in small letters."""
    # DuckDB and Spark take Region and region for one column.
    free = name
    while free.casefold() in taken:
        free += "_source"
    taken.add(free.casefold())
    return free
