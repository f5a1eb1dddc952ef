"""The words of money and measurement, and the text cut into them.

Each table maps a normalised word to its meaning. The longest word wins, so 美元 is never read as
元, nor 不超过 as 超过.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, NamedTuple

from toolkit.clean.amounts.numerals import (
    DIGITS,
    ENGLISH_NUMBERS,
    ENGLISH_SCALES,
    MULTIPLIERS,
    POINT,
)

__all__ = [
    "ABOUT_AFTER",
    "ABOUT_BEFORE",
    "AND",
    "BOUNDS_AFTER",
    "BOUNDS_BEFORE",
    "CURRENCIES",
    "DIRECTIONS_AFTER",
    "DIRECTIONS_BEFORE",
    "FILLERS",
    "GENERIC_YUAN",
    "HALF",
    "INCLUSION",
    "MISSING",
    "MONTHS",
    "MORE",
    "OPENINGS",
    "PAIR_OPENINGS",
    "PERCENT_BEFORE",
    "PER_ONE",
    "SMALL_COINS",
    "TO",
    "UNITS",
    "WHOLE",
    "Bound",
    "cut",
]


class Bound(NamedTuple):
    """The side that a bound leaves closed: "over" gives a low end, "under" a high end."""

    side: str
    inclusive: bool


def _table(**words: str) -> dict[str, str]:
    """Turn ``meaning="word|word"`` into a table by word."""
    return {word: meaning for meaning, group in words.items() for word in group.split("|")}


def _bounds(*, over: str, at_least: str, under: str, at_most: str) -> dict[str, Bound]:
    groups = {
        Bound("over", inclusive=False): over,
        Bound("over", inclusive=True): at_least,
        Bound("under", inclusive=False): under,
        Bound("under", inclusive=True): at_most,
    }
    return {word: bound for bound, group in groups.items() for word in group.split("|")}


def _words(group: str) -> frozenset[str]:
    return frozenset(group.split("|"))


MISSING: Final = _words(
    "|-|--|---|.|..|...|…|……|/|\\|*|n/a|#n/a|na|n.a.|n.a|nan|<na>|nat|none|null|unknown|tbd|"
    "not available|not applicable|not disclosed|undisclosed|confidential|无|无数据|暂无|"
    "暂无数据|不详|未知|未披露|未公布|不适用|缺失|保密|待定|空"
)

CURRENCIES: Final = {
    **_table(
        CNY="元|圆|圓|块|块钱|yuan|yuan renminbi|renminbi yuan|chinese yuan|renminbi|人民币|人民幣|"
        "人民币元|¥|cn¥|rmb|rmb¥|cny",
        USD="美元|美金|us dollar|us dollars|u.s. dollar|u.s. dollars|dollar|dollars|$|us$|usd|us $|"
        "u.s.$",
        EUR="欧元|歐元|euro|euros|€|eur",
        HKD="港元|港币|港幣|hong kong dollar|hong kong dollars|hk dollars|hk$|hkd",
        GBP="英镑|英鎊|pound|pounds|pounds sterling|pound sterling|£|gbp",
        JPY="日元|日圆|日圓|円|japanese yen|yen|jpy|jp¥",
        TWD="新台币|新臺幣|台币|臺幣|new taiwan dollars|nt$|twd|ntd",
        MOP="澳门元|澳门币|澳門元|patacas|mop|mop$",
        SGD="新加坡元|新元|singapore dollar|singapore dollars|s$|sgd",
        AUD="澳元|澳大利亚元|australian dollar|australian dollars|a$|au$|aud",
        CAD="加元|加拿大元|canadian dollar|canadian dollars|c$|ca$|cad",
        CHF="瑞士法郎|瑞郎|swiss franc|swiss francs|chf",
        KRW="韩元|韓元|韩圆|won|korean won|₩|krw",
        RUB="卢布|盧布|rouble|roubles|ruble|rubles|₽|rub",
        INR="印度卢比|indian rupees|₹|inr",
        THB="泰铢|泰銖|baht|฿|thb",
    ),
    **{code: code.upper() for code in _words("vnd|myr|idr|php|nzd|sek|nok|dkk|brl|zar|mxn|aed")},
}
# 港币500万元 is Hong Kong money: beside a named currency 元 only says "units of it".
GENERIC_YUAN: Final = frozenset("元圆圓")
SMALL_COINS: Final = {"角": Decimal("0.1"), "毛": Decimal("0.1"), "分": Decimal("0.01")}
MONTHS: Final = dict.fromkeys(("个月", "個月", "月", "months", "month"), Decimal(1))
WHOLE: Final = frozenset(("整", "正"))

# Unit and the factor that brings a number to it.
UNITS: Final[dict[str, tuple[str, Decimal]]] = {
    word: (unit, Decimal(factor))
    for unit, factor, words in (
        ("share", "0.01", "%|percent|per cent|pct"),
        ("share", "0.001", "‰"),
        ("share", "0.1", "成"),
        (
            "percentage_points",
            "1",
            "percentage points|percentage point|percent points|pct points|pp|ppt|ppts|"
            "个百分点|個百分點|百分点",
        ),
        ("percentage_points", "0.01", "basis points|basis point|bps|bp|个基点|基点|个bp"),
        ("ratio", "1", "times|倍|x|×|fold"),
        ("months", "12", "years|year|yrs|yr|年|周年"),
        ("months", "1", "months|month|个月|個月"),
        ("days", "7", "weeks|week|周|个星期|星期"),
        ("days", "1", "days|day|天|日|个自然日|自然日"),
        (
            "working_days",
            "1",
            "working days|working day|business days|business day|个工作日|工作日",
        ),
        ("hours", "1", "hours|hour|hrs|hr|小时|个小时"),
        ("minutes", "1", "minutes|minute|mins|min|分钟|分鐘"),
        ("seconds", "1", "seconds|秒|秒钟"),
        ("score", "1", "points|分"),
        (
            "count",
            "1",
            "家|户|戶|笔|筆|个|個|项|項|件|名|人|次|座|只|支|款|张|份|例|条|批|"
            "firms|enterprises|companies|loans|cases|projects|institutions|cities|people|"
            "transactions|applications|patents",
        ),
    )
    for word in words.split("|")
}
PERCENT_BEFORE: Final = frozenset(("百分之",))

BOUNDS_BEFORE: Final = _bounds(
    over="over|just over|well over|more than|exceed|exceeds|exceeded|exceeding|above|"
    "greater than|higher than|in excess of|surpass|surpassed|surpassing|beyond|upwards of|"
    "north of|topped|longer than|>|"
    "超|超过|超過|超出|逾|高于|大于|多于|突破|上",
    at_least="at least|no less than|not less than|no fewer than|not fewer than|not below|"
    "minimum|minimum of|a minimum of|starting from|starting at|as little as|as low as|"
    "as few as|>=|≥|≧|不低于|不少于|不小于|至少|最少|最低|起码|不下|不下于",
    under="nearly|almost|close to|approaching|under|below|less than|fewer than|lower than|"
    "short of|shorter than|just under|<|近|将近|接近|不足|不到|不满|未满|低于|少于|小于",
    at_most="up to|at most|no more than|not more than|not exceeding|no higher than|within|"
    "maximum|maximum of|a maximum of|as much as|as many as|as high as|capped at|<=|≤|≦|"
    "不超过|不超過|不高于|不大于|不多于|至多|最多|最高|上限",
)
# The Civil Code (article 1259) counts the number itself in 以上, 以下 and 以内.
BOUNDS_AFTER: Final = _bounds(
    over="不止",
    at_least="以上|及以上|起|or more|or above|and above|and over|and more|or over|+|plus",
    under="不到",
    at_most="以下|及以下|以内|以內|之内|内|封顶|or less|or fewer|or below|and below|or under",
)
MORE: Final = frozenset("多余餘")
ABOUT_BEFORE: Final = _words(
    "about|approximately|approx|approx.|around|roughly|circa|c.|ca.|ca|some|an estimated|"
    "estimated|~|≈|约|約|大约|大概|约为|约合|约有|估计"
)
ABOUT_AFTER: Final = frozenset(("or so", "左右", "上下", "approximately"))
# 500万元(含)以上 says of a bound whether the number itself counts.
INCLUSION: Final = {"(含)": True, "含": True, "(含本数)": True, "(不含)": False, "不含": False}
OPENINGS: Final = frozenset(("from", "ranging from", "从", "自"))
PAIR_OPENINGS: Final = frozenset(("between", "介于"))
HALF: Final = frozenset("半")
TO: Final = frozenset(("to", "-", "~", "through", "至", "到"))
AND: Final = frozenset(("and", "but", ",", "、", "且", "与", "和"))
PER_ONE: Final = frozenset((":", "比"))
FILLERS: Final = _words(
    "a total of|total of|total|totalling|totaling|of|the|only|just|merely|共|共计|总计|合计|"
    "累计|达|达到|为|是|仅|的|之间"
)
DIRECTIONS_BEFORE: Final = _table(
    above="up|up by|rose|rose by|increased by|growth of|增长|增加|上升|提高|高出|高|同比增长",
    below="down|down by|fell|fell by|decreased by|reduced by|下降|降低|减少|低|同比下降",
)
DIRECTIONS_AFTER: Final = _table(
    above="above|higher|more|faster|up",
    below="below|lower|less|slower|down",
)

_FIXED = frozenset().union(
    DIGITS,
    ENGLISH_NUMBERS,
    ENGLISH_SCALES,
    MULTIPLIERS,
    POINT,
    CURRENCIES,
    SMALL_COINS,
    MONTHS,
    WHOLE,
    UNITS,
    PERCENT_BEFORE,
    BOUNDS_BEFORE,
    BOUNDS_AFTER,
    ABOUT_BEFORE,
    ABOUT_AFTER,
    OPENINGS,
    PAIR_OPENINGS,
    INCLUSION,
    HALF,
    MORE,
    TO,
    AND,
    PER_ONE,
    FILLERS,
    DIRECTIONS_BEFORE,
    DIRECTIONS_AFTER,
)
# A scale of digits ('000s, 000s) would otherwise be cut as a figure.
_ZEROS = r"'?000s|'000(?![0-9])"
_FIGURE = (
    r"(?:[0-9]+(?:[.,'][0-9]+|[ ][0-9]{3}(?![0-9]))*(?:\.(?![0-9]))?|\.[0-9]+)"
    r"(?:e[+-]?[0-9]{1,3}(?![0-9]))?"
)


def _pattern(word: str) -> str:
    # English words end where their letters end: "m" is not the beginning of "mortgage".
    return re.escape(word) + ("(?![a-z])" if word[-1].isascii() and word[-1].isalpha() else "")


_WORD = re.compile(
    "|".join(
        (
            _ZEROS,
            _FIGURE,
            *map(_pattern, sorted(_FIXED, key=len, reverse=True)),
            "[a-z]+",
            r"\S",
        )
    )
)


def cut(text: str) -> list[str]:
    """Cut a normalised text into words; what no table knows stays a word of its own.

    Examples
    --------
    >>> cut("over 210 billion yuan")
    ['over', '210', 'billion', 'yuan']
    >>> cut("不超过1,600万美元")
    ['不超过', '1,600', '万', '美元']
    """
    return _WORD.findall(text)
