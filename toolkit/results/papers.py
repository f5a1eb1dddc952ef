"""Tables for papers: several results side by side, whoever estimated them.

maketables lays them out. It reads statsmodels, linearmodels and pyfixest, and a
:class:`~toolkit.Result` by the attributes that it asks a foreign result for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from toolkit.errors import ColumnError, OptionError, did_you_mean
from toolkit.language import say
from toolkit.results.exports import latex_text
from toolkit.results.result import Result
from toolkit.tables import as_pandas, as_table, require

__all__ = ["PaperTable", "regression_table", "summary_table"]

Stars = Literal["none", "levels"]

STAR_LEVELS = (0.01, 0.05, 0.1)
_WORDS = {
    "count": "N",
    "mean": "Mean",
    "std": "Std. dev.",
    "min": "Min",
    "median": "Median",
    "max": "Max",
    "sum": "Sum",
}
STATISTICS = tuple(_WORDS)[:-1]
_GENERATED_ID = re.compile(r'<div id="([a-z]+)"')
_LABEL = re.compile(r"[A-Za-z][A-Za-z0-9:_-]*")


@dataclass(frozen=True, kw_only=True, eq=False)
class PaperTable:
    """A table for a paper, in the four forms that papers are written in.

    Parameters
    ----------
    title : str
        The caption.
    label : str
        By which the text refers to it, such as ``"tab:ratio"``; also its id in HTML.
    notes : tuple of str
        What stands below it.
    """

    title: str
    label: str
    notes: tuple[str, ...]
    _lay_out: Callable[[Callable[[str], str]], Any] = field(repr=False)

    def to_latex(self) -> str:
        """Return the table in booktabs style.

        The document loads ``booktabs``, ``makecell``, ``tabularx``, ``array`` and
        ``threeparttable``.
        """
        return str(self._lay_out(latex_text).make(type="tex"))

    def to_typst(self) -> str:
        """Return the table as a Typst figure."""
        return str(self._lay_out(str).make(type="typst"))

    def to_html(self) -> str:
        """Return the table as HTML; the same table gives the same bytes."""
        page = str(self._lay_out(str).make(type="gt").as_raw_html())
        # maketables renders before an id can be given: the random one is replaced.
        given = _GENERATED_ID.search(page)
        return page.replace(given[1], self.label.replace(":", "-")) if given else page

    def to_word(self, path: str | Path) -> Path:
        """Write the table as a Word document and return its path."""
        target = Path(path)
        self._lay_out(str).make(type="docx").save(str(target))
        return target

    def __str__(self) -> str:
        cells = self._lay_out(str).df.map(lambda cell: " ".join(str(cell).split()))
        return f"{self.title}\n\n{cells.to_string()}"

    def _repr_html_(self) -> str:
        return self.to_html()


def regression_table(
    results: Mapping[str, Any],
    *,
    title: str,
    label: str = "tab:results",
    keep: Sequence[str] = (),
    names: Mapping[str, str] | None = None,
    statistics: Sequence[str] = ("N", "r2"),
    digits: int = 3,
    stars: Stars = "none",
    notes: Sequence[str] = (),
) -> PaperTable:
    r"""Put several results side by side: estimates, standard errors in brackets, fit below.

    Parameters
    ----------
    results : mapping
        Column heading to a :class:`Result`, or a result of statsmodels, linearmodels or pyfixest.
    title : str
        The caption.
    label : str
        By which the text refers to the table.
    keep : sequence of str
        Terms to show, in this order; all by default.
    names : mapping, optional
        Term to the words for it.
    statistics : sequence of str
        Rows below the estimates, in the words of maketables: ``"N"``, ``"r2"``, ``"se_type"``.
    digits : int
        Decimal places.
    stars : {"none", "levels"}
        ``"levels"`` marks p below 0.1, 0.05 and 0.01 by one to three stars, and says so.
    notes : sequence of str
        What a reader must know besides; the notes of our own results follow by themselves.

    Returns
    -------
    PaperTable

    Raises
    ------
    OptionError
        If there is nothing to show, a term is in no result, or an option is not one there is.

    Examples
    --------
    >>> import pandas as pd
    >>> data = pd.DataFrame(
    ...     {"region": list("aabbccdd"), "lead": [1, 2, 1, 3, 2, 2, 1, 4.0],
    ...      "follow": [4, 12, 6, 14, 9, 13, 4, 18.0]}
    ... )
    >>> import toolkit as tk
    >>> ours = tk.magnetism_ratio(data, lead="lead", follow="follow", cluster="region")
    >>> table = regression_table({"Ratio of sums": ours}, title="Follow-on money")
    >>> [line for line in table.to_latex().splitlines() if line.startswith("ratio")]
    ['ratio & \\makecell{5.000 \\\\ (0.270)} \\\\']
    """
    if not results:
        raise OptionError("regression_table() shows results side by side; got none.")
    if stars not in ("none", "levels"):
        raise OptionError(f"stars is 'none' or 'levels'; got {stars!r}.")
    _check_label(label)
    terms = _terms_of(results)
    _check_terms(terms, keep)
    from maketables import ETable

    said = (*notes, *_notes_of(results), _cell_note(stars))
    star = "*" if stars == "levels" else ""

    def lay_out(written: Callable[[str], str]) -> Any:
        return ETable(
            list(results.values()),
            model_heads=[written(heading) for heading in results],
            head_order="h",
            keep=list(keep) or None,
            exact_match=True,
            order=list(keep) or None,
            labels={term: written((names or {}).get(term, term)) for term in terms},
            model_stats=list(statistics),
            coef_fmt=f"b:.{digits}f{star} \n (se:.{digits}f)",
            signif_code=list(STAR_LEVELS),
            notes=written(" ".join(said)),
            caption=written(title),
            tab_label=label,
        )

    return PaperTable(title=title, label=label, notes=said, _lay_out=lay_out)


def summary_table(
    data: Any,
    columns: Sequence[str],
    *,
    title: str,
    label: str = "tab:summary",
    by: str | None = None,
    statistics: Sequence[str] = STATISTICS,
    names: Mapping[str, str] | None = None,
    digits: int = 2,
    notes: Sequence[str] = (),
) -> PaperTable:
    r"""Describe columns of a table: how many values, their mean and spread, by group if asked.

    Parameters
    ----------
    data : frame or path
        Any table.
    columns : sequence of str
        Columns of numbers to describe.
    title : str
        The caption.
    label : str
        By which the text refers to the table.
    by : str, optional
        A column; each of its groups has columns of its own.
    statistics : sequence of str
        Of ``count``, ``mean``, ``std``, ``min``, ``median``, ``max``, ``sum``.
    names : mapping, optional
        Column to the words for it.
    digits : int
        Decimal places.
    notes : sequence of str
        What a reader must know.

    Returns
    -------
    PaperTable

    Raises
    ------
    ColumnError
        If a column is missing, or does not hold numbers.
    OptionError
        If a statistic is not one there is.

    Examples
    --------
    >>> import pandas as pd
    >>> data = pd.DataFrame({"amount_cny": [1.0, 2.0, 6.0]})
    >>> table = summary_table(
    ...     data, ["amount_cny"], title="Loans", names={"amount_cny": "Amount (yuan)"}
    ... )
    >>> [line for line in table.to_latex().splitlines() if line.startswith("Amount")]
    ['Amount (yuan) & 3 & 3.00 & 2.65 & 1.00 & 2.00 & 6.00 \\\\']
    """
    require(as_table(data), *columns, *(() if by is None else (by,)))
    frame = as_pandas(data)
    for name in columns:
        if not pd.api.types.is_numeric_dtype(frame[name]):
            raise ColumnError(
                f"summary_table() describes numbers; column {name!r} holds {frame[name].dtype}. "
                "Leave it out, or turn it into numbers first."
            )
    for statistic in statistics:
        if statistic not in _WORDS:
            raise OptionError(f"{statistic!r} is no statistic. There are: {', '.join(_WORDS)}.")
    _check_label(label)
    from maketables import MTable

    shown = _described(frame, columns, by=by, statistics=statistics, digits=digits)

    def lay_out(written: Callable[[str], str]) -> Any:
        named = shown.rename(index=dict(names or {}))
        return MTable(
            named.rename(index=written, columns=written),
            notes=written(" ".join(notes)),
            caption=written(title),
            tab_label=label,
        )

    return PaperTable(title=title, label=label, notes=tuple(notes), _lay_out=lay_out)


def _described(
    frame: pd.DataFrame,
    columns: Sequence[str],
    *,
    by: str | None,
    statistics: Sequence[str],
    digits: int,
) -> pd.DataFrame:
    """Return text: a row for each column, a column for each statistic, or group and statistic."""
    kinds = {name: (",.0f" if name == "count" else f",.{digits}f") for name in statistics}
    groups = {"": frame} if by is None else {str(key): part for key, part in frame.groupby(by)}
    cells = {
        (group, say(_WORDS[name])): [format(part[column].agg(name), kind) for column in columns]
        for group, part in groups.items()
        for name, kind in kinds.items()
    }
    table = pd.DataFrame(cells, index=list(columns))
    return table.droplevel(0, axis=1) if by is None else table


def _check_label(label: str) -> None:
    if not _LABEL.fullmatch(label):
        raise OptionError(
            f"A label begins with a letter and holds letters, digits, colons and dashes; got "
            f"{label!r}. Write label='tab:results'."
        )


def _terms_of(results: Mapping[str, Any]) -> list[str]:
    from maketables.extractors import get_extractor

    tables = [get_extractor(held).coef_table(held) for held in results.values()]
    return list(dict.fromkeys(str(term) for table in tables for term in table.index))


def _check_terms(terms: Sequence[str], keep: Sequence[str]) -> None:
    for term in keep:
        if term not in terms:
            raise OptionError(
                f"keep names the term {term!r}, which no result has.{did_you_mean(term, terms)} "
                f"There are: {', '.join(terms)}."
            )


def _notes_of(results: Mapping[str, Any]) -> list[str]:
    return [
        say("{heading}: {note}", heading=heading, note=note)
        for heading, held in results.items()
        if isinstance(held, Result)
        for note in held.notes
    ]


def _cell_note(stars: Stars) -> str:
    if stars == "levels":
        return say("Standard errors in brackets. * p < 0.1, ** p < 0.05, *** p < 0.01.")
    return say("Standard errors in brackets.")
