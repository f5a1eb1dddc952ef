"""Words that stand where a date would, and say that what it would date has not come."""

from __future__ import annotations

import re

from toolkit.clean.periods.words import LONGEST, canonical

__all__ = ["is_not_yet"]

_UNDER_WAY = (
    "建设|研发|研制|试制|试产|中试|小试|筹建|筹备|实施|推进|施工|进行|审批|开发|规划|计划|办理"
)
_NOT_YET = re.compile(
    r"(?:目前|至今|现)?(?:尚|还|暂|仍)?(?:未(?!知|披露|详|填|录|报|提供)|没有?)\D{0,6}"
    r"|尚无|暂无|无|否|待定|0(?:\.0+)?|false"
    rf"|(?:正在|仍在|尚在)?(?:{_UNDER_WAY})(?:中|阶段)?|(?:仍|尚)?在(?:建|研|办)(?:中)?"
    r"|[待拟](?:投产|量产|达产|建|产|完成|退出)"
    r"|no|none|nil|not yet\b\D{0,30}|no \D{0,20}yet"
    r"|not (?:yet )?(?:started|complete|completed|in production|produced|finished|reached|exited)"
    r"|no (?:production|exit)|in[- ]progress|on-?going|under-? ?way|pending|planned|incomplete"
    r"|unfinished|under (?:construction|development|way)|still under \D{0,20}"
)


def is_not_yet(text: str) -> bool:
    """Tell whether a text says that a milestone has not been reached; a date in it is another.

    Examples
    --------
    >>> [is_not_yet(text) for text in ["未投产", "在建", "Not yet", "0", "已投产", "2024年3月"]]
    [True, True, True, True, False, False]
    """
    return len(text) <= LONGEST and bool(_NOT_YET.fullmatch(canonical(text)))
