"""Ledgers with a known truth, and the estimates worked out firm by firm."""

from __future__ import annotations

import numpy as np
import pandas as pd

END = pd.Timestamp("2024-12-31")


def ledger_of(
    *, firms: int, clusters: int, seed: int, ratio: float = 5.0, spread: float = 0.3
) -> pd.DataFrame:
    """Draw firms that start in 2020 to 2024 and draw bank money evenly over 24 months.

    The expected follow-on money within 24 months is `ratio` times the lead money.
    """
    rng = np.random.default_rng(seed)
    start = pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 1826, firms), unit="D")
    county = rng.integers(0, clusters, firms)
    pull = rng.gamma(1 / spread**2, spread**2, clusters)[county]
    lead = np.round(rng.gamma(4.0, 2.5e5, firms), 2)
    names = np.array([f"f{number:05d}" for number in range(firms)])
    codes = np.array([f"c{number:03d}" for number in range(clusters)])
    first = pd.DataFrame(
        {
            "firm_id": names,
            "tier": "micro",
            "date": start,
            "amount_cny": lead,
            "region": codes[county],
        }
    )
    loans = rng.poisson(4.0, firms)
    of = np.repeat(np.arange(firms), loans)
    later = start[of] + pd.to_timedelta(rng.integers(1, 731, len(of)), unit="D")
    money = np.round(ratio * pull[of] * lead[of] / 4 * rng.gamma(2.0, 0.5, len(of)), 2)
    follow = pd.DataFrame(
        {
            "firm_id": names[of],
            "tier": "bank",
            "date": later,
            "amount_cny": money,
            "region": codes[county[of]],
        }
    )
    table = pd.concat([first, follow], ignore_index=True)
    table["sector"] = np.where(table["firm_id"].str[-1].isin(list("01234")), "energy", "software")
    return table[table["date"] <= END].sample(frac=1, random_state=seed).reset_index(drop=True)


def firm_by_firm(ledger: pd.DataFrame, *, months: int, end: pd.Timestamp = END) -> pd.DataFrame:
    """Work out money and observation of each firm by calendar offsets, one firm at a time."""
    rows = []
    for name, part in ledger.groupby("firm_id"):
        micro, bank = part[part["tier"] == "micro"], part[part["tier"] == "bank"]
        if micro.empty:
            continue
        start = micro["date"].min()
        edges = [start + pd.DateOffset(months=m) for m in range(months + 1)]
        row = {
            "firm_id": name,
            "region": micro.loc[micro["date"] == start, "region"].min(),
            "observed": sum(edge <= end for edge in edges) - 1,
        }
        for m in range(months + 1):
            after = edges[m - 1] if m else start - pd.Timedelta(days=1)
            in_lead = (micro["date"] > after) & (micro["date"] <= edges[m])
            in_follow = (bank["date"] > max(after, start)) & (bank["date"] <= edges[m])
            row[f"lead{m}"] = micro.loc[in_lead, "amount_cny"].sum()
            row[f"follow{m}"] = bank.loc[in_follow, "amount_cny"].sum()
        rows.append(row)
    return pd.DataFrame(rows)
