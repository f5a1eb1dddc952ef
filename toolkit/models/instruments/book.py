"""A book of loans that differ, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.errors import ColumnError, DataError, OptionError
from toolkit.models.instruments.scenario import check_share, check_whole, spread
from toolkit.models.pools import Floats, simulate_loans
from toolkit.schema import require_columns
from toolkit.tables import as_pandas

__all__ = ["Book", "LoanBook"]


@dataclass(frozen=True, kw_only=True, eq=False)
class LoanBook:
    """Loans row by row, and how their defaults hang together.

    Parameters
    ----------
    loans : frame or path
        ``amount_cny`` (principal), ``loss_given_default`` and ``default_rate`` (probability of
        default within `years`), one row per loan. Without ``default_rate`` :func:`risk_pool`
        takes it from counts of a register.
    correlation : float
        Of the latent values of any two loans.
    within : mapping of str to float
        What being of the same value of a column adds: ``{"region": 0.05, "sector": 0.1}``.
    years : int
        Until the loans are due.

    Raises
    ------
    OptionError
        If a number cannot be meant.
    """

    loans: Any
    correlation: float
    within: Mapping[str, float] = field(default_factory=dict)
    years: int = 1

    def __post_init__(self) -> None:
        check_share("correlation", self.correlation)
        for name, value in self.within.items():
            check_share(f"the correlation within {name!r}", value)
        total = self.correlation + sum(self.within.values())
        if total >= 1:
            raise OptionError(
                f"The correlation and what columns add to it stay below 1; got {total:g}."
            )
        check_whole("years", self.years)

    def read(self, register: Floats | None) -> Book:
        """Return the loans as arrays, with the register's rates where they have none."""
        table = as_pandas(self.loans)
        require_columns(table, ["amount_cny", "loss_given_default", *self.within])
        if table.empty:
            raise DataError(
                "A book holds loans; the table has no rows. Check the filter before it."
            )
        amount = _numbers(table, "amount_cny", most=np.inf)
        severity = amount * _numbers(table, "loss_given_default", most=1.0)
        if not severity.any():
            raise DataError(
                "A pool shares losses; no loan of the book can lose anything. Check amount_cny and "
                "loss_given_default."
            )
        if register is None:
            require_columns(table, ["default_rate"])
            final = _numbers(table, "default_rate", most=1.0)
            if not (severity @ final > 0):
                raise DataError(
                    "A pool shares losses; default_rate is 0 for every loan that could lose. "
                    "Check the column."
                )
            rates = np.array([spread(rate, self.years) for rate in final.tolist()])
        else:
            rates = np.tile(register, (len(table), 1))
        codes = [self._codes(table, name) for name in self.within]
        return Book(
            amount=amount,
            severity=severity,
            rates=rates,
            groups=np.array(codes, dtype=np.intp).reshape(len(codes), len(table)),
            added=np.array(list(self.within.values()), dtype=float),
            correlation=self.correlation,
            years=self.years,
        )

    @staticmethod
    def _codes(table: pd.DataFrame, name: str) -> NDArray[np.intp]:
        missing = int(table[name].isna().sum())
        if missing:
            raise DataError(
                f"Loans hang together within {name!r}; {missing:,} rows have no value there. Fill "
                "it in, or leave those rows out."
            )
        return np.asarray(pd.factorize(table[name])[0], dtype=np.intp)


@dataclass(frozen=True, kw_only=True, eq=False)
class Book:
    """Loans as arrays: principal, loss if in default, cumulative rates by year, groups."""

    amount: Floats
    severity: Floats
    rates: Floats
    groups: NDArray[np.intp]
    added: Floats
    correlation: float
    years: int

    @property
    def lent(self) -> float:
        """Principal of all loans, in CNY."""
        return float(self.amount.sum())

    @property
    def mean_severity(self) -> float:
        """Share of the defaulted money that is lost on average."""
        return float(self.severity @ self.rates[:, -1] / (self.amount @ self.rates[:, -1]))

    def draw_losses(self, draws: int, rng: np.random.Generator) -> Floats:
        """Draw losses per yuan lent by the end of each year, shape (draws, years)."""
        lost = simulate_loans(
            self.severity,
            rates=self.rates,
            correlation=self.correlation,
            groups=self.groups,
            added=self.added,
            draws=draws,
            rng=rng,
        )
        return lost / self.lent


def _numbers(table: pd.DataFrame, name: str, *, most: float) -> Floats:
    if not pd.api.types.is_numeric_dtype(table[name]):
        raise ColumnError(
            f"Column {name!r} holds numbers; it has {table[name].dropna().iloc[0]!r}. "
            "Convert the column."
        )
    values = table[name].to_numpy(dtype=float, na_value=np.nan)
    wrong = ~((values >= 0) & (values <= most) & np.isfinite(values))
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        kind = "a number, 0 or more" if most > 1 else "a fraction from 0 to 1"
        raise DataError(
            f"{name} is {kind}; got {values[place]:g} in row {place}. Correct it at the source."
        )
    return np.asarray(values, dtype=np.float64)
