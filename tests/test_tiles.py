import pytest

from toolkit.clean.regions import provinces
from toolkit.tiles import TILES, find_tile


def test_squares_bear_the_names_of_the_provinces():
    known = provinces(scope="all")
    assert {(code, tile.english, tile.chinese) for code, tile in TILES.items()} == set(
        known[["code", "name_en", "name_zh"]].itertuples(index=False, name=None)
    )


@pytest.mark.parametrize(
    ("place", "code"),
    [
        (" hunan ", "430000"),
        ("Hunan Province", "430000"),
        ("湖南省", "430000"),
        ("上海市", "310000"),
        ("内蒙古自治区", "150000"),
        ("广西壮族自治区", "450000"),
        ("Guangxi Zhuang Autonomous Region", "450000"),
        ("Xizang", "540000"),
        ("Hong Kong SAR", "810000"),
        (430000, "430000"),
    ],
)
def test_a_province_is_found_by_code_and_by_name(place, code):
    assert find_tile(place) == code


@pytest.mark.parametrize("place", ["吉林市", "海南藏族自治州", "Paris", "430100", "", None, 2023])
def test_what_is_no_province_has_no_square(place):
    assert find_tile(place) is None
