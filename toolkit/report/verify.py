"""Whether a report says the same when it is made again, and if not, what moved and why."""

from __future__ import annotations

import html
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.errors import DataError
from toolkit.report.inputs import digest
from toolkit.report.manifest import project_root
from toolkit.report.outputs import Failure
from toolkit.report.parameters import check_parameters, read_parameters
from toolkit.report.plan import Job
from toolkit.report.resume import Change, changes, read_manifest
from toolkit.report.tables import Moved, moved_cells

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Verification", "verify_report"]

_SHOWN = 20
_LIKELY = {
    "notebook": "the notebook",
    "parameters": "the parameters",
    "data": "the data",
    "toolkit": "the toolkit's code",
    "versions": "the versions",
}


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What came of making a report again.

    Attributes
    ----------
    name : str
    folder : Path
        Of the report that was put to the test, which stays as it is.
    tables : tuple of Moved
        Each cell of a table that is not as it was.
    files : tuple of str
        The tables, figures, notebooks and pages whose bytes are not as they were.
    altered : tuple of str
        Files of the report that somebody changed since it was made.
    changes : tuple of Change
        What it hangs on and is not as it was: data, code, parameters, versions.
    error : Failure or None
        Why it could not be made again.
    """

    name: str
    folder: Path
    tables: tuple[Moved, ...] = ()
    files: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    error: Failure | None = None

    @property
    def equal(self) -> bool:
        """Whether every file has the bytes that the manifest tells of, then and now."""
        return not (self.files or self.altered or self.error)

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures that are not as they were."""
        return tuple(name for name in self.files if name.startswith(f"{self.name}/figures/"))

    def tidy(self) -> pd.DataFrame:
        """Return the cells that moved: table, row, label, column, before, after, difference."""
        import pandas as pd

        columns = ["table", "row", "label", "column", "before", "after", "difference"]
        return pd.DataFrame([vars(moved) for moved in self.tables], columns=columns)

    def summary(self) -> str:
        """Say whether it is equal; if not, what moved, by how much, and what did it."""
        if self.equal:
            return "\n".join([f"{self.name}: equal.", *self._changed()])
        lines = [f"{self.name}: {self._verdict()}"]
        lines += [f"  altered since it was made: {name}" for name in self.altered]
        lines += [f"  {moved}" for moved in self.tables[:_SHOWN]]
        if len(self.tables) > _SHOWN:
            lines.append(f"  {len(self.tables) - _SHOWN} more cells are in tidy().")
        told = {f"{self.name}/tables/{moved.table}.csv" for moved in self.tables}
        lines += [f"  not the same: {name}" for name in self.files if name not in told]
        return "\n".join([*lines, *self._changed()])

    def _verdict(self) -> str:
        if self.error:
            where = f" at cell {self.error.cell!r}" if self.error.cell else ""
            return f"cannot be made again, it stops{where}: {self.error}"
        if not self.files:
            return "equal when made again, but not as it lies there."
        causes = dict.fromkeys(_LIKELY[change.kind] for change in self.changes)
        blamed = " and ".join(causes) or (
            "neither data, code, parameters nor versions: the notebook itself gives "
            "something else each time"
        )
        cells = f"{len(self.tables)} cells of tables, {len(self.figures)} figures"
        return f"moved ({cells}). What did it: {blamed}."

    def _changed(self) -> list[str]:
        return [f"  changed: {change}" for change in self.changes]

    def __str__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        first, *rest = self.summary().splitlines()
        items = "".join(f"<li>{html.escape(line.strip())}</li>" for line in rest)
        listed = f"<ul>{items}</ul>" if items else ""
        return f"<div class='toolkit'><p>{html.escape(first)}</p>{listed}</div>"


def verify_report(folder: str | Path) -> Verification:
    """Make a report again elsewhere, and compare it with the one that is there.

    Parameters
    ----------
    folder : str or Path
        The folder of the report, or its page.

    Returns
    -------
    Verification
        The report itself is not touched.

    Raises
    ------
    DataError
        Where there is no report, or the notebook that it was made from is not found.
    OptionError
        Where the notebook does not take the parameters any more.
    """
    from toolkit.report.render import make_report

    place = _folder(Path(folder))
    record = read_manifest(place / "manifest.json")
    if record is None or "outputs" not in record:
        raise DataError(
            f"{folder} is no report: it has no manifest.json that can be read. "
            "Give the folder that lies beside a report's page."
        )
    notebook = _notebook(place, record)
    with tempfile.TemporaryDirectory(prefix="toolkit-", ignore_cleanup_errors=True) as elsewhere:
        again = make_report(_job(record, notebook), out=elsewhere)
        now = read_manifest(again.manifest) or {}
        before, after = _hashes(record), _hashes(now)
        files = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        altered = [name for name, held in before.items() if _hash(place.parent / name) != held]
        return Verification(
            name=record["name"],
            folder=place,
            tables=tuple(_moved(files, record["name"], place.parent, again.out)),
            files=tuple(files),
            altered=tuple(altered),
            changes=changes(record, now),
            error=again.error if record["status"] == "made" else None,
        )


def _folder(path: Path) -> Path:
    path = path.resolve()
    return path.with_suffix("") if path.suffix in (".html", ".ipynb") else path


def _notebook(folder: Path, record: Mapping[str, Any]) -> Path:
    stated: str = record["notebook"]["path"]
    roots: list[Path] = [project_root(folder / "manifest.json"), project_root(Path.cwd() / "here")]
    for root in dict.fromkeys(roots):
        if (root / stated).is_file():
            return root / stated
    raise DataError(
        f"{folder}: it was made from {stated}, which is not in {roots[0]}. "
        "Run this in the project that the notebook belongs to."
    )


def _job(record: Mapping[str, Any], notebook: Path) -> Job:
    where, root = str(notebook), project_root(notebook)
    given = {
        name: _placed(value, root, notebook.parent) for name, value in record["parameters"].items()
    }
    return Job(
        name=record["name"],
        notebook=notebook,
        parameters=check_parameters(read_parameters(notebook), given, where=where),
        title=record["title"],
        group=record["group"],
        formats=("html", "pdf") if f"{record['name']}.pdf" in _hashes(record) else ("html",),
    )


def _placed(value: object, root: Path, folder: Path) -> object:
    """Turn a path that the manifest tells from the project's folder back to one that leads there.

    Absolute paths are written so; those that notebooks are given from their own folder stay.
    """
    if isinstance(value, list):
        return [_placed(item, root, folder) for item in value]
    if isinstance(value, str) and value and (root / value).exists():
        return value if (folder / value).exists() else str(root / value)
    return value


def _hashes(record: Mapping[str, Any]) -> dict[str, str]:
    return {output["path"]: output["sha256"] for output in record.get("outputs", ())}


def _hash(path: Path) -> str | None:
    return digest(path) if path.is_file() else None


def _moved(files: list[str], name: str, before: Path, after: Path) -> list[Moved]:
    start = f"{name}/tables/"
    found: list[Moved] = []
    for file in files:
        if file.startswith(start):
            table = file.removeprefix(start).removesuffix(".csv")
            found += moved_cells(before / file, after / file, table=table)
    return found
