"""The process that reports are forked from: it imports the scientific stack, and computes nothing.

A library that has started threads does not survive a fork; one that was imported only does.
The template is a fresh interpreter, so that what must be set before Python starts, such as the
seed of its hashes, is set; it is run by `python -m`, never imported by a caller.

Each byte that arrives on its socket brings two sockets and asks for one fork: the first is the
kernel's wire, the second its leash. As long as the caller holds the leash the fork lives; when the
caller lets go, or dies, it is ended with all that it started. Over the leash the template tells the
fork's number, and in the end how it ended.

What few notebooks use is imported when there is nothing else to do, or once a report had to import
it itself: the next one of its kind will find it there.

Another byte brings a socket to listen on, over which other processes ask for forks in the same
way: the workers of a batch share the template of the process that started them.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import mmap
import os
import selectors
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

__all__ = ["FORK", "LATER", "LIBRARIES", "LISTEN", "main", "preload"]

FORK, LISTEN = b"f", b"l"

# An import cannot be broken off: a report that comes meanwhile waits for it.
_SECONDS_OF_PATIENCE = 5.0
_SECONDS_TO_ASK = 1.0

# None of these may look for IPython while it is imported, as tqdm.auto does: there is none yet.
LIBRARIES = (
    # What a kernel imports as it starts.
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.magics",
    "IPython.core.oinspect",
    "IPython.core.pylabtools",
    "IPython.extensions.storemagic",
    "argcomplete",
    "encodings.idna",
    "sqlite3",
    "tornado.locks",
    "tornado.platform.asyncio",
    "toolkit.report.kernels.forked",
    "numpy",
    "pandas",
    "pyarrow.dataset",
    "pyarrow.parquet",
    "narwhals",
    # What the first table of a report imports.
    "narwhals.group_by",
    "narwhals._arrow.namespace",
    "narwhals._duckdb.namespace",
    "narwhals._interchange.dataframe",
    "narwhals._namespace",
    "narwhals._pandas_like.namespace",
    "pandas.core.methods.to_dict",
    "pandas.core.reshape.reshape",
    "pandas.io.formats.csvs",
    "pandas.io.formats.string",
    "scipy.special",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "matplotlib.pyplot",
    "xml.dom.expatbuilder",
    "xml.dom.minidom",
    "toolkit",
)

# Half of the time that all would take, for what most reports do without.
LATER = (
    "duckdb",
    "polars",
    "formulaic",
    "scipy.optimize",
    "scipy.stats",
    "statsmodels.api",
    "statsmodels.formula.api",
)


def preload() -> None:
    """Import the libraries, and every module of the toolkit that a notebook may ask for."""
    # A kernel offers its debugger where there is one; none can reach a fork.
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    _import("ipykernel.debugger")
    del sys.modules["debugpy"]
    for name in LIBRARIES:
        _import(name)
    toolkit = importlib.import_module("toolkit")
    for name in dir(toolkit):
        with contextlib.suppress(ImportError):
            getattr(toolkit, name)
    # Caches of plain Python: the names of places, the fonts and their measures.
    toolkit.find_region("Hunan")
    importlib.import_module("toolkit.figures.style").measure_fonts()


def _import(name: str) -> None:
    with contextlib.suppress(ImportError):  # an extra that is not installed
        importlib.import_module(name)


@dataclass(frozen=True)
class _Fork:
    """A fork, and the leash that its caller holds."""

    number: int
    leash: socket.socket

    def kill(self) -> None:
        """End it with all that it started; its number is its own until it is reaped."""
        for end in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                end(self.number, signal.SIGKILL)


class _Template:
    """Forks on demand, and reaps."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._number = os.getpid()
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ, self._obey)
        self._listeners: list[socket.socket] = []
        self._forks: dict[int, _Fork] = {}
        self._later = list(LATER)
        # One byte for each of them, which the forks share: was it wanted?
        self._wanted = mmap.mmap(-1, len(LATER))

    def serve(self) -> None:
        """Serve until the caller asks for no more, and the last fork has ended.

        Where the caller died, its leashes went with it.
        """
        patience = _SECONDS_OF_PATIENCE
        while self._control.fileno() >= 0 or self._forks:
            idle = self._later and not self._forks
            events = self._selector.select(patience if idle else None)
            for key, _ in events:
                key.data()
            if idle and not events:
                _import(self._later.pop(0))
            patience = _SECONDS_OF_PATIENCE if events else 0.0

    def _obey(self) -> None:
        asked, ends, _, _ = socket.recv_fds(self._control, 1, 2)
        if asked == LISTEN:
            self._listen(socket.socket(fileno=ends[0]))
        elif asked:
            self._fork(ends)
        else:
            for end in (self._control, *self._listeners):
                self._selector.unregister(end)
                end.close()

    def _listen(self, listener: socket.socket) -> None:
        for earlier in [one for one in self._listeners if not Path(one.getsockname()).exists()]:
            self._listeners.remove(earlier)  # its batch is over: nobody can find it any more
            self._selector.unregister(earlier)
            earlier.close()
        self._listeners.append(listener)
        self._selector.register(listener, selectors.EVENT_READ, lambda: self._hear(listener))

    def _hear(self, listener: socket.socket) -> None:
        with listener.accept()[0] as caller:
            caller.settimeout(_SECONDS_TO_ASK)
            with contextlib.suppress(OSError):
                asked, ends, _, _ = socket.recv_fds(caller, 1, 2)
                if asked:
                    self._fork(ends)

    def _import_wanted(self) -> None:
        for name, wanted in zip(LATER, self._wanted[:], strict=True):
            if wanted and name in self._later:
                self._later.remove(name)
                _import(name)

    def _tell_wanted(self) -> None:
        """Say, in a fork at its end, what the template might have imported for it."""
        for place, name in enumerate(LATER):
            if name in sys.modules:
                self._wanted[place] = 1

    def _fork(self, ends: list[int]) -> None:
        wire, leash = (socket.socket(fileno=end) for end in ends)
        self._import_wanted()
        number = os.fork()
        if number == 0:
            self._become_kernel(wire, leash)
        wire.close()
        fork = _Fork(number, leash)
        self._forks[number] = fork
        ended = os.pidfd_open(number)
        self._selector.register(ended, selectors.EVENT_READ, lambda: self._reap(fork, ended))
        self._selector.register(leash, selectors.EVENT_READ, lambda: self._let_go(fork))
        _tell(leash, number)

    def _become_kernel(self, wire: socket.socket, leash: socket.socket) -> NoReturn:
        try:
            os.setsid()
            for end in (self._control, *self._listeners):
                end.close()
            leash.close()
            for fork in self._forks.values():
                fork.leash.close()
            self._selector.close()
            from toolkit.report.kernels.forked import die_with_parent, run_kernel

            die_with_parent(self._number)
            run_kernel(wire, leaving=self._tell_wanted)
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(1)

    def _let_go(self, fork: _Fork) -> None:
        fork.kill()
        self._selector.unregister(fork.leash)

    def _reap(self, fork: _Fork, ended: int) -> None:
        self._selector.unregister(ended)
        os.close(ended)
        fork.kill()  # what it left running, while its number still names its group
        _, status = os.waitpid(fork.number, 0)
        del self._forks[fork.number]
        _tell(fork.leash, os.waitstatus_to_exitcode(status))
        with contextlib.suppress(KeyError):
            self._selector.unregister(fork.leash)
        fork.leash.close()


def _tell(leash: socket.socket, number: int) -> None:
    with contextlib.suppress(OSError):
        leash.sendall(number.to_bytes(8, "big", signed=True))


def main() -> None:
    """Preload, then serve the socket whose number is the first argument."""
    control = socket.socket(fileno=int(sys.argv[1]))
    del sys.path[0]  # the folder that the template was started in
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    preload()
    gc.collect()
    gc.freeze()  # what is shared with the forks stays shared
    _Template(control).serve()
    os._exit(0)  # to take apart what was imported takes seconds, and nobody waits


if __name__ == "__main__":
    main()
