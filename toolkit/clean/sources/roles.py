"""Which column of a table of records is which, by its name or by the label that its layout adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from toolkit.clean.amounts import read_unit
from toolkit.clean.headings import Role, find_columns, heading_row
from toolkit.clean.sources.records import Records
from toolkit.clean.sources.tables import RecordTable
from toolkit.errors import DataError

__all__ = ["find_roles", "role_frame"]

_MONEY = "_cny"


def find_roles(
    table: RecordTable,
    roles: Sequence[Role],
    *,
    columns: Mapping[str, str | None] | None = None,
) -> dict[str, str]:
    """Say which column of a table stands for which column of the clean table.

    Parameters
    ----------
    table : RecordTable
        One table of `read_records`.
    roles : sequence of Role
        What is looked for.
    columns : mapping of str to str or None, optional
        Columns of `table` by column of the clean table, where the words do not find them rightly;
        None says that there is none.

    Returns
    -------
    dict
        Columns of `table` by column of the clean table, of those that there are.

    Raises
    ------
    ColumnError
        If a needed column is not found, or several may be meant.
    OptionError
        If `columns` names no column of the clean table, or one heading twice.
    """
    heads = table.headings
    said = set((columns or {}).values())
    texts = [
        _text(name, label, roles, said)
        for name, label in zip(heads["column"], heads["label"], strict=True)
    ]
    names = [
        name if texts.count(text) > 1 else text
        for name, text in zip(heads["column"], texts, strict=True)
    ]
    place = f"{table.file}, sheet {table.sheet!r}" if table.sheet else table.file
    found = find_columns(names, roles, columns=columns, source=place)
    return {role: heads["column"][names.index(name)] for role, name in found.items()}


def role_frame(
    records: Records,
    roles: Sequence[Role],
    *,
    columns: Mapping[str, str | None] | None = None,
) -> pd.DataFrame:
    r"""Return all records under one set of columns, whatever each sheet calls them.

    A column that was found is called by its name in the clean table, with its unit in brackets
    where the layout gives one: in the heading, in a row of units, or in a line such as 单位：万元
    for the money of the whole table.

    Parameters
    ----------
    records : Records
        What `read_records` read.
    roles, columns
        As in `find_roles`.

    Returns
    -------
    DataFrame
        ``file sheet row``, the columns found, and the others as they are; all text, as
        ``clean_ledger`` and ``clean_milestones`` take it.

    Raises
    ------
    ColumnError, OptionError
        As in `find_roles`.
    DataError
        If sheets give one column in different units.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from toolkit.clean.sources.records import read_records
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "loans.csv"
    >>> _ = file.write_text("单位：万元,\n企业,放款金额\n甲,5\n", encoding="utf-8")
    >>> money = [Role(name="firm_id", words="企业"), Role(name="amount_cny", words="放款金额")]
    >>> role_frame(read_records(file), money).columns.tolist()
    ['file', 'sheet', 'row', 'firm_id', 'amount_cny（万元）']
    """
    parts = []
    units: dict[str, tuple[str, str]] = {}
    for table in records.tables:
        names = {}
        for role, column in find_roles(table, roles, columns=columns).items():
            unit = _unit(table, role, column)
            place, before = units.setdefault(role, (table.sheet, unit))
            if unit != before:
                raise DataError(
                    f"{table.file}: {role!r} is in {before or 'no unit'!r} on sheet {place!r} and "
                    f"in {unit or 'no unit'!r} on sheet {table.sheet!r}. "
                    "Read each alone, by sheet=."
                )
            names[column] = f"{role}（{unit}）" if unit else role
        parts.append(table.rows.rename(columns=names))
    together = pd.concat(parts, ignore_index=True)
    return together.astype({name: "str" for name in together if name != "row"})


def _unit(table: RecordTable, role: str, column: str) -> str:
    heads = table.headings.set_index("column")["unit"]
    own = str(heads[column])
    whole = table.unit if role.endswith(_MONEY) and read_unit(table.unit) else ""
    return own or whole


def _text(name: str, label: str, roles: Sequence[Role], said: set[str | None]) -> str:
    by_label = label and name not in said and not heading_row([name], roles)
    return label if by_label and heading_row([label], roles) else name
