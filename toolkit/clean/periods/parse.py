"""A column of values to a table of periods, read one way throughout."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from toolkit.clean.periods.cells import as_series, distinct_texts
from toolkit.clean.periods.columns import period_table, timestamp_table
from toolkit.clean.periods.evidence import (
    Evidence,
    both_readings,
    gather,
    in_order,
    settled,
    turns_on_column,
)
from toolkit.clean.periods.grammar import read_text
from toolkit.clean.periods.options import (
    AskedOrder,
    ExcelDates,
    FiscalName,
    Years,
    conventions_of,
    years_of,
)
from toolkit.clean.periods.ordinary import ordinary_dates
from toolkit.clean.periods.reading import DecidedOrder, PeriodReading
from toolkit.clean.periods.spans import Conventions, Span, Unread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Outcomes = dict[int, Span | Unread]


def parse_periods(
    values: Any,
    *,
    date_order: AskedOrder = "as_shown",
    century_start: int | None = None,
    fiscal_year_start: int | None = None,
    fiscal_year_named: FiscalName | None = None,
    excel: ExcelDates = "as_shown",
    year: Years = None,
) -> pd.DataFrame:
    """Read a column of dates, months, quarters and years as spans of days.

    A column is read one way, as its unambiguous rows show; what they do not settle is not read,
    and says why. Nothing is guessed: see `read_periods` for the decision itself.

    Parameters
    ----------
    values : Series, Index, array, list, Arrow or Polars column
        Texts, numbers, dates, timestamps or pandas Periods, also mixed.
    date_order : {'as_shown', 'day_first', 'month_first', 'year_first'}
        How 05/03/2020 is read. As shown: one row such as 25/03/2020 settles the column; rows
        that contradict each other settle nothing, and the ambiguous ones are left unread.
    century_start : int, optional
        First year of the hundred to which two-digit years belong; without it they are left
        unread. 1950 reads 49 as 2049 and 50 as 1950.
    fiscal_year_start : int, optional
        The month, 1 to 12, in which fiscal years begin; without it they are left unread.
    fiscal_year_named : {'start', 'end'}, optional
        Whether FY2024 starts or ends in 2024; needed unless fiscal years begin in January or
        are written in pairs (2023/24).
    excel : {'as_shown', '1900', '1904'}
        Excel's day numbers (45000): read as shown, only where the whole column consists of them;
        with one of Excel's two calendars named, wherever they stand.
    year : int or column of int, optional
        The year of periods that name none (三季度末, 1-9月): one for all, or one a row.

    Returns
    -------
    DataFrame
        One row a value, with the index of `values`:

        - ``start``, ``end``: first and last day, ``datetime64[us]``; NaT where not read
        - ``frequency``: year, half, quarter, month, day, or range for any other stretch
        - ``cumulative``: the year to date (累计, 1-9月); always from the first of January
        - ``instant``: a point in time (三季度末, as of 30 June); ``start`` equals ``end``
        - ``notes``: what was dropped or settled: ``time_dropped``, ``day_first``,
          ``month_first``, ``year_first``, ``two_digit_year``, ``excel_serial``, ``fiscal_year``,
          ``year_from_context``; several are joined by ``"; "``
        - ``issue``: why it was not read: ``missing``, ``not_a_period``, ``impossible_date``,
          ``ambiguous_order``, ``day_or_year`` (Mar 24), ``two_digit_year``, ``no_year``,
          ``fiscal_year``, ``excel_serial``, ``ambiguous_start`` (a total since when?),
          ``open_end`` (a year to date until when?); NA where it was read
        - ``reason``: the same as a sentence that quotes the text

    Raises
    ------
    OptionError
        An option that cannot be meant, or a single text instead of a column.

    References
    ----------
    ISO 8601-1:2019, Date and time, for the numeric forms. GB/T 7408.1-2023 is its Chinese twin.

    Examples
    --------
    >>> texts = ["2024年1-9月", "2025Q3", "2016年四季度末", "Mar-24"]
    >>> parse_periods(texts)[["start", "end", "frequency", "cumulative", "issue"]]
           start        end frequency  cumulative           issue
    0 2024-01-01 2024-09-30     month        True             NaN
    1 2025-07-01 2025-09-30   quarter       False             NaN
    2 2016-12-31 2016-12-31   quarter       False             NaN
    3        NaT        NaT       NaN       False  two_digit_year
    """
    return read_periods(
        values,
        date_order=date_order,
        century_start=century_start,
        fiscal_year_start=fiscal_year_start,
        fiscal_year_named=fiscal_year_named,
        excel=excel,
        year=year,
    ).table


def read_periods(
    values: Any,
    *,
    date_order: AskedOrder = "as_shown",
    century_start: int | None = None,
    fiscal_year_start: int | None = None,
    fiscal_year_named: FiscalName | None = None,
    excel: ExcelDates = "as_shown",
    year: Years = None,
) -> PeriodReading:
    """Read a column of periods, and keep how day and month were told apart.

    Parameters
    ----------
    values, date_order, century_start, fiscal_year_start, fiscal_year_named, excel, year
        As in `parse_periods`.

    Returns
    -------
    PeriodReading
        The table of `parse_periods`, the order of the dates and the rows that show it.

    Raises
    ------
    OptionError
        As in `parse_periods`.

    Examples
    --------
    >>> reading = read_periods(["25/03/2020", "05/03/2020", "31/02/2020"])
    >>> reading.date_order, reading.decided_by, reading.open_rows
    ('day_first', 'rows', 1)
    >>> reading.unread["reason"].tolist()
    ["'31/02/2020' is not in the calendar: February 2020 has 29 days. Correct it at the source."]
    """
    asked = conventions_of(date_order, century_start, fiscal_year_start, fiscal_year_named, excel)
    column = as_series(values)
    years = years_of(year, len(column))
    if column.dtype.type in (np.datetime64, pd.Timestamp):
        table = timestamp_table(column)
        table.index = column.index
        return PeriodReading(table=table, date_order="not_needed", decided_by="nothing")
    codes, texts = distinct_texts(column)
    table, evidence, final = _read_distinct(codes, texts, asked)
    codes = np.where(codes < 0, len(texts), codes)
    if years is not None:
        codes, table = _with_years(codes, texts, table, years, final)
    table = table.take(codes)
    table.index = column.index
    order, decided_by = _decision(asked, evidence)
    return PeriodReading(
        table=table,
        date_order=order,
        decided_by=decided_by,
        witnesses=evidence.rows,
        examples=evidence.examples,
        open_rows=evidence.open_rows,
    )


def _read_distinct(
    codes: NDArray[np.intp], texts: list[str], asked: Conventions
) -> tuple[pd.DataFrame, Evidence, Conventions]:
    """Read the distinct texts of a column; the last row stands for a missing value."""
    parts = ordinary_dates(texts)
    slashed = both_readings(parts)
    unsettled = replace(asked, date_order=None)
    outcomes: Outcomes = {
        at: read_text(texts[at], unsettled)
        for at in np.flatnonzero(~parts.dated & ~parts.slashed).tolist()
    }
    rows = np.bincount(codes[codes >= 0], minlength=len(texts))
    evidence = gather(texts, rows, slashed, outcomes)
    final = settled(asked, evidence, texts, outcomes)

    days = np.where(parts.dated, parts.days, in_order(slashed, final.date_order))
    again = [at for at, outcome in outcomes.items() if turns_on_column(outcome)]
    again += np.flatnonzero(parts.slashed & np.isnat(days)).tolist()
    outcomes |= {at: read_text(texts[at], final) for at in again}

    ordered = slashed.open & ~np.isnat(days)
    notes = np.select(
        [ordered & parts.timed, ordered, parts.timed & ~np.isnat(days)],
        [f"{final.date_order}; time_dropped", f"{final.date_order}", "time_dropped"],
        default="",
    ).astype(object)
    notes[notes == ""] = None
    return period_table(days, notes, outcomes), evidence, final


def _with_years(
    codes: NDArray[np.intp],
    texts: list[str],
    table: pd.DataFrame,
    years: pd.Series[Any],
    conventions: Conventions,
) -> tuple[NDArray[np.intp], pd.DataFrame]:
    """Read the texts without a year once more, in the year of their rows."""
    lacking = (table["issue"] == "no_year").to_numpy()[codes] & years.notna().to_numpy()
    pairs = pd.MultiIndex.from_arrays([codes[lacking], years[lacking].to_numpy(dtype=int)])
    numbers, distinct = pd.factorize(pairs)
    outcomes = {
        at: read_text(texts[code], replace(conventions, year=int(year)))
        for at, (code, year) in enumerate(distinct)
    }
    nothing = np.full(len(outcomes), np.datetime64("NaT", "D"))
    found = period_table(nothing, np.full(len(outcomes), None, dtype=object), outcomes)
    codes = codes.copy()
    codes[lacking] = len(table) + numbers
    return codes, pd.concat([table, found], ignore_index=True)


def _decision(
    asked: Conventions, evidence: Evidence
) -> tuple[DecidedOrder, Literal["caller", "rows", "nothing"]]:
    if asked.date_order is not None:
        return asked.date_order, "caller"
    if evidence.order is not None:
        return evidence.order, "rows"
    if evidence.rows:
        return "mixed", "nothing"
    return ("undecided" if evidence.open_rows else "not_needed"), "nothing"
