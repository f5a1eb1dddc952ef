"""What the rows of a tidy table are called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from toolkit.language import say

__all__ = ["group_labels", "row_labels"]


def group_labels(rows: pd.DataFrame, groups: Sequence[str]) -> pd.Series[Any]:
    """Return the values of the group columns in one text, regions by name where there are names.

    Examples
    --------
    >>> rows = pd.DataFrame(
    ...     {"region": ["430000", None], "year": [2023, 2023], "region_name": ["Hunan", None]}
    ... )
    >>> group_labels(rows, ["region", "year"]).tolist()
    ['Hunan, 2023', '2023']
    """
    named = "region_name" in rows
    names = ["region_name" if named and name == "region" else name for name in groups]
    texts = [
        say(", ").join(say(str(value)) for value in row if pd.notna(value))
        for row in rows[names].astype(object).itertuples(index=False)
    ]
    return pd.Series(texts, index=rows.index, dtype=object)


def row_labels(terms: pd.DataFrame, groups: Sequence[str]) -> list[str]:
    """Return what each row is called: its groups, and its term where that tells rows apart.

    Examples
    --------
    >>> terms = pd.DataFrame({"county": ["a", "b", None], "term": ["ratio", "ratio", "total"]})
    >>> row_labels(terms, ["county"])
    ['a', 'b', 'total']
    """
    grouped = group_labels(terms, groups)
    tells_apart = len(set(terms.loc[grouped != "", "term"])) > 1
    return [
        say(", ").join(part for part in (group, str(term) * (tells_apart or not group)) if part)
        for group, term in zip(grouped, terms["term"], strict=True)
    ]
