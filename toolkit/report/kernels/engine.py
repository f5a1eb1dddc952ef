"""The papermill engine: it chooses where the cells run, and drives them through papermill.

papermill stays the one that runs notebooks; nbclient stays the one that turns what a kernel says
into outputs.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any, Literal

from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import (  # type: ignore[import-untyped, unused-ignore]
    PapermillNotebookClient,
)
from papermill.engines import (  # type: ignore[import-untyped, unused-ignore]
    Engine,
    NotebookExecutionManager,
    papermill_engines,
)

from toolkit.report.kernels.plain import run_plain
from toolkit.report.kernels.start import TemplateError, can_fork
from toolkit.report.kernels.surroundings import Request, environment, random_state
from toolkit.report.kernels.warm import ForkedKernel, forked_kernel
from toolkit.report.outputs import key_figures

__all__ = ["ENGINE", "ToolkitEngine"]

ENGINE = "toolkit"

_SECONDS_TO_SPEAK = 60
# Names that a notebook has without its author having chosen them.
_USUAL_KERNELS = frozenset({"", "python", "python3"})


class ToolkitEngine(Engine):  # type: ignore[misc, unused-ignore]
    """Run a notebook in the running Python, whatever kernel it names.

    It runs in a fork of a process that has the scientific stack imported, where processes can
    be forked, else in a kernel of its own, which takes some seconds more and gives the same
    outputs. A notebook that names another kernel, or whose metadata has
    ``{"toolkit": {"kernel": "plain"}}``, gets a kernel of its own too. Which it was, and why,
    stands under `engine` in papermill's metadata.

    A cell that runs out of time, or whose kernel dies, fails like a cell that raises: the
    error stands among its outputs.
    """

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> str:
        """Return the one kernel there is."""
        return "python3"

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> str:
        """Return the one language there is."""
        return "python"

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        folder: str | None = None,
        scratch: str | None = None,
        kernel: Literal["forked", "plain"] | None = None,
        start_timeout: float = 60,
        execution_timeout: float | None = None,
        **_: Any,
    ) -> None:
        """Run the cells.

        They work in `folder`, by default the current one; `scratch` is for temporary files,
        by default a folder of its own; `kernel` overrides the choice between the two kinds.
        """
        at = Path(folder or Path.cwd())
        code = [cell.source for cell in nb_man.nb.cells if cell.cell_type == "code"]
        seed = random_state(code)
        reason = _reason_for_plain(nb_man.nb, at, kernel)
        with _scratch(scratch) as place, _failures(nb_man):
            if reason is None:
                request = Request(
                    environ=environment(place),
                    folder=str(at),
                    random_state=seed,
                )
                try:
                    _run(_forked(nb_man, request, execution_timeout))
                except TemplateError as error:
                    reason = str(error)
            if reason is not None:
                _say_once(f"Reports take longer: each starts a kernel of its own, for {reason}.")
                run_plain(
                    nb_man,
                    folder=at,
                    scratch=place,
                    random_state=seed,
                    start_timeout=start_timeout,
                    timeout=execution_timeout,
                )
        _mark_silent_failure(nb_man.nb)
        nb_man.nb.metadata.papermill["engine"] = {
            "kernel": "forked" if reason is None else "plain",
            "random_state": seed,
            "reason": reason,
            # papermill sorts what it writes.
            "key_figures": list(key_figures(nb_man.nb)),
        }


papermill_engines.register(ENGINE, ToolkitEngine)


def _reason_for_plain(nb: Any, folder: Path, asked: str | None) -> str | None:
    """Say why a notebook gets a kernel of its own; None where it gets a fork."""
    named = nb.metadata.get("kernelspec", {}).get("name", "")
    wanted = asked or nb.metadata.get("toolkit", {}).get("kernel")
    if wanted == "plain":
        return "that was asked for"
    if not can_fork():
        return f"processes cannot be forked safely on {sys.platform}"
    if wanted is None and named not in _USUAL_KERNELS:
        return f"the notebook names the kernel {named!r}"
    if (folder / "matplotlibrc").is_file():
        return f"{folder} has a matplotlibrc of its own"
    return None


@cache
def _say_once(sentence: str) -> None:
    print(sentence, file=sys.stderr)  # noqa: T201


@contextmanager
def _scratch(given: str | None) -> Iterator[Path]:
    if given is not None:
        yield Path(given)
        return
    with tempfile.TemporaryDirectory(prefix="toolkit-", ignore_cleanup_errors=True) as place:
        yield Path(place)


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end, also where an event loop runs already, as in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(work)
        return
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


async def _forked(
    nb_man: NotebookExecutionManager, request: Request, timeout: float | None
) -> None:
    client = PapermillNotebookClient(
        nb_man,
        coalesce_streams=True,
        iopub_timeout=_SECONDS_TO_SPEAK,
        record_timing=False,
        timeout=timeout and ceil(timeout),
    )
    client.reset_execution_trackers()
    async with forked_kernel(request) as kernel:
        client.kc = kernel
        await _cells(nb_man, client)
        await _closing(client, kernel)


async def _cells(nb_man: NotebookExecutionManager, client: PapermillNotebookClient) -> None:
    for index, cell in enumerate(nb_man.nb.cells):
        try:
            nb_man.cell_start(cell, index)
            await client.async_execute_cell(cell, index)
        except CellExecutionError as error:
            nb_man.cell_exception(cell, cell_index=index, exception=error)
            break
        finally:
            nb_man.cell_complete(cell, cell_index=index)


async def _closing(client: PapermillNotebookClient, kernel: ForkedKernel) -> None:
    told = await client.async_wait_for_reply(await kernel.kernel_info())
    client.nb.metadata["language_info"] = told["content"]["language_info"]
    client.set_widgets_metadata()


@contextmanager
def _failures(nb_man: NotebookExecutionManager) -> Iterator[None]:
    try:
        yield
    except (CellTimeoutError, DeadKernelError) as error:
        _mark_running_cell(nb_man, error)


def _mark_running_cell(nb_man: NotebookExecutionManager, error: Exception) -> None:
    started = [
        index
        for index, cell in enumerate(nb_man.nb.cells)
        if cell.metadata.papermill["start_time"] is not None
    ]
    cell = nb_man.nb.cells[started[-1]]
    cell.outputs.append(_error(type(error).__name__, str(error).strip().splitlines()[0]))
    nb_man.cell_exception(cell, cell_index=started[-1], exception=error)


def _mark_silent_failure(nb: Any) -> None:
    """Put an error where a cell failed without one, as at a magic that there is not.

    papermill would take the notebook for whole, though the cells after it never ran.
    """
    for cell in nb.cells:
        if cell.metadata.papermill["status"] != "failed":
            continue
        if all(output.output_type != "error" for output in cell.outputs):
            said = [output.text for output in cell.outputs if output.get("name") == "stderr"]
            kind, _, message = "".join(said).strip().rpartition("\n")[2].partition(": ")
            cell.outputs.append(_error(kind or "CellExecutionError", message or "no error shown"))


def _error(kind: str, message: str) -> NotebookNode:
    return NotebookNode(  # type: ignore[no-untyped-call]
        output_type="error", ename=kind, evalue=message, traceback=[f"{kind}: {message}"]
    )
