"""One or more sources as one table: each read by itself, all judged together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from toolkit.clean.rows.engines import ROW, DuckDB, Engine
from toolkit.clean.rows.folders import Files, files_meant, option_of
from toolkit.clean.rows.intake import PART, PLACE, Intake, take_in
from toolkit.errors import ToolkitError

if TYPE_CHECKING:
    import narwhals as nw

    from toolkit.clean.headings import Role

__all__ = ["Gathered", "gather", "together"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Gathered:
    """Sources that are one table.

    Parameters
    ----------
    parts : tuple of Intake
        Each source, all in one engine. Rows of part n are numbered from ``n * PART`` on.
    title : str
        What they are called together.
    aside : tuple of str
        Files of their folder that are no tables.
    """

    parts: tuple[Intake, ...]
    title: str
    aside: tuple[str, ...] = ()

    @property
    def engine(self) -> Engine:
        """Where the rows are."""
        return self.parts[0].engine

    @property
    def rows(self) -> int:
        """How many rows came in."""
        return sum(part.rows for part in self.parts)

    @property
    def place(self) -> dict[str, nw.Expr]:
        """Return where each row of the judged table stood."""
        import narwhals as nw

        if len(self.parts) == 1:
            return self.parts[0].place
        return {name: nw.col(f"_{name}_") for name in PLACE}

    @property
    def extras(self) -> list[str]:
        """Names in the clean table of the columns that no reader reads."""
        named: dict[str, str] = {}
        for part in self.parts:
            for name in part.extras.values():
                named.setdefault(name.casefold(), name)
        return list(named.values())

    def everywhere(self, name: str) -> bool:
        """Tell whether every part has a column of the clean table, or another one."""
        return all(_has(part, name) for part in self.parts)

    def there(self, names: Sequence[str]) -> dict[str, nw.Expr]:
        """Return, of columns that some parts lack, which rows of all come from one that has it."""
        import narwhals as nw

        return {
            name: (nw.col(ROW) // PART).is_in(
                [number for number, part in enumerate(self.parts) if _has(part, name)]
            )
            for name in names
            if not self.everywhere(name)
        }

    def joined(self, judged: Sequence[nw.LazyFrame[Any]]) -> nw.LazyFrame[Any]:
        """Return the judged rows of all parts as one table, with where each stood."""
        import narwhals as nw

        if len(self.parts) == 1:
            return judged[0]
        placed = []
        for part, table in zip(self.parts, judged, strict=True):
            kinds = table.collect_schema()
            texts = [name for name in part.extras.values() if kinds[name] in (nw.String, nw.Enum)]
            # One reader leaves an empty cell empty, another takes it for missing.
            said = [nw.when(nw.col(name) != "").then(nw.col(name)).alias(name) for name in texts]
            where = [expression.alias(f"_{name}_") for name, expression in part.place.items()]
            placed.append(table.with_columns(*said, *where))
        return together(placed)

    def divided(self, rows: nw.LazyFrame[Any]) -> list[tuple[Intake, nw.LazyFrame[Any]]]:
        """Return each part that some rows come from, with these rows; the first if there are none.

        Asks twice for the rows: they should be kept.
        """
        import narwhals as nw

        if len(self.parts) == 1:
            return [(self.parts[0], rows)]
        row = nw.col(ROW)
        number = (row // PART).alias("part")
        seen = rows.select(number).unique().collect("pyarrow")["part"].to_list()
        return [
            (self.parts[at], rows.filter((row >= at * PART) & (row < (at + 1) * PART)))
            for at in sorted(seen) or [0]
        ]


def gather(
    data: Any,
    roles: Sequence[Role],
    *,
    title: str,
    columns: Any = None,
    reserved: Sequence[str] = (),
    sheet: Any = None,
    heading_rows: Any = None,
) -> Gathered:
    """Take in a frame, a file, a folder of files or a list of them: see :func:`take_in`.

    Parameters
    ----------
    data : frame, path or list of paths
        What is one table.
    roles, reserved
        As in :func:`take_in`.
    title : str
        What a table without a file is called.
    columns, sheet, heading_rows
        As in :func:`take_in`; of several files also mappings by the name of each.

    Raises
    ------
    ToolkitError
        As in :func:`take_in`, and naming the file that is at fault.
    """
    files = files_meant(data)
    if files is None:
        part = take_in(
            data, roles, columns=columns, reserved=reserved, sheet=sheet, heading_rows=heading_rows
        )
        return Gathered(parts=(part,), title=part.file or title)
    said = {"columns": columns, "sheet": sheet, "heading_rows": heading_rows}
    engine = DuckDB.opened()
    parts = tuple(
        _part(files, file, roles, reserved, said, engine, number)
        for number, file in enumerate(files.paths)
    )
    name = files.title if len(parts) > 1 else parts[0].file
    return Gathered(parts=parts, title=name, aside=files.aside)


def _part(
    files: Files,
    file: str,
    roles: Sequence[Role],
    reserved: Sequence[str],
    said: Mapping[str, Any],
    engine: DuckDB,
    number: int,
) -> Intake:
    import narwhals as nw

    options = {name: option_of(name, value, files.paths, file) for name, value in said.items()}
    path = files.paths[file]
    try:
        part = take_in(path, roles, reserved=reserved, engine=engine, part=number, **options)
    except ToolkitError as error:
        message = str(error)
        if len(files.paths) == 1 or file in message:
            raise
        rest = message.removeprefix(path.name)
        raise type(error)(file + (rest if rest != message else f": {message}")) from error
    named = nw.lit(file).alias("file")
    return replace(
        part,
        raw=part.raw.with_columns(named) if "file" in part.stood else part.raw,
        file=file,
        place={**part.place, "file": named},
    )


def together(tables: Sequence[nw.LazyFrame[Any]]) -> nw.LazyFrame[Any]:
    """Return tables below one another, by the names of their columns.

    A name is the same in large and small letters, as the engine takes it. A column that a table
    lacks is missing there; one of several kinds becomes numbers where all are, else text.
    """
    import narwhals as nw

    if len(tables) == 1:
        return tables[0]
    held = [
        {name.casefold(): (name, kind) for name, kind in table.collect_schema().items()}
        for table in tables
    ]
    names: dict[str, str] = {}
    for columns in held:
        for folded, (name, _) in columns.items():
            names.setdefault(folded, name)
    kinds = {
        folded: _common([columns[folded][1] for columns in held if folded in columns])
        for folded in names
    }

    def cell(columns: Mapping[str, tuple[str, nw.dtypes.DType]], folded: str) -> nw.Expr:
        kind = kinds[folded]
        if folded not in columns:
            return nw.lit(None, kind).alias(names[folded])
        name, own = columns[folded]
        return (nw.col(name) if own == kind else nw.col(name).cast(kind)).alias(names[folded])

    return nw.concat(
        [
            table.select(*(cell(columns, folded) for folded in names))
            for table, columns in zip(tables, held, strict=True)
        ]
    )


def _common(kinds: Sequence[nw.dtypes.DType]) -> Any:
    import narwhals as nw

    if all(kind.is_integer() for kind in kinds):
        return nw.Int64()
    if all(kind.is_numeric() for kind in kinds):
        return nw.Float64()
    plain = len(set(kinds)) == 1 and kinds[0] not in (nw.Enum, nw.Unknown)
    return kinds[0] if plain else nw.String()


def _has(part: Intake, name: str) -> bool:
    return name in part.found or name.casefold() in map(str.casefold, part.extras.values())
