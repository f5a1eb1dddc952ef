"""The versions that a study runs on: what is installed, and what that needs in turn."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from toolkit.report.environment import DISTRIBUTION, normalised

__all__ = ["checkout", "lock_text", "locked_packages", "requirements"]

_Wanted = tuple[str, frozenset[str]]


def checkout() -> dict[str, Any] | None:
    """Return the `pyproject.toml` that lies beside the toolkit's source; None where none does."""
    path = Path(__file__).parents[3] / "pyproject.toml"
    if not path.is_file():
        return None
    declared = tomllib.loads(path.read_text(encoding="utf-8"))
    return declared if declared.get("project", {}).get("name") == DISTRIBUTION else None


def requirements() -> list[str]:
    """Return what the toolkit requires, by its source where that is at hand.

    What was noted when a checkout was installed may be older than the checkout.
    """
    if declared := checkout():
        return [str(line) for line in declared["project"]["dependencies"]]
    try:
        lines = distribution(DISTRIBUTION).requires or []
    except PackageNotFoundError:
        return []
    return [line for line in lines if "extra ==" not in line]


def locked_packages(also: Iterable[str] = ()) -> dict[str, str]:
    """Return the installed versions of what the toolkit needs, and of what that needs in turn.

    Parameters
    ----------
    also : iterable of str
        Further distributions, such as those that a notebook imports.

    Returns
    -------
    dict of str to str
        Versions by name, sorted; without the toolkit itself.

    Examples
    --------
    >>> packages = locked_packages()
    >>> "pandas" in packages, "regional-techfinance-toolkit" in packages
    (True, False)
    """
    waiting = [*_needs(requirements(), frozenset()), *((name, frozenset[str]()) for name in also)]
    seen: set[_Wanted] = set()
    found: dict[str, str] = {}
    while waiting:
        wanted = waiting.pop()
        if wanted in seen:
            continue
        seen.add(wanted)
        try:
            facts = distribution(wanted[0])
        except PackageNotFoundError:
            continue
        found[normalised(wanted[0])] = facts.version
        waiting += _needs(facts.requires or (), wanted[1])
    found.pop(DISTRIBUTION, None)
    return dict(sorted(found.items()))


def _needs(lines: Iterable[str], extras: frozenset[str]) -> Iterator[_Wanted]:
    for line in lines:
        needed = Requirement(line)
        chosen = extras or {""}
        if needed.marker is None or any(needed.marker.evaluate({"extra": e}) for e in chosen):
            yield needed.name, frozenset(needed.extras)


def lock_text(packages: dict[str, str]) -> str:
    """Write versions as pip reads them.

    Examples
    --------
    >>> print(lock_text({"numpy": "2.4.6"}), end="")
    numpy==2.4.6
    """
    return "".join(f"{name}=={version}\n" for name, version in packages.items())
