"""What the results of a report mean: the title of each table, the sentence of each key figure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from toolkit.errors import DataError
from toolkit.report.notebooks import Notebook, cell_source, read_notebook
from toolkit.report.outputs import KEY_FIGURES, as_text, collect_files

__all__ = ["Definitions", "definitions"]

_TAG = re.compile(r"<[^>]+>")
_SPACE = re.compile(r"\s+")
_CAPTION = re.compile(r"<figcaption[^>]*>(.*?)</figcaption>", re.DOTALL)


@dataclass(frozen=True)
class Definitions:
    """What is said of results, in the report itself.

    Attributes
    ----------
    files : dict of str to dict
        By the place of a table or a figure: its `name`, and as its `description` the code that
        made it.
    sentences : dict of str to str
        By the label of a key figure: the first sentence that the number stands in, else the title
        of its table.
    """

    files: Mapping[str, dict[str, str]] = field(default_factory=dict)
    sentences: Mapping[str, str] = field(default_factory=dict)


def definitions(notebook: Path) -> Definitions:
    """Read what an executed notebook says of its results; nothing where there is none.

    Parameters
    ----------
    notebook : Path
        As executed, beside the report's folder.
    """
    try:
        executed = read_notebook(notebook)
    except DataError:
        return Definitions()
    return Definitions(files=dict(_files(executed)), sentences=dict(_sentences(executed)))


def _files(notebook: Notebook) -> Iterator[tuple[str, dict[str, str]]]:
    # Names of files hang on all cells: a cell alone could not tell the second table of another.
    places = collect_files(notebook)
    cells = {cell["id"]: cell for cell in notebook["cells"]}
    for place in places:
        stem = place.rpartition("/")[2].rpartition(".")[0]
        cell = cells.get(stem) or cells.get(re.sub(r"-\d+$", "", stem))
        if cell is not None:
            found = {"description": f"Made by: {cell_source(cell)}"}
            title = _title(cell) if place.endswith(".csv") and stem == cell["id"] else ""
            yield place, found | ({"name": title} if title else {})


def _title(cell: Mapping[str, Any]) -> str:
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        if "text/csv" in data:
            return _caption(data).strip()
    return ""


def _sentences(notebook: Notebook) -> Iterator[tuple[str, str]]:
    outputs = [
        output.get("data", {}) for cell in notebook["cells"] for output in cell.get("outputs", ())
    ]
    prose = [as_text(data["text/markdown"]).strip() for data in outputs if "text/markdown" in data]
    for data in outputs:
        for label, value in data.get(KEY_FIGURES, {}).items():
            if said := _said(str(value), prose) or _caption(data):
                yield str(label), said


def _said(value: str, prose: Sequence[str]) -> str:
    """Return the first of the sentences that a number stands in."""
    number = re.compile(rf"(?<![\d.,]){re.escape(value)}(?![\d%]|[.,]\d)")
    return next((sentence for sentence in prose if number.search(sentence)), "")


def _caption(data: Mapping[str, Any]) -> str:
    caption = _CAPTION.search(as_text(data.get("text/html", "")))
    return _plain(caption[1]) if caption else as_text(data.get("text/plain", "")).partition("\n")[0]


def _plain(markup: str) -> str:
    return _SPACE.sub(" ", html.unescape(_TAG.sub("", markup))).strip()
