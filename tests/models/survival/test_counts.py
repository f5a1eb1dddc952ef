"""Survival curves from counts by age."""

import numpy as np
import pandas as pd
import pytest

from toolkit.errors import ColumnError, DataError, OptionError
from toolkit.models.survival import survival_curve


@pytest.fixture
def cohorts():
    """Two cohorts; the younger is observed to age 6 only."""
    return pd.DataFrame(
        {
            "cohort": [1991, 1991, 1991, 1992, 1992],
            "age": [3, 6, 9, 3, 6],
            "at_risk": [100, 90, 80, 50, 40],
            "events": [10, 10, 20, 5, 4],
            "exits": [0, 0, 0, 5, 0],
            "censored": [0, 0, 60, 0, 36],
        }
    )


def test_cohorts_are_pooled_by_adding(cohorts):
    curve = survival_curve(cohorts, exits="censor")
    table = curve.tidy()
    assert table["at_risk"].tolist() == [150, 130, 80]
    assert table["events"].tolist() == [15, 14, 20]
    assert table["exits"].tolist() == [5, 0, 0]
    assert table["censored"].tolist() == [0, 36, 60]
    expected = np.cumprod([1 - 15 / 150, 1 - 14 / 130, 1 - 20 / 80])
    np.testing.assert_allclose(table["estimate"], expected, rtol=1e-14)
    assert curve.facts["rows"] == 150
    assert curve.facts["late_entries"] == 0


def test_each_cohort_by_itself(cohorts):
    table = survival_curve(cohorts, exits="censor", by="cohort").tidy()
    one = table[table["cohort"] == 1992]
    np.testing.assert_allclose(one["estimate"], [0.9, 0.9 * 0.9], rtol=1e-14)


def test_counts_equal_the_spells_behind_them(lung):
    spells = survival_curve(lung, exits="censor", by="sex")
    counts = spells.tidy()[["sex", "age", "at_risk", "events", "exits", "censored"]]
    again = survival_curve(counts, exits="censor", by="sex").tidy()
    pd.testing.assert_frame_equal(again, spells.tidy())


def test_counts_equal_spells_with_late_entry(lung):
    spells = survival_curve(lung.assign(entry=lung["late"]), exits="censor")
    counts = spells.tidy()[["age", "at_risk", "events", "exits", "censored"]]
    again = survival_curve(counts, exits="censor")
    pd.testing.assert_frame_equal(again.tidy(), spells.tidy())
    assert again.facts["late_entries"] > 0


def test_clusters_of_counts_equal_those_of_spells(lung):
    known = lung.dropna(subset="inst")
    spells = survival_curve(known, exits="censor", cluster="inst").tidy()
    counts = survival_curve(known, exits="censor", by="inst").tidy()
    again = survival_curve(
        counts[["inst", "age", "at_risk", "events", "exits", "censored"]].rename(
            columns={"inst": "cohort"}
        ),
        exits="censor",
        cluster="cohort",
    ).tidy()
    np.testing.assert_allclose(again["at_risk"], spells["at_risk"])
    np.testing.assert_allclose(again["std_error"], spells["std_error"], rtol=1e-10)


def test_charge_offs_of_the_sba_equal_the_published_cumulative_count(shared_data):
    raw = pd.read_csv(shared_data("sba/sba_7a_charge_offs_by_cohort_and_age.csv"))
    raw = raw.rename(columns={"approval_fy": "cohort", "age_months": "age"})
    raw = raw.rename(columns={"chargeoffs_in_interval": "events"})
    before = raw["cum_chargeoffs"] - raw["events"]
    counts = raw[["cohort", "age", "events"]].assign(at_risk=raw["n_at_risk"] - before)
    table = survival_curve(counts, exits="censor", by="cohort").tidy()
    share = 1 - raw.set_index(["cohort", "age"])["cum_chargeoffs"].div(
        raw.set_index(["cohort", "age"])["n_at_risk"]
    )
    shown = table.set_index(["cohort", "age"])["estimate"]
    np.testing.assert_allclose(shown, share.loc[shown.index], atol=1e-12)
    assert survival_curve(counts, exits="censor").facts["rows"] == 1_674_296


def test_a_cohort_with_a_row_of_none_at_risk_came_late(cohorts):
    later = pd.DataFrame({"cohort": 1990, "age": [3, 6], "at_risk": [0, 10], "events": [0, 1]})
    curve = survival_curve(pd.concat([cohorts, later]).fillna(0), exits="censor")
    assert curve.tidy()["at_risk"].tolist() == [150, 140, 80]
    assert curve.facts["late_entries"] == 10


def test_losses_that_were_not_recorded_are_said(cohorts):
    lost = cohorts.assign(at_risk=[100, 85, 80, 50, 40], censored=0, events=[10, 5, 20, 5, 4])
    curve = survival_curve(lost, exits="censor")
    assert curve.tidy()["at_risk"].tolist() == [150, 125, 80]
    assert (
        "5 left observation between two ages without being counted as censored; "
        "they are censored at the earlier age." in curve.notes
    )


@pytest.mark.parametrize(
    ("place", "column", "value", "message"),
    [
        (1, "events", -1.0, "events is a number, 0 or more; got -1.0 at cohort 1991.0, age 6.0."),
        (1, "at_risk", None, "at_risk is a number, 0 or more; got nan at cohort 1991.0, age 6.0."),
        (2, "events", 99.0, "More leave than are at risk at cohort 1991.0, age 9.0."),
        (1, "age", 3.0, "An age stands once per cohort; cohort 1991.0, age 3.0 stands twice."),
        (1, "cohort", None, "Counts are grouped by 'cohort'; 1 rows have no value there."),
    ],
)
def test_bad_counts_are_named(cohorts, place, column, value, message):
    cohorts = cohorts.astype(float)
    cohorts.loc[place, column] = np.nan if value is None else value
    with pytest.raises(DataError) as caught:
        survival_curve(cohorts, exits="censor")
    assert str(caught.value).startswith(message)


def test_options_for_spells_are_refused(cohorts):
    with pytest.raises(OptionError, match="weights is for spells; this table holds counts"):
        survival_curve(cohorts.assign(w=1), exits="censor", weights="w")
    with pytest.raises(OptionError, match="entry='ignore' is for spells"):
        survival_curve(cohorts, exits="censor", entry="ignore")
    with pytest.raises(ColumnError, match="No column 'at_risk'"):
        survival_curve(cohorts.drop(columns="at_risk"), exits="censor")
    with pytest.raises(DataError, match="the table has no rows"):
        survival_curve(cohorts.iloc[:0], exits="censor")
    with pytest.raises(ColumnError, match="Column 'events' holds numbers; it has 'many'"):
        survival_curve(cohorts.assign(events="many"), exits="censor")


def test_many_spells_are_counted_first_and_give_the_same(lung):
    few = lung.assign(entry=lung["late"])
    many = pd.concat([few] * 100, ignore_index=True)
    once = survival_curve(few, exits="censor", by="sex").tidy()
    often = survival_curve(many, exits="censor", by="sex").tidy()
    np.testing.assert_allclose(often["estimate"], once["estimate"], atol=1e-13)
    np.testing.assert_array_equal(often["at_risk"], 100 * once["at_risk"])
    weighted = survival_curve(few.assign(k=100), exits="censor", by="sex", weights="k").tidy()
    np.testing.assert_allclose(weighted["at_risk"], often["at_risk"])
