"""Notebook files as they lie on disk: read, kept clean, kept thin.

Nothing here starts a kernel or imports Jupyter: a notebook is JSON.
"""

from __future__ import annotations

import ast
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from toolkit.errors import DataError, did_you_mean
from toolkit.report.files import as_json_bytes, write_file

__all__ = [
    "Cell",
    "Notebook",
    "cell_source",
    "clear_outputs",
    "find_notebooks",
    "parse_notebook",
    "read_notebook",
    "strip_outputs",
    "tagged_cell",
    "thin_violations",
    "unclean_notebooks",
]

Notebook: TypeAlias = dict[str, Any]
Cell: TypeAlias = dict[str, Any]

# A parameters cell may name the types of its annotations.
_VOCABULARY = frozenset({"__future__", "datetime", "typing"})


def read_notebook(path: str | Path) -> Notebook:
    """Read a notebook as JSON, every cell with an id.

    Cells of notebooks written before ids existed are numbered: `cell-1`, `cell-2`, …

    Raises
    ------
    DataError
        Where there is no such file, or it is not a notebook of format 4.
    """
    path = Path(path)
    if not path.is_file():
        near = did_you_mean(path.name, (p.name for p in path.parent.glob("*.ipynb")))
        raise DataError(f"{path} does not exist.{near} Give the path of a notebook (.ipynb).")
    return parse_notebook(path.read_bytes(), where=str(path))


def parse_notebook(content: bytes, *, where: str) -> Notebook:
    """Read the bytes of a notebook; `where` names it in messages.

    Examples
    --------
    >>> text = b'{"nbformat": 4, "nbformat_minor": 4, "cells": [{"source": ""}]}'
    >>> parse_notebook(text, where="old.ipynb")["cells"]
    [{'source': '', 'id': 'cell-1', 'metadata': {}}]
    """
    try:
        notebook = json.loads(content.decode("utf-8"))
    except ValueError as error:
        raise DataError(
            f"{where} is not a notebook: {error}. Open and save it in Jupyter."
        ) from None
    version = notebook.get("nbformat") if isinstance(notebook, dict) else None
    if version != 4 or "cells" not in notebook:
        found = "no notebook format" if version is None else f"notebook format {version}"
        raise DataError(f"{where} has {found}; format 4 is read. Open and save it in Jupyter.")
    language = notebook.get("metadata", {}).get("kernelspec", {}).get("language", "python")
    if language != "python":
        raise DataError(f"{where} is written in {language}. Reports run Python; give another.")
    result: Notebook = notebook
    result["nbformat_minor"] = max(5, result.get("nbformat_minor", 0))
    for number, cell in enumerate(result["cells"], start=1):
        cell.setdefault("id", f"cell-{number}")
        cell.setdefault("metadata", {})
    ids = Counter(cell["id"] for cell in result["cells"])
    twice = next((cell_id for cell_id, count in ids.items() if count > 1), None)
    if twice is not None:
        raise DataError(f"{where}: two cells have the id {twice!r}. Rename one of them.")
    return result


def find_notebooks(paths: Iterable[str | Path]) -> list[Path]:
    """List the notebooks among the paths, and those in the folders among them."""
    found: list[Path] = []
    for path in map(Path, paths):
        found.extend(sorted(path.glob("*.ipynb")) if path.is_dir() else [path])
    return found


def cell_source(cell: Cell) -> str:
    """Return the text of a cell."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def tagged_cell(notebook: Notebook, tag: str) -> Cell | None:
    """Return the first cell that carries the tag."""
    for cell in notebook["cells"]:
        if tag in cell.get("metadata", {}).get("tags", []):
            found: Cell = cell
            return found
    return None


def unclean_notebooks(paths: Iterable[str | Path]) -> list[str]:
    """Name the notebooks that hold outputs or execution counts.

    Parameters
    ----------
    paths : iterable of str or Path
        Notebooks, or folders that hold them.
    """
    return [
        str(path)
        for path in find_notebooks(paths)
        if any(_was_run(cell) for cell in read_notebook(path)["cells"])
    ]


def strip_outputs(path: str | Path) -> None:
    """Take outputs and execution counts out of a notebook file; leave the rest as it is."""
    path = Path(path)
    read_notebook(path)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    clear_outputs(notebook)
    write_file(as_json_bytes(notebook), path)


def clear_outputs(notebook: Notebook) -> None:
    """Take outputs, execution counts and times out of a notebook in memory."""
    for cell in notebook["cells"]:
        cell.get("metadata", {}).pop("execution", None)
        if cell["cell_type"] == "code":
            cell["outputs"] = []
            cell["execution_count"] = None


def _was_run(cell: Cell) -> bool:
    return bool(cell.get("outputs")) or cell.get("execution_count") is not None


def thin_violations(path: str | Path) -> list[str]:
    """Name what a thin notebook does not do: define, or import anything but `toolkit`.

    The parameters cell may import `datetime` and `typing`, whose names its annotations use.
    """
    return [
        f"{path}, cell {cell['id']!r}: {fault}"
        for cell in read_notebook(path)["cells"]
        if cell["cell_type"] == "code"
        for fault in _faults(cell)
    ]


def _faults(cell: Cell) -> Iterator[str]:
    try:
        tree = ast.parse(cell_source(cell))
    except SyntaxError as error:
        yield f"line {error.lineno} is not plain Python"
        return
    tags = cell.get("metadata", {}).get("tags", [])
    allowed = {"toolkit"} | (_VOCABULARY if "parameters" in tags else set())
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield f"defines {node.name!r}"
        for module in _imported(node):
            if module.partition(".")[0] not in allowed:
                yield f"imports {module!r}"


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or "."]
    return []
