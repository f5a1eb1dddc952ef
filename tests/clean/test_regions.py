"""What is read as which place, and what is left alone."""

import csv
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.clean.regions import columns, parse_regions, read_regions

# Written down from the standard, not from the table under test.
ROWS = (Path(__file__).parent / "province_forms.csv").read_text(encoding="utf-8").splitlines()
FORMS = {
    form: row["code"]
    for row in csv.DictReader(ROWS)
    for column in ("full", "short", "abbreviation", "latin")
    for form in row[column].split("|")
}


def one(value: object, **options: object) -> object:
    code = parse_regions([value], **options)[0]
    return None if pd.isna(code) else code


def test_every_province_is_read_in_every_form():
    assert len(set(FORMS.values())) == 34
    read = parse_regions(FORMS)
    assert dict(zip(FORMS, read, strict=True)) == FORMS


@given(st.sampled_from(sorted(FORMS)), st.data())
def test_spaces_case_width_and_marks_change_nothing(form, data):
    text = data.draw(st.sampled_from([form, form.upper(), form.lower(), form.swapcase()]))
    spaces = st.sampled_from(["", " ", "\u3000", "\t", "\u200b", "\xa0"])
    if not text.isascii():
        text = "".join(letter + data.draw(spaces) for letter in text)
    text = data.draw(spaces) + text + data.draw(spaces)
    if data.draw(st.booleans()):
        text = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    assert one(text) == FORMS[form]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("430000", "430000"),
        (430000, "430000"),
        (430000.0, "430000"),
        ("430000.0", "430000"),
        ("43", "430000"),
        (43, "430000"),
        ("4301", "430100"),
        ("430100", "430100"),
        ("４３０１００", "430100"),
        ("430 100", "430100"),
        ("430102001", "430102"),
        ("430102001000", "430102"),
        ("430101", "430100"),
        ("430171", "430100"),
        ("110100", "110000"),
        ("500200", "500000"),
        ("469000", "460000"),
        ("430000 湖南省", "430000"),
        ("湖南省(430000)", "430000"),
        ("110105朝阳区", "110105"),
        ("439999", None),
        ("4", None),
        ("430", None),
        ("4,3", None),
        ("-430000", None),
        ("430100.5", None),
        ("000000", None),
        (True, None),
        ("440000 湖南省", None),
    ],
)
def test_codes(value, code):
    assert one(value, level="any") == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("湖南省长沙市岳麓区麓谷大道1号", "430104"),
        ("中国湖南长沙", "430100"),
        ("长沙高新区麓谷", "430100"),
        ("广东深圳南山", "440305"),
        ("内蒙 古呼和浩特市新城区", "150102"),
        ("重庆市市辖区渝北区", "500112"),
        ("海南藏族自治州共和县", "632521"),
        ("吉林吉林", "220200"),
        ("北京朝阳", "110105"),
        ("河南县", "632324"),
        ("湖南省益阳市南县", "430921"),
        ("唐山路北", "130203"),
        ("永州道县", "431124"),
        ("长沙,湖南", "430100"),
        ("湖南省长沙市 410082", "430100"),
        ("湖南 Hunan", "430000"),
        ("1、北京市", "110000"),
        ("Changsha, Hunan", "430100"),
        ("Hunan, Changsha", "430100"),
        ("Hunan Changsha", "430100"),
        ("Guangdong Shenzhen Nanshan", "440305"),
        ("No. 1 Lugu Avenue, Yuelu District, Changsha, Hunan 410000, P.R. China", "430104"),
        ("Suzhou, Jiangsu", "320500"),
        ("Suzhou (Anhui)", "341300"),
        ("Changsha County", "430121"),
        ("Jilin City", "220200"),
        ("Xiangxi Tujia and Miao Autonomous Prefecture", "433100"),
        ("Xi’an", "610100"),
        ("Ürümqi", "650100"),
        ("湘西州", "433100"),
        ("恩施土家族苗族自治州", "422800"),
        ("吉林市", "220200"),
        ("吉林", "220000"),
    ],
)
def test_names_and_addresses(text, code):
    assert one(text, level="any") == code


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("Suzhou", "320500|341300"),
        ("Fuzhou", "350100|361000"),
        ("朝阳区", "110105|220104"),
        ("朝阳", "211300|110105|220104"),
        ("Canton", "440000|440100"),
        ("北京、天津", "110000|120000"),
        ("山西 Shaanxi", "140000|610000"),
        ("440000 湖南", "430000|440000"),
        ("浙江省(不含宁波)", "330000"),
        ("Zhejiang (excluding Ningbo)", "330000"),
        ("新疆生产建设兵团", "650000"),
        ("Hunnan", "210112|430000|530000"),
    ],
)
def test_ambiguous_is_missing_with_its_candidates(text, candidates):
    read = read_regions([text], level="any").loc[0]
    assert (read["issue"], read["candidates"]) == ("ambiguous", candidates)
    assert pd.isna(read["code"])


@pytest.mark.parametrize(
    "text",
    [
        "Shannxi",
        "湖男省",
        "中山大学",
        "南京东路",
        "平安银行",
        "长三角",
        "Texas",
        "Changsha, Texas",
        "县",
        "市辖区",
    ],
)
def test_unknown(text):
    assert read_regions([text])["issue"][0] == "unknown"


def test_ambiguity_below_the_level_asked_does_not_matter():
    assert one("桥西区") == "130000"
    assert one("Canton") == "440000"
    assert one("341400") == "340000"
    assert one("341400", level="prefecture") is None


@pytest.mark.parametrize(
    ("text", "level", "code"),
    [
        ("430104", "province", "430000"),
        ("岳麓区", "prefecture", "430100"),
        ("岳麓区", "country", "100000"),
        ("北京", "prefecture", "110000"),
        ("海淀区", "prefecture", "110000"),
        ("仙桃市", "prefecture", "429004"),
        ("香港", "prefecture", "810000"),
        ("东莞", "county", "441900"),
        ("嘉峪关市", "county", "620201"),
        ("湖南", "prefecture", None),
        ("长沙", "county", None),
        ("全国", "any", "100000"),
        ("China", "country", "100000"),
    ],
)
def test_levels(text, level, code):
    assert one(text, level=level) == code


def test_the_nation_is_no_province():
    read = read_regions(["全国", "全   国", "合计", "China", 100000])
    assert read["code"].isna().all()
    assert set(read["issue"]) == {"nation"}
    assert read["suggestion"][0] == (
        "The whole nation: leave the row out, or say level='any' in Python, --level any on the "
        "command line."
    )


def test_former_divisions_are_said():
    read = read_regions(["371200", "莱芜市", "Xiangfan", "密云县"], level="any")
    assert read["code"].tolist() == ["370100", "370100", "420600", "110118"]
    assert set(read["issue"]) == {"abolished"}
    assert read["suggestion"][1] == "371200 莱芜市, merged in 2019; now 370100 济南市, 山东."
    assert one("襄樊市樊城区", level="any") == "420606"


def test_how_each_was_read():
    ways = {
        "430000": "code",
        "湖南省": "full",
        "湖南": "short",
        "湘": "abbreviation",
        "Hunan": "latin",
        "Nei Mongol": "variant",
        "湖南长沙": "address",
        "湘江新区": "new_area",
        "莱芜市": "abolished",
    }
    read = read_regions(ways)
    assert dict(zip(ways, read["matched_as"], strict=True)) == ways
    assert read["issue"].dropna().tolist() == ["abolished"]
    assert read.loc[1, ["code", "name_zh", "name_en", "level"]].tolist() == [
        "430000",
        "湖南省",
        "Hunan",
        "province",
    ]


def test_columns_keep_index_name_and_dtype():
    values = pd.Series(["湖南", None, "x", "湖南"], index=list("abca"), name="region")
    codes = parse_regions(values)
    assert codes.name == "region"
    assert codes.index.tolist() == list("abca")
    assert codes.dtype == "str"
    assert codes.fillna("").tolist() == ["430000", "", "", "430000"]
    read = read_regions(values)
    assert read.index.tolist() == list("abca")
    assert (read.dtypes == "str").all()
    assert parse_regions([]).dtype == "str"
    assert parse_regions("湖南").tolist() == ["430000"]
    assert parse_regions(values.astype("category")).fillna("").tolist()[0] == "430000"


@pytest.mark.parametrize(
    "text", ["", "  ", "-", "—", "N/A", "nan", None, float("nan"), pd.NaT, "不详"]
)
def test_missing(text):
    read = read_regions([text]).loc[0]
    assert read["issue"] == "missing"
    assert read.drop("issue").isna().all()


def test_each_distinct_text_is_read_once(monkeypatch):
    seen = []
    real = columns.read_text
    monkeypatch.setattr(columns, "read_text", lambda *given: seen.append(given[0]) or real(*given))
    assert parse_regions(["湖南", "Hunan", 43, None] * 500).notna().sum() == 1500
    assert sorted(seen) == ["", "43", "Hunan", "湖南"]


@given(
    st.lists(st.text() | st.text(alphabet="湖南北京市省长沙区县州路、,() 吉林海4301Hunan'-")),
    st.sampled_from(["country", "province", "prefecture", "county", "any"]),
)
def test_no_text_raises(texts, level):
    read = read_regions(texts, level=level)
    assert len(read) == len(texts)
    assert ((read["code"].isna()) <= read["issue"].notna()).all()


@given(
    st.lists(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.binary()
        | st.dates()
        | st.lists(st.integers())
    )
)
def test_no_other_value_raises(values):
    assert len(parse_regions(values)) == len(values)
