"""The divisions of GB/T 2260 as values: what each is called and what it lies in."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal

from toolkit.errors import DataError

__all__ = [
    "LEVELS",
    "Level",
    "Place",
    "divisions",
    "locate",
    "place_at",
    "stem",
    "table",
]

Level = Literal["country", "province", "prefecture", "county", "any"]
LEVELS: tuple[Level, ...] = ("country", "province", "prefecture", "county", "any")

_RANKS = {"country": 0, "province": 1, "prefecture": 2, "county": 3}
_PROVINCE_KINDS = {
    "市": "municipality",
    "自治区": "autonomous region",
    "特别行政区": "special administrative region",
    "省": "province",
}
_PREFECTURE_KINDS = {
    "市": "city",
    "地区": "prefecture",
    "州": "autonomous prefecture",
    "盟": "league",
}
_COUNTY_KINDS = {"市": "county-level city", "区": "district", "县": "county", "旗": "banner"}
_KINDS = {"province": _PROVINCE_KINDS, "prefecture": _PREFECTURE_KINDS, "county": _COUNTY_KINDS}

# The last seven peoples are also named without 族.
_PEOPLES = re.compile(
    "(?:(?:壮|满|回|藏|苗|彝|侗|瑶|水|白|傣|羌|黎|畲|土|怒|佤|朝鲜|土家|布依|景颇|傈僳|哈尼|纳西|拉祜|布朗"
    "|仫佬|毛南|仡佬|撒拉|保安|东乡|裕固|达斡尔|鄂温克|独龙|普米|各)族"
    "|(?:蒙古|哈萨克|柯尔克孜|维吾尔|锡伯|塔吉克|鄂伦春)族?)+$"
)
_SUFFIX = re.compile(
    r"(?:特别行政区|自治区|自治州|自治县|自治旗|地区|新区|特区|(?<=神农架)林区|省|市|盟|县|区|旗)$"
)


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """One division: its code, its level and its names."""

    code: str
    level: str
    name_zh: str
    short_zh: str
    abbreviation: str
    name_en: str
    latin: tuple[str, ...]
    parent: Place | None

    @property
    def rank(self) -> int:
        """Depth in the tree: the nation 0, a county 3."""
        return _RANKS[self.level]

    @property
    def kind(self) -> str:
        """What sort of division its name says it is."""
        return kind(self.name_zh, self.level)

    @property
    def prefix(self) -> str:
        """The digits that the codes of everything in it begin with."""
        return self.code[: 2 * self.rank]

    @property
    def zone(self) -> bool:
        """Whether it is a development zone, which statistics number from 71."""
        return self.level == "county" and self.code[4] == "7"

    def inside(self, other: Place) -> bool:
        """Whether it lies in the other place and is not that place."""
        return self.rank > other.rank and self.code.startswith(other.prefix)


def kind(name_zh: str, level: str) -> str:
    """Return the sort of division that a Chinese name says it is, such as ``"banner"``."""
    ends = _KINDS.get(level, {})
    return next((ends[end] for end in ends if name_zh.endswith(end)), "area")


def stem(name_zh: str) -> str:
    """Return a Chinese name without its suffix and the peoples it names.

    Examples
    --------
    >>> stem("长沙市"), stem("恩施土家族苗族自治州"), stem("道县")
    ('长沙', '恩施', '道县')
    """
    bare = _SUFFIX.sub("", name_zh)
    if "自治" in name_zh:
        without = _PEOPLES.sub("", bare)
        bare = without if len(without) > 1 else bare.removesuffix("族")
    return bare if len(bare) > 1 else name_zh


def table(name: str) -> list[dict[str, str]]:
    """Read one of the tables that come with the package."""
    with locate(name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def locate(name: str) -> Path:
    """Find a table in the installed package, or else among the raw data of a checkout.

    Raises
    ------
    DataError
        Where it is in neither.
    """
    package = Path(str(resources.files("toolkit.clean")))
    checkout = package.parents[1] / "data" / "raw" / "divisions"
    for folder in (package, checkout):
        if (folder / name).is_file():
            return folder / name
    raise DataError(
        f"{name}: the table is neither in the package ({package}) nor in a checkout ({checkout}). "
        "Install the toolkit again, or restore the file from the repository."
    )


@cache
def divisions() -> tuple[Place, ...]:
    """Return the nation and every division, parents before their children."""
    nation = Place("100000", "country", "中华人民共和国", "全国", "", "China", (), None)
    latin = {row["code"]: row for row in table("latin_names.csv")}
    found: dict[tuple[str, str], Place] = {("100000", "country"): nation}
    rows = sorted(table("gb2260_divisions.csv"), key=lambda row: _RANKS[row["level"]])
    for row in rows:
        place = _place(row, latin.get(row["code"]), found, nation)
        found[place.code, place.level] = place
    return tuple(found.values())


def _place(
    row: dict[str, str],
    latin: dict[str, str] | None,
    found: dict[tuple[str, str], Place],
    nation: Place,
) -> Place:
    code, level, parent_code = row["code"], row["level"], row["parent_code"]
    names = [row["name_latin"]] if row["name_latin"] else []
    if latin:
        names = [latin["name_latin"], *(names if latin["note"] == "customary" else [])]
    if level == "province":
        parent = nation
    elif (parent_code, "prefecture") in found and level == "county":
        parent = found[parent_code, "prefecture"]
    else:
        # Counties of a municipality, or directly under a province, name a parent without a row.
        parent = found[f"{code[:2]}0000", "province"]
    return Place(
        code=code,
        level=level,
        name_zh=row["name_zh"],
        short_zh=row["short_zh"] or (stem(row["name_zh"]) if level == "prefecture" else ""),
        abbreviation=row["abbreviation_zh"],
        name_en=names[0] if names else row["name_zh"],
        latin=tuple(names),
        parent=parent,
    )


@cache
def place_at(place: Place, level: Level) -> Place | None:
    """Return the place of the level asked that a place lies in or stands for.

    Municipalities and special administrative regions are cities too and stand for themselves
    among prefectures, as do counties that are directly under a province. A prefecture with no
    county but itself (Dongguan, Jiayuguan) has a row of the same name among counties.
    """
    if level in ("any", place.level):
        return place
    if _RANKS[level] < place.rank:
        parent = place.parent
        if parent is None or (level == "prefecture" and parent.level == "province"):
            return place if parent is None or parent.kind != "municipality" else parent
        return place_at(parent, level)
    if level == "prefecture":
        is_city = place.kind in ("municipality", "special administrative region")
        return place if is_city else None
    return _twins().get(place.code) if place.level == "prefecture" else None


@cache
def _twins() -> dict[str, Place]:
    return {
        place.parent.code: place
        for place in divisions()
        if place.parent and place.level == "county" and place.name_zh == place.parent.name_zh
    }
