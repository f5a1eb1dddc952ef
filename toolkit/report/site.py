"""The index of a batch: one page that leads to every report, with a map and a comparison."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.report.atlas import Atlas, find_series, region_of
from toolkit.report.files import write_file
from toolkit.report.manifest import read_report
from toolkit.report.page import templates
from toolkit.report.readings import read_figure
from toolkit.report.resume import read_manifest
from toolkit.report.words import words_in
from toolkit.tiles import TILES

if TYPE_CHECKING:
    from toolkit.report.batch import Batch
    from toolkit.report.reports import Report

__all__ = ["write_index"]


@dataclass(frozen=True)
class _Group:
    """The reports under one heading, and the key figures that any of them has."""

    heading: str
    reports: tuple[Report, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(label for report in self.reports for label in report.key_figures)
        )


def write_index(batch: Batch, out: str | Path) -> Path:
    """Write `index.html`: failures first, a map, a comparison, then every report by group.

    Reports of the plan that were left out this time are listed as they were made before. The page
    is in Chinese where all reports are, by their parameters or by their notebooks' defaults.

    Parameters
    ----------
    batch : Batch
    out : str or Path
        The folder that the reports lie in.

    Returns
    -------
    Path
        The page.
    """
    out = Path(out)
    reports = _in_plan_order(batch, out)
    language = _language(reports)
    words = words_in(language)
    jobs = {job.name: job for job in (*batch.plan.jobs, *batch.plan.others)}
    page = (
        templates()
        .get_template("index.html.j2")
        .render(
            atlas=Atlas(find_series(reports, jobs), language),
            failed=[report for report in reports if report.status == "failed"],
            groups=_groups(reports, words["reports"]),
            language=language,
            made=sum(report.status == "made" for report in reports),
            number=_sort_key,
            reports=reports,
            search_text=_search_text,
            words=words,
        )
    )
    path = out / "index.html"
    write_file(page.encode(), path)
    return path


def _in_plan_order(batch: Batch, out: Path) -> list[Report]:
    known = {report.name: report for report in batch.reports}
    for job in batch.plan.others:
        manifest = out / job.name / "manifest.json"
        if manifest.is_file():
            known[job.name] = read_report(manifest)
    return [known[name] for name in batch.plan.names if name in known]


def _language(reports: Sequence[Report]) -> str:
    return "zh" if reports and all(_speaks(report) == "zh" for report in reports) else "en"


def _speaks(report: Report) -> object:
    if "language" in report.parameters:
        return report.parameters["language"]
    # A default is not among the parameters given: the manifest has it.
    record = read_manifest(report.manifest) or {}
    return record.get("defaults", {}).get("language")


def _groups(reports: Sequence[Report], unnamed: str) -> list[_Group]:
    headings = dict.fromkeys(report.group for report in reports)
    return [
        _Group(heading or unnamed, tuple(r for r in reports if r.group == heading))
        for heading in headings
    ]


def _sort_key(text: str) -> str:
    """Return the first number in a text, for sorting; the text itself where it has none.

    Examples
    --------
    >>> _sort_key("¥1,674,296"), _sort_key("−7.1% a year"), _sort_key("Hunan")
    ('1674296', '-7.1', 'Hunan')
    """
    reading = read_figure(text)
    return f"{reading.value:.15g}" if reading else text


def _search_text(report: Report) -> str:
    code = region_of(report)
    words: Iterable[object] = (
        report.title,
        report.name,
        report.status,
        *report.parameters.values(),
        *((TILES[code].english, TILES[code].chinese) if code else ()),
    )
    return " ".join(dict.fromkeys(" ".join(map(str, words)).lower().split()))
