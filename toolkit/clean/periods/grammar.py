"""One text to one span of days: a core form, or two of them as a range, in a frame."""

from __future__ import annotations

import re
from dataclasses import replace

from toolkit.clean.periods import words
from toolkit.clean.periods.forms import not_a_period, read_core
from toolkit.clean.periods.modifiers import frame_of, framed
from toolkit.clean.periods.spans import (
    Conventions,
    Span,
    Unread,
    UnreadableError,
    frequency_between,
)


def read_text(text: str, conventions: Conventions) -> Span | Unread:
    """Read one text as a period, or say why it is none.

    Examples
    --------
    >>> span = read_text("2024年1-9月累计", Conventions())
    >>> span.start.isoformat(), span.end.isoformat(), span.cumulative
    ('2024-01-01', '2024-09-30', True)
    >>> read_text("Mar-24", Conventions()).issue
    'two_digit_year'
    """
    if words.is_missing(text):
        return Unread(issue="missing", reason="No period is given.")
    quoted = repr(text if len(text) <= words.LONGEST else text[: words.LONGEST] + "…")
    try:
        if len(text) > words.LONGEST:
            raise not_a_period()
        frame, core = frame_of(words.canonical(text))
        return framed(_core_or_range(words.tokens(core), conventions), frame)
    except UnreadableError as error:
        return Unread(issue=error.issue, reason=f"{quoted} {error.detail}", shows=error.shows)


def _core_or_range(text: str, conventions: Conventions) -> Span:
    try:
        return read_core(text, conventions)
    except UnreadableError as error:
        sides = _sides(text)
        if error.issue != "not_a_period" or sides is None:
            raise
    return _range(*sides, conventions)


def _sides(text: str) -> tuple[str, str] | None:
    """Part a range in two: at its ~, at the / of ISO 8601, or at the middle one of its dashes."""
    if text.count("~") == 1:
        middle = text.index("~")
    elif re.fullmatch(r"[\d-]+/[\d-]+", text):
        middle = text.index("/")
    else:
        dashes = [at for at, mark in enumerate(text) if mark == "-"]
        if len(dashes) % 2 == 0:
            return None
        middle = dashes[len(dashes) // 2]
    return text[:middle].strip(), text[middle + 1 :].strip()


def _range(left: str, right: str, conventions: Conventions) -> Span:
    """Read two periods as one, where one of them may leave its year to the other."""
    try:
        first = read_core(left, replace(conventions, year=None))
        last = read_core(right, replace(conventions, year=first.end.year))
    except UnreadableError as error:
        if error.issue != "no_year":
            raise
        last = read_core(right, conventions)
        first = read_core(left, replace(conventions, year=last.start.year))
    if first.frequency != last.frequency or first.cumulative or last.cumulative:
        raise not_a_period()
    if first.start > last.start:
        raise UnreadableError(
            "impossible_date",
            "ends before it begins. Correct it at the source, or name both years.",
        )
    to_date = first.frequency in ("month", "quarter") and (first.start.month, first.start.year) == (
        1,
        last.end.year,
    )
    both = set(first.notes) & set(last.notes)
    notes = dict.fromkeys(first.notes + last.notes)
    return Span(
        start=first.start,
        end=last.end,
        frequency=first.frequency if to_date else frequency_between(first.start, last.end),
        cumulative=to_date,
        # A year that one side lends to the other is in the text after all.
        notes=tuple(note for note in notes if note != "year_from_context" or note in both),
        shows=first.shows or last.shows,
    )
