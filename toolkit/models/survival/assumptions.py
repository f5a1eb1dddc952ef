"""How the share in production moves with what is assumed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.errors import OptionError
from toolkit.language import say
from toolkit.models.curves import Interval
from toolkit.models.survival.assumed import share_text
from toolkit.models.survival.reach import Reach, check_months, reach
from toolkit.results import Prose, Result, check_conf_level, format_percent
from toolkit.tables import as_table, column_names, require

if TYPE_CHECKING:
    import narwhals as nw
    from matplotlib.axes import Axes

__all__ = ["AssumptionSheet", "assumption_sheet"]

EXPLAINED = {
    "exits compete": "exits compete, late entry respected, dates as given",
    "exits censored": "the abandoned are taken to go on like the others",
    "late entry ignored": "units seen late count as seen from their start",
    "quarters read as their first month": "production may come two months later than dated",
    "quarters read as their last month": "production may come two months earlier than dated",
    "unfinished dropped": "spells still under way are left out; those that left stay out",
    "only those in production": "of the units in production, those that got there in time",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class AssumptionSheet(Result):
    """The share in production by a horizon under each assumption; the first is the honest one."""

    def sentence(self) -> Prose:
        """Return the honest share and the most flattering one."""
        rows = self.terms.dropna(subset="estimate")
        first, best = rows.iloc[0], rows.iloc[int(rows["estimate"].argmax())]
        share = share_text(
            first["estimate"], first["conf_low"], first["conf_high"], self.conf_level
        )
        return Prose(
            say(
                "In production within {months:g} months: {share} with exits competing; "
                "{best_estimate} under the most flattering reading ({best_term}).",
                months=self.facts["months"],
                share=share,
                best_estimate=format_percent(best["estimate"]),
                best_term=best["term"],
            )
        )

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the shares under each other, and the claim as a line."""
        from toolkit import figures

        claim = self.facts.get("claim")
        return figures.intervals(
            self.terms,
            label="term",
            axis=self.unit,
            title=self.title,
            reference=None
            if claim is None
            else (claim, say("claimed {claim}", claim=format_percent(claim))),
            ax=ax,
        )


def assumption_sheet(
    milestones: Any,
    *,
    months: float,
    claim: float | None = None,
    conf_level: float = 0.95,
    interval: Interval = "log-log",
) -> AssumptionSheet:
    """Estimate the share in production by a horizon under each assumption side by side.

    Parameters
    ----------
    milestones : frame or path
        Spells, as for :func:`survival_curve`.
    months : float
        The horizon.
    claim : float, optional
        A claimed share, tested against each.
    conf_level, interval
        As for :func:`reach`.

    Returns
    -------
    AssumptionSheet
        One row per assumption: exits competing (the reference), exits censored, late entry
        ignored, dates known to the quarter but read as its first or as its last month (truth then
        lies between the reference and the row), unfinished spells dropped, and only
        those in production, which is what a share "of firms" often means. ``change`` is the
        difference from the reference; ``at_risk events exits censored`` are as in :func:`reach`.

    Raises
    ------
    OptionError
        If the table holds counts by age instead of spells, or an option cannot be meant.
    ModelError, ColumnError, DataError
        As :func:`reach`.

    Examples
    --------
    >>> import pandas as pd
    >>> spells = pd.DataFrame(
    ...     {"duration": [2, 3, 3, 9], "outcome": ["production", "exit", "production", "censored"]}
    ... )
    >>> sheet = assumption_sheet(spells, months=4).tidy().set_index("term")["estimate"]
    >>> float(sheet["exits compete"]), float(sheet["only those in production"])
    (0.5, 1.0)
    """
    horizon, level = check_months(months), check_conf_level(conf_level)
    table = as_table(milestones)
    names = column_names(table)
    if "duration" not in names and "age" in names:
        raise OptionError(
            "An assumption sheet needs the spells; this table holds counts by age. "
            "Give the spells behind the counts."
        )
    require(table, "duration", "outcome")
    rows = []
    notes: tuple[str, ...] = ()
    for term, (data, options) in _readings(table, names).items():
        found: Reach = reach(
            data, months=horizon, claim=claim, conf_level=level, interval=interval, **options
        )
        notes = notes or found.notes
        rows.append(found.terms.assign(term=term, meaning=EXPLAINED[term]))
    terms = pd.concat(rows, ignore_index=True)
    terms["change"] = terms["estimate"] - terms["estimate"].iloc[0]
    facts: dict[str, Any] = {"months": horizon, "interval": interval}
    if claim is not None:
        facts["claim"] = claim
    return AssumptionSheet(
        title=say(
            "Share in production within {horizon:g} months, by what is assumed", horizon=horizon
        ),
        unit="share in production",
        terms=terms,
        facts=facts,
        conf_level=level,
        notes=notes,
    )


def _readings(
    table: nw.LazyFrame[Any], names: list[str]
) -> dict[str, tuple[nw.LazyFrame[Any], dict[str, Any]]]:
    import narwhals as nw

    compete: dict[str, Any] = {"exits": "compete"}
    readings = {"exits compete": (table, compete), "exits censored": (table, {"exits": "censor"})}
    if "entry" in names:
        readings["late entry ignored"] = (table, compete | {"entry": "ignore"})
    readings["quarters read as their first month"] = (_moved(table, names, months=2), compete)
    readings["quarters read as their last month"] = (_moved(table, names, months=-2), compete)
    # Those selected by how they ended were all seen to the end, whenever they came.
    ended = compete | {"entry": "ignore"}
    outcome = nw.col("outcome")
    finished, made = outcome != "censored", outcome == "production"
    readings["unfinished dropped"] = (table.filter(finished), ended)
    readings["only those in production"] = (table.filter(made), ended)
    return readings


def _moved(table: nw.LazyFrame[Any], names: list[str], *, months: int) -> nw.LazyFrame[Any]:
    import narwhals as nw

    duration = nw.col("duration").cast(nw.Float64)
    made = (nw.col("outcome") == "production") & (duration + months >= 0)
    moved = nw.when(made).then(duration + months).otherwise(duration)
    if "entry" not in names:
        return table.with_columns(duration=moved)
    entry = nw.col("entry").cast(nw.Float64)
    # A unit that was seen to get there was under observation just before.
    seen = nw.when((entry > 0) & (entry >= moved)).then(moved - 1).otherwise(entry)
    return table.with_columns(duration=moved, entry=seen)
