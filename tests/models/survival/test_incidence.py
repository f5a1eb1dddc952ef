"""Cumulative incidence and reach, against hand, R and each other."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import ModelError, OptionError
from toolkit.models.survival import cumulative_incidence, reach, survival_curve


def part(result, term):
    table = result.tidy()
    return table[table["term"] == term]


def test_seven_rows_by_hand(seven):
    result = cumulative_incidence(seven)
    event, left = part(result, "incidence_production"), part(result, "incidence_exit")
    np.testing.assert_allclose(event["estimate"], [1 / 6, 11 / 36, 53 / 108, 53 / 108], rtol=1e-14)
    np.testing.assert_allclose(left["estimate"], [0, 15 / 108, 35 / 108, 35 / 108], atol=1e-15)
    assert event["at_risk"].tolist() == [6, 6, 3, 1]


def test_mgus2_equals_r(mgus2, r_answers):
    answer, result = r_answers["aj"], cumulative_incidence(mgus2)
    event, left = part(result, "incidence_production"), part(result, "incidence_exit")
    assert event["age"].tolist() == answer["time"]
    assert event["at_risk"].tolist() == answer["at_risk"]
    assert (event["events"].sum(), event["exits"].sum(), event["censored"].sum()) == (115, 860, 409)
    for rows, name in ((event, "pcm"), (left, "death")):
        np.testing.assert_allclose(rows["estimate"], answer[name], atol=1e-12)
        np.testing.assert_allclose(rows["std_error"], answer[f"{name}_se"], atol=1e-12)


def test_without_exits_it_is_one_minus_survival(lung):
    event = part(cumulative_incidence(lung), "incidence_production").reset_index(drop=True)
    curve = survival_curve(lung, exits="censor").tidy()
    np.testing.assert_allclose(1 - event["estimate"], curve["estimate"], atol=1e-12)
    last = curve["estimate"] > 0
    np.testing.assert_allclose(
        (1 - event["conf_high"])[last], curve["conf_low"][last], rtol=1e-7, atol=1e-12
    )


def test_robust_errors_of_single_spells_are_the_usual_ones(mgus2):
    usual = cumulative_incidence(mgus2).tidy()
    weighted = cumulative_incidence(mgus2.assign(w=3.0), weights="w").tidy()
    np.testing.assert_allclose(weighted["std_error"], usual["std_error"], rtol=1e-9, atol=1e-12)
    clustered = cumulative_incidence(mgus2, cluster="id").tidy()
    np.testing.assert_allclose(clustered["std_error"], usual["std_error"], rtol=1e-9, atol=1e-12)


def test_sentence_and_key_figure(mgus2):
    result = cumulative_incidence(mgus2)
    assert result.sentence() == (
        "within 424 months 16.1% (95% interval 11.4% to 22.6%) reach production, "
        "83.9% leave for good (1,384 spells)."
    )
    assert list(result.key_figures()) == ["share with production by 424 months"]
    assert cumulative_incidence(mgus2, by="sex").key_figures() == {}


def test_plot_draws_both_causes_from_zero(mgus2):
    axes = cumulative_incidence(mgus2).plot()
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ["production", "exit"]
    assert axes.get_lines()[0].get_ydata()[0] == 0
    axes.figure.clear()


rows = st.lists(
    st.tuples(
        st.integers(0, 9), st.integers(1, 9), st.sampled_from(["production", "exit", "censored"])
    ),
    min_size=1,
    max_size=25,
).map(
    lambda spells: pd.DataFrame(
        {
            "entry": [a if a < b else 0 for a, b, _ in spells],
            "duration": [b for _, b, _ in spells],
            "outcome": [c for _, _, c in spells],
        }
    )
)


@given(rows)
def test_shares_add_up_to_one(spells):
    result = cumulative_incidence(spells)
    event = part(result, "incidence_production")["estimate"].to_numpy()
    left = part(result, "incidence_exit")["estimate"].to_numpy()
    rest = survival_curve(spells, exits="compete").tidy()["estimate"].to_numpy()
    np.testing.assert_allclose(event + left + rest, 1, atol=1e-12)
    assert (np.diff(event) >= -1e-15).all()


def test_reach_reads_both_curves(seven):
    censor = reach(seven, months=4, exits="censor").tidy().iloc[0]
    assert censor["estimate"] == pytest.approx(1 - 25 / 36)
    compete = reach(seven, months=4, exits="compete").tidy().iloc[0]
    assert compete["estimate"] == pytest.approx(11 / 36)
    later = [
        reach(seven, months=5, exits=exits).tidy()["estimate"][0] for exits in ("censor", "compete")
    ]
    np.testing.assert_allclose(later, [1 - 25 / 54, 53 / 108])
    assert compete[["at_risk", "events", "exits", "censored"]].tolist() == [3, 2, 1, 1]


def test_reach_equals_the_curve_at_its_month(mgus2):
    row = reach(mgus2, months=120.5, exits="compete").tidy().iloc[0]
    curve = part(cumulative_incidence(mgus2), "incidence_production")
    at = curve[curve["age"] <= 120.5].iloc[-1]
    for name in ("estimate", "std_error", "conf_low", "conf_high"):
        assert row[name] == at[name]


def test_reach_before_anything_happened_is_zero(seven):
    row = reach(seven, months=1, exits="compete", interval="wilson").tidy().iloc[0]
    assert row["estimate"] == 0
    assert row["conf_low"] == pytest.approx(0, abs=1e-12)
    assert row["conf_high"] == pytest.approx(1.959964**2 / (6 + 1.959964**2), rel=1e-5)


def test_a_claim_is_tested(mgus2):
    result = reach(mgus2, months=120, exits="compete", claim=0.92)
    row = result.tidy().iloc[0]
    assert row["p_value"] < 1e-6
    assert row["statistic"] < 0
    assert "differs from the claimed 92.0% (p < 0.001)" in result.sentence()
    share = row["estimate"]
    near = reach(mgus2, months=120, exits="compete", claim=share + 0.001)
    assert "which does not differ from the claimed" in near.sentence()
    edge = reach(mgus2, months=120, exits="compete", claim=row["conf_low"]).tidy().iloc[0]
    assert edge["p_value"] == pytest.approx(0.05, abs=1e-9)


def test_a_group_seen_too_briefly_has_no_share(seven):
    seven = seven.assign(region=["A", "A", "A", "A", "B", "B", "B"])
    result = reach(seven, months=5, exits="censor", by="region")
    assert result.tidy()["estimate"].isna().tolist() == [True, False]
    assert "Not observed for 5 months, hence without a share: region A." in result.notes


def test_reach_that_nobody_was_observed_for_is_refused(seven):
    with pytest.raises(ModelError) as caught:
        reach(seven, months=60, exits="compete")
    assert str(caught.value) == (
        "The share within 60 months needs units observed as long; the longest is observed for "
        "6 months. Choose a shorter horizon."
    )
    with pytest.raises(OptionError, match="months is a number above 0; got -3"):
        reach(seven, months=-3, exits="compete")
    with pytest.raises(OptionError, match="claim is a share, a fraction between 0 and 1; got 92"):
        reach(seven, months=3, exits="compete", claim=92)


def test_reach_draws_the_claim(seven):
    axes = reach(seven, months=4, exits="compete", claim=0.9).plot()
    assert any(text.get_text() == "claimed 90.0%" for text in axes.texts)
    axes.figure.clear()
    assert list(reach(seven, months=4, exits="compete").key_figures()) == [
        "share in production within 4 months"
    ]
