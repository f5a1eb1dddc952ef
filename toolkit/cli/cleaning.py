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
    """Clean all raw data into tables, each with an audit of what became of its rows.

    Files of your own are cleaned one table at a time, by the commands below.
    """
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
    Path | None,
    typer.Option(
        "--out",
        metavar="STEM",
        help="Write STEM.parquet (STEM.csv where STEM ends in .csv), rejected rows and the audit.",
    ),
]
Headings = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        "-c",
        metavar="NAME=HEADING",
        help="Say which heading a column has; NAME= where there is no such column.",
    ),
]
Key = Annotated[
    str | None, typer.Option(metavar="NAMES", help="Columns that make a row unique: a,b.")
]
AtLevel = Annotated[
    Literal["country", "province", "prefecture", "county", "any"],
    typer.Option(help="Level of the codes of regions."),
]
Within = Annotated[str | None, typer.Option(help="The region that all places lie in.")]
Places = Annotated[
    list[str] | None,
    typer.Option("--place", metavar="NAME=CODE", help="Say which code a name of a place means."),
]
Order = Annotated[
    Literal["as_shown", "day_first", "month_first", "year_first"],
    typer.Option(help="How 05/03/2020 is read."),
]
Century = Annotated[
    int | None, typer.Option(help="First year of the hundred that two-digit years belong to: 1950.")
]
Excel = Annotated[
    Literal["as_shown", "1900", "1904"], typer.Option(help="Calendar of Excel's day numbers.")
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
    key: Key = None,
    tier: Annotated[
        list[str] | None,
        typer.Option(metavar="WORD=KIND", help="Say which kind of lender a word means."),
    ] = None,
    rate: Annotated[
        list[str] | None,
        typer.Option(metavar="CURRENCY=CNY", help="Yuan for one unit of a currency: USD=7.1."),
    ] = None,
    level: AtLevel = "province",
    within: Within = None,
    place: Places = None,
    date_order: Order = "as_shown",
    century_start: Century = None,
    excel: Excel = "as_shown",
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
        tiers=_pairs(tier),
        rates=_rates(rate),
        heading_rows=_numbers(heading_rows),
        key=_names(key),
        level=level,
        within=within,
        extra=_pairs(place),
        date_order=date_order,
        century_start=century_start,
        excel=excel,
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
    key: Key = None,
    level: AtLevel = "province",
    within: Within = None,
    place: Places = None,
    date_order: Order = "as_shown",
    century_start: Century = None,
    excel: Excel = "as_shown",
) -> None:
    """Clean a register of milestones, and print what became of its rows."""
    from toolkit.clean.milestones import clean_milestones

    cleaned = clean_milestones(
        _one_or_more(files),
        columns=_headings(column),
        observed_until=observed_until,
        sheet=sheet,
        heading_rows=_numbers(heading_rows),
        key=_names(key),
        level=level,
        within=within,
        extra=_pairs(place),
        date_order=date_order,
        century_start=century_start,
        excel=excel,
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


def _pairs(texts: list[str] | None) -> dict[str, str] | None:
    return dict(pair(text) for text in texts) if texts else None


def _headings(texts: list[str] | None) -> dict[str, str | None] | None:
    return {name: heading or None for name, heading in (_pairs(texts) or {}).items()} or None


def _rates(texts: list[str] | None) -> dict[str, float] | None:
    rates = {}
    for name, value in (_pairs(texts) or {}).items():
        try:
            rates[name] = float(value)
        except ValueError as error:
            raise OptionError(
                f"--rate is the yuan for one unit of a currency; got {value!r} for {name}. "
                "Give such as USD=7.1."
            ) from error
    return rates or None


def _names(text: str | None) -> list[str] | None:
    return [name.strip() for name in text.split(",")] if text else None


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
