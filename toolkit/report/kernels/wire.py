"""Messages of several frames over one Unix socket."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Frames", "Wire", "packed"]

_COUNT = struct.Struct("!I")
_LENGTH = struct.Struct("!Q")


def packed(frames: Sequence[bytes]) -> bytes:
    """Return a message as bytes: the number of frames, their lengths, the frames."""
    lengths = (_LENGTH.pack(len(frame)) for frame in frames)
    return b"".join([_COUNT.pack(len(frames)), *lengths, *frames])


class Frames:
    """Cuts a stream of bytes into the messages that were packed into it.

    Examples
    --------
    >>> frames = Frames()
    >>> whole = packed([b"shell", b"", b"hello"])
    >>> list(frames.feed(whole[:9])), list(frames.feed(whole[9:] + whole))
    ([], [[b'shell', b'', b'hello'], [b'shell', b'', b'hello']])
    """

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, chunk: bytes) -> Iterator[list[bytes]]:
        """Take the next bytes; yield the messages that are now whole."""
        self._held += chunk
        while (message := self._next()) is not None:
            yield message

    def _next(self) -> list[bytes] | None:
        if len(self._held) < _COUNT.size:
            return None
        (count,) = _COUNT.unpack_from(self._held)
        end = _COUNT.size + count * _LENGTH.size
        if len(self._held) < end:
            return None
        lengths = [length for (length,) in _LENGTH.iter_unpack(self._held[_COUNT.size : end])]
        if len(self._held) < end + sum(lengths):
            return None
        message = []
        for length in lengths:
            message.append(bytes(self._held[end : end + length]))
            end += length
        del self._held[:end]
        return message


class Wire:
    """The end of a socket that several threads send through."""

    def __init__(self, end: socket.socket) -> None:
        self.socket = end
        self._lock = threading.Lock()

    def send(self, frames: Iterable[bytes]) -> None:
        """Send a message; wait where the other end is slow to read."""
        content = packed(list(frames))
        with self._lock:
            self.socket.sendall(content)
