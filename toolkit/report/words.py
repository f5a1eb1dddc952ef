"""The fixed words of pages, in the languages that reports are written in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["LANGUAGES", "words_in"]

LANGUAGES = ("en", "zh")

_WORDS = {
    "cell": ("cell {cell}", "单元格 {cell}"),
    "choose_figure": ("Colour by", "着色指标"),
    "compare": ("Compare two regions", "比较两个地区"),
    "contents": ("Contents", "目录"),
    "difference": ("Difference", "差值"),
    "failed": ("failed", "失败"),
    "failed_count": ("{count} failed:", "{count} 份失败："),
    "figure": ("Figure", "图"),
    "figures": ("Figures", "图"),
    "files": ("Files", "文件"),
    "find": ("Search reports", "搜索报告"),
    "first_region": ("First region", "第一个地区"),
    "found": ("{count} of {all} reports", "{all} 份报告中有 {count} 份"),
    "key_figure": ("Key figure", "关键指标"),
    "key_figures": ("Key figures", "关键指标"),
    "log": ("log", "日志"),
    "map": ("Map", "地图"),
    "no_report": ("no report", "无报告"),
    "no_value": ("no value", "无数值"),
    "notebook": ("notebook", "笔记本"),
    "open_both": ("Open both reports side by side", "并排打开两份报告"),
    "parameters": ("Parameters", "参数"),
    "points": ("points", "个百分点"),
    "provenance": ("Where they came from", "来源记录"),
    "report": ("Report", "报告"),
    "reports": ("Reports", "报告"),
    "second_region": ("Second region", "第二个地区"),
    "show_code": ("Show code", "显示代码"),
    "sort": ("Sort by {column}", "按“{column}”排序"),
    "stopped": ("This report stopped.", "本报告未完成。"),
    "stopped_at": ("This report stopped at", "本报告中止于"),
    "table": ("Table", "表"),
    "tables": ("Tables", "表"),
    "whole": ("{made} of {all} reports are whole.", "{all} 份报告中有 {made} 份完整。"),
}


def words_in(language: object) -> Mapping[str, str]:
    """Return the words of a language by their names; English for a language not known.

    Examples
    --------
    >>> words_in("zh")["contents"], words_in("en")["contents"], words_in("fr")["contents"]
    ('目录', 'Contents', 'Contents')
    """
    place = LANGUAGES.index(language) if language in LANGUAGES else 0
    return MappingProxyType({name: texts[place] for name, texts in _WORDS.items()})
