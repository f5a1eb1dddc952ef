"""From application to money: what share passes each stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import ColumnError, DataError, OptionError
from toolkit.language import say
from toolkit.models.instruments.funnel_result import Funnel
from toolkit.models.proportions import wilson_interval
from toolkit.results import TIDY_COLUMNS, check_conf_level
from toolkit.tables import as_table, require

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["funnel"]


def funnel(
    applications: Any,
    *,
    stages: Sequence[str],
    by: str | Sequence[str] | None = None,
    amounts: Mapping[str, str] | None = None,
    conf_level: float = 0.95,
) -> Funnel:
    r"""Give the share of applications that passes each stage, by number and by money.

    The interval of a share of applications is Wilson's. The share of money is a ratio of sums,
    :math:`\sum y_i / \sum x_i` over applications, with Taylor's interval.

    Parameters
    ----------
    applications : frame or path
        One row per application with, for each stage, whether or when it was reached (truth, 0
        and 1, or a date that may be missing); or one row per group with numbers of applications.
    stages : sequence of str
        Columns of the stages in their order, such as ``["applied", "granted"]``.
    by : str or sequence of str, optional
        Group columns. Groups must not overlap where they are compared.
    amounts : mapping of str to str, optional
        Money column of a stage, in CNY: ``{"applied": "amount_asked", "granted": "amount_lent"}``.
    conf_level : float
        Level of the intervals.

    Returns
    -------
    Funnel
        One row per group, pair of successive stages and measure, and from the first stage to the
        last where there are more than two: ``term`` (``"applied -> granted"``), the share with its
        interval, ``measure`` (applications or money), ``entered`` and ``passed``. Also
        ``differences()`` and ``trend()``.

    Raises
    ------
    ColumnError
        If a column is missing, or is neither truth, date nor number.
    DataError
        If more pass a stage than enter it, nobody enters the first, or money is missing or
        negative.
    OptionError
        If there are fewer than two stages, or money is given for one that is not listed.

    Examples
    --------
    >>> import pandas as pd
    >>> xiamen = pd.DataFrame({"applied": [1603], "granted": [550]})
    >>> funnel(xiamen, stages=["applied", "granted"]).tidy()[["estimate", "conf_low", "conf_high"]]
       estimate  conf_low  conf_high
    0  0.343107  0.320266   0.366697
    """
    level = check_conf_level(conf_level)
    names = _stage_names(stages)
    groups = [by] if isinstance(by, str) else list(by or ())
    money = dict(amounts or {})
    for stage in money:
        if stage not in names:
            raise OptionError(
                f"amounts has money for {stage!r}, which is no stage. The stages are: "
                f"{', '.join(names)}."
            )
    table = as_table(applications)
    require(table, *names, *groups, *money.values())
    _check_kinds(table, [*names, *money.values()], numbers=set(money.values()))
    sums = _sums(table, names, groups, money)
    pairs = list(pairwise(names))
    if len(names) > 2:
        pairs.append((names[0], names[-1]))
    rows = []
    for _, group in sums.iterrows():
        key = {name: group[name] for name in groups}
        for start, end in pairs:
            rows.append(key | _by_number(group, start, end, level=level))
            if start in money and end in money:
                rows.append(key | _by_money(group, start, end, level=level))
    facts = ["measure", "entered", "passed"]
    totals = bool(money) and bool((sums["most"] > 1).any())
    notes = (
        ("Money is given as totals: its share has no interval without single applications.",)
        if totals
        else ()
    )
    return Funnel(
        title=say("From {first} to {last}", first=names[0], last=names[-1]),
        unit="share",
        terms=pd.DataFrame(rows, columns=[*groups, *TIDY_COLUMNS, *facts]),
        facts={"rows": int(sums["rows"].sum()), "stages": ", ".join(names)},
        conf_level=level,
        notes=notes,
    )


def _stage_names(stages: Sequence[str]) -> list[str]:
    names = [stages] if isinstance(stages, str) else list(stages)
    if len(names) < 2 or len(set(names)) < len(names):
        raise OptionError(
            "stages are two different columns or more, in their order; got "
            f"{', '.join(map(repr, names)) or 'none'}."
        )
    return names


def _check_kinds(table: nw.LazyFrame[Any], columns: list[str], *, numbers: set[str]) -> None:
    import narwhals as nw

    schema = table.collect_schema()
    for name in columns:
        kind = schema[name]
        dated = kind == nw.Boolean or kind == nw.Date or isinstance(kind, nw.Datetime)
        if not (kind.is_numeric() or (dated and name not in numbers)):
            wanted = "numbers" if name in numbers else "truth, 0 and 1, dates or numbers"
            raise ColumnError(f"Column {name!r} holds {wanted}; it is {kind}. Convert the column.")


def _sums(
    table: nw.LazyFrame[Any], names: list[str], groups: list[str], money: Mapping[str, str]
) -> pd.DataFrame:
    """Count, in the engine, who reached what, with sums and products of money."""
    import narwhals as nw

    schema = table.collect_schema()
    reached = {name: _reached(name, schema[name]) for name in names}
    paid = {stage: nw.col(column).fill_null(0).cast(nw.Float64) for stage, column in money.items()}
    columns = {f"n {name}": value for name, value in reached.items()}
    columns |= {f"negative {name}": value < 0 for name, value in reached.items()}
    columns |= {
        f"out of order {end}": reached[end] > reached[start] for start, end in pairwise(names)
    }
    for stage, value in paid.items():
        unpaid = nw.col(money[stage]).is_null() & (reached[stage] > 0)
        columns |= {f"sum {stage}": value, f"wrong {stage}": unpaid | (value < 0)}
        columns |= {f"cross {stage} {other}": value * paid[other] for other in paid}
    # A constant group makes one row of a table without groups, in every engine alike.
    keys = groups or ["every row"]
    wide = table.with_columns(
        *(value.cast(nw.Float64).alias(name) for name, value in columns.items()),
        nw.lit(1).alias("every row"),
    )
    most = nw.col(f"n {names[0]}").max().alias("most")
    counts = [nw.len().alias("rows"), most, *(nw.col(name).sum() for name in columns)]
    frame: pd.DataFrame = wide.group_by(*keys).agg(*counts).collect().to_pandas()
    _check_sums(frame, names, money)
    return frame.sort_values(keys, kind="stable", ignore_index=True)


def _reached(name: str, kind: Any) -> Any:
    import narwhals as nw

    if kind.is_numeric():
        return nw.col(name).fill_null(0).cast(nw.Float64)
    if kind == nw.Boolean:
        return nw.col(name).fill_null(value=False).cast(nw.Float64)
    return (~nw.col(name).is_null()).cast(nw.Float64)


def _check_sums(sums: pd.DataFrame, names: list[str], money: Mapping[str, str]) -> None:
    if sums.empty:
        raise DataError("A funnel needs applications; the table has no rows.")
    for name in names:
        if sums[f"negative {name}"].any():
            count = int(sums[f"negative {name}"].sum())
            raise DataError(
                f"{name!r} counts applications, 0 or more; {count:,} rows have less. Correct them "
                "at the source."
            )
    for start, end in pairwise(names):
        count = int(sums[f"out of order {end}"].sum())
        if count:
            raise DataError(
                f"Whoever reaches {end!r} has reached {start!r}; {count:,} rows say otherwise. "
                "Correct them, or give the stages in their order."
            )
    for stage, column in money.items():
        count = int(sums[f"wrong {stage}"].sum())
        if count:
            raise DataError(
                f"Column {column!r} has the money of each application that reached {stage!r}, 0 or "
                f"more; {count:,} rows have none, or less. Correct them at the source."
            )
    if not sums[f"n {names[0]}"].any():
        raise DataError(f"Nobody reached the first stage, {names[0]!r}. Check the column.")


def _by_number(group: pd.Series[Any], start: str, end: str, *, level: float) -> dict[str, Any]:
    entered, passed = float(group[f"n {start}"]), float(group[f"n {end}"])
    share = passed / entered if entered else np.nan
    low, high = wilson_interval(passed, entered, conf_level=level)
    return {
        "term": f"{start} -> {end}",
        "estimate": share,
        "std_error": np.sqrt(share * (1 - share) / entered) if entered else np.nan,
        "conf_low": float(low),
        "conf_high": float(high),
        "measure": "applications",
        "entered": entered,
        "passed": passed,
    }


def _by_money(group: pd.Series[Any], start: str, end: str, *, level: float) -> dict[str, Any]:
    from scipy.stats import t

    rows = int(group["rows"])
    entered, passed = float(group[f"sum {start}"]), float(group[f"sum {end}"])
    share = passed / entered if entered else np.nan
    squares = (
        group[f"cross {end} {end}"]
        - 2 * share * group[f"cross {start} {end}"]
        + share**2 * group[f"cross {start} {start}"]
    )
    error = half = np.nan
    # Rows that count several applications are totals, which have no sampling error of their own.
    if rows > 1 and entered and group["most"] <= 1:
        error = float(np.sqrt(max(squares, 0.0) * rows / (rows - 1))) / entered
        half = float(t.ppf((1 + level) / 2, rows - 1)) * error
    return {
        "term": f"{start} -> {end}",
        "estimate": share,
        "std_error": error,
        "conf_low": share - half,
        "conf_high": share + half,
        "measure": "money",
        "entered": entered,
        "passed": passed,
    }
