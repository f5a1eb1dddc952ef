"""Codes to the names that are shown for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from toolkit.clean.regions.columns import one_column, text_of
from toolkit.clean.regions.divisions import Place, divisions
from toolkit.clean.regions.gazetteer import gazetteer
from toolkit.clean.regions.reading import code_match
from toolkit.errors import OptionError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["provinces", "region_names"]

_LANGUAGES: dict[str, Callable[[Place], str]] = {
    "en": lambda place: place.name_en,
    "zh": lambda place: place.short_zh or place.name_zh,
    "zh_full": lambda place: place.name_zh,
}
_SCOPES = ("mainland", "all")
_NOT_MAINLAND = ("710000", "810000", "820000")


def region_names(
    codes: Iterable[object] | str, *, language: Literal["en", "zh", "zh_full"] = "en"
) -> pd.Series:
    """Return the names of codes, to be shown.

    Parameters
    ----------
    codes : iterable of object
        Codes of GB/T 2260 as text or numbers, such as a pandas Series, whose index is kept.
    language : {"en", "zh", "zh_full"}
        English (Shaanxi, Inner Mongolia, Xi'an; Chinese where there is no English name), short
        Chinese (陕西, 西安; counties in full), or full Chinese (陕西省, 西安市).

    Returns
    -------
    pandas.Series
        Names of dtype ``str``; NA where the code is missing, unknown or no longer in use.

    Raises
    ------
    OptionError
        Where the language is not one of those listed.

    Examples
    --------
    >>> region_names(["610000", "140000", "430100"]).tolist()
    ['Shaanxi', 'Shanxi', 'Changsha']
    >>> region_names(["610000", "433100"], language="zh").tolist()
    ['陕西', '湘西']
    """
    if language not in _LANGUAGES:
        raise OptionError(
            f"language is one of {', '.join(_LANGUAGES)}; got {language!r}."
            f"{did_you_mean(language, _LANGUAGES)}"
        )
    named = _LANGUAGES[language]
    column = one_column(codes, "codes")
    names = {code: _name(text_of(code), named) for code in column.dropna().unique()}
    return column.astype("object").map(names).astype("str")


def _name(code: str, named: Callable[[Place], str]) -> str | None:
    match = code_match(code.strip(), gazetteer())
    return named(match.places[0]) if match and match.how == "code" else None


def provinces(*, scope: Literal["mainland", "all"] = "mainland") -> pd.DataFrame:
    """Return the provinces in the order of their codes.

    Parameters
    ----------
    scope : {"mainland", "all"}
        The 31 that the National Bureau of Statistics covers, or Taiwan, Hong Kong and Macao too.

    Returns
    -------
    pandas.DataFrame
        ``code``, ``name_en``, ``name_zh`` (short), ``abbreviation`` (one character).

    Raises
    ------
    OptionError
        Where the scope is not one of those listed.

    Examples
    --------
    >>> provinces().iloc[17].tolist()
    ['430000', 'Hunan', '湖南', '湘']
    >>> len(provinces()), len(provinces(scope="all"))
    (31, 34)
    """
    if scope not in _SCOPES:
        raise OptionError(
            f"scope is one of {', '.join(_SCOPES)}; got {scope!r}.{did_you_mean(scope, _SCOPES)}"
        )
    rows = [
        (place.code, place.name_en, place.short_zh, place.abbreviation)
        for place in divisions()
        if place.level == "province" and (scope == "all" or place.code not in _NOT_MAINLAND)
    ]
    return pd.DataFrame(rows, columns=["code", "name_en", "name_zh", "abbreviation"], dtype="str")
