"""How much of a ratio of sums hangs on few units, and on units that drew nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from toolkit.language import say

__all__ = ["concentration", "two_part"]

LARGEST = 10
TOP_SHARE = 0.01


def concentration(units: pd.DataFrame, *, lead: str, follow: str) -> pd.DataFrame:
    """Return the shares of the largest units, and the ratio without them.

    Parameters
    ----------
    units : DataFrame
        One row per unit.
    lead, follow : str
        Columns of money.
    """
    paid, drawn = units[lead].to_numpy(), units[follow].to_numpy()
    size = max(1, round(TOP_SHARE * len(units)))
    top = np.argsort(-drawn, kind="stable")
    rows: list[dict[str, Any]] = [
        {
            "what": say("top 1% of units ({size:,})", size=size),
            "lead_share": np.sort(paid)[-size:].sum() / paid.sum(),
            "follow_share": drawn[top[:size]].sum() / drawn.sum(),
            "ratio": drawn[top[size:]].sum() / paid[top[size:]].sum(),
        }
    ]
    rows += [
        {
            "what": _unit_name(units.drop(columns=[lead, follow]), int(place)),
            "lead_share": paid[place] / paid.sum(),
            "follow_share": drawn[place] / drawn.sum(),
            "ratio": (drawn.sum() - drawn[place]) / (paid.sum() - paid[place]),
        }
        for place in top[:LARGEST]
    ]
    return pd.DataFrame(rows)


def two_part(units: pd.DataFrame, *, lead: str, follow: str) -> pd.DataFrame:
    """Return counts and sums of the units without follow-on, exactly at one, and the others.

    Parameters
    ----------
    units : DataFrame
        One row per unit.
    lead, follow : str
        Columns of money.
    """
    paid, drawn = units[lead].to_numpy(), units[follow].to_numpy()
    none, equal = drawn == 0, (drawn == paid) & (drawn != 0)
    parts = {"none": none, "equal": equal, "other": ~none & ~equal}
    rows = [
        {
            "part": part,
            "units": int(inside.sum()),
            "share": float(inside.mean()),
            "lead": float(paid[inside].sum()),
            "follow": float(drawn[inside].sum()),
        }
        for part, inside in parts.items()
    ]
    table = pd.DataFrame(rows)
    return table.assign(ratio=table["follow"] / table["lead"].where(table["lead"] > 0))


def _unit_name(units: pd.DataFrame, place: int) -> str:
    row = units.iloc[place]
    described = [say("{name} {value}", name=name, value=row[name]) for name in units.columns]
    return say(", ").join(described) or say("unit {place}", place=place + 1)
