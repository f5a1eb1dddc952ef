"""Capital magnetism of a ledger: bank money that follows each yuan of micro-lending."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Literal, get_args

import pandas as pd

from toolkit.errors import ModelError, OptionError, did_you_mean
from toolkit.models import ratios
from toolkit.models.magnetism.intervals import Interval, IntervalMethod, RandomState, Sums
from toolkit.models.magnetism.ledger import FOLLOW, LEAD, OBSERVED, FollowUp, follow_up
from toolkit.models.magnetism.months import month_sums, split_months
from toolkit.models.magnetism.result import RatioResult
from toolkit.models.magnetism.rows import Cell, interval_notes, ratio_terms
from toolkit.models.magnetism.units import Units, refuse_nation, unplaced_notes
from toolkit.results import format_number, format_percent
from toolkit.tables import as_names

__all__ = ["Window", "capital_magnetism"]

Window = Literal["complete", "adjusted", "ignore"]


def capital_magnetism(
    ledger: Any,
    *,
    lead: str = "micro",
    follow: str = "bank",
    months: int = 24,
    window: Window,
    by: str | Sequence[str] | None = None,
    cluster: str,
    observed_until: str | date | None = None,
    interval: IntervalMethod = "linearized",
    conf_level: float = 0.95,
    random_state: RandomState = None,
) -> RatioResult:
    r"""Divide the money that follows a firm's first lead loan by its lead money.

    For firm i let x_i be its lead money and y_i its follow-on money within `months` after the
    day of its first lead loan, that day's follow-on money not counted. The estimate is
    :math:`R = \sum_i y_i / \sum_i x_i`. A firm that is not observed for the whole window would
    lower it, and `window` says what becomes of such firms:

    - ``"complete"``: only firms observed for the whole window count.
    - ``"adjusted"``: the money of month j, of firms observed through j, is weighed by the inverse
      share of firms observed through j. This needs the end of observation to have nothing to do
      with the money.
    - ``"ignore"``: all firms count as they are; R is too low, and the notes say so.

    Parameters
    ----------
    ledger : frame or path
        One row per loan: ``firm_id``, ``tier``, ``date``, ``amount_cny``; the columns of `by` and
        `cluster`; ``observed_until`` (the last day on which the firm is observed) if known.
    lead, follow : str
        The two values of ``tier``.
    months : int
        Length of the window, from the day of the first lead loan.
    window : {"complete", "adjusted", "ignore"}
        What becomes of firms not observed for the whole window.
    by : str or sequence of str, optional
        Group columns; a firm has the value of its first lead loan.
    cluster : str
        Column of what was drawn, or varies, as one: ``"region"``, ``"funder_id"``, ``"firm_id"``.
    observed_until : date or str, optional
        Last day that the ledger covers, for every firm. If None, the column of that name; if
        there is none, the day of the last row, and the notes say so.
    interval : {"linearized", "fieller", "jackknife", "bootstrap"}
        As in :func:`magnetism_ratio`.
    conf_level : float
        Level of the intervals.
    random_state : int or Generator, optional
        Seed of the bootstrap.

    Returns
    -------
    RatioResult
        As of :func:`magnetism_ratio`, with firms as units, and ``units_observed``, the number
        of firms observed for the whole window. Under ``"adjusted"`` ``lead`` and ``follow`` are
        weighed sums, and the unweighted ratios and shares are those of the firms observed for
        the whole window.

    Raises
    ------
    ColumnError
        If a column is missing or of the wrong kind.
    OptionError
        If a tier, window or interval is not one that there is.
    DataError
        If amounts are negative.
    ModelError
        If no firm is observed for the whole window.

    References
    ----------
    Bang, H. and Tsiatis, A. A. (2000). Estimating medical costs with censored data.
        Biometrika 87, 329-343.

    Examples
    --------
    >>> import pandas as pd
    >>> ledger = pd.DataFrame(
    ...     {
    ...         "firm_id": ["f1", "f1", "f2", "f3", "f3"],
    ...         "tier": ["micro", "bank", "micro", "micro", "bank"],
    ...         "region": ["430100", "430100", "430100", "430200", "430200"],
    ...         "date": pd.to_datetime(
    ...             ["2020-01-10", "2020-07-01", "2020-03-05", "2020-05-20", "2021-05-01"]
    ...         ),
    ...         "amount_cny": [1e6, 6e6, 1e6, 2e6, 6e6],
    ...     }
    ... )
    >>> result = capital_magnetism(
    ...     ledger, window="complete", cluster="region", observed_until="2023-12-31"
    ... )
    >>> result.tidy()[["term", "estimate", "lead", "follow", "units", "clusters"]]
        term  estimate       lead      follow  units  clusters
    0  ratio       3.0  4000000.0  12000000.0      3         2
    """
    _check(window, months)
    settings = Interval(interval, conf_level=conf_level, random_state=random_state)
    names = as_names(by)
    opened = follow_up(
        ledger,
        lead=lead,
        follow=follow,
        keys=tuple(dict.fromkeys([*names, cluster])),
        observed_until=observed_until,
    )
    firms, same_day = opened.firms(months=months)
    for key in opened.keys:
        refuse_nation(firms[key])
    seen = firms[OBSERVED].to_numpy() >= months
    _require_whole_windows(firms, months=months, window=window)
    units = Units(table=firms, lead=LEAD, follow=FOLLOW, by=names, cluster=cluster)
    sums = (
        dict(_adjusted_sums(opened, by=names, cluster=cluster, months=months))
        if window == "adjusted"
        else None
    )
    groups = [*units.groups(), (None, units)]
    cells = [_cell(key, inside, sums, window=window, months=months) for key, inside in groups]
    terms = ratio_terms(cells, settings, by=names)
    notes = [
        f"Follow-on is {follow} money to the same firm after the day of its first {lead} loan and "
        f"within {months} months of it; lead money is its {lead} money of the same time.",
        *opened.notes,
        *_window_notes(firms, window=window, months=months),
        *unplaced_notes(firms, by=names, cluster=cluster),
    ]
    if same_day:
        notes.append(
            f"{follow} money of the same day as the first {lead} loan is not counted: "
            f"¥{format_number(same_day)}."
        )
    said = interval_notes(terms, settings, by=names, clusters=firms[cluster])
    return RatioResult(
        title=f"Capital magnetism: {follow} money within {months} months per yuan of {lead} money",
        unit="yuan per yuan",
        terms=terms,
        facts={
            "rows": len(firms),
            "rows_observed": int(seen.sum()),
            "months": months,
            "window": window,
            "clusters": int(terms["clusters"].iloc[-1]),
            "cluster": cluster,
            "interval": interval,
        },
        conf_level=settings.conf_level,
        notes=(*notes, *said),
        fitted=_measured(units, window, months).table.drop(columns=OBSERVED),
        lead=LEAD,
        follow=FOLLOW,
    )


Key = tuple[Any, ...] | None


def _cell(
    key: dict[str, Any] | None,
    inside: Units,
    adjusted: dict[Key, Sums] | None,
    *,
    window: Window,
    months: int,
) -> Cell:
    measured = _measured(inside, window, months)
    observed = int((inside.table[OBSERVED] >= months).sum())
    facts = {**measured.facts(), "units_observed": observed}
    if adjusted is None:
        return Cell(key=key, facts=facts, sums=measured.sums())
    sums = adjusted[None if key is None else tuple(key.values())]
    path = ratios.ratio_path(sums.lead, sums.follow, sums.at_risk)
    weighed = {"lead": path.lead[-1], "follow": path.follow[-1], "units": len(inside.table)}
    return Cell(key=key, facts={**facts, **weighed}, sums=sums)


def _measured(units: Units, window: Window, months: int) -> Units:
    """Return the firms whose own ratios are known: all, or those observed for the whole window."""
    if window == "ignore":
        return units
    whole = units.table[units.table[OBSERVED] >= months]
    return replace(units, table=whole.reset_index(drop=True))


def _adjusted_sums(
    opened: FollowUp, *, by: tuple[str, ...], cluster: str, months: int
) -> Iterator[tuple[Key, Sums]]:
    money, firms = opened.by_month(months=months)
    for key, sums in split_months(money, firms, by=by, cluster=cluster, months=months):
        yield tuple(key.values()), sums
    yield None, month_sums(money, firms, cluster=cluster, months=months)


def _check(window: str, months: int) -> None:
    windows = get_args(Window)
    if window not in windows:
        raise OptionError(
            f"window is one of {', '.join(map(repr, windows))}; got {window!r}."
            f"{did_you_mean(window, windows)}"
        )
    if isinstance(months, bool) or int(months) != months or months < 1:
        raise OptionError(f"months is a whole number of 1 or more; got {months!r}.")


def _require_whole_windows(firms: pd.DataFrame, *, months: int, window: Window) -> None:
    if firms.empty or firms[LEAD].sum() <= 0:
        raise ModelError("No firm has lead money above zero; there is nothing to divide by.")
    longest = int(firms[OBSERVED].max())
    if window != "ignore" and longest < months:
        raise ModelError(
            f"window={window!r} needs firms observed for {months} months after their first lead "
            f"loan; the longest of {len(firms):,} is observed for {longest}. Take months={longest} "
            "or fewer, or a ledger that goes on."
        )


def _window_notes(firms: pd.DataFrame, *, window: Window, months: int) -> Iterator[str]:
    short = firms[firms[OBSERVED] < months]
    if short.empty:
        return
    who = f"{len(short):,} of {len(firms):,} firms are observed for less than {months} months"
    share = format_percent(short[LEAD].sum() / firms[LEAD].sum())
    yield {
        "complete": f"{who} and are left out, with {share} of all lead money.",
        "adjusted": (
            f"{who}; they count in the months that they are observed, weighed by the inverse share "
            "still observed. This is unbiased if the end of observation has nothing to do with the "
            "money."
        ),
        "ignore": (
            f"{who}, and their follow-on is cut off there: the ratio is too low. Nothing was "
            "corrected."
        ),
    }[window]
