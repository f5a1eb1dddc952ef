import json
from math import inf, nan

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from tests.project import PROJECT
from toolkit.errors import ColumnError, DataError, ModelError, OptionError
from toolkit.models.claims import (
    Claim,
    Evidence,
    Span,
    check_claim,
    check_claims,
    programme_table,
)
from toolkit.results import TIDY_COLUMNS, Result
from toolkit.schema import FIGURES

R = json.loads((PROJECT / "tests" / "oracle" / "instruments.json").read_text())
Z = 1.959963984540054


def estimated(estimate, error, *, level=0.95, terms=("ratio",), unit="yuan per yuan"):
    rows = [
        dict.fromkeys(TIDY_COLUMNS, nan)
        | {
            "term": term,
            "estimate": estimate,
            "conf_low": estimate - Z * error,
            "conf_high": estimate + Z * error,
        }
        for term in terms
    ]
    return Result(
        title="Follow-on money per yuan",
        unit=unit,
        terms=pd.DataFrame(rows, columns=list(TIDY_COLUMNS)),
        conf_level=level,
    )


def figure(figure_id="claim", *, low=None, high=None, bound="exact", **other):
    row = dict.fromkeys(FIGURES.names)
    row |= {"figure_id": figure_id, "low": low, "high": high, "bound": bound}
    row |= {"inclusive": bound in ("exact", "about", "range"), "unit": "ratio", "region": "430000"}
    row |= {
        "region_name": "Hunan",
        "programme": "Lending",
        "measure": "follow_on",
        "family": "growth",
    }
    return row | {"as_published": f"{bound} {low} {high}"} | other


def table(*rows):
    frame = pd.DataFrame(rows, columns=FIGURES.names)
    return frame.assign(
        low=frame["low"].astype(float),
        high=frame["high"].astype(float),
        inclusive=frame["inclusive"].astype("boolean"),
    )


# The interval of 4 with standard error 0.5 ends at 4.98; with 0.52 it ends at 5.019.
@pytest.mark.parametrize(("error", "status"), [(0.5, "contradicted"), (0.52, "supported")])
def test_one_number_flips_where_the_interval_crosses_it(error, status):
    verdict = check_claim(figure(low=5.0, high=5.0), estimated(4.0, error))
    assert verdict.status == status
    assert (verdict.p_value < 0.05) == (status == "contradicted")
    assert verdict.minimum_detectable == pytest.approx((Z + 0.8416212335729143) * error)


def test_one_number_in_a_wide_interval_is_not_decided():
    verdict = check_claim(figure(low=5.0, high=5.0), estimated(5.0, 2.0))
    assert verdict.status == "not_decided"
    assert verdict.reason == (
        "the 95% interval 1.080 to 8.920 of the estimate 5.000 holds the claimed 5, but is so wide "
        "that a truth off by less than 5.603 would not have been told from it"
    )


@pytest.mark.parametrize(
    ("estimate", "status"),
    [(3.0, "contradicted"), (4.1, "not_decided"), (5.97, "not_decided"), (5.99, "supported")],
)
def test_over_has_one_side(estimate, status):
    claim = figure(low=5.0, bound="over")
    assert check_claim(claim, estimated(estimate, 0.5)).status == status


@pytest.mark.parametrize(
    ("estimate", "status"), [(7.0, "contradicted"), (5.5, "not_decided"), (4.0, "supported")]
)
def test_under_has_one_side(estimate, status):
    claim = figure(high=5.0, bound="under")
    assert check_claim(claim, estimated(estimate, 0.5)).status == status


def test_a_bound_that_is_left_out_counts():
    touching = Result(
        title="t",
        unit="ratio",
        terms=pd.DataFrame(
            [dict.fromkeys(TIDY_COLUMNS, nan)
             | {"term": "x", "estimate": 4.0, "conf_low": 3.0, "conf_high": 5.0}]
        ),
    )  # fmt: skip
    assert check_claim(figure(low=5.0, bound="over"), touching).status == "contradicted"
    at_least = figure(low=5.0, bound="over", inclusive=True)
    assert check_claim(at_least, touching).status == "not_decided"


@given(
    estimate=st.floats(-20, 20),
    error=st.floats(0.01, 5),
    claimed=st.floats(-20, 20),
    bound=st.sampled_from(["exact", "over", "under"]),
)
def test_contradicted_is_p_below_the_level(estimate, error, claimed, bound):
    low = None if bound == "under" else claimed
    high = None if bound == "over" else claimed
    # Of the units, only points may be negative.
    verdict = check_claim(
        figure(low=low, high=high, bound=bound, unit="percentage_points"),
        estimated(estimate, error, unit="percentage points"),
    )
    if abs(verdict.p_value - 0.05) > 1e-9:
        assert (verdict.status == "contradicted") == (verdict.p_value < 0.05)


def test_power_by_hand():
    verdict = check_claim(figure(low=5.0, high=5.0), estimated(5.0, 1.0))
    assert verdict.power(5.0) == pytest.approx(0.05)
    # Off by the minimum detectable difference: 80%, and next to nothing on the far side.
    far = verdict.power(5.0 + verdict.minimum_detectable)
    assert far == pytest.approx(0.8 + ndtr(-2 * Z - 0.8416212335729143), abs=1e-12)


def test_a_proxy_is_called_a_proxy():
    verdict = check_claim(
        figure(low=5.0, high=5.0), estimated(6.238, 0.5), proxy="tax credits of the United States"
    )
    assert verdict.compared == (
        "Lending, follow on (ratio) with a proxy, tax credits of the United States: Follow-on "
        "money per yuan (yuan per yuan)"
    )
    assert str(verdict).startswith(
        "The claim 'exact 5.0 5.0' (Lending, follow on) is contradicted by a proxy for it (tax "
        "credits of the United States): the 95% interval 5.258 to 7.218"
    )
    assert " is contradicted by this data: " in str(check_claim(2.0, estimated(6.238, 0.5)))


def test_an_estimate_without_interval_decides_nothing():
    verdict = check_claim(5.0, estimated(9.0, nan))
    assert (verdict.status, verdict.reason) == (
        "not_decided",
        "the estimate 9.000 has no interval",
    )
    assert np.isnan(verdict.p_value)
    assert np.isnan(verdict.power(3.0))


def test_about_reaches_five_percent():
    assert Claim.read(figure(low=100.0, high=100.0, bound="about")).span == Span(low=95, high=105)


@pytest.mark.parametrize(
    ("claim", "result", "kind", "message"),
    [
        (
            figure(low=5.0, high=5.0),
            estimated(5.0, 1.0, terms=("a", "b")),
            OptionError,
            "A claim is held against one estimate; 'Follow-on money per yuan' has 2 rows in all. "
            "Choose one with where={...}, such as where={'term': ...}.",
        ),
        (
            figure(),
            estimated(5.0, 1.0),
            DataError,
            "Figure 'claim' has no number; its text is 'exact None None'. Leave it out, or correct "
            "it at the source.",
        ),
        ("5 times", estimated(5.0, 1.0), OptionError,
         "A claim is a row of clean figures, a mapping with its columns, or a number; got str."),
        (5.0, 5.0, OptionError, "result is a Result or Evidence; got float."),
    ],
)  # fmt: skip
def test_what_cannot_be_checked(claim, result, kind, message):
    with pytest.raises(kind) as caught:
        check_claim(claim, result)
    assert str(caught.value) == message


def with_p_values(values):
    """Figures of 0 and estimates of 1 whose errors give these two-sided p values."""
    from scipy.special import ndtri

    names = [f"figure_{number}" for number in range(len(values))]
    figures = table(*(figure(name, low=0.0, high=0.0) for name in names))
    errors = [-1.0 / ndtri(p / 2) for p in values]
    return figures, {n: estimated(1.0, e) for n, e in zip(names, errors, strict=True)}


@pytest.mark.parametrize(
    ("correction", "answer"), [("benjamini_hochberg", "BH"), ("benjamini_yekutieli", "BY")]
)
def test_corrections_are_those_of_r(correction, answer):
    figures, results = with_p_values(R["p"])
    checked = check_claims(figures, results, correction=correction).tidy()
    assert checked["p_value"].tolist() == pytest.approx(R["p"], rel=1e-8)
    assert checked["q_value"].tolist() == pytest.approx(R[answer], rel=1e-8)
    alone = checked["verdict_alone"] == "contradicted"
    assert alone.sum() == 5
    stays = (checked["verdict"] == "contradicted").tolist()
    assert stays == [q < 0.05 for q in R[answer]]
    assert "but not after correction for all claims" in checked["reason"][2]


def test_figures_without_an_estimate_name_what_would_decide_them():
    figures = table(figure("a", low=5.0, high=5.0), figure("b", low=1.0, bound="over"))
    result = check_claims(figures, {"a": Evidence(result=estimated(5.1, 0.3))})
    assert result.tidy()["verdict"].tolist() == ["supported", "not_decided"]
    assert result.unchecked()["reason"].tolist() == [
        "no estimate is given; it would take the series itself at both dates, with what it is held "
        "against"
    ]
    assert str(result.sentence()) == (
        "Of 2 published figures, 1 could be held against an estimate: 1 supported, 0 "
        "contradicted, 0 not decided; this data does not speak to the other figure."
    )
    assert result.key_figures() == {"supported": "1", "contradicted": "0"}
    assert "1 figure without an estimate is in unchecked()." in result.summary()
    assert "proxy" not in result.summary()
    assert result.plot().get_xlabel() == "estimate over claim"
    assert str(result.open_table()).startswith("1 figure without an estimate")
    assert result.open_table().frame["what would decide it"].tolist() == [
        "the series itself at both dates, with what it is held against"
    ]


def test_verdicts_are_listed_with_what_was_compared():
    figures = table(figure("a", low=5.0, high=5.0), figure("b", low=5.0, high=5.0))
    proxied = Evidence(result=estimated(5.0, 2.0), proxy="tax credits")
    result = check_claims(figures, {"a": estimated(9.0, 0.3), "b": proxied})
    assert str(result.sentence()) == (
        "Of 2 published figures, 2 could be held against an estimate, 1 of them by a proxy: 0 "
        "supported, 1 contradicted, 1 not decided."
    )
    first, second = result.said().splitlines()
    assert first == (
        "- exact 5.0 5.0 (Lending, follow on): contradicted; the 95% interval 8.412 to 9.588 of "
        "the estimate 9.000 lies above what the claim allows (5). Compared: Lending, follow on "
        "(ratio) with Follow-on money per yuan (yuan per yuan)."
    )
    assert second.startswith("- exact 5.0 5.0 (Lending, follow on): not decided; ")
    assert "with a proxy, tax credits: Follow-on money" in second
    assert result.notes[-1] == (
        "Held against a proxy: b. What a proxy contradicts may still hold of what was claimed; "
        "the two then differ."
    )
    assert "not decided (proxy)" in result.summary()
    assert [text.get_text() for text in result.plot().get_yticklabels()] == [
        "follow on: exact 5.0 5.0 (contradicted)",
        "follow on: exact 5.0 5.0 (not decided)",
    ]


def test_power_of_many_claims_by_hand():
    bounds = {"low": 10.0, "bound": "over"}
    figures = table(figure("point", low=10.0, high=10.0), figure("bound", **bounds))
    result = check_claims(figures, dict.fromkeys(("point", "bound"), estimated(10.0, 1.0)))
    found = result.power(off=(0.2,)).frame.set_index("figure")
    # Off by two errors: the upper tail beyond 1.96 of a normal around 2, and a rest below -1.96.
    both = ndtr(2 - Z) + ndtr(-2 - Z)
    assert found.loc["point", "off by 20%"] == f"{100 * both:.1f}%"
    # Over 10 is off below: the same distance, but nothing is contradicted on the far side.
    assert found.loc["bound", "off by 20%"] == f"{100 * ndtr(2 - Z):.1f}%"
    assert found["off by, told with 80% power"].tolist() == ["2.802", "2.802"]


def test_an_estimate_without_interval_has_empty_limits():
    figures = table(figure("a", low=5.0, high=5.0))
    result = check_claims(figures, {"a": estimated(9.0, nan)})
    row = result.tidy().iloc[0]
    assert row[["conf_low", "conf_high", "minimum_detectable", "q_value"]].isna().all()
    assert row["verdict"] == "not_decided"
    assert "Infinity" not in result.to_json()


def test_results_for_no_figure_and_of_two_levels():
    figures = table(figure("a", low=5.0, high=5.0), figure("b", low=5.0, high=5.0))
    with pytest.raises(OptionError) as caught:
        check_claims(figures, {"c": estimated(5.0, 1.0)})
    assert str(caught.value) == "results has an estimate for 'c', which is no figure."
    mixed = {"a": estimated(5.0, 1.0), "b": estimated(5.0, 1.0, level=0.9)}
    with pytest.raises(OptionError, match=r"the results have 0\.9, 0\.95"):
        check_claims(figures, mixed)


def test_bounds_by_hand():
    money, firms = Span(low=2.1e11, low_open=True), Span(low=15_000, low_open=True)
    per_firm = money / firms
    assert (per_firm.low, per_firm.high, per_firm.low_open) == (0.0, inf, True)
    assert str(money / Span(low=15_000, high=15_000)) == "above 14,000,000"
    assert str(Span(low=4, high=6) - Span(low=1, high=2, high_open=True)) == "above 2 to 5"
    assert str(Span(low=0, high=10, high_open=True) / Span(low=2, high=5)) == "0 to below 5"
    assert str(Span(low=12, high=12) / Span(low=0, high=4, high_open=True)) == "above 3"
    with pytest.raises(ModelError) as caught:
        Span(low=1, high=2) / Span(low=-1, high=3)
    assert str(caught.value) == (
        "A ratio of bounds needs amounts from 0 on and a divisor that is not 0; got 1 to 2 over -1 "
        "to 3."
    )


spans = st.tuples(st.floats(0.1, 1e3), st.floats(0, 1e3)).map(
    lambda ends: Span(low=ends[0], high=ends[0] + ends[1])
)


@given(first=spans, second=spans, at=st.floats(0, 1), to=st.floats(0, 1))
def test_what_lies_within_stays_within(first, second, at, to):
    x = first.low + at * (first.high - first.low)
    y = second.low + to * (second.high - second.low)
    near = 1e-9 * (1 + abs(x / y))
    quotient, difference = first / second, first - second
    assert quotient.low - near <= x / y <= quotient.high + near
    assert difference.low - 1e-9 <= x - y <= difference.high + 1e-9


PROGRAMMES = table(
    figure("anhui_firms", low=15_000, bound="over", measure="enterprises_signed", unit="count",
           programme="Common Growth Plan"),
    figure("anhui_money", low=2.1e11, bound="over", measure="loan_balance", unit="CNY",
           programme="Common Growth Plan"),
    figure("city_firms", low=1020, high=1020, measure="enterprises_supported", unit="count",
           programme="City"),
    figure("city_money", low=4.9e9, high=4.9e9, measure="loans_cumulative", unit="CNY",
           programme="City"),
    figure("city_cover", low=0.5, high=0.5, measure="loss_coverage", unit="share",
           programme="City"),
    figure("before", low=0.14, high=0.14, measure="approval_rate", unit="share",
           programme="Nation", start=pd.Timestamp("2019-01-01")),
    figure("after", low=0.47, high=0.47, measure="approval_rate", unit="share",
           programme="Nation", start=pd.Timestamp("2024-01-01")),
)  # fmt: skip


def test_programmes_side_by_side():
    result = programme_table(PROGRAMMES)
    rows = result.tidy().set_index("figures")
    anhui = rows.loc["anhui_money / anhui_firms"]
    assert np.isnan(anhui["estimate"])
    assert (anhui["low"], anhui["low_open"], anhui["text"]) == (0.0, True, "above 0")
    assert np.isnan(anhui["high"])
    assert rows.loc["city_money / city_firms", "estimate"] == pytest.approx(4.9e9 / 1020)
    assert rows.loc["city_cover", "text"] == "0.5"
    assert rows.loc["after - before", "estimate"] == pytest.approx(0.33)
    wide = result.wide().set_index("place")
    assert wide.loc["Hunan: Nation", "approval rate"] == "0.14; 0.47"
    assert str(result.sentence()) == (
        "3 programmes have 6 comparable cells; 1 of them is known by bounds only."
    )
    assert result.plot().get_xlabel() == "CNY per firm, log scale"
    assert str(result.about("Nation").sentence()) == (
        "Nation: approval rate 14%, approval rate 47%, change of the approval rate 33 points."
    )
    assert "at least" not in result.about("City").summary()
    assert "50%" in result.about("City").summary()
    with pytest.raises(OptionError) as unknown:
        result.about("Natoin")
    assert str(unknown.value) == (
        "No programme 'Natoin'. Did you mean 'Nation'? The programmes are: Common Growth Plan, "
        "City, Nation."
    )
    with pytest.raises(ColumnError) as caught:
        programme_table(table(figure("a", low=1.0, high=1.0)))
    assert str(caught.value) == (
        "A table of programmes needs figures on money and firms, growth, cover or pricing; the "
        "measures are: follow_on."
    )
