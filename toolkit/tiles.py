"""The provinces as squares of a map: where each stands, and what it is called."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

__all__ = ["TILES", "Tile", "find_tile"]


class Tile(NamedTuple):
    """One square: row and column from the north-west, letters of GB/T 2260, names."""

    row: int
    column: int
    letters: str
    english: str
    chinese: str


TILES: dict[str, Tile] = {
    "230000": Tile(0, 8, "HL", "Heilongjiang", "黑龙江"),
    "650000": Tile(1, 0, "XJ", "Xinjiang", "新疆"),
    "150000": Tile(1, 6, "NM", "Inner Mongolia", "内蒙古"),
    "220000": Tile(1, 8, "JL", "Jilin", "吉林"),
    "620000": Tile(2, 2, "GS", "Gansu", "甘肃"),
    "640000": Tile(2, 3, "NX", "Ningxia", "宁夏"),
    "140000": Tile(2, 5, "SX", "Shanxi", "山西"),
    "130000": Tile(2, 6, "HE", "Hebei", "河北"),
    "110000": Tile(2, 7, "BJ", "Beijing", "北京"),
    "210000": Tile(2, 8, "LN", "Liaoning", "辽宁"),
    "630000": Tile(3, 2, "QH", "Qinghai", "青海"),
    "610000": Tile(3, 4, "SN", "Shaanxi", "陕西"),
    "410000": Tile(3, 5, "HA", "Henan", "河南"),
    "370000": Tile(3, 6, "SD", "Shandong", "山东"),
    "120000": Tile(3, 7, "TJ", "Tianjin", "天津"),
    "540000": Tile(4, 1, "XZ", "Tibet", "西藏"),
    "510000": Tile(4, 3, "SC", "Sichuan", "四川"),
    "500000": Tile(4, 4, "CQ", "Chongqing", "重庆"),
    "420000": Tile(4, 5, "HB", "Hubei", "湖北"),
    "340000": Tile(4, 6, "AH", "Anhui", "安徽"),
    "320000": Tile(4, 7, "JS", "Jiangsu", "江苏"),
    "520000": Tile(5, 4, "GZ", "Guizhou", "贵州"),
    "430000": Tile(5, 5, "HN", "Hunan", "湖南"),
    "360000": Tile(5, 6, "JX", "Jiangxi", "江西"),
    "330000": Tile(5, 7, "ZJ", "Zhejiang", "浙江"),
    "310000": Tile(5, 8, "SH", "Shanghai", "上海"),
    "530000": Tile(6, 3, "YN", "Yunnan", "云南"),
    "450000": Tile(6, 4, "GX", "Guangxi", "广西"),
    "440000": Tile(6, 5, "GD", "Guangdong", "广东"),
    "350000": Tile(6, 6, "FJ", "Fujian", "福建"),
    "710000": Tile(6, 8, "TW", "Taiwan", "台湾"),
    "810000": Tile(7, 6, "HK", "Hong Kong", "香港"),
    "820000": Tile(7, 5, "MO", "Macao", "澳门"),
    "460000": Tile(7, 4, "HI", "Hainan", "海南"),
}
"""Each province by its code, roughly where it lies."""

_ALSO = {
    "neimenggu": "150000",
    "nei mongol": "150000",
    "xizang": "540000",
    "xianggang": "810000",
    "macau": "820000",
    "aomen": "820000",
}
_MUNICIPALITIES = ("北京", "天津", "上海", "重庆")
# A city may share the name of its province (吉林市), a prefecture that of another one.
_KIND = re.compile(
    r"\s+(province|municipality|((zhuang|hui|uygur|uyghur)\s+)?autonomous region|sar)$"
    r"|省$|(壮族|回族|维吾尔)?自治区$|特别行政区$"
)


@cache
def _codes() -> dict[str, str]:
    codes = dict(_ALSO)
    for code, tile in TILES.items():
        codes |= {code: code, tile.english.casefold(): code, tile.chinese: code}
        if tile.chinese in _MUNICIPALITIES:
            codes[f"{tile.chinese}市"] = code
    return codes


def find_tile(place: object) -> str | None:
    """Return the code of the province that a code or a name stands for, None where none does.

    Examples
    --------
    >>> find_tile("Inner Mongolia"), find_tile("湖南省"), find_tile(430000)
    ('150000', '430000', '430000')
    >>> find_tile("吉林市") is None
    True
    """
    return _codes().get(_KIND.sub("", str(place).strip().casefold()))
