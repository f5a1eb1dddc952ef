"""Jupyter's libraries, imported without the grammar that their import would build."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from types import ModuleType

__all__ = ["grammar_when_used"]

_GRAMMAR = "rfc3987_syntax"


class _StandIn(ModuleType):
    """The module as jsonschema takes it, until an address is checked."""

    @staticmethod
    def is_valid_syntax(term: str, value: str) -> bool:
        """Check by the module itself."""
        from rfc3987_syntax import (  # type: ignore[import-untyped, unused-ignore]
            is_valid_syntax,
        )

        return bool(is_valid_syntax(term, value))


@contextmanager
def grammar_when_used() -> Iterator[None]:
    """Build the grammar of international addresses when one is checked, not at an import.

    Where JupyterLab is installed, jsonschema imports it, and nbformat imports jsonschema: more than
    a second, for what no notebook needs. Nothing is taken away: what is imported inside checks as
    it would, only the first check takes that second.
    """
    if _GRAMMAR in sys.modules or find_spec(_GRAMMAR) is None:
        yield
        return
    sys.modules[_GRAMMAR] = _StandIn(_GRAMMAR)
    try:
        yield
    finally:
        del sys.modules[_GRAMMAR]
