"""Published figures on programmes: from the table of texts to numbers with bounds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.clean.audit import Audit, Cleaned, Trail
from toolkit.clean.periods import parse_periods
from toolkit.clean.published import parse_figures
from toolkit.clean.regions import read_regions
from toolkit.language import say
from toolkit.schema import FIGURES, NATION, require_columns
from toolkit.tables import as_pandas

__all__ = ["clean_figures"]

NEEDED = (
    "figure_id",
    "region",
    "region_code",
    "programme",
    "measure",
    "as_published",
    "period",
    "family",
    "source",
    "note",
)


def clean_figures(data: Any) -> Cleaned:
    """Read published figures into numbers with bounds, places into codes, periods into days.

    Parameters
    ----------
    data : frame or path
        Columns ``figure_id region region_code programme measure as_published period family
        source note``, as in ``data/raw/published_figures.csv``.

    Returns
    -------
    Cleaned
        Table ``figure_id region region_name programme measure as_published low high unit bound
        inclusive direction start end family source note``. The text as published is kept beside
        what was read from it. Rejected: a figure that cannot be read, or without a name, or whose
        name stands twice; flagged: an approximate value, an unread period, a code that is not the
        one that the name of the place means.

    Raises
    ------
    ColumnError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> figure = {name: "" for name in NEEDED} | {"figure_id": "f1", "region": "Anhui",
    ...     "region_code": "340000", "as_published": "over 210 billion yuan", "period": "2025-11"}
    >>> clean_figures(pd.DataFrame([figure])).table[["low", "high", "unit", "bound"]]
                low  high unit bound
    0  2.100000e+11   NaN  CNY  over
    """
    raw = as_pandas(data)
    require_columns(raw, NEEDED)
    file = Path(data).name if isinstance(data, str | Path) else ""
    rows = raw[list(NEEDED)].astype("str").reset_index(drop=True)
    rows = rows.assign(file=file, row=range(2, len(rows) + 2))
    figures = parse_figures(rows["as_published"], measures=rows["measure"])
    trail = Trail()
    reasons = _reject(rows, figures, trail)
    kept = reasons == ""
    periods = parse_periods(rows["period"])
    table = rows.rename(columns={"region": "region_name", "region_code": "region"}).join(
        [figures, periods[["start", "end"]]]
    )
    _flag(rows[kept], figures[kept], periods[kept], trail)
    return Cleaned(
        table=table.loc[kept, FIGURES.names].reset_index(drop=True),
        rejected=rows.assign(reasons=reasons)[~kept].reset_index(drop=True),
        audit=Audit(
            title=say("published figures"),
            rows_in=len(rows),
            passed=int(kept.sum()),
            duplicates=0,
            rejected=int((~kept).sum()),
            events=trail.events(),
            meanings=trail.meanings(),
        ),
    )


def _reject(rows: pd.DataFrame, figures: pd.DataFrame, trail: Trail) -> pd.Series:
    unread = figures["low"].isna() & figures["high"].isna()
    rules = {
        "not_a_figure": (
            unread,
            "as_published",
            "A text that is no number with a unit that is known.",
        ),
        "no_name": (
            rows["figure_id"].fillna("").str.strip() == "",
            "figure_id",
            "A figure without a name cannot be cited.",
        ),
        "name_repeated": (
            rows["figure_id"].duplicated(keep=False) & rows["figure_id"].notna(),
            "figure_id",
            "Two figures with one name: neither can be cited.",
        ),
    }
    reasons = pd.Series("", index=rows.index, dtype="str")
    for rule, (wrong, column, meaning) in rules.items():
        found = rows[wrong]
        trail.add(
            found,
            rule=rule,
            outcome="rejected",
            meaning=meaning,
            column=column,
            before=found[column],
        )
        reasons = reasons.mask(wrong, (reasons + "; " + rule).str.removeprefix("; "))
    return reasons


def _flag(rows: pd.DataFrame, figures: pd.DataFrame, periods: pd.DataFrame, trail: Trail) -> None:
    places = read_regions(rows["region"], level="any")
    meant = places["code"].mask(places["issue"] == "nation", NATION)
    elsewhere = meant.notna() & (meant != rows["region_code"])
    doubts = {
        "approximate": (
            figures["approximate"],
            "as_published",
            rows["as_published"],
            "The text says about or approximately; both sides hold the value as it stands.",
        ),
        "figure_doubtful": (
            figures["issue"].notna(),
            "as_published",
            rows["as_published"] + ": " + figures["reason"],
            "The figure was read, but its text leaves something open.",
        ),
        "period_unread": (
            periods["start"].isna() & rows["period"].notna(),
            "period",
            rows["period"],
            "The period is no date, month, quarter, half-year, year or span of years.",
        ),
        "period_missing": (
            rows["period"].isna(),
            "period",
            rows["as_published"],
            "The source gives no period.",
        ),
        "place_unknown": (
            meant.isna(),
            "region",
            rows["region"],
            "The name of the place is not one place of GB/T 2260; its code stands as given.",
        ),
        "place_disagrees": (
            elsewhere,
            "region",
            rows["region"] + ": " + rows["region_code"] + " given, " + meant + " meant",
            "The code given is not that of the place named; it stands as given.",
        ),
    }
    for rule, (doubtful, column, before, meaning) in doubts.items():
        trail.add(
            rows[doubtful],
            rule=rule,
            outcome="flagged",
            meaning=meaning,
            column=column,
            before=before,
        )
