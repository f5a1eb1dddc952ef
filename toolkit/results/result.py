"""The base of every estimate."""

from __future__ import annotations

import html
import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pandas as pd

from toolkit.errors import ColumnError, ModelError
from toolkit.language import say
from toolkit.results.exports import as_json, as_latex, write_word
from toolkit.results.numbers import check_conf_level, format_cell, format_number
from toolkit.results.prose import KEY_FIGURES, Prose, said_figures
from toolkit.results.protocol import SideBySide
from toolkit.results.selection import (
    Columns,
    capital_heads,
    check_columns,
    fact_name,
    formatted,
    named_table,
    paper_table,
    worded_table,
)
from toolkit.results.tables import html_figure, html_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["TIDY_COLUMNS", "Result"]

TIDY_COLUMNS = (
    "term",
    "estimate",
    "std_error",
    "statistic",
    "p_value",
    "conf_low",
    "conf_high",
)
"""The fixed columns of a tidy table; group columns stand before them, facts of a row behind."""

ROWS_SHOWN = 40


@dataclass(frozen=True, kw_only=True, eq=False)
class Result(SideBySide):
    """An estimate with its interval, and all that a reader must know of it.

    Parameters
    ----------
    title : str
        What was estimated, as a heading.
    unit : str
        Unit of the estimates, such as ``"yuan per yuan"``.
    terms : DataFrame
        One row per term: group columns, then :data:`TIDY_COLUMNS`, then facts of the row.
    facts : mapping
        One value each for the whole result (rows used, clusters, method).
    conf_level : float
        Level of the intervals, a fraction.
    notes : tuple of str
        What a reader must know: rows left out, corrections, too few clusters, proxies.
    fitted : DataFrame, optional
        Rows with fitted values, where the model has them.

    Raises
    ------
    ColumnError
        If `terms` lacks a fixed column or has them in another order.
    """

    title: str
    unit: str
    terms: pd.DataFrame
    facts: Mapping[str, Any] = field(default_factory=dict)
    conf_level: float = 0.95
    notes: tuple[str, ...] = ()
    fitted: pd.DataFrame | None = None

    estimate_label: ClassVar[str] = "estimate"

    def __post_init__(self) -> None:
        check_conf_level(self.conf_level)
        names = list(self.terms.columns)
        start = names.index("term") if "term" in names else len(names)
        if tuple(names[start : start + len(TIDY_COLUMNS)]) != TIDY_COLUMNS:
            raise ColumnError(
                f"A tidy table has the columns {', '.join(TIDY_COLUMNS)} in this order; "
                f"got {', '.join(map(str, names))}."
            )
        object.__setattr__(self, "terms", self.terms.reset_index(drop=True).copy())
        object.__setattr__(self, "facts", MappingProxyType(dict(self.facts)))
        object.__setattr__(self, "notes", tuple(self.notes))

    def labelled(self, label: str) -> Self:
        """Return the same result with a mark in its title, such as that its data is simulated.

        An empty label changes nothing.
        """
        return (
            replace(self, title=say("{title} ({label})", title=self.title, label=label))
            if label
            else self
        )

    def tidy(self) -> pd.DataFrame:
        """Return one row per term: groups, the fixed columns, then facts of the row."""
        return self.terms.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row that describes the whole result."""
        row = {"title": self.title, "unit": self.unit, "conf_level": self.conf_level}
        return pd.DataFrame([row | dict(self.facts)])

    def augment(self) -> pd.DataFrame:
        """Return the rows with their fitted values.

        Raises
        ------
        ModelError
            If this kind of result fits no rows.
        """
        if self.fitted is None:
            raise ModelError(
                f"augment() gives rows with fitted values; {self.title!r} is a "
                f"{type(self).__name__} and fits none. Its estimates are in tidy()."
            )
        return self.fitted.copy()

    def sentence(self) -> Prose:
        """Return one plain sentence with estimate, interval and unit."""
        first = self.terms.iloc[0]
        said = self._estimate_text(first)
        return Prose(say("{title}: {estimate}.", title=self.title, estimate=said))

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the estimates with their intervals and return the matplotlib axes."""
        from toolkit import figures

        labels = self.terms[[*self.groups, "term"]].astype(str).agg(", ".join, axis=1)
        return figures.intervals(
            self.terms.assign(label=labels), label="label", axis=self.unit, title=self.title, ax=ax
        )

    def key_figures(self) -> dict[str, str]:
        """Return the few numbers that stand for this result in a list of reports."""
        return {}

    def summary(self) -> str:
        """Return title, table, facts and notes as plain text."""
        shown = named_table(self._display_table())
        unit = say("unit: {unit}", unit=self.unit)
        lines = [say(self.title), unit, "", shown.to_string(index=False)]
        lines += map(say, self._cut_line())
        if self.facts:
            lines += [""]
            for name, value in self.facts.items():
                lines += [say("{name}: {value}", name=fact_name(name), value=format_cell(value))]
        lines += [say("Note: {note}", note=note) for note in self.notes]
        return "\n".join(lines)

    def to_html(self, *, columns: Columns = "main") -> str:
        """Return the table as HTML with its title and notes, without any generated id.

        Parameters
        ----------
        columns : {"main", "all"} or sequence of str
            As in :meth:`to_latex`; of a long table the first rows are shown.
        """
        shown = self._chosen(columns, self.terms.head(ROWS_SHOWN))
        table = html_table(worded_table(self._display_table() if shown is None else shown))
        title, unit = html.escape(say(self.title)), html.escape(say(self.unit))
        heading = f"{title} <small>({unit})</small>"
        return html_figure(heading, table, map(say, [*self._cut_line(), *self.notes]))

    def to_latex(self, *, columns: Columns = "main") -> str:
        """Return a LaTeX table in booktabs style, its unit and notes below it.

        The document loads ``booktabs`` and ``threeparttable``, as the first line says.

        Parameters
        ----------
        columns : {"main", "all"} or sequence of str
            Those that one reads, with the interval in one column; all that :meth:`tidy` has; or
            some of these by name, in the order wanted.

        Raises
        ------
        OptionError, ColumnError
            If `columns` says nothing, or names a column that there is not.
        """
        return as_latex(self._paper(columns), title=say(self.title), notes=self._below())

    def to_json(self) -> str:
        """Return title, unit, level, facts, notes and the full table as JSON."""
        return as_json(self)

    def to_word(self, path: str | Path, *, columns: Columns = "main") -> Path:
        """Write the table with title and notes as a Word document and return its path.

        Parameters
        ----------
        path : str or Path
            Ends in ``.docx``.
        columns : {"main", "all"} or sequence of str
            As in :meth:`to_latex`.
        """
        return write_word(
            self._paper(columns),
            path,
            title=say(self.title),
            unit=say("Unit: {unit}.", unit=self.unit),
            notes=[say("Note: {note}", note=note) for note in self.notes],
        )

    def to_csv(self) -> str:
        """Return the full tidy table as CSV text, every digit kept."""
        buffer = io.StringIO()
        self.terms.to_csv(buffer, index=False, lineterminator="\n")
        return buffer.getvalue()

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.title}; {len(self.terms)} terms>"

    def _repr_html_(self) -> str:
        return self.to_html()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        bundle: dict[str, Any] = {
            "text/plain": self.summary(),
            "text/html": self.to_html(),
            "text/csv": self.to_csv(),
        }
        if figures := self.key_figures():
            bundle[KEY_FIGURES] = said_figures(figures)
        return bundle

    def _estimate_text(self, row: pd.Series[Any]) -> str:
        estimate = format_number(row["estimate"])
        if pd.isna(row["conf_low"]) and pd.isna(row["conf_high"]):
            return say("{estimate} {unit}", estimate=estimate, unit=self.unit)
        return say(
            "{estimate} {unit} ({level:g}% interval {low} to {high})",
            estimate=estimate,
            unit=self.unit,
            level=100 * self.conf_level,
            low=format_number(row["conf_low"]),
            high=format_number(row["conf_high"]),
        )

    def _display_table(self) -> pd.DataFrame:
        return self._formatted(self.terms.head(ROWS_SHOWN))

    def _cut_line(self) -> list[str]:
        left = len(self.terms) - ROWS_SHOWN
        return [say("{left} more rows are in tidy().", left=left)] if left > 0 else []

    def _readable(self) -> pd.DataFrame:
        """Return what one reads of all rows, as text."""
        return self._formatted(self.terms)

    def _chosen(self, columns: Columns, rows: pd.DataFrame) -> pd.DataFrame | None:
        """Return the columns asked for, as text; None where they are those that one reads."""
        check_columns(columns, list(rows.columns))
        if columns == "main":
            return None
        return formatted(rows if columns == "all" else rows[list(columns)])

    def _paper(self, columns: Columns) -> pd.DataFrame:
        chosen = self._chosen(columns, self.terms)
        if chosen is not None:
            return capital_heads(worded_table(chosen))
        return paper_table(formatted(self._readable()), conf_level=self.conf_level)

    def _below(self) -> tuple[str, ...]:
        return (say("Unit: {unit}.", unit=self.unit), *map(say, self.notes))

    @staticmethod
    def _formatted(table: pd.DataFrame) -> pd.DataFrame:
        return formatted(table)
