"""Make all of a replication package again in a clean environment, and compare byte by byte."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from toolkit.errors import DataError, OptionError, ReportError
from toolkit.report.inputs import digest
from toolkit.report.packages.source import CODE
from toolkit.report.packages.study import REPORTS
from toolkit.report.packages.write import COMMANDS, REMADE, SUMS, is_package

__all__ = ["Rebuild", "check_replication"]

_LAST_LINES = 15
_OF_THIS_PROCESS = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "CONDA_PREFIX")


@dataclass(frozen=True, kw_only=True)
class Rebuild:
    """What came of making a package's reports again.

    Attributes
    ----------
    folder : Path
        Of the package, which stays as it is.
    environment : {"fresh", "this"}
        What it ran in.
    compared : int
        Files of reports that were compared.
    differing, missing : tuple of str
        Files whose bytes are not the same, and files that were not made again.
    altered : tuple of str
        Files of the package that are not as `SHA256SUMS` says.
    seconds : float
    """

    folder: Path
    environment: Literal["fresh", "this"]
    compared: int
    differing: tuple[str, ...]
    missing: tuple[str, ...]
    altered: tuple[str, ...]
    seconds: float

    @property
    def equal(self) -> bool:
        """Whether every file has the same bytes, and the package is as it was written."""
        return not (self.differing or self.missing or self.altered)

    def summary(self) -> str:
        """Say whether all is equal; if not, which files are not."""
        where = {"fresh": "a fresh environment", "this": "this environment"}[self.environment]
        said = "equal" if self.equal else "not equal"
        lines = [
            f"{self.folder.name}: {said}. {self.compared} files of reports made again in {where} "
            f"in {self.seconds:.0f} s."
        ]
        lines += [f"  altered since it was written: {name}" for name in self.altered]
        lines += [f"  not made again: {name}" for name in self.missing]
        lines += [f"  not the same: {name}" for name in self.differing]
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.summary()


def check_replication(
    folder: str | Path,
    *,
    environment: Literal["fresh", "this"] = "fresh",
    progress: Callable[[str], object] | None = None,
) -> Rebuild:
    """Make all of a replication package again elsewhere, and compare each file of its reports.

    The package is copied to a folder of its own; there, its versions and its copy of the toolkit
    are installed into a new virtual environment, and its commands are run.

    Parameters
    ----------
    folder : str or Path
        A package that `package_replication` wrote.
    environment : {"fresh", "this"}
        A new environment with the locked versions, from the package index or pip's store; or this
        one, which is quicker, and shows that data, programs and the toolkit's source are whole.
    progress : callable, optional
        Called with what is being done.

    Returns
    -------
    Rebuild

    Raises
    ------
    DataError
        Where the folder is no package.
    ReportError
        At the first command that fails, with the last that it said.
    """
    if environment not in ("fresh", "this"):
        raise OptionError(f"environment is 'fresh' or 'this'; got {environment!r}.")
    place = Path(folder).resolve()
    if not is_package(place):
        raise DataError(
            f"{folder} is no replication package: it lacks {SUMS} or {COMMANDS}. "
            "Write one with toolkit package."
        )
    tell = progress or (lambda said: None)
    clock = time.perf_counter()
    sums = _stated(place)
    with tempfile.TemporaryDirectory(prefix="toolkit-", ignore_cleanup_errors=True) as elsewhere:
        copy = Path(elsewhere, "package")
        shutil.copytree(place, copy, ignore=shutil.ignore_patterns(".venv", REMADE))
        variables = (
            _fresh(Path(elsewhere, "environment"), copy, tell)
            if environment == "fresh"
            else _this(copy)
        )
        for command in _commands(copy):
            tell(command)
            _run(command, folder=copy, variables=variables)
        expected = _outputs(place)
        remade = {name: _digest(copy / REMADE / name) for name in expected}
    return Rebuild(
        folder=place,
        environment=environment,
        compared=len(expected),
        differing=tuple(
            name for name, now in remade.items() if now is not None and now != expected[name]
        ),
        missing=tuple(name for name, now in remade.items() if now is None),
        altered=tuple(name for name, held in sums.items() if _digest(place / name) != held),
        seconds=round(time.perf_counter() - clock, 1),
    )


def _stated(folder: Path) -> dict[str, str]:
    lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    return {name: held for held, _, name in (line.partition("  ") for line in lines)}


def _commands(folder: Path) -> list[str]:
    lines = (folder / COMMANDS).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and line != "set -e"]


def _outputs(folder: Path) -> dict[str, str]:
    """Return the hash of each file of each report, as its manifest states it."""
    found: dict[str, str] = {}
    for path in sorted((folder / REPORTS).glob("*/manifest.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        found |= {output["path"]: output["sha256"] for output in record["outputs"]}
    return found


def _digest(path: Path) -> str | None:
    return digest(path) if path.is_file() else None


def _fresh(place: Path, package: Path, tell: Callable[[str], object]) -> dict[str, str]:
    """Install what the package needs, and nothing else; return what its commands are told."""
    variables = {
        name: value for name, value in os.environ.items() if name not in _OF_THIS_PROCESS
    } | {"PYTHONNOUSERSITE": "1"}
    python = _programs(place) / "python"
    pip = f'"{python}" -m pip install --quiet --no-input --disable-pip-version-check'
    for said, command in (
        ("a new environment", f'"{sys.executable}" -m venv "{place}"'),
        ("installing requirements.lock", f"{pip} --requirement requirements.lock"),
        ("installing the toolkit", f"{pip} --no-deps ./{CODE}"),
    ):
        tell(said)
        _run(command, folder=package, variables=variables)
    return variables | {"PATH": _path(_programs(place), variables), "VIRTUAL_ENV": str(place)}


def _this(package: Path) -> dict[str, str]:
    variables = dict(os.environ)
    # The package's own copy of the toolkit goes before the one that is installed.
    return variables | {
        "PATH": _path(Path(sys.executable).parent, variables),
        "PYTHONPATH": str(package / CODE),
    }


def _programs(environment: Path) -> Path:
    return environment / ("Scripts" if os.name == "nt" else "bin")


def _path(first: Path, variables: Mapping[str, str]) -> str:
    return os.pathsep.join([str(first), variables.get("PATH", "")])


def _run(command: str, *, folder: Path, variables: Mapping[str, str]) -> None:
    done = subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env=dict(variables),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        said = _last(done.stderr.splitlines() + done.stdout.splitlines())
        raise ReportError(
            f"{command}: ended with {done.returncode} when the package was made again. "
            f"It said last:\n{said}\nMend the study, and write the package again."
        )


def _last(lines: Sequence[str]) -> str:
    return "\n".join(f"  {line}" for line in lines[-_LAST_LINES:])
