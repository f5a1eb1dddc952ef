"""Formulas of a regression on money: what they say, and which rows can be fitted."""

from __future__ import annotations

import re
import warnings
from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import ColumnError, DataError, ModelError, OptionError, did_you_mean
from toolkit.language import say
from toolkit.models.ratios.paths import Floats

__all__ = ["design_matrices", "read_exposure", "split_formula", "usable_rows"]


def split_formula(formula: str) -> tuple[str, str, list[str]]:
    """Return outcome, regressors and absorbed effects of ``"y ~ x | a + b"``.

    Raises
    ------
    OptionError
        If the text has another form.

    Examples
    --------
    >>> split_formula("bank ~ log(micro) | region + year")
    ('bank', 'log(micro)', ['region', 'year'])
    """
    sides = formula.split("~")
    if len(sides) != 2 or not sides[0].strip() or sides[1].count("|") > 1:
        raise OptionError(
            f"A formula has the form 'outcome ~ regressors' or 'outcome ~ regressors | effects'; "
            f"got {formula!r}."
        )
    regressors, _, absorbed = sides[1].partition("|")
    effects = [name.strip() for name in absorbed.split("+") if name.strip()]
    return sides[0].strip(), regressors.strip() or "1", effects


def design_matrices(
    table: pd.DataFrame, outcome: str, regressors: str, *, absorbed: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return outcome and regressors as numbers; a constant unless effects are absorbed.

    Raises
    ------
    ColumnError
        If a column of the formula is missing.
    OptionError
        If the formula cannot be read.
    """
    from formulaic import Formula
    from formulaic.errors import FormulaicError

    context = {"log": np.log, "np": np}
    try:
        with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
            warnings.simplefilter("ignore")
            both = Formula(f"{outcome} ~ {regressors}").get_model_matrix(
                table, na_action="ignore", context=context
            )
    except FormulaicError as error:
        known = ", ".join(map(str, table.columns))
        words = re.findall(r"[A-Za-z_]\w*", f"{outcome} {regressors}")
        strange = [w for w in words if w not in table.columns and w not in ("log", "np", "C", "I")]
        if strange:
            raise ColumnError(
                f"No column {strange[0]!r}.{did_you_mean(strange[0], table.columns)} "
                f"The table has: {known}."
            ) from error
        raise OptionError(
            f"The formula {outcome} ~ {regressors} cannot be read: {error}"
        ) from error
    left, right = pd.DataFrame(both.lhs), pd.DataFrame(both.rhs)
    return left, right.drop(columns="Intercept") if absorbed else right


def read_exposure(table: pd.DataFrame, exposure: str | None) -> Floats:
    """Return the exposure of each row; ones where there is none.

    Raises
    ------
    DataError
        If an exposure is negative.
    """
    if exposure is None:
        return np.ones(len(table))
    weights = table[exposure].to_numpy(dtype=np.float64, na_value=np.nan)
    if (weights < 0).any():
        raise DataError(
            f"The exposure {exposure!r} has {int((weights < 0).sum())} negative values; lead money "
            "is zero or more."
        )
    return weights


def usable_rows(
    table: pd.DataFrame,
    money: Floats,
    design: Floats,
    weights: Floats,
    effects: list[str],
    keys: list[str],
) -> tuple[Any, list[str]]:
    """Keep whole rows with exposure whose effects have any money; say what was left out."""
    finite = np.isfinite(money) & np.isfinite(design).all(axis=1) & np.isfinite(weights)
    whole = finite & table[keys].notna().all(axis=1).to_numpy()
    notes = []
    if lost := int((~whole).sum()):
        notes.append(
            say(
                "{lost} of {rows} rows left out: a value is missing or not finite.",
                lost=lost,
                rows=len(table),
            )
        )
    kept = whole & (weights > 0)
    if lost := int((whole & ~kept).sum()):
        notes.append(say("{lost} rows left out: they have no exposure.", lost=lost))
    before = int(kept.sum())
    while effects:
        bare = np.zeros(len(table), dtype=bool)
        for name in effects:
            sums = (
                pd.Series(np.where(kept, money, 0.0))
                .groupby(table[name].to_numpy())
                .transform("sum")
            )
            bare |= kept & (sums.to_numpy() == 0)
        if not bare.any():
            break
        kept &= ~bare
    if lost := before - int(kept.sum()):
        notes.append(
            say(
                "{lost} rows left out: no row of their {effects} has any money, so its effect is "
                "minus infinity.",
                lost=lost,
                effects=say(" or ").join(effects),
            )
        )
    if money[kept].sum() <= 0:
        raise ModelError("No row that is left has an outcome above zero; there is nothing to fit.")
    return kept, notes
