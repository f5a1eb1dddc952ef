"""A fork of the template, as the client of a kernel that nbclient runs cells by."""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from jupyter_client.session import Session
from nbclient.exceptions import DeadKernelError

from toolkit.report.kernels.start import TemplateError, fork
from toolkit.report.kernels.surroundings import KEY, Request
from toolkit.report.kernels.wire import Frames, packed

__all__ = ["ForkedKernel", "forked_kernel"]

_CHUNK = 1 << 18
_SECONDS_TO_STOP = 10.0


@dataclass
class _Channel:
    """The messages of one channel, as nbclient asks for them."""

    messages: asyncio.Queue[dict[str, Any] | None] = field(default_factory=asyncio.Queue)

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        try:
            message = await asyncio.wait_for(self.messages.get(), timeout)
        except TimeoutError:
            raise queue.Empty from None
        if message is None:
            self.messages.put_nowait(None)  # for whoever asks next
            raise DeadKernelError("Kernel died")
        return message


class ForkedKernel:
    """A fork of the template, as the client that nbclient runs cells by."""

    def __init__(self, wire: socket.socket) -> None:
        self.iopub_channel, self.shell_channel = _Channel(), _Channel()
        self._session = Session(key=KEY)
        self._wire = wire
        self._ended = False
        wire.settimeout(0)

    def is_alive(self) -> bool:
        """Tell whether more is to be heard from it."""
        return not self._ended

    async def execute(
        self,
        code: str,
        *,
        store_history: bool = True,
        stop_on_error: bool = True,
    ) -> str:
        """Send a cell; return the number of the request."""
        return await self._ask(
            "execute_request",
            {
                "allow_stdin": False,
                "code": code,
                "silent": False,
                "stop_on_error": stop_on_error,
                "store_history": store_history,
                "user_expressions": {},
            },
        )

    async def kernel_info(self) -> str:
        """Ask what language it speaks; return the number of the request."""
        return await self._ask("kernel_info_request", {})

    async def settle(self, request: Request) -> None:
        """Tell it what to be, before anything else."""
        await self._send([request.as_frame()])

    async def leave(self) -> None:
        """Let it run its exit hooks."""
        await self._send([])

    async def listen(self) -> None:
        """Sort what it says into channels, until it falls silent."""
        frames, loop = Frames(), asyncio.get_running_loop()
        channels = {b"iopub": self.iopub_channel, b"shell": self.shell_channel}
        with contextlib.suppress(OSError):
            while chunk := await loop.sock_recv(self._wire, _CHUNK):
                for channel, *parts in frames.feed(chunk):
                    message = self._session.deserialize(self._session.feed_identities(parts)[1])
                    channels[channel].messages.put_nowait(message)
        self._ended = True
        for _ in range(2):  # what it said last is read before it is known to be dead
            await asyncio.sleep(0)
        self.shell_channel.messages.put_nowait(None)

    async def _ask(self, kind: str, content: dict[str, Any]) -> str:
        message = self._session.msg(kind, content)
        await self._send(self._session.serialize(message))
        return str(message["header"]["msg_id"])

    async def _send(self, frames: list[bytes]) -> None:
        with contextlib.suppress(ConnectionError):  # its death is heard of in `listen`
            await asyncio.get_running_loop().sock_sendall(self._wire, packed(frames))


@asynccontextmanager
async def forked_kernel(request: Request) -> AsyncIterator[ForkedKernel]:
    """Fork a kernel; end it at once when interrupted.

    Raises
    ------
    TemplateError
        Where nothing can be forked.
    DeadKernelError
        Where it died; the message says by what.
    """
    wire, leash = fork()
    with wire, leash:
        leash.settimeout(0)
        number = await _told(leash)
        if number is None:
            raise TemplateError("the template process ended before it could be forked")
        kernel = ForkedKernel(wire)
        listening = asyncio.ensure_future(kernel.listen())
        ended = asyncio.ensure_future(_ended(leash, number))
        try:
            await kernel.settle(request)
            yield kernel
            await kernel.leave()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ended, _SECONDS_TO_STOP)
        except DeadKernelError as error:
            if kernel.is_alive():  # nbclient takes an interrupt of its waiting for a death
                raise asyncio.CancelledError from error
            raise DeadKernelError(_cause(await ended)) from error
        finally:
            listening.cancel()
            ended.cancel()


async def _ended(leash: socket.socket, number: int) -> int | None:
    """Wait for the end of a fork; return its exit code, None where nobody is left to tell."""
    code = await _told(leash)
    if code is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(number, signal.SIGKILL)
    return code


async def _told(leash: socket.socket) -> int | None:
    """Return the next number that the template tells; None where the template is gone."""
    with contextlib.suppress(OSError):
        content = await asyncio.get_running_loop().sock_recv(leash, 8)
        if content:
            return int.from_bytes(content, "big", signed=True)
    return None


def _cause(code: int | None) -> str:
    if code is None:
        return "Kernel died with the process that it was forked from"
    if code >= 0:
        return f"Kernel died: its process ended with exit code {code}"
    killer = signal.Signals(-code).name
    hint = ", as by a system that is out of memory" if -code == signal.SIGKILL else ""
    return f"Kernel died: its process was ended by {killer}{hint}"
