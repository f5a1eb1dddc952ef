"""The things that a crate speaks of, and how it refers to them."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from rocrate.rocrate import (  # type: ignore[import-untyped, unused-ignore]
        ROCrate,
    )

__all__ = [
    "CRATE",
    "Reference",
    "credit",
    "ended",
    "entity",
    "entry_id",
    "file_format",
    "party",
    "plain",
    "reference",
    "software",
]

CRATE = "ro-crate-metadata.json"

Reference = dict[str, str]


def entity(crate: ROCrate, key: str, properties: dict[str, Any]) -> Reference:
    """Add a thing spoken of, once."""
    from rocrate.model import (  # type: ignore[import-untyped, unused-ignore]
        ContextEntity,
    )

    key = quote(key, safe="#/@.:")
    if crate.dereference(key) is None:
        crate.add(ContextEntity(crate, key, properties=properties))
    return {"@id": key}


def credit(crate: ROCrate, told: Mapping[str, Any]) -> None:
    """Say who made it, who publishes it and what others may do with it, where that is told."""
    root = crate.root_dataset
    if authors := told.get("authors"):
        root["author"] = [party(crate, author) for author in authors]
    if publisher := told.get("publisher"):
        root["publisher"] = party(crate, publisher)
    if stated := told.get("license"):
        place = stated if "://" in stated else f"https://spdx.org/licenses/{stated}"
        properties = {
            "@type": "CreativeWork",
            "name": stated,
            "description": f"The licence of this crate: {stated}.",
        }
        root["license"] = entity(crate, place, properties)


def party(crate: ROCrate, told: Mapping[str, Any]) -> Reference:
    """Add a person or an organization."""
    properties = {"@type": told["kind"].capitalize(), "name": told["name"]}
    if told["url"]:
        properties["url"] = told["url"]
    return entity(crate, told["url"] or f"#{told['name']}", properties)


def software(stated: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield name, version and address of what the toolkit is built on."""
    python = stated["python"]
    yield (
        "Python",
        python,
        f"https://www.python.org/downloads/release/python-{python.replace('.', '')}/",
    )
    for name, version in stated["packages"].items():
        yield name, version, f"https://pypi.org/project/{name}/{version}/"


def ended(record: Mapping[str, Any]) -> str:
    """Return when a run ended, from the record of when it began and how long it took."""
    end = datetime.fromisoformat(record["started"]) + timedelta(seconds=record["seconds"])
    return end.isoformat(timespec="seconds")


def entry_id(entry: Mapping[str, Any]) -> str:
    """Return the name of a file as it was then: the same place may hold another later."""
    return f"#{entry['path']}@{(entry['sha256'] or 'changed')[:12]}"


def file_format(path: str) -> dict[str, str]:
    """Return the kind of a file by its ending, as crates tell it."""
    kind = "application/x-ipynb+json" if path.endswith(".ipynb") else mimetypes.guess_type(path)[0]
    return {"encodingFormat": kind or "application/octet-stream"}


def plain(value: object) -> object:
    """Return a value as JSON-LD holds it: lists and nothing have no place as they are."""
    if isinstance(value, list) or value is None:
        return json.dumps(value, ensure_ascii=False)
    return value


def reference(added: Any) -> Reference:
    """Return how others refer to a thing."""
    return {"@id": added.id}
