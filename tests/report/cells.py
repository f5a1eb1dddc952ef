"""Run cells by the engine, in a fork or in a kernel of their own, and look at what they say."""

import copy

import nbformat

from tests.report.making import code, notebook
from toolkit.report.kernels.engine import ToolkitEngine
from toolkit.report.outputs import tidy


def run(cells, *, folder, kernel=None, metadata=None, timeout=None):
    """Run cells, each a text or a cell, and return the executed notebook."""
    made = [
        code(f"cell-{number}", cell) if isinstance(cell, str) else cell
        for number, cell in enumerate(cells, start=1)
    ]
    content = notebook(*copy.deepcopy(made))
    content["metadata"] = {"papermill": {}, **(metadata or {})}
    return ToolkitEngine.execute_notebook(
        nbformat.from_dict(content),
        "python3",
        progress_bar=False,
        folder=str(folder),
        kernel=kernel,
        execution_timeout=timeout,
    )


def said(executed):
    """All that a notebook says, cell by cell, and whether each failed."""
    steady = copy.deepcopy(executed)
    status = {cell["id"]: cell["metadata"]["papermill"]["status"] for cell in executed["cells"]}
    tidy(steady, {})
    return {
        cell["id"]: (status[cell["id"]], cell.get("execution_count"), cell.get("outputs"))
        for cell in steady["cells"]
    }


def printed(executed):
    """What the cells printed, together."""
    return "".join(
        output["text"]
        for cell in executed["cells"]
        for output in cell.get("outputs", ())
        if output["output_type"] == "stream"
    )


def error(executed):
    """The name and the message of the error that a notebook stopped at, and the cell's id."""
    for cell in executed["cells"]:
        for output in cell.get("outputs", ()):
            if output["output_type"] == "error":
                return cell["id"], output["ename"], output["evalue"]
    return None
