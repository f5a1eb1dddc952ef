"""What a caller may say about a column of periods, checked."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import Any, Literal, TypeAlias, get_args

import pandas as pd

from toolkit.clean.periods.cells import as_series
from toolkit.clean.periods.spans import Conventions
from toolkit.errors import OptionError, did_you_mean

AskedOrder: TypeAlias = Literal["as_shown", "day_first", "month_first", "year_first"]
ExcelDates: TypeAlias = Literal["as_shown", "1900", "1904"]
FiscalName: TypeAlias = Literal["start", "end"]
Years: TypeAlias = "int | Sequence[int | None] | pd.Series[Any] | None"


def conventions_of(
    date_order: AskedOrder,
    century_start: int | None,
    fiscal_year_start: int | None,
    fiscal_year_named: FiscalName | None,
    excel: ExcelDates,
) -> Conventions:
    """Return the options of a caller as the conventions of his column.

    Raises
    ------
    OptionError
        An option outside its choices or its range.
    """
    _check_choice("date_order", date_order, get_args(AskedOrder))
    _check_choice("excel", excel, get_args(ExcelDates))
    if fiscal_year_named is not None:
        _check_choice("fiscal_year_named", fiscal_year_named, get_args(FiscalName))
    _check_number("fiscal_year_start", fiscal_year_start, 1, 12, "the month it begins in")
    _check_number("century_start", century_start, 1000, 9900, "a year such as 1950")
    return Conventions(
        date_order=None if date_order == "as_shown" else date_order,
        century_start=century_start,
        fiscal_year_start=fiscal_year_start,
        fiscal_year_named=fiscal_year_named,
        serials=None if excel == "as_shown" else excel,
    )


def years_of(year: Years, size: int) -> pd.Series[Any] | None:
    """Return the year that each row lends to a period without one.

    Raises
    ------
    OptionError
        Years that are not whole numbers from 1000 to 9998, or not one a row.
    """
    if year is None:
        return None
    years = pd.Series([year] * size) if isinstance(year, Integral) else as_series(year)
    if len(years) != size:
        raise OptionError(
            f"year is one for all or one a row; got {len(years)} for {size} rows. "
            "Give the column of years that stands beside these values."
        )
    numbers = pd.to_numeric(years, errors="coerce").astype("Float64")
    bad = years.notna() & ~(numbers.between(1000, 9998) & (numbers % 1 == 0)).fillna(value=False)
    if bad.any():
        raise OptionError(
            f"year is a whole number of four digits; got {years[bad].tolist()[0]!r} "
            f"in row {int(bad.to_numpy().argmax())}. Correct it, or leave it empty."
        )
    return numbers.astype("Int64").reset_index(drop=True)


def _check_choice(name: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        listed = ", ".join(map(repr, choices[:-1])) + f" or {choices[-1]!r}"
        raise OptionError(f"{name} is {listed}; got {value!r}.{did_you_mean(value, choices)}")


def _check_number(name: str, value: object, low: int, high: int, meaning: str) -> None:
    if value is None or (isinstance(value, Integral) and low <= int(value) <= high):
        return
    raise OptionError(f"{name} is {meaning}, from {low} to {high}; got {value!r}.")
