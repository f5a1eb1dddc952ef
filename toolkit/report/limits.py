"""Kinds with limits: what ``Annotated`` says of a parameter beyond its type.

months: Annotated[int, "1 <= months <= 120"] = 24
since: Annotated[date, "since >= 2000-01-01"] = date(2013, 1, 1)
region: Annotated[str, "province"] = "Hunan"
"""

from __future__ import annotations

import datetime as dt
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from toolkit.errors import did_you_mean
from toolkit.report.kinds import Either, Kind

__all__ = ["Bounded", "Province", "limited"]

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
_SIGNS = re.compile(r"\s*(<=|>=|<|>)\s*")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Bounded:
    """A number or a date between bounds: ``Annotated[int, '1 <= months <= 120']``.

    Examples
    --------
    >>> from toolkit.report.kinds import SCALARS
    >>> Bounded(SCALARS["float"], "0 < level < 1").accept(0.95)
    0.95
    """

    kind: Kind
    bounds: str

    def __post_init__(self) -> None:
        _comparisons(self.bounds)

    @property
    def wanted(self) -> str:
        """What to ask the user for."""
        return f"{self.kind.wanted}, with {self.bounds}"

    def accept(self, value: object) -> object:
        """Return the value as its kind, where it is within the bounds."""
        return self._within(self.kind.accept(value))

    def read(self, text: str) -> object:
        """Return what the word means, where it is within the bounds."""
        return self._within(self.kind.read(text))

    def _within(self, value: Any) -> object:
        items = value if isinstance(value, list) else [value]
        for item in items:
            for holds, bound in _comparisons(self.bounds):
                if item is not None and not holds(item, bound):
                    raise ValueError
        return value

    def __str__(self) -> str:
        return f"{self.kind} with {self.bounds}"


def _comparisons(text: str) -> list[tuple[Callable[[Any, Any], bool], object]]:
    """Read ``low <= name < high``, or half of it, as comparisons of a value with its bounds."""
    parts = _SIGNS.split(text.strip())
    named = [place for place in range(0, len(parts), 2) if parts[place].isidentifier()]
    if len(parts) not in (3, 5) or len(named) != 1 or (len(parts) == 5 and named != [2]):
        raise ValueError(text)
    (place,) = named
    found: list[tuple[Callable[[Any, Any], bool], object]] = []
    if place > 0:
        found.append((_turned(_OPERATORS[parts[place - 1]]), _bound(parts[place - 2])))
    if place + 1 < len(parts):
        found.append((_OPERATORS[parts[place + 1]], _bound(parts[place + 2])))
    return found


def _turned(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda value, bound: compare(bound, value)


def _bound(text: str) -> object:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return dt.date.fromisoformat(text)
    return float(text)


@dataclass(frozen=True)
class Province:
    """A province of GB/T 2260 by code or name: ``Annotated[str, 'province']``.

    Examples
    --------
    >>> Province().accept("湖南"), Province().accept("Inner Mongolia")
    ('湖南', 'Inner Mongolia')
    """

    wanted: str = "a province of GB/T 2260, such as 'Hunan', '湖南' or '430000'"

    def accept(self, value: object) -> str:
        """Return the text as it stands, where it means a province."""
        from toolkit.tiles import TILES, find_tile

        if not isinstance(value, str):
            raise ValueError
        if find_tile(value) is None:
            in_chinese = bool(_CHINESE.search(value))
            names = (tile.chinese if in_chinese else tile.english for tile in TILES.values())
            raise ValueError(did_you_mean(value, names))
        return str(value)

    def read(self, text: str) -> str:
        """Return the word as it stands, where it means a province."""
        return self.accept(text)

    def __str__(self) -> str:
        return "province"


def limited(kind: Kind, limit: str) -> Kind:
    """Return a kind with what one text of its annotation adds.

    Raises
    ------
    ValueError
        Where the text is no limit, or none that the kind can have.
    """
    if limit == "province":
        if str(kind) != "str":
            raise ValueError(limit)
        return Province()
    bounded = Bounded(kind, limit)
    _refuse_what_cannot_be_compared(kind, limit)
    return bounded


def _refuse_what_cannot_be_compared(kind: Kind, limit: str) -> None:
    while isinstance(kind, Bounded):
        kind = kind.kind
    options = kind.options if isinstance(kind, Either) else (kind,)
    names = {str(option).removeprefix("list[").removesuffix("]") for option in options} - {"None"}
    is_date = {isinstance(bound, dt.date) for _, bound in _comparisons(limit)}
    if not names or not (
        (names <= {"int", "float"} and is_date == {False})
        or (names == {"date"} and is_date == {True})
    ):
        raise ValueError(limit)
