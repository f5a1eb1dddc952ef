"""The language that results, figures and reports are written in.

Texts are written in English where they are made, and said through :func:`say`, which looks them
up in the catalogues of the language spoken (``toolkit/language/zh/*.toml``: English on the left,
Chinese on the right). Names that programs read, such as columns of tidy tables, never change.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast, get_args

from toolkit.errors import OptionError, did_you_mean

__all__ = ["Language", "say", "speak", "speaking", "spoken"]

Language = Literal["en", "zh"]

# What a notebook speaks holds for all its cells, though each may run in a context of its own.
_session: list[Language] = ["en"]
_block: ContextVar[Language | None] = ContextVar("language", default=None)


def speak(language: Language) -> None:
    """Speak a language from here on: results, figures and sentences are written in it.

    Parameters
    ----------
    language : {"en", "zh"}
        English or Chinese.

    Raises
    ------
    OptionError
        If the language is not spoken here.

    Examples
    --------
    >>> speak("zh")
    >>> say("ratio of sums")
    '总额之比'
    >>> speak("en")
    """
    _session[0] = _known(language)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak a language inside a ``with`` block.

    Examples
    --------
    >>> with speaking("zh"):
    ...     say("ratio of sums")
    '总额之比'
    """
    token = _block.set(_known(language))
    try:
        yield
    finally:
        _block.reset(token)


def spoken() -> Language:
    """Return the language that is spoken now.

    Examples
    --------
    >>> spoken()
    'en'
    """
    return _block.get() or _session[0]


def say(text: str, /, **values: Any) -> str:
    """Say a text in the language spoken, with values put in its places.

    Parameters
    ----------
    text : str
        In English; a text that no catalogue has stays as it is.
    **values
        By the names in braces in the text, written by :meth:`str.format`. Values that are texts
        are said too.

    Examples
    --------
    >>> say("{low} to {high}", low=2, high=3.5)
    '2 to 3.5'
    """
    known = _catalogue(spoken())
    said = known.get(text, text)
    if not values:
        return said
    return said.format_map(
        {name: known.get(v, v) if isinstance(v, str) else v for name, v in values.items()}
    )


def _known(language: str) -> Language:
    languages = get_args(Language)
    if language not in languages:
        raise OptionError(
            f"language is {' or '.join(map(repr, languages))}; got {language!r}."
            f"{did_you_mean(language, languages)}"
        )
    return cast(Language, language)


@cache
def _catalogue(language: Language) -> Mapping[str, str]:
    texts: dict[str, str] = {}
    for path in sorted((Path(__file__).parent / language).glob("*.toml")):
        texts |= tomllib.loads(path.read_text(encoding="utf-8"))
    return texts
