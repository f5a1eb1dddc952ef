"""The ratio of sums of two money columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from toolkit.language import say
from toolkit.models.magnetism.headings import common_unit, heading_label
from toolkit.models.magnetism.intervals import Interval, IntervalMethod, RandomState
from toolkit.models.magnetism.money import Money
from toolkit.models.magnetism.result import RatioResult
from toolkit.models.magnetism.rows import Cell, below_zero_note, interval_notes, ratio_terms
from toolkit.models.magnetism.units import Units, read_units
from toolkit.models.regions import named_in, with_names
from toolkit.tables import as_names

__all__ = ["magnetism_ratio"]


def magnetism_ratio(
    data: Any,
    *,
    lead: str,
    follow: str,
    by: str | Sequence[str] | None = None,
    cluster: str | None = None,
    interval: IntervalMethod = "linearized",
    conf_level: float = 0.95,
    random_state: RandomState = None,
) -> RatioResult:
    """Divide the sum of follow-on money by the sum of lead money, by groups and in total.

    The ratio is ``R = sum_i follow_i / sum_i lead_i``: follow-on yuan per lead yuan, each yuan of
    lead money with the same weight. The mean of the units' own ratios, which gives each unit the
    same weight and has no bound where lead money is small, stands beside it, and so does their
    median.

    Parameters
    ----------
    data : frame or path
        One row per unit: a firm, a project, a province in a year.
    lead, follow : str
        Money columns, in the same unit; headings that state different units, such as
        ``小贷（万元）`` and ``贷款（元）``, are refused. A row that lacks one is left out of both
        sums, and the notes name it.
    by : str or sequence of str, optional
        Group columns. A row for the total follows those of the groups.
    cluster : str, optional
        Column of what was drawn as one. If None, each row stands for itself.
    interval : {"linearized", "fieller", "jackknife", "bootstrap"}
        Taylor's interval with t quantiles of clusters minus one; Fieller's set, which may be
        unbounded; the delete-one-cluster jackknife; the studentised cluster bootstrap with 2,000
        draws. All cover as they say from 30 clusters on where no cluster dominates. Under a
        Pareto tail of index 1.5 they do not: of 2,000 runs with 30, 100 and 500 clusters each of
        the first three held the truth in 65%, 70% and 74%, the bootstrap in 80%, 82% and 83%
        (``pytest tests/models/ratios/test_coverage.py -k heavy``).
    conf_level : float
        Level of the intervals.
    random_state : int or Generator, optional
        Seed of the bootstrap.

    Returns
    -------
    RatioResult
        Tidy columns: the group columns; ``term`` (``"ratio"``, or ``"total"`` for the row over
        all groups, whose group columns are empty); ``estimate`` in yuan per yuan with its
        interval; ``statistic`` and ``p_value`` against zero; ``region_name`` where the data
        has it, or the regions are provinces; ``lead`` and ``follow`` (sums); ``units``;
        ``clusters``; ``mean_ratio`` and ``median_ratio`` of units with lead money;
        ``share_with_follow``; ``share_at_one`` (units
        whose follow-on equals their lead money); ``largest_influence`` (share of the variance
        that one cluster makes up). Also ``ranking()``, ``concentration()``,
        ``two_part()``.

    Raises
    ------
    ColumnError
        If a column is missing, or a money column does not hold numbers.
    DataError
        If lead money is negative or sums to nothing, or the nation stands among its provinces.
    OptionError
        If the interval or the level is not one that there is.

    References
    ----------
    Cochran, W. G. (1977). Sampling Techniques, 3rd ed., ch. 6 and 9A.
    Fieller, E. C. (1954). Some problems in interval estimation. JRSS B 16, 175-185.

    Cameron, A. C. and Miller, D. L. (2015). A practitioner's guide to cluster-robust inference.
        Journal of Human Resources 50, 317-372.

    Examples
    --------
    >>> import pandas as pd
    >>> firms = pd.DataFrame(
    ...     {
    ...         "county": ["a", "a", "b", "c"],
    ...         "micro": [1.0, 1.0, 2.0, 1.0],
    ...         "bank": [4.0, 6.0, 10.0, 0.0],
    ...     }
    ... )
    >>> result = magnetism_ratio(firms, lead="micro", follow="bank", cluster="county")
    >>> result.tidy()[["term", "estimate", "std_error", "units", "clusters"]]
        term  estimate  std_error  units  clusters
    0  ratio       4.0        1.2      4         3
    """
    settings = Interval(interval, conf_level=conf_level, random_state=random_state)
    money, said = common_unit(lead, follow, asked="magnetism_ratio()")
    units = read_units(data, lead=lead, follow=follow, by=as_names(by), cluster=cluster)
    known = named_in(units.table) if "region" in units.by else {}
    terms = with_names(ratio_terms(_cells(units), settings, by=units.by), known)
    clusters = None if cluster is None else units.table[cluster]
    notes = [*interval_notes(terms, settings, by=units.by, clusters=clusters)]
    if units.money[1].min() >= 0:
        notes += below_zero_note(terms, settings, by=units.by)
    return RatioResult(
        title=say(
            "{follow} per {unit} of {lead}",
            follow=heading_label(follow),
            unit=money,
            lead=heading_label(lead),
        ),
        unit=f"{money} per {money}",
        terms=terms,
        facts={
            "rows": len(units.table),
            "clusters": int(terms["clusters"].iloc[-1]),
            "cluster": cluster or "each row",
            "interval": interval,
        },
        conf_level=settings.conf_level,
        notes=(*said, *units.notes, *notes),
        fitted=units.table,
        lead=lead,
        follow=follow,
    )


def _cells(units: Units) -> list[Cell]:
    whole = units.whole
    cells = [_cell(key, whole.at(places)) for key, places in units.places()]
    return [*cells, _cell(None, whole)]


def _cell(key: dict[str, Any] | None, money: Money) -> Cell:
    return Cell(key=key, facts=money.facts(), sums=money.sums())
