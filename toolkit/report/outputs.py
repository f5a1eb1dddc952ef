"""What an executed notebook holds: its tables and figures as files, its key figures, its error.

Every output with CSV in it is a table, every output with a PNG or an SVG a figure. Their files
bear the name of the cell; where a cell has several, the second is `name-2`.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.report.notebooks import Cell, Notebook, cell_source

__all__ = [
    "KEY_FIGURES",
    "Failure",
    "as_text",
    "collect_files",
    "failure_log",
    "find_failure",
    "key_figures",
    "order_key_figures",
    "plain",
    "tidy",
]

KEY_FIGURES = "application/vnd.toolkit.key+json"

_ERROR_MARK = "papermill-error-cell-tag"
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
# Cells are compiled under a name that holds the number of the process.
_CELL_FILE = re.compile(r"\S*ipykernel_\d+[/\\]\d+\.py")
_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}\b")


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why a report stopped.

    Attributes
    ----------
    kind : str
        The error's type.
    message : str
    cell : str or None
        The id of the cell; None where no cell had started.
    """

    kind: str
    message: str
    cell: str | None = None

    def __str__(self) -> str:
        first = self.message.strip().partition("\n")[0]
        return f"{self.kind}: {first}" if first else self.kind


def tidy(notebook: Notebook, parameters: Mapping[str, object]) -> None:
    """Take out of an executed notebook all that differs from run to run, and papermill's marks.

    Times, durations and paths belong to the manifest. Memory addresses and the process number
    in the name of a cell say nothing; they go from the text of outputs.
    """
    notebook["cells"] = [
        cell for cell in notebook["cells"] if _ERROR_MARK not in cell["metadata"].get("tags", [])
    ]
    notebook["metadata"].pop("papermill", None)
    if parameters:
        notebook["metadata"]["papermill"] = {"parameters": dict(parameters)}
    for cell in notebook["cells"]:
        for key in ("papermill", "execution"):
            cell["metadata"].pop(key, None)
        if not cell["metadata"].get("tags"):
            cell["metadata"].pop("tags", None)
        for output in cell.get("outputs", ()):
            _steady(output)


def _steady(output: dict[str, Any]) -> None:
    if "text" in output:
        output["text"] = _without_chance(as_text(output["text"]))
    if "traceback" in output:
        output["traceback"] = [_without_chance(line) for line in output["traceback"]]
    data = output.get("data", {})
    if "text/plain" in data:
        data["text/plain"] = _without_chance(as_text(data["text/plain"]))


def _without_chance(text: str) -> str:
    return _ADDRESS.sub("at 0x0", _CELL_FILE.sub("<cell>", text))


def as_text(value: str | list[str]) -> str:
    """Join the lines that a notebook may keep text in."""
    return value if isinstance(value, str) else "".join(value)


def plain(text: str) -> str:
    """Take terminal colours out of a text."""
    return _ANSI.sub("", text)


def collect_files(notebook: Notebook) -> dict[str, bytes]:
    """Return tables and figures by file name: ``tables/rd-ratio.csv``, ``figures/curve.png``.

    Examples
    --------
    >>> output = {"data": {"text/csv": "region,ratio"}}
    >>> collect_files({"cells": [{"id": "rd-ratio", "outputs": [output]}]})
    {'tables/rd-ratio.csv': b'region,ratio'}
    """
    ids = {cell["id"] for cell in notebook["cells"]}
    files: dict[str, bytes] = {}
    for cell in notebook["cells"]:
        bundles = [output["data"] for output in cell.get("outputs", ()) if "data" in output]
        tables = [bundle for bundle in bundles if "text/csv" in bundle]
        figures = [bundle for bundle in bundles if {"image/png", "image/svg+xml"} & bundle.keys()]
        for name, bundle in zip(_names(cell["id"], ids), tables, strict=False):
            files[f"tables/{name}.csv"] = as_text(bundle["text/csv"]).encode()
        for name, bundle in zip(_names(cell["id"], ids), figures, strict=False):
            if "image/png" in bundle:
                files[f"figures/{name}.png"] = base64.b64decode(as_text(bundle["image/png"]))
            if "image/svg+xml" in bundle:
                files[f"figures/{name}.svg"] = as_text(bundle["image/svg+xml"]).encode()
    return files


def _names(cell_id: str, ids: set[str]) -> Iterator[str]:
    yield cell_id
    number = 2
    while True:
        # A cell that is itself called `curve-2` keeps its name.
        if f"{cell_id}-{number}" not in ids:
            yield f"{cell_id}-{number}"
        number += 1


def key_figures(notebook: Notebook) -> dict[str, str]:
    """Return the key figures that results gave, label to formatted text, in order."""
    found: dict[str, str] = {}
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            found.update(output.get("data", {}).get(KEY_FIGURES, {}))
    return {str(label): str(text) for label, text in found.items()}


def order_key_figures(notebook: Notebook, labels: Iterable[str]) -> None:
    """Put the key figures of each output into this order, which a file of JSON may have lost."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            figures = output.get("data", {}).get(KEY_FIGURES)
            if figures:
                ordered = {label: figures[label] for label in labels if label in figures}
                output["data"][KEY_FIGURES] = ordered | figures


def find_failure(notebook: Notebook) -> Failure | None:
    """Return the error at which a notebook stopped, from the cell that shows it."""
    for cell in notebook["cells"]:
        for output in _errors(cell):
            return Failure(kind=output["ename"], message=plain(output["evalue"]), cell=cell["id"])
    return None


def failure_log(notebook: Notebook, failure: Failure) -> str:
    """Write down a failure for a reader without Jupyter: cell, what it printed, traceback."""
    parts = [str(failure)]
    for cell in notebook["cells"]:
        if cell["id"] == failure.cell:
            parts.append(f"cell {cell['id']}:\n\n{cell_source(cell)}")
            for output in cell["outputs"]:
                parts.append(as_text(output.get("text", "")))
                parts.append("\n".join(output.get("traceback", ())))
    return "\n\n".join(plain(part).strip() for part in parts if part) + "\n"


def _errors(cell: Cell) -> list[dict[str, Any]]:
    return [o for o in cell.get("outputs", ()) if o["output_type"] == "error"]
