"""Two-way effects with clustered errors on a million region-sector-years, beside other libraries.

Run: python benchmarks/growth.py [rows ...]

All fit the same regression of growth on growth with region-sector and year effects, clustered by
region-sector, on the same rows in memory. A library that is not installed is named and left out.
The first call of each is timed apart from the next ones, of which the best is shown.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.util import find_spec
from time import perf_counter

import numpy as np
import pandas as pd

from toolkit.models.panels import Layout, inference, parse_vcov, within_fit

YEARS = 20
REPEATS = 3


def drawn(rows: int) -> pd.DataFrame:
    """Draw an unbalanced panel of region-sectors over 20 years; the elasticity is 1.5."""
    rng = np.random.default_rng(20)
    units = rows // YEARS * 10 // 9
    unit = np.repeat(np.arange(units), YEARS)
    year = np.tile(np.arange(YEARS), units)
    kept = np.flatnonzero(rng.random(len(unit)) < 0.9)
    unit, year = unit[kept], year[kept]
    base = rng.normal(size=len(unit)) + 0.1 * rng.normal(size=units)[unit] + 0.05 * year
    noise = rng.normal(size=len(unit)) + rng.normal(size=units)[unit]
    sector = 1.5 * base + noise + 0.2 * np.sin(year)
    return pd.DataFrame({"unit": unit, "year": year, "base": base, "sector": sector})


def ours(table: pd.DataFrame) -> tuple[float, float]:
    """Absorb both effects exactly and cluster."""
    unit, year = table["unit"].to_numpy(), table["year"].to_numpy()
    fit = within_fit(table["sector"].to_numpy(), table[["base"]].to_numpy(), [unit, year])
    layout = Layout(units=unit, times=year, groupings={"region": unit})
    said = inference(fit, parse_vcov("CR1"), layout, conf_level=0.95, random_state=0)
    return float(fit.coefficients[0]), float(said.std_error[0])


def linearmodels(table: pd.DataFrame) -> tuple[float, float]:
    """Fit PanelOLS with both effects."""
    from linearmodels.panel import PanelOLS

    rows = table.set_index(["unit", "year"])
    model = PanelOLS(rows["sector"], rows[["base"]], entity_effects=True, time_effects=True)
    fit = model.fit(cov_type="clustered", cluster_entity=True)
    return float(fit.params["base"]), float(fit.std_errors["base"])


def pyfixest(table: pd.DataFrame) -> tuple[float, float]:
    """Fit feols with both effects."""
    from pyfixest.estimation import feols

    fit = feols("sector ~ base | unit + year", data=table, vcov={"CRV1": "unit"})
    return float(fit.coef()["base"]), float(fit.se()["base"])


def main(sizes: list[int]) -> None:
    """Time each library on each size and print one line each."""
    libraries: dict[str, Callable[[pd.DataFrame], tuple[float, float]]] = {
        "toolkit": ours,
        "linearmodels": linearmodels,
        "pyfixest": pyfixest,
    }
    for size in sizes:
        table = drawn(size)
        print(f"{len(table):,} rows, {table['unit'].nunique():,} units, {YEARS} years")
        for name, fit in libraries.items():
            if name != "toolkit" and find_spec(name) is None:
                print(f"  {name:<13} not installed")
                continue
            seconds = []
            for _ in range(REPEATS + 1):
                start = perf_counter()
                estimate, error = fit(table)
                seconds.append(perf_counter() - start)
            print(
                f"  {name:<13} first {seconds[0]:6.2f} s, best of next {REPEATS} "
                f"{min(seconds[1:]):6.2f} s   {estimate:.8f} ({error:.8f})"
            )


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [100_000, 1_000_000])
