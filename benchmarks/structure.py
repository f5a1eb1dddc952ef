"""The structure of a million region-sector-years: seconds of each public function.

Run: python benchmarks/structure.py [regions]

The table is long, as `clean_accounts` gives it: 20 sectors, 17 years, by default 2,940 regions,
as many as a country has counties. Beside them stands what pandas needs to pivot the same table
once, the least that any of them has to do.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import perf_counter

import numpy as np
import pandas as pd

import toolkit as tk

FIRST, LAST, SECTORS = 2003, 2019, 20


def drawn(regions: int) -> pd.DataFrame:
    """Draw levels for each region, sector and year."""
    rng = np.random.default_rng(0)
    years = np.arange(FIRST, LAST + 1)
    codes = np.array([f"{110000 + number:06d}" for number in range(regions)])
    names = np.array([f"sector_{number:02d}" for number in range(SECTORS)])
    table = pd.DataFrame(
        {
            "region": np.repeat(codes, SECTORS * len(years)),
            "indicator": np.tile(np.repeat(names, len(years)), regions),
            "year": np.tile(years, regions * SECTORS),
        }
    )
    return table.assign(value=np.exp(rng.normal(10, 1, len(table))), unit="CNY", vintage="revised")


def main(regions: int) -> None:
    """Print seconds of each function on the same table."""
    table = drawn(regions)
    sectors = sorted(table["indicator"].unique())
    given = {"sectors": sectors, "vintage": "revised"}
    window = {"start": FIRST, "end": LAST}
    calls: dict[str, Callable[[], object]] = {
        "pandas, one pivot": lambda: table.pivot(
            index=["region", "year"], columns="indicator", values="value"
        ),
        "shift_share, dunn": lambda: tk.shift_share(table, **window, **given),
        "shift_share, dynamic": lambda: tk.shift_share(table, method="dynamic", **window, **given),
        "bartik_instrument": lambda: tk.bartik_instrument(table, **window, **given),
        "location_quotient": lambda: tk.location_quotient(table, year=LAST, **given),
        "specialisation": lambda: tk.specialisation(table, year=LAST, **given),
    }
    print(f"{len(table):,} rows")
    for name, call in calls.items():
        start = perf_counter()
        call()
        print(f"  {name:<22} {perf_counter() - start:6.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_940)
