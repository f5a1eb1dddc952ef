"""A kernel started anew, as Jupyter does: the running Python, in the same surroundings each time.

The Python of the caller is used whichever kernel is registered under the notebook's name, hence
also that of a virtual environment that nobody activated. The user's IPython profile is not read.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from papermill.clientwrap import (  # type: ignore[import-untyped, unused-ignore]
    PapermillNotebookClient,
)
from papermill.engines import (  # type: ignore[import-untyped, unused-ignore]
    NotebookExecutionManager,
)

from toolkit.report.kernels.surroundings import arguments, environment

__all__ = ["run_plain"]

_LONGEST_SOCKET_FOLDER = 80
_SECONDS_TO_SPEAK = 60
_SECONDS_TO_STOP = 10.0
# A fork does so before it is a kernel. The line leaves no name behind.
_RECORDING = "__import__('toolkit.report.inputs').report.inputs.record_reads()"


def run_plain(
    nb_man: NotebookExecutionManager,
    *,
    folder: Path,
    scratch: Path,
    random_state: int,
    start_timeout: float,
    timeout: float | None,
) -> None:
    """Run the cells of a notebook in a kernel of their own, and end it."""
    with _kernel(folder, scratch, random_state) as manager:
        client = PapermillNotebookClient(
            nb_man,
            km=manager,
            coalesce_streams=True,
            iopub_timeout=_SECONDS_TO_SPEAK,
            record_timing=False,
            startup_timeout=start_timeout,
            timeout=timeout and ceil(timeout),
        )
        with _channels(client):
            client.execute()


@contextmanager
def _channels(client: PapermillNotebookClient) -> Iterator[None]:
    """Close the client's sockets and threads, whatever happens: a batch opens thousands."""
    try:
        yield
    finally:
        if client.kc is not None:
            client.kc.stop_channels()


@contextmanager
def _kernel(folder: Path, scratch: Path, random_state: int) -> Iterator[AsyncKernelManager]:
    """Start a kernel of the running Python; stop it when done, at once when interrupted."""
    manager = AsyncKernelManager(
        connection_file=str(scratch / "kernel.json"), transport=_transport(scratch)
    )
    manager._kernel_spec = KernelSpec(
        argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        display_name="Python 3",
        language="python",
        name="python3",
    )
    stop = _kill
    try:
        _start(
            manager,
            [*arguments(random_state), f"--IPKernelApp.exec_lines={_RECORDING}"],
            cwd=str(folder),
            env=environment(scratch),
        )
        yield manager
        stop = _dismiss
    finally:
        stop(manager)


def _transport(scratch: Path) -> str:
    # Sockets in a folder of our own: two kernels that start at once cannot take the same port.
    return "ipc" if os.name == "posix" and len(str(scratch)) < _LONGEST_SOCKET_FOLDER else "tcp"


async def _start_async(
    manager: AsyncKernelManager, given: list[str], *, cwd: str, env: dict[str, str]
) -> None:
    await manager.start_kernel(extra_arguments=given, cwd=cwd, env=env)


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
