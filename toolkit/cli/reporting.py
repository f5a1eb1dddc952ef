"""`toolkit report`, `batch`, `verify` and `list`: notebooks to documents."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperCommand

from toolkit.cli.terminal import Out, app, bar, pair, shown
from toolkit.errors import ReportError

if TYPE_CHECKING:
    from toolkit.report.parameters import Parameter
    from toolkit.report.plan import Format
    from toolkit.report.reports import Report
    from toolkit.report.resume import Change


Pdf = Annotated[bool, typer.Option("--pdf", help="Write each report as PDF too.")]


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
    *,
    pdf: Pdf = False,
) -> None:
    """Make one report: run a notebook with parameters, write page, tables and figures."""
    from toolkit.report.parameters import read_parameters, read_words
    from toolkit.report.render import render_report

    words = dict(pair(text) for text in parameter or ())
    parameters = read_words(read_parameters(notebook), words, where=str(notebook))
    made = render_report(
        notebook, parameters, out=out, name=name, timeout=timeout, formats=_formats(pdf)
    )
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
    *,
    resume: Annotated[
        bool, typer.Option(help="Make what is unfinished or out of date, or all again.")
    ] = True,
    pdf: Pdf = False,
    why: Annotated[bool, typer.Option("--why", help="Say what changed for each report.")] = False,
    backend: Annotated[
        Literal["loky", "dask", "ray", "spark"],
        typer.Option(help="Processes of this machine, or a cluster."),
    ] = "loky",
    address: Annotated[
        str | None, typer.Option(help="Of Dask's scheduler, Ray's head node or Spark's master.")
    ] = None,
) -> None:
    """Make the reports of a plan that are out of date, and an index of all."""
    from toolkit.report.batch import render_batch
    from toolkit.report.pdf import check_formats
    from toolkit.report.plan import read_plan
    from toolkit.report.resume import out_of_date

    formats = _formats(pdf)
    check_formats(formats)
    chosen = read_plan(plan).written_as(formats)
    if only is not None:
        chosen = chosen.select(only)
    reasons = out_of_date(chosen, out=out)
    if why:
        _tell_why(reasons)
    waiting = sum(map(bool, reasons.values())) if resume else len(chosen.jobs)
    with bar(unit="report", total=waiting, disable=not waiting) as reports:

        def show(made: Report) -> None:
            said = f"failed: {made.error}" if made.error else f"made in {made.seconds:.1f} s"
            reports.write(f"{made.name}: {said}", file=sys.stderr)
            reports.update()

        done = render_batch(
            chosen,
            out=out,
            jobs=jobs,
            resume=resume,
            backend=backend,
            address=address,
            formats=formats,
            progress=show,
        )
    typer.echo(done.summary())
    typer.echo(f"Index: {shown(done.index)}")
    if done.failed:
        raise typer.Exit(ReportError.exit_code)


def _formats(pdf: bool) -> tuple[Format, ...]:  # noqa: FBT001 - as the option tells it
    return ("html", "pdf") if pdf else ("html",)


def _tell_why(reasons: Mapping[str, tuple[Change, ...]]) -> None:
    for name, changes in reasons.items():
        for change in changes:
            typer.echo(f"{name}: {change}")


@app.command()
def verify(
    report: Annotated[Path, typer.Argument(help="Folder of the report, or its page.")],
) -> None:
    """Make a report again elsewhere, and say what moved and what did it."""
    from toolkit.report.verify import verify_report

    found = verify_report(report)
    typer.echo(found.summary())
    if not found.equal:
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
