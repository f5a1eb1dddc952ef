"""What the caller decides, what the reader is told, and the names that are shown."""

import pandas as pd
import pytest

from toolkit.clean.regions import parse_regions, provinces, read_regions, region_names
from toolkit.errors import ColumnError, OptionError


def one(value: object, **options: object) -> object:
    code = parse_regions([value], **options)[0]
    return None if pd.isna(code) else code


def test_within_decides():
    assert one("Suzhou", level="prefecture", within="安徽") == "341300"
    assert one("吉林", level="prefecture") is None
    assert one("吉林", level="prefecture", within=220000) == "220200"
    assert one("长沙", level="county", within="430100") == "430121"
    assert one("Hunnan", level="any", within="Shenyang") == "210112"
    codes = parse_regions(["朝阳区"] * 4, level="any", within=["北京", "长春", None, "Hunnan"])
    assert codes.fillna("").tolist() == ["110105", "220104", "", ""]


def test_outside_the_limit_is_missing():
    read = read_regions(["湖南", "430100"], within="广东").loc[0]
    assert read[["issue", "candidates", "suggestion"]].tolist() == [
        "outside",
        "430000",
        "It is 430000 湖南省, not in 440000 广东省.",
    ]


def test_an_unknown_limit_in_a_row_is_said():
    read = read_regions(["朝阳区"], within=["Beijng"]).loc[0]
    assert read["suggestion"] == (
        "The place that it lies in, 'Beijng' is unknown. It can be 110000 北京市."
    )


def test_own_names_stand_first():
    assert one("麓谷", extra={"麓谷": "430104"}, level="any") == "430104"
    assert one("麓谷街道9号", extra={"麓谷": 430104}, level="any") == "430104"
    assert (
        one("Liangjiang New Area", extra={"liangjiang new area": "500112"}, level="any") == "500112"
    )
    table = pd.DataFrame({"name": ["总部", "Canton"], "code": ["110000", "44"]})
    read = read_regions(["总部", "canton"], extra=table)
    assert read["code"].tolist() == ["110000", "440000"]
    assert set(read["matched_as"]) == {"extra"}
    assert one("湘", extra={}) == "430000"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Shannxi", "Did you mean 140000 山西省 or 610000 陕西省?"),
        ("宝安县", "Did you mean 440306 宝安区, 广东?"),
        ("Heilongjaing", "Did you mean 230000 黑龙江省?"),
        ("439999", "No division has this code; 43 is 430000 湖南省."),
        ("999999", "No division has this code."),
        (
            "Atlantis",
            "No place is known by this name: correct it, or map it with extra= in Python, "
            "--place NAME=CODE on the command line.",
        ),
        (
            "Suzhou",
            "It can be 320500 苏州市, 江苏 or 341300 宿州市, 安徽: write the code, or say within= "
            "in Python, --within on the command line.",
        ),
        (
            "浙江（不含宁波）",
            "A part of 330000 浙江省, or beside it: if the whole is meant, map it with extra= in "
            "Python, --place NAME=CODE on the command line.",
        ),
    ],
)
def test_suggestions(text, sentence):
    assert read_regions([text])["suggestion"][0] == sentence


def test_a_province_among_prefectures_is_said():
    read = read_regions(["湖南"], level="prefecture").loc[0]
    assert read["issue"] == "wrong_level"
    assert read["suggestion"] == "It is 430000 湖南省, which is no prefecture, nor in a single one."


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"level": "provnce"},
            "level is one of country, province, prefecture, county, any; got 'provnce'. "
            "Did you mean 'province'?",
        ),
        (
            {"within": "Hunnan"},
            "within is a place, by its code or its name; 'Hunnan' is ambiguous. "
            "It can be 210112 浑南区, 辽宁 or 430000 湖南省 or 530000 云南省.",
        ),
        (
            {"within": ["湖南", "湖北"]},
            "within has one place for each value, or one for all; got 2 places for 1 values.",
        ),
        (
            {"within": pd.Series(["湖南"], index=[7])},
            "within has another index than values, so that rows may not belong together. "
            "Reindex it, or give within.array.",
        ),
        (
            {"extra": {"麓谷": "999999"}},
            "extra maps a name to a code of GB/T 2260, such as '430100'; got '999999' for '麓谷'. "
            "Correct the code, or leave the name out.",
        ),
        (
            {"extra": pd.DataFrame({"name": ["a", "A"], "code": ["43", "44"]})},
            "extra has two codes for 'A'. Leave one of them.",
        ),
    ],
)
def test_options_that_cannot_be_meant(options, sentence):
    with pytest.raises(OptionError) as error:
        parse_regions(pd.Series(["长沙"]), **options)
    assert str(error.value) == sentence


def test_a_table_is_not_a_column():
    with pytest.raises(OptionError) as error:
        parse_regions(pd.DataFrame({"region": ["湖南"], "amount": [1]}))
    assert str(error.value) == (
        "values is one column; got a table with the columns region, amount. Give one of them."
    )
    with pytest.raises(ColumnError) as error:
        parse_regions(["湖南"], extra=pd.DataFrame({"nme": ["麓谷"], "code": ["430104"]}))
    assert str(error.value) == (
        "No column 'name' in extra. Did you mean 'nme'? The table has: nme, code."
    )


def test_names_to_show():
    codes = pd.Series(["610000", "140000", 150000, "540000", "433100", "430121", None, "371200"])
    assert region_names(codes).fillna("").tolist() == [
        *["Shaanxi", "Shanxi", "Inner Mongolia", "Tibet", "Xiangxi", "Changsha", "", ""]
    ]
    assert region_names(codes, language="zh").fillna("").tolist() == [
        *["陕西", "山西", "内蒙古", "西藏", "湘西", "长沙县", "", ""]
    ]
    assert region_names(["610000", "100000"], language="zh_full").tolist() == [
        *["陕西省", "中华人民共和国"]
    ]
    assert region_names(["430000"]).dtype == "str"
    with pytest.raises(OptionError) as error:
        region_names(codes, language="ch")
    assert str(error.value) == "language is one of en, zh, zh_full; got 'ch'."


def test_provinces_in_the_order_of_their_codes():
    table = provinces()
    assert len(table) == 31
    assert table["code"].is_monotonic_increasing
    assert table.iloc[26].tolist() == ["610000", "Shaanxi", "陕西", "陕"]
    assert provinces(scope="all")["name_en"].tolist()[-3:] == ["Taiwan", "Hong Kong", "Macao"]
    with pytest.raises(OptionError) as error:
        provinces(scope="al")
    assert str(error.value) == "scope is one of mainland, all; got 'al'. Did you mean 'all'?"
