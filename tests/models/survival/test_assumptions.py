"""The assumption sheet says how the share moves."""

import duckdb
import pandas as pd
import pytest

from toolkit.errors import OptionError
from toolkit.models.survival import assumption_sheet, reach


def shares(data, **options):
    return assumption_sheet(data, **options).tidy().set_index("term")["estimate"]


def test_each_row_by_hand(seven):
    found = shares(seven, months=4)
    assert found["exits compete"] == pytest.approx(11 / 36)
    assert found["exits censored"] == pytest.approx(11 / 36)
    assert found["late entry ignored"] == pytest.approx(2 / 7)
    # Production at 4, 5 and 7: one exit of seven at 3, then one of five.
    assert found["quarters read as their first month"] == pytest.approx(6 / 7 / 5)
    # Production at 0, 1 and 3: one of five, one of four, one of five beside an exit.
    assert found["quarters read as their last month"] == pytest.approx(13 / 25)
    # Of five that ended, two were in production by month 4; of three in production, two.
    assert found["unfinished dropped"] == pytest.approx(2 / 5)
    assert found["only those in production"] == pytest.approx(2 / 3)


def test_reference_is_the_reach_with_competing_exits(mgus2):
    sheet = assumption_sheet(mgus2, months=120, claim=0.92)
    own = reach(mgus2, months=120, exits="compete", claim=0.92).tidy().iloc[0]
    row = sheet.tidy().iloc[0]
    for name in ("estimate", "std_error", "conf_low", "conf_high", "statistic", "p_value"):
        assert row[name] == own[name]
    assert sheet.tidy()["change"].iloc[0] == 0
    assert "late entry ignored" not in sheet.tidy()["term"].tolist()


def test_dropping_the_unfinished_flatters(mgus2):
    found = shares(mgus2, months=120)
    assert found["exits compete"] < found["exits censored"] < found["only those in production"]
    sentence = assumption_sheet(mgus2, months=120).sentence()
    assert sentence.endswith("under the most flattering reading (only those in production).")


def test_it_runs_where_the_data_is(seven):
    in_memory = assumption_sheet(seven, months=4).tidy()
    in_engine = assumption_sheet(duckdb.from_df(seven), months=4).tidy()
    pd.testing.assert_frame_equal(in_engine, in_memory, check_dtype=False)


def test_plot_has_one_line_per_assumption_and_the_claim(seven):
    axes = assumption_sheet(seven, months=4, claim=0.9).plot()
    assert len(axes.get_yticklabels()) == 7
    assert any(text.get_text() == "claimed 90.0%" for text in axes.texts)
    axes.figure.clear()


def test_counts_are_refused():
    counts = pd.DataFrame({"age": [3], "at_risk": [10], "events": [1]})
    with pytest.raises(OptionError, match="needs the spells; this table holds counts by age"):
        assumption_sheet(counts, months=3)
