"""One run of a notebook, in the words of a Process Run Crate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from toolkit.report.crate.entities import (
    CRATE,
    Reference,
    ended,
    entity,
    entry_id,
    file_format,
    party,
    plain,
    reference,
    software,
)
from toolkit.report.definitions import Definitions

if TYPE_CHECKING:
    from rocrate.rocrate import (  # type: ignore[import-untyped, unused-ignore]
        ROCrate,
    )

__all__ = ["Run"]

_STATUS = {"made": "Completed", "failed": "Failed"}


class Run:
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
            "endTime": ended(record),
            "duration": f"PT{record['seconds']:g}S",
            "actionStatus": f"http://schema.org/{_STATUS[record['status']]}ActionStatus",
        }
        if agent := record.get("credits", {}).get("agent"):
            properties["agent"] = party(self.crate, agent)
        if record["error"]:
            cell = f" in cell {record['error']['cell']}" if record["error"]["cell"] else ""
            properties["error"] = f"{record['error']['kind']}{cell}: {record['error']['message']}"
        run = self._entity(f"#run-{self.name}", properties)
        self.crate.root_dataset.append_to("mentions", run)

    def file(self, entry: Mapping[str, Any], *, at: str) -> Reference:
        """Add a file that lies in the crate."""
        properties = {"name": at, "sha256": entry["sha256"], **file_format(at)}
        properties |= self.defined.files.get(entry["path"].removeprefix(f"{self.name}/"), {})
        return reference(self.crate.add_file(dest_path=at, properties=properties))

    def beside(self, entry: Mapping[str, Any]) -> Reference:
        """Add a file that lies beside the folder of the crate, as a thing spoken of."""
        place = f"../{entry['path']}"
        properties = {"name": place, "sha256": entry["sha256"], **file_format(place)}
        return self._entity(f"#{entry['path']}", {"@type": "CreativeWork", **properties})

    def folder(self, place: str) -> Reference:
        """Add the folder of a report, which is a crate of its own."""
        properties = {
            "name": self.record["title"],
            "description": "Tables, figures and manifest of the report.",
            "subjectOf": {"@id": f"{place}{CRATE}"},
        }
        self._entity(f"{place}{CRATE}", {"@type": "CreativeWork", "name": "its crate"})
        return reference(self.crate.add_dataset(dest_path=place, properties=properties))

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
                url,
                {
                    "@type": "SoftwareApplication",
                    "name": name,
                    "softwareVersion": version,
                    "url": url,
                },
            )
            for name, version, url in software(stated)
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
            entry_id(stated),
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
                entry_id(entry),
                {"@type": "CreativeWork", "name": entry["path"], **file_format(entry["path"])}
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
        properties = {"@type": "PropertyValue", "name": name, "value": plain(value)}
        if told:
            properties["description"] = told
        return self._entity(f"#{self.name}-{key}", properties)

    def _entity(self, key: str, properties: dict[str, Any]) -> Reference:
        return entity(self.crate, key, properties)
