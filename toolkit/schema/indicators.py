"""The series of regional accounts: names, base units, and the headings that mean them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from toolkit.errors import OptionError, did_you_mean

__all__ = ["INDICATORS", "Indicator", "find_indicator"]

Unit = Literal["CNY", "persons", "count", "fraction"]


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
