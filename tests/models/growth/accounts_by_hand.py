"""Small accounts tables for tests, and the published ones laid out long."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping

import pandas as pd
import pytest

from tests.project import RAW
from toolkit.schema import INDICATORS

SCALE = {"亿元": 1e8, "万元": 1e4, "万人": 1e4, "上年=100": 0.01, "个": 1.0}


def accounts(
    values: Mapping[str, Mapping[tuple[str, int], float]],
    *,
    unit: str = "CNY",
    vintage: str = "unstated",
) -> pd.DataFrame:
    """Build an accounts table from ``{indicator: {(region, year): value}}``."""
    rows = [
        (region, year, indicator, float(value), unit, vintage)
        for indicator, cells in values.items()
        for (region, year), value in cells.items()
    ]
    return pd.DataFrame(rows, columns=["region", "year", "indicator", "value", "unit", "vintage"])


def by_year(region: str, first: int, *levels: float) -> dict[tuple[str, int], float]:
    """Return cells of one region in consecutive years."""
    return {(region, first + step): level for step, level in enumerate(levels)}


def published_accounts() -> pd.DataFrame:
    """Read the published tables as they are, with none of the cleaner's care."""
    if not (RAW / "nbs").is_dir():
        pytest.skip("the published tables are not there")
    codes = _codes()
    headings = {name: i for i in INDICATORS.values() for name in i.headings}
    rows = []
    for path in sorted((RAW / "nbs").glob("*.csv")):
        text = path.read_text(encoding="gb18030").splitlines()
        heading, unit = re.fullmatch(r"指标：(.*)\((.*)\)", text[1]).groups()
        indicator = headings[heading]
        table = list(csv.reader(text[3:]))
        years = [int(cell[:4]) for cell in table[0][1:]]
        vintage = {"grp_2006_2024": "revised", "grp_2000_2022_before_revision": "before_revision"}
        for name, *cells in table[1:]:
            rows += [
                (
                    codes[name],
                    year,
                    indicator.name,
                    round(float(cell) * SCALE[unit], 4),
                    indicator.unit,
                    vintage.get(path.stem, "unstated"),
                )
                for year, cell in zip(years, cells, strict=False)
                if name in codes and cell
            ]
    path = RAW / "science" / "high_tech_manufacturing.csv"
    for name, year, heading, value, unit in list(
        csv.reader(path.read_text(encoding="utf-8-sig").splitlines())
    )[1:]:
        indicator = headings[heading]
        place = codes[name.replace(" ", "")]
        money = round(float(value) * SCALE[unit], 2)
        rows.append((place, int(year), indicator.name, money, indicator.unit, "unstated"))
    return pd.DataFrame(rows, columns=["region", "year", "indicator", "value", "unit", "vintage"])


def _codes() -> dict[str, str]:
    table = pd.read_csv(RAW / "divisions" / "gb2260_divisions.csv", dtype=str)
    provinces = table[table["level"] == "province"]
    names = dict(zip(provinces["name_zh"], provinces["code"], strict=True))
    return (
        names
        | dict(zip(provinces["short_zh"], provinces["code"], strict=True))
        | {"全国": "100000"}
    )
