"""Rank the provinces by enterprise R&D money per yuan of government R&D money, and draw them.

Run from the project's folder: python docs/examples/rank_provinces.py [OUT]
"""

import sys
from pathlib import Path

import toolkit as tk

out = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
accounts = tk.clean_accounts("data/raw/science")
print(accounts.audit.balance())

panel = tk.accounts_panel(
    tk.name_regions(accounts.table),
    indicators=["rd_funding_enterprise", "rd_funding_government"],
)
ratios = tk.magnetism_ratio(
    panel,
    lead="rd_funding_government",
    follow="rd_funding_enterprise",
    by=["region", "year"],
    cluster="region",
)
ranking = ratios.ranking(year=2023)
ranking.to_csv(out / "ranking.csv", index=False)
print(ranking.head(3)[["rank", "region_name", "estimate"]].to_string(index=False))
tk.save_figure(ratios.plot(highlight="Hunan"), out / "ratios.pdf", width="page")
