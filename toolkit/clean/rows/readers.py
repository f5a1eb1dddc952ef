"""Readers of the texts of a column, with what was found of each as bits of a rulebook."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.clean.amounts import read_amounts, read_unit
from toolkit.clean.periods import read_periods
from toolkit.clean.periods.not_yet import is_not_yet
from toolkit.clean.regions import read_regions
from toolkit.clean.rows.findings import Rule, Rulebook
from toolkit.errors import OptionError, did_you_mean

if TYPE_CHECKING:
    import pyarrow as pa

    from toolkit.clean.rows.dictionary import Reader

__all__ = [
    "TIERS",
    "Advice",
    "advise",
    "amount_reader",
    "day_reader",
    "found_in",
    "region_reader",
    "tier_reader",
    "tier_words",
]

Advice = Callable[[Rule, Sequence[str]], dict[str, str]]
"""What was probably meant, by text, for the texts that a rule found."""

TIERS = {
    "micro": (
        "micro, micro-lender, microlender, micro lender, micro-loan company, microcredit company,"
        "micro-credit company, small loan company, mlc, mfi, microfinance institution,"
        "小额贷款公司, 小贷公司, 小贷, 小额贷款, 小贷机构"
    ),
    "bank": (
        "bank, banks, commercial bank, rural commercial bank, city commercial bank, policy bank,"
        "state-owned bank, joint-stock bank, credit union,"
        "银行, 商业银行, 国有银行, 股份制银行, 城商行, 城市商业银行, 农商行, 农村商业银行,"
        "村镇银行, 政策性银行, 农信社, 信用社"
    ),
    "guarantor": "guarantor, guarantee company, guarantee, 担保公司, 担保机构, 融资担保公司, 担保",
    "leasing": "leasing, leasing company, financial leasing, 融资租赁公司, 金融租赁公司, 租赁公司",
    "fund": (
        "fund, venture fund, venture capital, guidance fund,"
        "基金, 创投基金, 引导基金, 投资基金, 创投"
    ),
    "government": "government, public fund, risk pool, fiscal, 政府, 财政, 财政资金, 风险补偿资金",
}
"""Kinds of lenders, and the words that mean them."""

_AMOUNT_ISSUES = {
    "missing": "missing_amount",
    "ambiguous_marks": "ambiguous_amount",
    "ambiguous_currency": "ambiguous_amount",
    "bound": "amount_is_a_bound",
    "no_rate": "no_rate",
    "unit_conflict": "unit_conflict",
    "unit_assumed": "unit_assumed",
    "bare_dollar": "bare_dollar",
}
_OPEN_DATES = (
    "ambiguous_order",
    "two_digit_year",
    "day_or_year",
    "excel_serial",
    "ambiguous_start",
)
_SETTLED = ("day_first", "month_first", "year_first", "two_digit_year", "excel_serial")


def found_in(column: str) -> str:
    """Return the name of the column of findings of one column."""
    return f"_found_{column}"


def amount_reader(
    column: str, book: Rulebook, *, unit: str | None, rates: Mapping[str, float] | None
) -> Reader:
    """Return a reader of money: ``amount_cny`` and findings."""

    def read(texts: Sequence[str]) -> pa.Table:
        import pyarrow as pa

        amounts = read_amounts(pd.Series(texts, dtype="str"), unit=unit, rates=rates)
        value, issue = amounts["value"], amounts["issue"].fillna("")
        named = issue.map(_AMOUNT_ISSUES).where(issue.isin(_AMOUNT_ISSUES), "not_an_amount")
        found = _bits(named.where(issue != "", ""), book)
        scaled = amounts["unit"].fillna("").map(_is_scaled).astype(bool) & value.notna()
        foreign = amounts["currency"].fillna("CNY").ne("CNY") & value.notna()
        about = amounts["bound"].fillna("").eq("about") & value.notna()
        for name, which in (
            ("negative_amount", value < 0),
            ("zero_amount", value == 0),
            ("amount_scaled", scaled),
            ("currency_converted", foreign),
            ("amount_is_about", about),
        ):
            found += which.to_numpy() * book.bit(name)
        return pa.table(
            {
                f"{column}_read": pa.array(value.to_numpy(), pa.float64(), from_pandas=True),
                found_in(column): found,
            }
        )

    return read


@cache
def _is_scaled(unit: str) -> bool:
    words = read_unit(unit) if unit else None
    return words is not None and words.power > 0


def day_reader(column: str, book: Rulebook, *, until: date | None = None, **options: Any) -> Reader:
    """Return a reader of dates: first, middle and last day of each text, and findings.

    With `until`, a later day is found impossible. Where the rulebook has a rule for it, words that
    say "not yet" are read as no day.
    """
    waits = f"{column}_not_yet"

    def read(texts: Sequence[str]) -> pa.Table:
        import pyarrow as pa

        given = pd.Series(texts, dtype="str")
        # Set aside first: beside a word, Excel's day numbers would not be taken for days.
        waiting = given.map(is_not_yet).astype(bool) & book.knows(waits)
        periods = read_periods(given.mask(waiting, ""), **options).table
        issue, notes = periods["issue"].fillna(""), periods["notes"].fillna("")
        named = pd.Series(f"unreadable_{column}", index=issue.index, dtype="str")
        named = named.mask(issue.isin(_OPEN_DATES), f"ambiguous_{column}")
        required = f"missing_{column}" if book.knows(f"missing_{column}") else ""
        named = named.mask(issue == "missing", required).where(issue != "", "")
        found = _bits(named, book)
        whole = periods["frequency"].fillna("").ne("day") & (issue == "")
        settled = notes.str.contains("|".join(_SETTLED)).to_numpy(dtype=bool)
        found += whole.to_numpy() * book.bit(f"{column}_not_a_day")
        found += settled * book.bit(f"{column}_settled")
        found += notes.str.contains("time_dropped").to_numpy(dtype=bool) * book.bit(
            f"{column}_time_dropped"
        )
        if book.knows(waits):
            found += waiting.to_numpy() * book.bit(waits)
        start, end = periods["start"], periods["end"]
        if until is not None:
            late = (start > pd.Timestamp(until)).to_numpy()
            found += late * book.bit(f"{column}_after_observed_until")
        return pa.table(
            {
                f"{column}_start": _days(start),
                f"{column}_middle": _days(start + (end - start) // 2),
                f"{column}_end": _days(end),
                found_in(column): found,
            }
        )

    return read


def _days(column: pd.Series[Any]) -> pa.Array:
    import pyarrow as pa

    return pa.array(column.to_numpy().astype("datetime64[D]"), pa.date32())


def region_reader(column: str, book: Rulebook, **options: Any) -> Reader:
    """Return a reader of places: codes of GB/T 2260, and findings."""

    def read(texts: Sequence[str]) -> pa.Table:
        import pyarrow as pa

        column_of_texts = pd.Series(texts, dtype="str")
        places = read_regions(column_of_texts, **options)
        code, issue = places["code"], places["issue"].fillna("")
        named = pd.Series("unknown_region", index=issue.index, dtype="str")
        named = named.mask(issue == "ambiguous", "ambiguous_region")
        named = named.mask(issue == "missing", "missing_region")
        found = _bits(named.where(code.isna(), ""), book)
        found += (code.notna() & code.ne(column_of_texts)).to_numpy() * book.bit("region_coded")
        found += (issue == "abolished").to_numpy() * book.bit("region_abolished")
        return pa.table(
            {
                f"{column}_read": pa.array(code.astype(object).where(code.notna(), None)),
                found_in(column): found,
            }
        )

    return read


def tier_words(tiers: Mapping[str, str] | None) -> dict[str, str]:
    """Return the kind of lender by folded word, the caller's words first.

    Raises
    ------
    OptionError
        If `tiers` does not map words to words.
    """
    known = {_folded(word): tier for tier, words in TIERS.items() for word in words.split(",")}
    for word, tier in (tiers or {}).items():
        if not (isinstance(word, str) and isinstance(tier, str) and tier.strip()):
            raise OptionError(
                f"tiers maps the words of the source to kinds of lenders; got {word!r}: {tier!r}. "
                "Give such as {'典当行': 'pawnshop'}."
            )
        known[_folded(word)] = tier
    return known


def tier_reader(column: str, book: Rulebook, words: Mapping[str, str]) -> Reader:
    """Return a reader of kinds of lenders: the kind, and findings."""

    def read(texts: Sequence[str]) -> pa.Table:
        import pyarrow as pa

        tiers = [words.get(_folded(text)) for text in texts]
        found = [
            (book.bit("missing_tier" if not text else "unknown_tier") if tier is None else 0)
            + (book.bit("tier_named") if tier not in (None, text) else 0)
            for text, tier in zip(texts, tiers, strict=True)
        ]
        return pa.table(
            {
                f"{column}_read": pa.array(tiers, pa.string()),
                found_in(column): pa.array(found, pa.int64()),
            }
        )

    return read


def _folded(word: str) -> str:
    return "".join(unicodedata.normalize("NFKC", word).casefold().replace("-", " ").split())


def _bits(names: pd.Series[Any], book: Rulebook) -> np.ndarray[Any, np.dtype[np.int64]]:
    bits = {name: book.bit(name) if name else 0 for name in names.unique()}
    return names.map(bits).to_numpy(dtype=np.int64, copy=True)


def advise(
    *,
    places: Mapping[str, Any],
    dates: Mapping[str, Any],
    words: Mapping[str, str] | None = None,
    unit: str | None = None,
) -> Advice:
    """Return what says of the texts of a rule what was meant, or why they were not read."""

    def amounts(texts: list[str]) -> pd.Series[Any]:
        return read_amounts(texts, unit=unit)["reason"]

    def regions(texts: list[str]) -> pd.Series[Any]:
        return read_regions(texts, **places)["suggestion"]

    def days(texts: list[str]) -> pd.Series[Any]:
        return read_periods(texts, **dates).table["reason"]

    def kinds(texts: list[str]) -> pd.Series[Any]:
        return pd.Series([did_you_mean(text, words or {}).strip() for text in texts])

    money = (
        "not_an_amount", "ambiguous_amount", "amount_is_a_bound", "no_rate", "unit_conflict",
        "unit_assumed", "bare_dollar",
    )  # fmt: skip
    readers: dict[str, Callable[[list[str]], pd.Series[Any]]] = {
        **dict.fromkeys(money, amounts),
        **dict.fromkeys(("unknown_region", "ambiguous_region"), regions),
        "unknown_tier": kinds,
    }

    def say(rule: Rule, texts: Sequence[str]) -> dict[str, str]:
        of_dates = rule.name.startswith(("unreadable_", "ambiguous_"))
        reader = readers.get(rule.name, days if of_dates else None)
        if reader is None or not texts:
            return {}
        return dict(zip(texts, reader(list(texts)).fillna("").astype("str"), strict=True))

    return say
