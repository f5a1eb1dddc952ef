"""Cells of any kind as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    import narwhals as nw

    from toolkit.clean.headings import Role

__all__ = ["pandas_texts", "stripped", "text_of"]

_WIDE = "\u00a0\u3000\ufeff"
_SPACES = f" \t\r\n\f\v{_WIDE}"


def pandas_texts(column: pd.Series[Any]) -> list[str | None]:
    """Return cells as texts: whole floats as whole numbers, days without their midnight."""
    if isinstance(column.dtype, pd.StringDtype):
        texts: list[str | None] = column.astype(object).where(column.notna(), None).tolist()
        return texts
    return [_cell(value) for value in column.astype(object)]


def _cell(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).removesuffix(" 00:00:00")


def stripped(text: str) -> str:
    """Return a text without the spaces around it, as :func:`text_of` does it for columns."""
    return text.strip(_SPACES)


def text_of(role: Role, column: nw.Expr, kind: nw.dtypes.DType) -> nw.Expr:
    """Return a column as text without missing values; readers see to the spaces of the others."""
    import narwhals as nw

    if isinstance(kind, nw.Datetime):
        column = column.dt.date()
    if kind != nw.String:
        column = column.cast(nw.String)
    filled = column.fill_null("")
    if role.kind == "value":
        return filled
    # Looking is far faster than stripping, and few texts need it.
    spaced = filled < "!"
    for space in _SPACES:
        spaced = spaced | filled.str.ends_with(space)
    for space in _WIDE:
        spaced = spaced | filled.str.starts_with(space)
    return nw.when(spaced).then(filled.str.strip_chars(_SPACES)).otherwise(filled)
