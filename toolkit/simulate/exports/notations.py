"""How exports write money, days, quarters and places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from toolkit.simulate.places import Province

__all__ = [
    "AMOUNTS",
    "DAYS",
    "NOWHERE",
    "QUARTERS",
    "REGIONS",
    "chinese_numeral",
    "excel_serial",
    "mistyped",
    "negated",
]

FULL_WIDTH = str.maketrans("0123456789,.", "０１２３４５６７８９，．")
DIGITS = "零一二三四五六七八九"
EXCEL_EPOCH = dt.date(1899, 12, 30)
LOOK_ALIKE = str.maketrans(
    "京津北西蒙宁林龙江海苏徽建东南庆川州藏肃夏疆", "惊律比酉檬字淋尤汪诲办微健车喃床圳洲臧萧厦僵"
)
NOWHERE = ("外省", "未注明", "Atlantis", "Region 99")


def plain(amount: int, *, power: int = 0, grouped: bool = False) -> str:
    """Write an amount in units of ten to the `power`, every digit and no more.

    Examples
    --------
    >>> plain(16_500_000, power=4), plain(16_500_000, power=6)
    ('1650', '16.5')
    """
    number = Decimal(amount).scaleb(-power)
    whole = number.to_integral_value()
    shown = whole if number == whole else number.normalize()
    return f"{shown:{',' if grouped else ''}f}"


def scientific(amount: int) -> str:
    """Write an amount with an exponent.

    Examples
    --------
    >>> scientific(16_500_000)
    '1.65e7'
    """
    digits = str(amount).rstrip("0")
    exponent = len(str(amount)) - 1
    return f"{digits[0]}{'.' + digits[1:] if digits[1:] else ''}e{exponent}"


def chinese_numeral(number: int) -> str:
    """Write a whole number below 10^12 in Chinese numerals.

    Examples
    --------
    >>> chinese_numeral(16_000_000), chinese_numeral(10_203), chinese_numeral(100_050_000)
    ('一千六百万', '一万零二百零三', '一亿零五万')
    """
    text, gap = "", False
    for place, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part, number = divmod(number, place)
        if not part:
            gap = bool(text)
            continue
        text += ("零" if text and (gap or part < 1000) else "") + _section(part) + name
        gap = False
    return text or DIGITS[0]


def _section(number: int) -> str:
    text, gap = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, place)
        if digit:
            text += ("零" if gap else "") + DIGITS[digit] + name
        gap = bool(text) and not digit
    return text


def _ten_thousands(amount: int) -> str:
    return f"{plain(amount, power=4, grouped=True)}万元"


AMOUNTS: dict[str, Callable[[int], str]] = {
    "ten_thousands": _ten_thousands,
    "full_width": lambda amount: _ten_thousands(amount).translate(FULL_WIDTH),
    "yuan": lambda amount: f"{amount:,}元",
    "numerals": lambda amount: f"{chinese_numeral(amount)}元",
    "hundred_millions": lambda amount: f"{plain(amount, power=8)}亿元",
    "millions": lambda amount: f"¥{plain(amount, power=6)} million",
    "rmb": lambda amount: f"RMB {amount:,}",
    "scientific": scientific,
    "digits": str,
    "heading_unit": lambda amount: plain(amount, power=4),
}
"""Notations of whole yuan, by name. The last leaves its unit (万元) to the heading."""

NEGATIVES = {"full_width": "（{}）", "numerals": "-{}", "scientific": "-{}"}


def negated(text: str, notation: str) -> str:
    """Write an amount as a correction: in brackets, where the notation knows them.

    Examples
    --------
    >>> negated("1,600万元", "ten_thousands"), negated("1.6e7", "scientific")
    ('(1,600万元)', '-1.6e7')
    """
    return NEGATIVES.get(notation, "({})").format(text)


DAYS: dict[str, Callable[[dt.date], str]] = {
    "iso": lambda day: day.isoformat(),
    "slashes": lambda day: f"{day.year}/{day.month}/{day.day}",
    "chinese": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "compact": lambda day: f"{day:%Y%m%d}",
}
"""Notations of a day; a column of an export keeps to one."""

QUARTERS: dict[str, Callable[[dt.date], str]] = {
    "slashes": lambda day: f"{day.year}Q{_quarter(day)}",
    "chinese": lambda day: f"{day.year}年{DIGITS[_quarter(day)]}季度",
}
"""Notations of the quarter of a day, by the notation of the days beside them."""

REGIONS: dict[str, Callable[[Province], str]] = {
    "full": lambda place: place.full,
    "short": lambda place: place.short,
    "letter": lambda place: place.letter,
    "code": lambda place: place.code,
    "latin": lambda place: place.latin,
    "capitals": lambda place: place.latin.upper(),
    "province": lambda place: (
        f"{place.latin} Province" if place.full.endswith("省") else place.latin
    ),
}
"""Notations of a province."""


def excel_serial(day: dt.date) -> int:
    """Return the number that a spreadsheet holds for a day.

    Examples
    --------
    >>> excel_serial(dt.date(2024, 3, 5))
    45356
    """
    return (day - EXCEL_EPOCH).days


def mistyped(place: Province, *, latin: bool) -> str:
    """Write a province with one letter wrong, which makes it no other province.

    Examples
    --------
    >>> hunan = Province("430000", "湖南省", "湖南", "湘", "Hunan")
    >>> mistyped(hunan, latin=True), mistyped(hunan, latin=False)
    ('Hunann', '湖喃')
    """
    if latin:
        return place.latin + place.latin[-1]
    return place.short[0] + place.short[1].translate(LOOK_ALIKE) + place.short[2:]


def _quarter(day: dt.date) -> int:
    return (day.month + 2) // 3
