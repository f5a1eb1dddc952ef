"""What reports are called, in names that any file system takes."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

__all__ = ["default_name", "short", "slug"]

_LONGEST_NAME = 80


def default_name(notebook: Path, parameters: Mapping[str, object]) -> str:
    """Name a report by its notebook and by what it was given.

    Examples
    --------
    >>> default_name(Path("notebooks/regional_report.ipynb"), {"region": "Inner Mongolia"})
    'regional_report-inner-mongolia'
    """
    words = [notebook.stem]
    for value in parameters.values():
        words += map(str, value) if isinstance(value, list) else [str(value)]
    return short(slug(" ".join(words)), parameters)


def short(name: str, parameters: Mapping[str, object]) -> str:
    """Return a name that is not too long, a mark of its parameters in place of what is cut."""
    if len(name) <= _LONGEST_NAME:
        return name
    mark = hashlib.sha256(repr(sorted(parameters.items())).encode()).hexdigest()[:8]
    return f"{name[: _LONGEST_NAME - 9]}-{mark}"


def slug(text: str) -> str:
    """Write a text as a safe file name: lower case, a hyphen for all but letters and digits.

    Examples
    --------
    >>> slug("Inner Mongolia / 内蒙古")
    'inner-mongolia-内蒙古'
    """
    words = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"[^\w.]+", "-", words).strip("-.")
