import json

import numpy as np
import pandas as pd
import polars as pl
import pytest

from tests.project import PROJECT
from toolkit.errors import ColumnError, DataError, OptionError
from toolkit.models.instruments import decision_time, funnel
from toolkit.models.proportions import newcombe_interval, two_sample_z, wilson_interval
from toolkit.models.ratios import linearized_interval

R = json.loads((PROJECT / "tests" / "oracle" / "instruments.json").read_text())

# Xiamen's orders: first-time borrowers, and the others, who are all orders less these.
XIAMEN = pd.DataFrame(
    {
        "borrower": ["first-time", "other"],
        "applied": [582, 1603 - 582],
        "granted": [237, 550 - 237],
        "asked_cny": [2.3e9, 4.4e9 - 2.3e9],
        "lent_cny": [8.15e8, 1.341e9 - 8.15e8],
    }
)
MONEY = {"applied": "asked_cny", "granted": "lent_cny"}


@pytest.mark.parametrize("answer", R["wilson"], ids=lambda answer: str(answer["case"]))
def test_wilson_is_the_interval_of_r(answer):
    passed, trials, level = answer["case"]
    limits = wilson_interval(passed, trials, conf_level=level)
    assert [float(limit) for limit in limits] == pytest.approx(answer["limits"], abs=1e-12)


def test_wilson_by_hand():
    # 0 of 4 at z = 1.96: the upper limit is z²/(n + z²).
    low, high = wilson_interval(0, 4, conf_level=0.95)
    assert (float(low), float(high)) == (0.0, pytest.approx(3.841458820694124 / 7.841458820694124))
    assert [float(limit) for limit in wilson_interval(0, 0, conf_level=0.95)] == [0.0, 1.0]


def test_newcombe_published_examples():
    # Newcombe 1998, table II, method 10.
    cases = {
        ((56, 70), (48, 80)): (0.0524, 0.3339),
        ((9, 10), (3, 10)): (0.1705, 0.8090),
        ((5, 56), (0, 29)): (-0.0381, 0.1926),
        ((10, 10), (0, 10)): (0.6075, 1.0000),
    }
    for (first, second), limits in cases.items():
        found = newcombe_interval(first, second, conf_level=0.95)
        assert found == pytest.approx(limits, abs=5e-5)


def test_score_test_is_that_of_r():
    z, p = two_sample_z((237, 582), (313, 1021))
    assert (z**2, p) == pytest.approx((R["two"]["chi_squared"], R["two"]["p"]), rel=1e-10)


def test_xiamen_in_total():
    result = funnel(XIAMEN, stages=["applied", "granted"], amounts=MONEY)
    table = result.tidy()
    assert table["entered"].tolist() == [1603, 4.4e9]
    assert table["estimate"].tolist() == pytest.approx([550 / 1603, 1.341 / 4.4])
    assert str(result.sentence()) == (
        "From applied to granted go 34.3% of applications (95% interval 32.0% to 36.7%) and 30.5% "
        "of money."
    )
    assert result._display_table().iloc[:, 1:].to_numpy().tolist() == [
        ["applications", "1,603", "550", "34.3%", "32.0%", "36.7%"],
        ["money", "¥4.4 billion", "¥1.34 billion", "30.5%", "", ""],
    ]
    assert table["conf_low"].isna().tolist() == [False, True]
    assert result.key_figures() == {"applied -> granted": "34.3%"}


def test_xiamen_by_borrower():
    result = funnel(XIAMEN, stages=["applied", "granted"], amounts=MONEY, by="borrower")
    assert result.notes == (
        "Money is given as totals: its share has no interval without single applications.",
    )
    money = result.tidy().query("measure == 'money'")
    assert money["conf_low"].isna().all()
    row = result.differences(reference="other").tidy().iloc[0]
    assert row["estimate"] == pytest.approx(237 / 582 - 313 / 1021)
    assert row["p_value"] == pytest.approx(R["two"]["p"], rel=1e-10)
    assert row["conf_low"] > 0.05
    assert row["against"] == "other"
    assert str(result.differences(reference="other").sentence()) == (
        "Shares that pass: first-time (applied -> granted) 10.1 percentage points more than other "
        "(95% interval 5.2 to 15.0; p < 0.001)."
    )
    first = result.terms["borrower"].iloc[0]
    assert f"points less than {first}" in str(result.differences(reference=first).sentence())
    assert len(result.plot().get_yticks()) == 4


@pytest.fixture
def applications():
    return pd.DataFrame(
        {
            "applied": True,
            "scored": [True, True, True, False, True],
            "granted": pd.to_datetime(["2024-02-01", None, "2024-03-01", None, None]),
            "asked": [4.0, 2.0, 6.0, 3.0, 5.0],
            "lent": [3.0, None, 6.0, None, None],
        }
    )


@pytest.mark.parametrize("kind", [pd.DataFrame, pl.from_pandas])
def test_single_applications_in_three_stages(applications, kind):
    stages = ["applied", "scored", "granted"]
    amounts = {"applied": "asked", "granted": "lent"}
    table = funnel(kind(applications), stages=stages, amounts=amounts).tidy()
    assert table["term"].tolist() == [
        "applied -> scored",
        "scored -> granted",
        "applied -> granted",
        "applied -> granted",
    ]
    assert table["estimate"].tolist() == pytest.approx([4 / 5, 2 / 4, 2 / 5, 9 / 20])
    interval = linearized_interval(
        applications["asked"], applications["lent"].fillna(0), conf_level=0.95
    )
    assert table["conf_low"].iloc[-1] == pytest.approx(interval.low)
    assert table["conf_high"].iloc[-1] == pytest.approx(interval.high)


def test_trend_over_years_is_that_of_r():
    years = pd.DataFrame(
        {"year": range(2019, 2023), "asked": [100, 90, 110, 100], "granted": [14, 20, 33, 47]}
    )
    row = funnel(years, stages=["asked", "granted"], by="year").trend().tidy().iloc[0]
    assert row["statistic"] ** 2 == pytest.approx(R["trend"]["chi_squared"], rel=1e-10)
    assert row["p_value"] == pytest.approx(R["trend"]["p"], rel=1e-10)
    shares = years["granted"] / years["asked"]
    slope = np.polyfit(years["year"] - 2019, shares, 1, w=np.sqrt(years["asked"]))[0]
    assert row["estimate"] == pytest.approx(slope)
    assert row["conf_low"] < slope < row["conf_high"]


def test_approval_of_14_and_47_percent_differs():
    rates = pd.DataFrame({"year": [2019, 2024], "asked": [200, 200], "granted": [28, 94]})
    result = funnel(rates, stages=["asked", "granted"], by="year")
    assert result.tidy()["estimate"].tolist() == [0.14, 0.47]
    row = result.differences().tidy().iloc[0]
    assert row["estimate"] == pytest.approx(0.33)
    with pytest.raises(OptionError, match="three values or more"):
        result.trend()


def test_time_to_decision_counts_those_who_wait():
    start = pd.Timestamp("2024-01-01")
    days = [15, 15, 30, None, 60]
    table = pd.DataFrame(
        {
            "applied": start,
            "decided": [pd.NaT if d is None else start + pd.Timedelta(days=d) for d in days],
        }
    )
    curve = decision_time(table, applied="applied", decided="decided", observed_until="2024-02-15")
    rows = curve.tidy()
    # The decision after 60 days is not known on day 45: two of five wait.
    assert rows["estimate"].tolist() == pytest.approx([0.6, 0.4, 0.4])
    assert rows["age"].to_numpy() * 365.2425 / 12 == pytest.approx([15, 30, 45])
    assert "half reach a decision" in str(curve.sentence())


@pytest.mark.parametrize(
    ("change", "options", "kind", "message"),
    [
        (
            {},
            {"stages": ["applied"]},
            OptionError,
            "stages are two different columns or more, in their order; got 'applied'.",
        ),
        (
            {},
            {"amounts": {"paid": "lent"}},
            OptionError,
            "amounts has money for 'paid', which is no stage. The stages are: applied, scored.",
        ),
        (
            {"applied": [True, True, True, True, False]},
            {},
            DataError,
            "Whoever reaches 'scored' has reached 'applied'; 1 rows say otherwise. Correct them, "
            "or give the stages in their order.",
        ),
        (
            {"asked": [1.0, None, 1.0, 1.0, -1.0]},
            {"amounts": {"applied": "asked"}},
            DataError,
            "Column 'asked' has the money of each application that reached 'applied', 0 or more; "
            "2 rows have none, or less. Correct them at the source.",
        ),
        (
            {"scored": "yes"},
            {},
            ColumnError,
            "Column 'scored' holds truth, 0 and 1, dates or numbers; it is String. Convert the "
            "column.",
        ),
        (
            {"applied": False, "scored": False},
            {},
            DataError,
            "Nobody reached the first stage, 'applied'. Check the column.",
        ),
    ],
)
def test_what_cannot_be_meant(applications, change, options, kind, message):
    table = applications.assign(**change)
    with pytest.raises(kind) as caught:
        funnel(table, **({"stages": ["applied", "scored"]} | options))
    assert str(caught.value) == message


def test_groups_that_are_not_there():
    result = funnel(XIAMEN, stages=["applied", "granted"], by="borrower")
    with pytest.raises(OptionError) as caught:
        result.differences(reference="othr")
    assert str(caught.value) == (
        "No group 'othr'. Did you mean 'other'? The groups are: first-time, other."
    )
    with pytest.raises(OptionError, match="this funnel has one"):
        funnel(XIAMEN, stages=["applied", "granted"]).differences()


def test_a_decision_before_its_application():
    table = pd.DataFrame(
        {"applied": pd.to_datetime(["2024-01-02"]), "decided": pd.to_datetime(["2024-01-01"])}
    )
    with pytest.raises(DataError) as caught:
        decision_time(table, applied="applied", decided="decided", observed_until="2024-06-30")
    assert str(caught.value) == (
        "Times to decision need dates in their order; 1 applications were decided before they were "
        "made, the first in row 0. Correct them, or leave them out."
    )
