"""`toolkit claims`: published figures held against the shipped data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from toolkit.cli.terminal import app, shown
from toolkit.errors import DataError, OptionError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from toolkit.models.claims import ClaimsResult

SUFFIXES = (".csv", ".json", ".md")

Correction = Literal["benjamini_yekutieli", "benjamini_hochberg"]
Vintage = Literal["revised", "before_revision"]


@app.command()
def claims(
    data: Annotated[
        Path, typer.Option(help="Folder of clean tables, as `toolkit clean` writes them.")
    ] = Path("data/processed"),
    out: Annotated[
        Path | None,
        typer.Option(help="Also write every figure with its verdict to FILE: .csv .json .md."),
    ] = None,
    start: Annotated[int, typer.Option(help="First year of the official statistics.")] = 2013,
    end: Annotated[int, typer.Option(help="Last year of the official statistics.")] = 2023,
    vintage: Annotated[
        Vintage, typer.Option(help="Vintage of gross regional product.")
    ] = "revised",
    conf_level: Annotated[float, typer.Option(help="Level of the intervals, a fraction.")] = 0.95,
    margin: Annotated[
        float, typer.Option(help="How far a claim may be off without the data having to tell.")
    ] = 0.5,
    correction: Annotated[
        Correction, typer.Option(help="For the number of claims.")
    ] = "benjamini_yekutieli",
    family: Annotated[
        str | None, typer.Option(help="Only the figures of this question, such as growth.")
    ] = None,
) -> None:
    """Hold published figures against the shipped data: supported, contradicted, not decided."""
    from toolkit.models.claims import check_claims, official_evidence

    if out is not None and out.suffix not in SUFFIXES:
        raise OptionError(
            f"--out is a file that ends in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}; got "
            f"{str(out)!r}."
        )
    figures = _table(data, "figures")
    chosen = _of(figures, family)
    evidence = official_evidence(
        figures,
        accounts=_table(data, "accounts"),
        start=start,
        end=end,
        vintage={"gross_regional_product": vintage},
        conf_level=conf_level,
    )
    there = set(chosen["figure_id"])
    result = check_claims(
        chosen,
        {name: found for name, found in evidence.items() if name in there},
        correction=correction,
        margin=margin,
    )
    typer.echo(_told(result))
    if out is not None:
        typer.echo(f"written: {shown(_write(result, out).resolve())}")


def _table(folder: Path, name: str) -> pd.DataFrame:
    from toolkit.tables import as_pandas

    path = folder / f"{name}.parquet"
    if not path.is_file():
        raise DataError(f"{path} does not exist. Run `toolkit clean` first, or give --data.")
    return as_pandas(path)


def _of(figures: pd.DataFrame, family: str | None) -> pd.DataFrame:
    if family is None:
        return figures
    families = sorted(figures["family"].unique())
    if family not in families:
        raise OptionError(
            f"No figure is of the family {family!r}.{did_you_mean(family, families)} "
            f"The families are: {', '.join(families)}."
        )
    return figures[figures["family"] == family]


def _told(result: ClaimsResult) -> str:
    """Return counts, table with notes, verdicts with reasons, what would decide the others."""
    parts = [result.sentence(), "", result.summary(), "", result.said()]
    others = result.unchecked()
    if len(others):
        parts += ["", "What would decide the others:"]
        wanted = others.groupby("needed", sort=False)["figure_id"].agg(", ".join)
        parts += [f"- {needed}: {names}" for needed, names in wanted.items()]
    return "\n".join(parts)


def _write(result: ClaimsResult, path: Path) -> Path:
    texts: dict[str, Callable[[], str]] = {
        ".csv": result.to_csv,
        ".json": result.to_json,
        ".md": lambda: _told(result) + "\n",
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(texts[path.suffix](), encoding="utf-8")
    return path
