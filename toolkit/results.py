"""What every result can do: tidy, glance, plot, sentence, export.

A :class:`Result` is frozen. Asking it a question never changes it, and every table that it
hands out is a copy. Each model has a subclass of its own that says how its numbers are drawn
and put into a sentence; the table, the exports and the display in a notebook are shared here.
"""

from __future__ import annotations

import html
import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Integral
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from toolkit.errors import ColumnError, ModelError, OptionError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "TIDY_COLUMNS",
    "Prose",
    "Result",
    "Table",
    "check_conf_level",
    "format_number",
    "format_percent",
]

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

KEY_FIGURES = "application/vnd.toolkit.key+json"


class Prose(str):
    """A sentence: a plain string that a notebook shows as text, without quotation marks.

    Parameters
    ----------
    text : str
        The sentence, in Markdown.
    key_figures : mapping, optional
        The few numbers of it that stand for it in a list of reports.

    Examples
    --------
    >>> Prose("The ratio is 6.238.", key_figures={"ratio": "6.238"})
    'The ratio is 6.238.'
    """

    key_figures: Mapping[str, str]

    def __new__(  # noqa: D102 - the class says it
        cls, text: str, *, key_figures: Mapping[str, str] | None = None
    ) -> Prose:
        prose = super().__new__(cls, text)
        prose.key_figures = MappingProxyType(dict(key_figures or {}))
        return prose

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        bundle: dict[str, Any] = {"text/plain": str(self), "text/markdown": str(self)}
        if self.key_figures:
            bundle[KEY_FIGURES] = dict(self.key_figures)
        return bundle


def check_conf_level(conf_level: float) -> float:
    """Return the level, or refuse one that is not a fraction between 0 and 1.

    Raises
    ------
    OptionError
        If the level is not strictly between 0 and 1.

    Examples
    --------
    >>> check_conf_level(0.95)
    0.95
    """
    if not 0 < conf_level < 1:
        meant = f" Did you mean {conf_level / 100:g}?" if 1 < conf_level < 100 else ""
        raise OptionError(f"conf_level is a fraction between 0 and 1; got {conf_level:g}.{meant}")
    return float(conf_level)


def format_number(value: float, *, digits: int = 4) -> str:
    """Write a number with `digits` significant digits, thousands marks and no exponent.

    Whole digits are never rounded away: 12345.6 with four digits is ``12,346``.

    Examples
    --------
    >>> format_number(6.23830579)
    '6.238'
    >>> format_number(12345.6)
    '12,346'
    >>> format_number(float("nan"))
    'n/a'
    """
    if value is None or pd.isna(value):
        return "n/a"
    if math.isinf(value):
        return "unbounded"
    if value == 0:
        return "0"
    magnitude = math.floor(math.log10(abs(value)))
    decimals = min(max(0, digits - 1 - magnitude), 10)
    text = f"{value:,.{decimals}f}"
    return text if not float(value).is_integer() or abs(value) < 1000 else f"{value:,.0f}"


def format_percent(share: float, *, decimals: int = 1) -> str:
    """Write a fraction as a percentage.

    Examples
    --------
    >>> format_percent(0.0707)
    '7.1%'
    """
    return "n/a" if pd.isna(share) else f"{100 * share:.{decimals}f}%"


def _cell(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value).lower()
    if isinstance(value, Integral | str):
        return str(value)
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return str(value)
    if math.isnan(number):
        return ""
    return format_number(number)


@dataclass(frozen=True, kw_only=True, eq=False)
class Result:
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

    @property
    def groups(self) -> tuple[str, ...]:
        """Names of the columns that tell the rows apart, before ``term``."""
        names = list(self.terms.columns)
        return tuple(names[: names.index("term")])

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
        return Prose(f"{self.title}: {self._estimate_text(first)}.")

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
        shown = self._display_table()
        lines = [self.title, f"unit: {self.unit}", "", shown.to_string(index=False)]
        lines += self._cut_line()
        if self.facts:
            lines += ["", *(f"{name}: {_cell(value)}" for name, value in self.facts.items())]
        lines += [f"Note: {note}" for note in self.notes]
        return "\n".join(lines)

    def to_html(self) -> str:
        """Return the table as HTML with its title and notes, without any generated id."""
        table = self._display_table().to_html(index=False, border=0, classes="toolkit-result")
        heading = f"{html.escape(self.title)} <small>({html.escape(self.unit)})</small>"
        return _as_figure(heading, table, [*self._cut_line(), *self.notes])

    def to_latex(self) -> str:
        """Return a LaTeX table in booktabs style; the document must load that package."""
        body = self._formatted(self.terms).style.hide(axis="index")
        body = body.format(escape="latex").format_index(escape="latex", axis="columns")
        notes = "".join(f"\n% {note}" for note in self.notes)
        return str(body.to_latex(hrules=True, caption=_latex_text(self.title))) + notes.lstrip("\n")

    def to_json(self) -> str:
        """Return title, unit, level, facts, notes and the full table as JSON."""
        content = {
            "kind": type(self).__name__,
            "title": self.title,
            "unit": self.unit,
            "conf_level": self.conf_level,
            "facts": {name: _plain(value) for name, value in self.facts.items()},
            "notes": list(self.notes),
            "terms": json.loads(self.terms.to_json(orient="records", date_format="iso")),
        }
        return json.dumps(content, ensure_ascii=False, indent=2)

    def to_word(self, path: str | Path) -> Path:
        """Write the table with title and notes as a Word document and return its path."""
        from docx import Document

        document = Document()
        document.add_heading(self.title, level=2)
        document.add_paragraph(f"Unit: {self.unit}.")
        shown = self._formatted(self.terms)
        grid = document.add_table(rows=1, cols=shown.shape[1])
        for cell, name in zip(grid.rows[0].cells, shown.columns, strict=True):
            cell.text = str(name)
        for row in shown.itertuples(index=False):
            for cell, text in zip(grid.add_row().cells, row, strict=True):
                cell.text = text
        for note in self.notes:
            document.add_paragraph(f"Note: {note}")
        target = Path(path)
        document.save(str(target))
        return target

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
            bundle[KEY_FIGURES] = figures
        return bundle

    @property
    def __maketables_coef_table__(self) -> pd.DataFrame:
        labels = self.terms[[*self.groups, "term"]].astype(str).agg(", ".join, axis=1)
        table = pd.DataFrame(
            {
                "b": self.terms["estimate"],
                "se": self.terms["std_error"],
                "t": self.terms["statistic"],
                "p": self.terms["p_value"],
            }
        )
        return table.set_index(pd.Index(labels, name="Coefficient"))

    def __maketables_stat__(self, key: str) -> object:
        return self.facts.get({"N": "rows"}.get(key, key))

    @property
    def __maketables_depvar__(self) -> str:
        return self.title

    def _estimate_text(self, row: pd.Series[Any]) -> str:
        text = f"{format_number(row['estimate'])} {self.unit}"
        if pd.isna(row["conf_low"]) and pd.isna(row["conf_high"]):
            return text
        return (
            f"{text} ({100 * self.conf_level:g}% interval "
            f"{format_number(row['conf_low'])} to {format_number(row['conf_high'])})"
        )

    def _display_table(self) -> pd.DataFrame:
        return self._formatted(self.terms.head(ROWS_SHOWN))

    def _cut_line(self) -> list[str]:
        left = len(self.terms) - ROWS_SHOWN
        return [f"{left} more rows are in tidy()."] if left > 0 else []

    @staticmethod
    def _formatted(table: pd.DataFrame) -> pd.DataFrame:
        kept = [
            name
            for name in table.columns
            if name in ("term", "estimate") or not table[name].isna().all()
        ]
        return pd.DataFrame({name: [_cell(value) for value in table[name]] for name in kept})


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
        shown = pd.DataFrame({name: map(_cell, self.frame[name]) for name in self.frame.columns})
        table = shown.to_html(index=False, border=0, classes="toolkit-table")
        return _as_figure(html.escape(self.title), table, self.notes)

    def __str__(self) -> str:
        notes = "".join(f"\nNote: {note}" for note in self.notes)
        return f"{self.title}\n\n{self.frame.to_string(index=False)}{notes}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.title}; {len(self.frame)} rows>"

    def _repr_html_(self) -> str:
        return self.to_html()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": self.to_html(), "text/csv": self.to_csv()}


def _as_figure(heading: str, table: str, notes: Sequence[str]) -> str:
    below = "".join(f"<li>{html.escape(note)}</li>" for note in notes)
    listed = f"<ul class='toolkit-notes'>{below}</ul>" if below else ""
    return f"<figure class='toolkit'><figcaption>{heading}</figcaption>{table}{listed}</figure>"


def _plain(value: Any) -> Any:
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _latex_text(text: str) -> str:
    for mark in "&%$#_{}":
        text = text.replace(mark, "\\" + mark)
    return text
