"""Tables for papers: several results side by side, whoever estimated them.

maketables reads statsmodels, linearmodels and pyfixest, and a :class:`~toolkit.Result` by the
attributes that it asks a foreign result for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from toolkit.errors import OptionError, did_you_mean
from toolkit.language import say
from toolkit.results.paper import PaperTable, check_label
from toolkit.results.result import Result

__all__ = ["regression_table"]

Stars = Literal["none", "levels"]

STAR_LEVELS = (0.01, 0.05, 0.1)


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
    check_label(label)
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
