"""Exact counts of what was found of the rows, and examples of each rule with where they stood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.clean.audit import EVENTS
from toolkit.clean.rows.delimited import CELLS
from toolkit.clean.rows.engines import ROW, Polars
from toolkit.clean.rows.findings import FOUND, Rule, Rulebook
from toolkit.clean.rows.gathered import Gathered, together
from toolkit.clean.rows.intake import PART, Intake
from toolkit.clean.rows.readers import Advice
from toolkit.tables import column_names

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["EXAMPLES", "Tally", "examples", "tally"]

EXAMPLES = 1_000
"""Events kept for each rule; counts are exact however many there are."""

HELD = 20_000
"""Rows to quote that are held in memory; more stay where they are."""

_FIRST, _COUNT = "_first", "_count"


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

    def of(self, rule: Rule) -> list[int]:
        """Return the findings that a rule is in."""
        found = self.cells[FOUND].to_numpy()
        numbers: list[int] = found[self._has(rule)].tolist()
        return numbers

    def _has(self, rule: Rule) -> np.ndarray[Any, np.dtype[np.bool_]]:
        has: np.ndarray[Any, np.dtype[np.bool_]] = (
            self.cells[FOUND].to_numpy() & self.rulebook.bit(rule.name)
        ) != 0
        return has

    def counts(self) -> pd.DataFrame:
        """Return rule, outcome and exact number of rows."""
        count = self.cells[_COUNT].to_numpy()
        rows = [
            (rule.name, rule.outcome, int(count[self._has(rule)].sum()))
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


def _noticed(
    marked: nw.LazyFrame[Any], gathered: Gathered, count: Tally
) -> nw.LazyFrame[Any] | None:
    """Return the rows to quote: those flagged, repeated or rejected, and the first of any other."""
    import narwhals as nw

    doubtful = count.rulebook.from_("flagged")
    firsts = count.cells.loc[count.cells[FOUND] > 0, _FIRST].tolist()
    if not firsts:
        return None
    chosen = (nw.col(FOUND) >= doubtful) | nw.col(ROW).is_in(firsts)
    found = marked.filter(chosen)
    there = column_names(found)
    roles = dict.fromkeys(name for part in gathered.parts for name in part.found if name in there)
    values = found.select(ROW, FOUND, *(nw.col(name).alias(f"_clean_{name}") for name in roles))
    small = gathered.engine.keep(values)
    quoted = [_quoted(part, rows, column_names(small)) for part, rows in gathered.divided(small)]
    # Each rule asks for its rows: a few are asked for faster in memory.
    few = count.rows(doubtful) + len(firsts) <= HELD
    return (Polars() if few else gathered.engine).keep(together(quoted))


def _quoted(part: Intake, rows: nw.LazyFrame[Any], names: Sequence[str]) -> nw.LazyFrame[Any]:
    """Return chosen rows of a part as texts, with what else they have and where they stood."""
    import narwhals as nw

    # Joined before the texts are made: making them for all rows would cost more than the rules.
    few = part.as_stood(rows)
    texts = few.select(*part.selection, *(nw.col(name) for name in names if name != ROW))
    place = [expression.alias(f"_at_{name}") for name, expression in part.place.items()]
    left_out = {CELLS, *part.extras.values()}
    kept = [name for name in column_names(texts) if name not in left_out]
    return texts.select(*kept, *place)


def examples(
    marked: nw.LazyFrame[Any],
    gathered: Gathered,
    count: Tally,
    *,
    key: Sequence[str],
    advice: Sequence[Advice],
) -> pd.DataFrame:
    """Return the first rows that each rule found, as events of an audit.

    Parameters
    ----------
    marked : LazyFrame
        ``_row``, ``_found`` and the clean columns.
    gathered : Gathered
        The texts as they stood.
    count : Tally
        Which findings there are.
    key : sequence of str
        Columns that make a row unique, which are quoted of a row that repeats them.
    advice : sequence of callable
        Says for a rule and its texts what was probably meant, for each part.
    """
    import narwhals as nw

    noticed = _noticed(marked, gathered, count)
    parts: list[pd.DataFrame] = []
    for rule in count.rulebook.rules:
        found = count.of(rule)
        if not found or noticed is None:
            continue
        chosen = noticed.filter(nw.col(FOUND).is_in(found)).sort(ROW).head(EXAMPLES)
        rows = chosen.collect("pyarrow").to_pandas()
        for number, of_part in rows.groupby(rows[ROW] // PART):
            place = int(number)
            parts.append(_events(rule, of_part, gathered.parts[place], key, advice[place]))
    events = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(EVENTS))
    return events.astype({name: "str" for name in EVENTS if name != "row"} | {"row": "Int64"})


def _events(
    rule: Rule, rows: pd.DataFrame, part: Intake, key: Sequence[str], advice: Advice
) -> pd.DataFrame:
    before = _before(rule, rows, key)
    return pd.DataFrame(
        {
            "rule": rule.name,
            "outcome": rule.outcome,
            "file": _file(rows),
            "row": rows["_at_row" if "_at_row" in rows else ROW].astype("Int64"),
            "column": part.found.get(rule.column, rule.column),
            "before": before,
            "after": _after(rule, rows, before, advice),
        }
    )


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
