"""Panels against R's plm, sandwich and clubSandwich, and by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.project import PROJECT
from toolkit.models.growth.trends import joint_trend, pooled_trend
from toolkit.models.panels import (
    Layout,
    clustered,
    codes_of,
    conley,
    driscoll_kraay,
    heteroskedastic,
    inference,
    newey_west,
    parse_vcov,
    pesaran_cd,
    within_fit,
)

R = json.loads((PROJECT / "tests" / "oracle" / "growth.json").read_text(encoding="utf-8"))
NEAR = {"rtol": 1e-8, "atol": 1e-14}


@pytest.fixture(scope="module")
def munnell():
    data = R["munnell"]
    design = np.column_stack(
        [np.log(data["pcap"]), np.log(data["pc"]), np.log(data["emp"]), data["unemp"]]
    )
    return np.log(data["gsp"]), design, codes_of(data["state"]), np.array(data["year"])


@pytest.fixture(scope="module")
def states(munnell):
    outcome, design, unit, _ = munnell
    return within_fit(outcome, design, [unit])


@pytest.fixture(scope="module")
def unbalanced():
    data = R["unbalanced"]
    design = np.column_stack([data["value"], data["capital"]]).astype(float)
    firm, year = codes_of(data["firm"]), np.array(data["year"])
    fit = within_fit(np.array(data["inv"]), design, [firm, codes_of(year)])
    groupings = {"region": firm, "year": codes_of(year)}
    return fit, Layout(units=firm, times=year, groupings=groupings)


def test_munnell_within_is_the_published_one(states):
    published = [-0.02614965, 0.29200693, 0.76815947, -0.00529774]
    np.testing.assert_allclose(states.coefficients, published, atol=5e-9)
    np.testing.assert_allclose(states.coefficients, R["munnell"]["within"], rtol=1e-9)


def test_munnell_two_ways(munnell):
    outcome, design, unit, year = munnell
    fit = within_fit(outcome, design, [unit, codes_of(year)])
    np.testing.assert_allclose(fit.coefficients, R["munnell"]["twoways"], rtol=1e-9)


def test_grunfeld_within():
    data = R["grunfeld"]
    design = np.column_stack([data["value"], data["capital"]]).astype(float)
    fit = within_fit(np.array(data["inv"]), design, [codes_of(data["firm"])])
    np.testing.assert_allclose(fit.coefficients, data["within"], rtol=1e-10)
    np.testing.assert_allclose(fit.coefficients, [0.1101238, 0.3100653], atol=5e-8)


def test_munnell_covariances_without_factors(munnell, states):
    _, _, unit, year = munnell
    expected = {name: np.array(matrix) for name, matrix in R["munnell"]["vcov"].items()}
    scores, bread = states.scores, states.bread
    n, rank = len(scores), 10
    periods = len(np.unique(year))
    time = codes_of(year)
    ours = {
        "white": heteroskedastic(
            states.design, states.residuals, bread, kind="HC0", rank=states.rank
        ),
        "arellano": clustered(scores, bread, [unit], rank=rank, small=False),
        "by_time": clustered(scores, bread, [time], rank=rank, small=False),
        "two_ways": clustered(scores, bread, [unit, time], rank=rank, small=False),
        "newey_west": newey_west(scores, bread, unit, year, lags=2, rank=rank) * (n - rank) / n,
        "driscoll_kraay": driscoll_kraay(scores, bread, year, lags=2, rank=rank)
        * ((periods - 1) / periods * (n - rank) / (n - 1)),
    }
    for name, matrix in ours.items():
        np.testing.assert_allclose(matrix, expected[name], **NEAR, err_msg=name)


def test_pesaran_balanced_and_not(munnell, states, unbalanced):
    _, _, unit, year = munnell
    wide = np.full((unit.max() + 1, np.ptp(year) + 1), np.nan)
    wide[unit, year - year.min()] = states.residuals
    test = pesaran_cd(wide)
    np.testing.assert_allclose([test.statistic, test.p_value], R["munnell"]["cd"], rtol=1e-8)
    fit, layout = unbalanced
    wide = np.full((10, 20), np.nan)
    wide[layout.units, layout.times - 1935] = fit.residuals
    test = pesaran_cd(wide)
    np.testing.assert_allclose([test.statistic, test.p_value], R["unbalanced"]["cd"], rtol=1e-8)


def test_mean_group(munnell):
    outcome, design, unit, _ = munnell
    slopes = np.array(
        [
            within_fit(
                outcome[unit == state],
                np.column_stack([design[unit == state], np.ones((unit == state).sum())]),
            ).coefficients
            for state in range(48)
        ]
    )
    expected = R["munnell"]["mean_group"]
    np.testing.assert_allclose(np.roll(slopes.mean(axis=0), 1), expected, rtol=1e-7)
    errors = slopes.std(axis=0, ddof=1) / np.sqrt(48)
    np.testing.assert_allclose(np.roll(errors, 1), R["munnell"]["mean_group_error"], rtol=1e-7)


def test_unbalanced_two_ways_equal_dummies(unbalanced):
    fit, _ = unbalanced
    np.testing.assert_allclose(fit.coefficients, R["unbalanced"]["coefficients"], rtol=1e-9)


@pytest.mark.parametrize("kind", ["HC0", "HC1", "HC2", "HC3", "CR0", "CR2", "CR3"])
def test_unbalanced_covariances_equal_those_with_dummies(unbalanced, kind):
    fit, layout = unbalanced
    said = inference(fit, parse_vcov(kind), layout, conf_level=0.95, random_state=0)
    np.testing.assert_allclose(said.covariance, R["unbalanced"][kind.lower()], **NEAR)


def test_cr3_with_years_alone_equals_clubsandwich(unbalanced):
    data = R["unbalanced"]
    _, layout = unbalanced
    design = np.column_stack([data["value"], data["capital"]]).astype(float)
    fit = within_fit(np.array(data["inv"]), design, [layout.groupings["year"]])
    np.testing.assert_allclose(fit.coefficients, data["years_alone"], rtol=1e-9)
    said = inference(fit, parse_vcov("CR3"), layout, conf_level=0.95, random_state=0)
    np.testing.assert_allclose(said.covariance, data["cr3_years_alone"], **NEAR)


def test_two_ways_of_clusters_have_each_their_own_factor(unbalanced):
    fit, layout = unbalanced
    ours = inference(fit, parse_vcov("CR1(region, year)"), layout, conf_level=0.95, random_state=0)
    n, rank = len(fit.outcome), fit.rank_beside(list(layout.groupings.values()))
    rescaled = ours.covariance * (n - rank) / (n - 1)
    np.testing.assert_allclose(rescaled, R["unbalanced"]["two_ways"], **NEAR)


def test_joint_trend_covariance_by_three_series():
    answer = R["trend"]
    rates = joint_trend(np.array(answer["levels"], dtype=float), lags=2)
    slopes = np.log1p(rates.rates)
    np.testing.assert_allclose(slopes, [answer["first"][0], answer["second"][0]], rtol=1e-9)
    of_slopes = rates.covariance / np.outer(1 + rates.rates, 1 + rates.rates)
    contrast = np.array([1.0, -1.0])
    np.testing.assert_allclose(
        [*np.diag(of_slopes), contrast @ of_slopes @ contrast],
        [answer["first"][1], answer["second"][1], answer["difference"][1]],
        rtol=1e-8,
    )


@pytest.mark.parametrize("errors", ["cluster", "driscoll_kraay"])
def test_pooled_trend(errors):
    data, answer = R["grunfeld"], R["pooled"]
    levels = np.stack(
        [np.array(data[name], dtype=float).reshape(10, 20) for name in ("inv", "value")]
    )
    rates = pooled_trend(levels, errors=errors, lags=2)
    np.testing.assert_allclose(
        np.log1p(rates.rates), [answer["first"]["slope"], answer["second"]["slope"]], rtol=1e-9
    )
    of_slopes = rates.covariance / np.outer(1 + rates.rates, 1 + rates.rates)
    factor = {
        "cluster": 10 / 9 * 199 / 198,
        "driscoll_kraay": 20 / 19 * 199 / 189,
    }[errors]
    key = {"cluster": "clustered_hc0", "driscoll_kraay": "driscoll_kraay_hc0"}[errors]
    contrast = np.array([1.0, -1.0])
    np.testing.assert_allclose(
        np.array([*np.diag(of_slopes), contrast @ of_slopes @ contrast]) / factor,
        [answer[name][key] for name in ("first", "second", "difference")],
        rtol=1e-8,
    )


def test_conley_with_spdeps_neighbours():
    answer = R["conley"]
    places = np.array(answer["places"], dtype=float)
    distances = np.linalg.norm(places[:, None] - places, axis=2)
    design = np.column_stack([np.ones(7), answer["x"]])
    fit = within_fit(np.array(answer["y"], dtype=float), design)
    ours = conley(
        fit.scores,
        fit.bread,
        np.arange(7),
        np.zeros(7, dtype=int),
        distances,
        cutoff=150.0,
        lags=0,
    )
    np.testing.assert_allclose(ours, answer["vcov"], **NEAR)
