import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import ColumnError, DataError, ModelError, OptionError
from toolkit.models.instruments import (
    LoanBook,
    LoanScenario,
    LossLayer,
    compare_pools,
    register_rates,
    risk_pool,
)
from toolkit.models.pools import vasicek_cdf, vasicek_excess, vasicek_quantile

HUNAN = LoanScenario(
    number=1000, size=2e6, default_rate=0.10, loss_given_default=0.6, correlation=0.1, years=3
)


def estimates(result):
    return result.tidy().groupby("term")["estimate"].first()


def test_two_loans_by_hand():
    # Losses 0, 1 and 2 million with 1/4, 1/2, 1/4. Of the two, 0.8 x 2 = 1.6 is cut to 1.
    loans = LoanScenario(
        number=2, size=1e6, default_rate=0.5, loss_given_default=1.0, correlation=0.0
    )
    result = risk_pool(loans, coverage=0.8, pool=1e6, safety=0.6)
    found = estimates(result)
    assert found["expected_loss"] == pytest.approx(1e6)
    assert found["expected_payout"] == pytest.approx(0.5 * 0.8e6 + 0.25 * 1e6)
    assert found["tail_payout"] == pytest.approx(0.8e6)
    assert found["dry_by_year"] == pytest.approx(0.25)
    # At 60% safety 0.4 yuan are asked for of each yuan lent: 2.5 yuan of lending per yuan.
    assert found["lending_per_yuan"] == pytest.approx(2.5)
    assert found["break_even_default_rate"] == pytest.approx(1e6 / (0.8 * 2e6))
    outcomes = result.augment()
    assert outcomes["pool"].tolist() == pytest.approx([0, 0.8e6, 1e6])
    assert outcomes["lenders"].tolist() == pytest.approx([0, 0.2e6, 1e6])


def test_limit_has_the_closed_forms_of_vasicek():
    result = risk_pool(HUNAN, coverage=0.8, pool=1e8, method="limit", safety=0.99)
    found, law = estimates(result), {"rate": 0.1, "correlation": 0.1}
    stop = 1e8 / (0.8 * 0.6 * 2e9)
    paid = 0.8 * 0.6 * 2e9 * (0.1 - vasicek_excess(stop, **law))
    assert found["expected_payout"] == pytest.approx(float(paid), rel=1e-12)
    last = result.row("dry_by_year", year=3)["estimate"]
    assert last == pytest.approx(1 - float(vasicek_cdf(stop, **law)), abs=1e-12)
    tail = 0.8 * 0.6 * float(vasicek_quantile(0.99, **law))
    assert found["lending_per_yuan"] == pytest.approx(1 / tail, rel=1e-12)


def test_simulation_agrees_with_the_exact_answer():
    exact = risk_pool(HUNAN, coverage=0.8, pool=1.5e8)
    drawn = risk_pool(HUNAN, coverage=0.8, pool=1.5e8, method="simulate", draws=100_000)
    both = exact.tidy().merge(drawn.tidy(), on=["term", "year", "bearer"], suffixes=("", "_drawn"))
    measured = both[both["std_error_drawn"].notna() & (both["std_error_drawn"] > 0)]
    assert len(measured) == 7
    away = (measured["estimate_drawn"] - measured["estimate"]) / measured["std_error_drawn"]
    assert away.abs().max() < 4
    for term in ("tail_payout", "lending_per_yuan", "break_even_default_rate"):
        assert estimates(drawn)[term] == pytest.approx(estimates(exact)[term], rel=0.03)


def test_a_book_of_like_loans_is_the_scenario():
    loans = pd.DataFrame(
        {"amount_cny": 1e6, "default_rate": 0.2, "loss_given_default": 0.5, "city": ["a", "b"] * 20}
    )
    scenario = LoanScenario(
        number=40, size=1e6, default_rate=0.2, loss_given_default=0.5, correlation=0.15, years=2
    )
    book = LoanBook(loans=loans, correlation=0.15, years=2)
    exact = risk_pool(scenario, coverage=0.5, pool=2e6)
    drawn = risk_pool(book, coverage=0.5, pool=2e6, draws=50_000)
    for year in (1, 2):
        row = drawn.row("dry_by_year", year=year)
        expected = exact.row("dry_by_year", year=year)["estimate"]
        assert abs(row["estimate"] - expected) < 4 * row["std_error"]
    # Loans of one city that hang together make bad years worse.
    tied = LoanBook(loans=loans, correlation=0.15, within={"city": 0.4}, years=2)
    worse = risk_pool(tied, coverage=0.5, pool=6e6)
    usual = risk_pool(book, coverage=0.5, pool=6e6)
    assert estimates(worse)["expected_loss"] == pytest.approx(0.2 * 0.5 * 40e6, rel=0.05)
    for result in (worse, usual):
        assert result.facts["lent"] == 40e6
    chances = [float(each.row("dry_by_year", year=2)["estimate"]) for each in (usual, worse)]
    assert chances[1] > 2 * chances[0]


def test_money_lent_again_grows_as_the_geometric_sum():
    result = risk_pool(HUNAN, coverage=0.8, pool=2e8, rounds=3, draws=50_000)
    kept = 1 - 0.1 * 0.6
    expected = 2e9 * (1 + kept + kept**2)
    assert result.facts["lent"] == pytest.approx(expected, rel=0.002)
    dry = result.tidy().query("term == 'dry_by_year'")["estimate"].to_numpy()
    assert len(dry) == 9
    assert (np.diff(dry) >= 0).all()
    # 0.48 p (1 + r + r²) 2e9 = 2e8 with r = 1 - 0.6 p.
    rate = estimates(result)["break_even_default_rate"]
    kept = 1 - 0.6 * rate
    assert 0.48 * rate * (1 + kept + kept**2) * 2e9 == pytest.approx(2e8, rel=1e-9)


@given(
    coverage=st.floats(0.1, 1.0),
    pool=st.floats(1e5, 1e9),
    fee=st.floats(0, 0.05),
    method=st.sampled_from(["exact", "beta_binomial", "limit", "simulate"]),
)
def test_payouts_and_retained_losses_add_up_to_the_yuan(coverage, pool, fee, method):
    loans = LoanScenario(
        number=40, size=3e6, default_rate=0.15, loss_given_default=0.7, correlation=0.2, years=2
    )
    layers = (
        LossLayer(up_to=0.03, shares={"micro-lenders": 1.0}),
        LossLayer(up_to=1.0, shares={"pool": coverage}),
    )
    result = risk_pool(loans, coverage=layers, pool=pool, fee=fee, method=method, draws=100)
    rows = result.augment()
    borne = rows[["pool", "micro-lenders", "lenders"]]
    assert (borne.sum(axis=1) - rows["loss"]).abs().max() < 1e-3
    assert (borne.min() >= -1e-6).all()
    assert rows["pool"].max() <= pool + fee * 1.2e8 + 1e-6
    table = result.tidy()
    total = table.query("term == 'borne'")["estimate"].sum()
    assert total == pytest.approx(estimates(result)["expected_loss"], abs=1.0)


def test_layers_tell_who_is_asked():
    layers = (
        LossLayer(up_to=0.02, shares={"micro-lenders": 1.0}),
        LossLayer(up_to=1.0, shares={"pool": 0.8, "banks": 0.2}),
    )
    result = risk_pool(HUNAN, coverage=layers, pool=2e9)
    asked = result.layers()
    assert asked["asked"].sum() == pytest.approx(0.06 * 2e9)
    top = asked[asked["layer"] == 2].set_index("bearer")["asked"]
    assert top["pool"] == pytest.approx(4 * top["banks"])
    assert top["lenders"] == pytest.approx(0, abs=1e-6)


COHORTS = pd.DataFrame(
    {
        "cohort": 2010,
        "age": [12.0, 24.0],
        "at_risk": [100, 80],
        "events": [10, 8],
        "exits": [10, 2],
        "censored": [0, 70],
    }
)


def test_default_rates_of_a_register_are_called_a_proxy():
    # 10 of 100 in the first year; 8 of the 80 left in the second: 0.1 + 0.8 x 0.1.
    loans = LoanScenario(number=50, size=1e6, loss_given_default=0.5, correlation=0.1, years=2)
    result = risk_pool(loans, coverage=0.5, pool=1e6, cohorts=COHORTS)
    assert estimates(result)["expected_loss"] == pytest.approx(0.18 * 0.5 * 50e6)
    assert result.notes[0] == (
        "The default rates are not those of these loans but a proxy: the shares charged off by "
        "age among 100 loans of the register given as cohorts (the shipped one is the United "
        "States Small Business Administration's), 18.00% by 24 months."
    )


def test_sentence_and_key_figures():
    result = risk_pool(HUNAN, coverage=0.8, pool=2e9, method="limit")
    text = str(result.sentence())
    assert text.startswith(
        "A pool of ¥2 billion behind ¥2 billion of loans pays ¥96 million on average and up to "
    )
    assert "it runs dry within 3 years with a probability of 0.0%" in text
    assert set(result.key_figures()) == {
        "expected payout",
        "dry within 3 years",
        "lending per yuan",
    }
    assert result.plot().get_xlabel() == "share of the expected loss"


def test_fees_that_pay_everything_are_said():
    result = risk_pool(HUNAN, coverage=0.1, pool=1e9, fee=0.5)
    assert np.isnan(estimates(result)["lending_per_yuan"])
    assert np.isnan(estimates(result)["break_even_default_rate"])
    assert result.notes == (
        "Claims are nothing, or fees alone pay them, with 99.0% safety, so that lending per yuan "
        "of pool has no limit and no number.",
        "The break-even default rate has no number: pool and fees would pay the expected claims "
        "even if every loan defaulted.",
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"coverage": 80}, "coverage is a fraction from 0 to 1; got 80. Did you mean 0.8?"),
        ({"pool": -1}, "pool is money in CNY, above 0; got -1."),
        ({"safety": 99}, "safety is a fraction between 0 and 1; got 99. Did you mean 0.99?"),
        ({"rounds": 0}, "rounds is a whole number, 1 or more; got 0."),
        (
            {"rounds": 2, "method": "limit"},
            "method='limit' is for like loans lent once; these are money lent in 2 rounds. Use "
            "method='simulate'.",
        ),
        (
            {"method": "guess"},
            "method is one of exact, beta_binomial, limit, simulate; got 'guess'.",
        ),
        (
            {"cohorts": COHORTS},
            "The scenario has default_rate=0.1, and cohorts give another. Leave one of them out.",
        ),
        (
            {"coverage": (LossLayer(up_to=0.5, shares={"pool": 1.0}),)},
            "Layers follow each other and the last ends at 1; got up_to = 0.5.",
        ),
        (
            {"coverage": (LossLayer(up_to=1.0, shares={"banks": 1.0}),)},
            "A pool bears a part of the loss; no layer has a share of 'pool'. The layers name: "
            "banks.",
        ),
    ],
)
def test_options_that_cannot_be_meant(options, message):
    with pytest.raises(OptionError) as caught:
        risk_pool(HUNAN, **({"coverage": 0.8, "pool": 1e8} | options))
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"number": 0}, "number is a whole number, 1 or more; got 0."),
        (
            {"default_rate": (0.1, 0.05)},
            "default_rate is cumulative by year and cannot fall; got 0.1, 0.05.",
        ),
        ({"default_rate": (0.1,)}, "default_rate has one number per year; got 1 for 2 years."),
        (
            {"default_rate": 0.0},
            "default_rate ends between 0 and 1; got 0, which leaves no risk to share.",
        ),
        ({"correlation": 1.0}, "correlation is a fraction from 0 up to, but not, 1; got 1."),
    ],
)
def test_scenarios_that_cannot_be_meant(change, message):
    base = {
        "number": 10,
        "size": 1e6,
        "default_rate": 0.1,
        "loss_given_default": 0.5,
        "correlation": 0.1,
        "years": 2,
    }
    with pytest.raises(OptionError) as caught:
        LoanScenario(**(base | change))
    assert str(caught.value) == message


def test_loans_that_cannot_be_meant():
    loans = pd.DataFrame({"amount_cny": [1e6, -1.0], "default_rate": 0.1})
    with pytest.raises(OptionError, match="Put a table of loans into LoanBook"):
        risk_pool(loans, coverage=0.5, pool=1e6)
    with pytest.raises(ColumnError, match="No column 'loss_given_default'"):
        risk_pool(LoanBook(loans=loans, correlation=0.1), coverage=0.5, pool=1e6)
    book = LoanBook(loans=loans.assign(loss_given_default=0.5), correlation=0.1)
    with pytest.raises(DataError) as caught:
        risk_pool(book, coverage=0.5, pool=1e6)
    assert str(caught.value) == (
        "amount_cny is a number, 0 or more; got -1 in row 1. Correct it at the source."
    )


def test_a_register_that_does_not_reach_so_far():
    loans = LoanScenario(number=50, size=1e6, loss_given_default=0.5, correlation=0.1, years=3)
    with pytest.raises(ModelError) as caught:
        risk_pool(loans, coverage=0.5, pool=1e6, cohorts=COHORTS)
    assert str(caught.value) == (
        "Default rates for 3 years need loans seen to 36 months; the cohorts are seen to 24. Give "
        "default_rate, or loans of fewer years."
    )


def test_the_rates_of_a_register_by_hand():
    result = register_rates(COHORTS, years=2)
    table = result.tidy()
    assert table["estimate"].tolist() == pytest.approx([0.1, 0.18])
    assert table[["year", "months"]].to_numpy().tolist() == [[1, 12], [2, 24]]
    assert (table["conf_low"] < table["estimate"]).all()
    assert str(result.sentence()) == (
        "Of 100 loans of the register, 10.00% within 1 year and 18.00% within 2 years were charged "
        "off; for loans that are not of the register these rates are a proxy."
    )
    assert len(result.plot().get_yticks()) == 2
    with pytest.raises(OptionError) as caught:
        register_rates(COHORTS, years=0)
    assert str(caught.value) == "years is a whole number, 1 or more; got 0."


def test_a_pool_with_a_name_says_it():
    result = risk_pool(HUNAN, coverage=0.8, pool=2e9, method="limit", name="Hunan")
    assert result.title == "Hunan: risk pool of ¥2 billion"
    assert str(result.sentence()).startswith("Hunan: a pool of ¥2 billion behind ¥2 billion of")
    assert list(result.key_figures()) == ["Hunan: lending per yuan"]
    shown = result._display_table()
    assert shown["figure"].tolist() == [
        "expected loss",
        "expected payout",
        "tail payout",
        "probability of running dry within 1 year",
        "probability of running dry within 2 years",
        "probability of running dry within 3 years",
        "lending per yuan",
        "break-even default rate",
        "expected loss borne by pool",
        "expected loss borne by lenders",
    ]
    assert shown["estimate"].tolist()[:2] == ["¥120 million", "¥96 million"]


def test_the_error_of_simulation_is_shown():
    drawn = risk_pool(HUNAN, coverage=0.8, pool=1.5e8, method="simulate", draws=1000)
    shown = drawn._display_table().set_index("figure")
    assert list(shown) == ["estimate", "conf_low", "conf_high"]
    assert shown.loc["tail payout", "conf_low"] == ""
    assert shown.loc["expected loss", "conf_low"].startswith("¥1")


def test_pools_side_by_side():
    one, two = (risk_pool(HUNAN, coverage=0.8, pool=pool, method="limit") for pool in (1e8, 2e8))
    both = compare_pools({"one": one, "two": two})
    table = both.tidy()
    for name, pool in (("one", one), ("two", two)):
        rows = table[table["pool"] == name].reset_index(drop=True)
        pd.testing.assert_frame_equal(rows[pool.tidy().columns], pool.tidy())
    shown = both._display_table().set_index("pool")
    assert shown["money"].tolist() == [
        "¥100\N{NO-BREAK SPACE}million",
        "¥200\N{NO-BREAK SPACE}million",
    ]
    # What a pool supports hangs on the loans alone.
    assert shown.loc["one", "lending per yuan"] == shown.loc["two", "lending per yuan"]
    assert str(both.sentence()).startswith(
        "Lending that each yuan of pool supports at 99% safety: one: ¥"
    )
    assert both.plot().get_ylabel() == "probability of having run dry"


def test_pools_that_cannot_be_compared():
    one = risk_pool(HUNAN, coverage=0.8, pool=1e8, method="limit")
    safer = risk_pool(HUNAN, coverage=0.8, pool=1e8, method="limit", safety=0.999)
    with pytest.raises(OptionError) as caught:
        compare_pools({"one": one, "safer": safer})
    assert str(caught.value) == (
        "Pools are compared at one safety; got 0.99, 0.999. Work them out with one safety."
    )
    with pytest.raises(OptionError) as none:
        compare_pools({})
    assert str(none.value) == "A comparison needs pools; got none. Give them by name."


def test_joint_lending_leaves_the_mean_and_cuts_the_tail():
    few = LoanScenario(
        number=4, size=5e6, default_rate=0.1, loss_given_default=0.6, correlation=0.1
    )
    many = LoanScenario(
        number=20, size=5e6, default_rate=0.1, loss_given_default=0.6, correlation=0.1
    )
    alone = risk_pool(few, coverage=1.0, pool=2e7)
    shares = {"pool": 0.2, "the other banks": 0.8}
    jointly = risk_pool(many, coverage=[LossLayer(up_to=1.0, shares=shares)], pool=2e7)
    payout = [float(pool.row("expected_payout")["estimate"]) for pool in (alone, jointly)]
    assert payout == pytest.approx([0.1 * 0.6 * 2e7] * 2, rel=1e-9)
    tail = [float(pool.row("tail_payout")["estimate"]) for pool in (alone, jointly)]
    assert tail[1] < tail[0]
