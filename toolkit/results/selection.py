"""Which columns of a result a reader is shown, and what stands over them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import pandas as pd

from toolkit.errors import ColumnError, OptionError, did_you_mean
from toolkit.language import say, spoken
from toolkit.results.numbers import format_cell
from toolkit.results.tables import said_table

__all__ = [
    "Columns",
    "capital_heads",
    "check_columns",
    "fact_name",
    "formatted",
    "named_table",
    "paper_table",
    "worded_table",
]

Columns = Literal["main", "all"] | Sequence[str]
"""Those that one reads, all that there are, or some by name in the order wanted."""

WORDS = {
    "std_error": "standard error",
    "p_value": "p",
    "conf_low": "interval from",
    "conf_high": "interval to",
}
"""English heads of columns that their names without underscores do not say well."""

NOUNS = {"units": "number of units", "region_name": "region"}
"""Names that mean something else where they stand in a sentence."""

FACTS = {"exits": "treatment of exits"}
"""Names of facts that mean something else where they stand over a column."""


def check_columns(columns: Columns, there: Sequence[str]) -> None:
    """Refuse a word that chooses no columns, and a column that is not there.

    Raises
    ------
    OptionError
        If `columns` is a word other than ``"main"`` and ``"all"``.
    ColumnError
        If a column is not in the table.
    """
    words = get_args(get_args(Columns)[0])
    if isinstance(columns, str):
        if columns not in words:
            raise OptionError(
                f"columns is {' or '.join(map(repr, words))}, or names of columns; got {columns!r}."
            )
        return
    for name in columns:
        if name not in there:
            raise ColumnError(
                f"columns names {name!r}, which tidy() does not have.{did_you_mean(name, there)} "
                f"It has: {', '.join(there)}."
            )


def formatted(table: pd.DataFrame) -> pd.DataFrame:
    """Return every cell as text, without the columns that hold nothing at all.

    Examples
    --------
    >>> formatted(pd.DataFrame({"term": ["ratio"], "estimate": [4.0], "p_value": [None]}))
        term estimate
    0  ratio    4.000
    """
    kept = [
        name
        for name in table.columns
        if name in ("term", "estimate") or not table[name].isna().all()
    ]
    return pd.DataFrame({name: [format_cell(value) for value in table[name]] for name in kept})


def worded_table(shown: pd.DataFrame) -> pd.DataFrame:
    """Return a table of text in the language spoken, with words over its columns.

    Examples
    --------
    >>> worded_table(pd.DataFrame({"std_error": ["0.2"], "mean_ratio": ["4"]})).columns.tolist()
    ['standard error', 'mean ratio']
    """
    return said_table(shown).set_axis([_head(str(name)) for name in shown.columns], axis=1)


def named_table(shown: pd.DataFrame) -> pd.DataFrame:
    """Return a table of text in the language spoken; in English its columns keep their names."""
    return shown if spoken() == "en" else worded_table(shown)


def fact_name(name: str) -> str:
    """Return what a fact is called in the language spoken; in English it keeps its name."""
    return name if spoken() == "en" else say(FACTS.get(name, name))


def paper_table(shown: pd.DataFrame, *, conf_level: float) -> pd.DataFrame:
    """Return a table of text as papers print it: the interval in one column, capitals over all.

    Examples
    --------
    >>> frame = pd.DataFrame({"estimate": ["4"], "conf_low": ["3"], "conf_high": ["5"]})
    >>> paper_table(frame, conf_level=0.95)
      Estimate 95% interval
    0        4       [3, 5]
    """
    table = shown.copy()
    if {"estimate", "conf_low", "conf_high"} <= set(table):
        whole = [
            f"[{low}, {high}]" if low or high else ""
            for low, high in zip(table["conf_low"], table["conf_high"], strict=True)
        ]
        level = say("{level:g}% interval", level=100 * conf_level)
        table.insert(list(table).index("conf_low"), level, whole)
        table = table.drop(columns=["conf_low", "conf_high"])
    return capital_heads(worded_table(table))


def capital_heads(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with a capital letter at the beginning of each head."""
    return table.rename(columns=lambda head: head[:1].upper() + head[1:])


def _head(name: str) -> str:
    noun = NOUNS.get(name, name)
    return WORDS.get(noun, noun.replace("_", " ")) if spoken() == "en" else say(noun)
