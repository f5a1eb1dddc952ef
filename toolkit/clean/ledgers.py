"""Ledgers of loans, of any size and in any engine, to typed rows in yuan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from toolkit.clean.headings import LEDGER_ROLES, naming
from toolkit.clean.rows.conclude import conclude, with_later
from toolkit.clean.rows.delimited import CELLS
from toolkit.clean.rows.dictionary import join_readings
from toolkit.clean.rows.engines import ROW
from toolkit.clean.rows.findings import FOUND, Rulebook
from toolkit.clean.rows.gathered import Gathered, gather
from toolkit.clean.rows.intake import Intake
from toolkit.clean.rows.magnitudes import slips
from toolkit.clean.rows.money import unit_of_amounts, with_amounts
from toolkit.clean.rows.options import as_day, as_key
from toolkit.clean.rows.readers import (
    advise,
    day_reader,
    found_in,
    region_reader,
    tier_reader,
    tier_words,
)
from toolkit.clean.rows.repeats import repeated_rows
from toolkit.clean.rows.rules import LEDGER_RULES
from toolkit.errors import ColumnError
from toolkit.schema import LEDGER
from toolkit.tables import column_names

if TYPE_CHECKING:
    import narwhals as nw

    from toolkit.clean.amounts.rates import Rates
    from toolkit.clean.audit import Cleaned
    from toolkit.clean.periods.options import AskedOrder, ExcelDates
    from toolkit.clean.regions.columns import Extra
    from toolkit.clean.regions.divisions import Level
    from toolkit.clean.rows.dictionary import Reader

__all__ = ["clean_ledger"]

BOOK = Rulebook(LEDGER_RULES)


def clean_ledger(
    data: Any,
    *,
    columns: Mapping[str, str | None] | None = None,
    rates: Rates | None = None,
    observed_until: str | date | None = None,
    key: Sequence[str] | None = None,
    tiers: Mapping[str, str] | None = None,
    level: Level = "province",
    within: object = None,
    extra: Extra | None = None,
    date_order: AskedOrder = "as_shown",
    century_start: int | None = None,
    excel: ExcelDates = "as_shown",
    sheet: str | None = None,
    heading_rows: int | tuple[int, ...] | None = None,
) -> Cleaned:
    """Turn a ledger of loans, as text, into typed rows in yuan, and account for every row.

    A row passes, is a duplicate, or is rejected with every reason. The rules run where the data
    is; a file is opened by DuckDB and spills to disk, so that memory stays flat.

    Parameters
    ----------
    data : frame, path or list of paths
        A pandas, Polars, Arrow, DuckDB or Spark frame; or a path; or several paths, or a folder,
        whose files are one ledger: see Notes. CSV and TSV (also ``.gz``; UTF-8
        or GB18030; titles above the headings and notes below are found), JSON lines and Parquet
        are streamed. Workbooks (merged headings, several sheets), Stata files, lists in JSON, and
        the exports of CSMAR (with its ``[DES]`` file), Wind and CEIC are taken apart in memory.
        A frame with columns ``file``, ``sheet`` and ``row`` keeps them as the place of each row.
    columns : mapping, optional
        Headings by column of the clean table, such as ``{"amount_cny": "实放"}``, where the words
        known do not find them; None says that the source has no such column. Of several files
        also by the name of each: ``{"2021.csv": {"amount_cny": "实放"}}``; so `sheet` and
        `heading_rows`.
    rates : mapping, frame or path, optional
        CNY for one unit of each currency, or by date: see :func:`toolkit.parse_amounts`. Money
        without a rate is rejected.
    observed_until : date or str, optional
        Last day that the ledger covers; a later date is impossible.
    key : sequence of str, optional
        Columns of the clean table that make a row unique. Of rows with the same key and the same
        content, the first stays; those with the same key and other contents are all rejected.
        Default: ``funder_id, loan_id`` where the source has numbers of loans or contracts; else
        ``firm_id, funder_id, date``. Two loans of one lender to one firm on one day are then in
        conflict, since nothing tells them from a correction; if your source has such, add
        ``"amount_cny"``, and only exact repetitions count.
    tiers : mapping, optional
        Further words for kinds of lenders: ``{"典当行": "pawnshop"}``.
    level : {"province", "prefecture", "county", "any"}
        Level of the codes of regions.
    within, extra
        The region that all places lie in, and names of your own with their codes: see
        :func:`toolkit.parse_regions`.
    date_order, century_start, excel
        How 05/03/2020, 05/03/20 and 45000 are read: see :func:`toolkit.parse_periods`.
    sheet : str, optional
        The sheet of a workbook; else every one that has at least two of the columns.
    heading_rows : int or tuple of int, optional
        Numbers of the heading rows, counted from 1 as the file shows them, where they are not
        found rightly. The file is then held in memory.

    Returns
    -------
    Cleaned
        ``table``: ``firm_id funder_id tier region sector date amount_cny`` (tier micro, bank,
        guarantor, leasing, fund, government or a word of yours; region a code of GB/T 2260; CNY,
        nominal), ``loan_id`` if found, the other columns as they stood, ``flags`` (doubts that
        rejected nothing, parted by ``"; "``; in pandas ``table["flags"]``, since ``table.flags`` is
        an attribute of every frame), and of a path ``file sheet row``. ``rejected``: the
        rows as they stood, with ``reasons``. Both are of the caller's kind; a path gives
        relations of DuckDB. ``audit``: exact counts by rule, with examples.

    Raises
    ------
    ColumnError
        If a column is not found, or several may be meant.
    DataError
        If a file is damaged, empty, in two encodings, or no table.
    OptionError
        If an option cannot be meant.

    Notes
    -----
    An amount is flagged as ``ten_thousandfold`` where its log10 lies 3.5 or more from the median of
    its sector and tier (its tier, or all, where these have fewer than 20 amounts): a likely slip
    between 元 and 万元. Keys are compared among rows that no other rule rejects, after reading, so
    that 1,600万元 and 16,000,000 are the same content.

    References
    ----------
    GB/T 2260, Codes for the administrative divisions of the People's Republic of China.

    Examples
    --------
    >>> import pandas as pd
    >>> cleaned = clean_ledger(pd.DataFrame({
    ...     "企业编号": ["F1", "F1", "F2"], "资金方编号": ["M1", "M1", "B1"],
    ...     "机构类型": ["小额贷款公司", "micro", "银行"], "地区": ["湖南", "430000", "湖喃"],
    ...     "行业": ["battery", "battery", "retail"],
    ...     "放款日期": ["2024年3月5日", "2024-03-05", "2024/5/1"],
    ...     "放款金额": ["1,600万元", "16000000", "500万"],
    ... }))
    >>> print(cleaned.audit.balance())
    3 rows in = 1 passed + 1 duplicates + 1 rejected
    >>> cleaned.table[["tier", "region", "amount_cny"]].values.tolist()
    [['micro', '430000', 16000000.0]]
    >>> cleaned.rejected["reasons"].tolist()
    ['unknown_region']
    """
    until = as_day("observed_until", observed_until)
    words = tier_words(tiers)
    gathered = gather(
        data,
        LEDGER_ROLES,
        title="ledger",
        columns=columns,
        reserved=LEDGER.names,
        sheet=sheet,
        heading_rows=heading_rows,
    )
    loans = ["loan_id"] if any("loan_id" in part.found for part in gathered.parts) else []
    names = [*LEDGER.names, *loans]
    unique = as_key(key, _default_key(gathered), [*LEDGER.names, "loan_id"])
    if "loan_id" in unique and not loans:
        raise ColumnError(
            f"{gathered.title}: key names 'loan_id', and no heading was found that means it. "
            f"Name it: {naming({'loan_id': None})}."
        )
    places = {"level": level, "within": within, "extra": extra}
    dates = {"date_order": date_order, "century_start": century_start, "excel": excel}
    units = [unit_of_amounts(part) for part in gathered.parts]
    readers = {
        "tier": tier_reader("tier", BOOK, words),
        "region": region_reader("region", BOOK, **places),
        "date": day_reader("date", BOOK, until=until, **dates),
    }
    judged = [
        _judged(part, readers, key=unique, unit=unit, rates=rates)
        for part, unit in zip(gathered.parts, units, strict=True)
    ]
    return conclude(
        _with_group_findings(gathered.joined(judged), gathered, unique, names),
        gathered,
        BOOK,
        columns=names,
        key=unique,
        advice=[advise(places=places, dates=dates, words=words, unit=unit) for unit in units],
    )


def _judged(
    intake: Intake,
    readers: Mapping[str, Reader],
    *,
    key: Sequence[str],
    unit: str | None,
    rates: Rates | None,
) -> nw.LazyFrame[Any]:
    """Return the rows of one source in the columns of the clean table, with their findings."""
    table = intake.texts
    for column, reader in readers.items():
        codes = intake.numbered(column)
        table = join_readings(table, intake.texts, column, reader, intake.engine, codes=codes)
    table = with_amounts(table, intake, BOOK, unit=unit, rates=rates)
    names = [*LEDGER.names, *(["loan_id"] if "loan_id" in intake.found else [])]
    return intake.engine.keep(
        table.select(
            ROW,
            *_values(names),
            *intake.carried,
            *intake.extras.values(),
            _findings(table, intake, key).alias(FOUND),
        )
    )


def _default_key(gathered: Gathered) -> tuple[str, ...]:
    return (
        ("funder_id", "loan_id")
        if gathered.everywhere("loan_id")
        else ("firm_id", "funder_id", "date")
    )


def _values(names: Sequence[str]) -> list[nw.Expr]:
    """Return the clean columns; a text that is empty is missing."""
    import narwhals as nw

    read = {
        "tier": nw.col("tier_read"),
        "region": nw.col("region_read"),
        "date": nw.col("date_start"),
        "amount_cny": nw.col("amount_cny_read"),
    }
    return [
        (read[name] if name in read else nw.when(nw.col(name) != "").then(nw.col(name))).alias(name)
        for name in names
    ]


def _findings(table: nw.LazyFrame[Any], intake: Intake, key: Sequence[str]) -> nw.Expr:
    """Return every finding of a row by itself: the sum of what each column's texts have."""
    import narwhals as nw

    found = nw.lit(0).cast(nw.Int64)
    for name in ("tier", "region", "date", "amount_cny"):
        if name in intake.found:
            found = found + nw.col(found_in(name))
    for name in ("firm_id", "funder_id", "loan_id"):
        if name in key or (name == "firm_id" and name in intake.found):
            found = found + BOOK.when(f"missing_{name}", nw.col(name) == "")
    if "sector" in intake.found:
        found = found + BOOK.when("missing_sector", nw.col("sector") == "")
    if CELLS in column_names(table):
        shifted = ~nw.col(CELLS).is_null()
        found = nw.when(shifted).then(nw.lit(BOOK.bit("wrong_number_of_cells"))).otherwise(found)
    again = intake.says("amount_cny", intake.found["amount_cny"])
    return nw.when(again).then(nw.lit(BOOK.bit("repeated_heading"))).otherwise(found).cast(nw.Int64)


def _with_group_findings(
    judged: nw.LazyFrame[Any], gathered: Gathered, key: Sequence[str], names: Sequence[str]
) -> nw.LazyFrame[Any]:
    """Add what only shows among other rows: repeated keys, and amounts far off their group."""
    import narwhals as nw

    fit = judged.filter(nw.col(FOUND) < BOOK.from_("duplicate"))
    content = [name for name in (*names, *gathered.extras) if name not in key]
    repeated = repeated_rows(
        fit,
        gathered.engine,
        key=key,
        content=[name for name in content if gathered.everywhere(name)],
        duplicate=BOOK.bit("repeated_row"),
        conflict=BOOK.bit("conflicting_rows"),
        there=gathered.there(content),
    )
    off = slips(fit, gathered.engine, bit=BOOK.bit("ten_thousandfold"))
    return with_later(judged, gathered.engine, [repeated] if off is None else [repeated, off])
