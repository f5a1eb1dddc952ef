"""Words on a command line to calls.

This module alone knows of arguments, of the terminal and of exit codes. What is heavy is imported
by the command that needs it, so that help is there at once.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperCommand

from toolkit.errors import OptionError, ReportError, ToolkitError

if TYPE_CHECKING:
    from toolkit.clean.audit import Cleaned
    from toolkit.report.parameters import Parameter
    from toolkit.report.reports import Report

__all__ = ["app", "main"]

_INTERRUPTED = 130
_TERMINATED = 143

app = typer.Typer(
    add_completion=False,
    help="Clean regional financing data, fit models to it, report what they say.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
clean = typer.Typer(rich_markup_mode=None)
app.add_typer(clean, name="clean")

Out = Annotated[Path, typer.Option(help="Folder to write to.")]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; end with its exit code, and with one message where it cannot be done."""
    # Asked to end, it ends as after an interrupt: with its kernels, not before them.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(_TERMINATED))
    try:
        app(args=None if arguments is None else list(arguments), prog_name="toolkit")
    except ToolkitError as error:
        print(f"toolkit: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


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

    with _bar(unit="table") as bar:

        def show(name: str, cleaned: Cleaned) -> None:
            bar.set_postfix_str(name, refresh=False)
            bar.update()

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
    return dict(_pair(text) for text in pairs) if pairs else None


def _tell(cleaned: Cleaned, stem: Path | None) -> None:
    typer.echo(cleaned.audit.summary())
    for path in cleaned.write(stem) if stem is not None else ():
        typer.echo(f"written: {_shown(path.resolve())}")


class _PairedOptions(TyperCommand):
    """Takes `-p NAME VALUE`, as papermill does, besides `-p NAME=VALUE`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        joined: list[str] = []
        words = iter(args)
        for word in words:
            joined.append(word)
            if word in ("-p", "--parameter"):
                name = next(words, None)
                if name is None:
                    break
                value = None if "=" in name else next(words, None)
                joined.append(name if value is None else f"{name}={value}")
        rest: list[str] = super().parse_args(ctx, joined)
        return rest


@app.command(cls=_PairedOptions)
def report(
    notebook: Annotated[Path, typer.Argument(help="Notebook to run.")],
    parameter: Annotated[
        list[str] | None,
        typer.Option("--parameter", "-p", metavar="NAME VALUE", help="Give again for each."),
    ] = None,
    out: Out = Path("reports"),
    name: Annotated[str | None, typer.Option(help="Name of the files.")] = None,
    timeout: Annotated[float | None, typer.Option(help="Seconds that a cell may take.")] = None,
) -> None:
    """Make one report: run a notebook with parameters, write page, tables and figures."""
    from toolkit.report.parameters import read_parameters, read_words
    from toolkit.report.render import render_report

    words = dict(_pair(text) for text in parameter or ())
    parameters = read_words(read_parameters(notebook), words, where=str(notebook))
    made = render_report(notebook, parameters, out=out, name=name, timeout=timeout)
    typer.echo(f"{made.title}: {_shown(made.html)} ({made.seconds:.1f} s)")


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise OptionError(f"{text}: no value. Write {name}=VALUE.")
    return name, value


@app.command()
def batch(
    plan: Annotated[Path, typer.Argument(help="Plan of the reports.")] = Path("reports.toml"),
    out: Out = Path("reports"),
    jobs: Annotated[
        int | None, typer.Option(help="Reports at a time; by default one per processor.")
    ] = None,
    only: Annotated[
        str | None, typer.Option(metavar="PATTERN", help="Reports named so, such as 'regional-*'.")
    ] = None,
) -> None:
    """Make all reports of a plan, and an index of them."""
    from toolkit.report.batch import render_batch
    from toolkit.report.plan import read_plan

    chosen = read_plan(plan) if only is None else read_plan(plan).select(only)
    with _bar(unit="report", total=len(chosen.jobs)) as bar:

        def show(made: Report) -> None:
            bar.set_postfix_str(made.name, refresh=False)
            bar.update()
            if made.error:
                bar.write(f"failed: {made.name}: {made.error}", file=sys.stderr)

        done = render_batch(chosen, out=out, jobs=jobs, progress=show)
    typer.echo(done.summary())
    typer.echo(f"Index: {_shown(done.index)}")
    if done.failed:
        raise typer.Exit(ReportError.exit_code)


@app.command()
def simulate(
    folder: Annotated[Path, typer.Argument(help="Folder to write to.")],
    random_state: Annotated[int, typer.Option(help="Seed: the same gives the same bytes.")],
    firms: Annotated[int, typer.Option(help="Firms with a first micro-loan.")] = 2_170,
    lenders: Annotated[int, typer.Option(help="Micro-lenders, the clusters.")] = 100,
    existing: Annotated[
        Literal["refuse", "replace"], typer.Option(help="What to do with a study already there.")
    ] = "refuse",
) -> None:
    """Write a study whose truth is known, as messy exports with truth and answers beside them."""
    from toolkit.simulate import make_study

    with _bar(unit="step") as bar:

        def show(step: str, done: int, steps: int) -> None:
            bar.total = steps
            bar.set_postfix_str(step, refresh=False)
            bar.update(done - bar.n)

        study = make_study(
            folder,
            random_state=random_state,
            firms=firms,
            lenders=lenders,
            existing=existing,
            progress=show,
        )
    typer.echo(f"{study.label}: {_shown(folder.resolve())}")
    for truth in study.truth.itertuples(index=False):
        typer.echo(f"  {truth.table}, {truth.estimand}: {truth.value:.6g} {truth.unit}")


@app.command("list")
def list_notebooks(
    notebooks: Annotated[
        list[Path] | None, typer.Argument(help="Notebooks, or folders of them.")
    ] = None,
) -> None:
    """List notebooks with their parameters: types, defaults and help."""
    from toolkit.report.notebooks import find_notebooks
    from toolkit.report.parameters import read_parameters

    for path in find_notebooks(notebooks or [Path("notebooks")]):
        typer.echo(path)
        declared = read_parameters(path)
        forms = [_form(parameter) for parameter in declared]
        width = max(map(len, forms), default=0)
        for form, parameter in zip(forms, declared, strict=True):
            typer.echo(f"  {form:{width}}  {parameter.help}".rstrip())


def _form(parameter: Parameter) -> str:
    kind = f": {parameter.kind}" if str(parameter.kind) else ""
    default = "" if parameter.source is None else f" = {parameter.source}"
    return f"{parameter.name}{kind}{default}"


def _bar(**options: Any) -> Any:
    from tqdm import tqdm

    return tqdm(file=sys.stderr, dynamic_ncols=True, **options)


def _shown(path: Path) -> Path:
    """Return a path as seen from here, where it lies below."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
