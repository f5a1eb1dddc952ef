"""Which reports to make: `reports.toml`, read and checked in whole before anything runs.

[[report]]
notebook = "notebooks/regional_report.ipynb"
name = "regional-{region}"
group = "Provinces"

[report.parameters]
months = 24

[report.grid]
region = ["Hunan", "Hubei"]

[credits]
authors = [{ name = "Regional Finance Group", kind = "organization" }]
license = "CC-BY-4.0"
"""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from toolkit.errors import DataError, OptionError, ToolkitError, did_you_mean
from toolkit.report.credits import Credits, read_credits
from toolkit.report.names import default_name, short, slug
from toolkit.report.parameters import Parameter, as_json, check_parameters, read_parameters
from toolkit.report.paths import check_paths

__all__ = ["Format", "Job", "Plan", "default_name", "read_plan", "slug"]

Format = Literal["html", "pdf"]

_KEYS = ("notebook", "name", "group", "title", "parameters", "grid")


@dataclass(frozen=True, kw_only=True)
class Job:
    """One report to make.

    Attributes
    ----------
    name : str
        Names its files.
    notebook : Path
    parameters : dict
        What differs from the notebook's defaults, checked.
    title : str or None
        Instead of the first heading of the page.
    group : str
        The heading that it stands under in the index.
    timeout : float or None
        Seconds that one cell may take.
    formats : tuple of {"html", "pdf"}
        What it is written as; the page is always written.
    credits : Credits
        Who made it, and what others may do with it.
    """

    name: str
    notebook: Path
    parameters: dict[str, Any] = field(default_factory=dict)
    title: str | None = None
    group: str = ""
    timeout: float | None = None
    formats: tuple[Format, ...] = ("html",)
    credits: Credits = field(default_factory=Credits)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The reports of one plan file, in its order.

    Attributes
    ----------
    path : Path
    jobs : tuple of Job
        Those to make.
    others : tuple of Job
        Those left out by `select`.
    names : tuple of str
        The names of all, in the order of the file.
    """

    path: Path
    jobs: tuple[Job, ...]
    others: tuple[Job, ...] = ()
    names: tuple[str, ...]

    def select(self, pattern: str) -> Plan:
        """Return the plan with the reports alone whose name fits a shell pattern.

        Raises
        ------
        OptionError
            Where no name fits.
        """
        chosen = tuple(job for job in self.jobs if fnmatch(job.name, pattern))
        if not chosen:
            names = [job.name for job in self.jobs]
            raise OptionError(
                f"No report in {self.path} is called {pattern!r}.{did_you_mean(pattern, names)} "
                f"It has: {', '.join(names)}."
            )
        return self.split({job.name for job in chosen})

    def split(self, names: Collection[str]) -> Plan:
        """Return the plan with the reports of these names alone; the rest are its others."""
        return replace(
            self,
            jobs=tuple(job for job in self.jobs if job.name in names),
            others=self.others + tuple(job for job in self.jobs if job.name not in names),
        )

    def written_as(self, formats: tuple[Format, ...]) -> Plan:
        """Return the plan with other formats for its reports."""
        return replace(self, jobs=tuple(replace(job, formats=formats) for job in self.jobs))


def read_plan(path: str | Path) -> Plan:
    """Read a plan, and check every parameter of every report in it.

    Parameters
    ----------
    path : str or Path
        A TOML file; notebooks are looked for from its folder.

    Raises
    ------
    DataError
        Where the file cannot be read as TOML.
    OptionError
        At the first entry that cannot be meant; the message names it.
    """
    path = Path(path)
    content = _content(path)
    told = read_credits(content.get("credits", {}), where=str(path))
    jobs: dict[str, Job] = {}
    for number, described in enumerate(_entries(content, path), start=1):
        entry = _Entry(path, number, described)
        for job in entry.jobs():
            if job.name in jobs:
                raise OptionError(
                    f"{entry.label}: the name {job.name!r} is taken by another report. "
                    f"Put into name what tells them apart, such as {entry.better_name!r}."
                )
            jobs[job.name] = replace(job, credits=told)
    return Plan(path=path, jobs=tuple(jobs.values()), names=tuple(jobs))


def _content(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise DataError(f"{path} does not exist. Write one, or give the path of a plan (.toml).")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path} is not TOML: {error}. Correct it there.") from None


def _entries(content: Mapping[str, Any], path: Path) -> list[dict[str, Any]]:
    unknown = next((key for key in content if key not in ("report", "credits")), None)
    if unknown is not None:
        raise OptionError(
            f"{path}: unknown key {unknown!r}. "
            "A plan has [[report]] entries, and [credits] where it is told who made them."
        )
    entries = content.get("report", [])
    if not isinstance(entries, list) or not entries:
        raise OptionError(f"{path} has no reports. Add an entry that begins with [[report]].")
    return entries


@dataclass(frozen=True)
class _Entry:
    """One `[[report]]` of a plan."""

    path: Path
    number: int
    content: dict[str, Any]

    @property
    def label(self) -> str:
        notebook = self.content.get("notebook")
        return f"{self.path}, report {self.number}" + (f" ({notebook})" if notebook else "")

    @property
    def better_name(self) -> str:
        varied = "".join(f"-{{{name}}}" for name in self.content.get("grid", {}))
        return slug(self.notebook.stem) + (varied or "-2")

    @cached_property
    def notebook(self) -> Path:
        value = self.content.get("notebook")
        if not isinstance(value, str):
            raise OptionError(f'{self.label}: no notebook. Add notebook = "path/to/it.ipynb".')
        return self.path.parent / value

    def jobs(self) -> Iterator[Job]:
        """Yield the jobs of the entry: one, or one for each combination of its grid."""
        self._check_keys()
        try:
            declared = read_parameters(self.notebook)
            for given in self._combinations():
                yield self._job(declared, given)
        except ToolkitError as error:
            raise OptionError(self._located(error)) from None

    def _located(self, error: ToolkitError) -> str:
        text = str(error)
        return (
            text
            if text.startswith(str(self.path))
            else f"{self.path}, report {self.number}: {text}"
        )

    def _check_keys(self) -> None:
        for key, value in self.content.items():
            if key not in _KEYS:
                raise OptionError(
                    f"{self.label}: unknown key {key!r}.{did_you_mean(key, _KEYS)} "
                    f"An entry takes: {', '.join(_KEYS)}."
                )
            wanted = dict if key in ("parameters", "grid") else str
            if not isinstance(value, wanted):
                kind = "a table" if wanted is dict else "text"
                raise OptionError(f"{self.label}: {key} is {value!r}. Give {kind}.")

    def _combinations(self) -> Iterator[dict[str, object]]:
        fixed, grid = self.content.get("parameters", {}), self.content.get("grid", {})
        for name, values in grid.items():
            if name in fixed:
                raise OptionError(
                    f"{self.label}: {name!r} stands in parameters and in grid. Keep one of them."
                )
            if not isinstance(values, list) or not values:
                raise OptionError(
                    f"{self.label}: the grid of {name!r} is {values!r}. Give a list of values."
                )
        for combination in itertools.product(*grid.values()):
            yield fixed | dict(zip(grid, combination, strict=True))

    def _job(self, declared: Sequence[Parameter], given: Mapping[str, object]) -> Job:
        parameters = check_parameters(declared, given, where=str(self.notebook))
        check_paths(parameters, notebook=self.notebook, here=self.path.parent)
        values = _values(declared, parameters)
        template = self.content.get("name")
        name = (
            default_name(self.notebook, parameters)
            if template is None
            else short(slug(self._filled("name", template, values)), parameters)
        )
        if name in ("", "index"):
            raise OptionError(f"{self.label}: {name!r} cannot name a report. Choose another name.")
        title = self.content.get("title")
        return Job(
            name=name,
            notebook=self.notebook,
            parameters=parameters,
            title=self._filled("title", title, values) if title else None,
            group=self.content.get("group", ""),
        )

    def _filled(self, key: str, template: str, values: Mapping[str, object]) -> str:
        try:
            return template.format_map(values)
        except (KeyError, IndexError, ValueError, AttributeError):
            raise OptionError(
                f"{self.label}: {key} = {template!r} cannot be filled in. "
                f"Between braces it takes: {', '.join(values) or 'nothing'}."
            ) from None


def _values(declared: Sequence[Parameter], given: Mapping[str, Any]) -> dict[str, object]:
    defaults = {p.name: p.defaults[0] for p in declared if p.defaults}
    return {name: as_json(value) for name, value in (defaults | dict(given)).items()}
