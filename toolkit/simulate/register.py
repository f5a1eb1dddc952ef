"""Spells in months as a register of firms with dates."""

from __future__ import annotations

import numpy as np
import pandas as pd

from toolkit.simulate.draws import after_months
from toolkit.simulate.loans import labels, sectors

__all__ = ["as_register"]


def as_register(
    spells: pd.DataFrame,
    rng: np.random.Generator,
    *,
    observed_until: str,
    quarter_share: float,
) -> pd.DataFrame:
    """Give dates to spells.

    ``unit_id region sector technology pooled start registered production exit observed_until
    precision``: `registered` is the day of entry, `precision` says whether the day of production
    is known, or its quarter alone (here the exact day stands in both cases).
    """
    start = spells["start"].to_numpy().astype("M8[D]")
    ended = after_months(start, spells["duration"].to_numpy())
    entered = after_months(start, spells["entry"].to_numpy())
    outcome = spells["outcome"].to_numpy()
    technology = spells["technology"].to_numpy()
    quarterly = (rng.random(len(spells)) < quarter_share) & (outcome == "production")
    never = np.datetime64("NaT", "D")
    return pd.DataFrame(
        {
            "unit_id": labels("U", spells["unit"].to_numpy() + 1, width=7),
            "region": spells["region"].to_numpy(),
            "sector": sectors(rng, technology),
            "technology": technology,
            "pooled": spells["pooled"].to_numpy(),
            "start": start,
            "registered": np.where(spells["entry"].to_numpy() > 0, entered, start),
            "production": np.where(outcome == "production", ended, never),
            "exit": np.where(outcome == "exit", ended, never),
            "observed_until": np.datetime64(observed_until, "D"),
            "precision": np.where(quarterly, "quarter", "day"),
        }
    ).astype(
        {
            **dict.fromkeys(("unit_id", "region", "sector", "precision"), "str"),
            **dict.fromkeys(("start", "registered", "production", "exit"), "datetime64[us]"),
            "observed_until": "datetime64[us]",
        }
    )
