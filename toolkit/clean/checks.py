"""Consistency of regional accounts: identities, vintages, gaps and jumps, found and named.

Nothing is mended here. Each check returns the rows concerned with what was found, in the columns
``file row before after`` that an audit's trail takes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from toolkit.language import say
from toolkit.schema import NATION

__all__ = [
    "broken_identities",
    "gaps",
    "jumps",
    "nation_against_sum",
    "parts_of_another_vintage",
    "vintage_differences",
]

IDENTITIES: dict[str, tuple[str, ...]] = {
    "gross_regional_product": (
        "value_added_primary",
        "value_added_secondary",
        "value_added_tertiary",
    ),
    "rd_funding_total": (
        "rd_funding_government",
        "rd_funding_enterprise",
        "rd_funding_abroad",
        "rd_funding_other",
    ),
}
"""Totals and the parts that add up to them."""

TOLERANCE = 1e-3
"""Rounding of printed figures moves a sum of parts by less than this share of the total."""

TENFOLD = 10.0


def broken_identities(table: pd.DataFrame) -> pd.DataFrame:
    """Find totals that their parts do not add up to, in any vintage of the total.

    Where parts are missing the identity is not checked, unless what is there exceeds the total.

    Parameters
    ----------
    table : DataFrame
        Accounts: region, year, indicator, value, vintage, and ``file row`` of the cell.

    Returns
    -------
    DataFrame
        ``file row before after`` of each total concerned; `before` says the comparison.
    """
    totals = _compared(table)
    some_vintage_fits = totals.groupby(["indicator", "region", "year"])["fits"].transform("any")
    return _finding(
        totals[~some_vintage_fits],
        lambda row: say(
            "{region} {year}: {indicator} {value:.15g}, its parts {parts:.15g} ({gap:+.1%})",
            region=row.region,
            year=row.year,
            indicator=row.indicator,
            value=row.value,
            parts=row.parts,
            gap=row.parts / row.value - 1,
        ),
    )


def parts_of_another_vintage(table: pd.DataFrame) -> pd.DataFrame:
    """Find vintages of a total that its parts do not belong to, since they add up to another."""
    totals = _compared(table)
    checked = totals[totals["complete"]]
    key = ["indicator", "vintage"]
    summary = checked.groupby(key).agg(
        file=("file", "first"), cells=("fits", "size"), fitting=("fits", "sum")
    )
    summary = summary.reset_index()
    best = summary.loc[summary.groupby("indicator")["fitting"].idxmax()].set_index("indicator")
    other = summary[summary["vintage"] != summary["indicator"].map(best["vintage"])]
    return _finding(
        other.assign(row=None, fits_to=other["indicator"].map(best["vintage"])),
        lambda row: say(
            "the parts of {indicator} add up to the vintage {fits_to}; to {vintage} "
            "they do in {fitting} of {cells} cells",
            indicator=row.indicator,
            fits_to=row.fits_to,
            vintage=row.vintage,
            fitting=row.fitting,
            cells=row.cells,
        ),
    )


def _compared(table: pd.DataFrame) -> pd.DataFrame:
    """Return each total with the sum of its parts, whether all are there and whether they fit."""
    compared = []
    for total, parts in IDENTITIES.items():
        pieces = table[table["indicator"].isin(parts)]
        sums = pieces.groupby(["region", "year"])["value"].agg(parts="sum", count="count")
        totals = table[table["indicator"] == total].join(sums, on=["region", "year"], how="inner")
        gap = (totals["parts"] - totals["value"]) / totals["value"]
        complete = totals["count"] == len(parts)
        fits = (gap <= TOLERANCE) & (~complete | (gap >= -TOLERANCE))
        compared.append(totals.assign(complete=complete, fits=fits))
    return pd.concat(compared, ignore_index=True)


def nation_against_sum(table: pd.DataFrame) -> pd.DataFrame:
    """Find national figures that differ from the sum of the provinces by more than rounding."""
    flows = table[table["unit"] != "fraction"]
    key = ["indicator", "vintage", "year"]
    provinces = flows[flows["region"] != NATION].groupby(key)["value"].sum().rename("provinces")
    national = flows[flows["region"] == NATION].join(provinces, on=key)
    wrong = (national["provinces"] / national["value"] - 1).abs() > TOLERANCE
    return _finding(
        national[wrong],
        lambda row: say(
            "{year}: {indicator} of the nation {value:.15g}, the provinces together "
            "{provinces:.15g} ({gap:+.1%})",
            year=row.year,
            indicator=row.indicator,
            value=row.value,
            provinces=row.provinces,
            gap=row.provinces / row.value - 1,
        ),
    )


def vintage_differences(table: pd.DataFrame) -> pd.DataFrame:
    """Find series that come in more than one vintage: per region the year that differs most."""
    key = ["region", "year", "indicator"]
    several = table[table.groupby(key)["vintage"].transform("nunique") > 1]
    if several.empty:
        return _finding(several, str)
    spread = several.groupby(key)["value"].agg(["min", "max"])
    several = several.join((spread["max"] / spread["min"] - 1).rename("spread"), on=key)
    newest = several["vintage"] == "revised"
    rows = several[newest].sort_values("spread", ascending=False, kind="stable")
    rows = rows.drop_duplicates(["region", "indicator"]).sort_values(["indicator", "region"])
    return _finding(
        rows,
        lambda row: say(
            "{region} {year}: {indicator}, the vintages differ by {spread:.1%}, "
            "the most of all years",
            region=row.region,
            year=row.year,
            indicator=row.indicator,
            spread=row.spread,
        ),
    )


def gaps(table: pd.DataFrame) -> pd.DataFrame:
    """Find years without a value inside the span of a series, and provinces that a year lacks."""
    found = []
    for (indicator, vintage), part in table.groupby(["indicator", "vintage"], sort=False):
        years = range(int(part["year"].min()), int(part["year"].max()) + 1)
        provinces = sorted(set(part["region"]) - {NATION})
        there = set(zip(part["region"], part["year"], strict=True))
        for year in years:
            absent = [code for code in provinces if (code, year) not in there]
            if not absent:
                continue
            listed = say("not {codes}", codes=say(", ").join(absent))
            who = say("no province") if len(absent) == len(provinces) else listed
            found.append((part["file"].iloc[0], f"{indicator} ({vintage}) {year}: {who}"))
    rows = pd.DataFrame(found, columns=["file", "before"]).astype("str")
    return rows.assign(row=pd.array([pd.NA] * len(rows), dtype="Int64"), after="")


def jumps(table: pd.DataFrame) -> pd.DataFrame:
    """Find values at least ten times, or at most a tenth of, the year before.

    Years that do not follow each other are not compared, nor is a value after zero or a loss.
    """
    ordered = table.sort_values(["indicator", "vintage", "region", "year"])
    before = ordered.groupby(["indicator", "vintage", "region"])[["year", "value"]].shift()
    ratio = ordered["value"] / before["value"].where(before["value"] > 0)
    wrong = (ordered["year"] - before["year"] == 1) & (
        (ratio >= TENFOLD) | ((ratio > 0) & (ratio <= 1 / TENFOLD))
    )
    rows = ordered.assign(earlier=before["value"])[wrong]
    return _finding(
        rows,
        lambda row: say(
            "{region} {year}: {indicator} {value:.15g}, the year before {earlier:.15g}",
            region=row.region,
            year=row.year,
            indicator=row.indicator,
            value=row.value,
            earlier=row.earlier,
        ),
    )


def _finding(rows: pd.DataFrame, describe: Callable[[Any], str]) -> pd.DataFrame:
    texts = [describe(row) for row in rows.itertuples(index=False)]
    return rows[["file", "row"]].assign(
        before=pd.Series(texts, index=rows.index, dtype="str"), after=""
    )
