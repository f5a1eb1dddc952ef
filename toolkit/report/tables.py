"""Two states of a table, cell by cell."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

__all__ = ["Moved", "moved_cells"]

_ABSENT = "absent"


@dataclass(frozen=True, kw_only=True)
class Moved:
    """One cell that is not as it was.

    Attributes
    ----------
    table : str
    row : int
        From 1; 0 is the header.
    label : str
        What stands in the first column of the row.
    column : str
    before, after : str
    difference : float or None
        After less before, where both are numbers.
    """

    table: str
    row: int
    label: str
    column: str
    before: str
    after: str
    difference: float | None = None

    def __str__(self) -> str:
        place = f"{self.table}, row {self.row} ({self.label}), {self.column}"
        by = "" if self.difference is None else f" ({self.difference:+.3g})"
        return f"{place}: {self.before} -> {self.after}{by}"


def moved_cells(before: Path, after: Path, *, table: str) -> list[Moved]:
    """List the cells that differ between two CSV files; a file that is not there has none.

    Columns are matched by their name, rows by their place.
    """
    (old_names, *old), (new_names, *new) = _rows(before), _rows(after)
    names = dict.fromkeys([*old_names, *new_names])
    found: list[Moved] = []
    for number, (was, is_now) in enumerate(zip_longest(old, new), start=1):
        earlier, later = _named(old_names, was), _named(new_names, is_now)
        label = next(iter((later or earlier).values()), "")
        found += _between(earlier, later, list(names), table=table, row=number, label=label)
    return found


def _between(
    earlier: dict[str, str],
    later: dict[str, str],
    names: list[str],
    *,
    table: str,
    row: int,
    label: str,
) -> Iterator[Moved]:
    for name in names:
        before, after = earlier.get(name, _ABSENT), later.get(name, _ABSENT)
        if before != after:
            yield Moved(
                table=table,
                row=row,
                label=label,
                column=name,
                before=before,
                after=after,
                difference=_difference(before, after),
            )


def _rows(path: Path) -> list[list[str]]:
    if not path.is_file():
        return [[]]
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file)) or [[]]


def _named(names: list[str], row: list[str] | None) -> dict[str, str]:
    return {} if row is None else dict(zip(names, row, strict=False))


def _difference(before: str, after: str) -> float | None:
    try:
        difference = float(after) - float(before)
    except ValueError:
        return None
    return difference if math.isfinite(difference) else None
