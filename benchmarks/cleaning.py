"""Rows a second and peak memory of cleaning a ledger, beside what a researcher would write.

    python benchmarks/cleaning.py --rows 1000000
    python benchmarks/cleaning.py --rows 10000000 --only toolkit polars copy

Each peer runs in a process of its own, one after the other, on the same file of simulated messy
loans (2% duplicates, 1% bad rows), from the CSV to a Parquet file of clean rows:

- toolkit: ``clean_ledger(path).write(out)``, with all rules, rejected rows and audit
- pandas: one Python function a cell, by ``apply``, then ``drop_duplicates``
- polars: the distinct texts of each column parsed once by the toolkit's own readers, joined back,
  filtered and made unique in Polars; no rejected rows, no reasons, no audit
- copy: DuckDB reads the CSV and writes Parquet; nothing is cleaned
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

UNTIL = "2024-12-31"
KEY = ["firm_id", "funder_id", "date"]


def by_toolkit(source: Path, target: Path) -> int:
    """Clean with every rule, and write rows, rejected rows and audit."""
    from toolkit.clean.ledgers import clean_ledger

    cleaned = clean_ledger(source, observed_until=UNTIL)
    cleaned.write(target.with_suffix(""))
    return cleaned.audit.passed


def by_pandas(source: Path, target: Path) -> int:
    """Clean as a researcher would: a parser for each column, applied to each cell."""
    import pandas as pd

    from toolkit.clean.amounts.reading import read_amount
    from toolkit.clean.regions import parse_regions

    table = pd.read_csv(source, dtype="str")
    places = table["region"].unique()
    codes = dict(zip(places, parse_regions(places), strict=True))
    tiers = {"小额贷款公司": "micro", "银行": "bank", "micro": "micro", "bank": "bank"}

    def day(text: str) -> pd.Timestamp:
        digits = text.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-")
        return pd.to_datetime(digits, format="%Y%m%d" if digits.isdigit() else "%Y-%m-%d")

    table["region"] = table["region"].apply(codes.get)
    table["tier"] = table["tier"].apply(tiers.get)
    table["date"] = table["date"].apply(day)
    table["amount_cny"] = table.pop("amount").apply(lambda text: read_amount(text).value)
    good = table.dropna()
    good = good[(good["amount_cny"] >= 0) & (good["date"] <= UNTIL)]
    good = good.drop_duplicates(KEY)
    good.to_parquet(target)
    return len(good)


def by_polars(source: Path, target: Path) -> int:
    """Clean by hand: each distinct text once, joined back, in Polars' streaming engine."""
    from datetime import date

    import polars as pl

    from toolkit.clean.amounts import parse_amounts
    from toolkit.clean.periods import parse_periods
    from toolkit.clean.regions import parse_regions

    scan = pl.scan_csv(source, infer_schema=False)
    columns = ("amount", "date", "region")
    queries = [scan.select(pl.col(name).unique()) for name in columns]
    texts = {
        name: found[name] for name, found in zip(columns, pl.collect_all(queries), strict=True)
    }
    amounts = pl.DataFrame(
        {"amount": texts["amount"], "amount_cny": parse_amounts(texts["amount"]).to_numpy()}
    )
    days = parse_periods(texts["date"])["start"].dt.date
    dates = pl.DataFrame({"date": texts["date"], "day": pl.Series(days.tolist(), dtype=pl.Date)})
    codes = parse_regions(texts["region"]).astype(object)
    regions = pl.DataFrame(
        {
            "region": texts["region"],
            "code": pl.Series(codes.where(codes.notna(), None).tolist(), dtype=pl.String),
        }
    )
    tiers = {"小额贷款公司": "micro", "银行": "bank", "micro": "micro", "bank": "bank"}
    table = (
        scan.join(amounts.lazy(), on="amount")
        .join(dates.lazy(), on="date")
        .join(regions.lazy(), on="region")
        .with_columns(pl.col("tier").replace_strict(tiers, default=None))
        .filter(
            pl.col("amount_cny").is_not_nan() & (pl.col("amount_cny") >= 0),
            pl.col("day") <= date.fromisoformat(UNTIL),
            pl.col("code").is_not_null() & pl.col("tier").is_not_null(),
        )
        .select("firm_id", "funder_id", "tier", "sector", "amount_cny", date="day", region="code")
        .unique(KEY, keep="any")
    )
    table.sink_parquet(target)
    return int(pl.scan_parquet(target).select(pl.len()).collect().item())


def by_copy(source: Path, target: Path) -> int:
    """Read and write, and clean nothing."""
    import duckdb

    query = f"copy (from read_csv('{source}', all_varchar=true)) to '{target}' (format parquet)"
    return int(duckdb.connect().execute(query).fetchall()[0][0])


PEERS = {"toolkit": by_toolkit, "polars": by_polars, "copy": by_copy, "pandas": by_pandas}


def measure(name: str, source: Path) -> dict[str, float | str]:
    """Run a peer in a process of its own; return rows out, seconds and gibibytes at the peak."""
    command = [sys.executable, __file__, "--peer", name, "--source", str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def run_peer(name: str, source: Path) -> None:
    """Run one peer in this process and print what it took."""
    with tempfile.TemporaryDirectory(prefix="benchmark_") as folder:
        start, processor = time.perf_counter(), time.process_time()
        passed = PEERS[name](source, Path(folder) / "clean.parquet")
        seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        json.dumps(
            {
                "peer": name,
                "passed": passed,
                "seconds": round(seconds, 2),
                "cpu_seconds": round(time.process_time() - processor, 2),
                "peak_gib": round(peak, 2),
            }
        )
    )


def main() -> None:
    """Make the files, run the peers and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--only", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--peer", choices=PEERS)
    parser.add_argument("--source", type=Path)
    asked = parser.parse_args()
    if asked.peer:
        run_peer(asked.peer, asked.source)
        return
    from toolkit.simulate import messy_loans

    for rows in asked.rows:
        source = asked.folder / f"simulated_loans_{rows}.csv"
        if not source.exists():
            messy_loans(rows, random_state=7, path=source)
        print(f"{rows:,} rows; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start")
        for name in asked.only:
            one = measure(name, source)
            speed = rows / float(one["seconds"])
            print(
                f"  {name:<8} {one['seconds']:>8} s  {speed:>12,.0f} rows/s  "
                f"cpu {one['cpu_seconds']:>8} s  peak {one['peak_gib']:>5} GiB  "
                f"{one['passed']:>11,} passed",
                flush=True,
            )


if __name__ == "__main__":
    main()
