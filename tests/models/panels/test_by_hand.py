"""Panels by hand, by brute force and by what must hold."""

from __future__ import annotations

import re
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.errors import ModelError, OptionError
from toolkit.models.panels import (
    Layout,
    absorb,
    absorbed_rank,
    codes_of,
    conley,
    dummies,
    great_circle,
    inference,
    newey_west,
    parse_vcov,
    pesaran_cd,
    wild_cluster_bootstrap,
    within_fit,
)


def panel(seed, rows, *levels):
    rng = np.random.default_rng(seed)
    effects = [codes_of(rng.integers(0, count, rows)) for count in levels]
    return rng.normal(size=(rows, 3)), effects


@settings(max_examples=30)
@given(
    seed=st.integers(0, 10_000),
    rows=st.integers(8, 60),
    levels=st.lists(st.integers(1, 9), min_size=1, max_size=3),
)
def test_absorbing_is_the_residual_on_dummies(seed, rows, levels):
    values, effects = panel(seed, rows, *levels)
    columns = np.column_stack([dummies(codes) for codes in effects])
    expected = values - columns @ np.linalg.lstsq(columns, values, rcond=None)[0]
    np.testing.assert_allclose(absorb(values, effects), expected, atol=1e-8)
    if len(effects) < 3:
        assert absorbed_rank(effects) == np.linalg.matrix_rank(columns)


def test_alternating_projections_agree_with_the_direct_solution():
    values, effects = panel(1, 400, 30, 12)
    direct = absorb(values, effects)
    constant = np.zeros(400, dtype=int)
    np.testing.assert_allclose(absorb(values, [*effects, constant]), direct, atol=1e-10)


def test_projections_that_do_not_converge_are_refused():
    values, effects = panel(1, 60, 30, 12, 7)
    message = "The 3 effects could not be taken out in 1 rounds: they hardly overlap."
    with pytest.raises(ModelError, match=re.escape(message)):
        absorb(values, effects, most_rounds=1)


def test_conley_by_hand():
    # Three places in a row, 100 km apart, in one year; a cutoff of 150 km joins neighbours.
    scores = np.array([[1.0], [2.0], [4.0]])
    distances = 100.0 * np.abs(np.subtract.outer(np.arange(3), np.arange(3)))
    options = {
        "units": np.arange(3),
        "times": np.zeros(3, dtype=int),
        "distances": distances,
        "cutoff": 150.0,
        "lags": 0,
    }
    bread = np.array([[0.5]])
    uniform = 1 + 4 + 16 + 2 * (1 * 2 + 2 * 4)
    assert conley(scores, bread, **options)[0, 0] == pytest.approx(0.25 * uniform)
    third = 1 - 100 / 150
    tapered = 1 + 4 + 16 + 2 * third * (1 * 2 + 2 * 4)
    answer = conley(scores, bread, **options, kernel="bartlett")
    assert answer[0, 0] == pytest.approx(0.25 * tapered)


def test_conley_in_space_and_time_by_brute_force():
    rng = np.random.default_rng(3)
    units, times = map(np.array, zip(*product(range(5), range(6)), strict=True))
    kept = rng.random(30) > 0.2
    units, times = units[kept], times[kept]
    scores = rng.normal(size=(len(units), 2))
    places = rng.uniform(0, 1000, 5)
    distances = np.abs(np.subtract.outer(places, places))
    meat = np.zeros((2, 2))
    for i in range(len(units)):
        for j in range(len(units)):
            near = times[i] == times[j] and distances[units[i], units[j]] <= 300
            gap = abs(times[i] - times[j])
            weight = float(near)
            if units[i] == units[j] and 0 < gap <= 2:
                weight = 1 - gap / 3
            meat += weight * np.outer(scores[i], scores[j])
    answer = conley(scores, np.eye(2), units, times, distances, cutoff=300.0, lags=2)
    np.testing.assert_allclose(answer, meat, rtol=1e-12)


def test_a_missing_year_stays_a_year_for_newey_west():
    scores = np.array([[1.0], [2.0], [3.0]])
    times = np.array([0, 1, 3])
    answer = newey_west(scores, np.eye(1), np.zeros(3, dtype=int), times, lags=1, rank=0)
    assert answer[0, 0] == pytest.approx(1 + 4 + 9 + 2 * 0.5 * (1 * 2))


def test_pesaran_by_hand():
    r = np.array([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0], [1.0, 2.0, 4.0]])
    pairs = [np.corrcoef(r[i], r[j])[0, 1] for i, j in [(0, 1), (0, 2), (1, 2)]]
    answer = pesaran_cd(r)
    assert answer.statistic == pytest.approx(np.sqrt(3 / 3) * sum(pairs))
    assert answer.mean_correlation == pytest.approx(np.mean(pairs))


def test_pesaran_needs_pairs():
    with pytest.raises(ModelError, match="needs two units with three periods in common"):
        pesaran_cd(np.array([[1.0, np.nan, 2.0], [1.0, 2.0, 3.0]]))


def brute_force_p_value(outcome, design, codes, null, weights):
    """Refit on every bootstrap sample, row by row."""
    groups = codes.max() + 1

    def t_of(y, centre):
        beta, *_ = np.linalg.lstsq(design, y, rcond=None)
        bread = np.linalg.inv(design.T @ design)
        rows = design * (y - design @ beta)[:, None]
        sums = np.stack([rows[codes == g].sum(axis=0) for g in range(groups)])
        error = np.sqrt(groups / (groups - 1) * (bread @ sums.T @ sums @ bread)[0, 0])
        return (beta[0] - centre) / error

    others = design[:, 1:]
    moved = outcome - null * design[:, 0]
    restricted = others @ np.linalg.lstsq(others, moved, rcond=None)[0] + null * design[:, 0]
    residuals = outcome - restricted
    observed = abs(t_of(outcome, null))
    drawn = [abs(t_of(restricted + w[codes] * residuals, null)) for w in weights]
    return np.mean(np.array(drawn) >= observed * (1 - 1e-9))


def test_wild_bootstrap_equals_refitting_every_sample():
    rng = np.random.default_rng(11)
    codes = codes_of(rng.integers(0, 7, 60))
    design = np.column_stack([rng.normal(size=60) + 0.3 * codes, np.ones(60)])
    outcome = 0.4 * design[:, 0] + rng.normal(size=7)[codes] + rng.normal(size=60)
    weights = np.array(list(product((-1.0, 1.0), repeat=7)))
    ours = wild_cluster_bootstrap(
        outcome, design, codes, coefficient=0, conf_level=0.9, draws=200, random_state=0
    )
    assert ours.draws == 128
    assert ours.p_value == brute_force_p_value(outcome, design, codes, 0.0, weights)
    inside, outside = ours.conf_low + 1e-6, ours.conf_low - 1e-6
    assert brute_force_p_value(outcome, design, codes, inside, weights) >= 0.1
    assert brute_force_p_value(outcome, design, codes, outside, weights) < 0.1


def test_wild_bootstrap_sees_year_effects_that_cross_clusters():
    rng = np.random.default_rng(5)
    unit, year = map(np.array, zip(*product(range(8), range(6)), strict=True))
    x = rng.normal(size=48) + 0.2 * unit + 0.1 * year
    y = 0.5 * x + rng.normal(size=8)[unit] + rng.normal(size=6)[year] + rng.normal(size=48)
    fit = within_fit(y, x[:, None], [unit, year])
    layout = Layout(units=unit, times=year, groupings={"region": unit, "year": year})
    said = inference(fit, parse_vcov("WCB(300)"), layout, conf_level=0.95, random_state=0)
    columns = np.column_stack([x, dummies(unit), dummies(year)[:, 1:]])
    weights = np.array(list(product((-1.0, 1.0), repeat=8)))
    assert said.p_value[0] == brute_force_p_value(y, columns, unit, 0.0, weights)


def test_wild_bootstrap_repeats_with_its_seed_and_needs_three_clusters():
    values, (codes,) = panel(2, 200, 20)
    options = {"coefficient": 0, "conf_level": 0.95, "draws": 199, "random_state": 7}
    first = wild_cluster_bootstrap(values[:, 0], values[:, 1:], codes, **options)
    assert first == wild_cluster_bootstrap(values[:, 0], values[:, 1:], codes, **options)
    with pytest.raises(ModelError, match="needs three clusters or more; there are 2"):
        wild_cluster_bootstrap(values[:, 0], values[:, 1:], codes % 2, **options)


@pytest.mark.slow
def test_intervals_cover_as_often_as_they_say():
    rng = np.random.default_rng(42)
    unit, year = map(np.array, zip(*product(range(31), range(14)), strict=True))
    layout = Layout(units=unit, times=year, groupings={"region": unit, "year": year})
    covered = {"CR1": 0, "CR2": 0, "HC1": 0}
    runs = 600
    for _ in range(runs):
        shock = np.cumsum(rng.normal(size=(31, 14)), axis=1).ravel() * 0.3
        x = rng.normal(size=434) + np.cumsum(rng.normal(size=(31, 14)), axis=1).ravel()
        fit = within_fit(1.0 * x + shock + rng.normal(size=434), x[:, None], [unit, year])
        for kind in covered:
            said = inference(fit, parse_vcov(kind), layout, conf_level=0.95, random_state=0)
            covered[kind] += bool(said.conf_low[0] <= 1.0 <= said.conf_high[0])
    assert 0.92 <= covered["CR1"] / runs <= 0.98
    assert 0.92 <= covered["CR2"] / runs <= 0.98
    assert covered["HC1"] / runs < 0.92


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("CR9", "No covariance 'CR9'."),
        ("CR2(region, year)", "The covariance 'CR2(region, year)' cannot be read."),
        ("Conley", "The covariance 'Conley' cannot be read."),
        ("NW(two)", "The covariance 'NW(two)' cannot be read."),
        ("HC1(2)", "The covariance 'HC1(2)' cannot be read."),
    ],
)
def test_a_covariance_that_cannot_be_read(text, message):
    with pytest.raises(OptionError, match=re.escape(message)):
        parse_vcov(text)


def test_the_language_forgives_case_and_blanks():
    assert parse_vcov(" cr1( region ,year ) ").groups == ("region", "year")
    assert parse_vcov("nw").kind == "NW"


def test_a_regressor_that_the_effects_determine_is_refused():
    codes = np.array([0, 0, 1, 1, 2, 2])
    with pytest.raises(ModelError, match="do not vary beside the effects"):
        within_fit(np.arange(6.0), codes[:, None] * 1.0, [codes])


def test_more_parameters_than_rows_are_refused():
    message = "A fit needs more rows than parameters; there are 3 rows and 4 parameters."
    with pytest.raises(ModelError, match=re.escape(message)):
        within_fit(np.arange(3.0), np.ones((3, 1)), [np.arange(3)])


def test_distances_on_the_globe():
    # Beijing to Shanghai, city to city, is about 1,070 km.
    there = great_circle(np.array([39.904, 31.230]), np.array([116.407, 121.474]))
    assert there[0, 1] == pytest.approx(1067, abs=3)
    np.testing.assert_allclose(np.diag(there), 0)
