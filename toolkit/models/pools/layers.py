"""Layers of loss, and who bears which share of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from toolkit.models.pools.conditional import Floats

__all__ = ["Layers"]


class Law(Protocol):
    """What a layer must know of a distribution of losses."""

    def limited_mean(self, limit: ArrayLike) -> Floats:
        """Return the expectation of the loss, each loss counted up to the limit."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class Layers:
    """Layers of loss per yuan lent, from the first yuan lost on.

    Parameters
    ----------
    detachments : array, shape (k,)
        Where each layer ends; the next begins there. The last is one or more.
    shares : array, shape (k, bearers)
        Who bears what part of each layer; each row adds up to one. The pool is the first bearer,
        and the last is the lender, whom all falls back on that the pool cannot pay.
    """

    detachments: Floats
    shares: Floats

    def claims(self, loss: ArrayLike) -> Floats:
        """Return what each bearer is asked for, shape ``loss.shape + (bearers,)``."""
        losses = np.asarray(loss, dtype=float)[..., np.newaxis]
        filled = np.minimum(losses, self.detachments)
        parts = np.diff(filled, axis=-1, prepend=0.0)
        return np.asarray(parts @ self.shares, dtype=np.float64)

    def borne(self, loss: ArrayLike, *, money: float) -> Floats:
        """Return what each bearer pays where the pool has this much money; it adds up to the loss.

        The lender pays what the others do not, to the last fen.
        """
        paid = self.claims(loss)
        paid[..., 0] = np.minimum(paid[..., 0], money)
        paid[..., -1] = np.asarray(loss, dtype=float) - paid[..., :-1].sum(axis=-1)
        return paid

    def exhaustion(self, money: float) -> float:
        """Return the loss at which the pool has paid its last yuan; infinite if there is none."""
        begins = np.concatenate([[0.0], self.detachments[:-1]])
        widths = self.detachments - begins
        paid = np.cumsum(widths * self.shares[:, 0])
        place = int(np.searchsorted(paid, money))
        if place == len(paid):
            return float("inf")
        before = paid[place - 1] if place else 0.0
        return float(begins[place] + (money - before) / self.shares[place, 0])

    def expected(self, law: Law, *, money: float) -> Floats:
        """Return what each bearer pays on average where the pool has this much money.

        Payments are linear between detachments and the point of exhaustion, so that limited means
        at these points are enough.
        """
        claimed = self.expected_claims(law)
        unpaid = claimed[0] - self._pool_mean(law, self.exhaustion(money))
        claimed[0] -= unpaid
        claimed[-1] += unpaid
        return claimed

    def expected_claims(self, law: Law) -> Floats:
        """Return what each bearer is asked for on average."""
        return np.asarray(self.layer_means(law) @ self.shares, dtype=np.float64)

    def layer_means(self, law: Law) -> Floats:
        """Return the loss that falls into each layer on average."""
        return np.diff(law.limited_mean(self.detachments), prepend=0.0)

    def _pool_mean(self, law: Law, stop: float) -> float:
        means = np.diff(law.limited_mean(np.minimum(self.detachments, stop)), prepend=0.0)
        return float(means @ self.shares[:, 0])
