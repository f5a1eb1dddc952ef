"""Any column as its distinct texts, and where each stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import OptionError

if TYPE_CHECKING:
    from typing import Literal

    from numpy.typing import NDArray

__all__ = ["as_series", "as_texts"]


def as_series(values: Any) -> pd.Series[Any]:
    """Bring any column into a pandas Series.

    Parameters
    ----------
    values : Series or array-like
        Of pandas, Polars, Arrow or NumPy, or a list.

    Raises
    ------
    OptionError
        When given a table or a single text.
    """
    if isinstance(values, pd.Series):
        return values
    if isinstance(values, str) or getattr(values, "ndim", 1) != 1:
        kind = "one text" if isinstance(values, str) else f"a {type(values).__name__}"
        message = f"values is one column of texts; got {kind}. Give a Series or a list."
        raise OptionError(message)
    if hasattr(values, "to_pandas"):
        values = values.to_pandas()
    return pd.Series(values)


def as_texts(
    series: pd.Series[Any], *, decimal: Literal[".", ","] = "."
) -> tuple[list[str], NDArray[np.intp]]:
    """Return the distinct texts of a column, and where each stands in it.

    Numbers become their shortest decimal text, so that mixed columns are read by one rule.

    Parameters
    ----------
    series : Series
        Texts, numbers and missing values.
    decimal : {".", ","}
        The mark to write numbers with.

    Returns
    -------
    texts : list of str
        Distinct, in order of appearance.
    codes : ndarray of int, shape (n,)
        The place of each row's text; ``len(texts)`` where the value is missing.

    Examples
    --------
    >>> as_texts(pd.Series(["5万", None, 1.5, "5万"]))
    (['5万', '1.5'], array([0, 2, 1, 0]))
    """
    if not isinstance(series.dtype, pd.StringDtype):
        series = pd.Series([_as_text(value, decimal) for value in series], dtype="str")
    codes, uniques = pd.factorize(series)
    texts = uniques.tolist()
    return texts, np.where(codes < 0, len(texts), codes)


def _as_text(value: Any, decimal: str) -> str | None:
    if isinstance(value, str):
        return value
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    text = str(value)
    return text.replace(".", decimal) if isinstance(value, int | float | np.number) else text
