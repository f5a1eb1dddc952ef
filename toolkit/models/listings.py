"""Listings of what was published: figures on programmes, counts of micro-lenders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.errors import ModelError
from toolkit.language import say
from toolkit.results import Table, format_percent
from toolkit.schema import FIGURES, INDICATORS, LENDERS, NATION, as_codes, require_columns
from toolkit.tables import as_pandas, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["FigureTable", "figure_families", "figure_table", "lender_table"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class FigureTable(Table):
    """Published figures with what they say as numbers.

    Parameters
    ----------
    figures : DataFrame
        The clean figures that the table was made from.
    """

    figures: pd.DataFrame

    def plot(self, *, unit: str = "CNY", ax: Axes | None = None) -> Axes:
        """Draw the figures of one unit: a point, a range, or a bound with its open side.

        Raises
        ------
        ModelError
            If no figure has the unit.
        """
        from toolkit import figures as drawings

        rows = self.figures[self.figures["unit"] == unit]
        if rows.empty:
            there = ", ".join(sorted(self.figures["unit"].unique()))
            raise ModelError(f"No figure is in {unit!r}. The units are: {there}.")
        size = rows[["low", "high"]].max(axis=1)
        rows = rows.loc[size.sort_values(ascending=False, kind="stable").index]
        labels = rows["region_name"] + ": " + rows["programme"] + ", " + rows["measure"]
        return drawings.bounds(
            rows.assign(label=labels),
            label="label",
            low="low",
            high="high",
            axis=say("{unit}, log scale", unit=unit),
            title=say("Published figures in {unit}", unit=unit),
            ax=ax,
        )


def figure_table(figures: Any, *, region: str | None = None) -> FigureTable:
    """List published figures: the text, and the lower and upper side that it gives.

    Parameters
    ----------
    figures : frame or path
        Clean figures, as :func:`toolkit.clean_figures` returns them.
    region : str, optional
        6-digit code of a province: the figures of it and of places in it.

    Raises
    ------
    ColumnError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {name: "" for name in FIGURES.names} | {"region": "340000", "low": 2.1e11,
    ...     "high": None, "unit": "CNY", "as_published": "over 210 billion yuan"}
    >>> figure_table(pd.DataFrame([row])).frame.loc[0, ["as published", "from"]].tolist()
    ['over 210 billion yuan', '210 billion CNY']
    """
    rows = as_pandas(figures)
    require_columns(rows, FIGURES.names)
    title = "Published figures"
    if region is not None:
        rows = rows[as_codes(rows["region"]).str[:2] == region[:2]]
    units = rows["unit"]
    sources = {source: f"[{place}]" for place, source in enumerate(rows["source"].unique(), 1)}
    shown = pd.DataFrame(
        {
            "figure": rows["figure_id"],
            "place": rows["region_name"],
            "programme": rows["programme"],
            "measure": rows["measure"].str.replace("_", " "),
            "as published": rows["as_published"],
            "from": [_quantity(*pair) for pair in zip(rows["low"], units, strict=True)],
            "to": [_quantity(*pair) for pair in zip(rows["high"], units, strict=True)],
            "reading": rows["bound"],
            "source": rows["source"].map(sources),
        }
    )
    none = ("No published figure is about a place in this province.",) if rows.empty else ()
    cited = tuple(
        say("{number} {source}", number=number, source=source) for source, number in sources.items()
    )
    return FigureTable(title=title, frame=shown, figures=rows, notes=(*none, *cited))


def figure_families(figures: Any) -> Table:
    """Count published figures by the question that they belong to and by how they are bounded.

    Parameters
    ----------
    figures : frame or path
        Clean figures, as :func:`toolkit.clean_figures` returns them.
    """
    rows = as_pandas(figures)
    require_columns(rows, FIGURES.names)
    counts = pd.crosstab(rows["family"], rows["bound"])
    counts["figures"] = counts.sum(axis=1)
    return Table(
        title=say(
            "{number} published figures by question and by how they are bounded", number=len(rows)
        ),
        frame=counts.sort_values("figures", ascending=False, kind="stable").reset_index(),
    )


def lender_table(lenders: Any, *, region: str | None = None) -> Table:
    """List the micro-lenders of a province at each date, or of all provinces at the latest.

    Parameters
    ----------
    lenders : frame or path
        Columns ``region date indicator value unit``; `region_name` is used if there.
    region : str, optional
        6-digit code. Without it: the date with the most figures, all provinces, the nation last.

    Returns
    -------
    Table
        Counts, staff, capital and loans outstanding, and loans per yuan of capital.

    Raises
    ------
    ColumnError
        If a column is missing.
    """
    rows = plain(as_pandas(lenders))
    require_columns(rows, LENDERS.names)
    rows = rows.assign(region=as_codes(rows["region"]))
    if region is None:
        date = rows.groupby("date")["value"].count().idxmax()
        rows, key = rows[rows["date"] == date], "region"
        title = say("Micro-lenders by province, {date:%Y-%m-%d}", date=date)
    else:
        rows, key = rows[rows["region"] == region], "date"
        title = "Micro-lenders at the dates published"
    wide = rows.pivot(index=key, columns="indicator", values="value").sort_index()
    wide = wide.reindex(index=[*wide.index.drop(NATION, errors="ignore"), *_nation(wide)])
    names = [name for name in INDICATORS if name in wide.columns]
    whole = {name: "Int64" for name in names if INDICATORS[name].unit in ("count", "persons")}
    shown = (
        wide[names].astype(whole).rename(columns={name: INDICATORS[name].label for name in names})
    )
    if {"micro_lender_loans", "micro_lender_capital"} <= set(names):
        shown["loans per yuan of capital"] = (
            wide["micro_lender_loans"] / wide["micro_lender_capital"]
        )
    if key == "region" and "region_name" in rows:
        first = rows.drop_duplicates("region").set_index("region")["region_name"]
        shown = shown.rename(index=first.to_dict())
    else:
        shown.index = shown.index.map(lambda date: f"{date:%Y-%m-%d}" if key == "date" else date)
    return Table(
        title=title,
        frame=shown.rename_axis(index=key, columns=None).reset_index(),
        notes=("Money in CNY, nominal. An empty cell was not published.",),
    )


def _nation(wide: pd.DataFrame) -> list[str]:
    return [NATION] if NATION in wide.index else []


def _quantity(value: float, unit: str) -> str:
    if pd.isna(value):
        return ""
    if unit == "share":
        return format_percent(value, decimals=2).replace(".00%", "%")
    for size, text in (
        (1e12, "{amount:,.6g} trillion CNY"),
        (1e9, "{amount:,.6g} billion CNY"),
        (1e6, "{amount:,.6g} million CNY"),
    ):
        if unit == "CNY" and value >= size:
            return say(text, amount=value / size, wan=value / 1e4, yi=value / 1e8)
    plain = f"{value:,.6g}" if value < 1e5 else f"{value:,.0f}"
    if unit == "count":
        return plain
    return say("{amount} {unit}", amount=plain, unit=unit.replace("_", " "))
