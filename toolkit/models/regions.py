"""What regions are called: by the data's own names, or as the provinces of GB/T 2260."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from toolkit.errors import OptionError, did_you_mean
from toolkit.language import spoken
from toolkit.schema import NATION, as_codes
from toolkit.tables import as_table, column_names
from toolkit.tiles import TILES, find_tile

__all__ = ["find_code", "named_in", "names_of", "with_names"]

NATIONS = {"en": "China", "zh": "全国"}


def named_in(data: Any) -> dict[str, str]:
    """Return the names that a table gives its regions, by code; empty where it gives none.

    Parameters
    ----------
    data : frame or path
        Columns ``region`` and ``region_name``, if it has them.
    """
    import narwhals as nw

    table = as_table(data)
    if not {"region", "region_name"} <= set(column_names(table)):
        return {}
    whole = table.select("region", "region_name").drop_nulls()
    pairs = whole.group_by("region").agg(nw.col("region_name").min()).collect().to_pandas()
    return dict(zip(as_codes(pairs["region"]), pairs["region_name"].astype(str), strict=True))


def names_of(codes: Iterable[Any], known: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the name of each region: the data's own, or else the province's.

    Parameters
    ----------
    codes : iterable
        Codes of regions; missing ones are passed over.
    known : mapping, optional
        Names that the data gives, by code.

    Returns
    -------
    dict
        Empty unless all have a name: half a list of names beside codes would be read as neither.

    Examples
    --------
    >>> names_of(["430000", 610000])
    {'430000': 'Hunan', '610000': 'Shaanxi'}
    >>> names_of(["430000", "430100"])
    {}
    """
    own, names = known or {}, {}
    there = pd.Series(list(codes), dtype=object, name="region").dropna().map(_text)
    for code in dict.fromkeys(there):
        names[code] = own.get(code) or _province(code)
    return {} if "" in names.values() else names


def with_names(terms: pd.DataFrame, known: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return rows with a column ``region_name``, where every region of theirs has a name."""
    if "region" not in terms or not (names := names_of(terms["region"], known)):
        return terms
    codes = terms["region"].map(_text, na_action="ignore")
    return terms.assign(region_name=codes.map(names))


def find_code(region: object, names: Mapping[str, str], there: Iterable[str]) -> str:
    """Return the code of a region that a result has, by its code or its name.

    Raises
    ------
    OptionError
        If the result has no such region; the message names those that it has.

    Examples
    --------
    >>> find_code("Hunan", {"430000": "Hunan"}, ["430000", "140000"])
    '430000'
    """
    codes = [str(code) for code in dict.fromkeys(there)]
    asked = _text(region)
    if asked in codes:
        return asked
    folded = {name.casefold(): code for code, name in names.items() if code in codes}
    found = folded.get(asked.casefold()) or find_tile(asked)
    if found in codes:
        return str(found)
    shown = [f"{names[code]} ({code})" if code in names else code for code in codes]
    near = did_you_mean(asked, [*codes, *names.values()])
    raise OptionError(
        f"This result has no region {asked!r}.{near} Its regions are: {', '.join(shown)}."
    )


def _text(code: Any) -> str:
    return str(int(code)) if isinstance(code, float) and code.is_integer() else str(code)


def _province(code: str) -> str:
    if code == NATION:
        return NATIONS[spoken()]
    tile = TILES.get(code)
    return "" if tile is None else tile.chinese if spoken() == "zh" else tile.english
