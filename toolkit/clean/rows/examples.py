"""Exact counts of what was found of the rows, and examples of each rule with where they stood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.clean.audit import EVENTS
from toolkit.clean.rows.engines import ROW
from toolkit.clean.rows.findings import FOUND, Rule, Rulebook
from toolkit.clean.rows.intake import Intake
from toolkit.clean.rows.readers import Advice
from toolkit.tables import column_names

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["EXAMPLES", "SOURCE_RULES", "Tally", "examples", "source_counts", "tally"]

EXAMPLES = 1_000
"""Events kept for each rule; counts are exact however many there are."""

_FIRST, _COUNT = "_first", "_count"

SOURCE_RULES = {
    "not_data": "Title lines, headings and notes of the file, read for what they say, not as data.",
    "column_read_as": "Which heading was taken for which column. Correct it with columns=.",
}
"""Rules that look at the file, not at its rows."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Tally:
    """How many rows have which findings, and the first of them."""

    cells: pd.DataFrame
    rulebook: Rulebook

    def rows(self, low: int, high: int | None = None) -> int:
        """Count rows with findings from `low` on, below `high`."""
        found = self.cells[FOUND]
        chosen = (found >= low) if high is None else (found >= low) & (found < high)
        return int(self.cells.loc[chosen, _COUNT].sum())

    def of(self, rule: Rule) -> pd.DataFrame:
        """Return the findings that a rule is in."""
        return self.cells[(self.cells[FOUND] & self.rulebook.bit(rule.name)) != 0]

    def counts(self) -> pd.DataFrame:
        """Return rule, outcome and exact number of rows."""
        rows = [
            (rule.name, rule.outcome, int(self.of(rule)[_COUNT].sum()))
            for rule in self.rulebook.rules
        ]
        table = pd.DataFrame(rows, columns=["rule", "outcome", "rows"])
        return table[table["rows"] > 0].reset_index(drop=True)


def tally(marked: nw.LazyFrame[Any], rulebook: Rulebook) -> Tally:
    """Count the rows of each combination of findings, in their engine."""
    import narwhals as nw

    cells = (
        marked.group_by(FOUND)
        .agg(nw.len().alias(_COUNT), nw.col(ROW).min().alias(_FIRST))
        .collect("pyarrow")
        .to_pandas()
        .sort_values(_FIRST, ignore_index=True)
    )
    return Tally(cells=cells, rulebook=rulebook)


def _noticed(marked: nw.LazyFrame[Any], intake: Intake, count: Tally) -> nw.LazyFrame[Any] | None:
    """Return the rows to quote: those flagged, repeated or rejected, and the first of any other."""
    import narwhals as nw

    doubtful = count.rulebook.from_("flagged")
    firsts = count.cells.loc[count.cells[FOUND] > 0, _FIRST].tolist()
    if not firsts:
        return None
    chosen = (nw.col(FOUND) >= doubtful) | nw.col(ROW).is_in(firsts)
    found = marked.filter(chosen)
    roles = [name for name in intake.found if name in column_names(found)]
    values = found.select(ROW, FOUND, *(nw.col(name).alias(f"_clean_{name}") for name in roles))
    small = intake.engine.keep(values)
    # Joined before the texts are made: making them for all rows would cost more than the rules.
    few = intake.as_stood(small)
    added = [name for name in column_names(small) if name != ROW]
    texts = few.select(*intake.selection, *added)
    place = [expression.alias(f"_at_{name}") for name, expression in intake.place.items()]
    kept = [name for name in column_names(texts) if name not in intake.extras.values()]
    return intake.engine.keep(texts.select(*kept, *place))


def examples(
    marked: nw.LazyFrame[Any],
    intake: Intake,
    count: Tally,
    *,
    key: Sequence[str],
    advice: Advice,
) -> pd.DataFrame:
    """Return the first rows that each rule found, as events of an audit.

    Parameters
    ----------
    marked : LazyFrame
        ``_row``, ``_found`` and the clean columns.
    intake : Intake
        The texts as they stood.
    count : Tally
        Which findings there are.
    key : sequence of str
        Columns that make a row unique, which are quoted of a row that repeats them.
    advice : callable
        Says for a rule and its texts what was probably meant.
    """
    import narwhals as nw

    noticed = _noticed(marked, intake, count)
    parts = [_source_events(intake)]
    for rule in count.rulebook.rules:
        found = count.of(rule)[FOUND].tolist()
        if not found or noticed is None:
            continue
        chosen = noticed.filter(nw.col(FOUND).is_in(found)).sort(ROW).head(EXAMPLES)
        rows = chosen.collect("pyarrow").to_pandas()
        before = _before(rule, rows, key)
        after = _after(rule, rows, before, advice)
        parts.append(
            pd.DataFrame(
                {
                    "rule": rule.name,
                    "outcome": rule.outcome,
                    "file": _file(rows),
                    "row": rows["_at_row" if "_at_row" in rows else ROW].astype("Int64"),
                    "column": intake.found.get(rule.column, rule.column),
                    "before": before,
                    "after": after,
                }
            )
        )
    events = pd.concat(parts, ignore_index=True)
    return events.astype({name: "str" for name in EVENTS if name != "row"} | {"row": "Int64"})


def _before(rule: Rule, rows: pd.DataFrame, key: Sequence[str]) -> pd.Series[Any]:
    if rule.column in rows:
        return rows[rule.column].astype("str")
    if rule.name not in ("repeated_row", "conflicting_rows"):
        return pd.Series("", index=rows.index, dtype="str")
    parts = [rows[f"_clean_{name}"].map(_plain).astype("str") for name in key]
    return pd.concat(parts, axis=1).agg(", ".join, axis=1).astype("str")


def _after(
    rule: Rule, rows: pd.DataFrame, before: pd.Series[Any], advice: Advice
) -> pd.Series[Any]:
    clean = f"_clean_{rule.column}"
    if rule.outcome == "altered" and clean in rows:
        return rows[clean].map(_plain).astype("str")
    said = advice(rule, before.unique().tolist())
    return before.map(lambda text: said.get(text, "")).astype("str")


def _plain(value: Any) -> str:
    if pd.isna(value):
        return ""
    return f"{value:.15g}" if isinstance(value, float) else str(value).removesuffix(" 00:00:00")


def _file(rows: pd.DataFrame) -> pd.Series[Any]:
    if "_at_file" not in rows:
        return pd.Series("", index=rows.index, dtype="str")
    file = rows["_at_file"].fillna("").astype("str")
    if "_at_sheet" not in rows:
        return file
    sheet = rows["_at_sheet"].fillna("").astype("str")
    return file + sheet.map(lambda name: f", sheet {name}" if name else "").astype("str")


def _source_events(intake: Intake) -> pd.DataFrame:
    heads = [("not_data", line, "", text, "") for line, text in intake.lines]
    named = [
        ("column_read_as", pd.NA, name, heading, name) for name, heading in intake.found.items()
    ]
    table = pd.DataFrame([*heads, *named], columns=["rule", "row", "column", "before", "after"])
    table = table.assign(outcome="heading", file=intake.file)
    return table[list(EVENTS)].astype(
        {name: "str" for name in EVENTS if name != "row"} | {"row": "Int64"}
    )


def source_counts(intake: Intake) -> pd.DataFrame:
    """Count what was found of the file."""
    rows = [
        ("not_data", "heading", len(intake.lines)),
        ("column_read_as", "heading", len(intake.found)),
    ]
    table = pd.DataFrame(rows, columns=["rule", "outcome", "rows"])
    return table[table["rows"] > 0]
