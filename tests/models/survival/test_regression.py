"""Hazard regressions against R, by identities, and in what they refuse."""

import numpy as np
import pandas as pd
import pytest

from toolkit.errors import ColumnError, ModelError, OptionError
from toolkit.models.survival import compare_forms, hazard_regression

FORMULA = "~ age + sex + ph_ecog"


@pytest.fixture
def whole(lung):
    return lung[lung["ph_ecog"].notna() & lung["inst"].notna()]


def assert_equals_r(result, answer, *, tolerance=1e-8):
    table = result.tidy()
    np.testing.assert_allclose(table["estimate"], np.atleast_1d(answer["coef"]), atol=tolerance)
    np.testing.assert_allclose(table["std_error"], np.atleast_1d(answer["se"]), atol=tolerance)
    likelihood = np.atleast_1d(answer["loglik"])
    assert result.facts["log_likelihood"] == pytest.approx(likelihood[-1], abs=1e-6)


def test_sex_alone_equals_the_published_answer(lung):
    row = hazard_regression(lung, "~ sex", exits="censor").tidy().iloc[0]
    assert row["estimate"] == pytest.approx(-0.5310, abs=5e-5)
    assert row["std_error"] == pytest.approx(0.1672, abs=5e-5)
    assert row["ratio"] == pytest.approx(np.exp(row["estimate"]))


def test_efron_and_breslow_equal_r(whole, r_answers):
    efron = hazard_regression(whole, FORMULA, exits="censor")
    assert_equals_r(efron, r_answers["cox_efron"])
    assert efron.facts["null_log_likelihood"] == pytest.approx(r_answers["cox_efron"]["loglik"][0])
    breslow = hazard_regression(whole, FORMULA, exits="censor", ties="breslow")
    assert_equals_r(breslow, r_answers["cox_breslow"])


def test_heavy_ties_equal_r(whole, r_answers):
    months = whole.assign(duration=whole["month"])
    assert_equals_r(hazard_regression(months, FORMULA, exits="censor"), r_answers["cox_tied"])
    robust = hazard_regression(months, FORMULA, exits="censor", cluster="inst")
    assert_equals_r(robust, r_answers["cox_tied_cluster"])


def test_strata_entry_clusters_and_weights_equal_r(whole, r_answers):
    strata = hazard_regression(whole, "~ age + ph_ecog", exits="censor", strata="sex")
    assert_equals_r(strata, r_answers["cox_strata"])
    late = whole.assign(entry=whole["late"])
    assert_equals_r(hazard_regression(late, FORMULA, exits="censor"), r_answers["cox_entry"])
    robust = hazard_regression(late, FORMULA, exits="censor", cluster="inst")
    assert_equals_r(robust, r_answers["cox_entry_cluster"])
    assert_equals_r(
        hazard_regression(whole, FORMULA, exits="censor", cluster="inst"), r_answers["cox_cluster"]
    )
    weighted = hazard_regression(whole, FORMULA, exits="censor", weights="w")
    assert_equals_r(weighted, r_answers["cox_weights"])
    assert "Weighted by 'w'; standard errors are robust to the weights." in weighted.notes


def test_rows_of_covariates_that_change_add_up_to_the_spell(whole):
    cut = whole["duration"] > 200
    early = whole[cut].assign(duration=200, outcome="censored")
    later = whole[cut].assign(entry=200)
    split = pd.concat([whole[~cut].assign(entry=0), early.assign(entry=0), later])
    once = hazard_regression(whole, FORMULA, exits="censor").tidy()
    many = hazard_regression(split, FORMULA, exits="censor").tidy()
    np.testing.assert_allclose(many["estimate"], once["estimate"], atol=1e-10)
    np.testing.assert_allclose(many["std_error"], once["std_error"], atol=1e-10)


def test_fine_gray_equals_r(mgus2, r_answers):
    complete = mgus2.dropna(subset="hgb")
    fit = hazard_regression(complete, "~ age + male + hgb", model="fine_gray", exits="compete")
    assert_equals_r(fit, r_answers["fine_gray_robust"])
    # cmprsk estimates ties and the weights' own noise otherwise, and comes close.
    published = r_answers["crr"]
    np.testing.assert_allclose(fit.tidy()["estimate"], published["coef"], rtol=0.02)
    np.testing.assert_allclose(fit.tidy()["std_error"], published["se"], rtol=0.01)


def test_fine_gray_without_exits_is_cox(whole):
    cox = hazard_regression(whole, FORMULA, exits="censor").tidy()
    gray = hazard_regression(whole, FORMULA, model="fine_gray", exits="compete").tidy()
    np.testing.assert_allclose(gray["estimate"], cox["estimate"], atol=1e-10)


@pytest.mark.parametrize("link", ["logit", "cloglog"])
def test_discrete_time_equals_r(whole, r_answers, link):
    months = whole.assign(duration=whole["month"])
    fit = hazard_regression(months, FORMULA, model=link, exits="censor")
    assert_equals_r(fit, r_answers[f"discrete_{link}"], tolerance=1e-7)


def test_discrete_time_with_entry_equals_person_months(whole):
    months = whole.assign(duration=whole["month"], entry=np.floor(whole["month"] / 3))
    months = months[months["entry"] < months["duration"]]
    fit = hazard_regression(months, FORMULA, model="logit", exits="censor")
    import statsmodels.api as sm

    rows = []
    for spell in months.itertuples():
        for period in range(int(spell.entry) + 1, int(spell.duration) + 1):
            done = period == spell.duration and spell.outcome == "production"
            rows.append((period, spell.age, spell.sex, spell.ph_ecog, done))
    long = pd.DataFrame(rows, columns=["period", "age", "sex", "ph_ecog", "done"])
    eventful = long.groupby("period")["done"].transform("sum") > 0
    everyone = long.groupby("period")["done"].transform("mean") == 1
    long = long[eventful & ~everyone]
    design = pd.concat(
        [long[["age", "sex", "ph_ecog"]], pd.get_dummies(long["period"], prefix="m")], axis=1
    ).astype(float)
    other = sm.Logit(long["done"].astype(float), design).fit(disp=0)
    np.testing.assert_allclose(fit.tidy()["estimate"], other.params.iloc[:3], atol=1e-6)
    np.testing.assert_allclose(fit.tidy()["std_error"], other.bse.iloc[:3], atol=1e-6)


@pytest.mark.parametrize(
    ("form", "name"),
    [("weibull", "weibull"), ("log_normal", "lognormal"), ("log_logistic", "loglogistic")],
)
def test_accelerated_failure_times_equal_r(lung, r_answers, form, name):
    fit = hazard_regression(lung, "~ age + sex", model=form, exits="censor")
    answer = r_answers[f"aft_{name}"]
    answer = answer | {"coef": [*answer["coef"], np.log(answer["scale"])]}
    assert_equals_r(fit, answer)
    bounded = lung.assign(low=np.maximum(lung["time"] - 30, 1), high=lung["time"])
    died = bounded["outcome"] == "production"
    bounded["duration"] = np.where(died, bounded["duration"], bounded["low"])
    spans = hazard_regression(
        bounded, "~ age + sex", model=form, exits="censor", between=("low", "high")
    )
    answer = r_answers[f"aft_interval_{name}"]
    answer = answer | {"coef": [*answer["coef"], np.log(answer["scale"])]}
    assert_equals_r(spans, answer)


def test_late_entry_into_an_exponential_time_changes_nothing_of_its_rate():
    rng = np.random.default_rng(5)
    time, entry = rng.exponential(20, 60_000), rng.uniform(0, 15, 60_000)
    seen = time > entry
    rows = pd.DataFrame({"duration": time, "entry": entry, "outcome": "production"})[seen]
    fit = hazard_regression(rows, "~ 1", model="weibull", exits="censor").tidy()
    assert abs(fit["estimate"][0] - np.log(20)) < 3 * fit["std_error"][0]
    assert abs(fit["estimate"][1]) < 3 * fit["std_error"][1]
    blind = hazard_regression(rows, "~ 1", model="weibull", exits="censor", entry="ignore").tidy()
    assert blind["estimate"][0] - np.log(20) > 10 * blind["std_error"][0]


def test_forms_are_ranked_by_aic(lung):
    table = compare_forms(lung, "~ age + sex", exits="censor").tidy()
    assert table["term"].tolist()[0] == "weibull"
    assert table["behind"].tolist() == sorted(table["behind"])
    aic = 2 * table["parameters"] - 2 * table["log_likelihood"]
    np.testing.assert_allclose(table["estimate"], aic)
    assert "weibull fits best" in compare_forms(lung, "~ sex", exits="censor").sentence()


@pytest.mark.parametrize(
    ("name", "column"), [("cox_predict", "duration"), ("cox_predict_tied", "month")]
)
def test_predicted_curves_equal_r(whole, r_answers, name, column):
    fit = hazard_regression(whole.assign(duration=whole[column]), FORMULA, exits="censor")
    profile = pd.DataFrame({"age": [60], "sex": [2], "ph_ecog": [1]})
    answer = pd.DataFrame(r_answers[name])
    found = fit.predict(profile, months=answer["time"].tolist()).tidy()
    np.testing.assert_allclose(1 - found["estimate"], answer["survival"], atol=1e-12)
    np.testing.assert_allclose(found["std_error"], answer["std_error"], atol=1e-12)
    np.testing.assert_allclose(1 - found["conf_high"], answer["low"], atol=1e-12)
    np.testing.assert_allclose(1 - found["conf_low"], answer["high"], atol=1e-12)


def test_predictions_with_strata_and_plot(whole):
    fit = hazard_regression(whole, "~ age", exits="censor", strata="sex")
    profile = pd.DataFrame({"age": [60, 60], "sex": [1, 2]})
    curves = fit.predict(profile)
    at = curves.tidy().groupby("sex")["estimate"].last()
    assert at[1] > at[2]
    axes = curves.plot()
    assert len(axes.get_lines()) == 2
    axes.figure.clear()
    with pytest.raises(ModelError, match="has not seen sex 3"):
        fit.predict(profile.assign(sex=3))
    with pytest.raises(ColumnError, match="baselines by 'sex'"):
        fit.predict(profile[["age"]])


@pytest.mark.parametrize("transform", ["km", "identity"])
def test_schoenfeld_test_equals_r(whole, r_answers, transform):
    rows = whole if transform == "km" else whole.assign(duration=whole["month"])
    test = hazard_regression(rows, FORMULA, exits="censor").proportionality(transform=transform)
    answer = np.array(r_answers[f"zph_{transform}"])
    np.testing.assert_allclose(test.tidy()["estimate"], answer[:, 0], rtol=1e-7)
    np.testing.assert_allclose(test.tidy()["p_value"], answer[:, 2], rtol=1e-7)
    assert test.sentence().startswith("The hazard ratios may stay the same over time (p = 0.")
    axes = test.plot()
    assert axes.get_ylabel() == "coefficient of sex"
    axes.figure.clear()


@pytest.mark.parametrize("transform", ["log", "rank"])
def test_scaled_residuals_average_to_the_coefficient(whole, transform):
    fit = hazard_regression(whole, FORMULA, exits="censor")
    rows = fit.proportionality(transform=transform).augment()
    for name, part in rows.groupby("term"):
        mean = np.average(part["coefficient"], weights=part["events"])
        coefficient = fit.tidy().set_index("term").loc[name, "estimate"]
        assert mean == pytest.approx(coefficient, abs=1e-8)


@pytest.mark.parametrize("model", ["cox", "logit", "cloglog", "weibull", "log_normal"])
def test_effect_is_the_difference_of_mean_predictions(whole, model):
    rows = whole.assign(duration=whole["month"], woman=np.where(whole["sex"] == 2, "woman", "man"))
    fit = hazard_regression(rows, "~ age + woman", model=model, exits="censor")
    effect = fit.reach_difference("woman", months=12).tidy()
    assert effect["term"].tolist() == ["woman = man", "woman = woman", "woman: woman less man"]
    means = [
        fit.predict(rows.assign(woman=value), months=[12]).tidy()["estimate"].mean()
        for value in ("man", "woman")
    ]
    np.testing.assert_allclose(effect["estimate"], [*means, means[1] - means[0]], rtol=1e-10)
    assert effect["std_error"].between(0.01, 0.1).all()


def test_slope_of_shares_is_their_derivative(whole):
    rows = whole.assign(duration=whole["month"])
    for model in ("logit", "cloglog", "weibull", "log_normal", "log_logistic"):
        fit = hazard_regression(rows, "~ age + sex", model=model, exits="censor")
        inner = fit.fitted_model
        x, stratum = fit.design.x[:3], np.zeros(3, dtype=int)
        share, slope = inner.shares(x, stratum, 9.0)
        shifted = inner.fit.coefficients.copy()
        place = 1 if model in ("weibull", "log_normal", "log_logistic") else 0
        shifted[place] += 1e-6
        moved = type(inner)(
            model=inner.model,
            covariance=inner.covariance,
            fit=type(inner.fit)(**{**inner.fit.__dict__, "coefficients": shifted}),
        )
        numeric = (moved.shares(x, stratum, 9.0)[0] - share) / 1e-6
        np.testing.assert_allclose(slope[:, place], numeric, rtol=1e-3)


@pytest.mark.slow
def test_effects_cover_the_truth():
    rng = np.random.default_rng(42)
    held = {"cox": [], "cloglog": []}
    for _ in range(300):
        x, n = rng.integers(0, 2, 400), 400
        time = np.ceil(rng.exponential(15 * np.exp(-0.5 * x)))
        stop = rng.integers(6, 40, n)
        rows = pd.DataFrame(
            {
                "duration": np.minimum(time, stop),
                "outcome": np.where(time <= stop, "production", "censored"),
                "x": x,
            }
        )
        truth = np.exp(-12 / 15) - np.exp(-12 / 15 * np.exp(0.5))
        for model, found in held.items():
            fit = hazard_regression(rows, "~ x", model=model, exits="censor")
            row = fit.reach_difference("x", months=12).terms.iloc[-1]
            found.append(row["conf_low"] <= truth <= row["conf_high"])
    assert 0.92 <= np.mean(held["cloglog"]) <= 0.98
    assert 0.90 <= np.mean(held["cox"]) <= 0.98


def test_formula_with_categories_and_missing_values(lung):
    rows = lung.assign(group=np.where(lung["sex"] == 2, "woman", "man"))
    fit = hazard_regression(rows, "~ C(group) + ph_ecog", exits="censor")
    assert fit.tidy()["term"].tolist() == ["C(group)[T.woman]", "ph_ecog"]
    assert "1 spells without a value of ph_ecog are left out." in fit.notes
    assert fit.facts["rows"] == 227
    assert fit.sentence().startswith("C(group)[T.woman]: hazard ratio 0.5")


def refusal(error, data, formula="~ age", **options):
    with pytest.raises(error) as caught:
        hazard_regression(data, formula, **({"exits": "censor"} | options))
    return str(caught.value)


def test_separation_and_collinearity_are_named(lung):
    foretold = lung.assign(z=(lung["outcome"] == "production").astype(int))
    assert refusal(ModelError, foretold, "~ z + age") == (
        "'z' foretells production: its coefficient grows without end, since units with one of its "
        "values all, or never, get there first. Leave it out, or merge its values."
    )
    assert "'z' foretells production" in refusal(
        ModelError, foretold.assign(duration=foretold["month"]), "~ z + age", model="logit"
    )
    assert "repeat each other" in refusal(ModelError, lung, "~ age + I(2 * age)")
    assert "repeat each other" in refusal(ModelError, lung.assign(one=1.0), "~ age + one")


def test_options_that_do_not_go_together_are_refused(lung):
    assert refusal(OptionError, lung, "time ~ age") == (
        "The formula names covariates only, since duration and outcome are known; got "
        "'time ~ age'. Write '~ age'."
    )
    assert "cannot be read" in refusal(OptionError, lung, "~ age +")
    assert "No column 'agee'. Did you mean 'age'?" in refusal(ColumnError, lung, "~ agee")
    assert "Use exits='compete'" in refusal(OptionError, lung, model="fine_gray")
    assert "Put the column into the formula" in refusal(
        OptionError, lung, model="weibull", strata="sex"
    )
    assert "between is for accelerated" in refusal(OptionError, lung, between=("time", "time"))
    assert "seen from their start; 152 came later" in refusal(
        OptionError, lung.assign(entry=lung["late"]), model="fine_gray", exits="compete"
    )
    assert "names none" in refusal(OptionError, lung, "~ 1")
    assert "no spell reached production" in refusal(ModelError, lung.assign(outcome="censored"))
    assert "reach production at month 0" in refusal(
        ModelError, lung.assign(duration=0), model="weibull"
    )


def test_shares_need_a_model_of_the_exits(mgus2):
    fit = hazard_regression(mgus2, "~ age", exits="compete")
    with pytest.raises(ModelError, match="gives no share in production while exits compete"):
        fit.reach_difference("age", months=120, values=(60, 70))
    gray = hazard_regression(mgus2, "~ age", model="fine_gray", exits="compete")
    effect = gray.reach_difference("age", months=120, values=(60, 70)).tidy()
    assert 0.05 < effect["estimate"][0] < 0.2
    with pytest.raises(OptionError, match="say which of its values to compare"):
        gray.reach_difference("age", months=120)
    with pytest.raises(ColumnError, match="No variable 'sex' in the formula"):
        gray.reach_difference("sex", months=120)
    with pytest.raises(ModelError, match="Fit model='cox'"):
        gray.proportionality()
