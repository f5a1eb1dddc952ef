"""Which heading of a source stands for which column, and what is said where none does."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence

from toolkit.clean.headings.roles import Role, form_of
from toolkit.errors import ColumnError, OptionError, did_you_mean

__all__ = ["find_columns", "heading_row", "naming"]

_QUOTED = re.compile(r"[^\w@%+=:,./-]")


def find_columns(
    headings: Sequence[str],
    roles: Sequence[Role],
    *,
    columns: Mapping[str, str | None] | None = None,
    source: str = "",
) -> dict[str, str]:
    """Say which heading stands for which column of the clean table.

    Parameters
    ----------
    headings : sequence of str
        Headings of the source.
    roles : sequence of Role
        What is looked for.
    columns : mapping of str to str or None, optional
        Headings by column of the clean table, which win over the words known here; None says that
        the source has no such column, which then stays empty.
    source : str
        Name of the file, for messages.

    Returns
    -------
    dict
        Headings by column of the clean table, of those that there are.

    Raises
    ------
    ColumnError
        If needed columns are not found, or several may be one: all are told at once.
    OptionError
        If `columns` names no column of the clean table, or one heading twice.

    Examples
    --------
    >>> from toolkit.clean.headings import LEDGER_ROLES
    >>> none = dict.fromkeys(["funder_id", "tier", "region", "sector"])
    >>> find_columns(["企业编号", "放款日", "放款金额(万元)"], LEDGER_ROLES, columns=none)
    {'firm_id': '企业编号', 'date': '放款日', 'amount_cny': '放款金额(万元)'}
    """
    said = dict(columns or {})
    _check_said(said, headings, roles, source)
    taken = {heading for heading in said.values() if heading is not None}
    free = [heading for heading in headings if heading not in taken]
    found: dict[str, str] = {}
    missing: list[Role] = []
    twice: dict[str, list[str]] = {}
    for role in roles:
        meant = [said[role.name]] if role.name in said else _by_words(role, free)
        if len(meant) > 1:
            twice[role.name] = [str(heading) for heading in meant]
        elif meant and meant[0] is not None:
            found[role.name] = meant[0]
        elif role.needed and role.name not in said:
            missing.append(role)
    if twice or missing:
        told = [_either(name, meant) for name, meant in twice.items()]
        told += [_not_found(missing, headings)] if missing else []
        raise ColumnError(_at(source) + " ".join(told))
    return found


def heading_row(
    cells: Sequence[str], roles: Sequence[Role], columns: Mapping[str, str | None] | None = None
) -> int:
    """Count the columns of the clean table that a row of cells would head.

    Examples
    --------
    >>> from toolkit.clean.headings import LEDGER_ROLES
    >>> heading_row(["Firm ID", "Loan amount", "remarks"], LEDGER_ROLES)
    2
    """
    forms = {form_of(cell) for cell in cells} - {""}
    said = {cell.strip() for cell in cells} & {one for one in (columns or {}).values() if one}
    # A cell "No" heads running numbers in some tables, and answers a question in many more.
    return sum(bool(role.forms & forms) for role in roles if role.name != "serial") + len(said)


def naming(headings: Mapping[str, str | None]) -> str:
    """Return how columns are named, in Python and on the command line.

    Parameters
    ----------
    headings : mapping of str to str or None
        Headings by column of the clean table; None stands for whatever heading it is.

    Examples
    --------
    >>> print(naming({"date": "放款 日", "tier": None}))
    columns={'date': '放款 日', 'tier': heading} in Python, -c 'date=放款 日' -c tier=HEADING on the command line
    """  # noqa: E501
    python = ", ".join(
        f"{name!r}: {'heading' if heading is None else repr(heading)}"
        for name, heading in headings.items()
    )
    typed = [f"{name}={heading or 'HEADING'}" for name, heading in headings.items()]
    words = [shlex.quote(text) if _QUOTED.search(text) else text for text in typed]
    line = " ".join(f"-c {word}" for word in words)
    return f"columns={{{python}}} in Python, {line} on the command line"


def _by_words(role: Role, headings: Sequence[str]) -> list[str]:
    """Return the headings that may be a column: more than one where its name does not decide."""
    first = [heading for heading in headings if form_of(heading) in role.first_forms]
    meant = first or [heading for heading in headings if form_of(heading) in role.other_forms]
    exact = [heading for heading in meant if form_of(heading) == form_of(role.name)]
    return exact if len(exact) == 1 else meant


def _either(name: str, meant: Sequence[str]) -> str:
    return (
        f"{len(meant)} columns may be {name!r}: {', '.join(map(repr, meant))}. "
        f"Say which: {naming({name: meant[0]})}."
    )


def _not_found(missing: Sequence[Role], headings: Sequence[str]) -> str:
    names = [role.name for role in missing]
    shown = ", ".join(heading for heading in headings if heading) or "no headings"
    near = {name: did_you_mean(name, headings) for name in names}
    if len(names) == 1:
        asked, which = f"No column {names[0]!r}.{near[names[0]]}", "it"
    else:
        listed = f"{', '.join(map(repr, names[:-1]))} and {names[-1]!r}"
        likely = [f"{hint[:-1]} for {name!r}?" for name, hint in near.items() if hint]
        asked, which = f"No columns {listed}.{''.join(likely)}", "them"
    told = [
        f"{asked} The table has: {shown}.",
        *(role.hint for role in missing if role.hint),
        f"Name {which}: {naming(dict.fromkeys(names))}.",
    ]
    spare = [role.name for role in missing if not role.vital]
    if spare:
        told.append(
            f"Where there is no {' or '.join(map(repr, spare))}, say None, or -c {spare[0]}= with "
            "nothing after it."
        )
    return " ".join(told)


def _check_said(
    said: Mapping[str, str | None], headings: Sequence[str], roles: Sequence[Role], source: str
) -> None:
    names = [role.name for role in roles]
    for name, heading in said.items():
        if name not in names:
            raise OptionError(
                f"columns (-c) gives headings by column of the clean table; {name!r} is none of "
                f"them.{did_you_mean(name, names)} They are: {', '.join(names)}."
            )
        if heading is None and next(role for role in roles if role.name == name).vital:
            raise OptionError(
                f"columns (-c) says that there is no {name!r}, without which nothing can be said "
                f"of a row. Name the column that holds it: {naming({name: None})}."
            )
        if heading is not None and heading not in headings:
            raise ColumnError(
                f"{_at(source)}No column {heading!r}, which columns (-c) says is {name!r}."
                f"{did_you_mean(heading, headings)} The table has: {', '.join(headings)}."
            )
    given = [heading for heading in said.values() if heading is not None]
    if len(given) > len(set(given)):
        twice = next(heading for heading in given if given.count(heading) > 1)
        raise OptionError(f"columns (-c) gives the heading {twice!r} to two columns. Leave one.")


def _at(source: str) -> str:
    return f"{source}: " if source else ""
