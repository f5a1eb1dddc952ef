"""Columns in and out: each distinct value is read once and its reading put back everywhere."""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from toolkit.clean.regions.advice import label, near_misses
from toolkit.clean.regions.decide import Reading
from toolkit.clean.regions.divisions import LEVELS, Level, Place
from toolkit.clean.regions.gazetteer import Gazetteer, Match, gazetteer, squeeze
from toolkit.clean.regions.reading import code_match, read_text
from toolkit.errors import ColumnError, OptionError, did_you_mean
from toolkit.tables import as_pandas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from os import PathLike

    import numpy.typing as npt
    from narwhals.typing import IntoFrame

    Extra = Mapping[str, object] | IntoFrame | str | PathLike[str]

__all__ = ["Readings", "one_column", "read_column", "text_of"]

# Anywhere, in a place, or in what the user named and nobody knows.
Scope = Place | str | None


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """The readings of a column: the distinct texts, and which of them stands in each row."""

    texts: tuple[str, ...]
    scopes: tuple[Scope, ...]
    readings: tuple[Reading, ...]
    rows: npt.NDArray[np.intp]
    like: pd.Series

    def column(self, value: Callable[[str, Scope, Reading], str | None]) -> pd.Series:
        """Return one value of each reading, a text or NA, in the order of the rows."""
        distinct = [
            value(*read) or None
            for read in zip(self.texts, self.scopes, self.readings, strict=True)
        ]
        found = pd.Series(distinct, dtype="str").array.take(self.rows)
        return pd.Series(found, index=self.like.index, name=self.like.name)


def read_column(
    values: Iterable[object] | str, level: Level, within: object, extra: Extra | None
) -> Readings:
    """Read each distinct value of a column, within each distinct limit."""
    if level not in LEVELS:
        raise OptionError(
            f"level is one of {', '.join(LEVELS)}; got {level!r}.{did_you_mean(level, LEVELS)}"
        )
    known = gazetteer() if extra is None else gazetteer().extended(_own_names(extra))
    column = one_column(values, "values")
    value_of, distinct = _distinct(column)
    scope_of, scopes = _scopes(within, column, known)
    pairs, rows = np.unique(value_of * len(scopes) + scope_of, return_inverse=True)
    texts, limits, readings = [], [], []
    for value, limit in (divmod(int(pair), len(scopes)) for pair in pairs):
        scope = scopes[limit]
        texts.append(distinct[value])
        limits.append(scope)
        readings.append(
            Reading(issue="unknown")
            if isinstance(scope, str)
            else read_text(distinct[value], known, level, scope)
        )
    return Readings(tuple(texts), tuple(limits), tuple(readings), rows, column)


def one_column(values: Iterable[object] | str, name: str) -> pd.Series:
    """Return values as a Series; a single text is a column of one."""
    if isinstance(values, pd.Series):
        return values
    if isinstance(values, pd.DataFrame):
        raise OptionError(
            f"{name} is one column; got a table with the columns "
            f"{', '.join(map(str, values.columns))}. Give one of them."
        )
    if isinstance(values, str | numbers.Number):
        values = [values]
    return pd.Series(list(values), dtype="object")


def text_of(value: object) -> str:
    """Return what a cell says: 430000.0 is the number 430000."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, float | np.floating) and value.is_integer():
        return str(int(value))
    return str(value)


def _distinct(column: pd.Series) -> tuple[npt.NDArray[np.intp], list[str]]:
    """Return which distinct text each row has; missing cells have the last, which is empty."""
    try:
        codes, distinct = pd.factorize(column)
    except TypeError:
        codes, distinct = pd.factorize(column.map(str))
    texts = [text_of(value) for value in distinct]
    return np.where(codes < 0, len(texts), codes), [*texts, ""]


def _scopes(
    within: object, column: pd.Series, known: Gazetteer
) -> tuple[npt.NDArray[np.intp], list[Scope]]:
    if isinstance(within, str | numbers.Number) or within is None:
        scope = None if within is None else _scope(text_of(within), known)
        if isinstance(scope, str):
            raise OptionError(f"within is a place, by its code or its name; {scope}")
        return np.zeros(len(column), dtype=np.intp), [scope]
    limits = one_column(within, "within")  # type: ignore[arg-type]
    if len(limits) != len(column):
        raise OptionError(
            f"within has one place for each value, or one for all; got {len(limits)} places for "
            f"{len(column)} values."
        )
    if isinstance(within, pd.Series) and not limits.index.equals(column.index):
        raise OptionError(
            "within has another index than values, so that rows may not belong together. "
            "Reindex it, or give within.array."
        )
    scope_of, texts = _distinct(limits)
    return scope_of, [_scope(text, known) for text in texts]


def _scope(text: str, known: Gazetteer) -> Scope:
    """Return the place that a limit names, None where it is missing, a sentence where unknown."""
    reading = read_text(text, known, "any", None)
    if reading.place or reading.issue == "missing":
        return reading.place
    near = [label(place) for place in (reading.candidates or tuple(near_misses(text)))[:3]]
    return f"{text!r} is {reading.issue}.{' It can be ' + ' or '.join(near) + '.' if near else ''}"


def _own_names(extra: Extra) -> dict[str, Match]:
    if isinstance(extra, Mapping):
        pairs = list(extra.items())
    else:
        given = as_pandas(extra)
        for name in ("name", "code"):
            if name not in given:
                raise ColumnError(
                    f"No column {name!r} in extra.{did_you_mean(name, given.columns)} "
                    f"The table has: {', '.join(map(str, given.columns))}."
                )
        pairs = list(zip(given["name"], given["code"], strict=True))
    own: dict[str, Match] = {}
    for name, code in pairs:
        coded = code_match(text_of(code), gazetteer())
        if coded is None or len(coded.places) > 1 or not squeeze(str(name)):
            raise OptionError(
                f"extra maps a name to a code of GB/T 2260, such as '430100'; got {code!r} for "
                f"{name!r}. Correct the code, or leave the name out."
            )
        match = Match(coded.places, "extra")
        if own.setdefault(squeeze(str(name)), match).places != match.places:
            raise OptionError(f"extra has two codes for {name!r}. Leave one of them.")
    return own
