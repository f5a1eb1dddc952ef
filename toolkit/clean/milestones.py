"""Registers of milestones, of any size and in any engine, to spells in months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from toolkit.clean.headings import MILESTONE_ROLES
from toolkit.clean.rows.conclude import conclude, with_later
from toolkit.clean.rows.dictionary import join_readings
from toolkit.clean.rows.engines import ROW
from toolkit.clean.rows.findings import FOUND
from toolkit.clean.rows.gathered import Gathered, gather
from toolkit.clean.rows.intake import Intake
from toolkit.clean.rows.options import as_day, as_key
from toolkit.clean.rows.readers import advise, day_reader, region_reader
from toolkit.clean.rows.repeats import repeated_rows
from toolkit.clean.rows.spells import BOOK, dated, spell_findings, spell_values, with_spells
from toolkit.errors import OptionError
from toolkit.schema import MILESTONES

if TYPE_CHECKING:
    import narwhals as nw

    from toolkit.clean.audit import Cleaned
    from toolkit.clean.periods.options import AskedOrder, ExcelDates
    from toolkit.clean.regions.columns import Extra
    from toolkit.clean.regions.divisions import Level

__all__ = ["clean_milestones"]


def clean_milestones(
    data: Any,
    *,
    columns: Mapping[str, str | None] | None = None,
    observed_until: str | date | None,
    key: Sequence[str] | None = None,
    level: Level = "province",
    within: object = None,
    extra: Extra | None = None,
    date_order: AskedOrder = "as_shown",
    century_start: int | None = None,
    excel: ExcelDates = "as_shown",
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
        then has to be there. Where both are given, the earlier one of a row counts. What is dated
        later, also a planned date, is not known on that day: see Notes.
    key : sequence of str, optional
        Columns that make a row unique; ``unit_id`` if None. Of rows with the same key and content
        the first stays; other contents under one key are all rejected.
    level, within, extra, date_order, century_start, excel, sheet, heading_rows
        As in :func:`clean_ledger`.

    Returns
    -------
    Cleaned
        ``table``: ``unit_id region sector start production exit observed_until entry duration
        outcome``, the other columns as they stood, ``flags`` (in pandas ``table["flags"]``), and
        of a path ``file sheet row``.
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

    A unit that had started by its last day of observation, and reached production or left after
    it, was under way on that day: the later date is left out, the spell is censored there, and
    the row is flagged (``production_after_observed_until``, ``exit_after_observed_until``). A
    start after that day is rejected. So a register cut off at an earlier day gives the curve of
    the whole one, as far as it reaches.

    Words such as 未投产, 在建, 否, 0, not yet or ongoing in place of production or exit say that
    there is none so far, and are flagged (``production_not_yet``, ``exit_not_yet``).

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
    places = {"level": level, "within": within, "extra": extra}
    dates = {"date_order": date_order, "century_start": century_start, "excel": excel}
    judged = [_judged(part, until=until, places=places, dates=dates) for part in gathered.parts]
    advice = advise(places=places, dates=dates)
    return conclude(
        _with_repeats(gathered.joined(judged), gathered, unique),
        gathered,
        BOOK,
        columns=MILESTONES.names,
        key=unique,
        advice=[advice] * len(gathered.parts),
    )


def _judged(
    intake: Intake, *, until: date | None, places: Mapping[str, Any], dates: Mapping[str, Any]
) -> nw.LazyFrame[Any]:
    """Return the rows of one source in the columns of the clean table, with their findings."""
    readers = {
        "region": region_reader("region", BOOK, **places),
        **{name: day_reader(name, BOOK, **dates) for name in dated(intake)},
    }
    table = intake.texts
    for column, reader in readers.items():
        codes = intake.numbered(column)
        table = join_readings(table, intake.texts, column, reader, intake.engine, codes=codes)
    table = with_spells(table, intake, until)
    return intake.engine.keep(
        table.select(
            ROW,
            *spell_values(),
            *intake.carried,
            *intake.extras.values(),
            spell_findings(table, intake).alias(FOUND),
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
