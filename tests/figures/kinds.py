"""One figure of each kind, with labels as long as those of real studies."""

import numpy as np
import pandas as pd

from toolkit import figures
from toolkit.tiles import TILES

TITLE = "Capital magnetism: bank money within 24 months per yuan of micro money, by province"
LONG = "share not yet at production among all prototypes registered since 2015"
PLACES = [tile.english for tile in TILES.values()]
SECTORS = ["smart_manufacturing", "biomedicine", "food_processing"]
CAUSES = [f"{sector}, {cause}" for sector in SECTORS for cause in ("production", "exit")]


def rng():
    return np.random.default_rng(3)


def estimates(names):
    middle = rng().normal(3, 1, len(names))
    return pd.DataFrame(
        {
            "label": names,
            "estimate": middle,
            "conf_low": middle - 0.5,
            "conf_high": middle + 0.7,
        }
    )


def curves(groups):
    draw = rng()
    parts = []
    for group in groups:
        share = np.cumprod(1 - draw.uniform(0, 0.04, 40))
        parts.append(
            pd.DataFrame(
                {
                    "label": group,
                    "age": np.arange(40.0),
                    "estimate": share,
                    "conf_low": share - 0.05,
                    "conf_high": share + 0.05,
                    "at_risk": np.linspace(12000, 30, 40).round(),
                }
            )
        )
    return pd.concat(parts)


def points():
    draw = rng()
    return pd.DataFrame(
        {"x": draw.uniform(0.02, 0.14, 31), "y": draw.normal(0.08, 0.1, 31), "name": PLACES[:31]}
    )


def intervals():
    return figures.intervals(
        estimates(PLACES[:31]),
        label="label",
        axis="follow-on yuan per lead yuan, with the interval of each province at 95%",
        reference=(3.2, "in total 3.214"),
        title=TITLE,
    )


def few_intervals():
    return figures.intervals(
        estimates(PLACES[:3]),
        label="label",
        axis="yuan per yuan",
        reference=(4.2, "published claim 5"),
        title=TITLE,
    )


def steps(groups, y_label):
    by = None if len(groups) == 1 else "label"
    return figures.step_curves(
        curves(groups),
        time="age",
        by=by,
        x_label="months since the first lead loan",
        y_label=y_label,
        title=TITLE,
    )


def step_curve():
    return steps(["all"], LONG)


def step_curves_by_sector():
    return steps(SECTORS, LONG)


def step_curves_by_sector_and_cause():
    return steps(CAUSES, "share of all units")


def lines():
    draw = rng()
    table = pd.concat(
        pd.DataFrame({"year": range(2010, 2024), "value": draw.normal(size=14), "who": who})
        for who in PLACES[:6]
    )
    return figures.lines(
        table, x="year", y="value", by="who", x_label="year", y_label=LONG, title=TITLE
    )


def banded_curves():
    return figures.banded_curves(
        curves(CAUSES), x="age", by="label", x_label="months", y_label=LONG, title=TITLE
    )


def growth_scatter():
    return figures.growth_scatter(
        points(),
        x="x",
        y="y",
        label="name",
        x_label="gross regional product without value added of industry, growth a year",
        y_label="main revenue of high-tech manufacturing, growth a year",
        multiples=(0.5, 1, 2, 2.3),
        highlight="Hunan",
        total="Inner Mongolia",
        title=TITLE,
    )


def fitted_scatter():
    return figures.fitted_scatter(
        points().assign(fitted=0.1),
        x="x",
        y="y",
        fitted="fitted",
        label="name",
        x_label=LONG,
        y_label=LONG,
        highlight="Hunan",
        title=TITLE,
    )


def bounds():
    low = 10.0 ** rng().uniform(5, 9, 20)
    table = pd.DataFrame(
        {
            "name": [f"Loans of the risk compensation programme of {p}" for p in PLACES[:20]],
            "low": low,
            "high": low * np.resize([1, 5, np.nan], 20),
        }
    )
    return figures.bounds(table, label="name", low="low", high="high", axis="CNY", title=TITLE)


def event_study():
    table = pd.DataFrame({"time": range(-4, 5), "estimate": rng().normal(size=9)})
    for name, reach in (("conf", 1), ("band", 2)):
        table[f"{name}_low"] = table["estimate"] - reach
        table[f"{name}_high"] = table["estimate"] + reach
    return figures.event_study(
        table, time="time", x_label="years since adoption", y_label=LONG, title=TITLE
    )


def threshold():
    table = pd.DataFrame({"x": np.linspace(-5, 5, 20), "y": rng().normal(size=20)})
    return figures.threshold(
        table, table, cutoff=0.01, x="x", y="y", x_label="points", y_label=LONG, title=TITLE
    )


def trend():
    table = pd.DataFrame({"x": np.linspace(-5, 5, 20), "y": rng().normal(size=20), "w": 1.0})
    return figures.trend(table, x="x", y="y", size="w", x_label="x", y_label=LONG, title=TITLE)


def tile_map():
    table = pd.DataFrame({"region": list(TILES), "value": rng().normal(1, 0.4, len(TILES))})
    return figures.tile_map(table, region="region", value="value", scale=LONG, title=TITLE)


def stacked_parts():
    draw = rng()
    parts = ("national", "industry_mix", "competitive", "allocation")
    table = pd.DataFrame(
        [(place, part, draw.normal(0.1, 0.05)) for place in PLACES[:31] for part in parts],
        columns=["label", "part", "value"],
    )
    return figures.stacked_parts(
        table, label="label", part="part", value="value", axis=LONG, title=TITLE
    )


def small_multiples():
    draw = rng()
    table = pd.concat(
        pd.DataFrame(
            {"year": range(2010, 2020), "value": draw.normal(size=10), "of": of, "place": place}
        )
        for place in PLACES[:9]
        for of in ("value added", "gdp")
    )
    grid = figures.small_multiples(
        table,
        x="year",
        y="value",
        by="of",
        panel="place",
        x_label="year",
        y_label=LONG,
        columns=3,
        title=TITLE,
    )
    return grid.flat[0]


KINDS = (
    banded_curves,
    bounds,
    event_study,
    few_intervals,
    fitted_scatter,
    growth_scatter,
    intervals,
    lines,
    small_multiples,
    stacked_parts,
    step_curve,
    step_curves_by_sector,
    step_curves_by_sector_and_cause,
    threshold,
    tile_map,
    trend,
)
