"""Sentences that a notebook shows as text."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from toolkit.language import say

__all__ = ["KEY_FIGURES", "Prose", "said_figures"]

KEY_FIGURES = "application/vnd.toolkit.key+json"
"""Kind of the output that carries the few numbers that stand for a report in a list."""


class Prose(str):
    """A sentence: a plain string that a notebook shows as text, without quotation marks.

    Parameters
    ----------
    text : str
        The sentence, in Markdown.
    key_figures : mapping, optional
        The few numbers of it that stand for it in a list of reports.

    Examples
    --------
    >>> Prose("The ratio is 6.238.", key_figures={"ratio": "6.238"})
    'The ratio is 6.238.'
    """

    key_figures: Mapping[str, str]

    def __new__(  # noqa: D102 - the class says it
        cls, text: str, *, key_figures: Mapping[str, str] | None = None
    ) -> Prose:
        prose = super().__new__(cls, text)
        prose.key_figures = MappingProxyType(dict(key_figures or {}))
        return prose

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        bundle: dict[str, Any] = {"text/plain": str(self), "text/markdown": str(self)}
        if self.key_figures:
            bundle[KEY_FIGURES] = said_figures(self.key_figures)
        return bundle


def said_figures(figures: Mapping[str, str]) -> dict[str, str]:
    """Return key figures with their names and texts in the language spoken."""
    return {say(name): say(text) for name, text in figures.items()}
