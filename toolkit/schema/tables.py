"""The clean tables: what each column holds, and what makes a row unique."""

from __future__ import annotations

from toolkit.schema.columns import Column, Schema

__all__ = ["ACCOUNTS", "COHORTS", "FIGURES", "LEDGER", "LENDERS", "MILESTONES", "NATION"]

NATION = "100000"
"""Code of the nation in GB/T 2260: a row of its own, never one of the provinces."""

_REGION = Column(name="region", kind="text", meaning="6-digit code of GB/T 2260; 100000 the nation")

ACCOUNTS = Schema(
    name="accounts",
    columns=(
        _REGION,
        Column(name="year", kind="integer", meaning="calendar year"),
        Column(name="indicator", kind="text", meaning="a name in INDICATORS"),
        Column(name="value", kind="number", meaning="in `unit`, nominal unless an index"),
        Column(name="unit", kind="text", meaning="CNY, persons, count or fraction"),
        Column(
            name="vintage",
            kind="text",
            meaning="revised, before_revision, preliminary, or unstated where the source does "
            "not say",
        ),
    ),
    key=("region", "year", "indicator", "vintage"),
)

LENDERS = Schema(
    name="lenders",
    columns=(
        _REGION,
        Column(name="date", kind="date", meaning="the day that the stock was counted"),
        Column(name="indicator", kind="text", meaning="a name in INDICATORS"),
        Column(name="value", kind="number", meaning="in `unit`, nominal"),
        Column(name="unit", kind="text", meaning="CNY, persons or count"),
    ),
    key=("region", "date", "indicator"),
)

_SECTOR = Column(name="sector", kind="text", meaning="line of business, as the source says it")

LEDGER = Schema(
    name="ledger",
    columns=(
        Column(name="firm_id", kind="text", meaning="the borrower"),
        Column(name="funder_id", kind="text", meaning="the lender"),
        Column(name="tier", kind="text", meaning="kind of lender: micro, bank and others"),
        _REGION,
        _SECTOR,
        Column(name="date", kind="date", meaning="the day that the money was paid out"),
        Column(name="amount_cny", kind="number", meaning="in CNY, nominal"),
    ),
    key=("firm_id", "funder_id", "date"),
)

MILESTONES = Schema(
    name="milestones",
    columns=(
        Column(name="unit_id", kind="text", meaning="the firm or project"),
        _REGION,
        _SECTOR,
        Column(name="start", kind="date", meaning="the day that it started"),
        Column(name="production", kind="date", meaning="the day that it reached production"),
        Column(name="exit", kind="date", meaning="the day that it was given up"),
        Column(name="observed_until", kind="date", meaning="the last day that it was observed"),
        Column(
            name="entry", kind="number", meaning="months from start to coming under observation"
        ),
        Column(name="duration", kind="number", meaning="months from start to the end of the spell"),
        Column(name="outcome", kind="text", meaning="production, exit or censored"),
    ),
    key=("unit_id",),
)

COHORTS = Schema(
    name="cohorts",
    columns=(
        Column(name="cohort", kind="integer", meaning="fiscal year of approval"),
        Column(name="age", kind="number", meaning="months since approval, end of the interval"),
        Column(name="at_risk", kind="integer", meaning="under observation just before `age`"),
        Column(name="events", kind="integer", meaning="charged off in the interval up to `age`"),
        Column(name="exits", kind="integer", meaning="left for good by another way"),
        Column(name="censored", kind="integer", meaning="not observed beyond `age`"),
    ),
    key=("cohort", "age"),
)

FIGURES = Schema(
    name="figures",
    columns=(
        Column(name="figure_id", kind="text", meaning="name of the figure"),
        Column(name="region", kind="text", meaning="6-digit code of GB/T 2260"),
        Column(name="region_name", kind="text", meaning="the place as published"),
        Column(name="programme", kind="text", meaning="the programme that it is said of"),
        Column(name="measure", kind="text", meaning="what was measured"),
        Column(name="as_published", kind="text", meaning="the text as published"),
        Column(name="low", kind="number", meaning="lower side; empty where the text gives none"),
        Column(name="high", kind="number", meaning="upper side; empty where the text gives none"),
        Column(name="unit", kind="text", meaning="unit of low and high"),
        Column(name="bound", kind="text", meaning="exact, about, over, under or range"),
        Column(name="inclusive", kind="truth", meaning="whether the bound itself belongs to it"),
        Column(name="direction", kind="text", meaning="above or below, of what is said against"),
        Column(name="start", kind="date", meaning="first day of the period"),
        Column(name="end", kind="date", meaning="last day of the period"),
        Column(name="family", kind="text", meaning="the question that it belongs to"),
        Column(name="source", kind="text", meaning="where it was published"),
        Column(name="note", kind="text", meaning="what the source adds"),
    ),
    key=("figure_id",),
)
