"""What only the authors can state: `replication.toml`, read and checked."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from toolkit.errors import DataError, OptionError, did_you_mean
from toolkit.report.packages.findings import Finding, found

__all__ = ["STATEMENTS", "Statements", "read_statements", "statement_findings"]

STATEMENTS = "replication.toml"


@dataclass(frozen=True, kw_only=True)
class Statements:
    """The authors' statements; what they did not state is empty, or false.

    Attributes
    ----------
    title, paper, license, contact : str
    authors, references : tuple of str
    legitimate_access : bool
        Whether they certify to have had legitimate access to, and permission to use, the data.
    permission_to_redistribute : bool
        Whether they certify to have permission to redistribute the data.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    paper: str = ""
    license: str = ""
    contact: str = ""
    legitimate_access: bool = False
    permission_to_redistribute: bool = False
    references: tuple[str, ...] = ()


def read_statements(root: Path) -> Statements:
    """Read the statements of a study; all empty where it has no such file.

    Raises
    ------
    DataError
        Where the file is not TOML.
    OptionError
        At a key that is not known, or a value of the wrong kind.
    """
    path = root / STATEMENTS
    if not path.is_file():
        return Statements()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{STATEMENTS} is not TOML: {error}. Correct it there.") from None
    known = {field.name: getattr(Statements(), field.name) for field in fields(Statements)}
    for key, value in content.items():
        if key not in known:
            raise OptionError(
                f"{STATEMENTS}: unknown key {key!r}.{did_you_mean(key, known)} "
                f"It takes: {', '.join(known)}."
            )
        _check_kind(key, value, known[key])
    given: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in content.items()
    }
    return Statements(**given)


def _check_kind(key: str, value: object, empty: object) -> None:
    texts = isinstance(value, list) and all(isinstance(item, str) for item in value)
    right = texts if isinstance(empty, tuple) else type(value) is type(empty)
    if not right:
        wanted = {tuple: "a list of texts", bool: "true or false", str: "text"}[type(empty)]
        raise OptionError(f"{STATEMENTS}: {key} is {value!r}. Give {wanted}.")


def statement_findings(statements: Statements) -> Iterator[Finding]:
    """Find what the authors have yet to state."""
    for field in fields(statements):
        if not getattr(statements, field.name):
            yield found("unstated", STATEMENTS, f"{field.name} is not stated.")
