"""What a caller may say of a table, checked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from toolkit.clean.periods import read_periods
from toolkit.errors import OptionError, did_you_mean

__all__ = ["as_day", "as_key"]


def as_day(name: str, value: str | date | None) -> date | None:
    """Return an option as a day.

    Raises
    ------
    OptionError
        If it is not one.

    Examples
    --------
    >>> as_day("observed_until", "2024年12月31日")
    datetime.date(2024, 12, 31)
    """
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    read = read_periods([value]).table.iloc[0]
    if read["frequency"] != "day":
        raise OptionError(f"{name} is a day, such as '2024-12-31'; got {value!r}.")
    day: date = read["start"].date()
    return day


def as_key(
    key: Sequence[str] | None, default: Sequence[str], names: Sequence[str]
) -> tuple[str, ...]:
    """Return the columns that make a row unique.

    Raises
    ------
    OptionError
        If one of them is none of the clean table's.
    """
    chosen = tuple(default if key is None else (key,) if isinstance(key, str) else key)
    for name in chosen:
        if name not in names:
            raise OptionError(
                f"key names columns of the clean table; {name!r} is none of them."
                f"{did_you_mean(name, names)} They are: {', '.join(names)}."
            )
    if not chosen:
        raise OptionError("key names at least one column; got none.")
    return chosen
