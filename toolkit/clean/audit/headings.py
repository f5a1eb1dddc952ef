"""Which heading was taken for which column, and which for none, as an audit shows them."""

from __future__ import annotations

import pandas as pd

from toolkit.language import say

__all__ = ["DATES", "HEADINGS", "READ", "UNUSED", "heading_lines", "heading_table"]

READ, UNUSED, DATES = "column_read_as", "column_not_used", "dates_not_used"
HEADINGS = (READ, UNUSED, DATES)
"""Rules on headings, whose every event is shown: one example of them would hide the others."""

_MOST = 3


def heading_lines(events: pd.DataFrame, rule: str) -> list[str]:
    """Return the lines in which a summary lists what a rule on headings found."""
    found = _headings(events)
    rows = found[found["rule"] == rule]
    texts = [
        (f"{heading} → {column}" if column else heading) + (f" ({files})" if files else "")
        for heading, column, files in rows[["before", "after", "files"]].itertuples(index=False)
    ]
    return texts if rule == READ else [say(", ").join(texts)]


def heading_table(events: pd.DataFrame) -> pd.DataFrame:
    """Return one row a heading: what it was read as, and in which files where not in all."""
    found = _headings(events)
    unused = found["rule"].map({UNUSED: "not used", DATES: "not used; holds dates"})
    table = pd.DataFrame(
        {
            "heading": found["before"],
            "read as": found["after"].where(found["rule"] == READ, unused),
            "files": found["files"],
        }
    )
    return table if (table["files"] != "").any() else table.drop(columns="files")


def _headings(events: pd.DataFrame) -> pd.DataFrame:
    """Return each heading once, with its files where others do not have it."""
    about = events[events["rule"].isin(HEADINGS)]
    everywhere = about["file"].nunique()
    by_heading = about.groupby(["rule", "before", "after"], sort=False)["file"].unique()
    files = ["" if len(names) == everywhere else _listed(names) for names in by_heading]
    return by_heading.index.to_frame(index=False).assign(files=files)


def _listed(names: pd.api.extensions.ExtensionArray) -> str:
    shown = [*names[:_MOST]]
    if len(names) > _MOST:
        shown.append(say("{more} more", more=len(names) - _MOST))
    return str(say(", ").join(shown))
