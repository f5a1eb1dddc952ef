"""Speed and memory of capital magnetism: ``python benchmarks/magnetism.py [--rows 100000000]``.

Speed: a million firms in 500 clusters, 2,000 bootstrap draws, reduction included, beside a loop
that resamples pandas groups, R's boot and SciPy's bootstrap, both on sums per cluster.

Memory: a ledger on disk, written in pieces, and its peak in a process of its own; beside it the
peak for a ledger of a hundredth of the rows.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from scipy import stats

from toolkit.models import ratios
from toolkit.models.magnetism import magnetism_ratio

FIRMS, CLUSTERS, DRAWS = 1_000_000, 500, 2_000
LOOPED = 20
REPEATS = 7

MEASURED = """
import resource, sys, time
from toolkit.models.magnetism import capital_magnetism
start = time.perf_counter()
row = capital_magnetism(
    sys.argv[1], months=24, window=sys.argv[2], cluster="county", observed_until="2024-12-31",
    interval="bootstrap", random_state=1,
).total()
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
print(f"{seconds:.1f} {peak:.2f} {row['units']:.0f} {row['estimate']:.6f}")
"""

BOOT = """
suppressPackageStartupMessages(library(boot))
s <- read.csv(commandArgs(TRUE)[1]); set.seed(1)
ratio <- function(d, i) sum(d$follow[i]) / sum(d$lead[i])
cat(min(sapply(1:3, function(k) system.time(boot(s, ratio, R = 2000))[["elapsed"]])))
"""


def firms() -> pd.DataFrame:
    """Draw a million firms with a common pull in each cluster."""
    rng = np.random.default_rng(1)
    county = rng.integers(0, CLUSTERS, FIRMS)
    lead = rng.gamma(2.0, 5e5, FIRMS)
    follow = 5 * lead * rng.gamma(4.0, 0.25, CLUSTERS)[county] * rng.gamma(1.0, 1.0, FIRMS)
    return pd.DataFrame({"county": county, "lead": lead, "follow": follow})


def best(call: Callable[[], object]) -> float:
    """Return the shortest of several runs in seconds, after one that warms up."""
    call()
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def resample_groups(table: pd.DataFrame, draws: int) -> list[float]:
    """Resample whole clusters of rows, as it is often done."""
    groups = dict(iter(table.groupby("county")))
    names, rng = list(groups), np.random.default_rng(1)
    drawn = []
    for _ in range(draws):
        sample = pd.concat([groups[name] for name in rng.choice(names, len(names))])
        drawn.append(sample["follow"].sum() / sample["lead"].sum())
    return drawn


def cluster_sums(table: pd.DataFrame) -> pd.DataFrame:
    """Reduce rows to sums per cluster."""
    return table.groupby("county")[["lead", "follow"]].sum()


def scipy_on_sums(sums: pd.DataFrame) -> object:
    """Run SciPy's bootstrap on sums."""
    return stats.bootstrap(
        (sums["lead"].to_numpy(), sums["follow"].to_numpy()),
        lambda lead, follow, axis: follow.sum(axis) / lead.sum(axis),
        paired=True,
        vectorized=True,
        n_resamples=DRAWS,
        method="percentile",
        rng=np.random.default_rng(1),
    )


def r_on_sums(sums: pd.DataFrame) -> float | None:
    """Return the seconds of R's boot on sums, or None without R."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "sums.csv"
        sums.to_csv(source)
        run = subprocess.run(
            ["Rscript", "-e", BOOT, str(source)], capture_output=True, text=True, check=False
        )
    return float(run.stdout) if run.returncode == 0 else None


def speed() -> None:
    """Print the seconds of each way, with the reduction from a million rows where it has one."""
    table = firms()
    sums = cluster_sums(table)
    arrays = sums["lead"].to_numpy(), sums["follow"].to_numpy()
    start = time.perf_counter()
    resample_groups(table, LOOPED)
    loop = (time.perf_counter() - start) * DRAWS / LOOPED
    whole = best(
        lambda: magnetism_ratio(
            table,
            lead="lead",
            follow="follow",
            cluster="county",
            interval="bootstrap",
            random_state=1,
        )
    )
    drawing = best(lambda: ratios.bootstrap_interval(*arrays, conf_level=0.95, random_state=1))
    scipy_drawing = best(lambda: scipy_on_sums(sums))
    scipy_whole = best(lambda: scipy_on_sums(cluster_sums(table)))
    reduction = best(lambda: cluster_sums(table))
    boot = r_on_sums(sums)
    print(f"{FIRMS:,} firms, {CLUSTERS} clusters, {DRAWS:,} draws; seconds, best of {REPEATS}")
    print(f"  loop over pandas groups ({LOOPED} draws, scaled)      {loop:9.3f}")
    print(f"  SciPy on sums, with the reduction                {scipy_whole:9.3f}")
    if boot is not None:
        print(f"  R boot on sums, with the same reduction          {boot + reduction:9.3f}")
    print(f"  magnetism_ratio, whole result                    {whole:9.3f}")
    print(f"  drawing alone: SciPy {scipy_drawing:.4f}, studentised here {drawing:.4f}")
    print(f"  {loop / whole:,.0f} times as fast as the loop")


def write_ledger(target: Path, rows: int) -> None:
    """Write a ledger: a tenth of the rows are micro-loans, each of a firm of its own."""
    lenders = rows // 10
    duckdb.sql(
        f"""
        copy (
            select
                'f' || lpad((i % {lenders})::varchar, 9, '0') as firm_id,
                case when i < {lenders} then 'micro' else 'bank' end as tier,
                (hash(i % {lenders}) % {CLUSTERS})::integer as county,
                date '2018-01-01' + (hash(i % {lenders}, 1) % 2000)::integer
                    + case when i < {lenders} then 0 else 1 + (hash(i, 2) % 900)::integer end
                    as date,
                round(100000 + (hash(i, 3) % 100000000) / 100.0, 2)::double as amount_cny
            from range({rows}) t(i)
        ) to '{target}' (format parquet, row_group_size 500000)
        """
    )


def memory(rows: int) -> None:
    """Print seconds and peak memory of a ledger on disk, and of one of a hundredth of its rows."""
    print("ledger on disk; seconds and peak memory of the whole process")
    with tempfile.TemporaryDirectory() as folder:
        for count in (rows // 100, rows):
            target = Path(folder) / f"ledger_{count}.parquet"
            write_ledger(target, count)
            for window in ("complete", "adjusted"):
                run = subprocess.run(
                    [sys.executable, "-c", MEASURED, str(target), window],
                    capture_output=True,
                    text=True,
                    check=True,
                )
                seconds, peak, units, ratio = run.stdout.splitlines()[-1].split()
                print(
                    f"  {count:>13,} rows, {window:8}: {float(seconds):7.1f} s, {peak} GiB, "
                    f"{int(units):,} firms, ratio {ratio}"
                )


def main() -> None:
    """Run both parts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000_000, help="rows of the large ledger")
    chosen = parser.parse_args()
    speed()
    memory(chosen.rows)


if __name__ == "__main__":
    main()
