"""What curves show of themselves: round ages, read off the full table."""

import numpy as np
import pandas as pd
import pytest

from toolkit.models.survival import cumulative_incidence, hazard_regression, survival_curve
from toolkit.models.survival.by_age import round_ages


@pytest.fixture(scope="module")
def spells():
    rng = np.random.default_rng(20240901)
    n = 3000
    return pd.DataFrame(
        {
            "duration": np.append(rng.integers(1, 50, n - 1), 50),
            "outcome": rng.choice(["production", "exit", "censored"], n),
            "sector": rng.choice(["battery", "robotics"], n),
            "region": rng.choice([f"{code}0000" for code in range(11, 23)], n),
            "x": rng.normal(size=n),
        }
    )


def shown(result):
    return result._display_table().astype(str)


@pytest.mark.parametrize(
    ("last", "most", "ages"),
    [
        (120, 6, [0, 24, 48, 72, 96, 120]),
        (50, 12, [0, 6, 12, 18, 24, 30, 36, 42, 48]),
        (0.9, 12, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]),
        (10_000_000, 12, [0, 10_000_000]),
        (0, 12, [0]),
    ],
)
def test_ages_are_round_and_few(last, most, ages):
    assert round_ages(last, most=most) == pytest.approx(ages)


def test_one_curve_is_shown_at_round_ages_and_its_last(spells):
    curve = survival_curve(spells, exits="censor")
    table, full = shown(curve), curve.tidy().set_index("age")
    assert table["age"].tolist() == ["0", "6", "12", "18", "24", "30", "36", "42", "48", "50"]
    assert table["estimate"].iloc[0] == "1.000"
    assert float(table["estimate"].iloc[4]) == pytest.approx(full.loc[24, "estimate"], abs=5e-5)
    assert table["at_risk"].iloc[0] == "3000"
    assert int(table["at_risk"].iloc[4]) == full.loc[24, "at_risk"]
    assert "Shown at round ages and at the last. All 50 rows are in tidy()." in curve.summary()


def test_between_two_ages_the_step_before_holds_and_the_next_are_at_risk():
    ages = [2.5 * place + 1 for place in range(50)]
    spells = pd.DataFrame({"duration": ages, "outcome": "production"})
    table = shown(survival_curve(spells, exits="censor")).set_index("age")
    # Of 50, at 1, 3.5, 6, 8.5, 11 five ended by month 12, the next at 13.5.
    assert float(table.loc["12", "estimate"]) == 0.9
    assert table.loc["12", "at_risk"] == "45"


def test_incidences_of_groups_fit_in_forty_rows(spells):
    result = cumulative_incidence(spells, by="sector")
    table = shown(result)
    assert len(table) <= 40
    assert list(table.columns[:3]) == ["sector", "term", "age"]
    assert (table[table["age"] == "0"]["estimate"] == "0").all()
    assert set(table["term"]) == {"incidence_production", "incidence_exit"}


def test_many_curves_stand_side_by_side(spells):
    curve = survival_curve(spells, exits="censor", by="region")
    table = shown(curve)
    assert table["region"].tolist() == sorted(spells["region"].unique())
    assert list(table.columns[1:]) == [f"{age} months" for age in (0, 12, 24, 36, 48)]
    own = curve.tidy().query("region == '110000' and age <= 24")["estimate"].iloc[-1]
    assert table["24 months"].iloc[0] == f"{own:.1%}"
    assert "Shares at round ages. All " in curve.summary()
    assert " rows are in tidy(), with their limits." in curve.to_html()


def test_of_very_many_curves_the_first_forty_are_shown(spells):
    grouped = spells.assign(group=np.arange(len(spells)) % 45)
    curve = survival_curve(grouped, exits="censor", by="group")
    assert len(shown(curve)) == 40
    assert "Shares of the first 40 curves of 45 at round ages." in curve.summary()


def test_small_tables_are_shown_whole(seven):
    curve = survival_curve(seven, exits="censor")
    assert shown(curve)["age"].tolist() == ["2", "3", "5", "6"]
    assert "tidy()" not in curve.summary()


def test_predicted_curves_are_shown_at_round_ages(spells):
    fit = hazard_regression(spells, "~ x", exits="censor")
    table = shown(fit.predict(pd.DataFrame({"x": [0.0, 1.0]})))
    assert table["x"].nunique() == 2
    assert len(table) <= 40
    assert "at_risk" not in table
