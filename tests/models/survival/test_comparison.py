"""Tests between groups and restricted means, against R."""

import numpy as np
import pandas as pd
import pytest

from toolkit.errors import ModelError, OptionError
from toolkit.models.survival import cumulative_incidence, log_rank, restricted_mean


def test_log_rank_equals_r(lung, r_answers):
    answer, result = r_answers["logrank"], log_rank(lung, by="sex")
    assert result.facts["statistic"] == pytest.approx(answer["chisq"], rel=1e-10)
    np.testing.assert_allclose(result.tidy()["observed"], answer["obs"])
    np.testing.assert_allclose(result.tidy()["expected"], answer["exp"], rtol=1e-12)
    z = result.tidy()["statistic"]
    np.testing.assert_allclose(z**2, answer["chisq"], rtol=1e-10)
    assert z.tolist() == sorted(z, reverse=True)


def test_fleming_harrington_equals_r(lung, r_answers):
    result = log_rank(lung, by="sex", weights="fleming_harrington", rho=1)
    assert result.facts["statistic"] == pytest.approx(r_answers["peto"]["chisq"], rel=1e-10)


def test_three_groups_and_strata_equal_r(lung, r_answers):
    ecog = lung[lung["ph_ecog"] < 3]
    three = log_rank(ecog, by="ph_ecog")
    assert three.facts["statistic"] == pytest.approx(r_answers["logrank_ecog"]["chisq"], rel=1e-10)
    assert three.facts["df"] == 2
    strata = log_rank(ecog, by="ph_ecog", strata="sex")
    answer = r_answers["logrank_strata"]
    assert strata.facts["statistic"] == pytest.approx(answer["chisq"], rel=1e-10)
    expected = np.reshape(answer["exp"], (2, 3)).sum(axis=0)
    np.testing.assert_allclose(strata.tidy()["expected"], expected, rtol=1e-10)


def test_weights_by_hand():
    rows = pd.DataFrame({"duration": [1, 2, 3, 4], "outcome": "production", "sector": list("aabb")})
    # At risk 4, 3, 2; of group a 2, 1, 0; one event each; after that only b is left.
    score = {"log_rank": 0.5 + 2 / 3, "wilcoxon": 4 * 0.5 + 3 * 2 / 3}
    spread = {"log_rank": 1 / 4 + 2 / 9, "wilcoxon": 16 / 4 + 9 * 2 / 9}
    score["tarone_ware"] = 2 * 0.5 + np.sqrt(3) * 2 / 3
    spread["tarone_ware"] = 4 / 4 + 3 * 2 / 9
    score["peto"] = 0.8 * 0.5 + 0.6 * 2 / 3
    spread["peto"] = 0.64 / 4 + 0.36 * 2 / 9
    for weights, u in score.items():
        found = log_rank(rows, by="sector", weights=weights).facts["statistic"]
        assert found == pytest.approx(u**2 / spread[weights], rel=1e-12), weights


def test_trend_by_hand(lung):
    ecog = lung[lung["ph_ecog"] < 3]
    two = lung.assign(score=lung["sex"])
    plain, trend = log_rank(two, by="sex"), log_rank(two, by="sex", scores=[1, 2])
    assert trend.facts["statistic"] == pytest.approx(plain.facts["statistic"], rel=1e-12)
    three = log_rank(ecog, by="ph_ecog", scores=[0, 1, 2])
    moved = log_rank(ecog, by="ph_ecog", scores=[5, 7, 9])
    assert three.facts["df"] == 1
    assert three.facts["statistic"] == pytest.approx(moved.facts["statistic"], rel=1e-10)
    assert three.facts["statistic"] < log_rank(ecog, by="ph_ecog").facts["statistic"]


def test_grays_test_equals_cmprsk(mgus2, r_answers):
    assert log_rank(mgus2, by="sex", weights="gray").facts["statistic"] == pytest.approx(
        r_answers["gray_sex"][0], rel=1e-10
    )
    bands = mgus2.assign(band=pd.cut(mgus2["age"], [0, 65, 75, 120]).astype(str))
    assert log_rank(bands, by="band", weights="gray").facts["statistic"] == pytest.approx(
        r_answers["gray_three"][0], rel=1e-10
    )
    assert log_rank(mgus2, by="sex", weights="gray", rho=1).facts["statistic"] == pytest.approx(
        r_answers["gray_rho"][0], rel=1e-10
    )
    old = mgus2.assign(old=mgus2["age"] > 72)
    strata = log_rank(old, by="sex", weights="gray", strata="old")
    assert strata.facts["statistic"] == pytest.approx(r_answers["gray_strata"][0], rel=1e-10)


def test_late_entry_moves_the_risk_sets(lung):
    late = log_rank(lung.assign(entry=lung["late"]), by="sex")
    ignored = log_rank(lung.assign(entry=lung["late"]), by="sex", entry="ignore")
    assert late.facts["statistic"] != ignored.facts["statistic"]
    assert ignored.facts["statistic"] == log_rank(lung, by="sex").facts["statistic"]


def test_sentence_says_whether_groups_differ(lung):
    sentence = log_rank(lung, by="sex").sentence()
    assert sentence == (
        "The 2 groups by sex differ in their pace: chi-square 10.33 on 1 degree of freedom, "
        "p = 0.001."
    )
    same = log_rank(lung.assign(half=np.arange(len(lung)) // 4 % 2), by="half")
    assert "cannot be told apart by their pace" in same.sentence()
    assert list(same.key_figures()) == ["Log-rank test, p-value"]


@pytest.mark.slow
def test_level_of_the_tests_under_exits_and_truncation():
    rng = np.random.default_rng(11)
    rejected = {"log_rank": [], "gray": []}
    for _ in range(400):
        event, gone = rng.exponential(15, 160), rng.exponential(40, 160)
        stop = rng.uniform(3, 40, 160)
        duration = np.minimum(np.minimum(event, gone), stop)
        outcome = np.where(duration == event, "production", "exit")
        rows = pd.DataFrame(
            {
                "duration": duration,
                "outcome": np.where(duration == stop, "censored", outcome),
                "group": np.arange(160) % 3,
            }
        )
        for weights, found in rejected.items():
            found.append(log_rank(rows, by="group", weights=weights).facts["p_value"] < 0.05)
    for weights, found in rejected.items():
        assert 0.025 <= np.mean(found) <= 0.08, weights


def test_bad_tests_are_refused(lung):
    with pytest.raises(ModelError, match="compares two groups or more; by=sex has 1"):
        log_rank(lung[lung["sex"] == 1], by="sex")
    with pytest.raises(ModelError, match="no spell reached production"):
        log_rank(lung.assign(outcome="censored"), by="sex")
    with pytest.raises(OptionError, match="Did you mean 'wilcoxon'"):
        log_rank(lung, by="sex", weights="wilcox")
    with pytest.raises(OptionError, match="weights='log_rank' has none"):
        log_rank(lung, by="sex", rho=1)
    with pytest.raises(OptionError, match="got 3 for 2 groups"):
        log_rank(lung, by="sex", scores=[1, 2, 3])
    with pytest.raises(OptionError, match="all are equal"):
        log_rank(lung, by="sex", scores=[1, 1])


def test_restricted_mean_equals_r(lung, r_answers):
    table = restricted_mean(lung, months=500, exits="censor", by="sex").tidy()
    means = table[table["term"] == "restricted_mean"]
    np.testing.assert_allclose(means[["estimate", "std_error"]], r_answers["rmean"], rtol=1e-10)
    difference = table[table["term"] == "difference"].iloc[0]
    (m1, s1), (m2, s2) = r_answers["rmean"]
    assert difference["estimate"] == pytest.approx(m2 - m1)
    assert difference["statistic"] == pytest.approx((m2 - m1) / np.hypot(s1, s2))


def test_restricted_mean_with_exits_equals_rs_months_lost(mgus2, r_answers):
    found = restricted_mean(mgus2, months=120, exits="compete").tidy().iloc[0]
    assert 120 - found["estimate"] == pytest.approx(r_answers["aj_months"][1][2], rel=1e-10)


def test_restricted_error_equals_that_of_single_clusters(mgus2):
    usual = restricted_mean(mgus2, months=120, exits="compete", by="sex").tidy()
    single = restricted_mean(mgus2, months=120, exits="compete", by="sex", cluster="id").tidy()
    np.testing.assert_allclose(single["std_error"], usual["std_error"], rtol=1e-9)


def test_restricted_mean_is_the_area_above_the_incidence(mgus2):
    found = restricted_mean(mgus2, months=100, exits="compete").tidy()["estimate"].iloc[0]
    table = cumulative_incidence(mgus2).tidy()
    share = table[table["term"] == "incidence_production"].set_index("age")["estimate"]
    by_month = share.reindex(range(100), method="ffill").fillna(0.0)
    assert found == pytest.approx(100 - by_month.sum(), rel=1e-12)


def test_restricted_mean_beyond_the_data_is_refused(lung):
    with pytest.raises(ModelError) as caught:
        restricted_mean(lung, months=1000, exits="censor", by="sex")
    assert str(caught.value) == (
        "The mean up to 1000 months needs units observed as long; the longest in sex 2 is "
        "observed for 965 months. Choose a shorter horizon."
    )


def test_sentence_of_the_mean(lung):
    result = restricted_mean(lung, months=500, exits="censor")
    assert result.sentence().startswith(
        "Mean time to production, counted up to 500 months: 310.3 months (95% interval "
    )
    assert list(result.key_figures()) == ["mean months to production, up to 500"]
