"""What a clean table looks like: columns, units, keys, and the names of indicators.

Units in clean tables are CNY, persons, counts and fractions; a name that is not one of these
(an index, a duration) says its unit itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from toolkit.errors import ColumnError, OptionError, did_you_mean

__all__ = [
    "ACCOUNTS",
    "COHORTS",
    "FIGURES",
    "INDICATORS",
    "LEDGER",
    "LENDERS",
    "MILESTONES",
    "NATION",
    "Column",
    "Indicator",
    "Schema",
    "find_indicator",
    "require_columns",
]

NATION = "100000"
"""Code of the nation in GB/T 2260: a row of its own, never one of the provinces."""

Kind = Literal["text", "integer", "number", "date", "truth"]
Unit = Literal["CNY", "persons", "count", "fraction"]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a clean table: its name, kind and meaning."""

    name: str
    kind: Kind
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Schema:
    """Columns of a clean table in their order, and the key that makes a row unique."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """Names of the columns in their order."""
        return [column.name for column in self.columns]


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A series of regional accounts: its name, base unit, and headings that mean it.

    A heading that many tables use (``企业数``, firms) means this series only in a file whose name
    or title has one of the words in `sources`; elsewhere it is refused, not guessed.
    """

    name: str
    unit: Unit
    label: str
    headings: tuple[str, ...]
    kind: Literal["flow", "stock", "index"] = "flow"
    sources: tuple[str, ...] = ()


RD_SOURCES = ("rd_funding", "R&D", "研究与试验发展", "研发经费")
HIGH_TECH_SOURCES = ("high_tech", "高技术")


def _value_added(name: str, label: str, heading: str) -> Indicator:
    return Indicator(
        name=f"value_added_{name}",
        unit="CNY",
        label=f"value added of {label}",
        headings=(f"{heading}增加值",),
    )


def _volume_index(name: str, label: str, heading: str) -> Indicator:
    return Indicator(
        name=f"{name}_index",
        unit="fraction",
        label=f"volume index of {label}, previous year = 1",
        headings=(heading,),
        kind="index",
    )


INDICATORS: dict[str, Indicator] = {
    indicator.name: indicator
    for indicator in (
        Indicator(
            name="gross_regional_product",
            unit="CNY",
            label="gross regional product",
            headings=("地区生产总值", "gdp", "grp", "gross domestic product"),
        ),
        _value_added("primary", "the primary sector", "第一产业"),
        _value_added("secondary", "the secondary sector", "第二产业"),
        _value_added("tertiary", "the tertiary sector", "第三产业"),
        _value_added("industry", "industry", "工业"),
        _value_added("construction", "construction", "建筑业"),
        _value_added("wholesale_retail", "wholesale and retail trade", "批发和零售业"),
        _value_added("transport_post", "transport, storage and post", "交通运输、仓储和邮政业"),
        _value_added("hotel_catering", "hotels and catering", "住宿和餐饮业"),
        _value_added("finance", "finance", "金融业"),
        _value_added("real_estate", "real estate", "房地产业"),
        _volume_index("gross_regional_product", "gross regional product", "地区生产总值指数"),
        _volume_index("value_added_primary", "the primary sector", "第一产业增加值指数"),
        _volume_index("value_added_secondary", "the secondary sector", "第二产业增加值指数"),
        _volume_index("value_added_tertiary", "the tertiary sector", "第三产业增加值指数"),
        Indicator(
            name="population",
            unit="persons",
            label="resident population at year end",
            headings=("年末常住人口",),
            kind="stock",
        ),
        Indicator(
            name="rd_funding_total",
            unit="CNY",
            label="R&D money, all sources",
            headings=("合计",),
            sources=RD_SOURCES,
        ),
        Indicator(
            name="rd_funding_government",
            unit="CNY",
            label="R&D money from government",
            headings=("政府资金",),
            sources=RD_SOURCES,
        ),
        Indicator(
            name="rd_funding_enterprise",
            unit="CNY",
            label="R&D money from enterprises",
            headings=("企业资金",),
            sources=RD_SOURCES,
        ),
        Indicator(
            name="rd_funding_abroad",
            unit="CNY",
            label="R&D money from abroad",
            headings=("国外资金",),
            sources=RD_SOURCES,
        ),
        Indicator(
            name="rd_funding_other",
            unit="CNY",
            label="R&D money from other sources",
            headings=("其他资金",),
            sources=RD_SOURCES,
        ),
        Indicator(
            name="high_tech_manufacturing_firms",
            unit="count",
            label="firms in high-tech manufacturing",
            headings=("企业数",),
            sources=HIGH_TECH_SOURCES,
            kind="stock",
        ),
        Indicator(
            name="high_tech_manufacturing_revenue",
            unit="CNY",
            label="main revenue of high-tech manufacturing",
            headings=("主营业务收入",),
            sources=HIGH_TECH_SOURCES,
        ),
        Indicator(
            name="high_tech_manufacturing_profit",
            unit="CNY",
            label="profit of high-tech manufacturing",
            headings=("利润总额",),
            sources=HIGH_TECH_SOURCES,
        ),
        Indicator(
            name="micro_lenders",
            unit="count",
            label="micro-lenders",
            headings=("机构数量",),
            kind="stock",
        ),
        Indicator(
            name="micro_lender_staff",
            unit="persons",
            label="staff of micro-lenders",
            headings=("从业人员数",),
            kind="stock",
        ),
        Indicator(
            name="micro_lender_capital",
            unit="CNY",
            label="paid-in capital of micro-lenders",
            headings=("实收资本",),
            kind="stock",
        ),
        Indicator(
            name="micro_lender_loans",
            unit="CNY",
            label="loans outstanding of micro-lenders",
            headings=("贷款余额",),
            kind="stock",
        ),
    )
}
"""Indicators by name."""

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
            meaning="revised, before_revision, or unstated where the source does not say",
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


def find_indicator(name: str) -> Indicator:
    """Return the indicator of that name; ``"gdp"`` is short for gross regional product.

    Raises
    ------
    OptionError
        If no indicator has the name; the message suggests the nearest.

    Examples
    --------
    >>> find_indicator("gdp").name
    'gross_regional_product'
    """
    if name in INDICATORS:
        return INDICATORS[name]
    folded = name.strip().casefold()
    for indicator in INDICATORS.values():
        if folded in indicator.headings or folded == indicator.label:
            return indicator
    raise OptionError(
        f"No indicator {name!r}.{did_you_mean(name, INDICATORS)} "
        f"The indicators are: {', '.join(INDICATORS)}."
    )


def require_columns(table: pd.DataFrame, names: list[str] | tuple[str, ...]) -> None:
    """Refuse a table that lacks a column.

    Raises
    ------
    ColumnError
        Naming the first missing column, the nearest that is there, and all that are.
    """
    for name in names:
        if name not in table.columns:
            raise ColumnError(
                f"No column {name!r}.{did_you_mean(name, table.columns)} "
                f"The table has: {', '.join(map(str, table.columns))}."
            )
