"""Regional accounts and stocks: from files as published to one long table each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from toolkit.clean import checks
from toolkit.clean.audit import Cleaned
from toolkit.clean.observations import Observations
from toolkit.clean.periods import parse_periods
from toolkit.clean.sources import Source, files_in, read_source
from toolkit.errors import OptionError
from toolkit.language import say
from toolkit.schema import ACCOUNTS, LENDERS

__all__ = ["clean_accounts", "clean_lenders"]

YEAR = r"^((?:19|20)\d{2})(?:年度?)?$"
PRELIMINARY = re.compile(r"(\d{4})年为初步")


def clean_accounts(
    data: str | Path | Iterable[str | Path], *, indicators: Mapping[str, str] | None = None
) -> Cleaned:
    r"""Read regional accounts as published into one long table.

    Money comes out in CNY, people in persons, indices (previous year = 100) as fractions. The
    vintage of a series is what the notes of its file say: ``revised`` or ``before_revision`` with
    regard to the last economic census, ``unstated`` where they say nothing. A year marked
    preliminary (``2024年（初步核算数）``, ``2024p``, ``2024*``) or revised (``2023年（修订）``,
    ``2023r``) has that vintage, and is flagged. Two vintages stand beside each other and are never
    mixed. The nation keeps its own code 100000.

    Parameters
    ----------
    data : path, or several
        Files with years in columns (of one indicator, named above, as the National Bureau of
        Statistics exports them; or with a column of indicators) or a row for each year (long, with
        region, year, indicator, value and unit; or with a column for each indicator): CSV in UTF-8
        or GB18030, or workbooks. A folder stands for the CSV files in it.
    indicators : mapping, optional
        Series that :data:`toolkit.schema.INDICATORS` does not have: heading in the files, without
        its unit, to the name that the table is to give it.

    Returns
    -------
    Cleaned
        Table ``region year indicator value unit vintage``, one row per key of these without value
        and unit; the rejected cells with their reasons; the audit of every cell that was altered,
        doubtful or left out, with identities, gaps, jumps and vintages checked.

    Raises
    ------
    DataError
        If a file is missing, empty, in another encoding, or in no known layout.
    OptionError
        If `indicators` does not give names by headings.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> lines = ["指标：地区生产总值(亿元)", "地区,2023年,2022年", "湖南省,50012.9,48670.4"]
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "grp.csv"
    >>> _ = file.write_text("\n".join(lines), encoding="gb18030")
    >>> clean_accounts(file).table[["region", "year", "value", "unit"]]
       region  year         value unit
    0  430000  2022  4.867040e+12  CNY
    1  430000  2023  5.001290e+12  CNY
    """
    own = _own(indicators)
    sources = [read_source(path) for path in files_in(data)]
    reading = Observations(sources, title=say("regional accounts"))
    reading.read_regions()
    reading.read_indicators(own)
    reading.read_values()
    periods = reading.marked_periods()
    years = pd.to_numeric(periods["bare"].str.extract(YEAR)[0])
    reading.reject(
        years.isna(),
        rule="not_a_year",
        column="period",
        meaning="A period, or the heading of a column, that is no calendar year; accounts are "
        "yearly.",
    )
    vintages = {source.file: source.vintage for source in sources}
    kept = reading.kept
    marks = periods["mark"][kept.index]
    table = pd.DataFrame(
        {
            "region": kept["code"],
            "year": years[kept.index].astype("int64"),
            "indicator": kept["name"],
            "value": kept["number"],
            "unit": kept["base_unit"],
            "vintage": marks.where(marks != "", kept["file"].map(vintages)),
            "file": kept["file"],
            "row": kept["row"],
        }
    )
    _flag_preliminary(reading, sources)
    _flag_findings(reading, table)
    return reading.finish(table, ACCOUNTS)


def _own(indicators: Mapping[str, str] | None) -> dict[str, str]:
    own = dict(indicators or {})
    for heading, name in own.items():
        if not (isinstance(heading, str) and isinstance(name, str) and heading and name.strip()):
            raise OptionError(
                "indicators gives a name for each heading, such as {'数字经济增加值': "
                f"'value_added_digital'}}; got {{{heading!r}: {name!r}}}."
            )
    return own


def clean_lenders(data: str | Path | Iterable[str | Path]) -> Cleaned:
    """Read the People's Bank's tables of micro-lenders into one long table of stocks.

    Parameters
    ----------
    data : path, or several
        Files with the date in the title (``2016年四季度末``), regions in rows and indicators with
        their unit in columns; a folder stands for the CSV files in it.

    Returns
    -------
    Cleaned
        Table ``region date indicator value unit``; a province that a table leaves out stays
        missing and is named in the audit.

    Raises
    ------
    DataError
        If a file is missing, empty, in another encoding, or in no known layout.
    """
    sources = [read_source(path) for path in files_in(data)]
    reading = Observations(sources, title="micro-lenders")
    reading.read_regions()
    reading.read_indicators()
    reading.read_values()
    dates = parse_periods(reading.cells["period"])["end"]
    reading.reject(
        dates.isna(),
        rule="not_a_date",
        column="period",
        meaning="No date could be read; it stands in brackets in the title of the table.",
    )
    kept = reading.kept
    table = pd.DataFrame(
        {
            "region": kept["code"],
            "date": dates[kept.index],
            "indicator": kept["name"],
            "value": kept["number"],
            "unit": kept["base_unit"],
            "file": kept["file"],
            "row": kept["row"],
        }
    )
    dated = table.assign(year=table["date"].dt.strftime("%Y-%m-%d"), vintage="unstated")
    reading.flag(
        (found := _absent_provinces(dated)),
        rule="province_absent",
        meaning="Provinces that the table of that date leaves out; they are missing, not zero.",
        column="region",
        before=found["before"],
    )
    reading.flag(
        (found := checks.nation_against_sum(dated)),
        rule="nation_against_sum",
        meaning="The nation's figure differs from the sum of the provinces by more than rounding.",
        column="value",
        before=found["before"],
    )
    return reading.finish(table, LENDERS)


def _flag_preliminary(reading: Observations, sources: list[Source]) -> None:
    for source in sources:
        for year in PRELIMINARY.findall(" ".join(source.notes)):
            cells = reading.kept
            rows = cells[(cells["file"] == source.file) & (cells["period"] == year)]
            reading.flag(
                rows,
                rule="preliminary",
                meaning="The source calls the year's figures preliminary (初步核实数).",
                column="value",
                before=rows["period"] + " " + rows["value"],
            )


def _flag_findings(reading: Observations, table: pd.DataFrame) -> None:
    findings = {
        "gap": (
            checks.gaps(table),
            "A year, or some provinces of a year, without a value inside the span of a series.",
        ),
        "identity_broken": (
            checks.broken_identities(table),
            "The parts do not add up to their total, in any vintage of it.",
        ),
        "parts_of_another_vintage": (
            checks.parts_of_another_vintage(table),
            "The parts belong to one vintage of their total; a share of the other is none.",
        ),
        "nation_against_sum": (
            checks.nation_against_sum(table),
            "The nation's figure differs from the sum of the provinces by more than rounding.",
        ),
        "vintages_differ": (
            checks.vintage_differences(table),
            "One series in two vintages. Choose one; a rate across both is no growth.",
        ),
        "tenfold_jump": (
            checks.jumps(table),
            "Ten times the year before, or a tenth of it: a break, or a slip of a unit.",
        ),
    }
    for rule, (rows, meaning) in findings.items():
        reading.flag(rows, rule=rule, meaning=meaning, column="value", before=rows["before"])


def _absent_provinces(table: pd.DataFrame) -> pd.DataFrame:
    everywhere = sorted(set(table["region"]))
    found = []
    for (file, indicator), part in table.groupby(["file", "indicator"], sort=False):
        absent = sorted(set(everywhere) - set(part["region"]))
        if absent:
            found.append((file, f"{indicator}: {say(', ').join(absent)}"))
    rows = pd.DataFrame(found, columns=["file", "before"]).astype("str")
    return rows.assign(row=pd.array([pd.NA] * len(rows), dtype="Int64"))
