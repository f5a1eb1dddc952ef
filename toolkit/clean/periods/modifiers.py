"""The words around a period: 累计 (year to date), 末 (end of), 截至 (as of), a time of day."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from toolkit.clean.periods.spans import Span, UnreadableError

_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60)(?:[.,]\d{1,9})?)?"
_ZONE = r"(?:z|[bcehjmp]st|[cemp]dt|ces?t|hkt|(?:utc|gmt)?(?:[+-]\d{1,2}(?::?\d{2})?)|utc|gmt)"
_TIME = re.compile(
    rf"(?:(?<=\d)[t :]|(?<=\d), ?|(?<=[日号])){_CLOCK}(?: ?[ap]m)?(?: ?{_ZONE})?$"
    rf"|(?<=\d)t(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?{_ZONE}?$"
    r"|(?<=[日号])(?:[上下]午)?\d{1,2}[时点]\d{1,2}分?(?:\d{1,2}秒)?$",
    re.ASCII,
)
_FROM_NEW_YEAR = re.compile(r"^年初(?:以来)?至")
_TO_DATE = r"(?:累计[值数额]?|ytd|year[- ]to[- ]date|cumulative)"
_TO_DATE_BEFORE = re.compile(rf"^{_TO_DATE}[ :(]*(?:to )?")
_TO_DATE_AFTER = re.compile(rf"[ (-]*{_TO_DATE}$")
_AS_OF = re.compile(r"^(?:截[至止][到至]?|as (?:of|at|on) (?:the )?)")
_END_BEFORE = re.compile(r"^(?:the )?(?:(?:year|quarter|month)[- ]?)?end[- ](?:of )?(?:the )?")
_END_AFTER = re.compile(r"(?:期?末|底|终)数?$|[ -](?:(?:year|quarter|month)[- ]?)?end$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What the words around a period say of it."""

    extent: Literal["whole", "to_date", "instant", "total_at_instant"]
    time: Literal["none", "midnight", "told"]


def frame_of(plain: str) -> tuple[Frame, str]:
    """Part a canonical text into its frame and its core.

    Examples
    --------
    >>> frame_of("截至2025年9月末")
    (Frame(extent='instant', time='none'), '2025年9月')
    """
    core, clock = _without(plain, _TIME)
    core, new_year = _without(core, _FROM_NEW_YEAR)
    core, to_date = _without(core, _TO_DATE_BEFORE, _TO_DATE_AFTER)
    core, instant = _without(core, _AS_OF, _END_BEFORE, _END_AFTER)
    extent: Literal["whole", "to_date", "instant", "total_at_instant"] = "whole"
    if new_year or (to_date and not instant):
        extent = "to_date"
    elif instant:
        extent = "total_at_instant" if to_date else "instant"
    time: Literal["none", "midnight", "told"] = "none"
    if clock:
        # A zone tells as much as an hour: midnight elsewhere may be another day.
        time = "told" if re.search(r"[1-9a-su-z+午]", clock[0]) else "midnight"
    return Frame(extent=extent, time=time), core.strip(" ,:(")


def framed(span: Span, frame: Frame) -> Span:
    """Return a core span as its frame wants it."""
    if frame.time != "none":
        if span.frequency != "day":
            raise UnreadableError(
                "not_a_period", "gives a time of day but no day. Correct it at the source."
            )
        if frame.time == "told":
            span = replace(span, notes=(*span.notes, "time_dropped"))
    if frame.extent == "total_at_instant":
        raise UnreadableError(
            "ambiguous_start",
            "may run from January or from the very beginning. Where it is the year to date, "
            "write 1-9月 or 年初至9月.",
        )
    if frame.extent == "instant":
        return _instant(span)
    return _to_date(span) if frame.extent == "to_date" else span


def _instant(span: Span) -> Span:
    if span.cumulative or span.frequency == "range":
        raise UnreadableError(
            "not_a_period", "is both a stretch and a point in time. Correct it at the source."
        )
    return replace(span, start=span.end, instant=True)


def _to_date(span: Span) -> Span:
    if span.cumulative:
        return span
    if span.frequency == "year":
        raise UnreadableError(
            "open_end", "is a year to date that does not say until when. Name its last month."
        )
    second_half = span.frequency == "half" and span.start.month > 1
    if second_half or span.frequency == "range" or "fiscal_year" in span.notes:
        raise UnreadableError(
            "ambiguous_start",
            "does not say when its total begins. Name its first and last month.",
        )
    return replace(span, start=span.start.replace(month=1, day=1), cumulative=True)


def _without(text: str, *patterns: re.Pattern[str]) -> tuple[str, list[str]]:
    found = []
    for pattern in patterns:
        match = pattern.search(text)
        if match:
            found.append(match[0])
            text = text[: match.start()] + text[match.end() :]
    return text, found
