"""What a curve shows of itself: a few round ages; every age stays in its tidy table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from toolkit.language import say
from toolkit.models.curves import Floats
from toolkit.results import Result, format_percent
from toolkit.results.result import ROWS_SHOWN

__all__ = ["CurveByAge", "curves_of", "round_ages"]

MOST_AGES = 12
MOST_CURVES = 8
TINY = 1e-9
STEPS = (0.1, 0.25, 0.5, 1, 2, 3, 6, 12, 24, 36, 60, 120, 240, 360, 600, 1200)
SHOWN = ("estimate", "std_error", "conf_low", "conf_high")


@dataclass(frozen=True, kw_only=True, eq=False)
class CurveByAge(Result):
    """A share by group and age in months, shown at round ages.

    Up to eight curves stand under each other with their limits and, where it is known, the number
    at risk; more of them stand side by side as shares.
    """

    start: ClassVar[float] = 0.0
    """The share before anything happened."""

    def _display_table(self) -> pd.DataFrame:
        if len(self.terms) <= ROWS_SHOWN:
            return super()._display_table()
        curves = self._parts()
        if len(curves) > MOST_CURVES:
            return _side_by_side(curves[:ROWS_SHOWN], self.start)
        ages = _common_ages(curves, most=min(MOST_AGES, ROWS_SHOWN // len(curves)))
        parts = [
            at_ages(curve, _until_last(ages, curve), start=self.start).assign(**names)
            for names, curve in curves
        ]
        table = pd.concat(parts, ignore_index=True)
        return self._formatted(table[[*curves[0][0], *parts[0].columns.drop([*curves[0][0]])]])

    def _cut_line(self) -> list[str]:
        if len(self.terms) <= ROWS_SHOWN:
            return []
        curves = len(self._parts())
        every = say("All {rows:,} rows are in tidy()", rows=len(self.terms))
        if curves <= MOST_CURVES:
            return [say("Shown at round ages and at the last. {every}.", every=every)]
        cut = (
            say(" of the first {first} curves of {curves}", first=ROWS_SHOWN, curves=curves)
            if curves > ROWS_SHOWN
            else ""
        )
        return [say("Shares{cut} at round ages. {every}, with their limits.", cut=cut, every=every)]

    def _parts(self) -> list[tuple[dict[str, Any], pd.DataFrame]]:
        names = self.groups[:-1]
        several = ("term",) if len(self.terms["term"].unique()) > 1 else ()
        return [
            (dict(zip((*names, *several), key, strict=True)), curve)
            for key, curve in curves_of(self.terms, (*names, *several))
        ]


def curves_of(
    terms: pd.DataFrame, by: tuple[str, ...]
) -> list[tuple[tuple[Any, ...], pd.DataFrame]]:
    """Return each group's rows with its key, in the order of the table."""
    if not by:
        return [((), terms)]
    return [
        (key if isinstance(key, tuple) else (key,), part)
        for key, part in terms.groupby(list(by), sort=False)
    ]


def round_ages(last: float, *, most: int) -> Floats:
    """Return the ages from 0 on at the finest usual step by which there are few, the last included.

    Examples
    --------
    >>> round_ages(50, most=12).tolist()
    [0.0, 6.0, 12.0, 18.0, 24.0, 30.0, 36.0, 42.0, 48.0]
    """
    step = next((step for step in STEPS if last / step < most - 1 + TINY), max(last, 1.0))
    return np.asarray(np.arange(int(last / step + TINY) + 1) * float(step))


def at_ages(curve: pd.DataFrame, ages: Floats, *, start: float) -> pd.DataFrame:
    """Return what a step function is at some ages up to its last.

    Parameters
    ----------
    curve : DataFrame
        ``age``, the estimate with its limits, and ``at_risk`` where it is known.
    ages : array, shape (m,)
    start : float
        The share before the first age of the curve.
    """
    moved = curve["age"].to_numpy(dtype=float)
    place = np.searchsorted(moved, ages, side="right") - 1
    table = pd.DataFrame({"age": [f"{age:g}" for age in ages]})
    for name in SHOWN:
        before = 0.0 if name == "std_error" else start
        table[name] = np.where(place < 0, before, curve[name].to_numpy(dtype=float)[place])
    if "at_risk" in curve:
        table["at_risk"] = curve["at_risk"].to_numpy()[np.searchsorted(moved, ages)]
    return table


def _common_ages(curves: list[tuple[dict[str, Any], pd.DataFrame]], *, most: int) -> Floats:
    return round_ages(max(float(curve["age"].iloc[-1]) for _, curve in curves), most=most)


def _until_last(ages: Floats, curve: pd.DataFrame) -> Floats:
    last = float(curve["age"].iloc[-1])
    return np.union1d(ages[ages <= last], [last])


def _side_by_side(curves: list[tuple[dict[str, Any], pd.DataFrame]], start: float) -> pd.DataFrame:
    ages = _common_ages(curves, most=MOST_CURVES)
    rows = []
    for names, curve in curves:
        known = ages[ages <= float(curve["age"].iloc[-1])]
        shares = at_ages(curve, known, start=start)["estimate"].map(format_percent)
        rows.append(
            names
            | dict(zip((say("{age:g} months", age=age) for age in known), shares, strict=True))
        )
    return pd.DataFrame(
        rows, columns=[*curves[0][0], *(say("{age:g} months", age=age) for age in ages)]
    ).fillna("")
