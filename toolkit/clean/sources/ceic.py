"""What the exports of CEIC (CDMnext, Excel add-in) write above their series.

This follows the published descriptions of the layout; it was not tried on licensed files.
"""

from __future__ import annotations

from toolkit.errors import DataError

__all__ = ["ATTRIBUTES", "MULTIPLIERS", "whole_unit"]

ATTRIBUTES = {
    "name": "name",
    "series name": "name",
    "region": "region",
    "country": "region",
    "subnational": "subnational",
    "frequency": "frequency",
    "unit": "unit",
    "multiplier code": "multiplier",
    "multiplier": "multiplier",
    "source": "source",
    "status": "status",
    "series id": "series_id",
    "series code": "series_id",
    "sr code": "sr_code",
    "mnemonic": "mnemonic",
    "function description": "function",
    "function information": "function",
    "first obs. date": "first_date",
    "last obs. date": "last_date",
    "last update time": "updated",
    "series remarks": "remarks",
    "suggestions": "suggestions",
    "no. of obs": "observations",
    "number of observations": "observations",
    "mean": "mean",
    "variance": "variance",
    "standard deviation": "standard_deviation",
    "skewness": "skewness",
    "kurtosis": "kurtosis",
    "coefficient variation": "variation",
    "min": "min",
    "max": "max",
    "median": "median",
}
"""Labels of the block, in lower case, by what they say of a series."""

MULTIPLIERS = {"": 0, "na": 0, "un": 0, "th": 3, "mn": 6, "bn": 9, "tn": 12}
"""Multiplier codes as powers of ten; NA means that the unit stands alone."""


def whole_unit(unit: str, code: str, *, where: str) -> str:
    """Return the unit with its multiplier, which CEIC writes in the unit, as a code, or in both.

    Parameters
    ----------
    unit : str
        The unit, such as ``RMB mn`` or ``Person``.
    code : str
        The multiplier code of the series; empty where the block has none.
    where : str
        File, sheet and series, for the error.

    Raises
    ------
    DataError
        If the code is unknown, or contradicts the unit.

    Examples
    --------
    >>> whole_unit("RMB", "MN", where="x"), whole_unit("RMB mn", "MN", where="x")
    ('RMB mn', 'RMB mn')
    """
    asked = code.strip().casefold()
    if asked not in MULTIPLIERS:
        known = ", ".join(word.upper() for word in MULTIPLIERS if word)
        raise DataError(
            f"{where}: the multiplier code {code!r} is not known. Known codes: {known}."
        )
    last = unit.split()[-1].casefold() if unit.split() else ""
    written = last if MULTIPLIERS.get(last) else ""
    if not MULTIPLIERS[asked]:
        return unit
    if not written:
        return f"{unit} {asked}"
    if MULTIPLIERS[written] != MULTIPLIERS[asked]:
        raise DataError(
            f"{where}: the unit is {unit!r}, the multiplier code {code!r}: the two contradict "
            "each other. Ask CEIC which holds, and correct the other in the file."
        )
    return unit
