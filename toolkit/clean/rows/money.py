"""Money of a ledger to yuan: each text once, or by expressions, or by the rate of the day."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.clean.amounts import heading_unit, read_amounts, read_unit
from toolkit.clean.amounts.rates import exchange_rates
from toolkit.clean.rows.dictionary import (
    is_plain,
    join_readings,
    mostly_distinct,
    with_plain_amounts,
)
from toolkit.clean.rows.findings import Rulebook
from toolkit.clean.rows.intake import Intake
from toolkit.clean.rows.readers import amount_reader, found_in
from toolkit.clean.sources.grids import unit_line

if TYPE_CHECKING:
    import narwhals as nw

    from toolkit.clean.amounts.rates import Rates

__all__ = ["unit_of_amounts", "with_amounts"]

TEXTS_AT_ONCE = 200_000


def with_amounts(
    table: nw.LazyFrame[Any],
    intake: Intake,
    book: Rulebook,
    *,
    unit: str | None,
    rates: Rates | None,
) -> nw.LazyFrame[Any]:
    """Add ``amount_cny_read`` in yuan and its findings, by texts or by expressions.

    Parameters
    ----------
    table : LazyFrame
        Rows with the texts in ``amount_cny``, and the day of each in ``date_start``.
    intake : Intake
        Where the texts came from.
    book : Rulebook
        Has the bits of the findings.
    unit : str, optional
        The unit in the heading.
    rates : mapping or frame, optional
        CNY for one unit of each currency, or by date.
    """
    import narwhals as nw

    exchange = exchange_rates(rates)
    fixed = None if exchange.dated or rates is None else dict(rates)  # type: ignore[arg-type]
    reader = amount_reader("amount_cny", book, unit=unit, rates=fixed)
    money = read_unit(unit) if unit else None
    power = money.power if money else 0
    found, texts = found_in("amount_cny"), intake.texts
    yuan = money is None or money.currency in (None, "CNY")
    codes = intake.numbered("amount_cny")
    if codes is not None or not (yuan and mostly_distinct(texts, "amount_cny")):
        table = join_readings(
            table, texts, "amount_cny", reader, intake.engine, codes=codes, batch=TEXTS_AT_ONCE
        )
    else:
        odd = ~is_plain("amount_cny", power=power)
        table = with_plain_amounts(table, "amount_cny", power=power)
        table = join_readings(
            table, texts, "amount_cny", reader, intake.engine, where=odd, batch=TEXTS_AT_ONCE
        ).with_columns(
            nw.when(nw.col("_plain"))
            .then(nw.col("_yuan"))
            .otherwise(nw.col("amount_cny_read"))
            .alias("amount_cny_read"),
            nw.when(nw.col("_plain"))
            .then(
                book.when("amount_scaled", nw.col("_scaled"))
                + book.when("zero_amount", nw.col("_yuan") == 0)
            )
            .otherwise(nw.col(found))
            .alias(found),
        )
    if exchange.dated:
        table = _by_dated_rates(table, intake, book, unit, rates)
    return table


def _by_dated_rates(
    table: nw.LazyFrame[Any],
    intake: Intake,
    book: Rulebook,
    unit: str | None,
    rates: Rates | None,
) -> nw.LazyFrame[Any]:
    """Convert money in other currencies by the rate of its day, each text and day once."""
    import narwhals as nw
    import pyarrow as pa

    found, lacking = found_in("amount_cny"), book.bit("no_rate")
    foreign = (nw.col(found) >= lacking) & (nw.col(found) < 2 * lacking)
    days = nw.col("date_start")
    pairs = table.filter(foreign & ~days.is_null()).select("amount_cny", "date_start").unique()
    frame = pairs.collect("pyarrow").to_pandas()
    when = pd.to_datetime(frame["date_start"])
    codes, cells = intake.numbered("amount_cny"), frame["amount_cny"]
    texts = cells if codes is None else pd.Series(codes.take(cells.tolist()), dtype="str")
    values = read_amounts(texts, unit=unit, rates=rates, dates=when)["value"]
    sent = pa.table(
        {
            "amount_cny": pa.array(cells, pa.string() if codes is None else pa.int32()),
            "date_start": pa.array(when.to_numpy().astype("datetime64[D]"), pa.date32()),
            "_converted": pa.array(values.to_numpy(), pa.float64(), from_pandas=True),
        }
    )
    joined = table.join(intake.engine.send([sent]), on=["amount_cny", "date_start"], how="left")
    has = ~nw.col("_converted").is_null()
    below = book.when("negative_amount", nw.col("_converted") < 0)
    return joined.with_columns(
        nw.when(has)
        .then(nw.col("_converted"))
        .otherwise(nw.col("amount_cny_read"))
        .alias("amount_cny_read"),
        nw.when(has)
        .then(nw.col(found) - lacking + book.bit("currency_converted") + below)
        .otherwise(nw.col(found))
        .alias(found),
    )


def unit_of_amounts(intake: Intake) -> str | None:
    """Return the unit in the heading of the amounts, or in a line above or below the table."""
    heading = intake.found["amount_cny"]
    parts = {heading, *heading.split("/")}
    about_all = [text for _, text in intake.lines if parts.isdisjoint(_cells(text))]
    named = [words for text in about_all if read_unit(words := unit_line(text))]
    return heading_unit(heading) or next(iter(named), None)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"[,\t;|]", line)]
