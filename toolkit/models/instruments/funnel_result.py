"""What a funnel says of itself: differences between groups, a trend, a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from toolkit.errors import OptionError, did_you_mean
from toolkit.language import say
from toolkit.models.instruments.wording import money_text
from toolkit.models.proportions import newcombe_interval, two_sample_z
from toolkit.results import TIDY_COLUMNS, Prose, Result, format_percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Funnel", "FunnelDifferences"]

NUMBER = "applications"
ROWS_SHOWN = 40


@dataclass(frozen=True, kw_only=True, eq=False)
class FunnelDifferences(Result):
    """Shares of groups less that of one group, which the column ``against`` names."""

    def sentence(self) -> Prose:
        """Return each difference in percentage points with its interval and test."""
        parts = [self._text(row) for _, row in self.terms.iterrows()]
        return Prose(say("Shares that pass: {parts}.", parts=say("; ").join(parts)))

    def _text(self, row: pd.Series[Any]) -> str:
        name = say(", ").join(str(row[column]) for column in self.groups)
        said = say("{name} ({term})", name=name, term=row["term"])
        if np.isnan(row["estimate"]):
            return say("{said}: nobody to compare", said=said)
        points = 100 * row["estimate"]
        low, high = 100 * row["conf_low"], 100 * row["conf_high"]
        p = (
            "p < 0.001"
            if row["p_value"] < 0.001
            else say("p = {p_value:.3f}", p_value=row["p_value"])
        )
        side = "more" if points >= 0 else "less"
        if points < 0:
            low, high = -high, -low
        return say(
            "{said} {points:.1f} percentage points {side} than {against} ({level:g}% interval "
            "{low:.1f} to {high:.1f}; {p})",
            said=said,
            points=abs(points),
            side=side,
            against=row["against"],
            level=100 * self.conf_level,
            low=low,
            high=high,
            p=p,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Funnel(Result):
    """Shares that pass from stage to stage, by group, by number and by money."""

    estimate_label = "share"

    def differences(self, *, reference: object = None) -> FunnelDifferences:
        """Compare each group's shares of applications with those of one group.

        Newcombe's interval, and the score test of equal shares (its square is Pearson's
        chi-squared without correction). Groups must not overlap.

        Parameters
        ----------
        reference : object, optional
            The group to compare with, a tuple where there are several group columns; the first
            if not given.

        Returns
        -------
        FunnelDifferences
            One row per other group and pair of stages; the estimate is its share less the
            reference's, ``against`` names the reference.

        Raises
        ------
        OptionError
            If there are no two groups, or none is the reference.
        """
        groups = self._groups_by_key()
        if len(groups) < 2:
            raise OptionError("differences() compares groups; this funnel has one. Use by=....")
        wanted = reference if isinstance(reference, tuple) else (reference,)
        base = next(iter(groups)) if reference is None else wanted
        if base not in groups:
            listed = ", ".join(map(_label, groups))
            raise OptionError(
                f"No group {_label(base)!r}.{did_you_mean(_label(base), map(_label, groups))} "
                f"The groups are: {listed}."
            )
        rows = [
            dict(zip(self.groups, key, strict=True))
            | self._difference(part, groups[base], term)
            | {"against": _label(base)}
            for key, part in groups.items()
            if key != base
            for term in part
        ]
        return FunnelDifferences(
            title=say("{title}: difference from {base}", title=self.title, base=_label(base)),
            unit="difference of shares",
            terms=pd.DataFrame(rows, columns=[*self.groups, *TIDY_COLUMNS, "against"]),
            facts=self.facts,
            conf_level=self.conf_level,
        )

    def trend(self) -> Result:
        r"""Test whether the share of applications rises along a numeric group, such as a year.

        .. math:: b = \frac{\sum n_g (x_g - \bar x)(p_g - \bar p)}{\sum n_g (x_g - \bar x)^2}

        with Cochran and Armitage's test of :math:`b = 0`.

        Returns
        -------
        Result
            One row per pair of stages: change of the share for each unit of the group. The
            interval uses the variance within groups, the test that without a trend.

        Raises
        ------
        OptionError
            If the funnel is not by one numeric column with three values or more.

        References
        ----------
        Armitage, P. (1955). Tests for linear trends in proportions and frequencies. Biometrics
            11, 375-386.
        """
        numeric = len(self.groups) == 1 and pd.api.types.is_numeric_dtype(
            self.terms[self.groups[0]]
        )
        counted = self._counted()
        if not numeric or counted[self.groups[0]].nunique() < 3:
            raise OptionError(
                "trend() needs a funnel by one column of numbers with three values or more, such "
                "as a year. Use by='year'."
            )
        rows = [
            {"term": term} | _slope(part, self.groups[0], level=self.conf_level)
            for term, part in counted.groupby("term", sort=False)
        ]
        return Result(
            title=say("{title}: trend by {groups}", title=self.title, groups=self.groups[0]),
            unit=f"share per {self.groups[0]}",
            terms=pd.DataFrame(rows, columns=list(TIDY_COLUMNS)),
            facts=self.facts,
            conf_level=self.conf_level,
        )

    def sentence(self) -> Prose:
        """Return the shares from the first stage to the last, by number and by money."""
        last = self.terms[self.terms["term"] == self.terms["term"].iloc[-1]]
        texts: dict[str, list[str]] = {}
        for _, row in last.iterrows():
            name = say(", ").join(str(row[column]) for column in self.groups)
            texts.setdefault(name, []).append(self._share_text(row))
        parts = [
            say("{name}: {said}", name=name, said=say(" and ").join(said))
            if name
            else say(" and ").join(said)
            for name, said in texts.items()
        ]
        return Prose(
            say("{title} go {parts}.", title=self.title, parts=say("; ").join(parts)),
            key_figures=self.key_figures(),
        )

    def key_figures(self) -> dict[str, str]:
        """Return the share from the first stage to the last, where there is one group."""
        if self.groups:
            return {}
        row = self.terms[self.terms["measure"] == NUMBER].iloc[-1]
        return {str(row["term"]): format_percent(row["estimate"])}

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the shares with their intervals."""
        from toolkit import figures

        names = [*self.groups, "term", "measure"]
        labels = self.terms[names].astype(str).agg(", ".join, axis=1)
        return figures.intervals(
            self.terms.assign(label=labels), label="label", axis="share", title=self.title, ax=ax
        )

    def _share_text(self, row: pd.Series[Any]) -> str:
        text = say(
            "{estimate} of {measure}",
            estimate=format_percent(row["estimate"]),
            measure=row["measure"],
        )
        if np.isnan(row["conf_low"]):
            return text
        limits = say(
            "{conf_low} to {conf_high}",
            conf_low=format_percent(row["conf_low"]),
            conf_high=format_percent(row["conf_high"]),
        )
        return say(
            "{text} ({level:g}% interval {limits})",
            text=text,
            level=100 * self.conf_level,
            limits=limits,
        )

    def _display_table(self) -> pd.DataFrame:
        return self._read(self.terms.head(ROWS_SHOWN))

    def _readable(self) -> pd.DataFrame:
        return self._read(self.terms)

    def _read(self, rows: pd.DataFrame) -> pd.DataFrame:
        shown = rows[[*self.groups, "term", "measure"]].copy()
        for name in ("entered", "passed"):
            shown[name] = [
                f"{value:,.0f}" if measure == NUMBER else money_text(value)
                for value, measure in zip(rows[name], rows["measure"], strict=True)
            ]
        for name, column in (("share", "estimate"), ("from", "conf_low"), ("to", "conf_high")):
            shown[name] = [
                "" if np.isnan(value) else format_percent(value) for value in rows[column]
            ]
        return shown

    def _counted(self) -> pd.DataFrame:
        return self.terms[(self.terms["measure"] == NUMBER) & (self.terms["entered"] > 0)]

    def _groups_by_key(self) -> dict[tuple[Any, ...], dict[str, tuple[float, float]]]:
        """Return, by group and pair of stages, who passed and who entered."""
        found: dict[tuple[Any, ...], dict[str, tuple[float, float]]] = {}
        for _, row in self._counted().iterrows():
            key = tuple(row[name] for name in self.groups)
            found.setdefault(key, {})[row["term"]] = (row["passed"], row["entered"])
        return found

    def _difference(
        self,
        part: dict[str, tuple[float, float]],
        base: dict[str, tuple[float, float]],
        term: str,
    ) -> dict[str, Any]:
        if term not in base:
            return {"term": term}
        first, second = part[term], base[term]
        low, high = newcombe_interval(first, second, conf_level=self.conf_level)
        z, p = two_sample_z(first, second)
        shares = [passed / entered for passed, entered in (first, second)]
        errors = [p_ * (1 - p_) / n for p_, (_, n) in zip(shares, (first, second), strict=True)]
        return {
            "term": term,
            "estimate": shares[0] - shares[1],
            "std_error": np.sqrt(sum(errors)),
            "statistic": z,
            "p_value": p,
            "conf_low": low,
            "conf_high": high,
        }


def _label(key: tuple[Any, ...]) -> str:
    return say(", ").join(map(str, key))


def _slope(part: pd.DataFrame, column: str, *, level: float) -> dict[str, float]:
    x = part[column].to_numpy(dtype=float)
    n, passed = part["entered"].to_numpy(dtype=float), part["passed"].to_numpy(dtype=float)
    away = x - n @ x / n.sum()
    spread = float(n @ away**2)
    overall, share = passed.sum() / n.sum(), passed / n
    slope = float(away @ passed) / spread
    error = float(np.sqrt(n @ (away**2 * share * (1 - share)))) / spread
    z = slope / float(np.sqrt(overall * (1 - overall) / spread)) if 0 < overall < 1 else np.nan
    half = float(ndtri((1 + level) / 2)) * error
    return {
        "estimate": slope,
        "std_error": error,
        "statistic": z,
        "p_value": float(2 * ndtr(-abs(z))),
        "conf_low": slope - half,
        "conf_high": slope + half,
    }
