"""Whether a claim and an estimate are in one unit."""

from __future__ import annotations

import re

from toolkit.errors import OptionError, did_you_mean

__all__ = ["UNITS", "check_unit_word", "check_units", "unit_of"]

UNITS = (
    "CNY", "share", "percentage_points", "ratio", "count", "months", "days", "working_days",
    "hours", "minutes", "seconds", "score",
)  # fmt: skip
"""Words for the unit of a published figure, besides the codes of other currencies."""

TERMS = {"growth_multiple": "ratio"} | dict.fromkeys(
    ("growth_sector", "growth_gdp", "growth_rest_of_gdp", "growth_difference"), "share"
)
"""Rows of a result that has several units and no column of them."""

CURRENCY = re.compile(r"[A-Z]{3}")

PHRASES = tuple(
    (re.compile(pattern), unit)
    for pattern, unit in (
        (r"(\w+) per \1\b", "ratio"),
        (r"(share|fraction)s? per ", None),
        (r"(ratio|hazard ratio|odds ratio|rate ratio|times)\b", "ratio"),
        (r"(share|fraction|probability|difference of shares)", "share"),
        (r"(percentage points|points a year)\b", "percentage_points"),
        (r"(yuan|cny)$", "CNY"),
        (r"dollars?$", "USD"),
        (r"(count|persons|firms|loans)$", "count"),
    )
)
"""How the unit of a result begins, and what it then is; the first that fits."""


def unit_of(text: str, *, term: str = "") -> str | None:
    """Return the unit that a result's words mean, or None where they mean none that is known.

    Parameters
    ----------
    text : str
        The unit of a result, or of one of its rows.
    term : str
        Name of the row.

    Examples
    --------
    >>> unit_of("yuan per yuan"), unit_of("share in production"), unit_of("CNY per firm")
    ('ratio', 'share', None)
    """
    if term in TERMS:
        return TERMS[term]
    if text in UNITS or CURRENCY.fullmatch(text):
        return text
    folded = text.casefold().replace("_", " ")
    if folded.replace(" ", "_") in UNITS:
        return folded.replace(" ", "_")
    return next((unit for pattern, unit in PHRASES if pattern.match(folded)), None)


def check_units(claimed: str | None, said: str, *, term: str, claim: str, title: str) -> None:
    """Refuse a claim and an estimate that are not in one unit.

    Parameters
    ----------
    claimed : str or None
        Unit of the claim; None if it is a plain number, which is in the unit of the estimate.
    said : str
        Unit of the estimate, in its own words.
    term, claim, title : str
        Names of the row, of the claim and of the result.

    Raises
    ------
    OptionError
        Naming both units.
    """
    if claimed is None:
        return
    known = unit_of(said, term=term)
    if known == claimed:
        return
    if not claimed:
        raise OptionError(
            f"The claim {claim!r} has no unit, and {title!r} is in {said!r}. Give the figure its "
            "unit at the source, or check a plain number in the unit of the estimate."
        )
    mended = f"If the estimate is in {claimed} after all, say so: unit={claimed!r}."
    if known is None:
        raise OptionError(
            f"The claim {claim!r} is in {claimed}; the unit of {title!r}, {said!r}, is none that "
            f"is known. {mended}"
        )
    raise OptionError(
        f"The claim {claim!r} is in {claimed}, and {title!r} is in {known} ({said!r}): the two "
        f"cannot be held against each other. Choose an estimate in {claimed}, or convert it. "
        f"{mended}"
    )


def check_unit_word(unit: str | None) -> None:
    """Refuse a word that is no unit.

    Raises
    ------
    OptionError
        Naming the words.
    """
    if unit is None or unit in UNITS or CURRENCY.fullmatch(unit):
        return
    raise OptionError(
        f"unit is one of {', '.join(UNITS)}, or the code of a currency; got {unit!r}."
        f"{did_you_mean(unit, UNITS)}"
    )
