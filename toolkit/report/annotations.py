"""Annotations as they are written, read as the kinds that they mean."""

from __future__ import annotations

import ast

from toolkit.report.kinds import SCALARS, Choice, Either, Kind, Many, Open
from toolkit.report.limits import limited

__all__ = ["kind_from", "kind_of"]


def kind_from(annotation: str) -> Kind:
    """Read an annotation as it is written.

    Raises
    ------
    ValueError
        Where it is no annotation that can be checked; the text is the part that is not.

    Examples
    --------
    >>> str(kind_from("Optional[list[datetime.date]]"))
    'list[date] | None'
    >>> str(kind_from("Annotated[int, '1 <= months <= 120']"))
    'int with 1 <= months <= 120'
    """
    try:
        return _kind(ast.parse(annotation, mode="eval").body)
    except SyntaxError:
        raise ValueError(annotation) from None


def kind_of(default: object) -> Kind:
    """Infer the kind of a parameter without annotation from its default value."""
    if isinstance(default, list):
        return Many(Open())
    return SCALARS.get(type(default).__name__, Open()) if default is not None else Open()


def _kind(node: ast.expr) -> Kind:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return kind_from(node.value)
    if isinstance(node, ast.Constant) and node.value is None:
        return SCALARS["None"]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _either(_kind(node.left), _kind(node.right))
    if isinstance(node, ast.Subscript):
        return _generic(node)
    name = _last_name(node)
    if name in {"list", "List"}:
        return Many(Open())
    if name in SCALARS:
        return SCALARS[name]
    raise ValueError(ast.unparse(node))


def _generic(node: ast.Subscript) -> Kind:
    arguments = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    match _last_name(node.value):
        case "Literal":
            return Choice(tuple(_literal(argument) for argument in arguments))
        case "list" | "List" if len(arguments) == 1:
            return Many(_kind(arguments[0]))
        case "Optional" if len(arguments) == 1:
            return _either(_kind(arguments[0]), SCALARS["None"])
        case "Union":
            return _either(*map(_kind, arguments))
        case "Annotated" if len(arguments) > 1:
            return _annotated(_kind(arguments[0]), arguments[1:])
    raise ValueError(ast.unparse(node))


def _annotated(kind: Kind, remarks: list[ast.expr]) -> Kind:
    for remark in remarks:
        limit = _literal(remark)
        if not isinstance(limit, str):
            raise ValueError(ast.unparse(remark))
        try:
            kind = limited(kind, limit)
        except ValueError:
            raise ValueError(ast.unparse(remark)) from None
    return kind


def _either(*kinds: Kind) -> Either:
    flat: list[Kind] = []
    for kind in kinds:
        flat.extend(kind.options if isinstance(kind, Either) else (kind,))
    return Either(tuple(flat))


def _literal(node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except ValueError:
        raise ValueError(ast.unparse(node)) from None


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
