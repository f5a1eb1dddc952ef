"""`toolkit simulate`: studies to try things on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from toolkit.cli.terminal import app, bar, shown


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

    with bar(unit="step") as progress:

        def show(step: str, done: int, whole: int) -> None:
            progress.total = whole
            progress.set_postfix_str(step, refresh=False)
            progress.update(done - progress.n)

        study = make_study(
            folder,
            random_state=random_state,
            firms=firms,
            lenders=lenders,
            existing=existing,
            progress=show,
        )
    typer.echo(f"{study.label}: {shown(folder.resolve())}")
    for truth in study.truth.itertuples(index=False):
        typer.echo(f"  {truth.table}, {truth.estimand}: {truth.value:.6g} {truth.unit}")
