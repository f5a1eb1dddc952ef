"""Rows that repeat a key: the same content once more, or another content under the same key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from toolkit.clean.rows.engines import ROW, Engine
from toolkit.clean.rows.findings import FOUND

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["repeated_rows"]

_PRINT, _FIRST, _LOW, _HIGH, _COUNT = "_print", "_first", "_low", "_high", "_count"


def repeated_rows(
    table: nw.LazyFrame[Any],
    engine: Engine,
    *,
    key: Sequence[str],
    content: Sequence[str],
    duplicate: int,
    conflict: int,
    there: Mapping[str, nw.Expr] | None = None,
) -> nw.LazyFrame[Any]:
    """Find the rows that repeat a key.

    Of rows with the same key and the same content, the first stays and the others are duplicates;
    rows with the same key and different contents are all in conflict. A fingerprint of 64 bits
    narrows ten million rows to the few that may repeat one another; these are compared in full.

    Parameters
    ----------
    table : LazyFrame
        Rows that no rule has rejected.
    engine : Engine
        Where they are.
    key, content : sequence of str
        Columns that make a row unique, and those that have to agree.
    duplicate, conflict : int
        The bits to enter.
    there : mapping, optional
        Columns that have to agree where they are there, which the rows say.

    Returns
    -------
    LazyFrame
        ``_row`` and ``_found`` of the repeating rows alone.
    """
    import narwhals as nw

    marked = engine.fingerprint(table, key, name=_PRINT)
    twice = (
        marked.group_by(_PRINT)
        .agg(nw.len().alias(_COUNT))
        .filter(nw.col(_COUNT) > 1)
        .select(_PRINT)
    )
    few = engine.keep(marked.join(engine.keep(twice), on=_PRINT, how="semi"))
    differ = nw.col(_LOW) != nw.col(_HIGH)
    for at, (name, has) in enumerate((there or {}).items()):
        said, low, high = f"_said_{at}", f"_said_low_{at}", f"_said_high_{at}"
        text = nw.when(has).then(nw.col(name).cast(nw.String).fill_null(""))
        few = few.with_columns(text.alias(said)).with_columns(
            nw.col(said).min().over(*key).alias(low), nw.col(said).max().over(*key).alias(high)
        )
        differ = differ | (nw.col(low) != nw.col(high)).fill_null(value=False)
    told = (
        few.with_columns(nw.col(ROW).min().over(*key, *content).alias(_FIRST))
        .with_columns(
            nw.col(_FIRST).min().over(*key).alias(_LOW),
            nw.col(_FIRST).max().over(*key).alias(_HIGH),
        )
        .with_columns(
            nw.when(differ)
            .then(nw.lit(conflict))
            .otherwise(
                nw.when(nw.col(ROW) != nw.col(_FIRST)).then(nw.lit(duplicate)).otherwise(nw.lit(0))
            )
            .cast(nw.Int64)
            .alias(FOUND)
        )
    )
    return told.filter(nw.col(FOUND) > 0).select(ROW, FOUND)
