"""Default rates from the counts of a register, where the user has none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from toolkit.errors import ModelError
from toolkit.language import say
from toolkit.models.instruments.scenario import check_whole
from toolkit.models.instruments.wording import years_text
from toolkit.models.pools import Floats
from toolkit.results import TIDY_COLUMNS, Prose, Result, format_percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["RegisterRates", "register_rates"]


@dataclass(frozen=True, kw_only=True, eq=False)
class RegisterRates(Result):
    """Shares of a register's loans that were charged off by the end of each year of age."""

    estimate_label = "share"

    def rates(self) -> Floats:
        """Return the shares by year, shape (years,)."""
        return self.terms["estimate"].to_numpy(dtype=np.float64)

    def sentence(self) -> Prose:
        """Return the shares, and that they are a proxy."""
        rows = self.terms
        parts = [
            say(
                "{estimate} within {year}",
                estimate=format_percent(row["estimate"], decimals=2),
                year=years_text(row["year"]),
            )
            for _, row in rows.iterrows()
        ]
        listed = (
            say(", ").join(parts[:-1]) + say(" and {parts}", parts=parts[-1])
            if parts[1:]
            else parts[0]
        )
        return Prose(
            say(
                "Of {loans:,} loans of the register, {listed} were charged off; for loans that are "
                "not of the register these rates are a proxy.",
                loans=self.facts["loans"],
                listed=listed,
            )
        )

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the shares by year of age with their intervals."""
        from toolkit import figures

        return figures.intervals(self.terms, label="term", axis=self.unit, title=self.title, ax=ax)


def register_rates(cohorts: Any, *, years: int, conf_level: float = 0.95) -> RegisterRates:
    """Estimate the share of loans charged off by the end of each year of age.

    Loans that were paid off compete: the share is the Aalen-Johansen incidence, not what it would
    be if all loans ran on.

    Parameters
    ----------
    cohorts : frame or path
        Counts ``age at_risk events exits censored`` by cohort, ages in months.
    years : int
        Years of age wanted.
    conf_level : float
        Level of the pointwise intervals.

    Returns
    -------
    RegisterRates
        One row per year of age, with ``year`` and ``months``. Its note says whose loans they are.

    Raises
    ------
    ColumnError, DataError
        If the counts lack a column, or are not counts.
    ModelError
        If the register does not follow loans for so long, or saw none charged off.
    OptionError
        If `years` cannot be meant.

    References
    ----------
    Aalen, O. O. and Johansen, S. (1978). An empirical transition matrix for non-homogeneous Markov
        chains based on censored observations. Scandinavian Journal of Statistics 5, 141-150.

    Examples
    --------
    >>> import pandas as pd
    >>> counts = pd.DataFrame({"cohort": 2020, "age": [12.0, 24.0], "at_risk": [100, 80],
    ...     "events": [10, 8], "exits": [10, 0], "censored": [0, 72]})
    >>> register_rates(counts, years=2).rates().round(3).tolist()
    [0.1, 0.18]
    """
    from toolkit.models.survival import cumulative_incidence

    check_whole("years", years)
    result = cumulative_incidence(cohorts, conf_level=conf_level)
    curve = result.tidy()
    curve = curve[curve["term"] == curve["term"].iloc[0]]
    months = 12 * np.arange(1, years + 1)
    last = float(curve["age"].max())
    if last < months[-1]:
        raise ModelError(
            f"Default rates for {years_text(years)} need loans seen to {months[-1]} months; the "
            f"cohorts are seen to {last:g}. Give default_rate, or loans of fewer years."
        )
    ages = curve["age"].to_numpy(dtype=float)
    rows = curve.iloc[np.searchsorted(ages, months, side="right") - 1]
    if not rows["estimate"].iloc[-1] > 0:
        raise ModelError(
            f"No loan of the cohorts was charged off within {months[-1]} months, so that they give "
            "no default rate. Give default_rate."
        )
    loans = round(result.facts["rows"])
    named = [f"within {year} year{'s' if year > 1 else ''}" for year in range(1, years + 1)]
    terms = rows[list(TIDY_COLUMNS)].assign(term=named, year=np.arange(1, years + 1), months=months)
    return RegisterRates(
        title="Loans of the register charged off by age",
        unit="share of loans charged off",
        terms=terms,
        facts={"loans": loans},
        conf_level=conf_level,
        notes=(_whose(loans, float(rows["estimate"].iloc[-1]), int(months[-1])),),
    )


def _whose(loans: int, share: float, months: int) -> str:
    return say(
        "The default rates are not those of these loans but a proxy: the shares charged off by age "
        "among {loans:,} loans of the register given as cohorts (the shipped one is the United "
        "States Small Business Administration's), {share:.2f}% by {months} months.",
        loans=loans,
        share=100 * share,
        months=months,
    )
