"""Registers of milestones, of any size and in any engine, to spells in months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from toolkit.clean.headings import MILESTONE_ROLES
from toolkit.clean.rows.conclude import conclude, with_later
from toolkit.clean.rows.delimited import CELLS
from toolkit.clean.rows.dictionary import join_readings
from toolkit.clean.rows.engines import ROW
from toolkit.clean.rows.findings import FOUND, Rulebook
from toolkit.clean.rows.gathered import Gathered, gather
from toolkit.clean.rows.intake import Intake
from toolkit.clean.rows.months import months_between
from toolkit.clean.rows.options import as_day, as_key
from toolkit.clean.rows.readers import advise, day_reader, found_in, region_reader
from toolkit.clean.rows.repeats import repeated_rows
from toolkit.clean.rows.rules import MILESTONE_RULES
from toolkit.errors import OptionError
from toolkit.schema import MILESTONES
from toolkit.tables import column_names

if TYPE_CHECKING:
    import narwhals as nw

    from toolkit.clean.audit import Cleaned
    from toolkit.clean.periods.options import AskedOrder
    from toolkit.clean.regions.divisions import Level

__all__ = ["clean_milestones"]

BOOK = Rulebook(MILESTONE_RULES)
DAYS = ("start", "production", "exit", "entered", "observed_until")


def clean_milestones(
    data: Any,
    *,
    columns: Mapping[str, str | None] | None = None,
    observed_until: str | date | None,
    key: Sequence[str] | None = None,
    level: Level = "province",
    date_order: AskedOrder = "as_shown",
    sheet: str | None = None,
    heading_rows: int | tuple[int, ...] | None = None,
) -> Cleaned:
    """Turn a register of milestones, as text, into spells, and account for every row.

    A spell runs from ``start`` to production, to exit or, if neither was seen, to the last day of
    observation. It is known from its ``entry`` on: 0 unless the source says when a unit came into
    the register (登记日期, registered), which then is the months from start until then.

    Parameters
    ----------
    data : frame, path or list of paths
        As in :func:`clean_ledger`; several files, or a folder, are one register.
    columns : mapping, optional
        As in :func:`clean_ledger`; ``"entered"`` is the day of coming into the register.
    observed_until : date or str or None
        Last day of observation of every unit; None takes it from the column of that name, which
        then has to be there. Where both are given, the earlier one of a row counts.
    key : sequence of str, optional
        Columns that make a row unique; ``unit_id`` if None. Of rows with the same key and content
        the first stays; other contents under one key are all rejected.
    level, date_order, sheet, heading_rows
        As in :func:`clean_ledger`.

    Returns
    -------
    Cleaned
        ``table``: ``unit_id region sector start production exit observed_until entry duration
        outcome``, the other columns as they stood, ``flags``, and of a path ``file sheet row``.
        ``entry`` and ``duration`` are months since ``start``; ``outcome`` is production, exit or
        censored, as the survival models read it. ``rejected`` and ``audit`` as in
        :func:`clean_ledger`.

    Raises
    ------
    ColumnError, DataError
        As in :func:`clean_ledger`.
    OptionError
        If an option cannot be meant, or the end of observation is given nowhere.

    Notes
    -----
    Months are calendar months and a share of the next: whole months end on the day of the month
    that the start was, or on the last day of a shorter month, and the days after are divided by
    the length of the month that they lie in.

    A milestone known to its month, quarter or year alone is put on the middle day of it, and
    flagged. Where that day is impossible and another of the period is not, the last possible one
    is taken: a unit that started on 20 March and was in production in the first quarter was so by
    the 31st.

    Examples
    --------
    >>> import pandas as pd
    >>> cleaned = clean_milestones(pd.DataFrame({
    ...     "项目编号": ["U1", "U2", "U3"], "地区": ["湖南", "430000", "Hunan"],
    ...     "行业": ["battery"] * 3, "立项日期": ["2023-01-31", "2023-05-01", "2023-05-01"],
    ...     "投产日期": ["2024-02-29", "", "2022-05-01"], "退出日期": ["", "", ""],
    ... }), observed_until="2024-12-31")
    >>> cleaned.table[["unit_id", "entry", "duration", "outcome"]].values.tolist()
    [['U1', 0.0, 13.0, 'production'], ['U2', 0.0, 19.967741935483872, 'censored']]
    >>> cleaned.rejected["reasons"].tolist()
    ['production_before_start']
    """
    until = as_day("observed_until", observed_until)
    gathered = gather(
        data,
        MILESTONE_ROLES,
        title="milestones",
        columns=columns,
        reserved=MILESTONES.names,
        sheet=sheet,
        heading_rows=heading_rows,
    )
    lacking = [part for part in gathered.parts if "observed_until" not in part.found]
    if until is None and lacking:
        where = f"{lacking[0].file}: " if len(gathered.parts) > 1 else ""
        raise OptionError(
            f"{where}observed_until is the last day of observation, without which no spell can be "
            "censored; none was given, and no column says it. Give a day such as '2024-12-31'."
        )
    unique = as_key(key, ("unit_id",), MILESTONES.names)
    judged = [
        _judged(part, until=until, level=level, date_order=date_order) for part in gathered.parts
    ]
    advice = advise(level=level, date_order=date_order)
    return conclude(
        _with_repeats(gathered.joined(judged), gathered, unique),
        gathered,
        BOOK,
        columns=MILESTONES.names,
        key=unique,
        advice=[advice] * len(gathered.parts),
    )


def _judged(
    intake: Intake, *, until: date | None, level: Level, date_order: AskedOrder
) -> nw.LazyFrame[Any]:
    """Return the rows of one source in the columns of the clean table, with their findings."""
    readers = {
        "region": region_reader("region", BOOK, level=level),
        **{name: day_reader(name, BOOK, date_order=date_order) for name in _dated(intake)},
    }
    table = intake.texts
    for column, reader in readers.items():
        codes = intake.numbered(column)
        table = join_readings(table, intake.texts, column, reader, intake.engine, codes=codes)
    table = _with_spells(table, intake, until)
    return intake.engine.keep(
        table.select(
            ROW,
            *_values(),
            *intake.carried,
            *intake.extras.values(),
            _findings(table, intake).alias(FOUND),
        )
    )


def _with_repeats(
    judged: nw.LazyFrame[Any], gathered: Gathered, key: Sequence[str]
) -> nw.LazyFrame[Any]:
    """Add what only shows among other rows: repeated keys."""
    import narwhals as nw

    others = gathered.extras
    shared = [name for name in others if gathered.everywhere(name)]
    repeated = repeated_rows(
        judged.filter(nw.col(FOUND) < BOOK.from_("duplicate")),
        gathered.engine,
        key=key,
        content=[name for name in (*MILESTONES.names, *shared) if name not in key],
        duplicate=BOOK.bit("repeated_row"),
        conflict=BOOK.bit("conflicting_rows"),
        there=gathered.there(others),
    )
    return with_later(judged, gathered.engine, [repeated])


def _dated(intake: Intake) -> list[str]:
    return [name for name in DAYS if name in intake.found]


def _with_spells(table: nw.LazyFrame[Any], intake: Intake, until: date | None) -> nw.LazyFrame[Any]:
    """Add the day of each milestone, and the end of the spell."""
    import narwhals as nw

    never = nw.lit(None, nw.Date)
    absent = [name for name in DAYS if name not in _dated(intake)]
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


def _values() -> list[nw.Expr]:
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


def _findings(table: nw.LazyFrame[Any], intake: Intake) -> nw.Expr:
    """Return every finding of a row by itself."""
    import narwhals as nw

    start, until = nw.col("_start"), nw.col("_until")
    production, left = nw.col("_production"), nw.col("_exit")
    late = (start > until) | (production > until) | (left > until)
    found = (
        BOOK.when("missing_unit_id", nw.col("unit_id") == "")
        + BOOK.when("no_end", until.is_null())
        + BOOK.when("date_after_observed_until", late)
        + BOOK.when("production_before_start", production < start)
        + BOOK.when("exit_before_start", left < start)
        + BOOK.when("exit_before_production", (left < production) & (left >= start))
        + BOOK.when("production_and_exit", left >= production)
        + BOOK.when("entered_after_end", nw.col("_entered") > nw.col("_end"))
    )
    if "sector" in intake.found:
        found = found + BOOK.when("missing_sector", nw.col("sector") == "")
    for name in ("region", *_dated(intake)):
        if name in intake.found:
            found = found + nw.col(found_in(name))
    again = intake.says("start", intake.found["start"])
    again = again & intake.says("unit_id", intake.found["unit_id"])
    found = nw.when(again).then(nw.lit(BOOK.bit("repeated_heading"))).otherwise(found)
    if CELLS in column_names(table):
        shifted = ~nw.col(CELLS).is_null()
        found = nw.when(shifted).then(nw.lit(BOOK.bit("wrong_number_of_cells"))).otherwise(found)
    return found.cast(nw.Int64)
