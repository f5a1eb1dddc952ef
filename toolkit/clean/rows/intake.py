"""Any table of texts, brought into its engine: rows numbered, columns found, all as text."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from toolkit.clean.headings import Role, find_columns
from toolkit.clean.rows.cells import pandas_texts, text_of
from toolkit.clean.rows.delimited import CELLS, LINE, Delimited, read_delimited
from toolkit.clean.rows.engines import ROW, DuckDB, Engine, Polars, engine_of
from toolkit.clean.rows.json_lines import read_json_lines
from toolkit.errors import DataError, OptionError
from toolkit.tables import (
    as_table,
    check_file,
    column_names,
    open_relation,
    private_connection,
)

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["PLACE", "Intake", "take_in"]

PLACE = ("file", "sheet", "row")
"""Where a row stood."""

_RESERVED = (*PLACE, "flags", "reasons", "findings")

Kind = Literal["pandas", "polars", "polars_lazy", "arrow", "duckdb", "spark"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Intake:
    """Rows on their way to a clean table.

    Parameters
    ----------
    raw : LazyFrame
        The source as it stood, with :data:`~toolkit.clean.rows.engines.ROW`.
    selection : tuple of Expr
        Of `raw`: ROW, the columns found, as text under their clean names and empty where missing,
        and the other columns.
    engine : Engine
        Where both are.
    kind : str
        What comes out: the caller's own kind.
    found : dict
        Headings by clean name.
    extras : dict
        Names in the clean table of the other columns, by heading.
    place : dict
        Expressions of ``file``, ``sheet`` and ``row``; empty for a frame that has none.
    lines : list of (int, str)
        Lines of the file that are no data.
    rows : int
        How many rows came in.
    original : DataFrame, optional
        The caller's pandas frame.
    """

    raw: nw.LazyFrame[Any]
    selection: tuple[nw.Expr, ...]
    engine: Engine
    kind: Kind
    found: dict[str, str]
    extras: dict[str, str]
    place: dict[str, nw.Expr]
    rows: int
    file: str = ""
    lines: list[tuple[int, str]] = field(default_factory=list)
    original: pd.DataFrame | None = None

    @property
    def texts(self) -> nw.LazyFrame[Any]:
        """The rows as text, ready to be read."""
        return self.raw.select(*self.selection)

    @property
    def names(self) -> list[str]:
        """Headings of the source, without what was added to them."""
        return [name for name in column_names(self.raw) if name not in (ROW, CELLS, LINE)]


def take_in(
    data: Any,
    roles: Sequence[Role],
    *,
    columns: Mapping[str, str | None] | None = None,
    reserved: Sequence[str] = (),
) -> Intake:
    """Open a path or take a frame, number its rows and find its columns.

    Parameters
    ----------
    data : frame or path
        A pandas, Polars, Arrow, DuckDB or Spark frame; or a CSV, TSV (also gzip), JSON-lines or
        Parquet file. A frame with columns ``file``, ``sheet`` and ``row`` keeps them as the place
        where each row stood.
    roles : sequence of Role
        The columns looked for.
    columns : mapping, optional
        Headings by clean name, where the words known do not find them; None for no such column.
    reserved : sequence of str
        Names of the clean table that an extra column cannot have.

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
        return _from_path(Path(data), roles, columns, reserved)
    if isinstance(data, pd.DataFrame):
        return _from_pandas(data, roles, columns, reserved)
    table = as_table(data)
    if table.implementation.is_pyarrow():
        return _assembled(_as_polars(data), "arrow", roles, columns, reserved)
    kind = _kind(data, table)
    return _assembled(table, kind, roles, columns, reserved)


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


def _from_path(
    path: Path,
    roles: Sequence[Role],
    columns: Mapping[str, str | None] | None,
    reserved: Sequence[str],
) -> Intake:
    import narwhals as nw

    kind = check_file(path)
    lines: list[tuple[int, str]] = []
    if kind == "parquet":
        relation = open_relation(path)
        engine = DuckDB(relation)
        table = engine.number(nw.from_native(relation).lazy())
    else:
        engine = DuckDB(private_connection().sql("select 1"))
        if kind == "json":
            table = engine.numbered(read_json_lines(path, engine), first=1)
        else:
            read = read_delimited(path, engine, roles, columns=columns)
            table, lines = _with_lines(engine, read), read.lines
    place = {"file": nw.lit(path.name), "sheet": nw.lit(""), "row": nw.col(ROW)}
    return _assembled(
        table, "duckdb", roles, columns, reserved, engine=engine, place=place, lines=lines,
        file=path.name,
    )  # fmt: skip


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
    original: pd.DataFrame | None = None,
) -> Intake:
    import narwhals as nw

    engine = engine or (Polars() if kind in ("pandas", "arrow") else engine_of(table))
    names = [name for name in column_names(table) if name not in (ROW, CELLS, LINE)]
    stood = () if place else tuple(name for name in PLACE if name in names)
    candidates = [name for name in names if name not in stood]
    found = find_columns(candidates, roles, columns=columns, source=file)
    raw = table if ROW in column_names(table) else engine.number(table)
    rows = int(raw.select(nw.len()).collect("pyarrow").item() or 0)
    if rows == 0:
        where = file or "The table"
        raise DataError(f"{where}: there are headings and no rows. Fetch it again from its source.")
    taken = {role.name for role in roles} | set(reserved) | set(_RESERVED)
    extras: dict[str, str] = {}
    for name in candidates:
        if name not in found.values():
            extras[name] = _free_name(name, taken)
    schema = raw.collect_schema()
    selection = [
        nw.col(ROW),
        *([nw.col(CELLS)] if CELLS in schema else []),
        *(
            (text_of(role, nw.col(found[role.name]), schema[found[role.name]])
             if role.name in found else nw.lit("")).alias(role.name)
            for role in roles
        ),
        *(nw.col(name).alias(alias) for name, alias in extras.items()),
        *(nw.col(name).alias(f"_{name}_") for name in stood),
    ]  # fmt: skip
    return Intake(
        raw=raw,
        selection=tuple(selection),
        engine=engine,
        kind=kind,
        found=found,
        extras=extras,
        place=place or {name: nw.col(f"_{name}_") for name in stood},
        rows=rows,
        file=file,
        lines=lines or [],
        original=original,
    )


def _free_name(name: str, taken: set[str]) -> str:
    free = name
    while free in taken:
        free += "_source"
    taken.add(free)
    return free
