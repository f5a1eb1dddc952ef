"""Write a replication package: whole, checked, the same bytes for the same study."""

from __future__ import annotations

import platform
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from toolkit.errors import OptionError, ReportError
from toolkit.report.inputs import digest
from toolkit.report.packages.codebook import codebook_text
from toolkit.report.packages.findings import Finding, with_accepted
from toolkit.report.packages.lint import lint_files
from toolkit.report.packages.readme import readme_text
from toolkit.report.packages.source import CODE, package_versions, source_files
from toolkit.report.packages.study import Study, read_study, study_findings
from toolkit.report.studies.lock import lock_text

__all__ = ["SUMS", "Replication", "is_package", "package_replication"]

SUMS = "SHA256SUMS"
COMMANDS = "replicate.sh"
REMADE = "remade"
_SHOWN = 50
# The earliest time that a zip archive can tell.
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o100644 << 16

Contents = Mapping[str, bytes | Path]


@dataclass(frozen=True, kw_only=True)
class Replication:
    """A replication package that was written.

    Attributes
    ----------
    folder : Path
    archive : Path or None
    files : tuple of str
        Its files, seen from its folder.
    findings : tuple of Finding
        What the authors accept or leave open: warnings, all of them.
    """

    folder: Path
    archive: Path | None
    files: tuple[str, ...]
    findings: tuple[Finding, ...]

    def summary(self) -> str:
        """Say what was written, and what is left open."""
        open_ends = f", {len(self.findings)} warnings" if self.findings else ""
        lines = [f"{self.folder.name}: {len(self.files)} files{open_ends}."]
        return "\n".join([*lines, *(f"  {finding}" for finding in self.findings)])

    def __str__(self) -> str:
        return self.summary()


def package_replication(
    folder: str | Path,
    *,
    plan: str | Path = "reports.toml",
    reports: str | Path = "reports",
    steps: Sequence[str] = (),
    accept: Iterable[str] = (),
    archive: Literal["none", "zip"] = "none",
    existing: Literal["refuse", "replace"] = "refuse",
) -> Replication:
    """Write a replication package of a study whose reports are made and up to date.

    It holds the data as received, the notebooks, the plan, the reports with their manifests, the
    toolkit's source, the versions of all that it stands on, a codebook, and a README by the
    template of the social-science data editors. What would keep others from making the reports
    again, or may not be passed on, is found first; nothing is written while there are errors.

    Parameters
    ----------
    folder : str or Path
        Where to.
    plan : str or Path
        The study's plan.
    reports : str or Path
        The folder that `toolkit batch` wrote to.
    steps : sequence of str
        Commands that make the processed data from the raw, such as ``"toolkit clean"``. Processed
        data are then left out of the package; without steps, those that reports open are in it.
    accept : iterable of str
        Errors that the authors stand by, as ``RULE:PATTERN`` of places.
    archive : {"none", "zip"}
        Whether to write an archive too, beside the folder.
    existing : {"refuse", "replace"}
        Whether a package that is there may be replaced.

    Returns
    -------
    Replication

    Raises
    ------
    ReportError
        Where there are errors, with the place of each and what to do.
    DataError, OptionError
        Where plan, statements or options cannot be meant, or the folder holds something else.

    References
    ----------
    Vilhuber, L., Connolly, M., Koren, M., Llull, J. and Morrow, P. (2022). A template README for
    social science replication packages (v1.1). https://doi.org/10.5281/zenodo.7293838
    """
    for name, value, choices in (
        ("archive", archive, ("none", "zip")),
        ("existing", existing, ("refuse", "replace")),
    ):
        if value not in choices:
            raise OptionError(f"{name} is {' or '.join(map(repr, choices))}; got {value!r}.")
    place = _usable(Path(folder).resolve(), existing)
    study = read_study(plan, reports=reports, steps=steps)
    findings = with_accepted((*study_findings(study), *_linted(study)), accept)
    _refuse_errors(findings, place)
    contents = _contents(study, findings)
    _write(contents, place)
    packed = place.with_name(f"{place.name}.zip") if archive == "zip" else None
    if packed is not None:
        _pack(place, sorted(contents), packed)
    return Replication(
        folder=place, archive=packed, files=tuple(sorted(contents)), findings=findings
    )


def is_package(folder: Path) -> bool:
    """Tell whether a folder holds a replication package."""
    return (folder / SUMS).is_file() and (folder / COMMANDS).is_file()


def _usable(folder: Path, existing: str) -> Path:
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return folder
    if not is_package(folder):
        raise OptionError(
            f"{folder} is there already, and is no replication package; it was left as it is. "
            "Choose another folder."
        )
    if existing == "refuse":
        raise OptionError(
            f"{folder} holds a replication package already; it was left as it is. "
            "Choose another folder, or say existing='replace' (--existing replace)."
        )
    return folder


def _linted(study: Study) -> tuple[Finding, ...]:
    # One file at a time is held in memory.
    return tuple(
        finding
        for name, path in study.files.items()
        for finding in lint_files({name: path.read_bytes()})
    )


def _refuse_errors(findings: Sequence[Finding], place: Path) -> None:
    errors = [finding for finding in findings if finding.severity == "error"]
    if not errors:
        return
    count = f"{len(errors)} error{'s'[: len(errors) != 1]}"
    lines = [f"{count}, nothing was written to {place.name}. Mend each, or accept it."]
    lines += [f"  {finding}" for finding in errors[:_SHOWN]]
    if len(errors) > _SHOWN:
        lines.append(f"  {len(errors) - _SHOWN} more.")
    raise ReportError("\n".join(lines))


def _contents(study: Study, findings: Sequence[Finding]) -> Contents:
    programs = [
        path
        for name, path in study.files.items()
        if name.endswith((".ipynb", ".py")) and not name.startswith("reports/")
    ]
    packages = package_versions(programs)
    commands = (*study.steps, f"toolkit batch {study.plan_name} --out {REMADE}")
    contents: dict[str, bytes | Path] = {
        **study.files,
        **source_files(),
        "CODEBOOK.md": codebook_text(study.tables, programs, root=study.root).encode(),
        COMMANDS: ("\n".join(["set -e", *commands]) + "\n").encode(),
        "environment.yml": _conda().encode(),
        "requirements.lock": lock_text(packages).encode(),
    }
    sizes = {name: _size(content) for name, content in contents.items()}
    readme = readme_text(
        study, sizes=sizes, packages=packages, commands=commands, findings=findings
    )
    contents["README.md"] = readme.encode()
    sums = (f"{digest(contents[name])}  {name}\n" for name in sorted(contents))
    contents[SUMS] = "".join(sums).encode()
    return contents


def _conda() -> str:
    version = ".".join(platform.python_version_tuple()[:2])
    return (
        "name: replication\nchannels:\n  - conda-forge\ndependencies:\n"
        f"  - python={version}\n  - pip\n  - pip:\n"
        f"      - --requirement requirements.lock\n      - ./{CODE}\n"
    )


def _size(content: bytes | Path) -> int:
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def _write(contents: Contents, place: Path) -> None:
    """Write beside the place, and move there when the last file is whole."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=f".unfinished-{place.name}~") as near:
        new, old = Path(near, "new"), Path(near, "old")
        for name, content in contents.items():
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                shutil.copyfile(content, path)
        if place.exists():
            place.rename(old)
        new.rename(place)


def _pack(folder: Path, names: Sequence[str], archive: Path) -> None:
    """Write an archive whose bytes hang on the files alone."""
    with tempfile.TemporaryDirectory(dir=archive.parent, prefix=".unfinished-zip~") as near:
        made = Path(near, archive.name)
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
            for name in names:
                entry = zipfile.ZipInfo(f"{folder.name}/{name}", date_time=_LONG_AGO)
                entry.external_attr = _PLAIN_FILE
                entry.create_system = 3
                entry.compress_type = zipfile.ZIP_DEFLATED
                with (folder / name).open("rb") as source, packed.open(entry, "w") as target:
                    shutil.copyfileobj(source, target)
        made.replace(archive)
