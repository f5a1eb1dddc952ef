import pandas as pd
import pytest

from toolkit.errors import ModelError
from toolkit.models.listings import figure_families, figure_table, lender_table
from toolkit.schema import FIGURES


@pytest.fixture
def figures():
    base = dict.fromkeys(FIGURES.names, "")
    rows = [
        {"region": "340000", "low": 2.1e11, "high": None, "unit": "CNY", "bound": "over"},
        {"region": "430100", "low": 0.92, "high": 0.92, "unit": "share", "bound": "exact"},
        {"region": "430000", "low": 5e4, "high": 2e5, "unit": "CNY", "bound": "range"},
        {"region": "430000", "low": None, "high": 18.0, "unit": "months", "bound": "under"},
        {"region": "430000", "low": 1172.0, "high": 1172.0, "unit": "count", "bound": "exact"},
    ]
    return pd.DataFrame([base | {"family": "programme"} | row for row in rows])


@pytest.fixture
def lenders():
    rows = [
        ("430000", "2016-12-31", "micro_lenders", 128.0, "count"),
        ("430000", "2016-12-31", "micro_lender_capital", 1.0e10, "CNY"),
        ("430000", "2016-12-31", "micro_lender_loans", 1.5e10, "CNY"),
        ("100000", "2016-12-31", "micro_lenders", 8673.0, "count"),
        ("430000", "2012-09-30", "micro_lenders", 71.0, "count"),
    ]
    table = pd.DataFrame(rows, columns=["region", "date", "indicator", "value", "unit"])
    return table.assign(date=pd.to_datetime(table["date"]))


def test_quantities_are_written_in_their_units(figures):
    frame = figure_table(figures).frame
    assert frame["from"].tolist() == ["210 billion CNY", "92%", "50,000 CNY", "", "1,172"]
    assert frame["to"].tolist() == ["", "92%", "200,000 CNY", "18 months", "1,172"]


def test_a_province_has_the_figures_of_its_cities_too(figures):
    assert len(figure_table(figures, region="430000").frame) == 4
    none = figure_table(figures, region="110000")
    assert none.notes == ("No published figure is about a place in this province.",)


def test_figures_of_one_unit_are_drawn_largest_first(figures):
    named = figures.assign(region_name=["a", "b", "c", "d", "e"])
    ax = figure_table(named).plot(unit="CNY")
    assert [label.get_text()[0] for label in ax.get_yticklabels()] == ["a", "c"]
    with pytest.raises(ModelError) as caught:
        figure_table(figures).plot(unit="EUR")
    assert str(caught.value) == ("No figure is in 'EUR'. The units are: CNY, count, months, share.")


def test_families_are_counted(figures):
    frame = figure_families(figures).frame
    assert frame.loc[0, ["family", "exact", "figures"]].tolist() == ["programme", 2, 5]


def test_lenders_of_one_province_over_time(lenders):
    frame = lender_table(lenders, region="430000").frame
    assert frame["date"].tolist() == ["2012-09-30", "2016-12-31"]
    assert frame["loans per yuan of capital"].tolist()[1] == 1.5
    assert frame["micro-lenders"].tolist() == [71, 128]


def test_lenders_of_all_provinces_at_the_fullest_date_with_the_nation_last(lenders):
    table = lender_table(lenders)
    assert table.title == "Micro-lenders by province, 2016-12-31"
    assert table.frame["region"].tolist() == ["430000", "100000"]
