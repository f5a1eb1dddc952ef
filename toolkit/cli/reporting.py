"""`toolkit report`, `batch` and `list`: notebooks to documents."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from toolkit.cli.terminal import Out, app, bar, pair, shown
from toolkit.errors import ReportError

if TYPE_CHECKING:
    from toolkit.report.parameters import Parameter
    from toolkit.report.reports import Report


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

    words = dict(pair(text) for text in parameter or ())
    parameters = read_words(read_parameters(notebook), words, where=str(notebook))
    made = render_report(notebook, parameters, out=out, name=name, timeout=timeout)
    typer.echo(f"{made.title}: {shown(made.html)} ({made.seconds:.1f} s)")


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
    with bar(unit="report", total=len(chosen.jobs)) as reports:

        def show(made: Report) -> None:
            reports.set_postfix_str(made.name, refresh=False)
            reports.update()
            if made.error:
                reports.write(f"failed: {made.name}: {made.error}", file=sys.stderr)

        done = render_batch(chosen, out=out, jobs=jobs, progress=show)
    typer.echo(done.summary())
    typer.echo(f"Index: {shown(done.index)}")
    if done.failed:
        raise typer.Exit(ReportError.exit_code)


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
