"""Capital magnetism of a ledger: bank money that follows each yuan of micro-lending."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any, Literal, get_args

import pandas as pd

from toolkit.errors import ModelError, OptionError, did_you_mean
from toolkit.language import say
from toolkit.models.magnetism.intervals import Interval, IntervalMethod, RandomState
from toolkit.models.magnetism.ledger import FollowUp, follow_up
from toolkit.models.magnetism.months import check_months
from toolkit.models.magnetism.part import FOLLOW, LEAD, OBSERVED
from toolkit.models.magnetism.result import RatioResult
from toolkit.models.magnetism.rows import below_zero_note, interval_notes, ratio_terms
from toolkit.models.magnetism.tally import Question, Tally, measured
from toolkit.models.magnetism.units import Units, unplaced_notes
from toolkit.models.regions import named_in, with_names
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
        `cluster`; ``observed_until`` (the last day on which the firm is observed) and
        ``region_name`` if known. A file of more than two million rows is worked through in parts of
        whole firms, written to the temporary folder, so that memory hardly grows with it (0.3 GiB
        for a million rows, 0.5 for a hundred million); ``augment()`` and what needs it then read
        the file anew.
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
    question = Question(by=names, cluster=cluster, months=months, window=window)
    open_ledger = partial(
        follow_up,
        ledger,
        lead=lead,
        follow=follow,
        keys=tuple(dict.fromkeys([*names, cluster])),
        observed_until=observed_until,
    )
    opened = open_ledger()
    tally = Tally(question)
    parts = 0
    for part in opened.parts():
        units = tally.add(part)
        parts += 1
    _require_whole_windows(tally)
    known = named_in(ledger) if "region" in names else {}
    terms = with_names(ratio_terms(tally.cells(), settings, by=names), known)
    firms = tally.total.firms
    notes = [
        say(
            "Follow-on is {follow} money to the same firm after the day of its first {lead} loan "
            "and within {months} months of it; lead money is its {lead} money of the same time.",
            follow=follow,
            lead=lead,
            months=months,
        ),
        *opened.notes,
        *_window_notes(tally),
        *unplaced_notes(tally.missing, firms, by=names, cluster=cluster),
    ]
    if tally.same_day:
        notes.append(
            say(
                "{follow} money of the same day as the first {lead} loan is not counted: "
                "¥{same_day}.",
                follow=follow,
                lead=lead,
                same_day=format_number(tally.same_day),
            )
        )
    notes += interval_notes(terms, settings, by=names, clusters=tally.labels)
    notes += below_zero_note(terms, settings, by=names)
    return RatioResult(
        title=say(
            "Capital magnetism: {follow} money within {months} months per yuan of {lead} money",
            follow=follow,
            months=months,
            lead=lead,
        ),
        unit="yuan per yuan",
        terms=terms,
        facts={
            "rows": firms,
            "rows_observed": tally.total.observed,
            "months": months,
            "window": window,
            "clusters": int(terms["clusters"].iloc[-1]),
            "cluster": cluster,
            "interval": interval,
        },
        conf_level=settings.conf_level,
        notes=tuple(notes),
        fitted=_firms(units, question) if parts == 1 else None,
        read=None if parts == 1 else partial(_read_firms, open_ledger, question),
        lead=LEAD,
        follow=FOLLOW,
    )


def _firms(units: Units, question: Question) -> pd.DataFrame:
    return measured(units, question).table.drop(columns=OBSERVED)


def _read_firms(open_ledger: Callable[[], FollowUp], question: Question) -> pd.DataFrame:
    """Return the firms of a file that is too large to keep them beside the result."""
    parts = [_firms(question.units(part)[0], question) for part in open_ledger().parts()]
    return pd.concat(parts).sort_values("firm_id", ignore_index=True)


def _check(window: str, months: int) -> None:
    windows = get_args(Window)
    if window not in windows:
        raise OptionError(
            f"window is one of {', '.join(map(repr, windows))}; got {window!r}."
            f"{did_you_mean(window, windows)}"
        )
    check_months(months)


def _require_whole_windows(tally: Tally) -> None:
    if tally.lead <= 0:
        raise ModelError("No firm has lead money above zero; there is nothing to divide by.")
    asked = tally.question
    if asked.window != "ignore" and tally.longest < asked.months:
        raise ModelError(
            f"window={asked.window!r} needs firms observed for {asked.months} months after their "
            f"first lead loan; the longest of {tally.total.firms:,} is observed for "
            f"{tally.longest}. Take months={tally.longest} or fewer, or a ledger that goes on."
        )


def _window_notes(tally: Tally) -> Iterator[str]:
    if not tally.short:
        return
    months, firms = tally.question.months, tally.total.firms
    who = say(
        "{short:,} of {firms:,} firms are observed for less than {months} months",
        short=tally.short,
        firms=firms,
        months=months,
    )
    share = format_percent(tally.short_lead / tally.lead)
    yield {
        "complete": say(
            "{who} and are left out, with {share} of all lead money.", who=who, share=share
        ),
        "adjusted": say(
            "{who}; they count in the months that they are observed, weighed by the inverse "
            "share still observed. This is unbiased if the end of observation has nothing to "
            "do with the money.",
            who=who,
        ),
        "ignore": say(
            "{who}, and their follow-on is cut off there: the ratio is too low. Nothing was "
            "corrected.",
            who=who,
        ),
    }[tally.question.window]
