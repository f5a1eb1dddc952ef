"""Periods: round trips through every form, and any text at all."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.clean.periods.texts import FORMS, UNREAD, days, one
from toolkit.clean.periods import parse_periods, read_periods
from toolkit.clean.periods.spans import MONTH_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable

DATES = st.dates(min_value=date(1000, 1, 1), max_value=date(9999, 12, 31))
LIKELY = st.dates(min_value=date(1800, 1, 1), max_value=date(2199, 12, 31))
HAN = "〇一二三四五六七八九"


def han(number: int) -> str:
    tens, ones = divmod(number, 10)
    return f"{HAN[tens] if tens > 1 else ''}{'十' if tens else ''}{HAN[ones] if ones else ''}"


def han_year(year: int) -> str:
    return "".join(HAN[int(digit)] for digit in str(year))


DAY_FORMATS: dict[str, Callable[[date], str]] = {
    "iso": lambda d: d.isoformat(),
    "time": lambda d: f"{d.isoformat()}T23:59:59+08:00",
    "slash": lambda d: f"{d.year}/{d.month}/{d.day}",
    "dot": lambda d: f"{d.year}.{d.month}.{d.day}",
    "space": lambda d: f"{d.year} {d.month} {d.day}",
    "chinese": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "numerals": lambda d: f"{han_year(d.year)}年{han(d.month)}月{han(d.day)}日",
    "wide": lambda d: d.isoformat().translate({48 + n: 0xFF10 + n for n in range(10)}),
    "long": lambda d: f"{MONTH_NAMES[d.month - 1]} {d.day}, {d.year}",
    "british": lambda d: f"{d.day} {MONTH_NAMES[d.month - 1]} {d.year}",
    "oracle": lambda d: f"{d.day:02}-{MONTH_NAMES[d.month - 1][:3].upper()}-{d.year}",
    "sas": lambda d: f"{d.day:02}{MONTH_NAMES[d.month - 1][:3].upper()}{d.year}",
}


@given(day=DATES, form=st.sampled_from(sorted(DAY_FORMATS)))
def test_days_round_trip(day: date, form: str) -> None:
    row = one(DAY_FORMATS[form](day))
    assert (row["start"].date(), row["end"].date(), row["frequency"]) == (day, day, "day")


@given(day=LIKELY)
def test_compact_days_round_trip(day: date) -> None:
    assert one(f"{day:%Y%m%d}")["start"].date() == day
    assert one(int(f"{day:%Y%m%d}"))["start"].date() == day


@given(
    chosen=st.lists(DATES, min_size=1, max_size=20),
    order=st.sampled_from(["day_first", "month_first"]),
    mark=st.sampled_from("/-."),
)
def test_ordered_days_round_trip(chosen: list[date], order: str, mark: str) -> None:
    def write(day: date) -> str:
        parts = [f"{day.day:02}", f"{day.month:02}"]
        return mark.join([*(parts if order == "day_first" else reversed(parts)), str(day.year)])

    texts = [write(day) for day in chosen]
    told = read_periods(texts, date_order=order).table
    assert [day.date() for day in told["start"]] == chosen
    shown = read_periods(texts)
    if any(day.day > 12 for day in chosen):
        assert shown.date_order == order
        pd.testing.assert_frame_equal(shown.table, told)
    else:
        kept = shown.table["start"].notna().tolist()
        assert kept == [day.day == day.month for day in chosen]


MONTH_FORMATS: dict[str, Callable[[int, int], str]] = {
    "iso": lambda y, m: f"{y}-{m:02}",
    "slash": lambda y, m: f"{y}/{m}",
    "chinese": lambda y, m: f"{y}年{m}月",
    "numerals": lambda y, m: f"{han_year(y)}年{han(m)}月份",
    "english": lambda y, m: f"{MONTH_NAMES[m - 1]} {y}",
    "short": lambda y, m: f"{MONTH_NAMES[m - 1][:3]}-{y}",
    "first": lambda y, m: f"{m:02}/{y}",
    "sdmx": lambda y, m: f"{y}M{m:02}",
    "end": lambda y, m: f"{y}年{m}月末",
    "end of": lambda y, m: f"end of {MONTH_NAMES[m - 1]} {y}",
    "to date": lambda y, m: f"{y}年1-{m}月",
    "total": lambda y, m: f"{MONTH_NAMES[m - 1]} {y} YTD",
}


@given(
    year=st.integers(1800, 2199),
    month=st.integers(1, 12),
    form=st.sampled_from(sorted(MONTH_FORMATS)),
)
def test_months_round_trip(year: int, month: int, form: str) -> None:
    row = one(MONTH_FORMATS[form](year, month))
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    first = {"end": last, "end of": last, "to date": date(year, 1, 1), "total": date(year, 1, 1)}
    assert row["start"].date() == first.get(form, date(year, month, 1))
    assert row["end"].date() == last
    assert row["frequency"] == "month"
    assert row["cumulative"] == (form in ("to date", "total"))
    assert row["instant"] == form.startswith("end")


@given(year=st.integers(1000, 9999), quarter=st.integers(1, 4))
def test_quarters_round_trip(year: int, quarter: int) -> None:
    forms = [
        f"{year}Q{quarter}",
        f"Q{quarter} {year}",
        f"{quarter}Q{year}",
        f"{year}年第{HAN[quarter]}季度",
        f"{['first', 'second', 'third', 'fourth'][quarter - 1]} quarter of {year}",
    ]
    table = parse_periods(forms)
    assert table["frequency"].eq("quarter").all()
    assert table["start"].eq(pd.Timestamp(year, 3 * quarter - 2, 1)).all()
    assert table["end"].dt.month.eq(3 * quarter).all()


def sane(table: pd.DataFrame) -> None:
    read = table["issue"].isna()
    assert read.equals(table["start"].notna())
    assert read.equals(table["reason"].isna())
    assert (table["start"] <= table["end"])[read].all()
    assert (table["start"] == table["end"])[table["instant"]].all()
    assert table["start"].dt.strftime("%m-%d")[table["cumulative"]].eq("01-01").all()
    assert set(table["frequency"].dropna()) <= {"year", "half", "quarter", "month", "day", "range"}


@given(texts=st.lists(st.text(), max_size=5))
def test_any_text_is_read_or_flagged(texts: list[str]) -> None:
    sane(parse_periods(texts))


KNOWN = [text for texts in (*FORMS.values(), *UNREAD.values()) for text in texts]
PIECES = st.sampled_from(
    [*"0123456789年月日季度末底至-~/.: ' ()<>，", "Q", "FY", "累计", "截至", "mar", "end", "H1"]
)
EDITS = st.tuples(
    st.sampled_from(KNOWN), st.integers(0, 30), st.integers(0, 3), st.lists(PIECES, max_size=3)
)


@given(
    texts=st.lists(EDITS, max_size=5),
    year=st.none() | st.integers(1000, 9998),
    century_start=st.none() | st.integers(1000, 9900),
    fiscal_year_start=st.none() | st.integers(1, 12),
)
def test_mutated_periods_are_read_or_flagged(
    texts: list[tuple[str, int, int, list[str]]],
    year: int | None,
    century_start: int | None,
    fiscal_year_start: int | None,
) -> None:
    mutated = [text[:at] + "".join(pieces) + text[at + cut :] for text, at, cut, pieces in texts]
    table = parse_periods(
        mutated,
        year=year,
        century_start=century_start,
        fiscal_year_start=fiscal_year_start,
        fiscal_year_named="end",
    )
    sane(table)


@settings(max_examples=30)
@given(texts=st.permutations(["05/03/2020", "25/03/2020", "2009/10", "2012/13", "45000", "三季度"]))
def test_the_order_of_rows_does_not_matter(texts: list[str]) -> None:
    table = parse_periods(texts, year=2024).set_axis(texts)
    assert days(table.loc[["05/03/2020", "三季度"]]) == ["2020-03-05", "2024-07-01"]
    assert table.loc[["2009/10", "45000"], "issue"].tolist() == ["fiscal_year", "excel_serial"]


@settings(max_examples=30)
@given(texts=st.lists(st.sampled_from(KNOWN), max_size=30))
def test_repeated_rows_read_alike(texts: list[str]) -> None:
    once, twice = parse_periods(texts), parse_periods(texts * 2)
    pd.testing.assert_frame_equal(twice, pd.concat([once, once], ignore_index=True))


@settings(max_examples=50)
@given(
    chosen=st.lists(DATES, min_size=1, max_size=10),
    form=st.sampled_from(["iso", "slash", "dot", "chinese"]),
)
def test_the_quick_way_reads_as_the_grammar_does(chosen: list[date], form: str) -> None:
    texts = [DAY_FORMATS[form](day) for day in chosen]
    # A leading space sends a text through the grammar.
    pd.testing.assert_frame_equal(
        parse_periods(texts), parse_periods([f" {text}" for text in texts])
    )
