"""Published figures: money, shares, counts, durations and ratios, with their bounds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from toolkit.clean.amounts.columns import as_series, as_texts
from toolkit.clean.amounts.quantities import Reading, read_quantity
from toolkit.clean.amounts.reading import explain
from toolkit.errors import OptionError
from toolkit.language import say

if TYPE_CHECKING:
    from decimal import Decimal

__all__ = ["parse_figures"]

_COLUMNS: Final = {
    "low": "float64",
    "high": "float64",
    "unit": "str",
    "bound": "str",
    "inclusive": "boolean",
    "approximate": "bool",
    "direction": "str",
    "currency": "str",
    "issue": "str",
    "reason": "str",
}
_NO_MONEY: Final = frozenset(
    (
        "share", "percentage_points", "ratio", "months", "days", "working_days", "hours",
        "minutes", "seconds", "score", "count", None,
    )
)  # fmt: skip
# What a measure says of a number without a unit; the first that fits. A share or a growth
# without a % may be 40 or 0.4, and stays what the text says: a number, with an issue.
_BY_MEASURE: Final = tuple(
    (re.compile(pattern), unit, factor)
    for pattern, unit, factor in (
        (r"(^|_)minutes(_|$)", "minutes", 1),
        (r"(^|_)hours(_|$)", "hours", 1),
        (r"(^|_)days(_|$)", "days", 1),
        (r"(^|_)months(_|$)|_horizon$", "months", 1),
        (r"(^|_)years(_|$)", "months", 12),
        (r"(^|_)score(_|$)", "score", 1),
        (r"(^|_)(share|rate|growth|coverage|discount|gap)(_|$)", None, 1),
        (
            r"(^|_)(amount|balance|quota|limit|size|subsidy|lending|trade|equity|credit|financing|"
            r"funding|increase|investment|gdp|output)(_|$)",
            "CNY",
            1,
        ),
    )
)


def parse_figures(values: Any, *, measures: Any = None) -> pd.DataFrame:
    """Read published figures as numbers with their bounds and units.

    A one-sided bound leaves the other side empty: over 15,000 has a low end only, nearly 80,000
    a high end only. About gives both sides the number and marks it.

    Parameters
    ----------
    values : Series or array-like
        Figures as published, in Chinese or English.
    measures : Series or array-like, optional
        What each figure measures, such as ``loan_amount``. It gives a unit to a number that has
        none: 9 million is money as a ``loan_amount`` and a count as ``enterprises``. Without it
        every such number is a count.

    Returns
    -------
    DataFrame
        One row for each value, with its index.

        - ``low``, ``high``: in the unit; equal for one number, NaN on the open side of a bound.
        - ``unit``: CNY or another currency's code; share (92% is 0.92); percentage_points (a
          basis point is 0.01); ratio (1 : 5 and 5 times are both 5: the second for each one of
          the first); count; months (a year is 12); days (a week is 7), working_days, hours,
          minutes, seconds; score.
        - ``bound``: exact, about, over, under, range.
        - ``inclusive``: whether the number itself belongs to the bound: true of at least, up to,
          within, 以上, 不超过; false of over, less than, nearly, 超过, 不足.
        - ``approximate``: whether the text says about, 约 or the like.
        - ``direction``: above or below, where a share, ratio or number of points is said against
          something else; the number keeps its size (1.5 percentage points below is 1.5, below).
        - ``currency``: ISO 4217 code of money.
        - ``issue``: why nothing is read (missing, not_an_amount, ambiguous_marks,
          ambiguous_currency, reversed_range), or what to know of what is read (bare_dollar;
          no_unit, where `measures` says share or growth and the text is a bare number, so that
          ``unit`` is empty).
        - ``reason``: the issue in words.

    Raises
    ------
    OptionError
        When there are more or fewer measures than values.

    References
    ----------
    Civil Code of the People's Republic of China (2020), article 1259: 以上, 以下 and 以内 include
    the number itself; 不满, 超过 and 以外 do not.

    Examples
    --------
    >>> parse_figures(["over 210 billion yuan", "92%"])[["low", "high", "unit", "bound"]]
                low  high   unit  bound
    0  2.100000e+11   NaN    CNY   over
    1  9.200000e-01  0.92  share  exact
    >>> parse_figures(["9 million"], measures=["loan_amount"])["unit"].tolist()
    ['CNY']
    """
    series = as_series(values)
    texts, codes = as_texts(series)
    readings = [*map(read_quantity, texts), Reading(issue="missing")]
    said = [*texts, None]
    pairs = list(zip(codes.tolist(), _kinds(measures, rows=len(series)), strict=True))
    rows = {
        (code, kind): _figure(readings[code], said[code], kind)
        for code, kind in dict.fromkeys(pairs)
    }
    frame = pd.DataFrame([rows[pair] for pair in pairs], columns=list(_COLUMNS))
    return frame.astype(_COLUMNS).set_axis(series.index)


def _kinds(measures: Any, *, rows: int) -> list[tuple[str | None, int]]:
    """Return the unit, and the factor to it, of a bare number of each measure."""
    if measures is None:
        return [("count", 1)] * rows
    names = as_series(measures)
    if len(names) != rows:
        message = f"measures has one name for each value; got {len(names)} for {rows} values."
        raise OptionError(message)
    known = {name: _kind(str(name)) for name in names.unique()}
    return [known[name] for name in names]


def _kind(measure: str) -> tuple[str | None, int]:
    fitting = (
        (unit, factor) for pattern, unit, factor in _BY_MEASURE if pattern.search(measure.lower())
    )
    return next(fitting, ("count", 1))


def _figure(reading: Reading, text: str | None, kind: tuple[str | None, int]) -> tuple[object, ...]:
    """Return one row of the result."""
    read = reading.bound is not None
    unit, factor, issue = reading.unit, 1, reading.issue
    if read and unit is None:
        unit, factor = kind
        issue = issue if unit else "no_unit"
    return (
        _float(reading.low, factor),
        _float(reading.high, factor),
        unit,
        reading.bound,
        reading.inclusive if read else None,
        reading.approximate,
        reading.direction,
        unit if unit not in _NO_MONEY else None,
        issue,
        say("no value") if text is None else explain(issue, text),
    )


def _float(number: Decimal | None, factor: int) -> float:
    return float("nan") if number is None else 0.0 + float(number * factor)
