"""Texts that are periods, and texts that are none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from toolkit.clean.periods import parse_periods

if TYPE_CHECKING:
    import pandas as pd

Shape = tuple[str, str, str, bool, bool]


def one(text: object, **options: object) -> pd.Series:
    """Read one text alone."""
    return parse_periods([text], **options).iloc[0]


def shape(row: pd.Series) -> Shape:
    """Return what a row says of its period."""
    return (
        f"{row['start']:%Y-%m-%d}",
        f"{row['end']:%Y-%m-%d}",
        row["frequency"],
        bool(row["cumulative"]),
        bool(row["instant"]),
    )


def days(table: pd.DataFrame) -> list[str]:
    """Return the first days of a table, empty where there is none."""
    return table["start"].dt.strftime("%Y-%m-%d").fillna("").tolist()


def _parted(texts: str) -> list[str]:
    return re.sub(r"\s*\n\s*", "", texts).split("|")


# Start, end, frequency, cumulative, instant.
DAY = ("2024-03-05", "2024-03-05", "day", False, False)
MONTH = ("2024-03-01", "2024-03-31", "month", False, False)
YEAR = ("2024-01-01", "2024-12-31", "year", False, False)
QUARTER = ("2025-07-01", "2025-09-30", "quarter", False, False)
FIRST_HALF = ("2024-01-01", "2024-06-30", "half", False, False)
TO_SEPTEMBER = ("2024-01-01", "2024-09-30", "month", True, False)
THREE_QUARTERS = ("2024-01-01", "2024-09-30", "quarter", True, False)
YEAR_END = ("2024-12-31", "2024-12-31", "year", False, True)

_FORMS = {
    DAY: """2024-03-05|2024/3/5|2024.3.5|2024 3 5|2024年3月5日|2024年3月5号|2024年3月5
        |2024年03月05日|二〇二四年三月五日|二○二四年三月五日|二零二四年三月五日|２０２４－０３－０５|２０２４年３月５日
        |20240305|5 March 2024|5th of March 2024|05-Mar-2024|5.Mar.2024|05MAR2024|2024-Mar-05
        |March 5, 2024|March 5th, 2024|Mar. 5, 2024|Mar-05-2024|Tuesday, 5 March 2024
        |2024年3月5日（星期二）| 2024-03-05 |'2024-03-05|2024—03—05|2024 年 3 月 5 日""",
    MONTH: """2024-03|2024/3|2024.03|202403|2024年3月|2024年03月份|二〇二四年三月|2024 年 3 月
        |Mar 2024|March 2024|Mar-2024|2024 March|03/2024|3-2024|2024M03|2024-M3|2024-3²
        |March of 2024""",
    YEAR: "2024|2024年|2024年度|2024全年|2024年全年|二〇二四年|CY2024|full year 2024|2024.0|2024①",
    QUARTER: """2025Q3|2025-Q3|2025 Q3|Q3 2025|Q3/2025|3Q2025|3Q 2025|2025 3Q|2025q3|2025年Q3
        |third quarter of 2025|the third quarter, 2025|3rd quarter 2025|Quarter 3, 2025|2025年三季度
        |2025年第三季度|2025年第3季度|2025年3季度|2025三季度|2025-07-01 to 2025-09-30""",
    FIRST_HALF: """2024H1|2024-H1|H1 2024|1H2024|1H 2024|2024年上半年|2024上半年
        |first half of 2024|2024-01-01/2024-06-30""",
    TO_SEPTEMBER: """2024年1-9月|2024年1—9月|2024年1月至9月|2024年1月-9月份|2024年1~9月
        |2024年前9个月|2024年前九个月|2024年1-9月累计|2024年9月累计|2024年9月（累计）|年初至2024年9月末
        |2024-01至2024-09|2024年1月-2024年9月|2024.01-2024.09|Jan-Sep 2024|Jan–Sept 2024
        |January to September 2024|first nine months of 2024|first 9 months of 2024
        |YTD Sep 2024|September 2024 year to date|2024-09 YTD|year-to-date September 2024""",
    THREE_QUARTERS: """2024年前三季度|2024年1-3季度|2024年一季度至三季度|2024年三季度累计
        |2024Q1-Q3|Q1-Q3 2024|1Q-3Q 2024|first three quarters of 2024|Q3 2024 YTD""",
    YEAR_END: "2024年末|2024年底|截止2024年底|end of 2024|end-2024|year-end 2024|2024 year-end",
    ("2016-12-31", "2016-12-31", "quarter", False, True): "2016年四季度末|（2016年四季度末）",
    ("2025-09-30", "2025-09-30", "quarter", False, True): """2025年三季度末|2025年三季末
        |end of Q3 2025|end of the third quarter of 2025|2025Q3末""",
    ("2025-09-30", "2025-09-30", "month", False, True): """2025年9月末|2025年9月底|截至2025年9月末
        |end of September 2025|end-September 2025|as of September 2025""",
    ("2025-09-30", "2025-09-30", "day", False, True): """as of 30 September 2025|截至2025年9月30日
        |As at 2025-09-30|as of September 30, 2025""",
    ("2024-06-30", "2024-06-30", "half", False, True): "2024年上半年末",
    ("2024-07-01", "2024-12-31", "half", False, False): "2024H2|2024年下半年|second half of 2024",
    ("2024-01-01", "2024-02-29", "month", True, False): "2024年1-2月|2024年一至二月",
    ("2024-01-01", "2024-03-05", "day", True, False): "年初至2024年3月5日|YTD 5 March 2024",
    ("2023-01-01", "2024-12-31", "range", False, False): "2023-2024|2023—2024年|2023年至2024年",
    ("2019-01-01", "2024-12-31", "range", False, False): "2019-2024|from 2019 to 2024|2019~2024",
    ("2023-11-01", "2024-02-29", "range", False, False): "Nov 2023 - Feb 2024|2023年11月-2024年2月",
    ("2024-03-05", "2024-04-06", "range", False, False): """2024-03-05/2024-04-06
        |2024-03-05 to 2024-04-06|2024.3.5-2024.4.6|2024-03-05-2024-04-06|2024年3月5日至4月6日""",
    ("2024-03-01", "2024-05-31", "range", False, False): "2024年3-5月|Mar-May 2024",
    ("2024-04-01", "2024-06-30", "quarter", False, False): "2024年4-6月|Apr-Jun 2024",
}

_UNREAD = {
    "not_a_period": """hello|12|24|1234|99999|99999999|1709600000|2024W10|mid-2024|十四五|十四五时期
        |since 2020|2020年以来|2024-2025学年|周一|累计|YTD|year ended 31 March 2025|2024Q|Q|½|٢٠٢٤
        |2024-03-05 25:61|2024-03 10:30|2024-3/5|25/3|2024年1-9月末|截至2019-2024年|0204-03-05
        |2024年至2024年3月|2024-03-05 2024-03-06|20243月|<m3> 2024x|half 2024|end
        |half-year 2024|12.3456|3.1415|1234.5|2345/6|1234-5|2016年四|2024年3|2025年三末""",
    "impossible_date": """2024-02-30|2023-02-29|2024-13-01|2024-00-10|2024-13|20241301|2024年13月
        |31/02/2020|25/13/2020|00/01/2020|2024Q5|2024年5季度|H3 2024|0Q2024|2024-2023|2024年9-1月
        |Dec-Feb 2025|2024年0-3月|31 April 2024""",
    "ambiguous_order": "05/03/2020|5-3-2020|05.03.2020 10:30|as of 05/03/2020",
    "day_or_year": "Mar 24|31-Mar|24 March|Mar24|9月24",
    "two_digit_year": """Mar-24|Mar'24|5-Mar-24|05MAR24|24年3月|24年3月5日|24年|3Q25|25Q3|Q3'25|1H24
        |25/03/20|31/12/99|24-03-05|24年三季度末|Mar-99|99 Mar""",
    "no_year": "三季度末|1-9月|9月底|3月5日|上半年|Q3|March|5 March|年末|Q1-Q3",
    "fiscal_year": """FY2024|FY24|fiscal year 2024|2024财年|Q1 FY2024|FY2023/24|2023/24|2012-13
        |1999/00|2023/2024""",
    "ambiguous_start": "截至2024年9月末累计|2024年下半年累计|2024年3-5月累计",
    "open_end": "2024 YTD|2024年累计|YTD 2024",
    "missing": "|  |\u3000|-|—|——|…|n/a|N.A.|NaN|None|NULL|#N/A|无|不详|未披露|0000-00-00|\ufeff",
}

FORMS: dict[Shape, list[str]] = {known: _parted(texts) for known, texts in _FORMS.items()}
UNREAD: dict[str, list[str]] = {issue: _parted(texts) for issue, texts in _UNREAD.items()}
