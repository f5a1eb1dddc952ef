"""Which reports are out of date, and what made them so.

A report is up to date where its files lie as they were written, and where all that it hangs on
is as its manifest says: notebook, parameters, data, the toolkit's source, versions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from toolkit.report.inputs import digest
from toolkit.report.manifest import origin, project_root
from toolkit.report.notebooks import parse_notebook
from toolkit.report.parameters import Parameter, as_json, declared_parameters, kept_defaults
from toolkit.report.plan import Job, Plan

__all__ = ["Change", "changes", "out_of_date", "read_manifest"]


_NEEDED = frozenset(
    {"defaults", "environment", "inputs", "notebook", "outputs", "parameters", "status", "title"}
)


# A manifest names no folder outside of the project.
_OUTSIDE = ", or lies outside of the project where no parameter names it"


@dataclass(frozen=True)
class Change:
    """One thing that is not as it was.

    Attributes
    ----------
    kind : {"report", "notebook", "parameters", "data", "toolkit", "versions"}
        What it belongs to; `report` is the report itself: not made, failed, or altered since.
    what : str
        What of it, and how it was before.
    """

    kind: Literal["report", "notebook", "parameters", "data", "toolkit", "versions"]
    what: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.what}"


def out_of_date(plan: Plan, *, out: str | Path) -> dict[str, tuple[Change, ...]]:
    """Say of each report of a plan what changed since it was made; nothing where it is up to date.

    Parameters
    ----------
    plan : Plan
    out : str or Path
        The folder that the reports lie in.
    """
    folder = Path(out).resolve()
    return {job.name: tuple(_changes_of(job, folder)) for job in plan.jobs}


def read_manifest(path: Path) -> dict[str, Any] | None:
    """Return what a manifest holds; None where there is none that can be read."""
    try:
        record = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) else None


def _changes_of(job: Job, out: Path) -> Iterator[Change]:
    record = read_manifest(out / job.name / "manifest.json")
    if record is None:
        yield Change("report", "not made yet")
        return
    if not record.keys() >= _NEEDED:
        yield Change("report", "its manifest is of another version of the toolkit")
        return
    if record["status"] != "made":
        yield Change("report", f"failed: {record['error']['kind']}")
    yield from _altered(record, out)
    written = {output["path"] for output in record["outputs"]}
    if "pdf" in job.formats and f"{job.name}.pdf" not in written:
        yield Change("report", "it was not written as PDF")
    if job.title not in (record.get("title_given"), record["title"]):
        yield Change("parameters", f"the title is {job.title!r}, was {record['title']!r}")
    if record.get("credits", {}) != job.credits.as_record():
        yield Change("report", "its authors, publisher or licence are told otherwise")
    yield from changes(record, _origin_now(job, record))


def _altered(record: Mapping[str, Any], out: Path) -> Iterator[Change]:
    for output in record["outputs"]:
        path = out / output["path"]
        if not path.is_file():
            yield Change("report", f"{output['path']} is gone")
        elif digest(path) != output["sha256"]:
            yield Change("report", f"{output['path']} is not as it was written")


def _origin_now(job: Job, record: Mapping[str, Any]) -> dict[str, Any]:
    notebook = job.notebook.resolve()
    given = {name: as_json(value) for name, value in job.parameters.items()}
    source = notebook.read_bytes()
    return origin(
        given,
        notebook=notebook,
        source=source,
        defaults=kept_defaults(_declared(source, str(job.notebook)), given),
        read=_inputs_again(record, project_root(notebook)),
    )


@lru_cache(maxsize=64)
def _declared(source: bytes, where: str) -> tuple[Parameter, ...]:
    return declared_parameters(parse_notebook(source, where=where), where=where)


def _inputs_again(record: Mapping[str, Any], root: Path) -> list[Path]:
    places = (root / entry["path"] for entry in record["inputs"])
    return [place for place in places if place.is_file()]


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Change, ...]:
    """Compare what two reports hang on, as their manifests or their origins tell it."""
    return (
        *_notebook_changes(before, now),
        *_parameter_changes(before, now),
        *_data_changes(before, now),
        *_toolkit_changes(before["environment"], now["environment"]),
        *_version_changes(before["environment"], now["environment"]),
    )


def _notebook_changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    if before["notebook"] == now["notebook"]:
        return
    place, earlier = now["notebook"]["path"], before["notebook"]["path"]
    yield Change("notebook", f"{place} changed" if place == earlier else f"{place}, was {earlier}")


def _parameter_changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    earlier, later = before["parameters"], now["parameters"]
    for name in dict.fromkeys([*later, *earlier]):
        if name in later and name in earlier and later[name] == earlier[name]:
            continue
        yield Change("parameters", f"{name} is {_value(name, now)}, was {_value(name, before)}")


def _value(name: str, record: Mapping[str, Any]) -> str:
    if name in record["parameters"]:
        return repr(record["parameters"][name])
    default = record["defaults"].get(name)
    return "left to the notebook" if default is None else f"the default {default!r}"


def _data_changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    earlier = {entry["path"]: entry["sha256"] for entry in before["inputs"]}
    later = {entry["path"]: entry["sha256"] for entry in now["inputs"]}
    for place in dict.fromkeys([*later, *earlier]):
        if place not in later:
            yield Change("data", f"{place} is gone{_OUTSIDE if '/' not in place else ''}")
        elif place not in earlier:
            yield Change("data", f"{place} is new")
        elif earlier[place] is None:
            yield Change("data", f"{place} changed while the report was made")
        elif earlier[place] != later[place]:
            yield Change("data", f"{place} changed")


def _toolkit_changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    earlier, later = before.get("source", {}), now.get("source", {})
    parts = [
        part for part in dict.fromkeys([*later, *earlier]) if earlier.get(part) != later.get(part)
    ]
    if parts:
        yield Change("toolkit", f"{', '.join(parts)} changed")


def _version_changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    earlier = {"python": before["python"], **before["packages"]}
    later = {"python": now["python"], **now["packages"]}
    for name in dict.fromkeys([*later, *earlier]):
        if earlier.get(name) != later.get(name):
            yield Change(
                "versions",
                f"{name} {later.get(name, 'not installed')}, was "
                f"{earlier.get(name, 'not installed')}",
            )
