"""What is said in English and in Chinese, by results, tables, figures and places."""

import math

import pandas as pd
import pytest

import toolkit as tk
from toolkit import figures
from toolkit.clean import checks
from toolkit.errors import OptionError
from toolkit.language import say, speak, speaking, spoken
from toolkit.results import KEY_FIGURES, Prose, Result, Table, format_number

FIRMS = pd.DataFrame(
    {"county": list("aabc"), "micro": [1.0, 1.0, 2.0, 1.0], "bank": [4.0, 6.0, 10.0, 0.0]}
)


@pytest.fixture
def chinese():
    """Speak Chinese for the length of a test."""
    with speaking("zh"):
        yield


def ratio():
    return tk.magnetism_ratio(FIRMS, lead="micro", follow="bank", cluster="county")


def test_english_is_spoken_unless_another_language_is_asked_for():
    assert spoken() == "en"
    assert say("ratio of sums") == "ratio of sums"


def test_what_is_spoken_holds_until_something_else_is():
    try:
        speak("zh")
        assert say("ratio of sums") == "总额之比"
        with speaking("en"):
            assert say("ratio of sums") == "ratio of sums"
        assert spoken() == "zh"
    finally:
        speak("en")


def test_a_block_speaks_its_language_to_its_end_whatever_happens_in_it():
    with pytest.raises(ZeroDivisionError), speaking("zh"):
        assert 1 / 0
    assert spoken() == "en"


def test_a_language_that_is_not_spoken_is_refused():
    with pytest.raises(OptionError) as caught:
        speak("cn")
    assert str(caught.value) == "language is 'en' or 'zh'; got 'cn'."
    assert spoken() == "en"


def test_a_text_without_chinese_stays_as_it_is(chinese):
    assert say("No such sentence.") == "No such sentence."
    assert say("{braces} stay where there are no values") == (
        "{braces} stay where there are no values"
    )


def test_values_that_are_texts_are_said_and_numbers_are_written_as_before(chinese):
    assert say("{low} to {high}", low=1, high="unbounded") == "1 至 无界"
    assert say("{level:g}% interval", level=95.0) == "95%置信区间"


def test_a_result_shows_chinese_and_keeps_its_names_for_programs(chinese):
    result = ratio()
    page = result.to_html()
    assert "<figcaption>每元小额贷款对应的银行 <small>(元/元)</small></figcaption>" in page
    for heading in ("估计值", "标准误", "置信下限", "聚类数"):
        assert f">{heading}</th>" in page
    assert "estimate" not in page
    assert result.unit == "yuan per yuan"
    assert list(result.tidy().columns)[:3] == ["term", "estimate", "std_error"]
    assert result.to_csv().startswith("term,estimate,std_error,")
    assert "95%置信区间" in result.sentence()
    assert "单位：元/元" in result.summary()
    assert "（模拟数据）" in result.labelled("simulated data").title


def test_a_result_made_in_english_shows_its_table_in_the_language_of_the_reader():
    result = ratio()
    english = result.to_html()
    with speaking("zh"):
        assert "估计值" in result.to_html()
    assert result.to_html() == english
    assert "<th scope='col'>estimate</th>" in english


def test_headings_and_facts_of_survival_and_magnetism_are_chinese(chinese):
    start = pd.to_datetime("2020-01-10")
    ledger = pd.DataFrame(
        {
            "firm_id": ["a", "a", "b"],
            "tier": ["micro", "bank", "micro"],
            "date": [start, start + pd.DateOffset(months=3), start],
            "amount_cny": [1.0, 4.0, 2.0],
        }
    )
    money = tk.capital_magnetism(
        ledger, window="complete", cluster="firm_id", observed_until="2023-12-31"
    ).summary()
    assert "窗口：仅完整窗口" in money
    assert "区间方法：线性化" in money
    spells = pd.DataFrame(
        {
            "duration": [3.0, 5.0, 8.0],
            "outcome": ["production", "exit", "production"],
        }
    )
    curve = tk.survival_curve(spells, exits="censor").summary()
    assert "退出的处理：按删失" in curve
    assert "区间方法：双对数变换" in curve
    for text in (money, curve):
        head = next(line for line in text.splitlines() if "估计值" in line)
        assert "个单位" not in head
    assert "单位数" in money


def test_a_table_is_shown_in_chinese_and_written_in_english(chinese):
    table = Table(
        title="Published figures",
        frame=pd.DataFrame({"series": ["gross regional product", "free text"], "year": [2023, 24]}),
        notes=("Values in CNY are nominal.",),
    )
    page = table.to_html()
    assert "<figcaption>公布数字</figcaption>" in page
    assert "<td class='words'>地区生产总值</td><td>2023</td>" in page
    assert "<td class='words'>free text</td>" in page
    assert "以元计的数值为名义值。" in page
    assert table.to_csv() == "series,year\ngross regional product,2023\nfree text,24\n"


def test_key_figures_carry_chinese_names(chinese):
    prose = Prose("…", key_figures={"growth multiple": "0.91"})
    assert prose._repr_mimebundle_()[KEY_FIGURES] == {"增长倍数": "0.91"}
    assert prose.key_figures == {"growth multiple": "0.91"}


def test_what_is_no_number_is_said(chinese):
    assert format_number(math.nan) == "不适用"
    assert format_number(math.inf) == "无界"


def test_word_documents_are_written_in_chinese(chinese, tmp_path):
    from docx import Document

    document = Document(str(ratio().to_word(tmp_path / "ratio.docx")))
    assert document.paragraphs[1].text == "单位：元/元。"
    assert document.tables[0].rows[0].cells[1].text == "估计值"


def test_figures_name_their_axes_in_chinese(chinese):
    ax = figures.lines(
        pd.DataFrame({"year": [1, 2], "value": [1.0, 2.0], "of": ["battery", "software"]}).merge(
            pd.DataFrame({"year": [1, 2]})
        ),
        x="year",
        y="value",
        by="of",
        x_label="year",
        y_label="yuan per yuan",
        title="Published figures",
    )
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("年份", "元/元")
    assert ax.get_title(loc="left") == "公布数字"
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["电池", "软件"]


def test_a_chinese_title_breaks_at_half_the_letters():
    ax = figures.lines(
        pd.DataFrame({"x": [1, 2], "y": [1.0, 2.0], "of": "a"}),
        x="x",
        y="y",
        by="of",
        x_label="x",
        y_label="y",
        title="省" * 100,
    )
    assert [len(line) for line in ax.get_title(loc="left").splitlines()] == [36, 36, 28]


def test_a_tile_map_names_provinces_in_chinese(chinese):
    table = pd.DataFrame({"region": ["430000", "110000"], "value": [1.0, 2.0]})
    ax = figures.tile_map(table, region="region", value="value", scale="growth multiple")
    texts = {text.get_text() for text in ax.texts}
    assert {"湖南", "内蒙古"} <= texts
    assert "HN" not in texts


def test_places_have_their_chinese_names(chinese):
    assert tk.find_region("Hunan").name == "湖南"
    table = pd.DataFrame({"region": ["430000", "100000"]})
    assert tk.name_regions(table)["region_name"].tolist() == ["湖南", "全国"]
    assert tk.name_regions(table, language="en")["region_name"].tolist() == ["Hunan", "China"]


def test_what_was_probably_meant_is_said(chinese):
    places = tk.read_regions(["Guandong", "朝阳区", "999999"], level="any")["suggestion"]
    assert places.tolist() == [
        "是否指 440000 广东省？",
        "可能是 110105 朝阳区, 北京 或 220104 朝阳区, 吉林："
        "请写代码，或以 within= 说明（命令行：--within）。",
        "没有行政区划使用此代码。",
    ]
    reasons = tk.read_amounts(["1.2.5万元", None])["reason"].tolist()
    assert reasons == ["'1.2.5万元' 不是金额", "无数值"]


def test_what_does_not_agree_is_said(chinese):
    cell = {"indicator": "population", "unit": "persons", "vintage": "unstated", "file": "a.csv"}
    table = pd.DataFrame(
        [
            cell | {"region": region, "year": year, "value": value, "row": 2}
            for region, year, value in [
                ("430000", 2023, 1.0),
                ("430000", 2024, 20.0),
                ("110000", 2023, 1.0),
                ("100000", 2024, 25.0),
            ]
        ]
    )
    assert checks.nation_against_sum(table)["before"].tolist() == [
        "2024：population 全国数为 25，各省合计 20（-20.0%）"
    ]
    assert checks.jumps(table)["before"].tolist() == ["430000 2024 年：population 为 20，上年为 1"]
    assert checks.gaps(table)["before"].tolist() == ["population (unstated) 2024: 缺 110000"]


def test_errors_are_in_english_whatever_is_spoken(chinese):
    with pytest.raises(OptionError) as caught:
        tk.find_region("Guandong")
    assert str(caught.value) == (
        "'Guandong' is not one province of GB/T 2260. Did you mean 440000 广东省?"
    )


def test_the_mark_of_simulated_data_is_said(chinese):
    table = pd.DataFrame({"a": [1]})
    table.attrs["simulated"] = "simulated study of 2,170 firms, random_state 2024"
    assert tk.label_of(table) == "2,170 家企业的模拟研究，随机种子 2024"
    assert table.attrs["simulated"].startswith("simulated study of 2,170 firms")


@pytest.mark.parametrize(
    ("amount", "english", "chinese"),
    [
        (1_341_000_000, "¥1.34 billion", "13.41亿元"),
        (2.6e12, "¥2.6 trillion", "2.6万亿元"),
        (9_000_000, "¥9 million", "900万元"),
    ],
)
def test_money_is_counted_as_each_language_counts(amount, english, chinese):
    from toolkit.models.instruments.wording import money_text

    assert money_text(amount) == english
    with speaking("zh"):
        assert money_text(amount) == chinese


def test_a_result_of_a_subclass_says_its_notes_and_title():
    terms = ratio().terms
    result = Result(title="Log-rank test", unit="share", terms=terms, notes=("Exits compete.",))
    with speaking("zh"):
        assert "对数秩检验" in result.to_latex()
        assert r"\item 退出为竞争风险。" in result.to_latex()
        assert result.sentence().startswith("对数秩检验：4.000 比例（95%置信区间：")
