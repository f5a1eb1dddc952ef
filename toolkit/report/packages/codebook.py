"""What each column of each table holds: from the schemas, and from the tables themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.report.notebooks import cell_source, read_notebook
from toolkit.schema import (
    ACCOUNTS,
    COHORTS,
    FIGURES,
    INDICATORS,
    LEDGER,
    LENDERS,
    MILESTONES,
    Schema,
)
from toolkit.tables import as_pandas, label_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["codebook_text"]

_SCHEMAS = {
    "clean_accounts": ACCOUNTS,
    "clean_cohorts": COHORTS,
    "clean_figures": FIGURES,
    "clean_ledger": LEDGER,
    "clean_lenders": LENDERS,
    "clean_milestones": MILESTONES,
}
_FEW = 8


def codebook_text(tables: Iterable[Path], notebooks: Iterable[Path], *, root: Path) -> str:
    """Write the codebook of a study, as Markdown.

    Parameters
    ----------
    tables : iterable of Path
        The processed tables.
    notebooks : iterable of Path
        Those that clean data while they run make tables too; these are described by their schema.
    root : Path
        The study's folder.
    """
    parts = [
        "# Codebook",
        "",
        "Unless a column says otherwise, money is in CNY, shares are fractions, durations are",
        "months, and regions are codes of GB/T 2260.",
    ]
    for path in tables:
        parts += _table(path, path.relative_to(root).as_posix())
    for schema, makers in _made(notebooks, root).items():
        by = ", ".join(f"`{name}`" for name in makers)
        parts += [
            "",
            f"## {schema}, made while reports run",
            "",
            f"By {by}.",
            "",
            *_columns(_named(schema)),
        ]
    return "\n".join([*parts, ""])


def _named(name: str) -> Schema:
    return next(schema for schema in _SCHEMAS.values() if schema.name == name)


def _made(notebooks: Iterable[Path], root: Path) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for path in notebooks:
        if path.suffix != ".ipynb":
            continue
        cells = read_notebook(path)["cells"]
        code = "\n".join(cell_source(cell) for cell in cells if cell["cell_type"] == "code")
        for function, schema in _SCHEMAS.items():
            if f"{function}(" in code:
                made.setdefault(schema.name, []).append(path.relative_to(root).as_posix())
    return made


def _columns(schema: Schema) -> list[str]:
    return [
        f"Key: {', '.join(f'`{name}`' for name in schema.key)}.",
        "",
        "| column | kind | meaning, unit |",
        "|---|---|---|",
        *(f"| `{c.name}` | {c.kind} | {c.meaning} |" for c in schema.columns),
    ]


def _table(path: Path, name: str) -> Iterator[str]:
    table = as_pandas(path)
    schema = _schema_of(path.stem.removeprefix("simulated_"), table)
    meanings = {} if schema is None else {c.name: c.meaning for c in schema.columns}
    label = label_of(path)
    yield from ("", f"## `{name}`", "", f"{len(table):,} rows{f'; {label}' if label else ''}.")
    if schema is not None:
        yield f"Key: {', '.join(f'`{key}`' for key in schema.key)}."
    yield from ("", "| column | kind | meaning, unit | empty | values |", "|---|---|---|---|---|")
    for column in table.columns:
        values = table[column]
        meaning = meanings.get(str(column), "as in the source")
        empty = f"{int(values.isna().sum()):,}"
        yield f"| `{column}` | {values.dtype} | {meaning} | {empty} | {_range(values)} |"
    if "indicator" in table.columns:
        yield from _indicators(sorted(table["indicator"].dropna().unique()))


def _schema_of(stem: str, table: pd.DataFrame) -> Schema | None:
    """Return the schema that a table is called after, or whose columns it has."""
    fitting = [
        schema for schema in _SCHEMAS.values() if set(schema.key) <= set(map(str, table.columns))
    ]
    named = [schema for schema in fitting if schema.name == stem]
    shared = [s for s in fitting if len(set(s.names) & set(table.columns)) >= len(s.names) - 1]
    return next(iter([*named, *shared]), None)


def _range(values: pd.Series) -> str:
    held = values.dropna()
    if held.empty:
        return ""
    if values.dtype.kind in "iufM":
        low, high = held.min(), held.max()
        shown = (
            (f"{low:%Y-%m-%d}", f"{high:%Y-%m-%d}")
            if values.dtype.kind == "M"
            else (f"{low:.10g}", f"{high:.10g}")
        )
        return " to ".join(shown)
    texts = sorted(held.astype(str).unique())
    if len(texts) <= _FEW:
        return ", ".join(_cell(text) for text in texts)
    return f"{len(texts):,} distinct"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _indicators(names: list[str]) -> Iterator[str]:
    yield from ("", "| indicator | label | unit | kind |", "|---|---|---|---|")
    for name in names:
        known = INDICATORS.get(name)
        label = (known.label, known.unit, known.kind) if known else ("as in the source", "", "")
        yield f"| `{name}` | {' | '.join(label)} |"
