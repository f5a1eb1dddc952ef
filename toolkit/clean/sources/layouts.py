"""How regions, periods and indicators stand in the rows and columns of a statistical table."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from toolkit.clean.periods import parse_periods
from toolkit.clean.sources.grids import FOOTER, Grid, Line, split_unit
from toolkit.errors import DataError

__all__ = ["REGION_HEADINGS", "Parts", "parts_of_table"]

REGION_HEADINGS = {"地区", "地区名称", "省份", "省市", "region", "province"}
INDICATOR_HEADINGS = {"指标", "指标名称", "indicator", "indicators"}
LONG_HEADINGS = {
    "地区": "region",
    "年份": "period",
    "时间": "period",
    "月份": "period",
    "季度": "period",
    "指标": "indicator",
    "数值": "value",
    "单位": "unit",
    "region": "region",
    "year": "period",
    "period": "period",
    "month": "period",
    "quarter": "period",
    "indicator": "indicator",
    "value": "value",
    "unit": "unit",
}
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
    names = [cell.casefold() for cell in cells]
    if {"region", "period", "value"} <= {LONG_HEADINGS.get(name, "") for name in names}:
        return "long", _long
    if len(names) < 2 or names[0] not in REGION_HEADINGS | INDICATOR_HEADINGS:
        return None
    over_periods = bool(parse_periods(cells[1:])["issue"].isna().all())
    if names[0] in INDICATOR_HEADINGS:
        return ("indicators", _indicators) if over_periods else None
    return ("wide", _wide) if over_periods else ("snapshot", _snapshot)


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


def _wide(heading: list[str], rows: list[Line], title: str) -> list[Row]:
    named = _INDICATOR_IN_TITLE.search(title)
    indicator, unit = split_unit(named[1] if named else title.splitlines()[0] if title else "")
    return [
        (number, cells[0], _bare_year(period), indicator, unit, value)
        for number, cells in rows
        for period, value in zip(heading[1:], cells[1:], strict=True)
    ]


def _indicators(heading: list[str], rows: list[Line], title: str) -> list[Row]:
    named = _REGION_IN_TITLE.search(title)
    region = named[1] if named else NATION if _NATIONAL.search(title) else ""
    found: list[Row] = []
    for line in rows:
        number, cells = line
        if _is_region_row(line):
            region = _REGION_IN_TITLE.sub(r"\1", cells[0])
            continue
        indicator, unit = split_unit(cells[0])
        found += [
            (number, region, _bare_year(period), indicator, unit, value)
            for period, value in zip(heading[1:], cells[1:], strict=True)
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
        (number, cells[0], period, indicator, unit, value)
        for number, cells in rows
        for (indicator, unit), value in zip(columns, cells[1:], strict=True)
    ]


def _long(heading: list[str], rows: list[Line], title: str) -> list[Row]:
    at = {LONG_HEADINGS.get(name.casefold(), ""): place for place, name in enumerate(heading)}

    def cell(cells: list[str], name: str) -> str:
        return cells[at[name]] if name in at else ""

    return [
        (
            number,
            cell(cells, "region"),
            _bare_year(cell(cells, "period")),
            cell(cells, "indicator"),
            cell(cells, "unit"),
            cell(cells, "value"),
        )
        for number, cells in rows
    ]
