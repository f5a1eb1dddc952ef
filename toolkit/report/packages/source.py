"""The toolkit's own source, as a package carries it, and the versions to run it on."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator
from importlib.metadata import (
    Distribution,
    PackageNotFoundError,
    distribution,
    packages_distributions,
)
from pathlib import Path

from toolkit.errors import DependencyError
from toolkit.report.environment import DISTRIBUTION
from toolkit.report.notebooks import cell_source, read_notebook
from toolkit.report.studies.lock import checkout, locked_packages, requirements

__all__ = ["CODE", "carried_files", "package_versions", "source_files"]

CODE = "code"
_PACKAGE = Path(__file__).parents[2]


def source_files() -> dict[str, bytes | Path]:
    """Return the toolkit's source by its place in a package, ready to be installed from there.

    Raises
    ------
    DependencyError
        Where the toolkit runs without being installed.
    """
    files: dict[str, bytes | Path] = {
        f"{CODE}/toolkit/{path.relative_to(_PACKAGE).as_posix()}": path
        for path in sorted(_PACKAGE.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    files |= {f"{CODE}/{place}": path for place, path in carried_files().items()}
    facts = _facts()
    if license_text := facts.read_text("licenses/LICENSE"):
        files[f"{CODE}/LICENSE"] = license_text.encode()
    files[f"{CODE}/pyproject.toml"] = _pyproject(facts).encode()
    return files


def carried_files() -> dict[str, Path]:
    """Return the files that an installed toolkit holds and a checkout keeps elsewhere, by place."""
    declared = checkout()
    if declared is None:
        return {}
    wheel = declared["tool"]["hatch"]["build"]["targets"]["wheel"]
    included: dict[str, str] = wheel.get("force-include", {})
    return {place: _PACKAGE.parent / source for source, place in included.items()}


def _facts() -> Distribution:
    try:
        return distribution(DISTRIBUTION)
    except PackageNotFoundError:
        raise DependencyError(
            f"A package carries the toolkit as it is installed; {DISTRIBUTION} is not. "
            "Run pip install --editable . in its folder."
        ) from None


def _pyproject(facts: Distribution) -> str:
    lines = [
        "[build-system]",
        'requires = ["hatchling>=1.27"]',
        'build-backend = "hatchling.build"',
        "",
        "[project]",
        f"name = {_quoted(DISTRIBUTION)}",
        f"version = {_quoted(facts.version)}",
        f"requires-python = {_quoted(facts.metadata['Requires-Python'] or '>=3.11')}",
        "dependencies = [",
        *(f"    {_quoted(line)}," for line in requirements()),
        "]",
    ]
    for group in sorted({entry.group for entry in facts.entry_points}):
        table = "scripts" if group == "console_scripts" else f"entry-points.{_quoted(group)}"
        lines += ["", f"[project.{table}]"]
        lines += [
            f"{entry.name} = {_quoted(entry.value)}"
            for entry in facts.entry_points
            if entry.group == group
        ]
    # A package may lie in a folder that some repository ignores.
    lines += ["", "[tool.hatch.build]", "ignore-vcs = true"]
    lines += ["", "[tool.hatch.build.targets.wheel]", 'packages = ["toolkit"]', ""]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def package_versions(programs: Iterable[Path]) -> dict[str, str]:
    """Return the versions that a study's programs run on: of the toolkit's needs, and of theirs."""
    installed = packages_distributions()
    names = {name for path in programs for name in _imported(path)}
    also = {known for name in names for known in installed.get(name, ())}
    return locked_packages(sorted(also - {DISTRIBUTION}))


def _imported(path: Path) -> Iterator[str]:
    for source in _sources(path):
        try:
            tree = ast.parse(source)
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0]


def _sources(path: Path) -> list[str]:
    if path.suffix == ".py":
        return [path.read_text(encoding="utf-8")]
    cells = read_notebook(path)["cells"]
    return [cell_source(cell) for cell in cells if cell["cell_type"] == "code"]
