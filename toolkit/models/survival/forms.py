"""Which form of the time to production fits best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from toolkit.language import say
from toolkit.models.hazards import form_names
from toolkit.models.survival.regression import hazard_regression
from toolkit.models.survival.study import Exits, check_choice
from toolkit.results import TIDY_COLUMNS, Prose, Result

__all__ = ["FormTable", "compare_forms"]


@dataclass(frozen=True, kw_only=True, eq=False)
class FormTable(Result):
    """Akaike's criterion per form, the best first."""

    def sentence(self) -> Prose:
        """Name the best form, and how far the next is behind."""
        best, rest = self.terms.iloc[0], self.terms.iloc[1:]
        behind = (
            say(
                "; {term} is {behind:.1f} behind",
                term=rest.iloc[0]["term"],
                behind=rest.iloc[0]["behind"],
            )
            if len(rest)
            else ""
        )
        return Prose(
            say(
                "{best_term} fits best (AIC {best_estimate:.1f}{behind}).",
                best_term=best["term"],
                best_estimate=best["estimate"],
                behind=behind,
            )
        )


def compare_forms(
    milestones: Any,
    formula: str,
    *,
    exits: Exits,
    forms: Sequence[str] = form_names,
    entry: Literal["use", "ignore"] = "use",
    between: tuple[str, str] | None = None,
) -> FormTable:
    r"""Fit accelerated failure times of several forms and compare them by Akaike's criterion.

    .. math:: \mathrm{AIC} = 2 k - 2 \log \hat L

    with :math:`k` parameters and the likelihood :math:`\hat L` of the times themselves.

    Parameters
    ----------
    milestones, formula, exits, entry, between
        As for :func:`hazard_regression`.
    forms : sequence of str
        Of ``"weibull"``, ``"log_normal"``, ``"log_logistic"``.

    Returns
    -------
    FormTable
        One row per form: the criterion, ``behind`` (its distance from the best),
        ``log_likelihood``, ``parameters`` and the criterion of Schwarz, ``bic``.

    Raises
    ------
    OptionError
        If a form is none of those.
    ModelError, ColumnError, DataError
        As :func:`hazard_regression`.

    References
    ----------
    Akaike (1974), IEEE Transactions on Automatic Control 19, 716-723.

    Examples
    --------
    >>> import pandas as pd
    >>> spells = pd.DataFrame(
    ...     {"duration": [4, 5, 6, 6, 7, 9], "outcome": "production", "x": [0, 1, 0, 1, 0, 1]}
    ... )
    >>> compare_forms(spells, "~ x", exits="censor").tidy()["term"].iloc[0]
    'log_normal'
    """
    rows = []
    for form in forms:
        check_choice("forms", form, form_names)
        model: Any = form
        fit = hazard_regression(
            milestones, formula, model=model, exits=exits, entry=entry, between=between
        )
        facts = fit.facts
        rows.append(
            {
                "term": form,
                "estimate": facts["aic"],
                "log_likelihood": facts["log_likelihood"],
                "parameters": facts["parameters"],
                "bic": facts["parameters"] * np.log(facts["rows"]) - 2 * facts["log_likelihood"],
            }
        )
    table = pd.DataFrame(rows).sort_values("estimate", kind="stable", ignore_index=True)
    terms = table.reindex(columns=TIDY_COLUMNS).assign(
        behind=table["estimate"] - table["estimate"].iloc[0],
        log_likelihood=table["log_likelihood"],
        parameters=table["parameters"],
        bic=table["bic"],
    )
    return FormTable(
        title="Forms of the time to production, by Akaike's criterion",
        unit="AIC",
        terms=terms,
        facts={"rows": fit.facts["rows"], "formula": formula, "exits": exits},
        notes=fit.notes,
    )
