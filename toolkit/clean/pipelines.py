"""From the folder of raw data to clean tables, one step for each kind of source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from toolkit.clean.accounts import clean_accounts, clean_lenders
from toolkit.clean.audit import Cleaned
from toolkit.clean.cohorts import clean_cohorts
from toolkit.clean.programmes import clean_figures
from toolkit.errors import DataError

__all__ = ["STEPS", "Step", "clean_all"]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One clean table: its name, the raw files that it is made from, and how."""

    table: str
    sources: tuple[str, ...]
    clean: Callable[[list[Path]], Cleaned]


STEPS = (
    Step(table="accounts", sources=("nbs/*.csv", "science/*.csv"), clean=clean_accounts),
    Step(table="lenders", sources=("pboc/*.csv",), clean=clean_lenders),
    Step(table="cohorts", sources=("sba/*.csv",), clean=lambda files: clean_cohorts(files[0])),
    Step(
        table="figures",
        sources=("published_figures.csv",),
        clean=lambda files: clean_figures(files[0]),
    ),
)
"""The steps in their order."""


def clean_all(
    raw: Path, out: Path, *, progress: Callable[[str, Cleaned], None] = lambda name, cleaned: None
) -> dict[str, Cleaned]:
    """Clean everything under `raw` and write each table with its audit to `out`.

    Parameters
    ----------
    raw : Path
        Folder laid out as ``data/raw``.
    out : Path
        Folder for ``NAME.parquet``, ``NAME.audit.csv``, ``NAME.audit.txt`` and, where rows were
        rejected, ``NAME.rejected.csv``.
    progress : callable
        Called with name and result after each table.

    Returns
    -------
    dict of str to Cleaned
        The tables by name.

    Raises
    ------
    DataError
        If a source is missing or cannot be read. Tables made before it stay written.
    """
    done: dict[str, Cleaned] = {}
    for step in STEPS:
        files = sorted(path for pattern in step.sources for path in raw.glob(pattern))
        if not files:
            raise DataError(
                f"The table {step.table!r} is made from {' and '.join(step.sources)}; no such file "
                f"is in {raw}. This makes the tables of the toolkit's own data anew: name their "
                "folder by --raw. Files of your own, also in a study that toolkit new laid out, "
                "are cleaned one table at a time: toolkit clean ledger FILE --out "
                "data/processed/ledger, or toolkit clean milestones FILE --observed-until DAY; "
                "toolkit batch cleans what the reports of a study read."
            )
        cleaned = step.clean(files)
        cleaned.write(out / step.table)
        done[step.table] = cleaned
        progress(step.table, cleaned)
    return done
