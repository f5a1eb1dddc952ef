"""Where each report came from: parameters, inputs by hash, versions, commit, times.

Paths are told from the project's folder, so that a manifest names no machine and no user.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from toolkit.report.environment import environment, revision
from toolkit.report.inputs import digest, input_files
from toolkit.report.outputs import Failure
from toolkit.report.reports import Report

__all__ = [
    "batch_manifest",
    "origin",
    "portable",
    "project_root",
    "read_report",
    "report_manifest",
    "report_of",
]

_PROJECT_MARKS = (".git", "pyproject.toml", "reports.toml")


def report_manifest(
    report: Report,
    *,
    files: Mapping[str, bytes],
    notebook: Path,
    source: bytes,
    defaults: Mapping[str, object],
    read: Iterable[Path] = (),
    since: float | None = None,
    title: str | None = None,
    engine: Mapping[str, Any] | None = None,
    credit: Mapping[str, Any] | None = None,
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
    read : iterable of Path
        The files that the run opened, besides those that parameters name.
    since : float, optional
        When the run began, in seconds since 1970. What an input that changed after that held
        when it was read is not known: its hash is left out.
    title : str, optional
        The title that was asked for, instead of the first heading.
    engine : mapping, optional
        How the cells ran: the kind of kernel, and the random state that it began with.
    credit : mapping, optional
        Who made it, and what others may do with it.
    """
    root = project_root(notebook)
    return {
        **_summary(report, root),
        **origin(
            report.parameters,
            notebook=notebook,
            source=source,
            defaults=defaults,
            read=read,
            since=since,
        ),
        "title_given": title,
        "engine": {
            key: _portable_text(value, root) if isinstance(value, str) else value
            for key, value in (engine or {}).items()
        },
        "credits": dict(credit or {}),
        "outputs": [{"path": name, "sha256": digest(held)} for name, held in files.items()],
        "git": revision(root),
        "started": report.started,
    }


def origin(
    parameters: Mapping[str, object],
    *,
    notebook: Path,
    source: bytes,
    defaults: Mapping[str, object],
    read: Iterable[Path] = (),
    since: float | None = None,
) -> dict[str, Any]:
    """Write down all that a report hangs on: the same origin gives the same report."""
    root = project_root(notebook)
    inputs = input_files({**defaults, **parameters}, notebook.parent, read, root=root)
    return {
        "parameters": _portable_parameters(parameters, root),
        "defaults": _portable_parameters(defaults, root),
        "notebook": {"path": portable(notebook, root), "sha256": digest(source)},
        "inputs": [_described(path, root, since) for path in inputs],
        "environment": environment(),
    }


def batch_manifest(
    reports: Iterable[Report],
    *,
    plan: Path,
    started: str,
    seconds: float,
    credit: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Write down a batch: what was made, what failed, how long it took."""
    plan = plan.resolve()
    root = project_root(plan)
    reports = list(reports)
    statuses = Counter(report.status for report in reports)
    return {
        "plan": _described(plan, root),
        "credits": dict(credit or {}),
        "counts": {"reports": len(reports), "made": statuses["made"], "failed": statuses["failed"]},
        "reports": [
            {**_summary(report, root), "manifest": f"{report.name}/manifest.json"}
            for report in reports
        ],
        "environment": environment(),
        "git": revision(root),
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
    return report_of(record, out=path.parent.parent)


def report_of(record: Mapping[str, Any], *, out: Path) -> Report:
    """Return the report that a manifest tells of."""
    return Report(
        name=record["name"],
        title=record["title"],
        group=record["group"],
        out=out,
        status=record["status"],
        parameters=record["parameters"],
        files=tuple(output["path"] for output in record["outputs"]),
        key_figures=record["key_figures"],
        error=Failure(**record["error"]) if record["error"] else None,
        started=record["started"],
        seconds=record["seconds"],
    )


def project_root(path: Path) -> Path:
    """Return the nearest folder above that looks like a project; else the path's own folder."""
    for folder in path.parents:
        if any((folder / mark).exists() for mark in _PROJECT_MARKS):
            return folder
    return path.parent


def portable(path: Path, root: Path) -> str:
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


def _described(path: Path, root: Path, since: float | None = None) -> dict[str, str | None]:
    """Return a file's portable path and its SHA-256."""
    state = path.stat()
    changed = since is not None and max(state.st_mtime, state.st_ctime) > since
    return {"path": portable(path, root), "sha256": None if changed else digest(path)}


def _portable_parameters(parameters: Mapping[str, object], root: Path) -> dict[str, object]:
    return {name: _portable_value(value, root) for name, value in parameters.items()}


def _portable_value(value: object, root: Path) -> object:
    if isinstance(value, list):
        return [_portable_value(item, root) for item in value]
    if isinstance(value, str) and Path(value).is_absolute():
        return portable(Path(value), root)
    return value
