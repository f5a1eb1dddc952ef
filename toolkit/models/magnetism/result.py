"""What a ratio of sums can say: its ranking, its concentration, its two parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from toolkit.errors import OptionError, did_you_mean
from toolkit.language import say
from toolkit.models.magnetism.concentration import concentration, two_part
from toolkit.models.regions import find_code
from toolkit.results import Prose, Result, format_number, format_percent, group_labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["TOTAL", "RatioResult"]

TOTAL = "total"
"""Term of the row over all groups; the groups themselves have the term ``"ratio"``."""

LISTED = 10
READ = ("estimate", "std_error", "conf_low", "conf_high", "lead", "follow", "units", "clusters")


@dataclass(frozen=True, kw_only=True, eq=False)
class RatioResult(Result):
    """A ratio of sums by groups and in total, with the units that it was made from."""

    lead: str
    follow: str
    read: Callable[[], pd.DataFrame] | None = None

    estimate_label: ClassVar[str] = "ratio of sums"

    def total(self) -> pd.Series[Any]:
        """Return the row over all groups."""
        return self.terms.iloc[-1].copy()

    def augment(self) -> pd.DataFrame:
        """Return the units with their own ratio, fitted follow-on money and residual.

        The fitted value is the ratio of the unit's group times its lead money.
        """
        units = self._units()
        lead, follow = units[self.lead].to_numpy(), units[self.follow].to_numpy()
        with np.errstate(divide="ignore", invalid="ignore"):
            units["ratio"] = np.where(lead > 0, follow / lead, np.nan)
        units["fitted"] = self._ratio_of_each(units) * lead
        units["residual"] = follow - units["fitted"]
        return units

    def ranking(self, *, among: str | None = None, **where: object) -> pd.DataFrame:
        """Rank the groups of one column, the largest ratio first.

        Parameters
        ----------
        among : str, optional
            The group column whose values compete; the first, if not given. They compete within
            each combination of the other group columns.
        **where : object
            Values of group columns that choose rows of the ranking, such as ``year=2023``; a
            region by its code or its name.

        Returns
        -------
        DataFrame
            The group columns, ``estimate``, ``rank`` (1 is the largest; ties share the best) and
            ``ranked`` (how many compete).

        Raises
        ------
        OptionError
            If there is no such group column, or no row has the value.
        """
        names = [*where, *([] if among is None else [among])]
        for name in names:
            if name not in self.groups:
                known = ", ".join(self.groups) or "none"
                raise OptionError(
                    f"{name!r} is not a group of this result.{did_you_mean(name, self.groups)} "
                    f"Its groups: {known}."
                )
        if not self.groups:
            raise OptionError(
                "ranking() compares groups; this result has none. Estimate it with by=..."
            )
        competing = among or self.groups[0]
        others = [name for name in self.groups if name != competing]
        rows = self.terms[(self.terms["term"] != TOTAL) & self.terms["estimate"].notna()]
        names = ["region_name"] if "region_name" in rows else []
        table = rows[[*self.groups, *names, "estimate"]].copy()
        field = table.groupby(others, sort=False)["estimate"] if others else table["estimate"]
        table["rank"] = field.rank(ascending=False, method="min").astype("int64")
        table["ranked"] = field.transform("size") if others else len(table)
        for name, value in where.items():
            chosen = table[table[name] == self._value(name, value)]
            if chosen.empty:
                there = table[self._shown(name)].drop_duplicates().tolist()
                raise OptionError(
                    f"No row has {name}={value!r}.{did_you_mean(value, there)} "
                    f"There are: {', '.join(map(repr, there[:LISTED]))}"
                    f"{', ...' if len(there) > LISTED else '.'}"
                )
            table = chosen
        return table.sort_values([*others, "rank", competing]).reset_index(drop=True)

    def standing(self, *, among: str | None = None, **where: object) -> Prose:
        """Return one sentence: the ratio of one group, its rank, and the total beside it.

        Parameters
        ----------
        among, **where
            As in :meth:`ranking`; they must choose one row, such as ``region="430000", year=2023``.

        Raises
        ------
        OptionError
            If they choose no row, or several.
        """
        rows = self.ranking(among=among, **where)
        if len(rows) != 1:
            raise OptionError(
                f"standing() speaks of one group; {', '.join(where) or 'no column'} chose "
                f"{len(rows)}. Name a value of each of: {', '.join(self.groups)}."
            )
        row = rows.iloc[0]
        first, *rest = sorted(self.groups, key=lambda group: group != "region")
        name, others = str(row[self._shown(first)]), [str(row[group]) for group in rest]
        if others:
            name = say("{name}, {others}", name=name, others=say(", ").join(others))
        ratio = format_number(row["estimate"])
        return Prose(
            say(
                "{name}: {ratio} {unit} ({title}), rank {rank} of {ranked}.",
                name=name,
                ratio=ratio,
                unit=self.unit,
                title=self.title,
                rank=row["rank"],
                ranked=row["ranked"],
            ),
            key_figures={
                "ratio": ratio,
                "rank": say("{rank} of {ranked}", rank=row["rank"], ranked=row["ranked"]),
            },
        )

    def concentration(self) -> pd.DataFrame:
        """Tell how much of the ratio hangs on few units.

        Returns
        -------
        DataFrame
            ``what, lead_share, follow_share, ratio``: one row for the top hundredth of units
            (shares of the units that lead most and follow most; the ratio without the latter),
            then one for each of the ten units with the most follow-on money, and the ratio
            without it.
        """
        return concentration(self._units(), lead=self.lead, follow=self.follow)

    def two_part(self) -> pd.DataFrame:
        """Split the units into those without follow-on, those exactly at one, and the others.

        Returns
        -------
        DataFrame
            ``part`` (``"none"``, ``"equal"``, ``"other"``), ``units``, ``share`` of units,
            ``lead``, ``follow`` and the ``ratio`` of the part's sums.
        """
        return two_part(self._units(), lead=self.lead, follow=self.follow)

    def sentence(self) -> Prose:
        """Return the total ratio with its interval, and on how much it rests."""
        row = self.total()
        return Prose(
            say(
                "{title}: {estimate}, from {units:,.0f} units, of which {share} drew any.",
                title=self.title,
                estimate=self._estimate_text(row),
                units=row["units"],
                share=format_percent(row["share_with_follow"]),
            )
        )

    def plot(self, *, highlight: str | None = None, ax: Axes | None = None) -> Axes:
        """Draw the ratios of the groups beside the total; over the years where there are many.

        Parameters
        ----------
        highlight : str, optional
            The group drawn in the second colour: a code, or a name where the data has names.
        ax : Axes, optional
            Where to draw.
        """
        from toolkit import figures

        rows = self.terms[self.terms["term"] != TOTAL] if self.groups else self.terms
        years = [name for name in self.groups if pd.api.types.is_integer_dtype(rows[name])]
        lines = len(years) == 1 and len(self.groups) > 1
        shown = [name for name in self.groups if not (lines and name in years)]
        labels = self._labels(rows, shown)
        chosen = self._labels(rows[(rows[shown].astype(str) == highlight).any(axis=1)], shown)
        marked = chosen.iloc[0] if len(chosen) else highlight
        rows = rows.assign(label=labels)
        if lines:
            return figures.lines(
                rows.assign(**{years[0]: rows[years[0]].astype("int64")}),
                x=years[0],
                y="estimate",
                by="label",
                x_label=years[0],
                y_label=self.unit,
                title=self.title,
                highlight=() if marked is None else (marked,),
                ax=ax,
            )
        if not years:
            rows = rows.sort_values("estimate", ascending=False, kind="stable")
        total = float(self.total()["estimate"])
        return figures.intervals(
            rows,
            label="label",
            axis=self.unit,
            title=self.title,
            highlight=marked,
            reference=(total, say("in total {total}", total=format_number(total)))
            if self.groups
            else None,
            ax=ax,
        )

    def key_figures(self) -> dict[str, str]:
        """Return the total ratio and its interval."""
        row = self.total()
        figures = {"ratio": format_number(row["estimate"])}
        if pd.notna(row["conf_low"]):
            low, high = format_number(row["conf_low"]), format_number(row["conf_high"])
            figures[say("{level:g}% interval", level=100 * self.conf_level)] = say(
                "{low} to {high}", low=low, high=high
            )
        return figures

    def _units(self) -> pd.DataFrame:
        """Return the units; those of a large file are not kept, but read when asked for."""
        if self.fitted is None and self.read is not None:
            return self.read()
        return super().augment()

    @staticmethod
    def _formatted(table: pd.DataFrame) -> pd.DataFrame:
        """Return what one reads of a ratio; tidy() and to_csv() have the rest."""
        groups = list(table.columns[: table.columns.get_loc("term")])
        shown = table.astype(dict.fromkeys(groups, object))
        if groups:
            shown.loc[shown["term"] == TOTAL, groups[0]] = TOTAL
        if "region_name" in shown:
            shown["region"] = shown["region_name"].fillna(shown["region"])
        shown[groups] = shown[groups].where(shown[groups].notna(), None)
        odd = not shown["interval_shape"].isin(["bounded", "none"]).all()
        shape = ["interval_shape", "gap_low", "gap_high"] if odd else []
        return Result._formatted(shown[[*(groups or ["term"]), *READ, *shape]])

    def _shown(self, group: str) -> str:
        named = group == "region" and "region_name" in self.terms
        return "region_name" if named else group

    def _value(self, group: str, value: object) -> object:
        """Return the code of a region that is given by its name; other values as they are."""
        rows = self.terms.dropna(subset=[group])
        if self._shown(group) == group or (rows[group] == value).any():
            return value
        codes = dict(zip(rows[group].astype(str), rows[group], strict=True))
        names = dict(zip(codes, rows.drop_duplicates(group)["region_name"], strict=True))
        return codes[find_code(value, names, codes)]

    @staticmethod
    def _labels(rows: pd.DataFrame, shown: list[str]) -> pd.Series[Any]:
        return group_labels(rows, shown) if shown else pd.Series("all units", index=rows.index)

    def _ratio_of_each(self, units: pd.DataFrame) -> Any:
        if not self.groups:
            return float(self.total()["estimate"])
        keys = list(self.groups)
        estimates = self.terms.loc[self.terms["term"] != TOTAL, [*keys, "estimate"]]
        return units[keys].merge(estimates, on=keys, how="left")["estimate"].to_numpy()
