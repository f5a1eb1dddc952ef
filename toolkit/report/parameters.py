"""What a notebook asks for, read without running it and checked before a kernel starts.

The cell tagged `parameters` is the declaration: each plain assignment is a parameter, its
annotation the type, its value the default, the comment behind it the help.

    region: str = "Hunan"                 # a province, in English or Chinese
    months: int = 24                      # length of the follow-on window
    against: Literal["gdp", "rest_of_gdp"] = "gdp"
    since: datetime.date | None = None
    level: Annotated[float, "0 < level < 1"] = 0.95
"""

from __future__ import annotations

import ast
import datetime as dt
import io
import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from toolkit.errors import OptionError, did_you_mean
from toolkit.report.annotations import kind_from, kind_of
from toolkit.report.kinds import Kind
from toolkit.report.notebooks import Notebook, cell_source, read_notebook, tagged_cell

__all__ = [
    "Parameter",
    "as_json",
    "as_source",
    "check_parameters",
    "declared_parameters",
    "kept_defaults",
    "read_parameters",
    "read_words",
]

_UNDERSTOOD = (
    "int, float, str, bool, date, Path, Literal[...], list[...], X | None, "
    "Annotated[int, '1 <= x <= 9'] or Annotated[str, 'province']"
)


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One parameter of a notebook.

    Attributes
    ----------
    name : str
    kind : Kind
        What its values may be.
    source : str or None
        The default as it is written; None where the notebook gives none.
    defaults : tuple
        The default value, where it is written out; empty where it is computed or missing.
    help : str
        The comment behind it.
    """

    name: str
    kind: Kind
    source: str | None
    defaults: tuple[object, ...]
    help: str


def read_parameters(notebook: str | Path) -> tuple[Parameter, ...]:
    """Read what a notebook file asks for, in the order of its parameters cell.

    Raises
    ------
    DataError
        Where the file is no notebook.
    OptionError
        Where the parameters cell is not plain Python, or an annotation cannot be checked.
    """
    return declared_parameters(read_notebook(notebook), where=str(notebook))


def declared_parameters(notebook: Notebook, *, where: str) -> tuple[Parameter, ...]:
    """Read what a notebook asks for; `where` names it in messages.

    Examples
    --------
    >>> source = 'region: str = "Hunan"  # a province'
    >>> cell = {"source": source, "metadata": {"tags": ["parameters"]}}
    >>> (region,) = declared_parameters({"cells": [cell]}, where="regional_report.ipynb")
    >>> region.name, str(region.kind), region.source, region.help
    ('region', 'str', "'Hunan'", 'a province')
    """
    cell = tagged_cell(notebook, "parameters")
    if cell is None:
        return ()
    source = cell_source(cell)
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        raise OptionError(
            f"{where}: line {error.lineno} of the parameters cell is not plain Python. "
            "Write each parameter as name: type = value."
        ) from None
    comments = _comments(source)
    found = (_parameter(statement, comments, where) for statement in body)
    # The last assignment of a name is the one that counts, as it is when the cell runs.
    return tuple({parameter.name: parameter for parameter in found if parameter}.values())


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {
        token.start[0]: token.string.lstrip("# ").rstrip()
        for token in tokens
        if token.type == tokenize.COMMENT
    }


def _parameter(statement: ast.stmt, comments: Mapping[int, str], where: str) -> Parameter | None:
    match statement:
        case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
            declared = ast.unparse(annotation)
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            declared = ""
        case _:
            return None
    defaults = _written_out(value)
    try:
        kind = kind_from(declared) if declared else kind_of(*defaults or (None,))
    except ValueError as error:
        raise OptionError(
            f"{where}, parameter {name!r}: the annotation {error} cannot be checked. "
            f"Use {_UNDERSTOOD}."
        ) from None
    return Parameter(
        name=name,
        kind=kind,
        source=ast.unparse(value) if value else None,
        defaults=tuple(
            _accept(kind, default, f"{where}, default of {name!r}") for default in defaults
        ),
        help=comments.get(statement.end_lineno or statement.lineno, ""),
    )


def _written_out(value: ast.expr | None) -> tuple[object, ...]:
    """Return the value of a literal, ``date(2024, 12, 31)`` or ``Path("a")``; else nothing."""
    match value:
        case None:
            return ()
        case ast.Call(func=ast.Name(id="date") | ast.Attribute(attr="date"), args=[_, _, _]):
            return (dt.date(*(ast.literal_eval(argument) for argument in value.args)),)
        case ast.Call(func=ast.Name(id="Path") | ast.Attribute(attr="Path"), args=[ast.Constant()]):
            return (Path(ast.literal_eval(value.args[0])),)
        case _:
            try:
                return (ast.literal_eval(value),)
            except ValueError:
                return ()


def check_parameters(
    declared: Sequence[Parameter], given: Mapping[str, object], *, where: str
) -> dict[str, Any]:
    """Return the given parameters in the order and the types that the notebook declares.

    Parameters
    ----------
    declared : sequence of Parameter
        From `read_parameters`.
    given : mapping
        Values by name; what is not given keeps its default.
    where : str
        The notebook's name, for messages.

    Raises
    ------
    OptionError
        At the first unknown name, wrong type, or missing value.

    Examples
    --------
    >>> months = Parameter(name="months", kind=kind_of(24), source="24", defaults=(24,), help="")
    >>> check_parameters([months], {"months": 18}, where="survival.ipynb")
    {'months': 18}
    """
    _check_names(declared, given, where)
    return {
        parameter.name: _accept(
            parameter.kind, given[parameter.name], f"{where}, parameter {parameter.name!r}"
        )
        for parameter in declared
        if parameter.name in given
    }


def read_words(
    declared: Sequence[Parameter], words: Mapping[str, str], *, where: str
) -> dict[str, Any]:
    """Return the values that words on a command line mean, by the notebook's annotations.

    A text parameter keeps ``007`` as it is; a list is written with commas.

    Raises
    ------
    OptionError
        At the first unknown name, unreadable word, or missing value.
    """
    _check_names(declared, words, where)
    return {
        parameter.name: _read(
            parameter.kind, words[parameter.name], f"{where}, parameter {parameter.name!r}"
        )
        for parameter in declared
        if parameter.name in words
    }


def _check_names(declared: Sequence[Parameter], given: Mapping[str, object], where: str) -> None:
    names = [parameter.name for parameter in declared]
    for name in given:
        if name not in names:
            takes = f"It takes: {', '.join(names)}." if names else "It has no parameters cell."
            raise OptionError(
                f"{where} has no parameter {name!r}.{did_you_mean(name, names)} {takes}"
            )
    for parameter in declared:
        if parameter.source is None and parameter.name not in given:
            raise OptionError(
                f"{where} needs the parameter {parameter.name!r}, which has no default. "
                f"Give {parameter.kind.wanted}."
            )


def _accept(kind: Kind, value: object, where: str) -> object:
    try:
        return kind.accept(value)
    except ValueError as error:
        raise OptionError(_misfit(kind, value, where, error)) from None


def _read(kind: Kind, word: str, where: str) -> object:
    try:
        return kind.read(word)
    except ValueError as error:
        raise OptionError(_misfit(kind, word, where, error)) from None


def _misfit(kind: Kind, value: object, where: str, error: ValueError) -> str:
    # Only our own suggestions begin with a space; Python's messages would repeat the value.
    hint = str(error) if str(error).startswith(" Did") else ""
    declared = f" is not {kind}" if str(kind) else " cannot be a parameter"
    return f"{where}: {value!r}{declared}.{hint} Give {kind.wanted}."


def kept_defaults(declared: Sequence[Parameter], given: Mapping[str, object]) -> dict[str, object]:
    """Return the defaults of the parameters that were not given, as JSON can hold them."""
    return {
        parameter.name: as_json(parameter.defaults[0])
        for parameter in declared
        if parameter.defaults and parameter.name not in given
    }


def as_source(value: object) -> str:
    """Write a checked value as Python, for the cell that a report injects.

    Examples
    --------
    >>> as_source("湖南"), as_source([1, None])
    ("'湖南'", '[1, None]')
    """
    if isinstance(value, dt.date):
        # The notebook may have imported `datetime` in any of three ways, or not at all.
        return f'__import__("datetime").date({value.year}, {value.month}, {value.day})'
    if isinstance(value, PurePath):
        return f'__import__("pathlib").Path({str(value)!r})'
    if isinstance(value, list):
        return f"[{', '.join(map(as_source, value))}]"
    return repr(value)


def as_json(value: object) -> object:
    """Write a checked value as JSON can hold it: dates in ISO 8601, paths as text."""
    if isinstance(value, list):
        return [as_json(item) for item in value]
    if isinstance(value, PurePath):
        return str(value)
    return value.isoformat() if isinstance(value, dt.date) else value
