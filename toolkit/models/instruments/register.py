"""Default rates from the counts of a register, where the user has none."""

from __future__ import annotations

from typing import Any

import numpy as np

from toolkit.errors import ModelError
from toolkit.models.pools import Floats

__all__ = ["register_rates"]


def register_rates(cohorts: Any, *, years: int) -> tuple[Floats, str]:
    """Return the share charged off by the end of each year of age, and a note on whose it is.

    Loans that were paid off compete: the share is the Aalen-Johansen incidence, not what it would
    be if all loans ran on.

    Parameters
    ----------
    cohorts : frame or path
        Counts ``age at_risk events exits censored`` by cohort, ages in months.
    years : int
        Years of age wanted.

    Raises
    ------
    ModelError
        If the register does not follow loans for so long, or saw none charged off.
    """
    from toolkit.models.survival import cumulative_incidence

    result = cumulative_incidence(cohorts)
    curve = result.tidy()
    curve = curve[curve["term"] == curve["term"].iloc[0]]
    months = 12 * np.arange(1, years + 1)
    last = float(curve["age"].max())
    if last < months[-1]:
        raise ModelError(
            f"Default rates for {years} years need loans seen to {months[-1]} months; the cohorts "
            f"are seen to {last:g}. Give default_rate, or loans of fewer years."
        )
    places = np.searchsorted(curve["age"].to_numpy(dtype=float), months, side="right") - 1
    rates = curve["estimate"].to_numpy(dtype=float)[places]
    if not rates[-1] > 0:
        raise ModelError(
            f"No loan of the cohorts was charged off within {months[-1]} months, so that they give "
            "no default rate. Give default_rate."
        )
    counted = f"{result.facts['rows']:,.0f} loans"
    note = (
        "The default rates are not those of these loans but a proxy: the shares charged off by "
        f"age among {counted} of the register given as cohorts (the shipped one is the United "
        f"States Small Business Administration's), {100 * rates[-1]:.2f}% by {months[-1]} months."
    )
    return rates, note
