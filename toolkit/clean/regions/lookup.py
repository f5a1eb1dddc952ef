"""One place, or the names of a whole table's places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from toolkit.clean.regions.names import region_names
from toolkit.clean.regions.parse import read_regions
from toolkit.errors import OptionError
from toolkit.language import speaking, spoken
from toolkit.schema import NATION, as_codes, require_columns
from toolkit.tables import as_pandas

__all__ = ["Region", "find_region", "name_regions"]

NATION_NAMES = {"en": "China", "zh": "全国", "zh_full": "全国"}


@dataclass(frozen=True, kw_only=True)
class Region:
    """A place by its code, its name in the language spoken, and its Chinese name."""

    code: str
    name: str
    name_zh: str


def find_region(
    text: object, *, level: Literal["province", "prefecture", "county", "any"] = "province"
) -> Region:
    """Return the one place that a text means.

    Parameters
    ----------
    text : object
        A code of GB/T 2260, or a name in Chinese, pinyin or English.
    level : {"province", "prefecture", "county", "any"}
        Which kind of place is asked for.

    Raises
    ------
    OptionError
        If the text means no place of that level, or several; the message names those, or the
        nearest.

    Examples
    --------
    >>> find_region("湘")
    Region(code='430000', name='Hunan', name_zh='湖南')
    """
    # What is raised is in English, whatever is spoken.
    with speaking("en"):
        reading = read_regions([text], level=level).iloc[0]
    if pd.isna(reading["code"]):
        advice = "" if pd.isna(reading["suggestion"]) else f" {reading['suggestion']}"
        raise OptionError(f"{text!r} is not one {level} of GB/T 2260.{advice}")
    code = str(reading["code"])
    return Region(
        code=code,
        name=region_names([code], language=spoken()).iloc[0],
        name_zh=region_names([code], language="zh").iloc[0],
    )


def name_regions(
    table: Any, *, language: Literal["en", "zh", "zh_full"] | None = None
) -> pd.DataFrame:
    """Return the table with a column ``region_name`` beside its codes in ``region``.

    Parameters
    ----------
    table : frame or path
        Any table with a column ``region`` of 6-digit codes; 100000 is the nation.
    language : {"en", "zh", "zh_full"}, optional
        Which names; those of the language that is spoken (:func:`toolkit.speak`) by default.

    Raises
    ------
    ColumnError
        If there is no column ``region``.

    Examples
    --------
    >>> import pandas as pd
    >>> name_regions(pd.DataFrame({"region": ["610000", "100000"]}))["region_name"].tolist()
    ['Shaanxi', 'China']
    """
    rows = as_pandas(table)
    require_columns(rows, ["region"])
    language = language or spoken()
    names = region_names(rows["region"], language=language)
    nation = as_codes(rows["region"]) == NATION
    return rows.assign(region_name=names.mask(nation, NATION_NAMES[language]))
