"""Days of milestones to spells: where each ends, how long it is, and what is found of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from toolkit.clean.rows.delimited import CELLS
from toolkit.clean.rows.findings import Rulebook
from toolkit.clean.rows.intake import Intake
from toolkit.clean.rows.months import months_between
from toolkit.clean.rows.readers import found_in
from toolkit.clean.rows.rules import MILESTONE_RULES
from toolkit.tables import column_names

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["BOOK", "dated", "spell_findings", "spell_values", "with_spells"]

BOOK = Rulebook(MILESTONE_RULES)
DAYS = ("start", "production", "exit", "entered", "observed_until")


def dated(intake: Intake) -> list[str]:
    """Return the milestones that a source has a column of."""
    return [name for name in DAYS if name in intake.found]


def with_spells(table: nw.LazyFrame[Any], intake: Intake, until: date | None) -> nw.LazyFrame[Any]:
    """Add the day of each milestone, and the end of the spell.

    What lies after the last day of observation is not known on that day: such a production or
    exit is left out, and the unit is still under way.
    """
    import narwhals as nw

    never = nw.lit(None, nw.Date)
    absent = [name for name in DAYS if name not in dated(intake)]
    sides = ("start", "middle", "end")
    empty = [never.alias(f"{name}_{side}") for name in absent for side in sides]
    table = table.with_columns(*empty) if empty else table
    last = nw.col("observed_until_end")
    if until is not None:
        given = nw.lit(until).cast(nw.Date)
        last = nw.when(last < given).then(last).otherwise(given)
    table = table.with_columns(last.alias("_until"), nw.col("start_middle").alias("_start"))
    table = table.with_columns(
        *(_possible(name).alias(f"_{name}") for name in ("production", "exit", "entered"))
    )
    table = table.with_columns(
        *(_after(name).alias(f"_{name}_after") for name in ("production", "exit"))
    )
    table = table.with_columns(
        *(
            nw.when(nw.col(f"_{name}_after"))
            .then(never)
            .otherwise(nw.col(f"_{name}"))
            .alias(f"_{name}")
            for name in ("production", "exit")
        )
    )
    unfinished = (
        nw.when(nw.col("_exit").is_null()).then(nw.col("_until")).otherwise(nw.col("_exit"))
    )
    made = nw.col("_production")
    late = nw.col("_entered") > nw.col("_start")
    return table.with_columns(
        nw.when(made.is_null()).then(unfinished).otherwise(made).alias("_end"),
        nw.when(late).then(nw.col("_entered")).otherwise(nw.col("_start")).alias("_entry"),
    )


def _possible(name: str) -> nw.Expr:
    """Return the middle of a period, or its last day from the start to the end of observation."""
    import narwhals as nw

    low, middle, high = (nw.col(f"{name}_{side}") for side in ("start", "middle", "end"))
    start, until = nw.col("_start"), nw.col("_until")
    possible = (low <= until) & (high >= start)
    last = nw.when(high > until).then(until).otherwise(high)
    impossible = (middle < start) | (middle > until)
    return nw.when((low < high) & possible & impossible).then(last).otherwise(middle)


def _after(name: str) -> nw.Expr:
    """Return where a unit that had started reached a milestone after the last day observed."""
    import narwhals as nw

    until = nw.col("_until")
    return ((nw.col(f"_{name}") > until) & (nw.col("_start") <= until)).fill_null(value=False)


def spell_values() -> list[nw.Expr]:
    """Return the clean columns."""
    import narwhals as nw

    outcome = (
        nw.when(~nw.col("_production").is_null())
        .then(nw.lit("production"))
        .otherwise(
            nw.when(~nw.col("_exit").is_null()).then(nw.lit("exit")).otherwise(nw.lit("censored"))
        )
    )
    return [
        nw.when(nw.col("unit_id") != "").then(nw.col("unit_id")).alias("unit_id"),
        nw.col("region_read").alias("region"),
        nw.when(nw.col("sector") != "").then(nw.col("sector")).alias("sector"),
        nw.col("_start").alias("start"),
        nw.col("_production").alias("production"),
        nw.col("_exit").alias("exit"),
        nw.col("_until").alias("observed_until"),
        months_between("_start", "_entry").alias("entry"),
        months_between("_start", "_end").alias("duration"),
        outcome.alias("outcome"),
    ]


def spell_findings(table: nw.LazyFrame[Any], intake: Intake) -> nw.Expr:
    """Return every finding of a row by itself."""
    import narwhals as nw

    start, until = nw.col("_start"), nw.col("_until")
    production, left = nw.col("_production"), nw.col("_exit")
    found = (
        BOOK.when("missing_unit_id", nw.col("unit_id") == "")
        + BOOK.when("no_end", until.is_null())
        + BOOK.when("date_after_observed_until", start > until)
        + BOOK.when("production_after_observed_until", nw.col("_production_after"))
        + BOOK.when("exit_after_observed_until", nw.col("_exit_after"))
        + BOOK.when("production_before_start", production < start)
        + BOOK.when("exit_before_start", left < start)
        + BOOK.when("exit_before_production", (left < production) & (left >= start))
        + BOOK.when("production_and_exit", left >= production)
        + BOOK.when("entered_after_end", nw.col("_entered") > nw.col("_end"))
    )
    if "sector" in intake.found:
        found = found + BOOK.when("missing_sector", nw.col("sector") == "")
    for name in ("region", *dated(intake)):
        if name in intake.found:
            found = found + nw.col(found_in(name))
    again = intake.says("start", intake.found["start"])
    again = again & intake.says("unit_id", intake.found["unit_id"])
    found = nw.when(again).then(nw.lit(BOOK.bit("repeated_heading"))).otherwise(found)
    if CELLS in column_names(table):
        shifted = ~nw.col(CELLS).is_null()
        found = nw.when(shifted).then(nw.lit(BOOK.bit("wrong_number_of_cells"))).otherwise(found)
    return found.cast(nw.Int64)
