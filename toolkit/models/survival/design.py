"""A formula and a table of spells to the matrix of covariates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.errors import ColumnError, ModelError, OptionError, did_you_mean
from toolkit.models.curves import Floats
from toolkit.models.survival.checked import checked_spells
from toolkit.tables import as_names, as_table, column_names, plain, require

__all__ = ["Design", "covariates_of", "read_design"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Design:
    """Spells with their covariates, ready for a fit.

    Parameters
    ----------
    names : tuple of str
        Names of the columns of `x`; without the intercept.
    x : array, shape (n, p)
    frame : DataFrame
        The variables of the formula, row by row.
    spec : formulaic model spec
        Makes the same columns from other rows.
    duration, entry, weight : arrays, shape (n,)
    outcome : array of int, shape (n,)
    strata, cluster : arrays of int, shape (n,), or None
    strata_name : str or None
    strata_values : list
        The value that each code of `strata` stands for.
    lower, upper : arrays, shape (n,), or None
        Bounds of the duration, where it is only known to lie between two.
    notes : tuple of str
    """

    names: tuple[str, ...]
    x: Floats
    frame: pd.DataFrame
    spec: Any
    duration: Floats
    entry: Floats
    weight: Floats | None
    outcome: NDArray[np.intp]
    strata: NDArray[np.intp] | None
    strata_name: str | None
    strata_values: list[Any]
    cluster: NDArray[np.intp] | None
    lower: Floats | None
    upper: Floats | None
    notes: tuple[str, ...]


def read_design(
    data: Any,
    formula: str,
    *,
    cluster: str | None,
    strata: str | None,
    weights: str | None,
    entry: str,
    between: tuple[str, str] | None,
) -> Design:
    """Read the columns that a regression needs, and build its covariates.

    Raises
    ------
    ColumnError
        If the formula, or an option, names a column that is not there.
    OptionError
        If the formula has a left side, or cannot be read.
    """
    import formulaic
    from formulaic.errors import FormulaicError

    table = as_table(data)
    right = _right_side(formula)
    try:
        terms = formulaic.Formula(right)
        variables = sorted(map(str, terms.required_variables))
    except FormulaicError as error:
        raise OptionError(
            f"The formula {formula!r} cannot be read: {_first_line(error)}"
        ) from error
    options = [*as_names(cluster), *as_names(strata), *as_names(weights), *(between or ())]
    require(table, "duration", "outcome", *variables, *options)
    there = column_names(table)
    late = ["entry"] if entry == "use" and "entry" in there else []
    wanted = list(dict.fromkeys(["duration", "outcome", *late, *variables, *options]))
    rows = plain(table.select(*wanted).collect().to_pandas())
    needed = [*variables, *as_names(cluster), *as_names(strata), *as_names(weights)]
    spells = checked_spells(rows, required=needed)
    rows = spells.cells.reset_index(drop=True)
    frame = rows[variables]
    try:
        matrix = terms.get_model_matrix(frame, output="pandas", na_action="ignore")
    except FormulaicError as error:
        raise OptionError(
            f"The formula {formula!r} cannot be computed: {_first_line(error)}"
        ) from error
    kept = [name for name in matrix.columns if name != "Intercept"]
    strata_codes, strata_values = _codes(rows, strata)
    return Design(
        names=tuple(kept),
        x=matrix[kept].to_numpy(dtype=float),
        frame=frame,
        spec=matrix.model_spec,
        duration=spells.duration,
        entry=spells.entry,
        weight=None if weights is None else _weights(rows, weights),
        outcome=spells.outcome,
        strata=strata_codes,
        strata_name=strata,
        strata_values=strata_values,
        cluster=_codes(rows, cluster)[0],
        lower=None if between is None else _bound(rows, between[0], missing=0.0),
        upper=None if between is None else _bound(rows, between[1], missing=np.inf),
        notes=spells.notes,
    )


def covariates_of(design: Design, data: pd.DataFrame) -> Floats:
    """Return the columns of the fit for other rows.

    Raises
    ------
    ColumnError
        If a variable of the formula is missing.
    ModelError
        If a variable has a value that the fit has not seen.
    """
    for name in design.frame.columns:
        if name not in data.columns:
            raise ColumnError(
                f"No column {name!r}.{did_you_mean(name, data.columns)} The fit needs: "
                f"{', '.join(design.frame.columns)}."
            )
        seen = design.frame[name]
        if not pd.api.types.is_numeric_dtype(seen):
            unknown = set(data[name].dropna()) - set(seen.unique())
            if unknown:
                raise ModelError(
                    f"{name} was {', '.join(map(str, sorted(seen.unique())[:8]))} in the fit; "
                    f"got {sorted(map(str, unknown))[0]!r}. Predict for values that it has seen."
                )
    matrix = design.spec.get_model_matrix(data[list(design.frame.columns)], na_action="ignore")
    return np.asarray(matrix[list(design.names)], dtype=float)


def _right_side(formula: str) -> str:
    left, _, right = formula.rpartition("~")
    if left.strip():
        raise OptionError(
            f"The formula names covariates only, since duration and outcome are known; got "
            f"{formula!r}. Write '~{right}'."
        )
    return right.strip()


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0].rstrip(".") + "."


def _codes(rows: pd.DataFrame, column: str | None) -> tuple[NDArray[np.intp] | None, list[Any]]:
    if column is None:
        return None, []
    codes, values = pd.factorize(rows[column], sort=True)
    return codes.astype(np.intp), list(values)


def _weights(rows: pd.DataFrame, column: str) -> Floats:
    values = rows[column].to_numpy(dtype=float)
    if (values < 0).any():
        raise OptionError(
            f"A weight is a number, 0 or more; column {column!r} has {int((values < 0).sum())} "
            "below. Correct them, or leave those rows out."
        )
    return np.asarray(values, dtype=float)


def _bound(rows: pd.DataFrame, column: str, *, missing: float) -> Floats:
    return np.asarray(rows[column].astype(float).fillna(missing), dtype=float)
