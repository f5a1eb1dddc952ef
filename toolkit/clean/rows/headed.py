"""What an audit says of files and headings: which were read, as what, and which were not."""

from __future__ import annotations

from typing import Any

import pandas as pd

from toolkit.clean.audit import EVENTS
from toolkit.clean.audit.headings import DATES, READ, UNUSED
from toolkit.clean.periods import read_periods
from toolkit.clean.rows.gathered import Gathered
from toolkit.clean.rows.intake import Intake
from toolkit.language import say

__all__ = ["SOURCE_RULES", "source_counts", "source_events"]

SEEN = 200
"""First rows of a column that show whether it holds dates."""

MOSTLY = 0.8
"""Share of its texts that are dates, from which on it does."""

SOURCE_RULES = {
    "not_data": "Title lines, headings and notes of the file, read for what they say, not as data.",
    READ: "Which heading was taken for which column. Correct it with columns= in "
    "Python, -c NAME=HEADING on the command line.",
    UNUSED: "Headings taken for no column; each stays in the table as it stood.",
    DATES: "Headings over dates, taken for no column; each stays in the table as it stood. If one "
    "is the date meant, name it with columns= in Python, -c NAME=HEADING on the command line.",
    "file_read": "A file of the table, with all its rows.",
    "not_a_table": "A file of the folder that does not end like a table; it was not read.",
}
"""Rules that look at the file, not at its rows."""


def source_events(gathered: Gathered) -> pd.DataFrame:
    """Return an event for each line, heading and file that a rule of :data:`SOURCE_RULES` found."""
    rows: list[tuple[Any, ...]] = []
    for part in gathered.parts:
        if len(gathered.parts) > 1:
            height = say("{rows:,} rows", rows=part.rows)
            rows.append(("file_read", part.file, pd.NA, "", height, ""))
        rows.extend(("not_data", part.file, line, "", text, "") for line, text in part.lines)
        rows.extend(
            (READ, part.file, pd.NA, name, heading, name) for name, heading in part.found.items()
        )
        dated = _over_dates(part)
        rows.extend(
            (DATES if heading in dated else UNUSED, part.file, pd.NA, name, heading,
             name if name != heading else "")
            for heading, name in part.extras.items()
        )  # fmt: skip
    rows.extend(("not_a_table", file, pd.NA, "", "", "") for file in gathered.aside)
    columns = ["rule", "file", "row", "column", "before", "after"]
    table = pd.DataFrame(rows, columns=columns).assign(outcome="heading")
    return table[list(EVENTS)].astype(
        {name: "str" for name in EVENTS if name != "row"} | {"row": "Int64"}
    )


def source_counts(events: pd.DataFrame) -> pd.DataFrame:
    """Count the events of :func:`source_events` by rule."""
    rows = [(rule, "heading", int((events["rule"] == rule).sum())) for rule in SOURCE_RULES]
    table = pd.DataFrame(rows, columns=["rule", "outcome", "rows"])
    return table[table["rows"] > 0]


def _over_dates(part: Intake) -> set[str]:
    """Return the headings that no reader reads and whose first cells are dates."""
    if not part.extras:
        return set()
    first = part.raw.select(*part.extras).head(SEEN).collect("pyarrow").to_pandas()
    return {heading for heading in part.extras if _are_dates(first[heading])}


def _are_dates(cells: pd.Series[Any]) -> bool:
    texts = cells.dropna().astype(str).str.strip()
    read = read_periods(texts).table
    given = read["issue"].ne("missing")
    dates = read["issue"].isna() & ~read["notes"].fillna("").str.contains("excel_serial")
    return bool(given.any() and dates[given].mean() >= MOSTLY)
