"""What a pool stands behind: like loans in a few numbers, and layers of loss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from toolkit.errors import OptionError
from toolkit.models.pools import Floats, Layers, simulate_alike

__all__ = [
    "LENDERS",
    "POOL",
    "LoanScenario",
    "LossLayer",
    "check_share",
    "check_whole",
    "read_layers",
]

POOL = "pool"
LENDERS = "lenders"
"""Who bears what nobody else does, and what the pool can no longer pay."""


@dataclass(frozen=True, kw_only=True)
class LoanScenario:
    """Like loans, lent on one day and due at the end of their years.

    Parameters
    ----------
    number : int
        Loans.
    size : float
        Principal of each, in CNY.
    default_rate : float or sequence of float, optional
        Probability that a loan defaults within its `years`, at a constant hazard; or the
        cumulative probability by the end of each year. If None, :func:`risk_pool` takes it
        from counts of a register.
    loss_given_default : float
        Share of the principal of a defaulted loan that is lost.
    correlation : float
        Of the latent values of two loans; for the beta-binomial, of their defaults.
    years : int
        Until the loans are due.

    Raises
    ------
    OptionError
        If a number cannot be meant.

    Examples
    --------
    >>> loans = LoanScenario(number=100, size=1e6, default_rate=0.19, loss_given_default=0.6,
    ...     correlation=0.1, years=2)
    >>> loans.lent, loans.rates().round(12)
    (100000000.0, array([0.1 , 0.19]))
    """

    number: int
    size: float
    default_rate: float | Sequence[float] | None = None
    loss_given_default: float
    correlation: float
    years: int = 1

    def __post_init__(self) -> None:
        if isinstance(self.default_rate, np.ndarray):
            object.__setattr__(self, "default_rate", tuple(self.default_rate.tolist()))
        for name in ("number", "years"):
            check_whole(name, getattr(self, name))
        if not (self.size > 0 and np.isfinite(self.size)):
            raise OptionError(f"size is the principal of a loan in CNY, above 0; got {self.size}.")
        check_share("loss_given_default", self.loss_given_default)
        if self.loss_given_default == 0:
            raise OptionError("loss_given_default is above 0; at 0 nothing is ever lost.")
        if not 0 <= self.correlation < 1:
            raise OptionError(
                f"correlation is a fraction from 0 up to, but not, 1; got {self.correlation:g}."
            )
        if self.default_rate is not None:
            self._check_rates()

    @property
    def lent(self) -> float:
        """Principal of all loans, in CNY."""
        return float(self.number * self.size)

    def rates(self) -> Floats:
        """Return the cumulative default rate by the end of each year."""
        if self.default_rate is None:
            raise OptionError("This scenario has no default_rate. Give one, or cohorts=.")
        if isinstance(self.default_rate, Sequence):
            return np.array(self.default_rate, dtype=float)
        return spread(float(self.default_rate), self.years)

    @property
    def mean_severity(self) -> float:
        """Share of the defaulted money that is lost on average."""
        return self.loss_given_default

    def draw_losses(self, draws: int, rng: np.random.Generator) -> Floats:
        """Draw losses per yuan lent by the end of each year, shape (draws, years)."""
        share = simulate_alike(
            self.number, rates=self.rates(), correlation=self.correlation, draws=draws, rng=rng
        )
        return share * self.loss_given_default

    def _check_rates(self) -> None:
        rates = self.rates()
        for rate in rates.tolist():
            check_share("default_rate", rate)
        if isinstance(self.default_rate, Sequence) and len(rates) != self.years:
            raise OptionError(
                f"default_rate has one number per year; got {len(rates)} for {self.years} years."
            )
        if (np.diff(rates) < 0).any():
            raise OptionError(
                "default_rate is cumulative by year and cannot fall; got "
                f"{', '.join(f'{rate:g}' for rate in rates)}."
            )
        if rates[-1] == 0 or rates[-1] == 1:
            raise OptionError(
                f"default_rate ends between 0 and 1; got {rates[-1]:g}, which leaves no risk "
                "to share."
            )


@dataclass(frozen=True, kw_only=True)
class LossLayer:
    """A layer of loss, from where the one before ends, and who bears it.

    Parameters
    ----------
    up_to : float
        Where it ends, as a share of the money lent; the last layer ends at 1.
    shares : mapping of str to float
        Who bears what share of it: ``"pool"``, and any other names. What is left is the
        lenders'.

    Examples
    --------
    >>> first = LossLayer(up_to=0.02, shares={"micro-lenders": 1.0})
    >>> second = LossLayer(up_to=1.0, shares={"pool": 0.8, "banks": 0.2})
    """

    up_to: float
    shares: Mapping[str, float]

    def __post_init__(self) -> None:
        check_share("up_to", self.up_to)
        for name, share in self.shares.items():
            check_share(f"the share of {name!r}", share)
        total = sum(self.shares.values())
        if total > 1 + 1e-12:
            raise OptionError(f"The shares of a layer add up to 1 at most; got {total:g}.")


def spread(rate: float, years: int) -> Floats:
    """Spread a default rate over years at a constant hazard: ``1 - (1 - p)^(t / years)``."""
    return np.asarray(1 - (1 - rate) ** (np.arange(1, years + 1) / years), dtype=np.float64)


def check_share(name: str, value: float) -> None:
    """Refuse what is not a fraction from 0 to 1."""
    if not 0 <= value <= 1:
        hint = f" Did you mean {value / 100:g}?" if 1 < value <= 100 else ""
        raise OptionError(f"{name} is a fraction from 0 to 1; got {value:g}.{hint}")


def check_whole(name: str, value: float, *, least: int = 1) -> None:
    """Refuse what is not a whole number, or too small a one."""
    if isinstance(value, bool) or value != int(value) or value < least:
        raise OptionError(f"{name} is a whole number, {least} or more; got {value!r}.")


def read_layers(coverage: float | Sequence[LossLayer]) -> tuple[Layers, tuple[str, ...]]:
    """Return layers as arrays with the names of the bearers, the pool first, lenders last."""
    if not isinstance(coverage, Sequence):
        check_share("coverage", coverage)
        coverage = (LossLayer(up_to=1.0, shares={POOL: coverage}),)
    ends = [layer.up_to for layer in coverage]
    if not ends or ends[-1] != 1 or any(b <= a for a, b in zip([0.0, *ends], ends, strict=False)):
        raise OptionError(
            "Layers follow each other and the last ends at 1; got up_to = "
            f"{', '.join(f'{end:g}' for end in ends) or 'none'}."
        )
    named = dict.fromkeys(name for layer in coverage for name in layer.shares)
    bearers = (POOL, *(name for name in named if name not in (POOL, LENDERS)), LENDERS)
    shares = np.array([[layer.shares.get(name, 0.0) for name in bearers] for layer in coverage])
    shares[:, -1] = 1 - shares[:, :-1].sum(axis=1)
    if not shares[:, 0].any():
        raise OptionError(
            f"A pool bears a part of the loss; no layer has a share of {POOL!r}. "
            f"The layers name: {', '.join(named)}."
        )
    return Layers(detachments=np.array(ends), shares=shares), bearers
