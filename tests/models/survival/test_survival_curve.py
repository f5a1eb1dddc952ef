"""Survival curves from spells, against hand, R and simulation."""

from fractions import Fraction

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import ColumnError, DataError, ModelError, OptionError
from toolkit.models.survival import survival_curve

HAND_CENSOR = [Fraction(5, 6), Fraction(25, 36), Fraction(25, 54), Fraction(25, 54)]
HAND_COMPETE = [Fraction(5, 6), Fraction(5, 9), Fraction(5, 27), Fraction(5, 27)]


def test_seven_rows_by_hand(seven):
    table = survival_curve(seven, exits="censor").tidy()
    assert list(table.columns[:3]) == ["age", "term", "estimate"]
    assert table["age"].tolist() == [2, 3, 5, 6]
    assert table["at_risk"].tolist() == [6, 6, 3, 1]
    assert table["events"].tolist() == [1, 1, 1, 0]
    assert table["exits"].tolist() == [0, 1, 1, 0]
    assert table["censored"].tolist() == [0, 1, 0, 1]
    np.testing.assert_allclose(table["estimate"], [float(s) for s in HAND_CENSOR], rtol=1e-14)
    greenwood = np.cumsum([1 / 30, 1 / 30, 1 / 6, 0])
    np.testing.assert_allclose(
        table["std_error"], table["estimate"] * np.sqrt(greenwood), rtol=1e-14
    )


def test_seven_rows_with_exits_as_ends(seven):
    table = survival_curve(seven, exits="compete").tidy()
    np.testing.assert_allclose(table["estimate"], [float(s) for s in HAND_COMPETE], rtol=1e-14)
    assert table["events"].tolist() == [1, 1, 1, 0]


def test_ignoring_entry_puts_everyone_at_risk_from_the_start(seven):
    table = survival_curve(seven, exits="censor", entry="ignore").tidy()
    assert table["at_risk"].tolist() == [7, 6, 3, 1]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("log-log", "log-log"), ("log", "log"), ("plain", "plain"), ("arcsine", "arcsin")],
)
def test_lung_equals_r(lung, r_answers, ours, theirs):
    answer = r_answers[f"km_{theirs}"]
    table = survival_curve(lung, exits="censor", interval=ours).tidy()
    assert table["age"].tolist() == answer["time"]
    assert table["at_risk"].tolist() == answer["at_risk"]
    np.testing.assert_allclose(table["estimate"], answer["survival"], atol=1e-12)
    np.testing.assert_allclose(table["std_error"], answer["std_error"], atol=1e-12)
    np.testing.assert_allclose(table["conf_low"], answer["low"], atol=1e-12)
    np.testing.assert_allclose(table["conf_high"], answer["high"], atol=1e-12)


def test_lung_with_late_entry_equals_r(lung, r_answers):
    answer = r_answers["km_entry"]
    table = survival_curve(lung.assign(entry=lung["late"]), exits="censor").tidy()
    assert table["at_risk"].tolist() == answer["at_risk"]
    np.testing.assert_allclose(table["estimate"], answer["survival"], atol=1e-12)
    np.testing.assert_allclose(table["std_error"], answer["std_error"], atol=1e-12)


def test_weights_equal_r(lung, r_answers):
    answer = r_answers["km_weights"]
    table = survival_curve(lung, exits="censor", weights="w").tidy()
    np.testing.assert_allclose(table["at_risk"], answer["at_risk"], atol=1e-9)
    np.testing.assert_allclose(table["estimate"], answer["survival"], atol=1e-12)
    np.testing.assert_allclose(table["std_error"], answer["std_error"], atol=1e-10)


def test_clusters_equal_r(lung, r_answers):
    answer = r_answers["km_cluster"]
    curve = survival_curve(lung, exits="censor", cluster="inst")
    np.testing.assert_allclose(curve.tidy()["std_error"], answer["std_error"], atol=1e-10)
    assert "1 spells without a value of inst are left out." in curve.notes
    assert any("18 clusters; with so few, intervals are too narrow" in n for n in curve.notes)


def test_quantiles_equal_r(lung, r_answers):
    answer = r_answers["quantiles"]
    table = survival_curve(lung, exits="censor", by="sex").quantiles().tidy()
    assert table["sex"].tolist() == [1, 1, 1, 2, 2, 2]
    np.testing.assert_array_equal(table["estimate"], np.ravel(answer["quantile"]))
    np.testing.assert_array_equal(table["conf_low"], np.ravel(answer["lower"]))
    np.testing.assert_array_equal(table["conf_high"], np.ravel(answer["upper"]))


def test_published_median_is_in_the_sentence(lung):
    curve = survival_curve(lung, exits="censor", event="death")
    assert curve.sentence() == (
        "half reach death within 310 months (95% interval 284 to 361) (228 spells)."
    )
    assert curve.key_figures() == {"median months to death": "310"}


def test_sentence_without_a_median(seven):
    curve = survival_curve(seven[seven["outcome"] != "production"], exits="censor")
    assert "0.0% (95% interval 0.0% to 0.0%) reach production within 6 months" in curve.sentence()


def test_notes_say_what_was_assumed(seven):
    notes = survival_curve(seven, exits="censor").notes
    assert notes[0].startswith("Of 2 units that left for good, exits are censored")
    assert notes[1] == (
        "2 came under observation after their start and are at risk from then on (left truncation)."
    )
    assert "Fewer than 10 are at risk from month 2 on." in notes
    assert "exits compete" in survival_curve(seven, exits="compete").notes[0]


def test_an_emptied_risk_set_is_said():
    early = pd.DataFrame(
        {
            "entry": [0, 2, 2, 2],
            "duration": [1, 4, 5, 6],
            "outcome": ["production", "production", "censored", "production"],
        }
    )
    curve = survival_curve(early, exits="censor")
    assert curve.tidy()["estimate"].tolist() == [0.0, 0.0, 0.0, 0.0]
    assert any("All who were at risk ended from month 1 on" in note for note in curve.notes)


@pytest.mark.parametrize("kind", ["polars", "duckdb", "parquet", "csv", "arrow", "lazy"])
def test_any_frame_gives_the_same(seven, kind, tmp_path):
    seven = seven.assign(region=["A", "A", "A", "A", "B", "B", "B"])
    made = {
        "polars": lambda: pl.from_pandas(seven),
        "lazy": lambda: pl.from_pandas(seven).lazy(),
        "arrow": lambda: pl.from_pandas(seven).to_arrow(),
        "duckdb": lambda: duckdb.from_df(seven),
        "parquet": lambda: _written(seven, tmp_path / "seven.parquet"),
        "csv": lambda: _written(seven, tmp_path / "seven.csv"),
    }[kind]()
    expected = survival_curve(seven, exits="censor", by="region").tidy()
    found = survival_curve(made, exits="censor", by="region").tidy()
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


def _written(table, path):
    if path.suffix == ".csv":
        table.to_csv(path, index=False)
    else:
        table.to_parquet(path)
    return path


def test_groups_stand_before_age(seven):
    seven = seven.assign(region=list("AAAABBB"), sector=list("xyxyxyx"))
    table = survival_curve(seven, exits="censor", by=["region", "sector"]).tidy()
    assert list(table.columns[:4]) == ["region", "sector", "age", "term"]
    alone = survival_curve(
        seven[(seven["region"] == "A") & (seven["sector"] == "x")], exits="censor"
    ).tidy()
    part = table[(table["region"] == "A") & (table["sector"] == "x")]
    np.testing.assert_array_equal(part["estimate"], alone["estimate"])


def test_asking_changes_nothing(seven):
    before = seven.copy()
    curve = survival_curve(seven, exits="censor")
    mine = curve.tidy()
    mine.loc[0, "estimate"] = 9.0
    assert curve.tidy().loc[0, "estimate"] == pytest.approx(5 / 6)
    pd.testing.assert_frame_equal(seven, before)


def test_plot_starts_at_one(seven):
    axes = survival_curve(seven, exits="censor").plot()
    line = axes.get_lines()[0]
    assert line.get_xdata()[0] == 0
    assert line.get_ydata()[0] == 1
    axes.figure.clear()


def test_simultaneous_band_is_wider(lung):
    point = survival_curve(lung, exits="censor").tidy()
    band = survival_curve(lung, exits="censor", bands="simultaneous").tidy()
    inside = band["conf_low"].notna() & (point["estimate"] < 1)
    assert (band["conf_low"] < point["conf_low"])[inside].all()
    assert (band["conf_high"] > point["conf_high"])[inside].all()


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (
            {"outcome": "producton"},
            DataError,
            "outcome is 'production', 'exit' or 'censored'; 7 spells have another, first "
            "'producton'. Did you mean 'production'? Make the table by clean_milestones.",
        ),
        (
            {"duration": -1},
            DataError,
            "7 spells end before they start (first: entry 0, duration -1, production). "
            "Correct their dates.",
        ),
        (
            {"entry": 9},
            DataError,
            "7 spells come under observation after they ended (first: entry 9, duration 2, "
            "production). Correct their entry, or leave them out.",
        ),
        (
            {"duration": np.nan},
            DataError,
            "7 spells have no duration (first: entry 0, duration nan, production). "
            "Make the table by clean_milestones.",
        ),
        (
            {"duration": "six"},
            ColumnError,
            "Column 'duration' holds months as numbers; it has 'six'. "
            "Make the table by clean_milestones, or convert the column.",
        ),
    ],
)
def test_bad_values_are_named(seven, change, error, message):
    with pytest.raises(error) as caught:
        survival_curve(seven.assign(**change), exits="censor")
    assert str(caught.value) == message


def test_bad_options_are_named(seven):
    with pytest.raises(OptionError, match="exits is 'censor' or 'compete'; got 'drop'"):
        survival_curve(seven, exits="drop")
    with pytest.raises(OptionError, match=r"Did you mean 0\.95\?"):
        survival_curve(seven, exits="censor", conf_level=95)
    with pytest.raises(ColumnError, match="No column 'regoin'"):
        survival_curve(seven, exits="censor", by="regoin")
    with pytest.raises(ColumnError, match="No column 'duration'"):
        survival_curve(seven.drop(columns="duration"), exits="censor")
    with pytest.raises(OptionError, match="interval='wilson' has none"):
        survival_curve(seven, exits="censor", interval="wilson", bands="simultaneous")
    with pytest.raises(OptionError, match="'outcome' is part of the spell"):
        survival_curve(seven, exits="censor", by="outcome")
    with pytest.raises(ModelError, match="needs two ages between which the curve falls"):
        survival_curve(seven.iloc[6:], exits="censor", bands="simultaneous")
    with pytest.raises(DataError, match="the table has no rows"):
        survival_curve(seven.iloc[:0], exits="censor")
    with pytest.raises(DataError, match="column 'w' has 1 rows without one"):
        survival_curve(seven.assign(w=[1, 1, 1, 1, 1, 1, -1.0]), exits="censor", weights="w")


def test_never_at_risk_is_left_out_and_said(seven):
    more = pd.concat([seven, pd.DataFrame({"entry": [4], "duration": [4], "outcome": ["exit"]})])
    curve = survival_curve(more, exits="censor")
    pd.testing.assert_frame_equal(curve.tidy(), survival_curve(seven, exits="censor").tidy())
    assert any(note.startswith("1 spells that ended in the month of") for note in curve.notes)


spells = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 12), st.sampled_from([0, 1, 2])),
    min_size=1,
    max_size=30,
).map(
    lambda rows: pd.DataFrame(
        {
            "entry": [0 if a == b else min(a, b) for a, b, _ in rows],
            "duration": [max(a, b) for a, b, _ in rows],
            "outcome": [["censored", "production", "exit"][c] for _, _, c in rows],
        }
    )
)


@given(spells)
def test_curve_falls_from_one_and_repeating_rows_changes_only_its_error(rows):
    curve = survival_curve(rows, exits="censor").tidy()
    assert curve["estimate"].between(0, 1).all()
    assert (np.diff(curve["estimate"]) <= 0).all()
    doubled = survival_curve(pd.concat([rows, rows]), exits="censor").tidy()
    np.testing.assert_allclose(doubled["estimate"], curve["estimate"], atol=1e-12)
    weighted = survival_curve(rows.assign(w=2.0), exits="censor", weights="w").tidy()
    np.testing.assert_allclose(weighted["estimate"], curve["estimate"], atol=1e-12)


@pytest.mark.slow
def test_simultaneous_band_covers_the_whole_curve():
    rng = np.random.default_rng(7)
    held = []
    for _ in range(600):
        event, gone = rng.exponential(15, 200), rng.uniform(2, 40, 200)
        rows = pd.DataFrame(
            {
                "duration": np.minimum(event, gone),
                "outcome": np.where(event <= gone, "production", "censored"),
            }
        )
        table = survival_curve(rows, exits="censor", bands="simultaneous").terms.dropna(
            subset="conf_low"
        )
        truth = np.exp(-table["age"] / 15)
        before = np.exp(-table["age"].shift(-1).iloc[:-1] / 15)
        low, high = table["conf_low"], table["conf_high"]
        inside = (low <= truth).all() and (truth <= high).all()
        held.append(inside and (low.iloc[:-1] <= before).all())
    assert 0.92 <= np.mean(held) <= 0.975
