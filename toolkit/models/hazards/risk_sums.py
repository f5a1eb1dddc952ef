"""Sums over risk sets, for all event times at once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from toolkit.models.hazards.newton import Floats

__all__ = ["Layout", "Summer", "Sums", "arrange"]

Integers = NDArray[np.intp]

ROWS_FOR_BLAS = 40
NUMBERS_AT_ONCE = 2_000_000
DENSE_LIMIT = 1_000_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Layout:
    """Rows sorted by the last event time at which they are at risk.

    A row is at risk at the event times ``first <= k < stop`` of its stratum, all strata's event
    times standing one stratum after the other. With `tail`, it stays at risk from `stop` to the
    end of its stratum with the weight ``tail * fade[k]``.

    Parameters
    ----------
    order : array of int, shape (n,)
        Where each row stood before.
    covariates : array, shape (n, p)
    first, stop, place : arrays of int, shape (n,)
        First event time at risk, the one after the last, and for events their own (else -1).
    begin, end : arrays of int, shape (n,)
        Where the event times of the row's stratum begin and end.
    weight : array, shape (n,)
        Weight of each row in sums.
    deaths : array of int, shape (k,)
        Number of events at each time.
    death_weight : array, shape (k,)
        Their mean weight.
    time, stratum : arrays, shape (k,)
    bounds : array of int, shape (strata + 1,)
        Where each stratum's event times begin.
    tail : array, shape (n,), or None
    fade : array, shape (k,), or None
    """

    order: Integers
    covariates: Floats
    first: Integers
    stop: Integers
    place: Integers
    begin: Integers
    end: Integers
    weight: Floats
    deaths: Integers
    death_weight: Floats
    time: Floats
    stratum: Integers
    bounds: Integers
    tail: Floats | None
    fade: Floats | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Sums:
    """Sums of risk, and of risk times covariates and their products, per event time.

    Parameters
    ----------
    all_0, all_1, all_2 : arrays, shape (k,), (k, p), (k, p, p)
        Over the risk set.
    own_0, own_1, own_2 : arrays
        Over the events at the time.
    """

    all_0: Floats
    all_1: Floats
    all_2: Floats
    own_0: Floats
    own_1: Floats
    own_2: Floats


def arrange(
    duration: Floats,
    event: NDArray[np.bool_],
    covariates: Floats,
    *,
    entry: Floats | None,
    weight: Floats | None,
    count: Floats | None,
    strata: Integers | None,
    tail: Floats | None = None,
    fade_at: tuple[Floats, Floats] | None = None,
) -> Layout:
    """Find each row's place among the event times, and sort the rows by it.

    Parameters
    ----------
    count : array, shape (n,), optional
        How many equal spells a row stands for; each is one of the tied events.
    fade_at : (times, values), optional
        Step function whose value just before each event time is its `fade`.
    """
    n = len(duration)
    codes = np.zeros(n, dtype=np.intp) if strata is None else np.asarray(strata, dtype=np.intp)
    times, bounds = [], [0]
    first, stop, begin, end = np.zeros((4, n), dtype=np.intp)
    for code in range(int(codes.max()) + 1 if n else 0):
        rows = slice(None) if strata is None else np.flatnonzero(codes == code)
        ends, events = duration[rows], event[rows]
        moments, passed = _event_times(ends, events)
        begin[rows], end[rows] = bounds[-1], bounds[-1] + len(moments)
        stop[rows] = passed + bounds[-1]
        if entry is None:
            first[rows] = bounds[-1]
        else:
            late = np.where(entry[rows] > 0, entry[rows], -np.inf)
            first[rows] = np.searchsorted(moments, late, side="right") + bounds[-1]
        times.append(moments)
        bounds.append(bounds[-1] + len(moments))
    size = bounds[-1]
    # Sorting 16 bits is several times quicker than sorting 64.
    small = np.int16 if size < 2**14 else np.int64
    slot = (2 * stop + event).astype(small)
    order = np.argsort(slot, kind="stable")
    slot = slot[order]
    died, stop = slot % 2 == 1, (slot // 2).astype(np.intp)
    own = stop[died] - 1
    copies, each = _sorted_by(order, count), _sorted_by(order, weight)
    mass = copies * each
    deaths = np.bincount(own, weights=copies[died], minlength=size)
    death_mass = np.bincount(own, weights=mass[died], minlength=size)
    moments = np.concatenate(times) if times else np.empty(0)
    return Layout(
        order=order,
        covariates=np.take(covariates, order, axis=0),
        first=first[order],
        stop=stop,
        place=np.where(died, stop - 1, -1),
        begin=begin[order],
        end=end[order],
        weight=mass,
        deaths=np.rint(deaths).astype(np.intp),
        death_weight=np.divide(death_mass, deaths, out=np.zeros(size), where=deaths > 0),
        time=moments,
        stratum=np.repeat(np.arange(len(bounds) - 1), np.diff(bounds)),
        bounds=np.asarray(bounds, dtype=np.intp),
        tail=None if tail is None else tail[order],
        fade=None if fade_at is None else _just_before(moments, *fade_at),
    )


class Summer:
    """Sums over the risk sets of one layout, for any risk of its rows."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        seen = layout.first < layout.stop
        died = layout.place >= 0
        rows = np.flatnonzero(seen)
        # Sorted by time with the events last, so that both kinds stand in blocks.
        self._ends = _Blocks(layout, 2 * (layout.stop - 1) + died, rows, times=2)
        late = np.flatnonzero(seen & (layout.first > layout.begin))
        self._late = _Blocks(layout, layout.first - 1, late)
        tails = np.zeros(len(seen)) if layout.tail is None else layout.tail
        staying = np.flatnonzero((tails > 0) & (layout.stop < layout.end))
        self._tails = _Blocks(layout, layout.stop, staying)

    def __call__(self, risk: Floats) -> Sums:
        """Return the sums where row i has this risk (its weight included)."""
        layout = self._layout
        both = self._ends.sums(risk)
        own = both[1::2]
        change = both[::2] + own
        if len(self._late.rows):
            change -= self._late.sums(risk)
        tails = None
        if layout.tail is not None and layout.fade is not None:
            tails = self._tails.sums(risk * layout.tail)
        every = np.empty_like(change)
        for start, stop in zip(layout.bounds[:-1], layout.bounds[1:], strict=True):
            every[start:stop] = np.cumsum(change[start:stop][::-1], axis=0)[::-1]
            if tails is not None and layout.fade is not None:
                kept = np.cumsum(tails[start:stop], axis=0)
                every[start:stop] += layout.fade[start:stop, None] * kept
        p = layout.covariates.shape[1]
        return Sums(
            all_0=every[:, 0],
            all_1=every[:, 1 : 1 + p],
            all_2=every[:, 1 + p :].reshape(-1, p, p),
            own_0=own[:, 0],
            own_1=own[:, 1 : 1 + p],
            own_2=own[:, 1 + p :].reshape(-1, p, p),
        )


class _Blocks:
    """Rows that stand in blocks, and the sums of their moments per block."""

    def __init__(self, layout: Layout, slot: Integers, rows: Integers, *, times: int = 1) -> None:
        mine = slot[rows]
        if (np.diff(mine) < 0).any():
            order = np.argsort(mine, kind="stable")
            rows, mine = rows[order], mine[order]
        counts = np.bincount(mine, minlength=times * len(layout.time))
        self._whole = len(rows) == len(slot) and bool((np.diff(rows) == 1).all())
        self._covariates = layout.covariates if self._whole else layout.covariates[rows]
        self._starts = np.concatenate([[0], np.cumsum(counts)])
        self._moments: Floats | None = None
        self.rows = rows

    def sums(self, risk: Floats) -> Floats:
        """Return sums of risk, of risk x and of risk x x', shape (blocks, 1 + p + p * p)."""
        mass = risk if self._whole else risk[self.rows]
        if len(mass) >= ROWS_FOR_BLAS * (len(self._starts) - 1):
            return self._of_long_blocks(mass)
        return self._of_short_blocks(mass)

    def _of_long_blocks(self, mass: Floats) -> Floats:
        x, p = self._covariates, self._covariates.shape[1]
        result = np.zeros((len(self._starts) - 1, 1 + p + p * p))
        for place, (start, stop) in enumerate(pairwise(self._starts.tolist())):
            part, weight = x[start:stop], mass[start:stop]
            weighted = part * weight[:, None]
            result[place, 0] = weight.sum()
            result[place, 1 : 1 + p] = weight @ part
            result[place, 1 + p :] = (part.T @ weighted).ravel()
        return result

    def _of_short_blocks(self, mass: Floats) -> Floats:
        from scipy import sparse

        x, p = self._covariates, self._covariates.shape[1]
        result = np.zeros((len(self._starts) - 1, 1 + p + p * p))
        step = max(1, NUMBERS_AT_ONCE // (1 + p + p * p))
        for begin in range(0, len(x), step):
            end = min(begin + step, len(x))
            starts = np.clip(self._starts - begin, 0, end - begin)
            matrix = sparse.csr_array(
                (mass[begin:end], np.arange(end - begin), starts),
                shape=(len(result), end - begin),
            )
            if len(x) > step:
                result += matrix @ _powers(x[begin:end])
                continue
            if self._moments is None:
                self._moments = _powers(x)
            result += matrix @ self._moments
        return result


def _event_times(ends: Floats, events: NDArray[np.bool_]) -> tuple[Floats, Integers]:
    """Return the distinct times of events, and how many of them each end has passed."""
    if len(ends) and ends.min() >= 0 and ends.max() < DENSE_LIMIT:
        whole = ends.astype(np.intp)
        if np.array_equal(whole, ends):
            happened = np.bincount(whole, weights=events) > 0
            passed: Integers = np.cumsum(happened, dtype=np.intp)
            return np.flatnonzero(happened).astype(float), passed[whole]
    moments = np.unique(ends[events])
    return moments, np.searchsorted(moments, ends, side="right")


def _sorted_by(order: Integers, values: Floats | None) -> Floats:
    return np.broadcast_to(1.0, len(order)) if values is None else values[order]


def _powers(x: Floats) -> Floats:
    square = (x[:, :, None] * x[:, None, :]).reshape(len(x), x.shape[1] ** 2)
    return np.concatenate([np.ones((len(x), 1)), x, square], axis=1)


def _just_before(moments: Floats, times: Floats, values: Floats) -> Floats:
    place = np.searchsorted(times, moments, side="left")
    return np.concatenate([[1.0], values])[place]
