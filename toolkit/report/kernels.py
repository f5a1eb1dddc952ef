"""The kernel that a report runs in: the running Python, in the same surroundings each time.

It is a papermill engine, so that papermill stays the one that runs notebooks. The Python of the
caller is used whichever kernel is registered under the notebook's name, hence also that of a
virtual environment that nobody activated. The user's IPython profile is not read.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from math import ceil
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import (  # type: ignore[import-untyped, unused-ignore]
    PapermillNotebookClient,
)
from papermill.engines import (  # type: ignore[import-untyped, unused-ignore]
    NBClientEngine,
    NotebookExecutionManager,
    papermill_engines,
)

__all__ = ["ENGINE", "ToolkitEngine"]

ENGINE = "toolkit"

_ARGUMENTS = ["--InlineBackend.figure_formats={'png', 'svg'}"]

# What would make the same notebook give other bytes on the next run, or on another machine:
# the order of sets, sums split over threads, dates in SVG files, the user's locale and zone.
_PINNED = {
    "LC_ALL": "C.UTF-8",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "NUMEXPR_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "SOURCE_DATE_EPOCH": "0",
    "TZ": "UTC",
    "VECLIB_MAXIMUM_THREADS": "1",
}

_LONGEST_SOCKET_FOLDER = 80
_SECONDS_TO_SPEAK = 60
_SECONDS_TO_STOP = 10.0


class ToolkitEngine(NBClientEngine):  # type: ignore[misc, unused-ignore]
    """Run a notebook in the running Python, whatever kernel it names.

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
        start_timeout: int = 60,
        execution_timeout: float | None = None,
        **_: Any,
    ) -> None:
        """Run the cells in a kernel of their own.

        It works in `folder`, by default the current one, and keeps its sockets in `scratch`,
        by default a temporary folder.
        """
        try:
            with _scratch(scratch) as place, _kernel(Path(folder or Path.cwd()), place) as manager:
                client = PapermillNotebookClient(
                    nb_man,
                    km=manager,
                    coalesce_streams=True,
                    iopub_timeout=_SECONDS_TO_SPEAK,
                    record_timing=False,
                    startup_timeout=start_timeout,
                    timeout=execution_timeout and ceil(execution_timeout),
                )
                with _channels(client):
                    client.execute()
        except (CellTimeoutError, DeadKernelError) as error:
            _mark_running_cell(nb_man, error)


papermill_engines.register(ENGINE, ToolkitEngine)


@contextmanager
def _channels(client: PapermillNotebookClient) -> Iterator[None]:
    """Close the client's sockets and threads, whatever happens: a batch opens thousands."""
    try:
        yield
    finally:
        if client.kc is not None:
            client.kc.stop_channels()


def _scratch(given: str | None) -> AbstractContextManager[str]:
    if given is not None:
        return nullcontext(given)
    return tempfile.TemporaryDirectory(prefix="toolkit-", ignore_cleanup_errors=True)


@contextmanager
def _kernel(folder: Path, scratch: str) -> Iterator[AsyncKernelManager]:
    """Start a kernel of the running Python; stop it when done, at once when interrupted."""
    manager = AsyncKernelManager(
        connection_file=str(Path(scratch, "kernel.json")), transport=_transport(scratch)
    )
    manager._kernel_spec = KernelSpec(
        argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        display_name="Python 3",
        language="python",
        name="python3",
    )
    surroundings = os.environ | _PINNED | {"IPYTHONDIR": str(Path(scratch, "ipython"))}
    stop = _kill
    try:
        _start(manager, cwd=str(folder), env=surroundings)
        yield manager
        stop = _dismiss
    finally:
        stop(manager)


def _transport(scratch: str) -> str:
    # Sockets in a folder of our own: two kernels that start at once cannot take the same port.
    return "ipc" if os.name == "posix" and len(scratch) < _LONGEST_SOCKET_FOLDER else "tcp"


async def _start_async(manager: AsyncKernelManager, *, cwd: str, env: dict[str, str]) -> None:
    await manager.start_kernel(extra_arguments=list(_ARGUMENTS), cwd=cwd, env=env)


async def _dismiss_async(manager: AsyncKernelManager) -> None:
    """Ask an idle kernel to leave, and wait for it; its exit hooks run.

    The manager's own way interrupts the kernel first, which an idle kernel now and then
    takes for a reason to hang until it is killed, seconds later.
    """
    if await manager.is_alive():
        await manager.request_shutdown()
        await manager.finish_shutdown(waittime=_SECONDS_TO_STOP, pollinterval=0.01)
    await manager.cleanup_resources()


async def _kill_async(manager: AsyncKernelManager) -> None:
    """End a kernel at once, and with it the wait for the cell that it was at."""
    waits = asyncio.all_tasks() - {asyncio.current_task()}
    for task in waits:
        task.cancel()
    if manager.has_kernel:
        await manager.shutdown_kernel(now=True)
    await asyncio.gather(*waits, return_exceptions=True)


_start = run_sync(_start_async)
_dismiss = run_sync(_dismiss_async)
_kill = run_sync(_kill_async)


def _mark_running_cell(nb_man: NotebookExecutionManager, error: Exception) -> None:
    started = [
        index
        for index, cell in enumerate(nb_man.nb.cells)
        if cell.metadata.papermill["start_time"] is not None
    ]
    cell = nb_man.nb.cells[started[-1]]
    message = str(error).strip().splitlines()[0]
    cell.outputs.append(
        NotebookNode(  # type: ignore[no-untyped-call]
            output_type="error",
            ename=type(error).__name__,
            evalue=message,
            traceback=[message],
        )
    )
    nb_man.cell_exception(cell, cell_index=started[-1], exception=error)
