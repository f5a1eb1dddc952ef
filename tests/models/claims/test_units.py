"""A claim and an estimate are held against each other in one unit only."""

import pandas as pd
import pytest

from toolkit.errors import OptionError
from toolkit.models.claims import Evidence, check_claim
from toolkit.models.claims.units import UNITS, unit_of
from toolkit.models.growth import growth_multiple
from toolkit.models.instruments import LoanScenario, funnel, risk_pool
from toolkit.models.magnetism import magnetism_ratio
from toolkit.models.survival import reach, restricted_mean

FIRMS = pd.DataFrame({"micro": [1.0, 2.0, 1.0, 2.0], "bank": [4.9, 10.3, 5.1, 9.8]})
SPELLS = pd.DataFrame(
    {
        "duration": [5.0, 8.0, 12.0, 20.0],
        "outcome": ["production", "exit", "production", "censored"],
    }
)
LOANS = LoanScenario(number=20, size=1e6, default_rate=0.1, loss_given_default=0.5, correlation=0.1)


def claim(value, unit, **other):
    row = {"figure_id": "claim", "low": value, "high": value, "unit": unit, "bound": "exact"}
    return row | {"inclusive": True} | other


def ratio():
    return magnetism_ratio(FIRMS, lead="micro", follow="bank")


def accounts():
    years = range(2013, 2024)
    return pd.concat(
        pd.DataFrame(
            {
                "region": "430000",
                "year": years,
                "indicator": name,
                "value": [
                    1e12 * factor ** (year - 2013) * (1 + 0.01 * (year % 3)) for year in years
                ],
                "unit": "CNY",
                "vintage": "unstated",
            }
        )
        for name, factor in (
            ("high_tech_manufacturing_revenue", 1.1),
            ("gross_regional_product", 1.05),
        )
    )


@pytest.mark.parametrize(
    ("make", "where", "unit"),
    [
        (ratio, {}, "ratio"),
        (lambda: reach(SPELLS, months=10, exits="compete"), {}, "share"),
        (lambda: restricted_mean(SPELLS, months=10, exits="censor"), {"term": "restricted_mean"},
         "months"),
        (lambda: funnel(pd.DataFrame({"a": [10], "b": [4]}), stages=["a", "b"]), {}, "share"),
        (lambda: risk_pool(LOANS, coverage=0.5, pool=1e6), {"term": "expected_loss"}, "CNY"),
        (lambda: risk_pool(LOANS, coverage=0.5, pool=1e6), {"term": "lending_per_yuan"}, "ratio"),
        (lambda: risk_pool(LOANS, coverage=0.5, pool=1e6), {"term": "dry_by_year"}, "share"),
    ],
)  # fmt: skip
def test_each_result_speaks_of_its_own_unit_alone(make, where, unit):
    result = make()
    where = where if set(where.values()) <= set(result.tidy()["term"]) else {}
    assert check_claim(claim(0.5, unit), result, where=where).claim.unit == unit
    for other in set(UNITS) - {unit}:
        with pytest.raises(OptionError, match="cannot be held against each other"):
            check_claim(claim(0.5, other), result, where=where)


def test_the_rows_of_a_growth_multiple_are_in_two_units():
    result = growth_multiple(
        accounts(),
        sector="high_tech_manufacturing_revenue",
        against="gdp",
        start=2013,
        end=2023,
        method="trend",
    )
    row = {"region": "430000"}
    multiple = row | {"term": "growth_multiple"}
    assert check_claim(claim(2.3, "ratio"), result, where=multiple).status in (
        "contradicted",
        "supported",
    )
    sector = row | {"term": "growth_sector"}
    assert check_claim(claim(0.5, "share"), result, where=sector).status == "contradicted"
    for unit, where in (("share", multiple), ("ratio", sector)):
        with pytest.raises(OptionError, match="cannot be held against each other"):
            check_claim(claim(0.5, unit), result, where=where)


def test_money_against_a_share_is_refused_in_words():
    result = reach(SPELLS, months=10, exits="compete")
    with pytest.raises(OptionError) as caught:
        check_claim(claim(2e9, "CNY", figure_id="hunan_pool_size"), result)
    assert str(caught.value) == (
        "The claim 'hunan_pool_size' is in CNY, and 'Share in production within 10 months' is in "
        "share ('share in production'): the two cannot be held against each other. Choose an "
        "estimate in CNY, or convert it. If the estimate is in CNY after all, say so: unit='CNY'."
    )


def test_a_unit_in_other_words_is_said():
    result = ratio()
    odd = type(result)(**(vars(result) | {"unit": "kilograms"}))
    with pytest.raises(OptionError) as caught:
        check_claim(claim(5.0, "ratio"), odd)
    assert str(caught.value) == (
        "The claim 'claim' is in ratio; the unit of 'bank per yuan of micro', 'kilograms', is none "
        "that is known. If the estimate is in ratio after all, say so: unit='ratio'."
    )
    assert check_claim(claim(5.0, "ratio"), odd, unit="ratio").status == "supported"
    assert (
        check_claim(claim(5.0, "ratio"), Evidence(result=odd, unit="ratio")).status == "supported"
    )


def test_a_plain_number_is_in_the_unit_of_the_estimate():
    assert check_claim(5.0, ratio()).claim.unit is None


def test_a_figure_without_unit_is_refused():
    with pytest.raises(OptionError) as caught:
        check_claim(claim(40.0, None), ratio())
    assert str(caught.value) == (
        "The claim 'claim' has no unit, and 'bank per yuan of micro' is in 'yuan per yuan'. Give "
        "the figure its unit at the source, or check a plain number in the unit of the estimate."
    )


def test_what_is_no_unit():
    with pytest.raises(OptionError) as caught:
        Evidence(result=ratio(), unit="month")
    assert str(caught.value) == (
        "unit is one of CNY, share, percentage_points, ratio, count, months, days, working_days, "
        "hours, minutes, seconds, score, or the code of a currency; got 'month'. Did you mean "
        "'months'?"
    )
    with pytest.raises(OptionError, match="its own where, proxy and unit"):
        check_claim(5.0, Evidence(result=ratio()), unit="ratio")


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        ("yuan per yuan", "ratio"),
        ("dollar per dollar", "ratio"),
        ("CNY per CNY of pool", "ratio"),
        ("percent per percent", "ratio"),
        ("times", "ratio"),
        ("hazard ratio", "ratio"),
        ("ratio of shares", "ratio"),
        ("share that still waits", "share"),
        ("fraction", "share"),
        ("difference of shares", "share"),
        ("probability that a sound firm scores higher", "share"),
        ("share per year", None),
        ("percentage points", "percentage_points"),
        ("yuan", "CNY"),
        ("CNY", "CNY"),
        ("USD", "USD"),
        ("dollars", "USD"),
        ("persons", "count"),
        ("months", "months"),
        ("working days", "working_days"),
        ("CNY per firm", None),
        ("log yuan", None),
        ("index", None),
    ],
)
def test_words_and_what_they_mean(words, unit):
    assert unit_of(words) == unit
