import pandas as pd
import pytest

from tests.project import RAW
from toolkit.clean.programmes import NEEDED, clean_figures
from toolkit.errors import ColumnError
from toolkit.schema import FIGURES


@pytest.fixture(scope="module")
def figures():
    return clean_figures(RAW / "published_figures.csv")


def rows(*changes):
    base = dict.fromkeys(NEEDED, "") | {
        "figure_id": "f1",
        "region": "Anhui",
        "region_code": "340000",
        "as_published": "107",
        "period": "2025-11",
    }
    return pd.DataFrame([base | change for change in changes])


def test_all_figures_are_read(figures):
    assert figures.table.columns.tolist() == FIGURES.names
    assert figures.audit.balance() == "111 rows in = 111 passed + 0 duplicates + 0 rejected"


def test_a_bound_leaves_the_other_side_empty(figures):
    row = figures.table.set_index("figure_id").loc["anhui_growth_plan_balance"]
    assert row["low"] == 210_000_000_000
    assert pd.isna(row["high"])
    assert row[["bound", "unit"]].tolist() == ["over", "CNY"]


def test_the_text_and_the_period_are_kept(figures):
    row = figures.table.set_index("figure_id").loc["jiangsu_su_chuang_rong"]
    assert row["as_published"] == "397.8 billion yuan"
    assert (row["start"], row["end"]) == (pd.Timestamp("2025-07-01"), pd.Timestamp("2025-09-30"))


def test_what_is_approximate_or_undated_is_said(figures):
    assert figures.audit.count("approximate") == 2
    assert figures.audit.count("period_missing") == 5
    assert figures.audit.count("place_disagrees") == 0


def test_what_cannot_be_read_or_cited_is_rejected():
    table = rows(
        {"as_published": "a great deal"},
        {"figure_id": "f2"},
        {"figure_id": "f2"},
        {"figure_id": ""},
    )
    cleaned = clean_figures(table)
    assert cleaned.rejected["reasons"].tolist() == [
        "not_a_figure",
        "name_repeated",
        "name_repeated",
        "no_name",
    ]


def test_a_code_of_another_place_is_flagged_and_stands():
    cleaned = clean_figures(rows({"region_code": "430000"}))
    assert cleaned.table["region"].tolist() == ["430000"]
    events = cleaned.audit.events
    assert events.loc[events["rule"] == "place_disagrees", "before"].tolist() == [
        "Anhui: 430000 given, 340000 meant"
    ]


def test_an_unread_period_is_flagged():
    assert clean_figures(rows({"period": "someday"})).audit.count("period_unread") == 1


def test_a_missing_column_is_named():
    with pytest.raises(ColumnError, match=r"^No column 'as_published'\."):
        clean_figures(rows({}).drop(columns="as_published"))
