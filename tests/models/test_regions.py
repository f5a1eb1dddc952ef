"""Regions are called by their names wherever the names are known."""

import pandas as pd
import pytest

from tests.models.magnetism.ledgers import ledger_of
from toolkit.errors import OptionError
from toolkit.language import speaking
from toolkit.models.magnetism import (
    capital_magnetism,
    magnetism_curve,
    magnetism_ratio,
    shrink_ratios,
)
from toolkit.models.regions import find_code, named_in, names_of, with_names

CODES = ["140000", "430000", "610000", "420000", "110000"]
WINDOW = {"window": "ignore", "cluster": "firm_id", "observed_until": "2024-12-31"}


@pytest.fixture(scope="module")
def ledger():
    table = ledger_of(firms=200, clusters=5, seed=1)
    codes = dict(zip(sorted(set(table["region"])), CODES, strict=True))
    return table.assign(region=table["region"].map(codes))


def test_provinces_have_names_in_the_language_spoken():
    assert names_of(["430000", None, 610000.0]) == {"430000": "Hunan", "610000": "Shaanxi"}
    with speaking("zh"):
        assert names_of(["430000", "100000"]) == {"430000": "湖南", "100000": "全国"}


def test_names_of_the_data_win_and_half_a_list_is_none():
    assert names_of(["430000"], {"430000": "Lake South"}) == {"430000": "Lake South"}
    assert names_of(["430000", "430100"]) == {}
    terms = pd.DataFrame({"region": ["430000", "430100"], "term": "ratio"})
    assert "region_name" not in with_names(terms)


def test_the_names_of_a_table_are_read_whatever_holds_it(tmp_path):
    frame = pd.DataFrame({"region": ["430000", "430000"], "region_name": ["Hunan", None]})
    frame.to_parquet(tmp_path / "t.parquet")
    assert named_in(frame) == named_in(tmp_path / "t.parquet") == {"430000": "Hunan"}
    assert named_in(frame[["region"]]) == {}


@pytest.mark.parametrize("given", ["430000", 430000, "Hunan", "hunan", "湖南省"])
def test_a_region_is_found_by_code_or_name(given):
    assert find_code(given, {"430000": "Hunan"}, ["430000", "140000"]) == "430000"


def test_capital_magnetism_names_regions_in_table_figure_and_sentences(ledger):
    result = capital_magnetism(ledger, by="region", **WINDOW)
    table = result.tidy()
    assert table["region_name"].tolist()[:2] == ["Beijing", "Shanxi"]
    assert table["region"].tolist()[:2] == ["110000", "140000"]
    labels = [label.get_text() for label in result.plot().get_yticklabels()]
    assert sorted(labels) == ["Beijing", "Hubei", "Hunan", "Shaanxi", "Shanxi"]
    assert result.standing(region="140000").startswith("Shanxi: ")
    assert result.standing(region="Shanxi") == result.standing(region="140000")
    for shown in (result.summary(), result.to_html(), result.to_latex()):
        assert "Shanxi" in shown
        assert "140000" not in shown
    assert set(result.ranking()["region_name"]) == set(labels)
    assert "Shanxi" in str(shrink_ratios(result))


def test_capital_magnetism_takes_the_names_that_the_ledger_has(ledger, tmp_path):
    named = ledger.assign(region_name="R" + ledger["region"].str[:2])
    named.to_parquet(tmp_path / "ledger.parquet")
    for held in (named, tmp_path / "ledger.parquet"):
        table = capital_magnetism(held, by=["region", "sector"], **WINDOW).tidy()
        assert table["region_name"].dropna().unique().tolist() == [
            "R11",
            "R14",
            "R42",
            "R43",
            "R61",
        ]
    curve = magnetism_curve(named, by="region", cluster="firm_id", months=3)
    assert "R14: " in curve.sentence()


def test_cities_without_names_keep_their_codes(ledger):
    cities = ledger.assign(region=ledger["region"].str[:2] + "0100")
    result = capital_magnetism(cities, by="region", **WINDOW)
    assert "region_name" not in result.tidy()
    assert result.standing(region="140100").startswith("140100: ")


def test_a_region_that_the_result_does_not_have_is_named_with_those_it_has():
    frame = pd.DataFrame({"region": ["430000", "140000"], "lead": [1.0, 2], "follow": [3.0, 4]})
    result = magnetism_ratio(frame, lead="lead", follow="follow", by="region")
    with pytest.raises(OptionError) as caught:
        result.standing(region="Hubei")
    assert str(caught.value) == (
        "This result has no region 'Hubei'. Its regions are: Shanxi (140000), Hunan (430000)."
    )


def test_a_group_that_is_no_region_is_named_once():
    frame = pd.DataFrame({"county": ["a", "b"], "lead": [1.0, 2], "follow": [3.0, 4]})
    result = magnetism_ratio(frame, lead="lead", follow="follow", by="county")
    assert result.standing(county="a").startswith("a: 3.000 yuan per yuan")


def test_names_are_chinese_where_chinese_is_spoken(ledger):
    with speaking("zh"):
        result = capital_magnetism(ledger, by="region", **WINDOW)
        assert result.standing(region="山西").startswith("山西：")
        assert "湖南" in result.to_html()
