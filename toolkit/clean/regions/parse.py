"""Columns of texts to columns of codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from toolkit.clean.regions.advice import advice
from toolkit.clean.regions.columns import Scope, read_column

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from toolkit.clean.regions.columns import Extra
    from toolkit.clean.regions.decide import Reading
    from toolkit.clean.regions.divisions import Level, Place

__all__ = ["parse_regions", "read_regions"]


def parse_regions(
    values: Iterable[object] | str,
    *,
    level: Level = "province",
    within: object = None,
    extra: Extra | None = None,
) -> pd.Series:
    """Read places as 6-digit codes of GB/T 2260.

    Codes (2, 4, 6, 9 or 12 digits, text or number), full, short and one-character names in
    Chinese, pinyin and English names with their usual spellings, addresses that begin with a place
    or end with one, new areas and former divisions are read. What is unknown, or can be several
    places of the level asked, is NA: ``Suzhou`` is 苏州 or 宿州, and only ``within`` decides.
    A slip of the pen is never corrected; `read_regions` says what was probably meant.

    A place is raised to the level asked: a county to its prefecture or its province.
    Municipalities and counties directly under a province stand for themselves among prefectures.

    Parameters
    ----------
    values : iterable of object
        Texts or numbers, such as a pandas Series, whose index and name are kept.
    level : {"country", "province", "prefecture", "county", "any"}
        The level of the codes wanted; ``"any"`` takes each place as it is written.
    within : object, optional
        A place, as a code or a name, that all values lie in; or one for each value, in a column of
        the same length. Where it is missing there is no limit. Bare names are read below it:
        吉林 within 吉林省 is the city.
    extra : mapping of str to object, or frame or path with columns ``name code``, optional
        Names of your own, each with a code of GB/T 2260. They stand before the known names.

    Returns
    -------
    pandas.Series
        Codes of dtype ``str``, NA where there is none.

    Raises
    ------
    OptionError
        Where an option is not one of those listed, or ``within`` or ``extra`` names no place.
    DataError
        Where the tables of the package are missing.

    Notes
    -----
    Codes mean what they mean in the table of mid-2023. A few numbers were given to another county
    later (in Hainan, 469025 to 469030 in 2007): county codes of older data need their names.

    References
    ----------
    GB/T 2260, Codes for the administrative divisions of the People's Republic of China.

    Examples
    --------
    >>> parse_regions(["湖南", "Hunan", "湘", 430000, "长沙市岳麓区", "Shanxi"]).tolist()
    ['430000', '430000', '430000', '430000', '430000', '140000']
    >>> parse_regions(["Suzhou", "莱芜市"], level="prefecture", within=["安徽", "山东"]).tolist()
    ['341300', '370100']
    """
    readings = read_column(values, level, within, extra)
    return readings.column(_of_place(lambda place: place.code))


def read_regions(
    values: Iterable[object] | str,
    *,
    level: Level = "province",
    within: object = None,
    extra: Extra | None = None,
) -> pd.DataFrame:
    """Read places as `parse_regions` does, and say how each was read.

    Parameters
    ----------
    values, level, within, extra
        As in `parse_regions`.

    Returns
    -------
    pandas.DataFrame
        All of dtype ``str``, with the index of ``values``:

        - ``code``, ``name_zh``, ``name_en``, ``level`` of the place;
        - ``matched_as``: code, full, short, abbreviation, latin, variant, address, new_area,
          abolished, or extra; part where a text names a part of a division, conflict where it
          names several;
        - ``issue``: missing, unknown, ambiguous, abolished, wrong_level, nation (where a
          lower level is asked) or outside (not in ``within``). A former division has both a code,
          of its successor, and the issue ``abolished``;
        - ``candidates``: codes of what it can be, separated by ``|``;
        - ``suggestion``: what it can be and what to do, in a sentence.

    Raises
    ------
    OptionError, DataError
        As in `parse_regions`.

    Examples
    --------
    >>> read = read_regions(["371200", "Suzhou", "Guandong"], level="prefecture")
    >>> read[["code", "issue", "candidates"]].fillna("").values.tolist()
    [['370100', 'abolished', ''], ['', 'ambiguous', '320500|341300'], ['', 'unknown', '']]
    >>> print(read["suggestion"][0])
    371200 莱芜市, merged in 2019; now 370100 济南市, 山东.
    >>> print(read["suggestion"][2])
    Did you mean 440000 广东省?
    """
    readings = read_column(values, level, within, extra)

    def suggestion(text: str, scope: Scope, reading: Reading) -> str:
        if isinstance(scope, str):
            return f"The place that it lies in, {scope}"
        return advice(text, reading, level, scope)

    return pd.DataFrame(
        {
            "code": readings.column(_of_place(lambda place: place.code)),
            "name_zh": readings.column(_of_place(lambda place: place.name_zh)),
            "name_en": readings.column(_of_place(lambda place: place.name_en)),
            "level": readings.column(_of_place(lambda place: place.level)),
            "matched_as": readings.column(lambda _, __, reading: reading.how),
            "issue": readings.column(lambda _, __, reading: reading.issue),
            "candidates": readings.column(
                lambda _, __, reading: "|".join(place.code for place in reading.candidates)
            ),
            "suggestion": readings.column(suggestion),
        }
    )


def _of_place(
    value: Callable[[Place], str],
) -> Callable[[str, Scope, Reading], str | None]:
    return lambda _, __, reading: value(reading.place) if reading.place else None
