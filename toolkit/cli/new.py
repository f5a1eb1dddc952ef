"""`toolkit new`: a folder for a study of one's own."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from toolkit.cli.terminal import app, shown


@app.command()
def new(
    study: Annotated[Path, typer.Argument(help="Folder to lay out; new, or empty.")],
    title: Annotated[
        str | None, typer.Option(help="Of the study; by default from the folder's name.")
    ] = None,
) -> None:
    """Lay out a study for data of your own, which makes its reports straight away."""
    from toolkit.report.studies import new_study

    place = shown(new_study(study, title=title))
    typer.echo(f"{place}: laid out, with small simulated files in {place / 'data' / 'raw'}.")
    typer.echo(f"Next: cd {shlex.quote(str(place))} && toolkit batch")
