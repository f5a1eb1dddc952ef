"""What a parameter may be, as far as it can be checked without running anything.

A kind knows how to take a value (`accept`), how to read one from the command line (`read`),
how it is written (`str`), and what to ask the user for (`wanted`).
"""

from __future__ import annotations

import datetime as dt
import math
import numbers
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from toolkit.errors import did_you_mean

__all__ = ["SCALARS", "Choice", "Either", "Kind", "Many", "Open", "Scalar"]


class Kind(Protocol):
    """One annotation, as a checker of values."""

    @property
    def wanted(self) -> str:
        """What to ask the user for."""

    def accept(self, value: object) -> object:
        """Return the value as this kind, or raise ValueError."""

    def read(self, text: str) -> object:
        """Return what a word on the command line means, or raise ValueError."""


def _integer(value: object) -> int:
    if isinstance(value, numbers.Integral) and not isinstance(value, bool):
        return int(value)
    raise ValueError


def _number(value: object) -> float:
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        number = float(value)
        if math.isfinite(number):
            return number
    raise ValueError


def _truth(value: object) -> bool:
    # NumPy's truth values are no subclass of bool, but answer to its name.
    if type(value).__name__ in {"bool", "bool_"}:
        return bool(value)
    raise ValueError


def _text(value: object) -> str:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, os.PathLike):
        return str(os.fspath(value))
    raise ValueError


def _date(value: object) -> dt.date:
    if isinstance(value, dt.datetime):
        if value.time() == dt.time():
            return value.date()
        raise ValueError
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return dt.date.fromisoformat(value)
    raise ValueError


def _path(value: object) -> Path:
    if isinstance(value, str | os.PathLike) and (text := str(_text(value))):
        return Path(text)
    raise ValueError


def _nothing(value: object) -> None:
    if value is not None:
        raise ValueError


_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def _integer_word(text: str) -> int:
    if re.fullmatch(r"[+-]?\d+", text, flags=re.ASCII):
        return int(text)
    raise ValueError


def _truth_word(text: str) -> bool:
    try:
        return _WORDS[text.casefold()]
    except KeyError:
        raise ValueError from None


def _nothing_word(text: str) -> None:
    _nothing(None if text.casefold() in {"none", "null"} else text)


@dataclass(frozen=True, repr=False)
class Scalar:
    """A value of one built-in type.

    Examples
    --------
    >>> SCALARS["int"].read("24"), SCALARS["str"].read("007")
    (24, '007')
    """

    name: str
    wanted: str
    accept: Callable[[object], object]
    read: Callable[[str], object]

    def __str__(self) -> str:
        return self.name


SCALARS: Mapping[str, Scalar] = {
    scalar.name: scalar
    for scalar in (
        Scalar("int", "a whole number, such as 24", _integer, _integer_word),
        Scalar("float", "a number, such as 0.95", _number, lambda text: _number(float(text))),
        Scalar("bool", "true or false", _truth, _truth_word),
        Scalar("str", "text, in quotes", _text, str),
        Scalar("Path", "a path, in quotes", _path, _path),
        Scalar("date", "a date, such as 2024-12-31", _date, _date),
        Scalar("None", "none", _nothing, _nothing_word),
    )
}


@dataclass(frozen=True)
class Choice:
    """One of some literal values: ``Literal['gdp', 'rest_of_gdp']``."""

    values: tuple[object, ...]

    @property
    def wanted(self) -> str:
        """What to ask the user for."""
        return "one of " + ", ".join(map(repr, self.values))

    def accept(self, value: object) -> object:
        """Return the value, where it is one of the choices."""
        for choice in self.values:
            if value == choice and isinstance(value, bool) == isinstance(choice, bool):
                return choice
        raise ValueError(did_you_mean(value, self.values))

    def read(self, text: str) -> object:
        """Return the choice that is written so."""
        for choice in self.values:
            if text == str(choice):
                return choice
        raise ValueError(did_you_mean(text, self.values))

    def __str__(self) -> str:
        return f"Literal[{', '.join(map(repr, self.values))}]"


@dataclass(frozen=True)
class Many:
    """A list of values of one kind: ``list[str]``."""

    item: Kind

    @property
    def wanted(self) -> str:
        """What to ask the user for."""
        return f"a list, each item {self.item.wanted}"

    def accept(self, value: object) -> list[object]:
        """Return the values as a list, each of them as the item's kind."""
        if isinstance(value, list | tuple):
            return [self.item.accept(item) for item in value]
        raise ValueError

    def read(self, text: str) -> list[object]:
        """Return the values that stand between commas."""
        return [self.item.read(item.strip()) for item in text.split(",") if item.strip()]

    def __str__(self) -> str:
        return f"list[{self.item}]" if str(self.item) else "list"


@dataclass(frozen=True)
class Either:
    """A value of the first kind that takes it: ``int | None``."""

    options: tuple[Kind, ...]

    @property
    def wanted(self) -> str:
        """What to ask the user for."""
        return ", or ".join(option.wanted for option in self.options)

    def accept(self, value: object) -> object:
        """Return the value as the first kind that takes it."""
        return _first([option.accept for option in self.options], value)

    def read(self, text: str) -> object:
        """Return what the word means; it stays text where text is allowed, except for `none`."""
        order = sorted(self.options, key=lambda kind: {"None": 0, "str": 1}.get(str(kind), 2))
        return _first([option.read for option in order], text)

    def __str__(self) -> str:
        return " | ".join(map(str, self.options))


_Given = TypeVar("_Given")


def _first(attempts: Iterable[Callable[[_Given], object]], value: _Given) -> object:
    hint = ""
    for attempt in attempts:
        try:
            return attempt(value)
        except ValueError as error:
            hint = hint or (str(error) if str(error).startswith(" Did") else "")
    raise ValueError(hint)


@dataclass(frozen=True)
class Open:
    """Any value that JSON can hold: the kind of a parameter that says nothing of itself."""

    wanted: str = "text, a number, true, false, none, a date, or a list of these"

    def accept(self, value: object) -> object:
        """Return the value as the built-in type that holds it."""
        if isinstance(value, list | tuple):
            return [self.accept(item) for item in value]
        if isinstance(value, str):
            return str(value)
        return _first([scalar.accept for scalar in SCALARS.values()], value)

    def read(self, text: str) -> str:
        """Return the word as it stands."""
        return text

    def __str__(self) -> str:
        return ""
