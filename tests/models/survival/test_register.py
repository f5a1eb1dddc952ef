"""The UK planning register, from the file as published to incidences of operation."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from toolkit.clean.milestones import clean_milestones
from toolkit.models.survival import cumulative_incidence, log_rank

ANSWERS = Path(__file__).parents[2] / "oracle" / "survival_register.json"

REFUSED_OR_WITHDRAWN = [
    "Planning Application Withdrawn",
    "Planning Permission Refused",
    "Appeal Withdrawn",
    "Appeal Refused",
    "Secretary of State - Refusal",
]
LEFT = [
    "Application Refused",
    "Application Withdrawn",
    "Appeal Withdrawn",
    "Abandoned",
    "Planning Permission Expired",
]


@pytest.fixture(scope="module")
def answers():
    """Answers of R's survival and cmprsk; the script that made them stands beside them."""
    return json.loads(ANSWERS.read_text())


@pytest.fixture(scope="module")
def register(shared_data):
    path = shared_data("micro/repd_2021Q2.csv")
    raw = pd.read_csv(path, dtype=str, encoding="latin1", keep_default_na=False)
    return pd.DataFrame(
        {
            "unit_id": raw["Ref ID"],
            "technology": raw["Technology Type"],
            "start": raw["Planning Application Submitted"],
            "production": raw["Operational"].mask(_left(raw), ""),
            "exit": _exits(raw),
        }
    )


@pytest.fixture(scope="module")
def cleaned(register):
    return clean_milestones(
        register,
        columns={"sector": "technology", "region": None},
        observed_until="2021-06-30",
        date_order="day_first",
    )


@pytest.fixture(scope="module")
def large(cleaned, answers):
    return cleaned.table[cleaned.table["sector"].isin(answers["technologies"])]


def _left(raw):
    return raw["Development Status (short)"].isin(LEFT)


def _exits(raw):
    """Date the last refusal or withdrawal, else when the register last heard of the project."""

    def day(name):
        return pd.to_datetime(raw[name], format="%d/%m/%Y")

    status = raw["Development Status (short)"]
    last = pd.concat([day(name) for name in REFUSED_OR_WITHDRAWN], axis=1).max(axis=1)
    last = last.mask(status == "Abandoned")
    last = last.mask(status == "Planning Permission Expired", day("Planning Permission Expired"))
    last = last.fillna(day("Record Last Updated (dd/mm/yyyy)")).where(_left(raw))
    return last.dt.strftime("%d/%m/%Y").fillna("")


def test_counts_are_those_of_the_register(register, answers):
    started = register[register["start"] != ""]
    assert len(register) == answers["counts"]["rows"] == 6461
    assert (started["production"] != "").sum() == answers["counts"]["operational"] == 2559
    assert (started["exit"] != "").sum() == answers["counts"]["exits"] == 2031


def test_what_is_quarantined_is_named(register, cleaned, answers):
    reasons = cleaned.rejected["reasons"].value_counts().to_dict()
    assert reasons == {
        "missing_start": answers["counts"]["without_start"],
        "production_before_start": 8,
        "exit_before_start": 1,
    }
    assert sum(reasons.values()) == 309 + answers["counts"]["impossible"]
    assert len(cleaned.table) == answers["counts"]["kept"] == 6143
    # What lies after the last day does not make a project impossible: it is censored on that day.
    late = cleaned.table["flags"].str.contains("after_observed_until")
    assert late.sum() == answers["counts"]["late"] == 2
    assert set(cleaned.table.loc[late, "outcome"]) == {"censored"}
    backwards = cleaned.rejected[cleaned.rejected["reasons"] == "production_before_start"]
    started, made = (
        pd.to_datetime(backwards[name], format="%d/%m/%Y") for name in ("start", "production")
    )
    assert (made < started).all()
    assert "8  production_before_start: Production before the start." in str(cleaned.audit)
    kept_and_not = {*cleaned.table["unit_id"], *cleaned.rejected["unit_id"]}
    assert kept_and_not == set(register["unit_id"])


def test_incidences_by_technology_equal_r(large, answers):
    table = cumulative_incidence(large, by="sector").tidy()
    assert set(table["sector"]) == set(answers["technologies"])
    for name, answer in answers["technologies"].items():
        own = table[table["sector"] == name]
        for term, word in (("incidence_production", "operation"), ("incidence_exit", "exit")):
            curve = own[own["term"] == term]
            place = curve["age"].searchsorted(answers["horizons"], side="right") - 1
            share = curve["estimate"].to_numpy()[place]
            np.testing.assert_allclose(share, answer[word], atol=1e-8)
            # Beyond the last project of a group cmprsk says nothing.
            other = np.array(answer[f"cmprsk_{word}"], dtype=float)
            known = np.isfinite(other)
            assert known.sum() >= 4
            np.testing.assert_allclose(share[known], other[known], atol=1e-8)
            std_error = curve["std_error"].to_numpy()[place]
            np.testing.assert_allclose(std_error, answer[f"{word}_se"], atol=1e-8)
        assert own["events"].sum() == 2 * answer["operational"]
        assert own["exits"].sum() == 2 * answer["exits"]


def test_technologies_differ_as_gray_says(large, answers):
    test = log_rank(large, by="sector", weights="gray")
    assert test.facts["statistic"] == pytest.approx(answers["gray"][0], rel=1e-6)
