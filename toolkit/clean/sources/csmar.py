"""The exports of CSMAR: codes, labels and units in three heading rows, and a `[DES]` file beside.

A workbook has three heading rows: codes (``Stkcd``), labels (证券代码) and units (没有单位, 元). A
text file often has the codes alone. Beside either stands ``NAME[DES][csv].txt`` (or ``[xlsx]``),
with a line such as ``Stkcd [证券代码] - 以交易所公布的证券代码为准`` for each column; a large table
comes in parts, ``NAME.csv``, ``NAME1.csv`` …, with one such file. This follows the published
descriptions of the layout; it was not tried on licensed files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from toolkit.clean.sources.grids import Grid
from toolkit.clean.sources.text import read_unmixed

__all__ = ["NO_UNIT", "Described", "descriptions", "has_three_headings"]

NO_UNIT = {"没有单位", "无单位", "no unit", "none", ""}
"""What the row of units says where a column has none."""

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_DESCRIBED = re.compile(r"^\s*(?P<code>[A-Za-z]\w*)\s*\[(?P<label>.*?)\]\s*-\s*(?P<remarks>.*)$")


@dataclass(frozen=True, kw_only=True)
class Described:
    """What the `[DES]` file says of a column."""

    label: str
    remarks: str


def has_three_headings(grid: Grid) -> bool:
    """Tell whether the first rows of a grid are codes, labels and units."""
    if len(grid.lines) < 3:
        return False
    codes, _, units = (cells for _, cells in grid.lines[:3])
    return all(map(_CODE.fullmatch, codes)) and any(
        cell.rstrip("'’").casefold() in NO_UNIT - {""} for cell in units
    )


def descriptions(path: Path) -> dict[str, Described]:
    """Return what the `[DES]` file beside a file says of its columns; nothing where none is.

    Raises
    ------
    DataError
        If the file is there and cannot be decoded.
    """
    stems = (path.stem, re.sub(r"\d+$", "", path.stem))
    names = [f"{stem}[DES][{path.suffix[1:].lower()}].txt" for stem in stems]
    beside = next((place for name in names if (place := path.with_name(name)).is_file()), None)
    found: dict[str, Described] = {}
    code = ""
    for line in read_unmixed(beside).splitlines() if beside else ():
        parts = _DESCRIBED.match(line)
        if parts:
            code = parts["code"]
            found[code] = Described(label=parts["label"].strip(), remarks=parts["remarks"].strip())
        elif code and line.strip():
            before = found[code]
            found[code] = Described(
                label=before.label, remarks=f"{before.remarks} {line.strip()}".strip()
            )
    return found
