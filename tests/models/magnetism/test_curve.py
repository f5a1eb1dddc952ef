from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from tests.models.magnetism.ledgers import END, ledger_of
from toolkit.errors import ModelError, OptionError
from toolkit.models.magnetism import capital_magnetism, magnetism_curve
from toolkit.models.magnetism.compare import compare_curves
from toolkit.models.magnetism.months import MonthSums

mpl.use("Agg")


@pytest.fixture(scope="module")
def ledger() -> pd.DataFrame:
    return ledger_of(firms=400, clusters=40, seed=9)


def test_the_curve_by_hand() -> None:
    # f is seen for 2 months, g for 1: month two has f alone, who stands for both.
    ledger = pd.DataFrame(
        [
            ("f", "micro", "2020-01-15", 2.0),
            ("f", "bank", "2020-02-10", 6.0),
            ("f", "bank", "2020-03-10", 3.0),
            ("g", "micro", "2020-02-15", 4.0),
        ],
        columns=["firm_id", "tier", "date", "amount_cny"],
    ).assign(date=lambda table: pd.to_datetime(table["date"]))
    curve = magnetism_curve(ledger, months=5, cluster="firm_id", observed_until="2020-03-20")
    table = curve.tidy()
    assert table["months"].tolist() == [0, 1, 2]
    assert table["firms"].tolist() == [2, 2, 1]
    assert table["estimate"].tolist() == [0.0, 1.0, 2.0]
    assert "No firm is observed for more than 2 months; the curve ends there." in curve.notes


@pytest.mark.parametrize("months", [1, 12, 24])
def test_each_month_equals_the_adjusted_ratio(ledger: pd.DataFrame, months: int) -> None:
    curve = magnetism_curve(ledger, months=24, cluster="region", observed_until=END).tidy()
    row = curve[curve["months"] == months].iloc[0]
    ratio = capital_magnetism(
        ledger, months=months, window="adjusted", cluster="region", observed_until=END
    ).total()
    for name in ("estimate", "std_error", "conf_low", "conf_high"):
        assert row[name] == pytest.approx(ratio[name], rel=1e-12)


def test_the_month_at_which_five_yuan_are_reached(ledger: pd.DataFrame) -> None:
    curve = magnetism_curve(ledger, months=24, cluster="region", observed_until=END)
    found = curve.reached(2.0).iloc[0]
    table = curve.tidy().set_index("months")
    at = int(found["months"])
    assert table.loc[at, "estimate"] >= 2.0 > table.loc[at - 1, "estimate"]
    assert found["conf_low"] <= at <= found["conf_high"]
    assert table.loc[int(found["conf_low"]), "conf_high"] >= 2.0
    assert table.loc[int(found["conf_high"]) - 1, "conf_low"] < 2.0
    never = curve.reached(1000.0).iloc[0]
    assert np.isnan(never["months"])
    assert np.isinf(never["conf_high"])
    with pytest.raises(OptionError, match="target is a ratio above 0; got 0"):
        curve.reached(0)


def test_groups_that_share_a_law_are_not_told_apart_and_others_are(ledger: pd.DataFrame) -> None:
    options = {"months": 24, "cluster": "region", "by": "sector", "observed_until": END}
    alike = magnetism_curve(ledger, **options)
    assert alike.compare()["test"].tolist() == ["last month", "all months"]
    assert (alike.compare()["p_value"] > 0.01).all()
    energy = (ledger["sector"] == "energy") & (ledger["tier"] == "bank")
    unlike = ledger.assign(amount_cny=ledger["amount_cny"].where(~energy, ledger["amount_cny"] * 3))
    assert (magnetism_curve(unlike, **options).compare()["p_value"] < 1e-4).all()
    whole = magnetism_curve(ledger, months=24, cluster="region", observed_until=END)
    with pytest.raises(ModelError, match="this result has one curve"):
        whole.compare()


def test_two_groups_in_clusters_of_their_own_are_compared_as_by_hand(ledger: pd.DataFrame) -> None:
    halves = ledger.assign(half=np.where(ledger["region"] < "c020", "one", "two"))
    curve = magnetism_curve(halves, months=12, cluster="region", by="half", observed_until=END)
    last = curve.tidy().query("months == 12").set_index("half")
    # Each variance has its own n/(n-1); the test has that of all clusters.
    variance = sum(
        last.loc[half, "std_error"] ** 2 * (n - 1) / n for half, n in last["clusters"].items()
    ) * (40 / 39)
    gap = last.loc["two", "estimate"] - last.loc["one", "estimate"]
    test = curve.compare().iloc[0]
    assert test["statistic"] == pytest.approx(gap**2 / variance, rel=1e-10)
    assert (test["df"], test["df_clusters"]) == (1, 39)


def test_the_comparison_rejects_as_often_as_it_says() -> None:
    rng = np.random.default_rng(17)
    clusters, names = 30, tuple(f"c{number}" for number in range(30))
    rejected = []
    for _ in range(2000):
        shared = rng.gamma(4.0, 0.25, size=(clusters, 1))
        curves = []
        for _ in range(3):
            at_risk = np.sort(rng.integers(5, 15, size=(clusters, 4)), axis=1)[:, ::-1] * 1.0
            lead = np.zeros((clusters, 4))
            lead[:, 0] = at_risk[:, 0] * rng.gamma(20.0, 0.05, size=clusters)
            follow = at_risk * shared * rng.gamma(4.0, 0.25, size=(clusters, 4))
            curves.append(MonthSums(lead=lead, follow=follow, at_risk=at_risk, names=names))
        found = compare_curves(curves)
        assert found is not None
        rejected.append(found["p_value"].to_numpy() < 0.05)
    share = np.mean(rejected, axis=0)
    assert (share > 0.03).all()
    assert (share < 0.075).all()


def test_sentence_and_plot(ledger: pd.DataFrame) -> None:
    curve = magnetism_curve(ledger, months=24, cluster="region", by="sector", observed_until=END)
    assert "energy: " in curve.sentence()
    assert "after 24 months" in curve.sentence()
    axes = curve.plot()
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["energy", "software"]
    whole = magnetism_curve(ledger, months=24, cluster="region", observed_until=END)
    assert list(whole.key_figures()) == ["ratio after 24 months"]
    whole.plot()
    with pytest.raises(OptionError, match=r"months is a whole number of 1 or more; got 1\.5"):
        magnetism_curve(ledger, months=1.5, cluster="region")
