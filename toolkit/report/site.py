"""The index of a batch: one page that leads to every report, and can be searched and sorted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.report.files import write_file
from toolkit.report.manifest import read_report
from toolkit.report.page import templates

if TYPE_CHECKING:
    from toolkit.report.batch import Batch
    from toolkit.report.reports import Report

__all__ = ["write_index"]

_NUMBER = re.compile(r"[-\u2212]?\d[\d,]*(?:\.\d+)?")


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
    """Write `index.html`: failures first, then every report by group with what it holds.

    Reports of the plan that were left out this time are listed as they were made before.

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
    page = (
        templates()
        .get_template("index.html.j2")
        .render(
            failed=[report for report in reports if report.status == "failed"],
            groups=_groups(reports),
            made=sum(report.status == "made" for report in reports),
            number=_sort_key,
            reports=reports,
            search_text=_search_text,
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


def _groups(reports: Sequence[Report]) -> list[_Group]:
    headings = dict.fromkeys(report.group for report in reports)
    return [
        _Group(heading or "Reports", tuple(r for r in reports if r.group == heading))
        for heading in headings
    ]


def _sort_key(text: str) -> str:
    """Return the first number in a text, for sorting; the text itself where it has none.

    Examples
    --------
    >>> _sort_key("¥1,674,296"), _sort_key("−7.1% a year"), _sort_key("Hunan")
    ('1674296', '-7.1', 'Hunan')
    """
    found = _NUMBER.search(text)
    return found[0].replace(",", "").replace("\u2212", "-") if found else text


def _search_text(report: Report) -> str:
    words: Iterable[object] = (
        report.title,
        report.name,
        report.status,
        *report.parameters.values(),
    )
    return " ".join(map(str, words)).lower()
