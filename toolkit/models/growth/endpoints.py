"""Arrays: compound growth between two years, and how far it moves when an end moves."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
from numpy.typing import NDArray

__all__ = ["compound_rate", "rates_between", "shifted_windows"]

Floats = NDArray[np.float64]


def compound_rate(first: Floats, last: Floats, *, years: int) -> Floats:
    """Return the constant yearly rate that leads from the first level to the last.

    ``(last / first) ** (1 / years) - 1``

    Parameters
    ----------
    first, last : array
        Positive levels; missing ones give a missing rate.
    years : int
        Years between them.

    Examples
    --------
    >>> compound_rate(np.array([100.0]), np.array([121.0]), years=2).round(10)
    array([0.1])
    """
    return np.asarray((last / first) ** (1 / years) - 1)


def rates_between(levels: Floats, start: int, end: int) -> Floats:
    """Return compound rates between two positions in time, one per row.

    Parameters
    ----------
    levels : array of shape (..., T)
        Levels in consecutive years.
    start, end : int
        Positions along the last axis.
    """
    return compound_rate(levels[..., start], levels[..., end], years=end - start)


def shifted_windows(start: int, end: int, *, length: int) -> Iterator[tuple[int, int]]:
    """Yield the windows whose ends lie at most a year from those given, those first.

    Examples
    --------
    >>> list(shifted_windows(0, 3, length=5))
    [(0, 3), (0, 2), (0, 4), (1, 2), (1, 3), (1, 4)]
    """
    yield start, end
    for shift in product((-1, 0, 1), repeat=2):
        window = start + shift[0], end + shift[1]
        if shift != (0, 0) and window[0] >= 0 and window[1] < length and window[0] < window[1]:
            yield window
