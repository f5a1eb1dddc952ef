"""Monthly and quarterly series: from files as published to one long table of spans of days."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from toolkit.clean.audit import Cleaned
from toolkit.clean.observations import MISSING_MARKS, Observations
from toolkit.clean.periods import parse_periods
from toolkit.clean.periods.spans import frequency_between
from toolkit.clean.series.words import measure_of, number_in, unit_of
from toolkit.clean.sources import files_in, read_sources
from toolkit.language import say
from toolkit.schema import INDICATORS, Column, Schema

__all__ = ["SERIES", "clean_series"]

SERIES = Schema(
    name="series",
    columns=(
        Column(name="region", kind="text", meaning="6-digit code of GB/T 2260; 100000 the nation"),
        Column(name="start", kind="date", meaning="first day"),
        Column(name="end", kind="date", meaning="last day; of a stock the day it was counted"),
        Column(name="frequency", kind="text", meaning="year, half, quarter, month, day or range"),
        Column(name="cumulative", kind="truth", meaning="a total since New Year"),
        Column(name="indicator", kind="text", meaning="a name in INDICATORS, or as published"),
        Column(name="value", kind="number", meaning="in `unit`, nominal unless an index"),
        Column(name="unit", kind="text", meaning="CNY, persons, count, fraction; or as published"),
        Column(
            name="vintage", kind="text", meaning="revised, before_revision, preliminary or unstated"
        ),
    ),
    key=(
        "region",
        "start",
        "end",
        "frequency",
        "cumulative",
        "indicator",
        "unit",
        "vintage",
    ),
)
"""One observation a row; a total of the year to date beside the value of a single month."""


def clean_series(data: str | Path | Iterable[str | Path], *, region: str | None = None) -> Cleaned:
    r"""Read monthly, quarterly or yearly series as published into one long table.

    Money comes out in its currency, people in persons, percentages and indices (base = 100) as
    fractions; another unit stays as published and is flagged. ``累计值`` and 当期值 of a series
    share its name: the former has ``cumulative`` true and starts with the year, so that
    ``deaccumulate(table, value="value", by=["region", "indicator", "unit", "vintage"])`` parts it
    into months or quarters. A growth rate of the year to date keeps its name and spans the months
    that it tells of, but is no total and is never cumulative; 期末值 is of the last day.

    Parameters
    ----------
    data : path, or several
        Files in any layout of `read_source`, also workbooks with several sheets; a folder stands
        for the CSV files in it.
    region : str, optional
        The region of series whose source names none, such as ``"全国"``.

    Returns
    -------
    Cleaned
        Table ``region start end frequency cumulative indicator value unit vintage``; the rejected
        cells with their reasons; the audit of every cell altered, doubtful or left out.

    Raises
    ------
    DataError
        If a file is missing, empty, in another encoding, or in no known layout.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from toolkit.clean.periods import deaccumulate
    >>> lines = ["数据库：分省月度数据", "地区：湖南省", "指标,2024年3月,2024年2月",
    ...          "房地产开发投资累计值(亿元),9,5"]
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "investment.csv"
    >>> _ = file.write_text("\n".join(lines), encoding="gb18030")
    >>> series = clean_series(file).table
    >>> series[["start", "end", "cumulative", "indicator", "value"]]
           start        end  cumulative indicator        value
    0 2024-01-01 2024-02-29        True   房地产开发投资  500000000.0
    1 2024-01-01 2024-03-31        True   房地产开发投资  900000000.0
    >>> months = deaccumulate(series, value="value", by=["region", "indicator"])
    >>> months["value"].tolist()
    [500000000.0, 400000000.0]
    """
    sources = [source for path in files_in(data) for source in read_sources(path)]
    reading = Observations(sources, title=say("series"))
    _name_region(reading, region)
    reading.read_regions()
    names = _read_names(reading)
    units = _read_units(reading)
    _read_numbers(reading, units)
    periods = reading.marked_periods()
    spans = _read_spans(reading, periods["bare"], names, units)
    kept = reading.kept
    vintages = {source.file: source.vintage for source in sources}
    table = pd.DataFrame(
        {
            "region": kept["code"],
            "start": spans["start"],
            "end": spans["end"],
            "frequency": spans["frequency"],
            "cumulative": spans["cumulative"],
            "indicator": names["name"],
            "value": kept["number"],
            "unit": units["base"],
            "vintage": periods["mark"].where(periods["mark"] != "", kept["file"].map(vintages)),
        }
    ).loc[kept.index]
    return reading.finish(table.astype({"cumulative": "bool"}), SERIES)


def _kept(reading: Observations, mask: pd.Series) -> pd.DataFrame:
    return reading.cells[(reading.reasons == "") & mask]


def _name_region(reading: Observations, region: str | None) -> None:
    nameless = reading.cells[reading.cells["region"].str.strip() == ""]
    if region is None or nameless.empty:
        return
    reading.trail.add(
        nameless,
        rule="region_by_caller",
        outcome="altered",
        meaning="The source names no region; it is the one that the caller named.",
        column="region",
        after=region,
    )
    reading.cells.loc[nameless.index, "region"] = region


def _read_names(reading: Observations) -> pd.DataFrame:
    """Return name, ``to_date``, ``at_end`` and ``rate`` of each cell's indicator."""
    texts = reading.cells["indicator"]
    meant = {text: measure_of(text) for text in texts.unique()}
    names = pd.DataFrame(
        {
            "name": texts.map({text: one.name for text, one in meant.items()}),
            "to_date": texts.map({text: one.to_date for text, one in meant.items()}),
            "at_end": texts.map({text: one.at_end for text, one in meant.items()}),
            "rate": texts.map({text: one.rate for text, one in meant.items()}),
        }
    )
    unknown = _kept(reading, ~names["name"].isin(INDICATORS))
    unknown = unknown.drop_duplicates(["file", "indicator"])
    reading.flag(
        unknown,
        rule="indicator_as_published",
        meaning="A series that is not in toolkit.schema.INDICATORS keeps its published name; "
        "entered once for each file.",
        column="indicator",
        before=unknown["indicator"],
        after=names["name"],
    )
    return names


def _read_units(reading: Observations) -> pd.DataFrame:
    """Return base unit and factor of each cell; a number without a unit is rejected."""
    words = reading.cells["unit"].str.strip()
    meant = {word: unit_of(word) for word in words.unique()}
    units = pd.DataFrame(
        {
            "base": words.map({word: one.base for word, one in meant.items()}),
            "factor": words.map({word: one.factor for word, one in meant.items()}),
            "known": words.map({word: one.known for word, one in meant.items()}),
        }
    )
    reading.reject(
        words == "",
        rule="no_unit",
        column="unit",
        meaning="No unit. A number without its unit is not guessed; name it in the heading, in "
        "the block above the series or in a unit column.",
    )
    strange = _kept(reading, ~units["known"].astype(bool)).drop_duplicates(["file", "unit"])
    reading.flag(
        strange,
        rule="unit_as_published",
        meaning="A unit that is not known keeps its words and its numbers; entered once for each "
        "file.",
        column="unit",
        before=strange["unit"],
    )
    return units


def _read_numbers(reading: Observations, units: pd.DataFrame) -> None:
    text = reading.cells["value"].str.strip()
    missing = text.str.casefold().isin(MISSING_MARKS)
    words = reading.cells["unit"].str.strip()
    meant = {word: unit_of(word) for word in words.unique()}
    numbers = [number_in(value, meant[word]) for value, word in zip(text, words, strict=True)]
    reading.cells["number"] = pd.Series(numbers, index=text.index, dtype="float64")
    reading.reject(
        missing,
        rule="missing_value",
        column="value",
        meaning="The source prints no value. The cell stays missing; it is not zero.",
    )
    reading.reject(
        ~missing & reading.cells["number"].isna(),
        rule="not_a_number",
        column="value",
        meaning="Text where a number should stand. Correct it at the source.",
    )
    rescaled = _kept(reading, units["factor"] != 1)
    reading.trail.add(
        rescaled,
        rule="unit_scaled",
        outcome="altered",
        meaning="Put into the base unit: 亿元 and mn into single ones, percent into fractions.",
        column="value",
        before=rescaled["value"] + " " + rescaled["unit"],
        after=rescaled["number"].map("{:.15g}".format),
    )


def _read_spans(
    reading: Observations, periods: pd.Series, names: pd.DataFrame, units: pd.DataFrame
) -> pd.DataFrame:
    """Return start, end, frequency and ``cumulative`` of each cell."""
    spans = parse_periods(periods)
    reading.reject(
        spans["end"].isna(),
        rule="not_a_period",
        column="period",
        meaning="No year, quarter, month or day could be read.",
    )
    spans["start"] = spans["start"].mask(names["at_end"], spans["end"])
    instant = spans["instant"].astype("bool") | names["at_end"]
    since_new_year = (names["to_date"] & ~instant) | spans["cumulative"].astype("bool")
    stretched = since_new_year & spans["end"].notna() & (spans["start"].dt.month > 1)
    spans.loc[stretched, "start"] = spans.loc[stretched, "start"].map(
        lambda day: day.replace(month=1, day=1)
    )
    rate = names["rate"] | (units["base"] == "fraction")
    over = since_new_year & rate & spans["end"].notna()
    spans.loc[over, "frequency"] = [
        frequency_between(start.date(), end.date())
        for start, end in zip(spans.loc[over, "start"], spans.loc[over, "end"], strict=True)
    ]
    rows = _kept(reading, stretched)
    reading.trail.add(
        rows,
        rule="since_new_year",
        outcome="altered",
        meaning="累计, ytd: the value of a month or quarter is of the year up to its end, so its "
        "span begins with the year. toolkit.clean.periods.deaccumulate parts totals.",
        column="period",
        before=rows["period"],
        after=spans["start"].dt.strftime("from %Y-%m-%d"),
    )
    return spans.assign(cumulative=since_new_year & ~rate)
