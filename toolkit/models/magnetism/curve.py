"""Follow-on yuan per lead yuan by months since a firm's first lead loan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
from scipy import special

from toolkit.errors import ModelError, OptionError
from toolkit.language import say
from toolkit.models import ratios
from toolkit.models.magnetism.compare import compare_curves
from toolkit.models.magnetism.ledger import follow_up
from toolkit.models.magnetism.months import MonthSums, check_months, month_sums, split_months
from toolkit.models.magnetism.part import OBSERVED
from toolkit.models.magnetism.rows import few_clusters_note
from toolkit.models.magnetism.units import refuse_nation
from toolkit.models.regions import named_in, with_names
from toolkit.results import Prose, Result, check_conf_level, format_number, group_labels
from toolkit.tables import as_names

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["CurveResult", "magnetism_curve"]


@dataclass(frozen=True, kw_only=True, eq=False)
class CurveResult(Result):
    """Ratios by month, one curve per group, with a test of their difference."""

    comparison: pd.DataFrame | None = None

    estimate_label: ClassVar[str] = "follow-on yuan per lead yuan"

    def reached(self, target: float) -> pd.DataFrame:
        """Return the month at which each curve reaches a ratio, with an interval.

        The interval holds the months at which the pointwise interval of the ratio contains the
        target; its upper end is infinite where the curve is not surely there at its last month.

        Parameters
        ----------
        target : float
            Follow-on yuan per lead yuan, such as 5.

        Returns
        -------
        DataFrame
            The group columns, ``target``, ``months``, ``conf_low``, ``conf_high``. ``months`` is
            missing where the curve ends below the target.

        Examples
        --------
        ``curve.reached(5)`` after ``curve = magnetism_curve(ledger, cluster="region")``.
        """
        if not target > 0:
            raise OptionError(f"target is a ratio above 0; got {target:g}.")
        rows = []
        for key, part in self._curves():
            first = {
                name: _first(part["months"], part[name] >= target)
                for name in ("estimate", "conf_low", "conf_high")
            }
            rows.append(
                {
                    **key,
                    "target": float(target),
                    "months": np.nan if np.isinf(first["estimate"]) else first["estimate"],
                    "conf_low": first["conf_high"],
                    "conf_high": first["conf_low"],
                }
            )
        return pd.DataFrame(rows)

    def compare(self) -> pd.DataFrame:
        """Return tests that all groups share one curve.

        Returns
        -------
        DataFrame
            One row for the ratios at the last month (``"last month"``) and one for the ratios
            averaged over all months (``"all months"``): ``test, statistic, df, df_clusters,
            p_value``. The statistic is Hotelling's, referred to F; clusters that stand in several
            groups are taken into account.

        Raises
        ------
        ModelError
            If there are no groups to compare, or fewer clusters than groups.
        """
        if self.comparison is None:
            raise ModelError(
                "compare() tests groups against each other; this result has one curve, or fewer "
                "clusters than groups. Estimate it with by=..."
            )
        return self.comparison.copy()

    def sentence(self) -> Prose:
        """Return the ratio at the last month of each curve."""
        said = []
        for key, part in self._curves():
            last = part.iloc[-1]
            name = group_labels(part.tail(1), list(key)).iloc[0]
            estimate, months = self._estimate_text(last), last["months"]
            text = say("{estimate} after {months:.0f} months", estimate=estimate, months=months)
            said.append(say("{name}: {said}", name=name, said=text) if name else text)
        return Prose(say("{title}: {said}.", title=self.title, said=say("; ").join(said)))

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the curves with pointwise bands and the firms still observed below."""
        from toolkit import figures

        names = [name for name in self.groups if name != "months"]
        label = group_labels(self.terms, names) if names else "all"
        return figures.step_curves(
            self.terms.assign(curve=label),
            time="months",
            by="curve" if names else None,
            x_label="months since the first lead loan",
            y_label=self.unit,
            title=self.title,
            at_risk="firms",
            ax=ax,
        )

    def key_figures(self) -> dict[str, str]:
        """Return the ratio at the last month, where there is one curve."""
        if len(self.groups) > 1:
            return {}
        last = self.terms.iloc[-1]
        name = say("ratio after {months:.0f} months", months=last["months"])
        return {name: format_number(last["estimate"])}

    def _curves(self) -> list[tuple[dict[str, Any], pd.DataFrame]]:
        names = [name for name in self.groups if name != "months"]
        if not names:
            return [({}, self.terms)]
        parts = self.terms.groupby(names, sort=False)
        return [
            (dict(zip(names, key if isinstance(key, tuple) else (key,), strict=True)), part)
            for key, part in parts
        ]


def magnetism_curve(
    ledger: Any,
    *,
    lead: str = "micro",
    follow: str = "bank",
    months: int = 36,
    cluster: str,
    by: str | Sequence[str] | None = None,
    observed_until: str | date | None = None,
    conf_level: float = 0.95,
) -> CurveResult:
    r"""Estimate follow-on yuan per lead yuan by months since a firm's first lead loan.

    The curve is the ratio of two mean cumulative functions,

    .. math:: R(t) = \sum_{j \le t} \frac{Y_j}{n_j} \Big/ \sum_{j \le t} \frac{X_j}{n_j},

    with follow-on money Y_j and lead money X_j of month j among the n_j firms that are observed
    through it. At `months` it equals :func:`capital_magnetism` with ``window="adjusted"``. The
    variance is that of the clusters' influence, which also holds where the loans of a firm depend
    on each other.

    Parameters
    ----------
    ledger, lead, follow, cluster, by, observed_until
        As in :func:`capital_magnetism`.
    months : int
        The last month; the curve ends before it where no firm is observed so long.
    conf_level : float
        Level of the pointwise intervals.

    Returns
    -------
    CurveResult
        Tidy columns: the group columns; ``months``; ``term`` (``"ratio"``); ``estimate`` in yuan
        per yuan with its interval; ``firms`` (observed through the month); ``clusters``. Also
        ``reached(target)`` and ``compare()``.

    Raises
    ------
    ColumnError, OptionError, DataError
        As :func:`capital_magnetism`.

    References
    ----------
    Lawless, J. F. and Nadeau, C. (1995). Some simple robust methods for the analysis of recurrent
        events. Technometrics 37, 158-168.

    Nelson, W. (2003). Recurrent Events Data Analysis. SIAM.

    Examples
    --------
    >>> import pandas as pd
    >>> ledger = pd.DataFrame(
    ...     {
    ...         "firm_id": ["f1", "f1", "f2", "f3", "f3"],
    ...         "tier": ["micro", "bank", "micro", "micro", "bank"],
    ...         "region": ["430100", "430100", "430100", "430200", "430200"],
    ...         "date": pd.to_datetime(
    ...             ["2020-01-10", "2020-02-01", "2020-03-05", "2020-05-20", "2020-07-01"]
    ...         ),
    ...         "amount_cny": [1e6, 6e6, 1e6, 2e6, 6e6],
    ...     }
    ... )
    >>> curve = magnetism_curve(ledger, months=2, cluster="region", observed_until="2020-12-31")
    >>> curve.tidy()[["months", "estimate", "firms"]]
       months  estimate  firms
    0       0       0.0      3
    1       1       1.5      3
    2       2       3.0      3
    """
    level = check_conf_level(conf_level)
    check_months(months)
    names = as_names(by)
    opened = follow_up(
        ledger,
        lead=lead,
        follow=follow,
        keys=tuple(dict.fromkeys([*names, cluster])),
        observed_until=observed_until,
    )
    money, firms = opened.by_month(months=months)
    for key in opened.keys:
        refuse_nation(firms[key])
    curves = (
        list(split_months(money, firms, by=names, cluster=cluster, months=months))
        if names
        else [({}, month_sums(money, firms, cluster=cluster, months=months))]
    )
    rows = pd.concat([_rows(key, sums, level=level) for key, sums in curves], ignore_index=True)
    terms = with_names(rows, named_in(ledger) if "region" in names else {})
    last = int(firms[OBSERVED].max())
    notes = list(opened.notes)
    if last < months:
        notes.append(
            say("No firm is observed for more than {last} months; the curve ends there.", last=last)
        )
    named = say("clusters by {cluster!r}", cluster=cluster)
    notes += few_clusters_note(pd.Series([sums.clusters for _, sums in curves]), named=named)
    notes.append(
        "Each month counts the firms observed through it; this is unbiased if the end of "
        "observation has nothing to do with the money."
    )
    return CurveResult(
        title=say(
            "Capital magnetism: {follow} money per yuan of {lead} money, by months",
            follow=follow,
            lead=lead,
        ),
        unit="yuan per yuan",
        terms=terms,
        facts={
            "rows": int(firms["firms"].sum()),
            "months": min(last, months),
            "clusters": int(firms[cluster].nunique(dropna=False)),
            "cluster": cluster,
        },
        conf_level=level,
        notes=tuple(notes),
        comparison=compare_curves([sums for _, sums in curves]),
    )


def _rows(key: dict[str, Any], sums: MonthSums, *, level: float) -> pd.DataFrame:
    path = ratios.ratio_path(sums.lead, sums.follow, sums.at_risk)
    degrees = sums.clusters - 1
    reach = ratios.t_quantile(level, degrees) * path.std_error if degrees else np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = path.estimate / path.std_error
    table = pd.DataFrame(
        {
            **key,
            "months": np.arange(len(path.estimate)),
            "term": "ratio",
            "estimate": path.estimate,
            "std_error": path.std_error,
            "statistic": np.where(np.isfinite(statistic), statistic, np.nan),
            "p_value": 2 * special.stdtr(degrees, -np.abs(statistic)) if degrees else np.nan,
            "conf_low": path.estimate - reach,
            "conf_high": path.estimate + reach,
            "firms": sums.at_risk.sum(axis=0).astype(np.int64),
            "clusters": sums.clusters,
        }
    )
    return table[table["firms"] > 0]


def _first(months: pd.Series[Any], there: pd.Series[Any]) -> float:
    return float(months[there].min()) if there.any() else np.inf
