"""The estimators of a rollout that are regressions, with their effects as contrasts.

Cohort g is the units that adopt in year g. Sun and Abraham's effects are coefficients of cohort
by year since adoption. Gardner's two stages give on a balanced panel what one regression gives in
which each cohort has an effect of its own in each year from adoption on (Wooldridge 2021). Both
have effects of units and years. The stacked regression is weighted least squares on the
sub-experiments (Wing, Freedman and Hollingsworth 2024).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from toolkit.models.panels import absorb, codes_of, dummies
from toolkit.models.panels.effects import Codes
from toolkit.models.ratios.paths import Floats

__all__ = ["REGRESSIONS", "Regression", "Term", "windows"]

Term = tuple[str, float | None]


@dataclass(frozen=True, kw_only=True, eq=False)
class Regression:
    """Least squares whose effects are linear in its coefficients.

    Parameters
    ----------
    outcome, design : arrays of shapes (n,), (n, k)
        Effects of units taken out, or rows weighted.
    clusters : integer array of shape (n,)
    contrasts : mapping of (term, event time or None) to array of shape (k,)
    """

    outcome: Floats
    design: Floats
    clusters: Codes
    contrasts: Mapping[Term, Floats]

    def isolated(self, contrast: Floats) -> Floats:
        """Return a design with the same columns' span whose first coefficient is the contrast.

        With ``theta = sum_i c_i b_i`` and a column j with ``c_j != 0``, ``b_j`` is put in terms of
        theta and the other coefficients.
        """
        place = int(np.abs(contrast).argmax())
        pivot = self.design[:, place] / contrast[place]
        others = np.delete(self.design - np.outer(pivot, contrast), place, axis=1)
        return np.column_stack([pivot, others])


def windows(panel: pd.DataFrame) -> tuple[int, int]:
    """Return how many years before and after adoption every cohort has, and at least one."""
    cohorts = panel.loc[panel["first"] > 0, "first"]
    before = max(1, int(cohorts.min() - panel["time"].min()))
    return before, max(1, int(panel["time"].max() - cohorts.max()))


def _two_way(panel: pd.DataFrame) -> Regression:
    adopted = (panel["first"] > 0) & (panel["time"] >= panel["first"])
    column = adopted.to_numpy().astype(np.float64)[:, None]
    return _within(panel, column, {("overall", None): np.ones(1)})


def _sun_abraham(panel: pd.DataFrame) -> Regression:
    return _cohort_by_year(panel, panel["time"] - panel["first"] != -1)


def _two_stage(panel: pd.DataFrame) -> Regression:
    return _cohort_by_year(panel, panel["time"] >= panel["first"])


def _cohort_by_year(panel: pd.DataFrame, inside: pd.Series[bool]) -> Regression:
    """Give each cohort an effect in each of the years that are inside; average by rows."""
    rows = panel[inside & (panel["first"] > 0)]
    cells = rows.groupby(["first", "time"]).size().rename("rows").reset_index()
    columns = np.column_stack(
        [
            (panel["first"] == cell.first) & (panel["time"] == cell.time)
            for cell in cells.itertuples()
        ]
    ).astype(np.float64)
    since = (cells["time"] - cells["first"]).to_numpy(np.float64)
    sizes = cells["rows"].to_numpy(np.float64)
    events = {float(event): _shares(sizes * (since == event)) for event in np.unique(since)}
    contrasts: dict[Term, Floats] = {("overall", None): _shares(sizes * (since >= 0))}
    contrasts[("dynamic", None)] = _mean_after(events)
    contrasts |= {("event", event): contrast for event, contrast in events.items()}
    return _within(panel, columns, contrasts)


def _within(panel: pd.DataFrame, columns: Floats, contrasts: Mapping[Term, Floats]) -> Regression:
    """Take out effects of units, which lie within clusters, and add those of years as columns."""
    years = dummies(codes_of(panel["time"]))[:, 1:]
    both = np.column_stack([panel["outcome"].to_numpy(np.float64), columns, years])
    centred = absorb(both, [codes_of(panel["unit"])])
    padded = {term: np.pad(c, (0, years.shape[1])) for term, c in contrasts.items()}
    return Regression(
        outcome=centred[:, 0],
        design=np.ascontiguousarray(centred[:, 1:]),
        clusters=codes_of(panel["cluster"]),
        contrasts=padded,
    )


def _stacked(panel: pd.DataFrame) -> Regression:
    before, after = windows(panel)
    stacks = []
    first, last = panel["time"].min(), panel["time"].max()
    for cohort in sorted(panel.loc[panel["first"] > 0, "first"].unique()):
        if cohort - before < first or cohort + after > last:
            continue
        since = panel["time"] - cohort
        clean = (panel["first"] == 0) | (panel["first"] > cohort + after)
        kept = ((panel["first"] == cohort) | clean) & since.between(-before, after)
        stacks.append(
            panel[kept].assign(
                stack=cohort, since=since[kept], treated=panel.loc[kept, "first"] == cohort
            )
        )
    rows = pd.concat(stacks, ignore_index=True)
    rows = rows[rows.groupby("stack")["treated"].transform("any")]
    counts = rows.groupby(["since", "stack", "treated"]).size()
    shares = counts / counts.groupby(["since", "treated"]).transform("sum")
    wide = shares.unstack("treated")
    each = pd.MultiIndex.from_frame(rows[["since", "stack"]])
    control = (wide[True] / wide[False]).reindex(each).to_numpy()
    treated = rows["treated"].to_numpy()
    root = np.sqrt(np.where(treated, 1.0, control))
    events = np.unique(rows["since"])
    moved = [float(event) for event in events if event != -1]
    since = rows["since"].to_numpy()
    at = np.column_stack([since == event for event in moved]).astype(np.float64)
    design = np.column_stack([at * treated[:, None], treated, at, np.ones(len(rows))])
    places = {event: np.eye(design.shape[1])[place] for place, event in enumerate(moved)}
    contrasts: dict[Term, Floats] = {
        ("overall", None): _mean_after(places),
        ("dynamic", None): _mean_after(places),
    }
    contrasts |= {("event", event): contrast for event, contrast in places.items()}
    return Regression(
        outcome=root * rows["outcome"].to_numpy(np.float64),
        design=root[:, None] * design,
        clusters=codes_of(rows["cluster"]),
        contrasts=contrasts,
    )


def _shares(sizes: Floats) -> Floats:
    shares: Floats = sizes / sizes.sum()
    return shares


def _mean_after(events: Mapping[float, Floats]) -> Floats:
    after = [contrast for event, contrast in events.items() if event >= 0]
    return np.asarray(np.mean(after, axis=0), dtype=np.float64)


REGRESSIONS: dict[str, Callable[[pd.DataFrame], Regression]] = {
    "sun_abraham": _sun_abraham,
    "two_stage": _two_stage,
    "stacked": _stacked,
    "two_way": _two_way,
}
