"""Markup that others wrote, made fit for the page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Heading", "Outline", "text_of", "with_scopes", "without_outside"]

_HEADING = re.compile(r"<h([1-6])\b([^>]*)>(.*?)</h\1\s*>", re.DOTALL | re.IGNORECASE)
_ID = re.compile(r"""\s+id\s*=\s*(["'])(.*?)\1""", re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")
_ALT = re.compile(r"""\balt\s*=\s*(["'])(.*?)\1""", re.DOTALL | re.IGNORECASE)
_OUTSIDE = re.compile(
    r"<(img|script|link|iframe|source|track|video|audio|embed|object|image|use)\b[^>]*?"
    r"""\b(?:src|srcset|poster|href|data)\s*=\s*["']?((?:https?:)?//[^"'\s>]+)[^>]*>""",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"""<base\b[^>]*>|<meta\b[^>]*\bhttp-equiv\s*=\s*["']?refresh\b[^>]*>""", re.IGNORECASE
)
_HEAD_CELL = re.compile(r"<(/?thead|th)\b([^>]*)>", re.IGNORECASE)


@dataclass(frozen=True)
class Heading:
    """A heading of the page, as its contents list it."""

    level: int
    id: str
    text: str


class Outline:
    """Gives the page one first heading, below it no level left out, and each heading an id.

    Parameters
    ----------
    title : str, optional
        Stands instead of the first heading of the notebook.
    taken : iterable of str
        Ids that other parts of the page have.
    """

    def __init__(self, title: str | None, taken: Iterable[str]) -> None:
        self.title = title
        self.headed = False
        self.headings: list[Heading] = []
        self._taken = set(taken)
        self._open: list[int] = []

    def place(self, markup: str) -> str:
        """Return markup with its headings at the levels that the page has for them."""
        return _HEADING.sub(self._placed, markup)

    def _placed(self, match: re.Match[str]) -> str:
        given, attributes, inner = int(match[1]), match[2], match[3]
        if not (text := text_of(inner)):
            return match[0]
        first = not self.headings
        if first and self.title is None:
            self.title = text
        if first and (given == 1 or self.title == text):
            self.headed = True
            level, inner = 1, inner if self.title == text else html.escape(self.title or "")
        else:
            level = self._level(given)
        own = _ID.search(attributes)
        name = self._free(own[2] if own else _slug(text))
        self.headings.append(Heading(level, name, text_of(inner)))
        rest = _ID.sub("", attributes)
        return f'<h{level} id="{html.escape(name)}"{rest}>{inner}</h{level}>'

    def _level(self, given: int) -> int:
        while self._open and self._open[-1] >= given:
            self._open.pop()
        self._open.append(given)
        return min(1 + len(self._open), 6)

    def _free(self, name: str) -> str:
        free, number = name, 1
        while free in self._taken:
            number += 1
            free = f"{name}-{number}"
        self._taken.add(free)
        return free


def _slug(text: str) -> str:
    return re.sub(r"\W+", "-", text).strip("-").lower() or "heading"


def text_of(markup: str) -> str:
    """Return the words of markup without its tags."""
    return html.unescape(_TAG.sub("", markup)).strip()


def with_scopes(markup: str) -> str:
    """Say of each header cell of a table whether it heads a column or a row."""
    inside = False

    def scoped(match: re.Match[str]) -> str:
        nonlocal inside
        tag = match[1].lower()
        if tag != "th":
            inside = tag == "thead"
            return match[0]
        if re.search(r"\bscope\s*=", match[2], re.IGNORECASE):
            return match[0]
        return f'<th scope="{"col" if inside else "row"}"{match[2]}>'

    return _HEAD_CELL.sub(scoped, markup)


def without_outside(markup: str) -> str:
    """Put links where a picture would be fetched from a network; drop what else would be."""

    def link(match: re.Match[str]) -> str:
        if match[1].lower() != "img":
            return ""
        alt = _ALT.search(match[0])
        return f'<a href="{match[2]}">{alt[2] if alt and alt[2] else match[2]}</a>'

    return _ELSEWHERE.sub("", _OUTSIDE.sub(link, markup))
