"""The template of this process: started when it is first needed, ended with the process.

It serves every report that the process makes, and those of the workers that it starts. It is
started anew where it died, and where the environment has changed since.
"""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from toolkit.report.kernels.surroundings import environment
from toolkit.report.kernels.template import FORK, LISTEN

__all__ = [
    "TemplateError",
    "borrowed_template",
    "can_fork",
    "end_template",
    "fork",
    "share_template",
    "start_template",
]

# These change from hour to hour and mean nothing to what the template imports.
_PASSING = frozenset({"COLUMNS", "LINES", "OLDPWD", "PWD", "PYTEST_CURRENT_TEST", "_"})
_SECONDS_TO_STOP = 5.0


class TemplateError(Exception):
    """The template cannot be started; a plain kernel may."""


def can_fork() -> bool:
    """Tell whether processes can be forked here, and watched without a race."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


@dataclass(frozen=True)
class _Template:
    """A template that runs, and how it was started."""

    process: subprocess.Popen[bytes]
    control: socket.socket
    started_with: tuple[object, ...]

    def end(self) -> None:
        """Let it end with its last fork, at once where it has none."""
        self.control.close()
        _wait(self.process)


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(_SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


_template: _Template | None = None
_lender: str | None = None
_retired: list[subprocess.Popen[bytes]] = []
_lock = threading.RLock()


def start_template() -> None:
    """Start the template unless it runs; do not wait until it has imported everything.

    Where processes cannot be forked, or another process lends its own, nothing is started.

    Raises
    ------
    TemplateError
        Where the interpreter cannot be run.
    """
    if not can_fork() or _lender is not None:
        return
    global _template
    wanted = _how_to_start()
    with _lock:
        if _template is not None:
            if _template.started_with == wanted and _template.process.poll() is None:
                return
            # Other threads may be at reports that it serves: they keep it alive.
            _template.control.close()
            _retired.append(_template.process)
        _retired[:] = [process for process in _retired if process.poll() is None]
        _template = _started(wanted)


def share_template(folder: str | Path) -> str | None:
    """Start the template, and let other processes fork it over a socket in a folder.

    Returns
    -------
    str or None
        The socket, for `borrowed_template`; None where nothing can be shared, as where the path
        is longer than the system lets a socket have.
    """
    if not can_fork():
        return None
    with suppress(OSError, TemplateError), _lock, socket.socket(socket.AF_UNIX) as listener:
        start_template()
        if _template is not None:
            address = str(Path(folder, "template"))
            listener.bind(address)
            listener.listen()
            socket.send_fds(_template.control, [LISTEN], [listener.fileno()])
            return address
    return None


@contextmanager
def borrowed_template(address: str | None) -> Iterator[None]:
    """Fork the template of another process, as long as it can be reached."""
    global _lender
    earlier, _lender = _lender, address
    try:
        yield
    finally:
        _lender = earlier


def end_template() -> None:
    """End the template and whatever was forked from it, and those that it took the place of."""
    global _template
    with _lock:
        if _template is not None:
            _template.end()
            _template = None
        while _retired:
            _wait(_retired.pop())


def _forget_template() -> None:
    """Leave the template to the parent, in a child that was forked from this process."""
    global _template, _lock
    _lock = threading.RLock()
    _retired.clear()
    if _template is not None:
        _template.control.close()
        _template = None


atexit.register(end_template)
if can_fork():
    os.register_at_fork(after_in_child=_forget_template)


def _how_to_start() -> tuple[object, ...]:
    passing = _PASSING & os.environ.keys()
    return (
        sys.executable,
        tuple(
            sorted((name, value) for name, value in environment().items() if name not in passing)
        ),
    )


def _started(how: tuple[object, ...]) -> _Template:
    control, far = socket.socketpair()
    with far:
        try:
            process = subprocess.Popen(
                [sys.executable, "-m", "toolkit.report.kernels.template", str(far.fileno())],
                # Matplotlib reads a file of settings where it is imported: there, the pinned one.
                cwd=Path(__file__).parent,
                env=environment(),
                pass_fds=[far.fileno()],
                start_new_session=True,
                stderr=subprocess.DEVNULL,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        except OSError as error:
            control.close()
            raise TemplateError(str(error)) from error
    return _Template(process, control, how)


def fork() -> tuple[socket.socket, socket.socket]:
    """Fork the template, started where need be; return the wire and the leash.

    Raises
    ------
    TemplateError
        Where there is none to fork.
    """
    global _lender
    if _lender is not None:
        with suppress(OSError), socket.socket(socket.AF_UNIX) as lender:
            lender.connect(_lender)
            return _ask(lender)
        _lender = None
    with _lock:
        start_template()
        assert _template is not None
        try:
            return _ask(_template.control)
        except OSError as error:
            raise TemplateError(f"the template process ended: {error}") from error


def _ask(template: socket.socket) -> tuple[socket.socket, socket.socket]:
    """Send the far ends of a new wire and leash; return the near ones."""
    wire, far_wire = socket.socketpair()
    leash, far_leash = socket.socketpair()
    try:
        socket.send_fds(template, [FORK], [far_wire.fileno(), far_leash.fileno()])
    except OSError:
        wire.close()
        leash.close()
        raise
    finally:
        far_wire.close()
        far_leash.close()
    return wire, leash
