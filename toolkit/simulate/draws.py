"""Seeds, checks and calendar that every simulated table shares."""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.errors import OptionError

__all__ = [
    "Days",
    "Floats",
    "Truth",
    "after_months",
    "at_least",
    "check_order",
    "check_share",
    "days_between",
    "generator",
    "months_until",
    "options",
    "pareto_tailed",
    "positive",
    "truths",
    "unit_mean",
]

Floats = NDArray[np.float64]
Days = NDArray[np.datetime64]


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What an estimator should find, and how it follows from the parameters.

    Parameters
    ----------
    table : str
        The table of the study that it is true of.
    estimand : str
        Name of the quantity.
    value : float
        Its value, exact in expectation.
    unit : str
        Unit of the value.
    formula : str
        How the value follows from the parameters of the design.
    """

    table: str
    estimand: str
    value: float
    unit: str
    formula: str


def truths(table: str, *rows: tuple[str, float, str, str]) -> tuple[Truth, ...]:
    """Return truths of one table, each given as estimand, value, unit and formula.

    A value that the design leaves undefined (NaN) is left out.
    """
    return tuple(
        Truth(table=table, estimand=name, value=float(value), unit=unit, formula=formula)
        for name, value, unit, formula in rows
        if not math.isnan(value)
    )


def generator(random_state: int, *names: str | int) -> np.random.Generator:
    """Return the stream of random numbers of one part of a study.

    Each part has a stream of its own, named and not counted, so that a part that grows leaves the
    others as they were.

    Raises
    ------
    OptionError
        If `random_state` is not a whole number of 0 or more.

    Examples
    --------
    >>> first, again = generator(7, "loans"), generator(7, "loans")
    >>> bool(first.random() == again.random())
    True
    """
    try:
        seed = operator.index(random_state)
    except TypeError:
        seed = -1
    if seed < 0 or isinstance(random_state, bool):
        raise OptionError(
            f"random_state is a whole number of 0 or more; got {random_state!r}. "
            "Give a number such as 7: the same number makes the same study."
        )
    keys = [crc32(name.encode()) if isinstance(name, str) else name for name in names]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=keys)))


def options(design: object, names: str) -> dict[str, float]:
    """Return some parameters of a design by name, the names parted by spaces."""
    return {name: getattr(design, name) for name in names.split()}


def positive(**options: float) -> None:
    """Refuse an option that is not a finite number above 0.

    Raises
    ------
    OptionError
        Naming the option and its value.
    """
    for name, value in options.items():
        if not (math.isfinite(value) and value > 0):
            raise OptionError(f"{name} is a number above 0; got {value:g}.")


def at_least(low: float, **options: float) -> None:
    """Refuse an option that is not a finite number of `low` or more.

    Raises
    ------
    OptionError
        Naming the option and its value.
    """
    for name, value in options.items():
        if not (math.isfinite(value) and value >= low):
            raise OptionError(f"{name} is a number of {low:g} or more; got {value:g}.")


def check_share(**options: float) -> None:
    """Refuse an option that is not a fraction from 0 to 1.

    Raises
    ------
    OptionError
        Naming the option and its value.
    """
    for name, value in options.items():
        if not 0 <= value <= 1:
            meant = f" Did you mean {value / 100:g}?" if 1 < value <= 100 else ""
            raise OptionError(f"{name} is a fraction from 0 to 1; got {value:g}.{meant}")


def check_order(earlier: Mapping[str, object], later: Mapping[str, object]) -> None:
    """Refuse two dates in the wrong order, given as ``{name: date}`` each.

    Raises
    ------
    OptionError
        Naming both options and their values.
    """
    ((first, start),) = earlier.items()
    ((last, end),) = later.items()
    if not pd.Timestamp(str(start)) < pd.Timestamp(str(end)):
        raise OptionError(f"{first} lies before {last}; got {start} and {end}.")


def unit_mean(rng: np.random.Generator, sd: float, size: int) -> Floats:
    r"""Draw log-normal factors of mean one: :math:`\exp(s Z - s^2/2)`."""
    return np.exp(sd * rng.standard_normal(size) - sd**2 / 2)


def pareto_tailed(
    rng: np.random.Generator, factors: Floats, *, index: float, share: float, start: float
) -> Floats:
    """Put a Pareto tail in the place of a share of factors of mean one, and keep the mean."""
    tail = start * (1 + rng.pareto(index, len(factors)))
    in_tail = rng.random(len(factors)) < share
    mean = 1 - share + share * start * index / (index - 1)
    return np.where(in_tail, tail, factors) / mean


def days_between(rng: np.random.Generator, first: str, last: str, size: int) -> Days:
    """Draw days uniformly from `first` to `last`, both included."""
    start = np.datetime64(first, "D")
    span = int((np.datetime64(last, "D") - start).astype(int)) + 1
    return start + rng.integers(0, span, size).astype("m8[D]")


def after_months(start: Days, months: Floats) -> Days:
    """Return the day that lies `months` after each start.

    Whole months are calendar months and the rest is a share of the next one. No result falls on
    an anniversary, so that ``within 24 months`` means the same whether its last day counts or not.

    Examples
    --------
    >>> after_months(np.array(["2024-01-31"], dtype="datetime64[D]"), np.array([1.5]))
    array(['2024-03-16'], dtype='datetime64[D]')
    """
    whole = np.floor(months).astype("int64")
    low, high = _anniversary(start, whole), _anniversary(start, whole + 1)
    inside = (high - low).astype("int64") - 1
    passed = 1 + np.floor((months - whole) * inside).astype("int64")
    return np.asarray(low + passed.astype("m8[D]"))


def months_until(start: Days, end: str) -> Floats:
    """Return how many months after each start `end` has passed: the inverse of `after_months`.

    A duration below the result ends on or before `end`; one above it ends later.

    Examples
    --------
    >>> months_until(np.array(["2024-01-31"], dtype="datetime64[D]"), "2024-03-31")
    array([2.])
    """
    day = np.datetime64(end, "D")
    whole = (day.astype("M8[M]") - start.astype("M8[M]")).astype("int64")
    whole -= _anniversary(start, whole) > day
    low, high = _anniversary(start, whole), _anniversary(start, whole + 1)
    passed, inside = (day - low).astype("int64"), (high - low).astype("int64") - 1
    return np.asarray(whole + passed / inside, dtype=np.float64)


def _anniversary(start: Days, months: NDArray[np.int64]) -> Days:
    month = start.astype("M8[M]")
    target = month + months.astype("m8[M]")
    following = target + np.timedelta64(1, "M")
    length = (following.astype("M8[D]") - target.astype("M8[D]")).astype("int64")
    day = (start - month.astype("M8[D]")).astype("int64")
    return np.asarray(target.astype("M8[D]") + np.minimum(day, length - 1).astype("m8[D]"))
