"""The README of a package, in the order of the social-science data editors' template."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from toolkit.report.definitions import definitions
from toolkit.report.packages.findings import Finding
from toolkit.report.packages.study import REPORTS, Study
from toolkit.report.parameters import read_parameters

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["bracket", "readme_text"]

_RUNTIMES = (
    (600, "less than 10 minutes"),
    (3_600, "10 to 60 minutes"),
    (7_200, "1 to 2 hours"),
    (28_800, "2 to 8 hours"),
    (86_400, "8 to 24 hours"),
    (float("inf"), "more than a day"),
)
_SIZES = (
    (25e6, "less than 25 MB"),
    (250e6, "25 MB to 250 MB"),
    (2e9, "250 MB to 2 GB"),
    (25e9, "2 GB to 25 GB"),
    (float("inf"), "more than 25 GB"),
)


@dataclass(frozen=True, kw_only=True)
class _Exhibit:
    """A table, a figure or a number of a report: what it is, and what makes it."""

    what: str
    title: str
    file: str
    program: str
    cell: str
    parameters: str


def readme_text(
    study: Study,
    *,
    sizes: Mapping[str, int],
    packages: Mapping[str, str],
    commands: Sequence[str],
    findings: Sequence[Finding],
) -> str:
    """Write the README of a package from the manifests, the sources and the statements.

    Parameters
    ----------
    study : Study
    sizes : mapping of str to int
        Bytes of each file of the package.
    packages : mapping of str to str
        Versions by name.
    commands : sequence of str
        What makes the reports.
    findings : sequence of Finding
        What the authors accept, and what is unstated.

    References
    ----------
    Vilhuber, L., Connolly, M., Koren, M., Llull, J. and Morrow, P. (2022). A template README for
    social science replication packages (v1.1). https://doi.org/10.5281/zenodo.7293838
    """
    seconds = sum(record["seconds"] for record in study.records)
    exhibits = [exhibit for record in study.records for exhibit in _exhibits(record, study)]
    return _template().render(
        study=study,
        said=study.statements,
        title=study.statements.title or study.root.name,
        datasets=study.datasets,
        data=[(name, sizes[name], _source(study, name)) for name in study.data],
        programs=list(_programs(study)),
        numbers=[exhibit for exhibit in exhibits if exhibit.what == "number"],
        exhibits=[exhibit for exhibit in exhibits if exhibit.what != "number"],
        packages=packages,
        commands=commands,
        findings=findings,
        python=platform.python_version(),
        machine=_machine(),
        seconds=round(seconds),
        runtime=bracket(seconds, _RUNTIMES),
        runtimes=[said for _, said in _RUNTIMES],
        size=bracket(sum(sizes.values()), _SIZES),
        size_brackets=[said for _, said in _SIZES],
        engines=_engines(study.records),
        unseeded=any(finding.rule == "no-seed" for finding in findings),
    )


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters["cell"] = lambda text: str(text).replace("|", "\\|").replace("\n", " ")
    return environment.get_template("readme.md.j2")


def bracket(value: float, brackets: Sequence[tuple[float, str]]) -> str:
    """Return the first bracket that a value lies below the end of.

    Examples
    --------
    >>> bracket(700, [(600, "less than 10 minutes"), (3_600, "10 to 60 minutes")])
    '10 to 60 minutes'
    """
    return next(said for end, said in brackets if value < end)


def _source(study: Study, name: str) -> str:
    row = next((dataset for dataset in study.datasets if dataset.holds(name)), None)
    return row.source if row else ""


def _programs(study: Study) -> Iterator[Mapping[str, Any]]:
    for notebook in dict.fromkeys(job.notebook for job in study.plan.jobs):
        path = notebook.resolve()
        place = path.relative_to(study.root).as_posix()
        records = [record for record in study.records if record["notebook"]["path"] == place]
        yield {
            "place": place,
            "reports": [record["name"] for record in records],
            "seconds": round(sum(record["seconds"] for record in records)),
            "parameters": read_parameters(path),
        }


def _exhibits(record: Mapping[str, Any], study: Study) -> Iterator[_Exhibit]:
    pages = study.files.get(f"{REPORTS}/{record['name']}.ipynb")
    said = definitions(pages) if pages else None
    given = ", ".join(f"{key} = {value}" for key, value in record["parameters"].items())
    notebook = record["notebook"]["path"]
    for output in record["outputs"]:
        place = PurePosixPath(output["path"])
        kind = {"tables": "table", "figures": "figure"}.get(place.parent.name)
        # A figure lies there twice: the drawing that scales is the one to print.
        if kind and place.suffix != ".png":
            told = said.files.get(output["path"], {}) if said else {}
            yield _Exhibit(
                what=kind,
                title=told.get("name", place.stem),
                file=f"{REPORTS}/{output['path']}",
                program=notebook,
                cell=place.stem,
                parameters=given,
            )
    for label, value in record["key_figures"].items():
        sentence = said.sentences.get(label, "") if said else ""
        yield _Exhibit(
            what="number",
            title=f"{label}: {value}",
            file=f"{REPORTS}/{record['name']}.html",
            program=notebook,
            cell=sentence,
            parameters=given,
        )


def _engines(records: Sequence[Mapping[str, Any]]) -> list[str]:
    told = [record.get("engine") or {} for record in records]
    return sorted({str(engine["kernel"]) for engine in told if engine.get("kernel")})


def _machine() -> str:
    """Tell the machine that the package was written on, without its name."""
    cores = os.cpu_count() or 1
    said = f"{platform.system()} on {platform.machine()}, {cores} processor{'s'[: cores != 1]}"
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return said
    return f"{said}, {memory / 2**30:.0f} GB of memory"
