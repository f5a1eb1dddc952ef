"""Every public function that takes a frame, called with each of its frames in a given kind."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

import toolkit
from tests.frames import tables as t

Given = Callable[[pd.DataFrame], Any]
"""Turns a pandas frame into the same rows in another kind."""


@dataclass(frozen=True)
class Call:
    """A public function, and how it is called with frames of any kind."""

    name: str
    ask: Callable[[Callable[..., Any], Given], Any]
    variant: str = ""

    @property
    def title(self) -> str:
        """How the test is listed."""
        return f"{self.name} {self.variant}".strip()

    def run(self, given: Given) -> Any:
        """Call the function itself."""
        return self.ask(getattr(toolkit, self.name), given)


@functools.cache
def answer_on_pandas(call: Call) -> Any:
    """Return what the others are held to."""
    return call.run(lambda given: given)


ENDS = {"start": 2010, "end": 2019}
SECTORS = {"sector": "high_tech_manufacturing_revenue", "against": "gdp"}
TIERS = {"lead": "micro", "follow": "bank", "months": 12, "observed_until": "2021-12-31"}
SCORED = {"score": "score", "default": "default"}
TIMES = ["applied_on", "decided_on"]

CLEANING = [
    Call("as_pandas", lambda f, given: f(given(t.UNITS))),
    Call("label_of", lambda f, given: f(given(t.UNITS))),
    Call("accounts_panel", lambda f, given: f(given(t.ACCOUNTS), indicators=["gdp", "population"])),
    Call("clean_cohorts", lambda f, given: f(given(t.COHORTS_RAW))),
    Call("group_cohorts", lambda f, given: f(given(t.COHORTS), starts=[2019, 2020])),
    Call("clean_figures", lambda f, given: f(given(t.FIGURES_RAW))),
    Call(
        "clean_ledger",
        lambda f, given: f(
            given(t.LEDGER_RAW),
            rates=given(t.RATES),
            extra=given(t.OWN_NAMES),
            observed_until="2024-12-31",
        ),
    ),
    Call(
        "clean_milestones",
        lambda f, given: f(
            given(t.REGISTER_RAW), extra=given(t.OWN_NAMES), observed_until="2024-12-31"
        ),
    ),
    Call("deaccumulate", lambda f, given: f(given(t.TOTALS), value="value", by="region")),
    Call("name_regions", lambda f, given: f(given(t.ACCOUNTS))),
    *(
        Call(
            name,
            lambda f, given: f(
                ["US$5", "€2 million"], rates=given(t.RATES), dates=["2024-03-01", "2024-08-01"]
            ),
        )
        for name in ("parse_amounts", "read_amounts")
    ),
    *(
        Call(name, lambda f, given: f(["the Bay", "湖南"], level="any", extra=given(t.OWN_NAMES)))
        for name in ("parse_regions", "read_regions")
    ),
]


@functools.cache
def _evidence() -> Any:
    return toolkit.official_evidence(t.FIGURES, accounts=t.ACCOUNTS, **ENDS)


CLAIMS = [
    Call("check_claims", lambda f, given: f(given(t.FIGURES), _evidence())),
    Call(
        "figure_frame",
        lambda f, given: f(
            given(t.FIGURES),
            {"Xiamen": {"applied": "xiamen_orders", "granted": "xiamen_granted"}},
            name="city",
        ),
    ),
    Call("figure_value", lambda f, given: f(given(t.FIGURES), "xiamen_orders")),
    Call(
        "official_evidence",
        lambda f, given: f(given(t.FIGURES), accounts=given(t.ACCOUNTS), **ENDS),
    ),
    Call("programme_table", lambda f, given: f(given(t.FIGURES))),
    Call("figure_families", lambda f, given: f(given(t.FIGURES))),
    Call("figure_table", lambda f, given: f(given(t.FIGURES), region="430000")),
    Call("figure_table", lambda f, given: f(given(t.FIGURES)), "of all places"),
    Call("lender_table", lambda f, given: f(given(t.LENDERS), region="430000")),
    Call("lender_table", lambda f, given: f(given(t.LENDERS)), "of all provinces"),
    Call("regional_profile", lambda f, given: f(given(t.ACCOUNTS), region="430000")),
    Call(
        "summary_table",
        lambda f, given: f(given(t.UNITS), ["asked", "score"], by="sector", title="Firms"),
    ),
    Call(
        "summary_table",
        lambda f, given: f(given(t.UNITS), ["asked"], by="region", title="Firms"),
        "by region",
    ),
]

GROWTH = [
    Call("accounting_gaps", lambda f, given: f(given(t.ACCOUNTS))),
    Call("bartik_instrument", lambda f, given: f(given(t.ACCOUNTS), **ENDS)),
    Call(
        "chain_index",
        lambda f, given: f(
            given(t.ACCOUNTS), indicator="gross_regional_product_index", base_year=2012
        ),
    ),
    Call("convergence", lambda f, given: f(given(t.ACCOUNTS), indicator="gdp", **ENDS)),
    Call(
        "growth_elasticity",
        lambda f, given: f(given(t.ACCOUNTS), effects="region", vcov="CR1", **SECTORS),
    ),
    Call("growth_multiple", lambda f, given: f(given(t.ACCOUNTS), **SECTORS, **ENDS)),
    Call(
        "growth_multiple",
        lambda f, given: f(given(t.ACCOUNTS), method="trend", **SECTORS, **ENDS),
        "by trend",
    ),
    Call("location_quotient", lambda f, given: f(given(t.ACCOUNTS), year=2019)),
    Call("quarters_from_year_to_date", lambda f, given: f(given(t.QUARTERS))),
    Call("real_values", lambda f, given: f(given(t.ACCOUNTS), indicator="gdp", base_year=2012)),
    Call("rebase", lambda f, given: f(given(t.ACCOUNTS), indicator="population", base_year=2012)),
    Call("regional_inequality", lambda f, given: f(given(t.ACCOUNTS), indicator="gdp")),
    Call("shift_share", lambda f, given: f(given(t.ACCOUNTS), **ENDS)),
    Call(
        "shift_share_regression",
        lambda f, given: f(given(t.SHARES), outcome="y", regressor="x", shares=["a", "b"]),
    ),
    Call("specialisation", lambda f, given: f(given(t.ACCOUNTS), year=2019)),
]

INSTRUMENTS = [
    Call(
        "LoanBook",
        lambda f, given: toolkit.risk_pool(
            f(loans=given(t.LOANS), correlation=0.05, within={"region": 0.05}),
            coverage=0.5, pool=1e6, draws=200,
        ),
    ),
    Call(
        "risk_pool",
        lambda f, given: f(
            toolkit.LoanScenario(number=50, size=1e6, loss_given_default=0.5, correlation=0.1),
            cohorts=given(t.COHORTS), coverage=0.5, pool=1e6,
        ),
    ),
    Call(
        "decision_time",
        lambda f, given: f(
            given(t.UNITS), applied=TIMES[0], decided=TIMES[1], observed_until="2023-12-31"
        ),
    ),
    Call(
        "funnel",
        lambda f, given: f(given(t.UNITS), stages=["applied", "granted"], by="sector"),
    ),
    Call("funnel", lambda f, given: f(given(t.UNITS), stages=TIMES, by="region"), "of dates"),
    Call(
        "move_threshold",
        lambda f, given: f(
            given(t.UNITS), amount="asked", loss_given_default=0.5, cutoffs=[60], **SCORED
        ),
    ),
    Call(
        "points_score",
        lambda f, given: f(given(t.UNITS), weights={"score": 0.75, "innovation": 0.25}),
    ),
    Call("register_rates", lambda f, given: f(given(t.COHORTS), years=2)),
    Call("score_calibration", lambda f, given: f(given(t.UNITS), **SCORED)),
    Call(
        "score_discrimination",
        lambda f, given: f(given(t.UNITS), parts=["innovation"], **SCORED),
    ),
]  # fmt: skip

MAGNETISM = [
    Call(
        "capital_magnetism",
        lambda f, given: f(
            given(t.LEDGER), window="complete", by="region", cluster="firm_id", **TIERS
        ),
    ),
    Call(
        "capital_magnetism",
        lambda f, given: f(given(t.LEDGER), window="adjusted", cluster="region", **TIERS),
        "adjusted",
    ),
    Call("magnetism_curve", lambda f, given: f(given(t.LEDGER), cluster="region", **TIERS)),
    Call(
        "magnetism_ratio",
        lambda f, given: f(
            given(t.UNITS), lead="lead_cny", follow="follow_cny", by="region", cluster="county"
        ),
    ),
    Call(
        "magnetism_regression",
        lambda f, given: f(
            given(t.UNITS), "follow_cny ~ log(lead_cny) + sector | region", cluster="county"
        ),
    ),
    Call(
        "rollout_effect",
        lambda f, given: f(
            given(t.PANEL),
            outcome="bank",
            unit="region",
            time="year",
            adopted="adopted",
            inference="analytic",
        ),
    ),
    Call(
        "threshold_effect",
        lambda f, given: f(
            given(t.UNITS), outcome="innovation", score="score", cutoff=70, cluster="county"
        ),
    ),
]

SURVIVAL = [
    Call("assumption_sheet", lambda f, given: f(given(t.SPELLS), months=18)),
    Call(
        "compare_forms",
        lambda f, given: f(given(t.SPELLS), "~ leverage + sector", exits="censor"),
    ),
    Call("cumulative_incidence", lambda f, given: f(given(t.SPELLS), by="region")),
    Call(
        "current_status_curve",
        lambda f, given: f(given(t.SPELLS), age="duration", reached="reached", by="sector"),
    ),
    Call(
        "hazard_regression",
        lambda f, given: f(
            given(t.SPELLS), "~ leverage + sector", exits="censor", cluster="region"
        ),
    ),
    Call(
        "hazard_regression",
        lambda f, given: f(
            given(t.SPELLS), "~ leverage", model="weibull", exits="censor",
            between=("earliest", "latest"), entry="ignore",
        ),
        "weibull",
    ),
    Call("log_rank", lambda f, given: f(given(t.SPELLS), by="sector", strata="region")),
    Call(
        "reach",
        lambda f, given: f(given(t.SPELLS), months=18, exits="compete", by=["sector", "region"]),
    ),
    Call("restricted_mean", lambda f, given: f(given(t.SPELLS), months=15, exits="compete")),
    Call(
        "survival_curve",
        lambda f, given: f(given(t.SPELLS), exits="censor", cluster="region", weights="weight"),
    ),
    Call("survival_curve", lambda f, given: f(given(t.COHORTS), exits="censor"), "of counts"),
    Call(
        "turnbull_curve",
        lambda f, given: f(given(t.SPELLS), earliest="earliest", latest="latest", by="sector"),
    ),
]  # fmt: skip

CALLS = [*CLEANING, *CLAIMS, *GROWTH, *INSTRUMENTS, *MAGNETISM, *SURVIVAL]
