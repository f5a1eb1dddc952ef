"""A Cox regression against its published output.

Rossi, Berk and Lenihan (1980), Money, Work, and Crime: 432 men released from prisons in Maryland,
followed for a year; ``week`` of the first arrest or of the end, ``arrest`` 1 or 0, half of them
with financial aid (``fin``). The table is as the Python package lifelines 0.30 (MIT licence) and
the R package carData carry it. The output is that of Fox and Weisberg (2011), An R Companion to
Applied Regression, online appendix on Cox regression.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from toolkit.models.survival import hazard_regression, survival_curve

ROSSI = Path(__file__).parents[2] / "oracle" / "rossi.csv"
FORMULA = "~ fin + age + race + wexp + mar + paro + prio"

COEFFICIENTS = {
    "fin": (-0.3794, 0.1914),
    "age": (-0.0574, 0.0220),
    "race": (0.3139, 0.3080),
    "wexp": (-0.1498, 0.2122),
    "mar": (-0.4337, 0.3819),
    "paro": (-0.0849, 0.1958),
    "prio": (0.0915, 0.0286),
}


@pytest.fixture(scope="module")
def rossi():
    rows = pd.read_csv(ROSSI)
    return rows.assign(
        duration=rows["week"], outcome=np.where(rows["arrest"] == 1, "production", "censored")
    )


def test_the_men_are_those_that_were_published(rossi):
    assert (len(rossi), int(rossi["arrest"].sum()), int(rossi["fin"].sum())) == (432, 114, 216)
    assert rossi["prio"].mean().round(3) == 2.984


def test_recidivism_as_published(rossi):
    fit = hazard_regression(rossi, FORMULA, exits="censor")
    table = fit.tidy().set_index("term")
    for name, (coefficient, std_error) in COEFFICIENTS.items():
        assert table.loc[name, "estimate"] == pytest.approx(coefficient, abs=5e-5)
        assert table.loc[name, "std_error"] == pytest.approx(std_error, abs=5e-5)
    assert fit.facts["log_likelihood"] == pytest.approx(-658.75, abs=5e-3)
    ratio = 2 * (fit.facts["log_likelihood"] - fit.facts["null_log_likelihood"])
    assert ratio == pytest.approx(33.27, abs=5e-3)


def test_a_year_without_arrest_is_a_share_as_nobody_is_lost(rossi):
    last = survival_curve(rossi, exits="censor").tidy().iloc[-1]
    assert last["estimate"] == pytest.approx(1 - 114 / 432, abs=1e-12)
