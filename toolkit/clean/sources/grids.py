"""Lines of text cells with the row where each stood: what every layout is taken apart from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

__all__ = [
    "FOOTER",
    "Grid",
    "Line",
    "Merge",
    "is_value",
    "shown",
    "split_unit",
    "trimmed",
    "unit_line",
]

Line = tuple[int, list[str]]
"""The number of a row as its program shows it, and the text of its cells."""

FOOTER = re.compile(
    r"^(注|注释|备注|说明|数据来源|资料来源|来源|制表人?|填报人|审核人?|导出时间|打印时间"
    r"|notes?|sources?|data source)\s*\d*\s*[:：]",
    re.IGNORECASE,
)
_UNIT_IN_BRACKETS = re.compile(r"^(?P<name>.*?)\s*[(（](?P<unit>[^()（）]*)[)）]\s*$", re.DOTALL)
_UNIT_LINE = re.compile(
    r"(?:^|[(（,\s])(?:货币|金额)?(?:单位|units?)\s*[:：]\s*([^)）,，;；\s]+)", re.IGNORECASE
)
# Money is nominal unless it is said otherwise: to say that it is changes no unit. 不变价 would.
_AT_CURRENT_PRICES = re.compile(
    r"\s*[(（,，、;；]?\s*(?:按|at\s+)?(?:当年价格?|现行价格|现价|current\s+prices?)(?:计算?)?$",
    re.IGNORECASE,
)
_INDEX_BASE = re.compile(r"\s*[(（](?P<unit>[^()（）]*=\s*100)[)）]")
_VALUE = re.compile(r"[+\-(]?[¥￥$€]?\s*\d[\d,，]*(\.\d*)?(e[+\-]?\d+)?\s*[%‰)]?", re.IGNORECASE)
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?(T?\s*\d{1,2}:\d{2}.*)?|\d{4}年\d{1,2}月\d{1,2}日"
)


@dataclass(frozen=True, kw_only=True)
class Merge:
    """Cells that one text was set across, by the numbers of rows and columns from 1."""

    top: int
    left: int
    bottom: int
    right: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Grid:
    """One sheet, or one file that has no sheets, as lines that are not blank.

    Parameters
    ----------
    file : str
        Name of the file.
    sheet : str
        Name of the sheet; empty where a file has none.
    lines : list of (int, list of str)
        Rows that are not blank, each with its number.
    merges : tuple of Merge
        Cells set across others; their text stands in every cell of theirs that takes it.
    """

    file: str
    sheet: str = ""
    lines: list[Line] = field(default_factory=list)
    merges: tuple[Merge, ...] = ()

    @property
    def place(self) -> str:
        """File and sheet, as an error names them."""
        return f"{self.file}, sheet {self.sheet!r}" if self.sheet else self.file

    def aside(self, rows: Iterable[tuple[int, str, str]]) -> pd.DataFrame:
        """Return rows that are not data as a table of ``file sheet row kind text``."""
        table = pd.DataFrame(list(rows), columns=["row", "kind", "text"])
        table.insert(0, "file", self.file)
        table.insert(1, "sheet", self.sheet)
        return table.astype({name: "str" for name in table if name != "row"} | {"row": "int64"})


def trimmed(cells: Iterable[str]) -> list[str]:
    """Return cells without white space around them and without blanks at the end."""
    kept = [cell.strip() for cell in cells]
    while kept and not kept[-1]:
        kept.pop()
    return kept


def is_value(text: str) -> bool:
    """Tell whether a cell is a plain number or date, which no heading of a column is.

    A year alone is both, and counts as a heading.

    Examples
    --------
    >>> [is_value(text) for text in ["1,600.5", "2024-03-05", "2024", "5万元", "余额"]]
    [True, True, False, False, False]
    """
    if re.fullmatch(r"(19|20)\d{2}年?", text):
        return False
    return bool(_VALUE.fullmatch(text) or _DATE.fullmatch(text))


def split_unit(heading: str) -> tuple[str, str]:
    """Return a heading and the unit that it gives in brackets at its end, or the base of an index.

    Examples
    --------
    >>> split_unit("贷款余额（亿元）"), split_unit("地区")
    (('贷款余额', '亿元'), ('地区', ''))
    >>> split_unit("地区生产总值指数(上年同期=100)_累计值")
    ('地区生产总值指数_累计值', '上年同期=100')
    """
    parts = _UNIT_IN_BRACKETS.match(heading)
    if parts:
        return parts["name"], _AT_CURRENT_PRICES.sub("", parts["unit"].strip())
    base = _INDEX_BASE.search(heading)
    if base:
        return heading.replace(base[0], "", 1), base["unit"].strip()
    return heading, ""


def unit_line(text: str) -> str:
    """Return the unit that a line above or below a table names for all of it; else nothing.

    Examples
    --------
    >>> unit_line("2024年末 单位：万元"), unit_line("编制单位：金融局")
    ('万元', '')
    >>> unit_line("单位：亿元（当年价格）"), unit_line("单位：亿元（2020年不变价）")
    ('亿元', '亿元（2020年不变价')
    """
    found = _UNIT_LINE.search(text)
    return _AT_CURRENT_PRICES.sub("", found[1]) if found else ""


def shown(text: str, *, width: int = 60) -> str:
    """Return a text short enough to be quoted in an error."""
    flat = " ".join(text.split())
    return repr(flat if len(flat) <= width else flat[: width - 1] + "…")
