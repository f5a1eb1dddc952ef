"""Projects of the New Markets Tax Credit: investment and total cost in dollars, by state."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

ORACLE = Path(__file__).parents[2] / "oracle" / "magnetism.json"

NAMES = {
    "Project QLICI Amount": "investment_usd",
    "Estimated Total Project Cost": "cost_usd",
    "State": "state",
    "Origination Year": "year",
}


def read_projects(source: Path) -> pd.DataFrame:
    table = pd.read_csv(source, dtype=str, encoding="cp1252")[list(NAMES)].rename(columns=NAMES)
    for name in ("investment_usd", "cost_usd"):
        table[name] = table[name].str.replace(r"[$, ]", "", regex=True).astype(float)
    return table.assign(year=table["year"].astype(int))


def answers() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ORACLE.read_text(encoding="utf-8"))
    return found
