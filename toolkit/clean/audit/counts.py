"""The account of a table: how many rows each rule found, with every event and where it stood."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from toolkit.clean.audit.headings import HEADINGS, heading_lines, heading_table
from toolkit.clean.audit.trail import EVENTS
from toolkit.errors import DataError, OptionError
from toolkit.language import say, speaking
from toolkit.results import html_table, said_table

__all__ = ["Audit"]


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
        with speaking("en"):
            return self._by_rule()

    def _by_rule(self) -> pd.DataFrame:
        columns = ["rule", "outcome", "rows", "example", "where", "meaning"]
        examples = self.events.drop_duplicates(["rule", "outcome"])
        table = examples.merge(self._counts(), on=["rule", "outcome"], how="outer", sort=False)
        order = self._counts().reset_index(names="order")
        table = table.merge(order[["rule", "outcome", "order"]], on=["rule", "outcome"])
        rows = []
        for first in table.sort_values("order").to_dict("records"):
            texts = {name: "" if pd.isna(first[name]) else first[name] for name in EVENTS}
            change = f"{texts['before']} → {texts['after']}" if texts["after"] else texts["before"]
            row = say("row {row}", row=texts["row"]) if texts["row"] != "" else ""
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
        """Return the balance, the counts by rule and every heading as plain text."""
        lines = [self.title, self.balance()]
        for row in self._by_rule().itertuples(index=False):
            meaning = say(str(row.meaning))
            lines.append(f"  {say(str(row.outcome)):<9} {row.rows:>7,}  {row.rule}: {meaning}")
            if row.rule in HEADINGS:
                below = heading_lines(self.events, str(row.rule))
            else:
                shown = ": ".join(str(part) for part in (row.where, row.example) if part)
                below = [say("e.g. {shown}", shown=shown)]
            lines += [f"  {'':<9} {'':>7}  {text}" for text in below]
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
        rules = self._by_rule()
        tables = [html_table(said_table(rules[~rules["rule"].isin(HEADINGS)]))]
        headings = heading_table(self.events)
        if len(headings):
            tables.append(html_table(said_table(headings)))
        heading = f"<strong>{html.escape(self.title)}</strong><br>{html.escape(self.balance())}"
        return f"<div class='toolkit'><p>{heading}</p>{''.join(tables)}</div>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {
            "text/plain": self.summary(),
            "text/html": self._repr_html_(),
            "text/csv": self.by_rule().to_csv(index=False, lineterminator="\n"),
        }
