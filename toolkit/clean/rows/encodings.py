"""Bytes of any size to text in one encoding: unpacked, told apart, and refused where damaged."""

from __future__ import annotations

import gzip
import re
import zlib
from pathlib import Path

from toolkit.errors import DataError

__all__ = ["decoded_head", "encoding_of", "unpacked"]

CHUNK = 1 << 23
_CHINESE = re.compile("[\u3000-\u9fff\uff00-\uffef]")

Line = tuple[int, str]


def unpacked(path: Path, folder: Path) -> Path:
    """Return the path of a file, or of its content in a folder where it is compressed by gzip.

    Raises
    ------
    DataError
        If the compressed file is damaged or cut short.
    """
    if path.suffix.lower() != ".gz":
        return path
    target = folder / "unpacked"
    try:
        with gzip.open(path) as stream, target.open("wb") as out:
            while piece := stream.read(CHUNK):
                out.write(piece)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(
            f"{path.name}: the compressed file is damaged or cut short ({error}). "
            "Fetch it again from its source."
        ) from error
    return target


def decoded_head(start: bytes) -> str:
    """Return the first bytes of a file as text, each line by itself, whatever they are."""
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return start.decode("utf-16", errors="replace")
    lines = start.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    return "\n".join(_decoded_line(line) for line in lines)


def _decoded_line(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("gb18030", errors="replace")


def encoding_of(file: str, plain: Path) -> str:
    """Return the one encoding of a file: strict UTF-8 first, then GB18030; UTF-16 by its mark.

    Raises
    ------
    DataError
        If it is in none of them, or has lines in two.
    """
    utf8: Line | None = None
    other: Line | None = None
    with plain.open("rb") as stream:
        if stream.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            return _checked_utf16(file, plain)
        stream.seek(0)
        for number, line in enumerate(stream, start=1):
            if line.isascii():
                continue
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError:
                other = other or (number, _as_gb18030(file, number, line))
            else:
                # Two letters of GBK may pass for one of Latin or Greek, never for a Chinese one.
                if utf8 is None and _CHINESE.search(text):
                    utf8 = (number, text.strip())
            if utf8 and other:
                raise DataError(
                    f"{file}: the encodings are mixed. Line {utf8[0]} is UTF-8 ({utf8[1][:40]!r}), "
                    f"line {other[0]} is GB18030 ({other[1][:40]!r}). "
                    "Save each part as UTF-8 before they are joined."
                )
    if other is None:
        return "utf-8-sig"
    with plain.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.isascii():
                _as_gb18030(file, number, line)
    return "gb18030"


def _as_gb18030(file: str, number: int, line: bytes) -> str:
    try:
        return line.decode("gb18030").strip()
    except UnicodeDecodeError as error:
        raise DataError(
            f"{file}, line {number}: the bytes are neither UTF-8 nor GB18030 "
            f"({line[max(error.start - 8, 0) : error.start + 8]!r}). "
            "Save the file as UTF-8 at its source."
        ) from error


def _checked_utf16(file: str, plain: Path) -> str:
    try:
        with plain.open("r", encoding="utf-16", newline="") as stream:
            while stream.read(CHUNK):
                pass
    except UnicodeError as error:
        raise DataError(
            f"{file}: the file begins as UTF-16 and does not go on so ({error}). "
            "Save it as UTF-8 at its source."
        ) from error
    return "utf-16"
