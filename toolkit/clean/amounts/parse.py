"""Columns of money: each distinct text is read once, then mapped back to its rows."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.clean.amounts.columns import as_series, as_texts
from toolkit.clean.amounts.headings import MoneyUnit, read_unit
from toolkit.clean.amounts.marks import swap_marks
from toolkit.clean.amounts.numerals import LARGEST, SMALLEST
from toolkit.clean.amounts.rates import ExchangeRates, as_dates, exchange_rates
from toolkit.clean.amounts.reading import YUAN, Amount, explain, read_amount
from toolkit.errors import OptionError, did_you_mean
from toolkit.language import say

if TYPE_CHECKING:
    from typing import Literal

    from numpy.typing import NDArray

    from toolkit.clean.amounts.rates import Rates

__all__ = ["parse_amounts", "read_amounts"]

_COMMON_UNITS = (
    "元", "千元", "万元", "百万元", "千万元", "亿元", "万亿元", "yuan", "thousand yuan",
    "million yuan", "billion yuan", "万美元", "million USD",
)  # fmt: skip
_DTYPES = {
    "currency": "str", "unit": "str", "bound": "str", "inclusive": "boolean", "issue": "str",
}  # fmt: skip
_FEW_BITS_FOR_CENTS = 2.0**43
"""From here on neighbouring floats lie as far apart as a fifth of a cent."""


def parse_amounts(
    values: Any,
    *,
    unit: str | None = None,
    currency: str = "CNY",
    rates: Rates | None = None,
    dates: Any = None,
    decimal: Literal[".", ","] = ".",
) -> pd.Series[float]:
    """Read money as numbers in yuan (CNY).

    A bound (over 5亿元) or a range is not one amount and gives NaN, as does every text that is
    not read; `read_amounts` says why and keeps both ends. An approximate amount (about 15
    million) gives its number. ¥ is the yuan here; a bare $ is the US dollar.

    Parameters
    ----------
    values : Series or array-like
        Texts, numbers, or both.
    unit : str, optional
        What a number counts that says no unit of its own, such as 万元: see `heading_unit`. The
        unit in a text wins over it.
    currency : str, default "CNY"
        ISO 4217 code of the numbers that name no currency.
    rates : mapping, frame or path, optional
        CNY for one unit of each currency, as a mapping; or a table with columns ``currency``,
        ``date`` and ``rate``, of which the latest on or before the row's date is used. Money in a
        currency without a rate gives NaN.
    dates : array-like, optional
        One date for each value, needed by dated rates.
    decimal : {".", ","}, default "."
        The decimal mark where a number leaves it open: 1,234 is 1234 by ``"."`` and 1.234 by
        ``","``. What only one convention explains (1.234.567,8) is read by that one.

    Returns
    -------
    Series of float
        CNY, with the index and name of `values`.

    Raises
    ------
    OptionError
        When `unit`, `currency`, `decimal`, `rates` or `dates` cannot be meant.

    Examples
    --------
    >>> parse_amounts(["1,600万元", "¥16 million", "(5.2)", "over 210 billion yuan"]).tolist()
    [16000000.0, 16000000.0, -5.2, nan]
    >>> parse_amounts(["1.1", "US$1 million"], unit="亿元", rates={"USD": 7.2}).tolist()
    [110000000.0, 7200000.0]
    """
    series = as_series(values)
    money = _column_unit(unit, currency)
    if pd.api.types.is_numeric_dtype(series) and series.dtype.kind in "iuf":
        value = _product(_sane(series), money.scale)
        currencies, codes = [money.currency], np.zeros(len(series), dtype=np.intp)
    else:
        texts, codes = as_texts(series, decimal=decimal)
        amounts = _read_each(texts, money, decimal)
        value = np.array([amount.value for amount in amounts])[codes]
        currencies = [amount.currency for amount in amounts]
    factor = _yuan_per_unit(currencies, codes, exchange_rates(rates), dates)
    return pd.Series(_product(value, factor), index=series.index, name=series.name)


def read_amounts(
    values: Any,
    *,
    unit: str | None = None,
    currency: str = "CNY",
    rates: Rates | None = None,
    dates: Any = None,
    decimal: Literal[".", ","] = ".",
) -> pd.DataFrame:
    """Read money in full: the amount, its ends, its unit, and what is wrong with it.

    Parameters
    ----------
    values, unit, currency, rates, dates, decimal
        As in `parse_amounts`.

    Returns
    -------
    DataFrame
        One row for each value, with its index.

        - ``value``: CNY; NaN where it is not one amount.
        - ``low``, ``high``: CNY; the ends of a range or bound, both the value of one amount.
        - ``currency``: ISO 4217 code of the text.
        - ``unit``: the unit words that were applied, of the text or of the column.
        - ``bound``: exact, about, over, under, range.
        - ``inclusive``: whether the number itself belongs to the bound (at least 5, not over 5).
        - ``issue``: why ``value`` is empty: missing, not_an_amount, ambiguous_marks,
          ambiguous_currency, reversed_range, bound, no_rate. Beside a value, what to know of it:
          unit_conflict (the text's unit was used, not the column's), unit_assumed (a ¥ with no
          scale under a scaled heading), bare_dollar.
        - ``reason``: the issue in words.

    Raises
    ------
    OptionError
        When `unit`, `currency`, `decimal`, `rates` or `dates` cannot be meant.

    Examples
    --------
    >>> read_amounts(["500万", "5"], unit="亿元")[["value", "unit", "issue"]]
             value unit          issue
    0    5000000.0    万  unit_conflict
    1  500000000.0   亿元            NaN
    """
    series = as_series(values)
    money = _column_unit(unit, currency)
    texts, codes = as_texts(series, decimal=decimal)
    amounts = _read_each(texts, money, decimal)
    columns = zip(Amount._fields, zip(*amounts, strict=True), strict=True)
    distinct = pd.DataFrame({name: list(column) for name, column in columns}).astype(_DTYPES)
    distinct.loc[distinct["bound"].isna(), "inclusive"] = pd.NA
    issues = [amount.issue for amount in amounts]
    distinct["reason"] = _reasons(issues, amounts, texts, money)
    currencies = [amount.currency for amount in amounts]
    factor = _yuan_per_unit(currencies, codes, exchange_rates(rates), dates)
    frame = distinct.take(codes)
    for name in ("value", "low", "high"):
        frame[name] = _product(frame[name].to_numpy(), factor)
    rateless = np.isnan(factor)
    if rateless.any():
        why = _reasons(["no_rate"] * len(amounts), amounts, texts, money).take(codes)
        frame["issue"] = frame["issue"].mask(rateless, "no_rate")
        frame["reason"] = frame["reason"].mask(rateless, why.to_numpy())
    return frame.set_axis(series.index)


def _reasons(
    issues: list[str | None], amounts: list[Amount], texts: list[str], money: MoneyUnit
) -> pd.Series[str]:
    """Say each issue in words; the last row stands for a missing value."""
    said = [
        issue and explain(issue, text, unit=money.words, currency=amount.currency)
        for issue, amount, text in zip(issues, amounts, texts, strict=False)
    ]
    return pd.Series([*said, say("no value")], dtype="str")


def _read_each(texts: list[str], money: MoneyUnit, decimal: str) -> list[Amount]:
    """Read each text; the last amount stands for a missing value."""
    if decimal not in (".", ","):
        message = f"decimal is '.' or ','; got {decimal!r}. Say which mark the numbers use."
        raise OptionError(message)
    if decimal == ",":
        texts = [swap_marks(text) for text in texts]
    return [*(read_amount(text, money) for text in texts), Amount(issue="missing")]


def _column_unit(unit: str | None, currency: str) -> MoneyUnit:
    code = currency.strip().upper() if isinstance(currency, str) else ""
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        message = f"currency is an ISO 4217 code such as 'CNY' or 'USD'; got {currency!r}."
        raise OptionError(message)
    if unit is None:
        return YUAN if code == "CNY" else MoneyUnit(0, code)
    found = read_unit(unit) if isinstance(unit, str) else None
    if found is None:
        message = (
            f"unit is a unit of money such as '万元' or 'million yuan'; got {unit!r}."
            f"{did_you_mean(unit, _COMMON_UNITS)}"
        )
        raise OptionError(message)
    return MoneyUnit(found.power, found.currency or code, found.words)


def _yuan_per_unit(
    currencies: list[str | None],
    codes: NDArray[np.intp],
    exchange: ExchangeRates,
    dates: Any,
) -> NDArray[np.float64]:
    """Return what multiplies each row: 1 for yuan and for no money, NaN where there is no rate."""
    if exchange.dated and dates is None:
        message = "rates are given by date; dates= says which holds for which value. Give dates=."
        raise OptionError(message)
    when = as_dates(dates, rows=len(codes)) if exchange.dated else None
    factor = np.ones(len(codes))
    if {"CNY", None}.issuperset(currencies):
        return factor
    foreign = np.array([code not in (None, "CNY") for code in currencies], dtype=bool)
    rows = np.flatnonzero(foreign[codes])
    if len(rows):
        named = np.array(currencies, dtype=object)[codes[rows]]
        factor[rows] = exchange.of(named, None if when is None else when[rows])
    return factor


def _sane(series: pd.Series[Any]) -> NDArray[np.float64]:
    numbers = series.to_numpy(dtype=float, na_value=np.nan)
    size = np.abs(numbers)
    return np.where((size == 0) | ((size > SMALLEST) & (size < LARGEST)), numbers, np.nan)


def _product(
    value: NDArray[np.float64], factor: NDArray[np.float64] | float
) -> NDArray[np.float64]:
    """Multiply money, and let no rounding error show below the cent: 1.1 亿 is 110000000.0."""
    product = value * factor
    with np.errstate(invalid="ignore", over="ignore"):
        cents = np.round(product, 2)
        near = np.abs(cents - product) <= 2 * np.spacing(np.abs(product))
        found = np.where(near, cents, product)
        large = np.abs(product) >= _FEW_BITS_FOR_CENTS
    if large.any():  # rare, so that exact decimals cost little
        factors = np.broadcast_to(factor, value.shape)[large].tolist()
        pairs = zip(value[large].tolist(), factors, strict=True)
        found[large] = [float(Decimal(repr(a)) * Decimal(repr(b))) for a, b in pairs]
    return found
