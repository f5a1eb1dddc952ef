"""Write the crate of a report, and that of a batch, from what their manifests say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.report.crate.entities import CRATE, credit, ended, file_format
from toolkit.report.crate.run import Run
from toolkit.report.definitions import definitions
from toolkit.report.files import as_json_bytes, write_file

if TYPE_CHECKING:
    from rocrate.rocrate import (  # type: ignore[import-untyped, unused-ignore]
        ROCrate,
    )

__all__ = ["write_batch_crate", "write_crate"]

_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
_TERMS = {
    term: f"https://w3id.org/ro/terms/workflow-run#{term}" for term in ("environment", "sha256")
}
_NO_LICENSE = "No licence is stated. Ask those who made it before it is passed on."


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
        published=ended(record),
    )
    credit(crate, record.get("credits", {}))
    run = Run(crate, record, definitions(folder.parent / f"{record['name']}.ipynb"))
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
        published=ended(batch),
    )
    credit(crate, batch.get("credits", {}))
    for name in ("index.html", "manifest.json"):
        if (out / name).is_file():
            crate.add_file(dest_path=name, properties={"name": name, **file_format(name)})
    for entry in batch["reports"]:
        if not (out / entry["manifest"]).is_file():
            continue  # nothing of it could be written
        record = _read(out / entry["manifest"])
        run = Run(crate, record, definitions(out / f"{record['name']}.ipynb"))
        inside = f"{record['name']}/"
        pages = [file for file in record["outputs"] if not file["path"].startswith(inside)]
        results = [run.file(file, at=file["path"]) for file in pages]
        run.add([*results, run.folder(inside), *run.key_figures()])
    return _written(crate, out)


def _new_crate(*, name: str, description: str, published: str) -> ROCrate:
    from rocrate.model import (  # type: ignore[import-untyped, unused-ignore]
        ContextEntity,
    )
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
