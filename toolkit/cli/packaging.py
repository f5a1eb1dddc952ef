"""`toolkit package`: a replication package, written and checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from toolkit.cli.terminal import app, shown
from toolkit.errors import ReportError

if TYPE_CHECKING:
    from toolkit.report.packages import Replication


@app.command()
def package(
    folder: Annotated[Path, typer.Argument(help="Folder of the package.")],
    plan: Annotated[Path, typer.Option(help="Plan of the reports.")] = Path("reports.toml"),
    reports: Annotated[Path, typer.Option(help="Folder of the reports.")] = Path("reports"),
    step: Annotated[
        list[str] | None,
        typer.Option(metavar="COMMAND", help="Makes processed data; give again for each."),
    ] = None,
    accept: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE:PATTERN", help="An error to stand by; give again for each."),
    ] = None,
    archive: Annotated[
        Literal["none", "zip"], typer.Option(help="Write an archive beside the folder.")
    ] = "none",
    existing: Annotated[
        Literal["refuse", "replace"], typer.Option(help="What to do with a package already there.")
    ] = "refuse",
    *,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Make all of it again elsewhere, and compare; write it first if it is not there.",
        ),
    ] = False,
    environment: Annotated[
        Literal["fresh", "this"],
        typer.Option(help="With --check: a new environment with the locked versions, or this one."),
    ] = "fresh",
) -> None:
    """Write a replication package of a study, once nothing speaks against passing it on."""
    from toolkit.report.packages import check_replication, is_package, package_replication

    if not check or existing == "replace" or not is_package(folder):
        _tell(
            package_replication(
                folder,
                plan=plan,
                reports=reports,
                steps=step or (),
                accept=accept or (),
                archive=archive,
                existing=existing,
            )
        )
    if not check:
        return
    found = check_replication(
        folder, environment=environment, progress=lambda said: typer.echo(said, err=True)
    )
    typer.echo(found.summary())
    if not found.equal:
        raise typer.Exit(ReportError.exit_code)


def _tell(written: Replication) -> None:
    for finding in written.findings:
        typer.echo(finding, err=True)
    count = f"{len(written.files)} files"
    open_ends = f", {len(written.findings)} warnings" if written.findings else ""
    typer.echo(f"{shown(written.folder)}: {count}{open_ends}.")
    if written.archive is not None:
        typer.echo(f"Archive: {shown(written.archive)}")
