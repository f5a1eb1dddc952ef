"""What the exports of Wind write: series with a block above them, and headings of several lines.

This follows the published descriptions of the layouts; it was not tried on licensed files.
"""

from __future__ import annotations

import re

__all__ = ["ATTRIBUTES", "CODE_HEADINGS", "split_heading"]

ATTRIBUTES = {
    "指标名称": "name",
    "指标": "name",
    "国家": "region",
    "地区": "region",
    "国家/地区": "region",
    "频率": "frequency",
    "频度": "frequency",
    "单位": "unit",
    "来源": "source",
    "数据来源": "source",
    "指标id": "series_id",
    "指标代码": "series_id",
    "时间区间": "span",
    "起始时间": "first_date",
    "起始日期": "first_date",
    "截止时间": "last_date",
    "截止日期": "last_date",
    "更新时间": "updated",
    "更新日期": "updated",
    "描述": "remarks",
    "备注": "remarks",
}
"""Labels of the block above the series of the economic database, by what they say of a series."""

CODE_HEADINGS = {"证券代码", "代码", "wind代码", "公司代码"}
"""First headings of a table of securities or firms."""

_PART = re.compile(r"\[([^\]]+)\]\s*([^\[]*)")


def split_heading(heading: str) -> tuple[str, str, str]:
    r"""Return name, unit and remarks of a heading such as ``总资产 [报告期] 2023年报 [单位] 亿元``.

    Examples
    --------
    >>> split_heading("总资产\n[报告期] 2023年报\n[单位] 亿元")
    ('总资产', '亿元', '报告期 2023年报')
    >>> split_heading("证券简称")
    ('证券简称', '', '')
    """
    name = " ".join(heading.split("[", 1)[0].split())
    unit, remarks = "", []
    for label, text in _PART.findall(heading):
        words = " ".join(text.split())
        if label == "单位":
            unit = words
        else:
            remarks.append(f"{label} {words}".strip())
    return name or " ".join(heading.split()), unit, "; ".join(remarks)
