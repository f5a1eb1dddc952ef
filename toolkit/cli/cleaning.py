"""`toolkit clean`: raw files to tables, each with an audit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from toolkit.cli.terminal import Out, app, bar, pair, shown
from toolkit.errors import OptionError

if TYPE_CHECKING:
    from toolkit.clean.audit import Cleaned

clean = typer.Typer(rich_markup_mode=None)
app.add_typer(clean, name="clean")


@clean.callback(invoke_without_command=True)
def clean_everything(
    context: typer.Context,
    raw: Annotated[Path, typer.Option(help="Folder of the data as published.")] = Path("data/raw"),
    out: Out = Path("data/processed"),
) -> None:
    """Clean all raw data into tables, each with an audit of what became of its rows."""
    if context.invoked_subcommand is not None:
        return
    from toolkit.clean.pipelines import clean_all

    with bar(unit="table") as steps:

        def show(name: str, cleaned: Cleaned) -> None:
            steps.set_postfix_str(name, refresh=False)
            steps.update()

        tables = clean_all(raw, out, progress=show)
    width = max(map(len, tables), default=0)
    for name, cleaned in tables.items():
        audit = cleaned.audit
        typer.echo(
            f"{name:{width}}  {audit.rows_in:>9,} in  {audit.passed:>9,} passed  "
            f"{audit.duplicates:>7,} duplicates  {audit.rejected:>7,} rejected"
        )
    typer.echo(f"{len(tables)} tables, each with its audit, in {out}.")


Files = Annotated[
    list[str], typer.Argument(help="Files as received, or a folder of them: one table together.")
]
Until = Annotated[str | None, typer.Option(help="Last day that the files cover: 2024-12-31.")]
Stem = Annotated[
    Path | None, typer.Option("--out", help="Write STEM.parquet, rejected rows and the audit.")
]
Headings = Annotated[
    list[str] | None,
    typer.Option("--column", "-c", metavar="NAME=HEADING", help="Say which heading a column has."),
]
Sheet = Annotated[str | None, typer.Option(help="The sheet of a workbook that holds the table.")]
HeadingRows = Annotated[
    str | None,
    typer.Option(metavar="NUMBERS", help="Numbers of the heading rows, as in the file: 3 or 3,4."),
]


@clean.command()
def ledger(
    files: Files,
    out: Stem = None,
    column: Headings = None,
    observed_until: Until = None,
    sheet: Sheet = None,
    heading_rows: HeadingRows = None,
    engine: Annotated[
        Literal["duckdb", "spark"], typer.Option(help="Where the rules run.")
    ] = "duckdb",
    master: Annotated[str, typer.Option(help="Address of the Spark cluster.")] = "local[*]",
) -> None:
    """Clean a ledger of loans, and print what became of its rows."""
    from toolkit.clean.ledgers import clean_ledger

    cleaned = clean_ledger(
        _on_spark(files, master) if engine == "spark" else _one_or_more(files),
        columns=_headings(column),
        observed_until=observed_until,
        sheet=sheet,
        heading_rows=_numbers(heading_rows),
    )
    _tell(cleaned, out)


@clean.command()
def milestones(
    files: Files,
    observed_until: Annotated[str, typer.Option(help="Last day that the register covers.")],
    out: Stem = None,
    column: Headings = None,
    sheet: Sheet = None,
    heading_rows: HeadingRows = None,
) -> None:
    """Clean a register of milestones, and print what became of its rows."""
    from toolkit.clean.milestones import clean_milestones

    cleaned = clean_milestones(
        _one_or_more(files),
        columns=_headings(column),
        observed_until=observed_until,
        sheet=sheet,
        heading_rows=_numbers(heading_rows),
    )
    _tell(cleaned, out)


def _one_or_more(files: list[str]) -> str | list[str]:
    return files[0] if len(files) == 1 else files


def _on_spark(files: list[str], master: str) -> Any:
    if len(files) > 1:
        raise OptionError(
            f"--engine spark takes one file, or a folder of files with the same headings; "
            f"got {len(files)}. Put them in a folder, or leave the engine out."
        )
    from toolkit.tables import open_with_spark

    return open_with_spark(files[0], master=master)


def _headings(pairs: list[str] | None) -> dict[str, str] | None:
    return dict(pair(text) for text in pairs) if pairs else None


def _numbers(text: str | None) -> int | tuple[int, ...] | None:
    if text is None:
        return None
    try:
        numbers = tuple(int(part) for part in text.split(","))
    except ValueError as error:
        raise OptionError(
            f"--heading-rows is the number of a row, or several with commas; got {text!r}. "
            "Give such as 3, or 3,4."
        ) from error
    return numbers[0] if len(numbers) == 1 else numbers


def _tell(cleaned: Cleaned, stem: Path | None) -> None:
    typer.echo(cleaned.audit.summary())
    for path in cleaned.write(stem) if stem is not None else ():
        typer.echo(f"written: {shown(path.resolve())}")
