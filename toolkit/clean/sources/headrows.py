"""Which rows of a grid are headings, and what the columns are called."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from toolkit.clean.sources.grids import Grid, Line, is_value, shown
from toolkit.errors import DataError, OptionError

__all__ = ["Head", "find_head", "joined_headings", "no_records", "refuse_twins"]

_SEARCHED = 40
_FILLED = 0.6
_TITLE = re.compile(
    r"^[(（]?\s*(单位|货币单位|日期|时间|截至|编制|填报|制表|units?\b|as of\b).*[:：]",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_MISSING = {"-", "--", "—", "…", "n/a", "na", "null", "none", "无", "空", "待定", "不详", "未知"}
_BODY = 20


@dataclass(frozen=True, kw_only=True)
class Head:
    """The heading rows of a grid, by their positions among its lines."""

    first: int
    last: int


def find_head(grid: Grid, *, heading_rows: int | tuple[int, ...] | None) -> Head | None:
    """Return where the headings stand, or None where no row can be one.

    A heading row fills most columns, with texts that differ and are neither numbers nor dates. A
    heading set across several columns has its parts in the row below.

    Parameters
    ----------
    grid : Grid
        The lines of a file or sheet.
    heading_rows : int or tuple of int, optional
        The numbers of the rows, as the file counts them from 1, where the caller knows better.

    Raises
    ------
    OptionError
        If a row that was named is not there or is blank.
    DataError
        If the row under the headings looks like headings too.
    """
    if heading_rows is not None:
        return _named(grid, heading_rows)
    first = _search(grid.lines)
    if first is None:
        return None
    last = first
    while last + 1 < len(grid.lines) and _set_across(grid, last):
        last += 1
    _refuse_second(grid, last)
    return Head(first=first, last=last)


def joined_headings(grid: Grid, head: Head) -> list[str]:
    """Return one heading a column: of several rows the parts from top to bottom, each once."""
    rows = [cells for _, cells in grid.lines[head.first : head.last + 1]]
    width = max(map(len, rows))
    filled = [_forward(row, width) for row in rows[:-1]]
    filled.append([*rows[-1], *[""] * (width - len(rows[-1]))])
    return [
        " ".join(dict.fromkeys(" ".join(part.split()) for part in parts if part))
        for parts in zip(*filled, strict=True)
    ]


def refuse_twins(headings: Sequence[str], *, place: str, row: int) -> None:
    """Refuse two columns of one name, since either might be meant.

    Raises
    ------
    DataError
        Naming the heading and the columns that bear it.
    """
    for heading, count in Counter(headings).items():
        if count > 1:
            at = [str(number) for number, name in enumerate(headings, start=1) if name == heading]
            raise DataError(
                f"{place}, row {row}: {count} columns are headed {shown(heading)} (columns "
                f"{', '.join(at)}). Give each its own heading at the source."
            )


def no_records(grid: Grid) -> DataError:
    """Return the error for a file without a table of records."""
    if not grid.lines:
        return DataError(f"{grid.place}: no cell holds anything. Fetch it again from its source.")
    number, cells = grid.lines[0]
    return DataError(
        f"{grid.place}: no table of records was found: no row of headings with rows under it. It "
        f"begins, in row {number}, with {shown(','.join(cells))}. If a row is one of headings, say "
        "which: heading_rows=1."
    )


def _named(grid: Grid, heading_rows: int | tuple[int, ...]) -> Head:
    numbers = (heading_rows,) if isinstance(heading_rows, int) else tuple(heading_rows)
    at = {number: position for position, (number, _) in enumerate(grid.lines)}
    for number in numbers:
        if number not in at:
            raise OptionError(
                f"heading_rows={heading_rows!r}: {grid.place} has no text in row {number}. Rows "
                "are counted from 1, as the file shows them."
            )
    if not numbers:
        raise OptionError("heading_rows names at least one row; got none.")
    return Head(first=at[min(numbers)], last=at[max(numbers)])


def _search(lines: list[Line]) -> int | None:
    counts = [sum(map(bool, cells)) for _, cells in lines]
    if not counts:
        return None
    typical = median(counts)
    for position, (_, cells) in enumerate(lines[:_SEARCHED]):
        filled = [cell for cell in cells if cell]
        if (
            len(filled) >= math.ceil(_FILLED * typical)
            and (len(set(filled)) > 1 or typical == 1)
            and not any(is_value(cell) or _TITLE.match(cell) for cell in filled)
        ):
            return position
    return None


def _set_across(grid: Grid, position: int) -> bool:
    """Tell whether a row has a heading across columns, with its parts in the row below."""
    number, cells = grid.lines[position]
    return any(
        merge.top <= number <= merge.bottom
        and merge.left < merge.right
        and merge.right - merge.left + 1 < len(cells)
        for merge in grid.merges
    ) or any(merge.top <= number < merge.bottom for merge in grid.merges)


def _refuse_second(grid: Grid, last: int) -> None:
    """Refuse a second row of headings that no merged cell explains.

    It is one where columns that hold numbers in all rows below have words in it alone.
    """
    below = [cells for _, cells in grid.lines[last + 1 : last + 2 + _BODY]]
    if len(below) < 3:
        return
    (number, above), second, body = grid.lines[last], below[0], below[1:]
    width = len(above)
    numeric = [
        column
        for column in range(min(width, len(second)))
        if (texts := [row[column] for row in body if column < len(row) and row[column]])
        and all(map(_DIGIT.search, texts))
    ]
    words = [second[column] for column in numeric]
    if len(numeric) < 2 or any(_DIGIT.search(cell) for cell in second):
        return
    if all(word and word.casefold() not in _MISSING for word in words):
        under = grid.lines[last + 1][0]
        raise DataError(
            f"{grid.place}, rows {number} and {under}: two rows of headings "
            f"({shown(','.join(above), width=30)} and {shown(','.join(second), width=30)}). Say "
            f"heading_rows=({number}, {under}) to join them, heading_rows={under} to take the "
            f"second alone, or heading_rows={number} if row {under} is data."
        )


def _forward(row: Sequence[str], width: int) -> list[str]:
    filled, before = [], ""
    for cell in [*row, *[""] * (width - len(row))]:
        before = cell or before
        filled.append(before)
    return filled
