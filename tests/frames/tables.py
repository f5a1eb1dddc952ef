"""Small tables of every shape that the public functions take, clean unless the name says raw."""

from __future__ import annotations

import numpy as np
import pandas as pd

import toolkit
from tests.clean.ledger_rows import ledger
from tests.project import RAW

RNG = np.random.default_rng(7)
REGIONS = ["110000", "120000", "310000", "420000", "430000"]
YEARS = np.arange(2010, 2020)


def _series(region: str, name: str, unit: str, values: object) -> pd.DataFrame:
    columns = {"region": region, "year": YEARS, "indicator": name, "value": values, "unit": unit}
    return pd.DataFrame({**columns, "vintage": "revised"})


def _accounts() -> pd.DataFrame:
    """Return provinces and the nation over ten years; nominal levels, volumes and persons."""
    parts = []
    for place, region in enumerate([*REGIONS, "100000"], 1):
        growth = 1.06 + 0.01 * place + RNG.normal(0, 0.01, size=(5, len(YEARS)))
        primary, secondary, tertiary, revenue, research = 1e9 * place * growth.cumprod(axis=1)
        money = {
            "gross_regional_product": primary + secondary + tertiary,
            "value_added_primary": primary,
            "value_added_secondary": secondary,
            "value_added_tertiary": tertiary,
            "high_tech_manufacturing_revenue": revenue,
            "rd_funding_enterprise": 5 * research,
            "rd_funding_government": research * (1 + 0.1 * RNG.random(len(YEARS))),
        }
        parts += [_series(region, name, "CNY", values) for name, values in money.items()]
        volume = 1 + RNG.random(len(YEARS)) / 20
        parts.append(_series(region, "gross_regional_product_index", "fraction", volume))
        parts.append(_series(region, "population", "persons", 1e6 * place + 1e4 * YEARS))
    return pd.concat(parts, ignore_index=True)


ACCOUNTS = _accounts()

FIGURES = toolkit.clean_figures(RAW / "published_figures.csv").table
FIGURES_RAW = pd.read_csv(RAW / "published_figures.csv", dtype="str")

COHORTS_RAW = pd.DataFrame(
    {
        "approval_fy": [2019] * 3 + [2020] * 3,
        "age_months": [6, 12, 24] * 2,
        "n_at_risk": [100] * 3 + [120] * 3,
        "chargeoffs_in_interval": [2, 5, 9, 1, 4, 8],
        "cum_chargeoffs": [2, 7, 16, 1, 5, 13],
    }
)
COHORTS = toolkit.clean_cohorts(COHORTS_RAW).table

LENDERS = pd.DataFrame(
    {
        "region": [*REGIONS, "100000"] * 4,
        "date": pd.to_datetime(["2016-12-31"] * 12 + ["2017-12-31"] * 12).astype("datetime64[us]"),
        "indicator": (["micro_lender_loans"] * 6 + ["micro_lender_capital"] * 6) * 2,
        "value": [1e9 * (1.5 + number) for number in range(24)],
        "unit": "CNY",
    }
)

LEDGER_RAW = ledger().replace("", None).replace(["Shaanxi", "陕西省"], "the Bay").astype("str")
RATES = pd.DataFrame(
    {
        "currency": ["USD", "USD", "EUR"],
        "date": pd.to_datetime(["2024-01-01", "2024-07-01", "2024-01-01"]).astype("datetime64[us]"),
        "rate": [7.1, 7.2, 7.8],
    }
)
OWN_NAMES = pd.DataFrame({"name": ["the Bay", "Old Port"], "code": ["440300", "350200"]})

FIRMS = 60


def _clean_ledger() -> pd.DataFrame:
    """Return loans of firms: one of a micro-lender each, then of banks."""
    firm = np.r_[np.arange(FIRMS), RNG.integers(0, FIRMS, 2 * FIRMS)]
    day = np.r_[np.zeros(FIRMS, int), RNG.integers(1, 700, 2 * FIRMS)]
    first = pd.Timestamp("2019-01-05") + pd.to_timedelta(RNG.integers(0, 300, FIRMS), unit="D")
    return pd.DataFrame(
        {
            "firm_id": [f"F{number:03d}" for number in firm],
            "tier": ["micro"] * FIRMS + ["bank"] * (2 * FIRMS),
            "region": [REGIONS[number % len(REGIONS)] for number in firm],
            "sector": [["battery", "software"][number % 2] for number in firm],
            "date": (first[firm] + pd.to_timedelta(day, unit="D")).astype("datetime64[us]"),
            "amount_cny": RNG.integers(1, 90, len(firm)) * 1e5,
        }
    )


LEDGER = _clean_ledger()

UNITS = pd.DataFrame(
    {
        "firm_id": [f"F{number:03d}" for number in range(FIRMS)],
        "region": [REGIONS[number % len(REGIONS)] for number in range(FIRMS)],
        "county": [f"county {number % 12}" for number in range(FIRMS)],
        "sector": [["battery", "software"][number % 2] for number in range(FIRMS)],
        "lead_cny": RNG.integers(1, 50, FIRMS) * 1e4,
        "follow_cny": RNG.integers(0, 300, FIRMS) * 1e4,
        "asked": RNG.integers(1, 50, FIRMS) * 1e4,
        "score": np.round(RNG.uniform(40, 100, FIRMS), 1),
        "innovation": np.round(RNG.uniform(0, 100, FIRMS), 1),
        "default": (RNG.random(FIRMS) < 0.3).astype(int),
        "granted": RNG.random(FIRMS) < 0.6,
        "applied": True,
        "applied_on": pd.Timestamp("2023-01-01").as_unit("us")
        + pd.to_timedelta(RNG.integers(0, 200, FIRMS), unit="D"),
    }
)
UNITS["decided_on"] = (
    UNITS["applied_on"] + pd.to_timedelta(RNG.integers(1, 90, FIRMS), unit="D")
).where(UNITS["granted"])

LOANS = UNITS[["region", "sector"]].assign(
    amount_cny=UNITS["asked"], loss_given_default=0.5, default_rate=0.02 + UNITS["score"] / 5_000
)

PANEL = pd.DataFrame(
    [
        (f"{code}0000", year, (adopted or None), level + year / 10 + RNG.normal(0, 0.1))
        for level, code in enumerate(range(30, 42))
        for adopted in [[2014, 2016, 0][code % 3]]
        for year in range(2011, 2019)
    ],
    columns=["region", "year", "adopted", "bank"],
)

SPELLS = pd.DataFrame(
    {
        "unit_id": [f"U{number:03d}" for number in range(FIRMS)],
        "region": UNITS["region"],
        "sector": UNITS["sector"],
        "entry": [float(number % 3) for number in range(FIRMS)],
        "duration": 4.0 + RNG.integers(0, 24, FIRMS) + RNG.integers(0, 2, FIRMS) / 2,
        "outcome": RNG.choice(["production", "production", "exit", "censored"], FIRMS),
        "leverage": RNG.normal(0, 1, FIRMS).round(3),
        "weight": RNG.integers(1, 4, FIRMS),
    }
)
SPELLS["earliest"] = np.floor(SPELLS["duration"] / 3) * 3
SPELLS["latest"] = (SPELLS["earliest"] + 3).where(SPELLS["outcome"] == "production")
SPELLS["reached"] = SPELLS["outcome"] == "production"

REGISTER_RAW = pd.DataFrame(
    [
        ["U1", "湖南", "battery", "2023-01-31", "2024-02-29", ""],
        ["U2", "430000", "battery", "2023-01-31", "", "2024-03-15"],
        ["U3", "Hunan", "retail", "2023-05-01", "2023年二季度", ""],
        ["U4", "Hunan", "retail", "2023-05-01", "", ""],
        ["U4", "湖南", "retail", "2023/5/1", "", ""],
        ["U5", "the Bay", "retail", "2023-05-01", "2022-05-01", ""],
        ["U6", "Old Port", "retail", "2023-05-01", "2024-05-01", ""],
    ],
    columns=["项目编号", "地区", "行业", "立项日期", "投产日期", "退出日期"],
    dtype="str",
).replace("", None)

TOTALS = toolkit.parse_periods(["2024年1-2月", "2024年1-3月", "2024年1-5月"] * 2)
TOTALS = TOTALS[["start", "end", "frequency", "cumulative"]].assign(
    region=["430000"] * 3 + ["310000"] * 3, value=[5.0, 9.0, 12.0, 50.0, 90.0, 120.0]
)
QUARTERS = pd.DataFrame(
    {
        "region": ["430000"] * 4 + ["310000"] * 3,
        "indicator": "gross_regional_product",
        "year": 2023,
        "quarter": [1, 2, 3, 4, 1, 2, 4],
        "value": [10.0, 22.0, 35.0, 47.0, 11.0, 10.0, 40.0],
    }
)

SHARES = pd.DataFrame(RNG.dirichlet(np.ones(3), size=FIRMS), columns=["a", "b", "c"])
SHARES["x"] = SHARES["a"] - 2 * SHARES["b"] + RNG.normal(0, 0.1, FIRMS)
SHARES["y"] = 2 * SHARES["x"] + RNG.normal(0, 0.1, FIRMS)
