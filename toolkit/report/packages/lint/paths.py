"""Paths that lead nowhere on another machine."""

from __future__ import annotations

import re
from collections.abc import Iterator

from toolkit.report.packages.findings import Finding, found

__all__ = ["absolute_paths", "path_findings", "without_embedded"]

_SHOWN = 3
# Folders that a study may lie in; an address on the web has a letter or a colon before its stroke.
_ABSOLUTE = re.compile(
    r"""(?<![\w.:/~*-])/(?:home|Users|root|tmp|mnt|media|srv|opt|var|private|Volumes|work|data)"""
    r"""/[^\s"'<>|)\\,;]+"""
    r"""|(?<![\w/])~/[\w.][^\s"'<>|)\\,;]*"""
    r"""|(?<![A-Za-z])[A-Za-z]:(?:\\{1,2}|/)(?![/\\])[\w.][^\s"'<>|),;]*"""
    r"""|file:///[^\s"'<>]+"""
)
_EMBEDDED = re.compile(r"(?:data:[\w/+.-]+;base64,|\"image/png\": \")[A-Za-z0-9+/=\\n]+")


def absolute_paths(text: str) -> list[str]:
    r"""List the absolute paths in a text, each once.

    Examples
    --------
    >>> absolute_paths("see /home/li/loans.csv, C:\\study\\a.csv and https://stats.gov.cn/data/a")
    ['/home/li/loans.csv', 'C:\\study\\a.csv']
    """
    return list(dict.fromkeys(match[0].rstrip(".:`") for match in _ABSOLUTE.finditer(text)))


def without_embedded(text: str) -> str:
    """Take pictures out of a text that holds them."""
    return _EMBEDDED.sub("", text)


def path_findings(name: str, content: bytes) -> Iterator[Finding]:
    """Find the absolute paths that a text file tells, each with its first line."""
    lines = without_embedded(content.decode("utf-8", errors="replace")).splitlines()
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        for path in absolute_paths(line):
            seen.setdefault(path, number)
    for path, number in list(seen.items())[:_SHOWN]:
        yield found("absolute-path", f"{name}, line {number}", f"{path!r} is there on one machine.")
    if len(seen) > _SHOWN:
        yield found("absolute-path", name, f"{len(seen) - _SHOWN} more absolute paths.")
