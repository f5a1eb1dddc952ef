from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from tests.models.magnetism.ledgers import END, ledger_of
from toolkit.errors import OptionError
from toolkit.models.magnetism import (
    capital_magnetism,
    concordance,
    magnetism_curve,
    magnetism_ratio,
    magnetism_regression,
    rollout_effect,
    shrink_ratios,
    threshold_effect,
)

mpl.use("Agg")


@pytest.fixture(scope="module")
def study() -> dict:
    ledger = ledger_of(firms=2000, clusters=40, seed=21)
    options = {"cluster": "region", "observed_until": END}
    ratio = capital_magnetism(ledger, months=24, window="complete", **options)
    firms = ratio.augment()
    return {
        "ratio": ratio,
        "curve": magnetism_curve(ledger, months=24, **options),
        "exposure": magnetism_regression(
            firms, "follow_cny ~ 1", exposure="lead_cny", cluster="region"
        ),
        "elasticity": magnetism_regression(firms, "follow_cny ~ log(lead_cny)", cluster="region"),
    }


@pytest.fixture(scope="module")
def programme():
    rows = [
        (
            unit,
            year,
            4 if unit < 8 else 0,
            1e9 * unit + 5e7 * (unit < 8 and year >= 4) + 1e5 * noise,
        )
        for unit in range(20)
        for year, noise in zip(range(1, 8), np.random.default_rng(unit).normal(size=7), strict=True)
    ]
    panel = pd.DataFrame(rows, columns=["region", "year", "start", "bank_cny"])
    return rollout_effect(
        panel, outcome="bank_cny", unit="region", time="year", adopted="start", inference="analytic"
    )


def test_every_answer_stands_in_yuan_per_yuan(study: dict, programme) -> None:
    result = concordance({**study, "programme": programme}, lead_behind={"programme": 1e7})
    rows = result.tidy().set_index("term")
    ratio = study["ratio"].total()
    assert rows.loc["ratio", "estimate"] == ratio["estimate"]
    assert rows.loc["exposure", "conf_low"] == pytest.approx(ratio["conf_low"], rel=1e-8)
    assert rows.loc["curve", "estimate"] == study["curve"].tidy()["estimate"].iloc[-1]
    elasticity = study["elasticity"].tidy().loc[1]
    assert rows.loc["elasticity", "estimate"] == pytest.approx(
        elasticity["estimate"] * ratio["estimate"]
    )
    assert rows.loc["programme", "estimate"] == pytest.approx(5.0, abs=0.02)
    assert rows["question"].tolist() == [*["description"] * 3, "elasticity", "cause"]
    assert "Cause: how much follows because of a yuan." in result.notes


def test_a_threshold_is_divided_by_the_lead_money_of_a_taker() -> None:
    pytest.importorskip("rdrobust")
    rng = np.random.default_rng(3)
    firms = pd.DataFrame({"score": rng.uniform(40, 100, 3000)})
    firms["bank"] = 1e6 * (4 * (firms["score"] >= 70) + rng.normal(size=3000))
    effect = threshold_effect(firms, outcome="bank", score="score", cutoff=70)
    row = concordance({"score": effect}, lead_behind={"score": 8e5}).tidy().iloc[0]
    assert row["conf_low"] < 5.0 < row["conf_high"]
    assert row["estimate"] == pytest.approx(effect.tidy().loc[1, "estimate"] / 8e5)


def test_what_cannot_be_meant(study: dict, programme) -> None:
    with pytest.raises(OptionError) as money:
        concordance({"programme": programme})
    assert str(money.value) == (
        "'programme' is an effect in yuan; to be in yuan per yuan it needs the lead money behind "
        "one unit of it: lead_behind={'programme': ...}."
    )
    with pytest.raises(OptionError, match="none was given"):
        concordance({})
    table = pd.DataFrame({"g": np.repeat(range(5), 4), "x": 1.0, "y": np.arange(20.0)})
    shrunk = shrink_ratios(magnetism_ratio(table, lead="x", follow="y", by="g"))
    with pytest.raises(OptionError, match="'s' is a ShrunkenResult, which says nothing"):
        concordance({"s": shrunk})
    other = magnetism_ratio(table, lead="x", follow="y", conf_level=0.9)
    with pytest.raises(OptionError, match=r"intervals of 2 levels \(0\.9, 0\.95\)"):
        concordance({"a": study["ratio"], "b": other})
    other_regressor = magnetism_regression(table.assign(z=table["y"] % 3), "y ~ z", cluster="g")
    with pytest.raises(OptionError, match="has neither an exposure nor the logarithm"):
        concordance({"r": other_regressor})


def test_sentence_and_plot(study: dict) -> None:
    result = concordance(study)
    assert result.sentence().startswith("Follow-on money in yuan per yuan of lead money: ratio ")
    assert list(result.key_figures()) == ["ratio", "curve", "exposure"]
    assert len(result.plot().get_yticklabels()) == 4
