"""Results as files and texts for papers and programs."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.results.tables import FIGURE

if TYPE_CHECKING:
    from toolkit.results.result import Result

__all__ = ["PACKAGES", "as_json", "as_latex", "latex_text", "packages_line", "write_word"]

PACKAGES = ("booktabs", "threeparttable")
_ESCAPED = {mark: "\\" + mark for mark in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def as_latex(shown: pd.DataFrame, *, title: str, notes: Sequence[str]) -> str:
    """Return a formatted table in booktabs style, its notes below it."""
    numbers = [all(FIGURE.match(text) for text in shown[name]) for name in shown.columns]
    rows = [_latex_row(row) for row in shown.itertuples(index=False)]
    table = [
        r"\begin{table}[htbp]",
        r"\centering",
        r"\begin{threeparttable}",
        rf"\caption{{{latex_text(title)}}}",
        rf"\begin{{tabular}}{{{''.join('r' if number else 'l' for number in numbers)}}}",
        r"\toprule",
        _latex_row(shown.columns),
        r"\midrule",
        *rows,
        r"\bottomrule",
        r"\end{tabular}",
        r"\begin{tablenotes}[flushleft]\footnotesize",
        *(rf"\item {latex_text(note)}" for note in notes),
        r"\end{tablenotes}",
        r"\end{threeparttable}",
        r"\end{table}",
    ]
    return "\n".join([packages_line("\n".join(table), *PACKAGES), *table, ""])


def packages_line(latex: str, *packages: str) -> str:
    """Return a comment that says which packages the table needs, and what Chinese text needs."""
    needed = "".join(rf"\usepackage{{{name}}}" for name in packages)
    chinese = any("\u2e80" <= letter <= "\uffef" for letter in latex)
    more = r"\usepackage{ctex}, compiled by XeLaTeX or LuaLaTeX" if chinese else ""
    return f"% {needed}{more}"


def _latex_row(cells: Iterable[object]) -> str:
    return " & ".join(latex_text(str(cell)) for cell in cells) + r" \\"


def as_json(result: Result) -> str:
    """Return title, unit, level, facts, notes and the full table as JSON."""
    content = {
        "kind": type(result).__name__,
        "title": result.title,
        "unit": result.unit,
        "conf_level": result.conf_level,
        "facts": {name: _plain(value) for name, value in result.facts.items()},
        "notes": list(result.notes),
        "terms": json.loads(result.terms.to_json(orient="records", date_format="iso")),
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def write_word(
    shown: pd.DataFrame, path: str | Path, *, title: str, unit: str, notes: Sequence[str]
) -> Path:
    """Write a formatted table with title, unit and notes as a Word document."""
    from docx import Document

    document = Document()
    document.add_heading(title, level=2)
    document.add_paragraph(unit)
    grid = document.add_table(rows=1, cols=shown.shape[1])
    for cell, name in zip(grid.rows[0].cells, shown.columns, strict=True):
        cell.text = str(name)
    for row in shown.itertuples(index=False):
        for cell, text in zip(grid.add_row().cells, row, strict=True):
            cell.text = text
    for note in notes:
        document.add_paragraph(note)
    target = Path(path)
    document.save(str(target))
    return target


def _plain(value: Any) -> Any:
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def latex_text(text: str) -> str:
    """Return a text with the marks of LaTeX escaped."""
    return "".join(_ESCAPED.get(mark, mark) for mark in text)
