"""Curves of firms whose dates are only known to lie between two, or that were seen once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import ColumnError, DataError, OptionError
from toolkit.language import say
from toolkit.models.curves import current_status, quantile, status_critical_value, turnbull
from toolkit.models.survival.assumed import share_text, whole
from toolkit.models.survival.by_age import curves_of
from toolkit.models.survival.curve_result import shorten
from toolkit.models.survival.study import group_rows
from toolkit.results import TIDY_COLUMNS, Prose, Result, check_conf_level
from toolkit.tables import as_names, as_table, plain, require

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["CurrentStatusCurve", "TurnbullCurve", "current_status_curve", "turnbull_curve"]


@dataclass(frozen=True, kw_only=True, eq=False)
class TurnbullCurve(Result):
    """Share not yet in production by age, where dates lie between two."""

    def sentence(self) -> Prose:
        """Return the months between which half reach production."""
        texts = []
        for key, rows in curves_of(self.terms, self.groups[:-1]):
            name = say("{key}: ", key=say(", ").join(map(str, key))) if key else ""
            half = rows[rows["estimate"] <= 0.5 + 1e-9]
            if len(half):
                row = half.iloc[0]
                texts.append(
                    say(
                        "{name}half reach production between {since:g} and {age:g} months",
                        name=name,
                        since=row["since"],
                        age=row["age"],
                    )
                )
            else:
                last = rows.iloc[-1]
                texts.append(
                    say(
                        "{name}{last_estimate:.1%} reach production within {last_age:g} months",
                        name=name,
                        last_estimate=1 - last["estimate"],
                        last_age=last["age"],
                    )
                )
        return Prose(
            say(
                "{texts} ({rows:,} spells with dates in intervals).",
                texts=shorten(texts),
                rows=self.facts["rows"],
            )
        )

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the curve at the ends of the intervals in which production happens."""
        return _plot(self, self.terms, ax)


@dataclass(frozen=True, kw_only=True, eq=False)
class CurrentStatusCurve(Result):
    """Share that has reached the event by age, from units seen once each."""

    def sentence(self) -> Prose:
        """Return the age at which half have reached it, or the share at the last age."""
        texts = []
        for key, rows in curves_of(self.terms, self.groups[:-1]):
            name = say("{key}: ", key=say(", ").join(map(str, key))) if key else ""
            middle = quantile(rows["age"], 1 - rows["estimate"], 0.5)
            if np.isnan(middle):
                row = rows.iloc[-1]
                share = share_text(
                    row["estimate"], row["conf_low"], row["conf_high"], self.conf_level
                )
                texts.append(
                    say(
                        "{name}{share} have reached it by {age:g} months",
                        name=name,
                        share=share,
                        age=row["age"],
                    )
                )
            else:
                texts.append(
                    say("{name}half have reached it by {middle:g} months", name=name, middle=middle)
                )
        return Prose(
            say(
                "{texts} ({rows:,} units, each seen once).",
                texts=shorten(texts),
                rows=self.facts["rows"],
            )
        )

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the rising curve with its limits."""
        return _plot(self, self.terms, ax)


def turnbull_curve(
    data: Any, *, earliest: str, latest: str, by: str | Sequence[str] | None = None
) -> TurnbullCurve:
    """Estimate the share not yet in production where dates are known to a quarter or a year.

    Parameters
    ----------
    data : frame or path
        One row per unit.
    earliest, latest : str
        Columns of months: production came after `earliest` and not after `latest`; equal where it
        is known exactly, `latest` missing where it had not come by `earliest`.
    by : str or sequence of str, optional
        Columns that make groups.

    Returns
    -------
    TurnbullCurve
        One row per group and interval with mass: ``age`` is its end, ``since`` its start, and
        the estimate the share not yet in production after it. Within an interval the curve is
        not known. There are no standard errors, since the estimate is not normal around the
        truth; resample the units for intervals.

    Raises
    ------
    DataError
        If a bound is missing, negative, or after the other.

    References
    ----------
    Turnbull (1976), Journal of the Royal Statistical Society B 38, 290-295.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"after": [0, 3, 3], "until": [3, 6, None]})
    >>> turnbull_curve(rows, earliest="after", latest="until").tidy()["estimate"].round(6).tolist()
    [0.666667, 0.0]
    """
    groups = as_names(by)
    rows = _read(data, [*groups, earliest, latest], numbers=(earliest, latest))
    low, high = rows[earliest], rows[latest].fillna(np.inf)
    for wrong, fault in (
        (low.isna(), f"have no {earliest}"),
        (low < 0, f"have {earliest} below 0"),
        (low > high, f"have {earliest} after {latest}"),
    ):
        if wrong.any():
            raise DataError(
                f"{int(wrong.sum()):,} rows {fault} (first: row {int(wrong.argmax())}). "
                "Correct them at the source."
            )
    frames = []
    for key, part in group_rows(rows, groups):
        counted = pd.DataFrame({"low": low, "high": high}).iloc[part].value_counts(sort=False)
        bounds = counted.index.to_frame()
        fit = turnbull(bounds["low"], bounds["high"], weights=counted.to_numpy())
        kept = (fit.mass > 0) & np.isfinite(fit.right)
        share = np.clip(1 - np.cumsum(fit.mass), 0.0, 1.0)
        frames.append(
            _frame(groups, key, fit.right[kept], "survival", share[kept]).assign(
                since=fit.left[kept]
            )
        )
    return TurnbullCurve(
        title="Survival: share not yet in production, from dates in intervals",
        unit="share not yet in production",
        terms=pd.concat(frames, ignore_index=True),
        facts={"rows": len(rows), "not_yet": int(np.isinf(high).sum())},
        notes=(
            "Within an interval the curve is not known; it is given at the ends.",
            "No standard errors: the estimate is not normal around the truth.",
        ),
    )


def current_status_curve(
    data: Any,
    *,
    age: str,
    reached: str,
    by: str | Sequence[str] | None = None,
    conf_level: float = 0.95,
) -> CurrentStatusCurve:
    """Estimate the share that has reached an event by age, from units that were seen once.

    Parameters
    ----------
    data : frame or path
        One row per unit.
    age : str
        Column of the age in months at which the unit was seen.
    reached : str
        Column that says whether it had reached the event by then: true or false, 1 or 0.
    by : str or sequence of str, optional
        Columns that make groups.
    conf_level : float
        Level of the likelihood-ratio intervals, 0.5 to 0.99.

    Returns
    -------
    CurrentStatusCurve
        One row per group and age; ``seen`` and ``reached`` units stand behind the fixed columns.

    Raises
    ------
    ColumnError, DataError
        If a column is missing or has values that cannot be meant.

    References
    ----------
    Ayer et al. (1955), Annals of Mathematical Statistics 26, 641-647; Banerjee and Wellner
    (2001), Annals of Statistics 29, 1699-1731, for the intervals.

    Examples
    --------
    >>> import pandas as pd
    >>> seen = pd.DataFrame({"months": [6, 6, 12, 12, 18], "in_production": [0, 1, 0, 0, 1]})
    >>> curve = current_status_curve(seen, age="months", reached="in_production")
    >>> curve.tidy()["estimate"].tolist()
    [0.25, 0.25, 1.0]
    """
    level = check_conf_level(conf_level)
    if not 0.5 <= level <= 0.99:
        raise OptionError(f"conf_level is between 0.5 and 0.99 here; got {level:g}.")
    groups = as_names(by)
    rows = _read(data, [*groups, age, reached], numbers=(age,))
    done = _flags(rows[reached], reached)
    if rows[age].isna().any() or (rows[age] < 0).any():
        wrong = rows[age].isna() | (rows[age] < 0)
        raise DataError(
            f"{age} is an age in months, 0 or more; {int(wrong.sum()):,} rows have none "
            f"(first: row {int(wrong.argmax())}). Correct them at the source."
        )
    critical = status_critical_value(level)
    frames = []
    for key, part in group_rows(rows, groups):
        fit = current_status(rows[age].iloc[part], done[part], critical=critical)
        frame = _frame(groups, key, whole(fit.age), "reached", fit.share)
        frames.append(
            frame.assign(
                conf_low=fit.low,
                conf_high=fit.high,
                seen=whole(fit.seen),
                reached=whole(fit.reached),
            )
        )
    return CurrentStatusCurve(
        title="Share that has reached the event by age, each unit seen once",
        unit="share reached",
        terms=pd.concat(frames, ignore_index=True),
        facts={"rows": len(rows), "reached": int(done.sum())},
        conf_level=level,
        notes=(
            "The curve may only rise; the age at which a unit is seen is taken to have nothing to "
            "do with whether it has reached the event.",
        ),
    )


def _read(data: Any, names: list[str], *, numbers: tuple[str, ...]) -> pd.DataFrame:
    table = as_table(data)
    require(table, *names)
    rows = plain(table.select(*dict.fromkeys(names)).collect().to_pandas())
    if rows.empty:
        raise DataError("A curve needs rows; the table has none. Check the filter before it.")
    for name in numbers:
        if not pd.api.types.is_numeric_dtype(rows[name]):
            raise ColumnError(f"Column {name!r} holds months as numbers; convert the column.")
    return rows.reset_index(drop=True)


def _flags(values: pd.Series[Any], name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    known = values.isin([0, 1, True, False]) & values.notna()
    if not known.all():
        first = values[~known].iloc[0]
        raise DataError(
            f"{name} is true or false, 1 or 0; {int((~known).sum()):,} rows have another, first "
            f"{first!r}. Correct them, or leave them out."
        )
    return np.asarray(values.astype(float), dtype=float)


def _frame(
    groups: tuple[str, ...], key: tuple[Any, ...], age: Any, term: str, estimate: Any
) -> pd.DataFrame:
    names = dict(zip(groups, key, strict=True))
    frame = pd.DataFrame({**names, "age": age, "term": term, "estimate": estimate})
    return frame.reindex(columns=[*groups, "age", *TIDY_COLUMNS])


def _plot(result: Result, table: pd.DataFrame, ax: Axes | None) -> Axes:
    from toolkit import figures

    names = list(result.groups[:-1])
    labels = table[names].astype(str).agg(", ".join, axis=1) if names else "all"
    return figures.banded_curves(
        table.assign(label=labels),
        x="age",
        by="label",
        x_label="months",
        y_label=result.unit,
        title=result.title,
        ax=ax,
    )
