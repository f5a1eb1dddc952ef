"""`toolkit clean`: raw files to tables, each with an audit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from toolkit.cli.terminal import Out, app, bar, pair, shown

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


File = Annotated[Path, typer.Argument(help="File as received.")]
Until = Annotated[str | None, typer.Option(help="Last day that the file covers: 2024-12-31.")]
Stem = Annotated[
    Path | None, typer.Option("--out", help="Write STEM.parquet, rejected rows and the audit.")
]
Headings = Annotated[
    list[str] | None,
    typer.Option("--column", "-c", metavar="NAME=HEADING", help="Say which heading a column has."),
]


@clean.command()
def ledger(
    file: File,
    out: Stem = None,
    column: Headings = None,
    observed_until: Until = None,
    engine: Annotated[
        Literal["duckdb", "spark"], typer.Option(help="Where the rules run.")
    ] = "duckdb",
    master: Annotated[str, typer.Option(help="Address of the Spark cluster.")] = "local[*]",
) -> None:
    """Clean a ledger of loans, and print what became of its rows."""
    from toolkit.clean.ledgers import clean_ledger
    from toolkit.tables import open_with_spark

    data = open_with_spark(file, master=master) if engine == "spark" else file
    _tell(
        clean_ledger(data, columns=_headings(column), observed_until=observed_until),
        out,
    )


@clean.command()
def milestones(
    file: File,
    observed_until: Annotated[str, typer.Option(help="Last day that the register covers.")],
    out: Stem = None,
    column: Headings = None,
) -> None:
    """Clean a register of milestones, and print what became of its rows."""
    from toolkit.clean.milestones import clean_milestones

    _tell(
        clean_milestones(file, columns=_headings(column), observed_until=observed_until),
        out,
    )


def _headings(pairs: list[str] | None) -> dict[str, str] | None:
    return dict(pair(text) for text in pairs) if pairs else None


def _tell(cleaned: Cleaned, stem: Path | None) -> None:
    typer.echo(cleaned.audit.summary())
    for path in cleaned.write(stem) if stem is not None else ():
        typer.echo(f"written: {shown(path.resolve())}")
