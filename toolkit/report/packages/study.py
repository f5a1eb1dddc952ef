"""What a study consists of: its plan, its reports as their manifests tell, and all their files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from toolkit.report.manifest import portable, project_root
from toolkit.report.packages.findings import Finding, found
from toolkit.report.packages.provenance import (
    RAW,
    Dataset,
    provenance_findings,
    read_provenance,
)
from toolkit.report.packages.source import carried_files
from toolkit.report.packages.statements import (
    STATEMENTS,
    Statements,
    read_statements,
    statement_findings,
)
from toolkit.report.plan import Plan, read_plan
from toolkit.report.resume import out_of_date, read_manifest

__all__ = ["PROCESSED", "REPORTS", "Study", "read_study", "study_findings"]

PROCESSED = "data/processed/"
REPORTS = "reports"
_BESIDE = ("index.html", "manifest.json", "ro-crate-metadata.json")


@dataclass(frozen=True, kw_only=True, eq=False)
class Study:
    """A study as it lies on disk.

    Attributes
    ----------
    root : Path
    plan : Plan
    plan_name : str
        The plan, seen from the root.
    steps : tuple of str
        Commands that make the processed data, before `toolkit batch`.
    records : tuple of dict
        The manifest of each report that is there, in the order of the plan.
    datasets : tuple of Dataset
    statements : Statements
    files : dict of str to Path
        What a package holds of it, by the place in the package.
    findings : tuple of Finding
        What is wrong with the study as a whole.
    """

    root: Path
    plan: Plan
    plan_name: str
    steps: tuple[str, ...]
    records: tuple[Mapping[str, Any], ...]
    datasets: tuple[Dataset, ...]
    statements: Statements
    files: Mapping[str, Path]
    findings: tuple[Finding, ...]

    @property
    def data(self) -> list[str]:
        """The data files of the package, without what is said about them."""
        return [name for name in self.files if _is_data(name)]

    @property
    def tables(self) -> list[Path]:
        """The processed tables, in the package or not."""
        folder = self.root / PROCESSED
        return sorted(path for path in folder.rglob("*.parquet") if not _hidden(path, folder))


def read_study(plan: str | Path, *, reports: str | Path, steps: Sequence[str] = ()) -> Study:
    """Read a study, with what stands in the way of passing it on.

    Parameters
    ----------
    plan : str or Path
    reports : str or Path
        The folder that `toolkit batch` wrote to.
    steps : sequence of str
        Commands that make the processed data.

    Raises
    ------
    DataError, OptionError
        Where the plan or the authors' statements cannot be read.
    """
    plan_read = read_plan(plan)
    path, made = plan_read.path.resolve(), Path(reports).resolve()
    root = project_root(path)
    manifests = {
        job.name: read_manifest(made / job.name / "manifest.json") for job in plan_read.jobs
    }
    records = tuple(record for record in manifests.values() if record and "outputs" in record)
    files = {
        portable(path, root): path,
        **_raw(root),
        **_programs(plan_read, root),
        **_inputs(records, root, remade=bool(steps)),
        **_outputs(records, made),
    }
    if (root / STATEMENTS).is_file():
        files[STATEMENTS] = root / STATEMENTS
    readme = root / RAW / "README.md"
    datasets = read_provenance(readme.read_text(encoding="utf-8")) if readme.is_file() else ()
    statements = read_statements(root)
    return Study(
        root=root,
        plan=plan_read,
        plan_name=portable(path, root),
        steps=tuple(steps),
        records=records,
        datasets=datasets,
        statements=statements,
        files=dict(sorted(files.items())),
        findings=(*_stale(plan_read, made), *_outside(plan_read, records, root)),
    )


def study_findings(study: Study) -> Iterator[Finding]:
    """Find what is wrong with the study as a whole: reports, sources, statements."""
    yield from study.findings
    used = _used(study)
    received = [name for name in study.data if not name.startswith(PROCESSED)]
    yield from provenance_findings(study.datasets, received, used=None if study.steps else used)
    for name in study.data:
        if name.startswith(PROCESSED) and name in used:
            yield found("unmade", name, "no command of the package makes it.")
    yield from statement_findings(study.statements)


def _used(study: Study) -> set[str]:
    """Return the files that reports opened, and those in the folders that they were pointed to."""
    opened = {entry["path"] for record in study.records for entry in record["inputs"]}
    return opened | {
        name for name in study.data if any(name.startswith(place) for place in _folders(study))
    }


def _folders(study: Study) -> Iterator[str]:
    for record in study.records:
        beside = (study.root / record["notebook"]["path"]).parent
        for value in {**record["defaults"], **record["parameters"]}.values():
            if not isinstance(value, str) or not value or "\n" in value:
                continue
            folder = (beside / value).resolve()
            if folder.is_relative_to(study.root) and folder.is_dir():
                yield f"{folder.relative_to(study.root).as_posix()}/"


def _raw(root: Path) -> dict[str, Path]:
    folder = root / RAW
    return {
        portable(path, root): path
        for path in folder.rglob("*")
        if path.is_file() and not _hidden(path, folder)
    }


def _programs(plan: Plan, root: Path) -> dict[str, Path]:
    notebooks = [job.notebook.resolve() for job in plan.jobs]
    return {portable(path, root): path for path in notebooks if path.is_relative_to(root)}


def _inputs(records: Sequence[Mapping[str, Any]], root: Path, *, remade: bool) -> dict[str, Path]:
    names = dict.fromkeys(entry["path"] for record in records for entry in record["inputs"])
    return {
        name: root / name
        for name in names
        if (root / name).is_file() and not (remade and name.startswith(PROCESSED))
    }


def _outputs(records: Sequence[Mapping[str, Any]], made: Path) -> dict[str, Path]:
    names = list(_BESIDE)
    for record in records:
        names += [f"{record['name']}/{name}" for name in _BESIDE]
        names += [output["path"] for output in record["outputs"]]
    return {f"{REPORTS}/{name}": made / name for name in names if (made / name).is_file()}


def _stale(plan: Plan, made: Path) -> Iterator[Finding]:
    for name, changes in out_of_date(plan, out=made).items():
        if changes:
            rule = (
                "failed-report" if str(changes[0]).startswith("report: failed") else "out-of-date"
            )
            yield found(rule, f"{REPORTS}/{name}", f"{'; '.join(map(str, changes))}.")


def _outside(plan: Plan, records: Sequence[Mapping[str, Any]], root: Path) -> Iterator[Finding]:
    for job in plan.jobs:
        if not job.notebook.resolve().is_relative_to(root):
            yield found("outside", job.name, f"its notebook {job.notebook.name} lies elsewhere.")
    own = {PurePosixPath(name).name for name in carried_files()}
    for record in records:
        for entry in record["inputs"]:
            known = (root / entry["path"]).is_file() or PurePosixPath(entry["path"]).name in own
            if not known:
                what = f"the report opened {entry['path']}, which is not in the study."
                yield found("outside", f"{REPORTS}/{record['name']}", what)


def _is_data(name: str) -> bool:
    code = name.endswith((".py", ".ipynb", ".md", ".toml"))
    return not (code or name.startswith(f"{REPORTS}/"))


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)
