"""Code of notebooks and scripts: absolute paths, and random draws without a seed."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from toolkit.report.notebooks import cell_source, parse_notebook
from toolkit.report.packages.findings import Finding, found
from toolkit.report.packages.lint.paths import absolute_paths

__all__ = ["code_findings"]

_GENERATORS = {
    "numpy.random.default_rng",
    "numpy.random.RandomState",
    "numpy.random.SeedSequence",
    "numpy.random.PCG64",
    "numpy.random.MT19937",
    "numpy.random.Philox",
    "numpy.random.SFC64",
    "numpy.random.seed",
    "random.Random",
    "random.seed",
}
# They take what holds the seed, or move what holds it.
_HARMLESS = {
    "numpy.random.Generator",
    "numpy.random.get_state",
    "numpy.random.set_state",
    "random.getstate",
    "random.setstate",
}
_LIBRARIES = ("numpy.random", "random")
_TOOLKIT = "toolkit."


def code_findings(name: str, content: bytes) -> Iterator[Finding]:
    """Find what will not do elsewhere in the code of a notebook or a script."""
    reading = _Reading()
    for place, source in _parts(name, content):
        try:
            tree = ast.parse(source)
        except SyntaxError:
            yield found("not-read", place, "this is not plain Python.")
            continue
        yield from _paths(tree, place)
        reading.learn(tree)
        yield from reading.unseeded(tree, place)


def _parts(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    if name.endswith(".py"):
        yield name, content.decode("utf-8", errors="replace")
        return
    for cell in parse_notebook(content, where=name)["cells"]:
        if cell["cell_type"] == "code":
            yield f"{name}, cell {cell['id']!r}", _plain(cell_source(cell))


def _plain(source: str) -> str:
    """Put nothing in the place of commands to Jupyter, so that line numbers stay."""
    return "\n".join(
        "pass" if line.startswith(("%", "!")) else line for line in source.splitlines()
    )


def _paths(tree: ast.AST, place: str) -> Iterator[Finding]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for path in absolute_paths(node.value):
                where = f"{place}, line {node.lineno}"
                yield found("absolute-path", where, f"{path!r} is there on one machine.")


@dataclass
class _Reading:
    """What the cells read so far have imported and seeded."""

    names: dict[str, str] = field(default_factory=dict)
    seeded: set[str] = field(default_factory=set)

    def learn(self, tree: ast.AST) -> None:
        """Take in what is imported under which name."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    whole = alias.name if alias.asname else alias.name.partition(".")[0]
                    self.names[alias.asname or whole] = whole
            elif isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    self.names[alias.asname or alias.name] = f"{node.module}.{alias.name}"

    def unseeded(self, tree: ast.AST, place: str) -> Iterator[Finding]:
        """Find the calls that draw at random and cannot be repeated."""
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
            called = self._called(call.func)
            if called and (said := self._objection(called, call)):
                yield found("no-seed", f"{place}, line {call.lineno}", said)

    def _called(self, function: ast.expr) -> str:
        parts: list[str] = []
        while isinstance(function, ast.Attribute):
            parts.append(function.attr)
            function = function.value
        if not isinstance(function, ast.Name) or function.id not in self.names:
            return ""
        return ".".join([self.names[function.id], *reversed(parts)])

    def _objection(self, called: str, call: ast.Call) -> str:
        if called.startswith(_TOOLKIT):
            return _toolkit_objection(called.rpartition(".")[2], call)
        library = called.rpartition(".")[0]
        if library not in _LIBRARIES or called in _HARMLESS:
            return ""
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        fixed = any(not (isinstance(v, ast.Constant) and v.value is None) for v in given)
        if called in _GENERATORS:
            if called.endswith(".seed") and fixed:
                self.seeded.add(library)
            return "" if fixed else f"{called}() begins differently in each run."
        if called == "random.SystemRandom":
            return f"{called} cannot be repeated."
        return "" if library in self.seeded else f"{called} draws from a state that nobody set."


def _toolkit_objection(name: str, call: ast.Call) -> str:
    given: Mapping[str | None, ast.expr] = {word.arg: word.value for word in call.keywords}
    if "random_state" in given or None in given or not _leaves_seed_open(name):
        return ""
    interval = given.get("interval")
    if interval is None or (isinstance(interval, ast.Constant) and interval.value != "bootstrap"):
        return ""
    return f"toolkit.{name} may draw its interval at random, and random_state is not given."


@cache
def _leaves_seed_open(name: str) -> bool:
    """Tell whether a public function of the toolkit draws at random unless it is told a seed."""
    import toolkit

    function = getattr(toolkit, name, None)
    if not callable(function):
        return False
    parameter = inspect.signature(function).parameters.get("random_state")
    return parameter is not None and parameter.default is None
