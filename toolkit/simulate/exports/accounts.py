"""Regional accounts in the layouts of the statistical bureau and its yearbooks."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd

from toolkit.schema import INDICATORS, NATION
from toolkit.simulate.exports.files import KEY
from toolkit.simulate.exports.notations import plain
from toolkit.simulate.places import NATION_NAMES, PROVINCES

__all__ = ["write_accounts"]

NAMES = {province.code: province.full for province in PROVINCES} | {NATION: NATION_NAMES[0]}
NOTES = {
    "revised": "注：第五次全国经济普查后修订数，模拟数据（simulated）。",
    "before_revision": "注：未按第五次全国经济普查修订，模拟数据（simulated）。",
    "unstated": "注：模拟数据（simulated）。",
}


def write_accounts(accounts: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """Write one file per indicator and vintage and return the answer key of their rows.

    Regional product is written wide (years in columns, the latest first; GB18030); a sector is
    written long (UTF-8 with a byte-order mark), where some names have spaces inside, as yearbooks
    print them. In the key, ``clean_row`` is the first clean row that the written row holds.
    """
    keys = []
    for (indicator, vintage), part in accounts.groupby(["indicator", "vintage"], sort=True):
        wide = INDICATORS[str(indicator)].sources == ()
        lines, first, rows = (_wide if wide else _long)(part, str(indicator), str(vintage))
        name = f"simulated_{indicator}_{vintage}.csv"
        buffer = io.StringIO(newline="")
        csv.writer(buffer, lineterminator="\r\n").writerows(lines)
        encoding = "gb18030" if wide else "utf-8-sig"
        (folder / name).write_bytes(buffer.getvalue().encode(encoding))
        key = pd.DataFrame({"row": range(first, first + len(rows)), "clean_row": rows})
        keys.append(key.assign(table="accounts", file=name, sheet="", status="clean", reason=""))
    whole = pd.concat(keys, ignore_index=True).assign(column="", written="")[list(KEY)]
    text = {name: "str" for name in KEY if name not in ("row", "clean_row")}
    return whole.astype({**text, "clean_row": "Int64"})


def _heading(indicator: str) -> str:
    return INDICATORS[indicator].headings[0]


def _wide(
    part: pd.DataFrame, indicator: str, vintage: str
) -> tuple[list[list[str]], int, list[int]]:
    years = sorted(part["year"].unique(), reverse=True)
    titles = [
        "数据库：分省年度数据（模拟 simulated）",
        f"指标：{_heading(indicator)}(亿元)",
        f"时间：{years[-1]}-{years[0]}",
    ]
    lines = [[title] for title in titles]
    lines.append(["地区", *(f"{year}年" for year in years)])
    rows = []
    for region, series in part.groupby("region", sort=True):
        values = series.set_index("year")["value"]
        lines.append([NAMES[str(region)], *(_hundred_millions(values[year]) for year in years)])
        rows.append(int(series.index[0]))
    return [*lines, [NOTES[vintage]], ["数据来源：模拟"]], len(titles) + 2, rows


def _long(
    part: pd.DataFrame, indicator: str, vintage: str
) -> tuple[list[list[str]], int, list[int]]:
    lines = [["地区", "年份", "指标", "数值", "单位"]]
    for row in part.to_dict("records"):
        name = NAMES[row["region"]].removesuffix("省").removesuffix("市")
        spaced = "   ".join(name) if len(name) == 2 and row["year"] % 3 == 0 else name
        value = _hundred_millions(row["value"])
        lines.append([spaced, str(row["year"]), _heading(indicator), value, "亿元"])
    return [*lines, [NOTES[vintage]]], 2, [int(index) for index in part.index]


def _hundred_millions(value: float) -> str:
    return plain(round(value), power=8)
