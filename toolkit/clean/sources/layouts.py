"""How regions, periods and indicators stand in the rows and columns of a statistical table."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from toolkit.clean.periods import parse_periods
from toolkit.clean.sources.grids import FOOTER, Grid, Line, split_unit, unit_line
from toolkit.clean.sources.marks import split_mark
from toolkit.errors import DataError

__all__ = ["Parts", "parts_of_table"]

_HEADINGS = {
    "region": "地区,地区名称,省份,省市,省区市,region,province",
    "indicator": "指标,指标名称,indicator,indicators",
    "period": "年份,年度,时间,月份,季度,year,period,month,quarter",
    "value": "数值,值,value",
    "unit": "单位,计量单位,unit,units",
}
_ROLES = {word: role for role, words in _HEADINGS.items() for word in words.split(",")}
NATION = "全国"
_PERIOD_IN_TITLE = re.compile(r"[(（](?P<period>[^()（）]*\d{4}年[^()（）]*)[)）]")
_NAMED = r"^(?:%s)\s*[:：]\s*(.+)$"
_INDICATOR_IN_TITLE = re.compile(_NAMED % "指标|indicators?", re.MULTILINE | re.IGNORECASE)
_REGION_IN_TITLE = re.compile(_NAMED % "地区|region", re.MULTILINE | re.IGNORECASE)
_NATIONAL = re.compile(
    _NAMED.replace(r"\s*(.+)", r"\s*(?:年度数据|季度数据|月度数据|annual|quarterly|monthly)")
    % "数据库|database",
    re.MULTILINE | re.IGNORECASE,
)


_SEVERAL_UNITS = re.compile(r"(?:单位|units?)\s*[:：][^\n)）]*?[,，、;；/][^\n)）]", re.IGNORECASE)

Row = tuple[object, ...]
"""Row, region, period, indicator, unit and value of a cell."""


@dataclass(frozen=True, kw_only=True)
class Parts:
    """A table taken apart: its cells, and the lines above, among and below them that are none."""

    layout: str
    above: list[Line]
    rows: list[Row]
    other: list[Line]
    footers: list[Line]


def parts_of_table(grid: Grid) -> Parts | None:
    """Take the first table of a grid apart; None where no row is a heading of a known layout.

    Raises
    ------
    DataError
        If a row is longer or shorter than its heading.
    """
    for position, (_, cells) in enumerate(grid.lines):
        reader = _layout(cells)
        if reader is not None:
            return _take_apart(grid, position, *reader)
    return None


_Reader = Callable[[list[str], list[Line], str], list[Row]]


def _layout(cells: list[str]) -> tuple[str, _Reader] | None:
    """Return the layout that a row of headings shows, and what reads it."""
    roles = [_role(cell) for cell in cells]
    there = set(roles)
    if {"region", "period", "value"} <= there:
        return "long", _long
    if {"region", "period", ""} <= there and "indicator" not in there:
        return "panel", _panel
    if not there & {"region", "indicator"} or len(cells) < 2:
        return None
    over_periods = _any_period([cell for cell in cells if not _role(cell)])
    if over_periods and "region" in there:
        return ("crossed" if "indicator" in there else "wide"), _crossed
    if over_periods and roles[0] == "indicator":
        return "indicators", _indicators
    return ("snapshot", _snapshot) if roles[0] == "region" else None


def _role(heading: str) -> str:
    """Return what a heading says that its column holds, without a unit in brackets."""
    return _ROLES.get("".join(split_unit(heading)[0].split()).casefold(), "")


def _any_period(headings: list[str]) -> bool:
    read = parse_periods([split_mark(heading)[0] for heading in headings])
    return bool(read["issue"].isna().any())


def _take_apart(grid: Grid, position: int, layout: str, reader: _Reader) -> Parts:
    above, below = grid.lines[:position], grid.lines[position + 1 :]
    footers = [line for line in below if FOOTER.match(line[1][0])]
    rows = [line for line in below if not FOOTER.match(line[1][0])]
    heading = grid.lines[position][1]
    for number, cells in rows:
        if grid.sheet or (layout == "indicators" and _REGION_IN_TITLE.match(cells[0])):
            # A sheet has no end of a row: blanks at its end are cells without a value.
            cells.extend([""] * (len(heading) - len(cells)))
        if len(cells) != len(heading):
            raise DataError(
                f"{grid.place}, row {number}: {len(cells)} cells where the heading row has "
                f"{len(heading)}. Mend the row at its source; a shifted cell would be read as "
                "another year or indicator."
            )
    return Parts(
        layout=layout,
        above=above,
        rows=reader(heading, rows, _whole_title(above)),
        other=[line for line in rows if layout == "indicators" and _is_region_row(line)],
        footers=footers,
    )


def _whole_title(above: list[Line]) -> str:
    return "\n".join(",".join(cell for cell in cells if cell) for _, cells in above)


def _bare_year(period: str) -> str:
    return period[:-1] if re.fullmatch(r"\d{4}年", period) else period


def _unit_above(title: str) -> str:
    """Return the unit that a line above the table gives for all of it; none where it gives two."""
    return "" if _SEVERAL_UNITS.search(title) else unit_line(title)


def _indicator_above(title: str) -> tuple[str, str]:
    """Return the indicator that the lines above a table name, and its unit."""
    named = _INDICATOR_IN_TITLE.search(title)
    first = title.splitlines()[0] if title else ""
    indicator, unit = split_unit(named[1] if named else first)
    return indicator, unit or _unit_above(title)


def _crossed(heading: list[str], rows: list[Line], title: str) -> list[Row]:
    """Read regions in rows and periods in columns; the indicator in a column or above the table."""
    at = _places(heading)
    above, unit_above = _indicator_above(title)
    used = _unnamed(heading, rows)
    found: list[Row] = []
    for number, cells in rows:
        indicator, unit = split_unit(cells[at["indicator"]]) if "indicator" in at else (above, "")
        unit = (cells[at["unit"]] if "unit" in at else "") or unit or unit_above
        found += [
            (number, cells[at["region"]], _bare_year(heading[place]), indicator, unit, cells[place])
            for place in used
        ]
    return found


def _panel(heading: list[str], rows: list[Line], title: str) -> list[Row]:
    """Read regions and periods in rows, indicators in columns."""
    at = _places(heading)
    named = [(place, *split_unit(heading[place])) for place in _unnamed(heading, rows)]
    unit_above = _unit_above(title)
    found: list[Row] = []
    for number, cells in rows:
        own = (cells[at["unit"]] if "unit" in at else "") or unit_above
        place = (number, cells[at["region"]], _bare_year(cells[at["period"]]))
        found += [
            (*place, indicator, unit or own, cells[column]) for column, indicator, unit in named
        ]
    return found


def _places(heading: list[str]) -> dict[str, int]:
    return {_role(name): place for place, name in enumerate(heading)}


def _unnamed(heading: list[str], rows: list[Line]) -> list[int]:
    """Return the columns of no role that have a heading, or a cell that holds anything."""
    return [
        place
        for place, name in enumerate(heading)
        if not _role(name) and (name or any(cells[place] for _, cells in rows))
    ]


def _indicators(heading: list[str], rows: list[Line], title: str) -> list[Row]:
    named = _REGION_IN_TITLE.search(title)
    region = named[1] if named else NATION if _NATIONAL.search(title) else ""
    at, used, unit_above = _places(heading), _unnamed(heading, rows), _unit_above(title)
    found: list[Row] = []
    for line in rows:
        number, cells = line
        if _is_region_row(line):
            region = _REGION_IN_TITLE.sub(r"\1", cells[0])
            continue
        indicator, unit = split_unit(cells[0])
        unit = (cells[at["unit"]] if "unit" in at else "") or unit or unit_above
        found += [
            (number, region, _bare_year(heading[place]), indicator, unit, cells[place])
            for place in used
        ]
    return found


def _is_region_row(line: Line) -> bool:
    _, cells = line
    return bool(_REGION_IN_TITLE.match(cells[0])) and not any(cells[1:])


def _snapshot(heading: list[str], rows: list[Line], title: str) -> list[Row]:
    found = _PERIOD_IN_TITLE.search(title)
    period = found["period"] if found else ""
    columns = [split_unit(name) for name in heading[1:]]
    return [
        (number, cells[0], period, indicator, unit or _unit_above(title), value)
        for number, cells in rows
        for (indicator, unit), value in zip(columns, cells[1:], strict=True)
    ]


def _long(heading: list[str], rows: list[Line], title: str) -> list[Row]:
    at = _places(heading)
    above, unit_above = _indicator_above(title)
    under_heading = split_unit(heading[at["value"]])[1]
    found: list[Row] = []
    for number, cells in rows:
        indicator, unit = split_unit(cells[at["indicator"]] if "indicator" in at else above)
        own = cells[at["unit"]] if "unit" in at else ""
        found.append(
            (
                number,
                cells[at["region"]],
                _bare_year(cells[at["period"]]),
                indicator,
                own or unit or under_heading or unit_above,
                cells[at["value"]],
            )
        )
    return found
