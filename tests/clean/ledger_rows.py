"""One messy ledger, small, with every kind of row, for the tests of cleaning."""

from __future__ import annotations

import pandas as pd

HEADINGS = ["企业编号", "资金方编号", "机构类型", "地区", "行业", "放款日期", "放款金额", "备注"]

GOOD = [
    ["F1", "M1", "小额贷款公司", "湖南", "battery", "2024年3月5日", "1,600万元", "a"],
    ["F2", "M1", "micro", "Shaanxi", "battery", "2024-03-06", "¥16 million", ""],
    ["F3", "B1", "银行", "371200", "retail", "20240307", "１６０万元", ""],
    ["F4", "B1", "商业银行", "内蒙古自治区", "", "2024/3/8", "1.6e6", "b"],
    ["F007", " B2 ", "Bank", "Tibet", "retail", "2024-03-09 10:30:00", "一百六十万元", ""],
    ["F8", "B2", "bank", "CN-43", "retail", "2024-03-10", "约500万元", ""],
]
AGAIN = [
    ["F1", "M1", "micro", "430000", "battery", "2024-03-05", "16000000", "a"],
    [" F2", "M1", "micro", "陕西省", "battery", "2024/3/6", "1600万", ""],
]
CONFLICT = [
    ["F20", "B9", "bank", "湖南", "retail", "2024-04-01", "100万元", ""],
    ["F20", "B9", "bank", "湖南", "retail", "2024-04-01", "101万元", ""],
]
BAD = [
    (["F30", "B1", "bank", "湖南", "retail", "2024-05-01", "(5万元)", ""], "negative_amount"),
    (["F31", "B1", "bank", "湖喃", "retail", "2024-05-01", "5万元", ""], "unknown_region"),
    (["F32", "B1", "bank", "湖南", "retail", "2024-13-01", "5万元", ""], "unreadable_date"),
    (["F33", "B1", "bank", "湖南", "retail", "2025-05-01", "5万元", ""],
     "date_after_observed_until"),
    (["F34", "B1", "bank", "湖南", "retail", "2024-05-01", "see contract", ""], "not_an_amount"),
    (["F35", "B1", "bnak", "湖南", "retail", "2024-05-01", "5万元", ""], "unknown_tier"),
    (["", "B1", "bank", "湖南", "retail", "2024-05-01", "5万元", ""], "missing_firm_id"),
    (["F37", "B1", "bank", "湖南", "retail", "2024年5月", "5万元", ""], "date_not_a_day"),
    (["F38", "B1", "bank", "湖南", "retail", "2024-05-01", "over 5万元", ""], "amount_is_a_bound"),
    (["F39", "B1", "bank", "湖南", "retail", "2024-05-01", "US$5", ""], "no_rate"),
    (["F40", "B1", "", "", "retail", "", "", ""],
     "missing_region; missing_date; missing_tier; missing_amount"),
    (["F41", "B1", "bank", "Atlantis", "retail", "2025-05-01", "-5", ""],
     "unknown_region; date_after_observed_until; negative_amount"),
]  # fmt: skip
SLIP = ["F50", "B3", "bank", "湖南", "retail", "2024-06-01", "16000000000", ""]
UNTIL = "2024-12-31"


def ledger() -> pd.DataFrame:
    """Return the ledger as a frame of text."""
    usual = [
        [f"G{number}", "B3", "bank", "湖南", "retail", "2024-06-02", f"{150 + number}万元", ""]
        for number in range(30)
    ]
    rows = [*GOOD, *AGAIN, *CONFLICT, *(row for row, _ in BAD), SLIP, *usual]
    return pd.DataFrame(rows, columns=HEADINGS, dtype="str")
