"""Provenance as a research object: what was run on what, and what came of it.

One crate lies in the folder of each report and one in the folder of the batch. Both say the same
as the manifests, in the words that other tools read.

References
----------
RO-Crate Metadata Specification 1.1, https://w3id.org/ro/crate/1.1;
Process Run Crate 0.5, https://w3id.org/ro/wfrun/process/0.5.
"""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from toolkit.report.definitions import Definitions, definitions
from toolkit.report.files import as_json_bytes, write_file

if TYPE_CHECKING:
    from rocrate.rocrate import (  # type: ignore[import-untyped, unused-ignore]
        ROCrate,
    )

__all__ = ["CRATE", "write_batch_crate", "write_crate"]

CRATE = "ro-crate-metadata.json"

_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
_TERMS = {
    term: f"https://w3id.org/ro/terms/workflow-run#{term}" for term in ("environment", "sha256")
}
_NO_LICENSE = "No licence is stated. Ask those who made it before it is passed on."
_STATUS = {"made": "Completed", "failed": "Failed"}

Reference = dict[str, str]


def write_crate(folder: str | Path) -> Path:
    """Describe one report, by its manifest and its notebook, in its folder.

    Parameters
    ----------
    folder : str or Path
        The one that its manifest lies in.
    """
    folder = Path(folder)
    record = _read(folder / "manifest.json")
    crate = _new_crate(
        name=record["title"],
        description=f"Report {record['name']}, made from {record['notebook']['path']}.",
        published=_ended(record),
    )
    run = _Run(crate, record, definitions(folder.parent / f"{record['name']}.ipynb"))
    inside = f"{record['name']}/"
    results = [
        run.file(entry, at=entry["path"].removeprefix(inside))
        if entry["path"].startswith(inside)
        else run.beside(entry)
        for entry in record["outputs"]
    ]
    run.add([*results, *run.key_figures()])
    return _written(crate, folder)


def write_batch_crate(out: str | Path) -> Path:
    """Describe a batch: one run for each of its reports, by their manifests.

    Parameters
    ----------
    out : str or Path
        The folder that the reports lie in.
    """
    out = Path(out)
    batch = _read(out / "manifest.json")
    counts = batch["counts"]
    crate = _new_crate(
        name=f"Reports of {batch['plan']['path']}",
        description=f"{counts['made']} of {counts['reports']} reports made.",
        published=_ended(batch),
    )
    for name in ("index.html", "manifest.json"):
        if (out / name).is_file():
            crate.add_file(dest_path=name, properties={"name": name, **_format(name)})
    for entry in batch["reports"]:
        if not (out / entry["manifest"]).is_file():
            continue  # nothing of it could be written
        record = _read(out / entry["manifest"])
        run = _Run(crate, record, definitions(out / f"{record['name']}.ipynb"))
        inside = f"{record['name']}/"
        pages = [file for file in record["outputs"] if not file["path"].startswith(inside)]
        results = [run.file(file, at=file["path"]) for file in pages]
        run.add([*results, run.folder(inside), *run.key_figures()])
    return _written(crate, out)


class _Run:
    """One run of a notebook, as entities of a crate."""

    def __init__(self, crate: ROCrate, record: Mapping[str, Any], defined: Definitions) -> None:
        self.crate, self.record, self.defined = crate, record, defined
        self.name: str = record["name"]

    def add(self, results: list[Reference]) -> None:
        """Add the run itself: what was used, what came of it, when, and how it ended."""
        record = self.record
        properties = {
            "@type": "CreateAction",
            "name": f"Run of {record['notebook']['path']} for {self.name}",
            "description": f"The notebook run by the toolkit: {record['title']}.",
            "instrument": [self._toolkit(), self._notebook()],
            "object": [*self._inputs(), *self._parameters()],
            "result": results,
            "environment": self._environment(),
            "startTime": record["started"],
            "endTime": _ended(record),
            "duration": f"PT{record['seconds']:g}S",
            "actionStatus": f"http://schema.org/{_STATUS[record['status']]}ActionStatus",
        }
        if record["error"]:
            cell = f" in cell {record['error']['cell']}" if record["error"]["cell"] else ""
            properties["error"] = f"{record['error']['kind']}{cell}: {record['error']['message']}"
        run = self._entity(f"#run-{self.name}", properties)
        self.crate.root_dataset.append_to("mentions", run)

    def file(self, entry: Mapping[str, Any], *, at: str) -> Reference:
        """Add a file that lies in the crate."""
        properties = {"name": at, "sha256": entry["sha256"], **_format(at)}
        properties |= self.defined.files.get(entry["path"].removeprefix(f"{self.name}/"), {})
        return _reference(self.crate.add_file(dest_path=at, properties=properties))

    def beside(self, entry: Mapping[str, Any]) -> Reference:
        """Add a file that lies beside the folder of the crate, as a thing spoken of."""
        place = f"../{entry['path']}"
        properties = {"name": place, "sha256": entry["sha256"], **_format(place)}
        return self._entity(f"#{entry['path']}", {"@type": "CreativeWork", **properties})

    def folder(self, place: str) -> Reference:
        """Add the folder of a report, which is a crate of its own."""
        properties = {
            "name": self.record["title"],
            "description": "Tables, figures and manifest of the report.",
            "subjectOf": {"@id": f"{place}{CRATE}"},
        }
        self._entity(f"{place}{CRATE}", {"@type": "CreativeWork", "name": "its crate"})
        return _reference(self.crate.add_dataset(dest_path=place, properties=properties))

    def key_figures(self) -> list[Reference]:
        """Add the figures to look at, each with the sentence that says what it means."""
        return [
            self._value(f"key-figure-{number}", label, text, self.defined.sentences.get(label))
            for number, (label, text) in enumerate(self.record["key_figures"].items(), start=1)
        ]

    def _toolkit(self) -> Reference:
        stated = self.record["environment"]
        needs = [
            self._entity(
                f"#{name}-{version}",
                {"@type": "SoftwareApplication", "name": name, "softwareVersion": version},
            )
            for name, version in {"Python": stated["python"], **stated["packages"]}.items()
        ]
        return self._entity(
            "#toolkit",
            {
                "@type": "SoftwareApplication",
                "name": "Regional Tech-Finance Toolkit",
                "softwareVersion": stated["toolkit"] or "unknown",
                "softwareRequirements": needs,
                "identifier": [f"{part}: sha256 {held}" for part, held in stated["source"].items()],
            },
        )

    def _notebook(self) -> Reference:
        stated, git = self.record["notebook"], self.record["git"]
        return self._entity(
            _id(stated),
            {
                "@type": "SoftwareSourceCode",
                "name": stated["path"],
                "programmingLanguage": "Python",
                "sha256": stated["sha256"],
                "version": git["commit"] if git else stated["sha256"],
            },
        )

    def _inputs(self) -> list[Reference]:
        return [
            self._entity(
                _id(entry),
                {"@type": "CreativeWork", "name": entry["path"], **_format(entry["path"])}
                | ({"sha256": entry["sha256"]} if entry["sha256"] else {}),
            )
            for entry in self.record["inputs"]
        ]

    def _parameters(self) -> list[Reference]:
        defaults = {
            name: value
            for name, value in self.record["defaults"].items()
            if name not in self.record["parameters"]
        }
        return [
            self._value(f"parameter-{name}", name, value, told)
            for values, told in ((self.record["parameters"], "given"), (defaults, "default"))
            for name, value in values.items()
        ]

    def _environment(self) -> list[Reference]:
        stated = {f"engine: {key}": held for key, held in self.record.get("engine", {}).items()}
        if git := self.record["git"]:
            changed = ", with local changes" if git["modified"] else ""
            stated["git commit"] = f"{git['commit']}{changed}"
        return [
            self._value(f"environment-{number}", name, value)
            for number, (name, value) in enumerate(stated.items(), start=1)
        ]

    def _value(self, key: str, name: str, value: object, told: str | None = None) -> Reference:
        properties = {"@type": "PropertyValue", "name": name, "value": _plain(value)}
        if told:
            properties["description"] = told
        return self._entity(f"#{self.name}-{key}", properties)

    def _entity(self, key: str, properties: dict[str, Any]) -> Reference:
        from rocrate.model import (  # type: ignore[import-untyped, unused-ignore]
            ContextEntity,
        )

        key = quote(key, safe="#/@.:")
        if self.crate.dereference(key) is None:
            self.crate.add(ContextEntity(self.crate, key, properties=properties))
        return {"@id": key}


def _new_crate(*, name: str, description: str, published: str) -> ROCrate:
    from rocrate.model import ContextEntity
    from rocrate.rocrate import ROCrate

    crate = ROCrate(version="1.1")
    crate.metadata.extra_terms.update(_TERMS)
    crate.name, crate.description, crate.license = name, description, _NO_LICENSE
    crate.root_dataset["datePublished"] = published
    profile = {"@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"}
    crate.root_dataset["conformsTo"] = crate.add(ContextEntity(crate, _PROFILE, properties=profile))
    return crate


def _written(crate: ROCrate, folder: Path) -> Path:
    described = crate.metadata.generate()
    described["@graph"] = [_compact(entity) for entity in described["@graph"]]
    write_file(as_json_bytes(described), folder / CRATE)
    return folder / CRATE


def _compact(entity: Mapping[str, Any]) -> dict[str, Any]:
    """Write a list of one as the one, as the specification asks."""
    return {
        key: value[0] if isinstance(value, list) and len(value) == 1 else value
        for key, value in entity.items()
    }


def _read(path: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return record


def _ended(record: Mapping[str, Any]) -> str:
    end = datetime.fromisoformat(record["started"]) + timedelta(seconds=record["seconds"])
    return end.isoformat(timespec="seconds")


def _id(entry: Mapping[str, Any]) -> str:
    return f"#{entry['path']}@{(entry['sha256'] or 'changed')[:12]}"


def _format(path: str) -> dict[str, str]:
    kind = "application/x-ipynb+json" if path.endswith(".ipynb") else mimetypes.guess_type(path)[0]
    return {"encodingFormat": kind or "application/octet-stream"}


def _plain(value: object) -> object:
    """Return a value as JSON-LD holds it: lists and nothing have no place as they are."""
    if isinstance(value, list) or value is None:
        return json.dumps(value, ensure_ascii=False)
    return value


def _reference(entity: Any) -> Reference:
    return {"@id": entity.id}
