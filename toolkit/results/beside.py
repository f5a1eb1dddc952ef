"""What a result must have to stand beside others in one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from toolkit.errors import OptionError
from toolkit.results.result import Result

__all__ = ["check_results", "coefficients", "known_statistics"]

LEVEL = 0.95
_OTHERS = (
    "Results of magnetism_ratio(), capital_magnetism(), magnetism_regression(), "
    "growth_elasticity(), convergence(), hazard_regression(), rollout_effect() and others with "
    "one row for each term can."
)


def check_results(results: Mapping[str, Any], *, intervals: bool) -> None:
    """Refuse a result that has no estimates with errors, or with intervals, by term.

    Raises
    ------
    OptionError
        Naming the column and what can stand in it.
    """
    for heading, held in results.items():
        if isinstance(held, Result):
            _check_own(heading, held, intervals=intervals)
            continue
        try:
            coefficients(held)
        except TypeError as error:
            raise OptionError(
                f"regression_table() shows results side by side; the column {heading!r} holds "
                f"{type(held).__name__}, which is no result of this toolkit, statsmodels, "
                "linearmodels or pyfixest. Pass what their functions return."
            ) from error


def coefficients(result: Any) -> pd.DataFrame:
    """Return estimates and errors by term, whoever estimated them: ``b se t p ci95l ci95u``."""
    from maketables.extractors import get_extractor

    return get_extractor(result).coef_table(result)


def known_statistics(results: Mapping[str, Any], statistics: Sequence[str]) -> list[str]:
    """Return the statistics that at least one of the results has."""
    from maketables.extractors import get_extractor

    def known(held: Any, name: str) -> bool:
        value = get_extractor(held).stat(held, name)
        return name == "se_type" or (value is not None and not pd.isna(value))

    return [name for name in statistics if any(known(held, name) for held in results.values())]


def _check_own(heading: str, held: Result, *, intervals: bool) -> None:
    table = coefficients(held)
    wanted, lacking = ("ci95l", "intervals") if intervals else ("se", "standard errors")
    if table.index.has_duplicates:
        twice = table.index[table.index.duplicated()][0]
        raise OptionError(_refusal(heading, held, f"has several rows {twice!r}"))
    if table[wanted].isna().all():
        raise OptionError(_refusal(heading, held, f"has no {lacking}"))
    if intervals and held.conf_level != LEVEL:
        raise OptionError(
            f"regression_table() shows 95% intervals; those of the column {heading!r} are of "
            f"{100 * held.conf_level:g}%. Estimate it with conf_level=0.95."
        )


def _refusal(heading: str, held: Result, lack: str) -> str:
    return (
        f"regression_table() shows an estimate and its error for each term; the column "
        f"{heading!r} is a {type(held).__name__}, which {lack}. {_OTHERS} This one has a table of "
        "its own: to_latex(), to_word()."
    )
