"""Each distinct text is read once, and what was read is joined back to its rows.

Rich rules then cost little: a column of ten million amounts has some hundred thousand texts. Where
nearly every text is another, plain numbers are read by expressions in the engine, and only what
they cannot read goes the long way; both give the same numbers, to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import narwhals as nw
    import pyarrow as pa

    from toolkit.clean.rows.codes import Codes
    from toolkit.clean.rows.engines import Engine

__all__ = ["Reader", "is_plain", "join_readings", "mostly_distinct", "with_plain_amounts"]

Reader = Callable[[Sequence[str]], "pa.Table"]
"""Texts to one row each, in their order, in columns of its own."""

SAMPLE = 200_000
MOSTLY = 0.9
PLAIN = r"^[0-9]{1,12}(\.[0-9]{1,3})?(元|万元|亿元)?$"
BARE = r"^[0-9]{1,12}(\.[0-9]{1,3})?$"


def join_readings(
    table: nw.LazyFrame[Any],
    source: nw.LazyFrame[Any],
    column: str,
    reader: Reader,
    engine: Engine,
    *,
    codes: Codes | None = None,
    where: nw.Expr | None = None,
    batch: int | None = None,
) -> nw.LazyFrame[Any]:
    """Read each distinct text of a column and join the readings to the rows.

    Parameters
    ----------
    table : LazyFrame
        Rows that the readings are joined to, with texts without missing values in `column`.
    source : LazyFrame
        The same texts, before anything was joined to them: these are read.
    column : str
        The column to read.
    reader : callable
        Reads a list of texts into an Arrow table.
    engine : Engine
        Where both are.
    codes : Codes, optional
        The texts, where the cells of `column` are their numbers.
    where : Expr, optional
        Which texts of `source` to read; the others get missing values.
    batch : int, optional
        Texts read at a time, where each is read by itself; None reads the column as one.
    """
    if codes is not None:
        read = engine.send(_of_numbers(codes, column, reader, batch))
        return table.join(read, on=column, how="left")
    chosen = source if where is None else source.filter(where)
    distinct = chosen.select(column).unique()
    read = engine.send(_readings(distinct, column, reader, engine, batch))
    return table.join(read, on=column, how="left")


def _readings(
    distinct: nw.LazyFrame[Any], column: str, reader: Reader, engine: Engine, batch: int | None
) -> Iterator[pa.Table]:
    import pyarrow as pa

    for texts in engine.batches(distinct, column, batch):
        yield reader(texts).append_column(column, pa.array(texts, pa.string()))


def _of_numbers(codes: Codes, column: str, reader: Reader, batch: int | None) -> Iterator[pa.Table]:
    import pyarrow as pa

    step = batch or max(len(codes.texts), 1)
    for start in range(0, max(len(codes.texts), 1), step):
        texts = codes.texts.slice(start, step).to_pylist()
        numbers = pa.array(range(start, start + len(texts)), pa.int32())
        yield reader(texts).append_column(column, numbers)


def mostly_distinct(table: nw.LazyFrame[Any], column: str) -> bool:
    """Tell whether nearly every text of a long column is another, by its first rows."""
    import narwhals as nw

    head = table.select(column).head(SAMPLE)
    counts = head.select(nw.len().alias("rows"), nw.col(column).n_unique().alias("texts"))
    rows, texts = counts.collect("pyarrow").rows()[0]
    return bool(rows >= SAMPLE and texts > MOSTLY * rows)


def with_plain_amounts(
    table: nw.LazyFrame[Any], column: str, *, power: int = 0
) -> nw.LazyFrame[Any]:
    """Add whether a text is a plain amount, its yuan, and whether it is scaled.

    A plain amount is up to twelve digits, at most three decimals and 元, 万元, 亿元 or nothing;
    under a heading with a unit, whose `power` of ten is given, only a bare number is. Its digits
    are a whole number below 2^53, multiplied or divided by a power of ten with one rounding, as
    the reader of single texts does it.

    Returns
    -------
    LazyFrame
        The table with ``_plain``, ``_yuan`` and ``_scaled``.
    """
    import narwhals as nw

    text, number, shift = nw.col(column), nw.col("_number"), nw.col("_shift")
    plain = is_plain(column, power=power)
    digits_only = text.str.replace_all(r"[^0-9.]", "")
    table = table.with_columns(
        plain.alias("_plain"),
        nw.when(plain).then(digits_only).otherwise(nw.lit("0")).alias("_number"),
        nw.when(text.str.ends_with("亿元"))
        .then(nw.lit(8))
        .otherwise(nw.when(text.str.ends_with("万元")).then(nw.lit(4)).otherwise(nw.lit(power)))
        .cast(nw.Int64)
        .alias("_unit"),
    )
    length = number.str.len_chars().cast(nw.Int64)
    whole = number.str.replace_all(r"\..*$", "").str.len_chars().cast(nw.Int64)
    after = length - whole - 1
    table = table.with_columns(
        (nw.col("_unit") - nw.when(after > 0).then(after).otherwise(nw.lit(0))).alias("_shift"),
        number.str.replace_all(".", "", literal=True)
        .cast(nw.Int64)
        .cast(nw.Float64)
        .alias("_digits"),
        (nw.col("_unit") > 0).alias("_scaled"),
    )
    ten = nw.lit(1.0)
    for places in range(1, max(9, power + 1)):
        far = (shift == places) | (shift == -places) if places <= 3 else shift == places
        ten = nw.when(far).then(nw.lit(float(10**places))).otherwise(ten)
    # A divisor in a column is divided by; Polars multiplies by the inverse of a literal one.
    table = table.with_columns(ten.alias("_ten"))
    digits = nw.col("_digits")
    value = nw.when(shift < 0).then(digits / nw.col("_ten")).otherwise(digits * nw.col("_ten"))
    return table.with_columns(value.alias("_yuan"))


def is_plain(column: str, *, power: int = 0) -> nw.Expr:
    """Return which texts are plain amounts."""
    import narwhals as nw

    return nw.col(column).str.contains(BARE if power else PLAIN)
