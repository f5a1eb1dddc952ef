"""Survival from a register that is held in Polars, by sector, with what the answer hangs on.

Run from the project's folder: python docs/examples/register_in_polars.py REGISTER [OUT]
"""

import sys
from pathlib import Path

import polars as pl

import toolkit as tk

out = Path(sys.argv[2] if len(sys.argv) > 2 else ".")
received = pl.read_csv(sys.argv[1], separator="\t", infer_schema=False)
register = tk.clean_milestones(received, observed_until="2024-12-31")
print(register.audit.balance())

by_sector = tk.reach(register.table, months=18, exits="compete", by="sector")
by_sector.tidy().to_csv(out / "reach.csv", index=False)
print(tk.reach(register.table, months=18, exits="compete", claim=0.92).sentence())
print(tk.assumption_sheet(register.table, months=18).summary())
tk.save_figure(tk.cumulative_incidence(register.table).plot(), out / "incidence.svg")
