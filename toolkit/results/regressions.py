"""Tables for papers: several results side by side, whoever estimated them.

maketables reads statsmodels, linearmodels and pyfixest, and a :class:`~toolkit.Result` by the
attributes that it asks a foreign result for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import pandas as pd

from toolkit.errors import OptionError, did_you_mean
from toolkit.language import say
from toolkit.results.beside import check_results, coefficients, known_statistics
from toolkit.results.exports import latex_text
from toolkit.results.paper import PaperTable, check_label
from toolkit.results.result import Result

__all__ = ["regression_table"]

Stars = Literal["none", "levels"]

Uncertainty = Literal["std_error", "interval"]

STAR_LEVELS = (0.01, 0.05, 0.1)
_BELOW = {"std_error": "(se:.{digits}f)", "interval": "[ci95l:.{digits}f, ci95u:.{digits}f]"}
_NOTHING = re.compile(r"\s*\n\s*[(\[]-(?:, -)?[)\]]$")
"""The brackets of an estimate without an error, as maketables writes them."""


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
    uncertainty: Uncertainty = "std_error",
    notes: Sequence[str] = (),
) -> PaperTable:
    r"""Put several results side by side: estimates, standard errors in brackets, fit below.

    A result by groups has a row for each of them.

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
        Term to the words for it; a note that quotes the term says the words too.
    statistics : sequence of str
        Rows below the estimates, in the words of maketables: ``"N"``, ``"r2"``, ``"se_type"``. One
        that no result has is left out.
    digits : int
        Decimal places.
    stars : {"none", "levels"}
        ``"levels"`` marks p below 0.1, 0.05 and 0.01 by one to three stars, and says so.
    uncertainty : {"std_error", "interval"}
        What stands in brackets: standard errors, or 95% intervals.
    notes : sequence of str
        What a reader must know besides; the notes of our own results follow by themselves, each
        once.

    Returns
    -------
    PaperTable

    Raises
    ------
    OptionError
        If there is nothing to show, a result has no such errors or intervals, a term is in no
        result, or an option is not one there is.

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
    if uncertainty not in _BELOW:
        raise OptionError(
            f"uncertainty is {' or '.join(map(repr, _BELOW))}; got {uncertainty!r}."
            f"{did_you_mean(uncertainty, _BELOW)}"
        )
    check_label(label)
    check_results(results, intervals=uncertainty == "interval")
    tables = [coefficients(held) for held in results.values()]
    terms = list(dict.fromkeys(str(term) for table in tables for term in table.index))
    _check_terms(terms, keep)
    from maketables import ETable

    said = (
        *notes,
        *(_worded(note, names or {}) for note in _notes_of(results)),
        *_cell_notes(tables, stars, uncertainty),
    )
    star = "*" if stars == "levels" else ""
    below = _BELOW[uncertainty].format(digits=digits)

    def cell_text(cell: object, written: Callable[[str], str]) -> str:
        text = _NOTHING.sub("", str(cell))
        # LaTeX takes a bracket at the beginning of a line for the space above it.
        return text.replace("\n [", "\n {[}") if written is latex_text else text

    def lay_out(written: Callable[[str], str]) -> Any:
        table = ETable(
            list(results.values()),
            model_heads=[written(heading) for heading in results],
            head_order="h",
            keep=list(keep) or None,
            exact_match=True,
            order=list(keep) or None,
            labels={term: written((names or {}).get(term, term)) for term in terms},
            model_stats=known_statistics(results, statistics),
            coef_fmt=f"b:.{digits}f{star} \n {below}",
            signif_code=list(STAR_LEVELS),
            notes=written(" ".join(said)),
            caption=written(title),
            tab_label=label,
        )
        table.df = table.df.map(lambda cell: cell_text(cell, written))
        return table

    return PaperTable(title=title, label=label, notes=said, _lay_out=lay_out)


def _check_terms(terms: Sequence[str], keep: Sequence[str]) -> None:
    for term in keep:
        if term not in terms:
            raise OptionError(
                f"keep names the term {term!r}, which no result has.{did_you_mean(term, terms)} "
                f"There are: {', '.join(terms)}."
            )


def _notes_of(results: Mapping[str, Any]) -> list[str]:
    """Return each note once, with the headings of the results that it is of."""
    headings: dict[str, list[str]] = {}
    for heading, held in results.items():
        for note in dict.fromkeys(map(say, held.notes)) if isinstance(held, Result) else ():
            headings.setdefault(note, []).append(heading)
    return [
        note
        if len(those) == len(results) > 1
        else say("{heading}: {note}", heading=say(", ").join(those), note=note)
        for note, those in headings.items()
    ]


def _worded(note: str, names: Mapping[str, str]) -> str:
    """Return a note with words for the terms that it quotes, or that are no words themselves."""
    for term, words in names.items():
        note = note.replace(repr(term), words)
        if "_" in term:
            note = re.sub(rf"(?<!\w){re.escape(term)}(?!\w)", words.replace("\\", r"\\"), note)
    return note


def _cell_notes(
    tables: Sequence[pd.DataFrame], stars: Stars, uncertainty: Uncertainty
) -> list[str]:
    known = "se" if uncertainty == "std_error" else "ci95l"
    said = {
        "std_error": "Standard errors in brackets.",
        "interval": "95% intervals in brackets.",
    }[uncertainty]
    notes = [say(said)]
    if stars == "levels":
        notes = [say("{said} * p < 0.1, ** p < 0.05, *** p < 0.01.", said=said)]
    if any(table[known].isna().any() for table in tables):
        notes.append(
            say("Where an estimate has no brackets, the data cannot tell how far it may be off.")
        )
    return notes
