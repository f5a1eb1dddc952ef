"""Comma, tab and semicolon separated text as a grid, whatever its encoding."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from pathlib import Path

from toolkit.clean.sources.grids import Grid, Line, shown
from toolkit.errors import DataError
from toolkit.tables import read_text

__all__ = ["read_unmixed", "text_grid"]

_DELIMITERS = ",\t;|"
_SAMPLE = 50
_HAN = re.compile(r"[\u4e00-\u9fff]")
_ENOUGH_HAN = 3

csv.field_size_limit(2**27)


def read_unmixed(path: Path) -> str:
    """Return the text of a file in UTF-8 or GB18030, but not in both.

    Two files of different encodings that were joined are valid GB18030 as a whole, since GB18030
    accepts most bytes; the part in UTF-8 would come out as other characters.

    Raises
    ------
    DataError
        If the file is missing, empty, cut short, in neither encoding or in both.
    """
    try:
        text = read_text(path)
    except DataError as error:
        odd = _odd_line(path)
        if odd is None:
            raise
        raise DataError(
            f"{path.name}, line {odd[0]}: most lines are UTF-8, this one is not; as GB18030 it "
            f"reads {shown(odd[1], width=30)}. Either a byte is damaged, or files of two encodings "
            "were joined: fetch it again, or save each part as UTF-8 and join them then."
        ) from error
    if "\0" in text:
        row = text[: text.index("\0")].count("\n") + 1
        raise DataError(
            f"{path.name}, line {row}: a zero byte, which no text has. The file is damaged, or is "
            "no text: fetch it again from its source."
        )
    for number, line in enumerate(text.split("\n"), start=1):
        other = "" if line.isascii() else _as_utf8(line.encode("gb18030", errors="replace"))
        if len(_HAN.findall(other)) >= _ENOUGH_HAN:
            raise DataError(
                f"{path.name}, line {number}: this line is UTF-8 ({shown(other, width=30)}), the "
                "file as a whole is GB18030: files of two encodings were joined. Save each part "
                "as UTF-8, then join them."
            )
    return text


def _as_utf8(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _odd_line(path: Path) -> tuple[int, str] | None:
    """Return the first line that is not UTF-8, of a file whose other lines mostly are."""
    if not path.is_file() or path.suffix == ".gz":
        return None
    lines = path.read_bytes().split(b"\n")
    odd = [at for at, line in enumerate(lines) if not line.isascii() and not _as_utf8(line)]
    others = sum(not line.isascii() for line in lines) - len(odd)
    if not odd or others < len(odd):
        return None
    return odd[0] + 1, lines[odd[0]].decode("gb18030", errors="replace")


def text_grid(path: Path) -> Grid:
    """Read separated text as a grid; the separator is the one that its lines agree on.

    Raises
    ------
    DataError
        If the text cannot be decoded, or a quotation mark is opened and never closed.
    """
    text = read_unmixed(path)
    mark = "\t" if path.suffix.lower() == ".tsv" and "\t" in text else _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    lines: list[Line] = []
    number = began = 1
    try:
        for number, cells in enumerate(reader, start=1):
            began = reader.line_num + 1
            kept = [cell.strip() for cell in cells]
            if any(kept):
                lines.append((number, kept))
    except csv.Error as error:
        line = text.splitlines()[began - 1 : began]
        raise DataError(
            f"{path.name}, line {began}: a quotation mark is open or stands inside a cell "
            f"({error}): {shown(line[0] if line else '')}. If the file ends there it was cut "
            "short: fetch it again. Else double the mark at its source."
        ) from error
    return Grid(file=path.name, lines=lines)


def _delimiter(text: str) -> str:
    """Return the separator that most lines hold equally often; a comma where none is."""
    sample = [line for line in text.splitlines()[:_SAMPLE] if line.strip()]

    def agreement(mark: str) -> tuple[int, int]:
        counts = Counter(line.count(mark) for line in sample if mark in line)
        often, lines = max(counts.items(), key=lambda pair: pair[::-1], default=(0, 0))
        return lines, often

    best = max(_DELIMITERS, key=agreement)
    return best if agreement(best)[0] else ","
