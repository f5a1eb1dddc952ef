"""A study as a folder: messy exports, clean tables, the truth and an answer key."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pandas as pd

from toolkit.errors import OptionError
from toolkit.simulate.draws import generator
from toolkit.simulate.exports.accounts import write_accounts
from toolkit.simulate.exports.faults import ledger_rows, register_rows
from toolkit.simulate.exports.files import spread, write_rows
from toolkit.simulate.exports.layouts import LEDGERS, REGISTERS
from toolkit.simulate.study import Progress, Study, StudyDesign, simulate_study

__all__ = ["make_study", "write_study"]

README = """\
# Simulated data

Everything in this folder is simulated ({label}). No row stands for a real firm, lender or region.

| what | where |
|---|---|
| loans, register and accounts as offices would send them | `raw/` |
| the same tables, clean, and those that need no cleaning | `clean/simulated_*.parquet` |
| what is true of them, and how it follows from the parameters | `truth.json` |
| what became of each written row (file, sheet, row) | `answer_key.parquet` |

In the answer key, `clean_row` counts the rows of the clean table from 0. A row is `clean`,
`duplicate` (of the row with the same `clean_row`), `conflict` (one key, two amounts) or `bad`
for the reason named, in the column named, with the text written.
"""


def make_study(
    folder: str | Path,
    *,
    random_state: int,
    firms: int = 2_170,
    lenders: int = 100,
    design: StudyDesign | None = None,
    existing: Literal["refuse", "replace"] = "refuse",
    progress: Progress | None = None,
) -> Study:
    """Simulate a study and write it into a folder: :func:`simulate_study`, :func:`write_study`.

    Raises
    ------
    OptionError
        If a number cannot be meant, or the folder holds something else.
    """
    place = _usable(Path(folder), existing)
    study = simulate_study(
        firms=firms,
        lenders=lenders,
        random_state=random_state,
        design=design,
        progress=progress,
    )
    write_study(study, place, existing=existing, progress=progress)
    return study


def write_study(
    study: Study,
    folder: str | Path,
    *,
    existing: Literal["refuse", "replace"] = "refuse",
    progress: Progress | None = None,
) -> Path:
    """Write a study as messy exports, with clean tables, truth and answer key beside them.

    The files are byte for byte the same for the same study and versions of the libraries.

    Parameters
    ----------
    study : Study
        From :func:`simulate_study`.
    folder : path
        Where to; made if it is not there.
    existing : {"refuse", "replace"}
        Whether files of an earlier study in the folder may be written over.
    progress : callable, optional
        Called as ``progress(step, done, steps)``.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    OptionError
        If the folder is a file, or is not empty and may not be replaced.

    Examples
    --------
    >>> import tempfile
    >>> study = simulate_study(firms=60, lenders=10, random_state=7)
    >>> folder = write_study(study, tempfile.mkdtemp())
    >>> sorted(entry.name for entry in folder.iterdir())
    ['README.md', 'answer_key.parquet', 'clean', 'raw', 'truth.json']
    """
    place = _usable(Path(folder), existing)
    for part in ("clean", "raw/loans", "raw/milestones", "raw/accounts"):
        (place / part).mkdir(parents=True, exist_ok=True)
    steps: dict[str, Callable[[], pd.DataFrame | None]] = {
        "loans": lambda: _write_loans(study, place / "raw/loans"),
        "register": lambda: _write_register(study, place / "raw/milestones"),
        "accounts": lambda: write_accounts(study.accounts, place / "raw/accounts"),
        "clean tables": lambda: _write_clean(study, place / "clean"),
    }
    keys = []
    for done, (step, write) in enumerate(steps.items()):
        if progress is not None:
            progress(f"writing {step}", done, len(steps))
        keys.append(write())
    answers = pd.concat([key for key in keys if key is not None], ignore_index=True)
    _write_parquet(answers, place / "answer_key.parquet", study.label)
    (place / "truth.json").write_text(_truth(study), encoding="utf-8")
    (place / "README.md").write_text(README.format(label=study.label), encoding="utf-8")
    if progress is not None:
        progress("written", len(steps), len(steps))
    return place


def _usable(folder: Path, existing: str) -> Path:
    if existing not in ("refuse", "replace"):
        raise OptionError(f"existing is 'refuse' or 'replace'; got {existing!r}.")
    if folder.exists() and not folder.is_dir():
        raise OptionError(f"A study is written into a folder; {str(folder)!r} is a file.")
    if existing == "refuse" and folder.is_dir() and any(folder.iterdir()):
        raise OptionError(
            f"The folder {str(folder)!r} is not empty. Choose another, or say existing='replace'."
        )
    return folder


def _write_loans(study: Study, folder: Path) -> pd.DataFrame:
    rng = generator(study.random_state, "loan files")
    rows = ledger_rows(
        study.ledger,
        rng,
        faults=study.design.faults,
        observed_until=study.design.magnetism.observed_until,
    )
    parts = spread(rows, LEDGERS, rng, key=("firm_id", "funder_id", "date"))
    return write_rows("ledger", parts, LEDGERS, folder)


def _write_register(study: Study, folder: Path) -> pd.DataFrame:
    rng = generator(study.random_state, "register files")
    rows = register_rows(
        study.milestones,
        rng,
        faults=study.design.faults,
        observed_until=study.design.survival.observed_until,
    )
    parts = spread(rows, REGISTERS, rng, key=("unit_id",))
    return write_rows("milestones", parts, REGISTERS, folder)


def _write_clean(study: Study, folder: Path) -> None:
    for name, table in study.tables.items():
        _write_parquet(table, folder / f"simulated_{name}.parquet", study.label)


def _write_parquet(table: pd.DataFrame, path: Path, label: str) -> None:
    """Write a table with a mark that survives where ``attrs`` do not."""
    import pyarrow as pa
    from pyarrow import parquet

    arrow = pa.Table.from_pandas(table, preserve_index=False)
    marked = arrow.replace_schema_metadata({**arrow.schema.metadata, b"simulated": label.encode()})
    parquet.write_table(marked, path)


def _truth(study: Study) -> str:
    content = {
        "simulated": study.label,
        "random_state": study.random_state,
        "firms": study.firms,
        "lenders": study.lenders,
        "truth": study.truth.to_dict("records"),
        "parameters": study.parameters,
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
