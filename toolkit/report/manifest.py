"""Where each report came from: parameters, inputs by hash, versions, commit, times.

Paths are told from the project's folder, so that a manifest names no machine and no user.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from toolkit.report.outputs import Failure
from toolkit.report.reports import Report

__all__ = ["batch_manifest", "read_report", "report_manifest"]

_DISTRIBUTION = "regional-techfinance-toolkit"
_PROJECT_MARKS = (".git", "pyproject.toml", "reports.toml")


def report_manifest(
    report: Report,
    *,
    files: Mapping[str, bytes],
    notebook: Path,
    source: bytes,
    defaults: Mapping[str, object],
) -> dict[str, Any]:
    """Write down a report and where it came from.

    Parameters
    ----------
    report : Report
    files : mapping of str to bytes
        Its files as seen from its folder.
    notebook : Path
        The notebook it was made from.
    source : bytes
        What stood in that notebook when it ran.
    defaults : mapping
        The parameters that kept what the notebook says.
    """
    root = _project_root(notebook)
    inputs = _input_files({**defaults, **report.parameters}, notebook.parent)
    return {
        **_summary(report, root),
        "parameters": _portable_parameters(report.parameters, root),
        "defaults": _portable_parameters(defaults, root),
        "notebook": {"path": _portable(notebook, root), "sha256": _sha256(source)},
        "inputs": [_described(path, root) for path in inputs],
        "outputs": [{"path": name, "sha256": _sha256(held)} for name, held in files.items()],
        "environment": _versions(),
        "git": _revision(root),
        "started": report.started,
    }


def batch_manifest(
    reports: Iterable[Report], *, plan: Path, started: str, seconds: float
) -> dict[str, Any]:
    """Write down a batch: what was made, what failed, how long it took."""
    plan = plan.resolve()
    root = _project_root(plan)
    reports = list(reports)
    statuses = Counter(report.status for report in reports)
    return {
        "plan": _described(plan, root),
        "counts": {"reports": len(reports), "made": statuses["made"], "failed": statuses["failed"]},
        "reports": [
            {**_summary(report, root), "manifest": f"{report.name}/manifest.json"}
            for report in reports
        ],
        "environment": _versions(),
        "git": _revision(root),
        "started": started,
        "seconds": seconds,
    }


def _summary(report: Report, root: Path) -> dict[str, Any]:
    error = report.error and {
        "kind": report.error.kind,
        "message": _portable_text(report.error.message, root),
        "cell": report.error.cell,
    }
    return {
        "name": report.name,
        "title": report.title,
        "group": report.group,
        "status": report.status,
        "error": error,
        "key_figures": report.key_figures,
        "seconds": report.seconds,
    }


def read_report(path: Path) -> Report:
    """Read a report back from its manifest."""
    record = json.loads(path.read_text(encoding="utf-8"))
    return Report(
        name=record["name"],
        title=record["title"],
        group=record["group"],
        out=path.parent.parent,
        status=record["status"],
        parameters=record["parameters"],
        files=tuple(output["path"] for output in record["outputs"]),
        key_figures=record["key_figures"],
        error=Failure(**record["error"]) if record["error"] else None,
        started=record["started"],
        seconds=record["seconds"],
    )


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _project_root(path: Path) -> Path:
    """Return the nearest folder above that looks like a project; else the path's own folder."""
    for folder in path.parents:
        if any((folder / mark).exists() for mark in _PROJECT_MARKS):
            return folder
    return path.parent


def _portable(path: Path, root: Path) -> str:
    """Tell a path from the project's folder; outside of it, by its name alone."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def _portable_text(text: str, root: Path) -> str:
    """Take the project's folder and the user's home out of a message.

    Examples
    --------
    >>> _portable_text("no file /srv/study/data/a.csv", Path("/srv/study"))
    'no file data/a.csv'
    """
    return text.replace(f"{root}{os.sep}", "").replace(str(Path.home()), "~")


def _described(path: Path, root: Path) -> dict[str, str]:
    """Return a file's portable path and its SHA-256."""
    with path.open("rb") as file:
        return {
            "path": _portable(path, root),
            "sha256": hashlib.file_digest(file, "sha256").hexdigest(),
        }


def _input_files(parameters: Mapping[str, object], folder: Path) -> list[Path]:
    """List the existing files that text parameters name, seen from the notebook's folder."""
    candidates = (folder / text for text in _texts(parameters.values()))
    return [path.resolve() for path in candidates if _is_file(path)]


def _texts(values: Iterable[object]) -> Iterable[str]:
    for value in values:
        if isinstance(value, str) and value:
            yield value
        elif isinstance(value, list):
            yield from _texts(value)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # text that is too long for a path, or holds a null
        return False


def _portable_parameters(parameters: Mapping[str, object], root: Path) -> dict[str, object]:
    return {name: _portable_value(value, root) for name, value in parameters.items()}


def _portable_value(value: object, root: Path) -> object:
    if isinstance(value, list):
        return [_portable_value(item, root) for item in value]
    if isinstance(value, str) and Path(value).is_absolute():
        return _portable(Path(value), root)
    return value


@cache
def _versions() -> dict[str, Any]:
    """Return the versions of Python, the toolkit, and what the toolkit is built on."""
    try:
        requirements = metadata.requires(_DISTRIBUTION) or []
        toolkit = metadata.version(_DISTRIBUTION)
    except metadata.PackageNotFoundError:
        requirements, toolkit = [], None
    names = sorted(
        re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
        for requirement in requirements
        if "extra ==" not in requirement
    )
    return {
        "python": platform.python_version(),
        "toolkit": toolkit,
        "packages": {name: found for name in names if (found := _version(name))},
    }


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


@cache
def _revision(folder: Path) -> dict[str, Any] | None:
    """Return the git commit that the folder is at, and whether files differ from it."""
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
