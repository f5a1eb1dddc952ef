"""Tables to be shown, and how any table becomes HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from toolkit.language import say, spoken
from toolkit.results.numbers import format_cell

__all__ = ["Table", "html_figure", "html_table", "said_table"]

FIGURE = re.compile(
    r"[-\u2212×]?[\d.,]+(e[-+]\d+)?"
    r"(%| of \d+| billion CNY| CNY| persons| count|/\d+|万亿元|亿元|万元|元|人|个)?$|n/a$|不适用$|$"
)
"""Text that reads as a number, and stands to the right of its column as numbers do."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Table:
    """A table to be shown: no estimates, but a title, notes and every digit as CSV.

    Parameters
    ----------
    title : str
        What the table shows.
    frame : DataFrame
        The rows.
    notes : tuple of str
        What a reader must know.
    """

    title: str
    frame: pd.DataFrame
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "frame", self.frame.reset_index(drop=True).copy())

    def to_csv(self) -> str:
        """Return the rows as CSV text."""
        return self.frame.to_csv(index=False, lineterminator="\n")

    def to_html(self) -> str:
        """Return title, rows and notes as HTML, without any generated id."""
        table = html_table(said_table(self.frame))
        return html_figure(html.escape(say(self.title)), table, map(say, self.notes))

    def __str__(self) -> str:
        shown = said_table(self.frame).to_string(index=False)
        lines = [say(self.title), "", shown, *(say("Note: {note}", note=n) for n in self.notes)]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.title}; {len(self.frame)} rows>"

    def _repr_html_(self) -> str:
        return self.to_html()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": self.to_html(), "text/csv": self.to_csv()}


def said_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with headings and cells in the language spoken; numbers stay numbers."""
    if spoken() == "en":
        return frame
    said = frame.astype(object).map(lambda value: say(value) if isinstance(value, str) else value)
    return said.rename(columns=say)


def html_table(frame: pd.DataFrame) -> str:
    """Return the rows as an HTML table, numbers written to be read and words marked as such."""
    words = [
        any(isinstance(value, str) and not FIGURE.match(value) for value in frame[name])
        for name in frame.columns
    ]
    kinds = [" class='words'" if word else "" for word in words]
    heads = "".join(
        f"<th scope='col'{kind}>{html.escape(str(name))}</th>"
        for kind, name in zip(kinds, frame.columns, strict=True)
    )
    rows = (
        "".join(
            f"<td{kind}>{html.escape(format_cell(value))}</td>"
            for kind, value in zip(kinds, row, strict=True)
        )
        for row in frame.itertuples(index=False)
    )
    body = "\n".join(f"<tr>{row}</tr>" for row in rows)
    head = f"<thead><tr>{heads}</tr></thead>"
    return f"<table class='toolkit'>\n{head}\n<tbody>\n{body}\n</tbody></table>"


def html_figure(heading: str, table: str, notes: Iterable[str]) -> str:
    """Return a table with its heading above and its notes below it, as HTML."""
    below = "".join(f"<li>{html.escape(note)}</li>" for note in notes)
    listed = f"<ul class='toolkit-notes'>{below}</ul>" if below else ""
    return f"<figure class='toolkit'><figcaption>{heading}</figcaption>{table}{listed}</figure>"
