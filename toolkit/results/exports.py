"""Results as files and texts for papers and programs."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from toolkit.results.result import Result

__all__ = ["as_json", "as_latex", "latex_text", "write_word"]


def as_latex(shown: pd.DataFrame, *, title: str, notes: tuple[str, ...]) -> str:
    """Return a formatted table in booktabs style, its notes as comments below."""
    body = shown.style.hide(axis="index")
    body = body.format(escape="latex").format_index(escape="latex", axis="columns")
    below = "".join(f"% {note}\n" for note in notes)
    return str(body.to_latex(hrules=True, caption=latex_text(title))) + below


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
    for mark in "&%$#_{}":
        text = text.replace(mark, "\\" + mark)
    return text
