"""From a ledger as received to a table for a paper: clean, estimate three ways, write LaTeX.

Run from the project's folder: python docs/examples/ledger_to_table.py LEDGER [OUT]
"""

import sys
from pathlib import Path

import toolkit as tk

ledger = sys.argv[1]
out = Path(sys.argv[2] if len(sys.argv) > 2 else ".")
loans = tk.clean_ledger(ledger, observed_until="2024-12-31")
print(loans.audit.balance())
loans.write(out / "loans")

study = {"cluster": "funder_id", "observed_until": "2024-12-31"}
windows = {
    "Complete windows": tk.capital_magnetism(loans.table, window="complete", **study),
    "Adjusted": tk.capital_magnetism(loans.table, window="adjusted", **study),
    "Unfinished ignored": tk.capital_magnetism(loans.table, window="ignore", **study),
}
print(windows["Adjusted"].sentence())
table = tk.regression_table(
    windows,
    title="Bank money per yuan of micro-lending within 24 months",
    label="tab:magnetism",
    names={"ratio": "Yuan per yuan"},
    statistics=["N"],
)
(out / "magnetism.tex").write_text(table.to_latex(), encoding="utf-8")
table.to_word(out / "magnetism.docx")
