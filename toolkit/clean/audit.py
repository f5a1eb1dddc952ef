"""What happened to the rows; nothing vanishes unseen.

A cleaning step keeps a :class:`Trail`: one event for each row (or cell) that was dropped, altered
or found doubtful. :class:`Audit` counts the events by rule and keeps them; :class:`Cleaned` holds
the table, the rejected rows and the audit, and cannot be built unless the rows add up.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

import pandas as pd

from toolkit.errors import DataError, OptionError
from toolkit.language import say
from toolkit.results import html_table, said_table
from toolkit.tables import stream_table

__all__ = ["EVENTS", "Audit", "Cleaned", "Outcome", "Trail"]

Outcome = Literal["rejected", "duplicate", "altered", "flagged", "heading"]
"""``rejected`` and ``duplicate`` rows leave the table; ``altered`` and ``flagged`` rows stay in it;
a ``heading`` is a line of the source that is not data: a title, a note, the name of the source."""

EVENTS = ("rule", "outcome", "file", "row", "column", "before", "after")


class Trail:
    """Collects events while a table is cleaned."""

    def __init__(self) -> None:
        self._parts: list[pd.DataFrame] = []
        self._meanings: dict[str, str] = {}

    def add(
        self,
        rows: pd.DataFrame,
        *,
        rule: str,
        outcome: Outcome,
        meaning: str,
        column: str = "",
        before: object = "",
        after: object = "",
    ) -> None:
        """Enter one event for each row.

        Parameters
        ----------
        rows : DataFrame
            The rows concerned, with ``file`` and ``row`` where they stood.
        rule : str
            Short name of the rule.
        outcome : {"rejected", "duplicate", "altered", "flagged", "heading"}
            What became of the row.
        meaning : str
            One sentence: what the rule means and what a reader may do.
        column : str
            The column concerned.
        before, after : scalar or Series aligned with `rows`
            What was there, and what stands there now.
        """
        if outcome not in get_args(Outcome):
            raise OptionError(f"outcome is one of {', '.join(get_args(Outcome))}; got {outcome!r}.")
        self._meanings[rule] = meaning
        if rows.empty:
            return
        events = pd.DataFrame(
            {
                "rule": rule,
                "outcome": outcome,
                "file": rows["file"].astype("str") if "file" in rows else "",
                "row": rows["row"].astype("Int64") if "row" in rows else pd.NA,
                "column": column,
                "before": _texts(before, rows.index),
                "after": _texts(after, rows.index),
            },
            index=rows.index,
        )
        self._parts.append(events)

    def events(self) -> pd.DataFrame:
        """Return all events so far, in the order of their entry."""
        if not self._parts:
            empty = pd.DataFrame({name: pd.Series(dtype="str") for name in EVENTS})
            return empty.astype({"row": "Int64"})
        return pd.concat(self._parts, ignore_index=True).astype({"row": "Int64"})

    def meanings(self) -> dict[str, str]:
        """Return the meaning of each rule that was applied, whether or not it found anything."""
        return dict(self._meanings)


def _texts(value: object, index: pd.Index) -> pd.Series:
    if isinstance(value, pd.Series):
        return value.reindex(index).astype("str").fillna("")
    return pd.Series("" if value is None else str(value), index=index, dtype="str")


@dataclass(frozen=True, kw_only=True, eq=False)
class Audit:
    """Counts by rule, with every event and where it stood.

    Parameters
    ----------
    title : str
        What was cleaned.
    rows_in, passed, duplicates, rejected : int
        Rows (for a wide table: cells) that came in, and what became of them.
    events : DataFrame
        One row per event: rule, outcome, file, row, column, before, after.
    meanings : dict
        The meaning of each rule.
    counts : DataFrame, optional
        rule, outcome, rows: exact counts of a table of any size, of whose events only the first of
        each rule are kept as examples; None where the events are all there.
    """

    title: str
    rows_in: int
    passed: int
    duplicates: int
    rejected: int
    events: pd.DataFrame
    meanings: dict[str, str] = field(default_factory=dict)
    counts: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        if self.rows_in != self.passed + self.duplicates + self.rejected:
            raise DataError(
                f"{self.title}: {self.rows_in} rows came in, but {self.passed} passed, "
                f"{self.duplicates} were duplicates and {self.rejected} were rejected. "
                "A cleaning rule lost or invented rows."
            )

    def by_rule(self) -> pd.DataFrame:
        """Return one row per rule: rule, outcome, rows, an example, where it stood, meaning."""
        columns = ["rule", "outcome", "rows", "example", "where", "meaning"]
        examples = self.events.drop_duplicates(["rule", "outcome"])
        table = examples.merge(self._counts(), on=["rule", "outcome"], how="outer", sort=False)
        order = self._counts().reset_index(names="order")
        table = table.merge(order[["rule", "outcome", "order"]], on=["rule", "outcome"])
        rows = []
        for first in table.sort_values("order").to_dict("records"):
            texts = {name: "" if pd.isna(first[name]) else first[name] for name in EVENTS}
            change = f"{texts['before']} → {texts['after']}" if texts["after"] else texts["before"]
            row = f"row {texts['row']}" if texts["row"] != "" else ""
            place = ", ".join(str(part) for part in (texts["file"], row) if part != "")
            meaning = self.meanings.get(str(first["rule"]), "")
            rows.append((first["rule"], first["outcome"], first["rows"], change, place, meaning))
        return pd.DataFrame(rows, columns=columns)

    def _counts(self) -> pd.DataFrame:
        """Return rule, outcome and number of rows, of the events where no counts were given."""
        if self.counts is not None:
            return self.counts
        return self.events.groupby(["rule", "outcome"], sort=False).size().reset_index(name="rows")

    def count(self, rule: str) -> int:
        """Return how many events a rule entered; 0 where it found nothing.

        Raises
        ------
        OptionError
            If no such rule was applied.
        """
        if rule not in self.meanings:
            raise OptionError(
                f"No rule {rule!r} was applied. The rules were: {', '.join(self.meanings)}."
            )
        counts = self._counts()
        return int(counts.loc[counts["rule"] == rule, "rows"].sum())

    def balance(self) -> str:
        """Return the sentence that accounts for every row."""
        return say(
            "{rows_in:,} rows in = {passed:,} passed + {duplicates:,} duplicates "
            "+ {rejected:,} rejected",
            rows_in=self.rows_in,
            passed=self.passed,
            duplicates=self.duplicates,
            rejected=self.rejected,
        )

    def summary(self) -> str:
        """Return the balance and the counts by rule as plain text."""
        lines = [self.title, self.balance()]
        for row in self.by_rule().itertuples(index=False):
            lines.append(f"  {row.outcome:<9} {row.rows:>7,}  {row.rule}: {row.meaning}")
            shown = ": ".join(str(part) for part in (row.where, row.example) if part)
            lines.append(f"  {'':<9} {'':>7}  e.g. {shown}")
        return "\n".join(lines)

    def write(self, stem: str | Path) -> list[Path]:
        """Write ``STEM.audit.csv`` (the events) and ``STEM.audit.txt`` (the summary)."""
        base = Path(stem)
        base.parent.mkdir(parents=True, exist_ok=True)
        events = base.with_name(base.name + ".audit.csv")
        text = base.with_name(base.name + ".audit.txt")
        self.events.to_csv(events, index=False, lineterminator="\n")
        text.write_text(self.summary() + "\n", encoding="utf-8")
        return [events, text]

    def __str__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        table = html_table(said_table(self.by_rule()))
        heading = f"<strong>{html.escape(self.title)}</strong><br>{html.escape(self.balance())}"
        return f"<div class='toolkit'><p>{heading}</p>{table}</div>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {
            "text/plain": self.summary(),
            "text/html": self._repr_html_(),
            "text/csv": self.by_rule().to_csv(index=False, lineterminator="\n"),
        }


@dataclass(frozen=True, kw_only=True, eq=False)
class Cleaned:
    """A clean table, the rows that did not make it, and the account of both.

    Parameters
    ----------
    table : DataFrame
        Rows that passed, in the columns of their schema. A ledger comes back in the kind that it
        was given in: a frame of pandas, Polars or Arrow, a relation of DuckDB (also of a path), or
        a frame of Spark.
    rejected : DataFrame
        Rows that did not, as they stood, with ``file``, ``row`` and ``reasons``, of the same kind.
    audit : Audit
        What happened, by rule.

    Raises
    ------
    DataError
        If the rows do not add up to the audit's counts.
    """

    table: Any
    rejected: Any
    audit: Audit

    def __post_init__(self) -> None:
        passed, rejected = _height(self.table), _height(self.rejected)
        if passed not in (None, self.audit.passed) or rejected not in (None, self.audit.rejected):
            raise DataError(
                f"{self.audit.title}: the audit counts {self.audit.passed} passed and "
                f"{self.audit.rejected} rejected rows, the tables hold {passed} and {rejected}."
            )

    def write(self, stem: str | Path) -> list[Path]:
        """Write ``STEM.parquet``, the rejected rows if there are any, and the audit beside it.

        A table of DuckDB or Spark is written as it is computed, and is never whole in memory.
        """
        base = Path(stem)
        written = [stream_table(self.table, base.with_name(base.name + ".parquet"))]
        rejected = base.with_name(base.name + ".rejected.csv")
        if self.audit.rejected:
            written.append(stream_table(self.rejected, rejected))
        else:
            rejected.unlink(missing_ok=True)
        return written + self.audit.write(base)

    def _repr_html_(self) -> str:
        return self.audit._repr_html_() + html_table(self.table.head(8))

    def __repr__(self) -> str:
        return f"<Cleaned {self.audit.title}: {self.audit.balance()}>"


def _height(table: Any) -> int | None:
    """Return the rows of a frame in memory; None where counting would compute it."""
    module = type(table).__module__.partition(".")[0]
    held = module in ("pandas", "polars", "pyarrow") and hasattr(table, "__len__")
    return len(table) if held else None
