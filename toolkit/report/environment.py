"""What a report ran on: Python, the toolkit's source, the versions of what it is built on."""

from __future__ import annotations

import hashlib
import itertools
import platform
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["DISTRIBUTION", "environment", "normalised", "revision"]

DISTRIBUTION = "regional-techfinance-toolkit"
_REQUIRED = re.compile(r"Requires-Dist: ([\w.-]+)")
_EXTRA = re.compile(r"""extra\s*==\s*["']([\w.-]+)["']""")
# What checks the toolkit, or describes it, changes no report; nor do words on a command line.
_EXTRAS_APART = frozenset({"dev", "docs"})
_PARTS_APART = frozenset({"__main__", "cli"})


@cache
def environment() -> dict[str, Any]:
    """Return the versions of Python, the toolkit and its packages, and its source by hash."""
    return {
        "python": platform.python_version(),
        "toolkit": _toolkit(),
        "source": _source(Path(__file__).parents[1]),
        "packages": _packages(),
    }


def _toolkit() -> str | None:
    facts = _installed().get(DISTRIBUTION)
    return None if facts is None else _version_in(facts)


def _source(package: Path) -> dict[str, str]:
    """Return one SHA-256 for each part of the package."""
    parts: dict[str, Any] = {}
    for path in sorted(package.rglob("*")):
        inside = path.relative_to(package)
        part = inside.parts[0].partition(".")[0]
        if part in _PARTS_APART or "__pycache__" in inside.parts or not path.is_file():
            continue
        content = path.read_bytes()
        parts.setdefault(part, hashlib.sha256()).update(
            f"{inside.as_posix()}\0{len(content)}\0".encode() + content
        )
    return {part: found.hexdigest() for part, found in parts.items()}


def _packages() -> dict[str, str]:
    """Return the versions of what the toolkit needs, and of what that needs in turn."""
    installed = _installed()
    own = installed.get(DISTRIBUTION)
    waiting = [name for name, extra in _needs(own) if extra not in _EXTRAS_APART]
    found: dict[str, str] = {}
    while waiting:
        name = waiting.pop()
        if name not in found and name in installed:
            found[name] = _version_in(installed[name])
            waiting += [needed for needed, extra in _needs(installed[name]) if extra is None]
    return dict(sorted(found.items()))


def _installed() -> dict[str, Path]:
    """Return the folder of facts on each installed package.

    `importlib.metadata` tells the same, but parses each description in whole: half a second that
    a run with nothing to do would spend.
    """
    found: dict[str, Path] = {}
    libraries = {Path(sysconfig.get_path(kind)) for kind in ("purelib", "platlib")}
    for place in map(Path, sys.path):
        # A package that brings others in a folder of its own, as Ray does, puts that on the path.
        if libraries & set(place.parents):
            continue
        for facts in place.glob("*.dist-info"):
            found.setdefault(normalised(facts.name.partition("-")[0]), facts)
    return found


def _version_in(facts: Path) -> str:
    return facts.name.removesuffix(".dist-info").partition("-")[2]


def _needs(facts: Path | None) -> Iterator[tuple[str, str | None]]:
    """Yield the packages that one requires, each with the extra that it is for."""
    if facts is None or not (facts / "METADATA").is_file():
        return
    with (facts / "METADATA").open(encoding="utf-8") as lines:
        for line in itertools.takewhile(lambda line: line != "\n", lines):
            if needed := _REQUIRED.match(line):
                extra = _EXTRA.search(line)
                yield normalised(needed[1]), extra and extra[1]


def normalised(name: str) -> str:
    """Return the name of a package as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def revision(folder: Path) -> dict[str, Any] | None:
    """Return the git commit that a folder is at, and whether files differ from it."""
    commit = _git(folder, "rev-parse", "HEAD")
    if commit is None:
        return None
    changes = _git(folder, "status", "--porcelain", "--untracked-files=no")
    return {"commit": commit, "modified": bool(changes)}


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            check=True,
            encoding="utf-8",
            timeout=30,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
