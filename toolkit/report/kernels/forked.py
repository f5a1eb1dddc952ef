"""What runs in a fork of the template: an IPython kernel that speaks over one Unix socket.

It is ipykernel's own kernel, started by ipykernel's own application, so that a cell finds the
shell, the streams and the display hooks that it would find in any Jupyter kernel. Only what
carries the messages differs: no ports, no heartbeat, no threads that wait for a client.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import ctypes
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextvars import copy_context
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ipykernel_launcher  # type: ignore[import-untyped, unused-ignore]
import zmq
from ipykernel.iostream import IOPubThread
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session
from tornado.ioloop import IOLoop
from traitlets import Any as AnyTrait

from toolkit.report.inputs import READS, record_reads
from toolkit.report.kernels.surroundings import KEY, Request, arguments
from toolkit.report.kernels.wire import Frames, Wire

__all__ = ["die_with_parent", "run_kernel"]

_CHUNK = 1 << 16
_PR_SET_PDEATHSIG = 1
# Where memory runs out, the report that took it goes, not the batch.
_FIRST_TO_GO = "1000"


class _Channel:
    """As much of a ZeroMQ socket as the kernel uses to send."""

    def __init__(self, name: bytes, wire: Wire, context: zmq.Context[Any]) -> None:
        self.context = context
        self._name, self._wire = name, wire

    def send_multipart(self, frames: list[Any], *_: Any, **__: Any) -> None:
        parts = (frame.bytes if isinstance(frame, zmq.Frame) else bytes(frame) for frame in frames)
        self._wire.send([self._name, *parts])

    def flush(self, *_: Any) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing of its own is open."""


class _Kernel(IPythonKernel):  # type: ignore[misc, unused-ignore]
    shell_stream = AnyTrait()
    _supports_kernel_subshells = False

    def _abort_queues(self, subshell_id: str | None = None) -> None:
        """Nothing is queued: the caller waits for each reply before it asks again."""


class _Application(IPKernelApp):  # type: ignore[misc, unused-ignore]
    """Starts a kernel as ipykernel does, with a wire in the place of ports."""

    wire = AnyTrait()

    def init_poller(self) -> None:
        """Watch nobody: the template ends this process when the caller is gone."""

    def init_connection_file(self) -> None:
        """Name none: there is no port to write down."""

    def write_connection_file(self, **_: Any) -> None:
        """Write nothing down."""

    def log_connection_info(self) -> None:
        """Log nothing."""

    def init_heartbeat(self) -> None:
        """Start none: the end of the process is seen at once."""

    def init_sockets(self) -> None:
        self.context = zmq.Context()
        self.session = Session(parent=self, key=KEY)
        self.shell_socket = _Channel(b"shell", self.wire, self.context)
        self.configure_tornado_logger()  # type: ignore[no-untyped-call]
        published = _Channel(b"iopub", self.wire, self.context)
        io_thread: Any = IOPubThread
        self.iopub_thread = io_thread(published, pipe=True, session=self.session)
        self.iopub_thread.start()
        self.iopub_socket = self.iopub_thread.background_socket

    def init_kernel(self) -> None:
        self.kernel = _Kernel.instance(
            parent=self,
            session=self.session,
            shell_stream=self.shell_socket,
            shell_channel_thread=SimpleNamespace(parent_thread=threading.main_thread()),
            iopub_thread=self.iopub_thread,
            iopub_socket=self.iopub_socket,
            log=self.log,
            profile_dir=self.profile_dir,
            user_ns=self.user_ns,
        )
        self.displayhook.get_execution_count = lambda: self.kernel.execution_count


def run_kernel(end: socket.socket, *, leaving: Callable[[], object]) -> None:
    """Be a kernel until the caller has had enough; the first message says which.

    In the end `leaving` is called.
    """
    frames = Frames()
    arrived = _first(end, frames)
    request = Request(**json.loads(arrived.pop(0)[0]))
    _settle(request)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    application: Any = _Application.instance(wire=Wire(end))
    application.initialize(
        [*arguments(request.random_state), "--HistoryManager.hist_file=:memory:"]
    )
    kernel = application.kernel
    kernel.io_loop = IOLoop.current()
    context = copy_context()

    def answer(message: list[bytes]) -> None:
        request_frames = [zmq.Frame(frame) for frame in message]
        # One context for all cells: what a cell sets in it, the next one finds.
        task = loop.create_task(kernel.shell_main(None, request_frames), context=context)
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    def read() -> None:
        chunk = end.recv(_CHUNK, socket.MSG_DONTWAIT)
        for message in frames.feed(chunk):
            if message:
                answer(message)
            else:
                loop.stop()
        if not chunk:
            loop.stop()

    tasks: set[asyncio.Task[Any]] = set()
    for message in arrived:
        answer(message)
    loop.add_reader(end, read)
    loop.run_forever()
    leaving()
    _leave()


def _first(end: socket.socket, frames: Frames) -> list[list[bytes]]:
    while chunk := end.recv(_CHUNK):
        if arrived := list(frames.feed(chunk)):
            return arrived
    os._exit(0)  # the caller thought better of it


def die_with_parent(parent: int) -> None:
    """Have the system end this process when the template ends, even by a kill."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before it was asked
        os._exit(1)


def _settle(request: Request) -> None:
    """Take on the surroundings that a kernel would have been started in."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO, encoding="ascii")
    os.environ.clear()
    os.environ.update(request.environ)
    record_reads(request.environ[READS])
    os.chdir(request.folder)
    sys.argv = [ipykernel_launcher.__file__]


def _leave() -> None:
    """End as Python ends, short of taking apart what the template imported."""
    with contextlib.suppress(Exception):
        threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    with contextlib.suppress(Exception):
        sys.stdout.flush()
    os._exit(0)
