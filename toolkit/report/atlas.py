"""The key figures of a batch by region, as the map and the comparison of its index use them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from toolkit.report.readings import read_figure
from toolkit.tiles import TILES, find_tile

if TYPE_CHECKING:
    from toolkit.report.plan import Job
    from toolkit.report.reports import Report

__all__ = ["Atlas", "Series", "Square", "find_series", "region_of"]

# As results write one, in English and in Chinese: "3 of 31", "3/31".
_RANK = re.compile(r"\d+(?: of |/)\d+")
_REGION_PARAMETERS = ("region", "province", "place")


@dataclass(frozen=True)
class Square:
    """One province on the map, and the report that it leads to."""

    code: str
    row: int
    column: int
    letters: str
    name: str
    report: Report | None


@dataclass(frozen=True)
class Series:
    """Reports that differ by their region alone, by code."""

    label: str
    reports: Mapping[str, Report]

    @property
    def figures(self) -> tuple[str, ...]:
        """The key figures that any of them has."""
        return tuple(
            dict.fromkeys(label for report in self.reports.values() for label in report.key_figures)
        )

    @property
    def first_shown(self) -> str | None:
        """The key figure that the map begins with: not a rank, which tells less than its figure."""
        figures = self.figures
        return next(
            (label for label in figures if not self._is_rank(label)), next(iter(figures), None)
        )

    def _is_rank(self, label: str) -> bool:
        given = [report.key_figures.get(label) for report in self.reports.values()]
        return all(_RANK.fullmatch(text) for text in given if text)


@dataclass(frozen=True)
class Atlas:
    """All series of a batch, and the names of regions in a language."""

    series: tuple[Series, ...]
    language: str

    @property
    def squares(self) -> tuple[Square, ...]:
        """Every province; each leads to its report in the first series that has one."""
        return tuple(
            Square(
                code,
                tile.row + 1,
                tile.column + 1,
                tile.chinese if self.language == "zh" else tile.letters,
                self.name(code),
                next((s.reports[code] for s in self.series if code in s.reports), None),
            )
            for code, tile in TILES.items()
        )

    def name(self, code: str) -> str:
        """Return the name of a province."""
        return TILES[code].chinese if self.language == "zh" else TILES[code].english

    def as_data(self) -> list[dict[str, Any]]:
        """Return what the page's script draws from, in the form that JSON can hold."""
        return [
            {
                "label": series.label,
                "figures": list(series.figures),
                "places": {code: _place(report) for code, report in series.reports.items()},
            }
            for series in self.series
        ]


def _place(report: Report) -> dict[str, Any]:
    figures = {}
    for label, text in report.key_figures.items():
        reading = read_figure(text)
        figures[label] = {"text": text} | (asdict(reading) if reading else {})
    return {
        "link": f"{report.name}.html" if report.files else None,
        "failed": report.status == "failed",
        "figures": figures,
    }


def region_of(report: Report) -> str | None:
    """Return the code of the province that a report is of, as its parameters say."""
    for name in _REGION_PARAMETERS:
        if code := find_tile(report.parameters.get(name)):
            return code
    return None


def find_series(reports: Iterable[Report], jobs: Mapping[str, Job]) -> tuple[Series, ...]:
    """Group the reports of regions into series: one notebook, one group, all else the same.

    Parameters
    ----------
    reports : iterable of Report
    jobs : mapping of str to Job
        The plan's jobs by name, which tell the notebook.
    """
    found: dict[tuple[Any, ...], dict[str, Report]] = {}
    for report in reports:
        code = region_of(report)
        if code is None:
            continue
        others = tuple(
            (name, str(value))
            for name, value in report.parameters.items()
            if name not in _REGION_PARAMETERS
        )
        found.setdefault((report.group, jobs[report.name].notebook, others), {})[code] = report
    return tuple(
        Series(_label(key, list(found)), reports) for key, reports in found.items() if reports
    )


def _label(key: tuple[Any, ...], keys: list[tuple[Any, ...]]) -> str:
    """Name a series by its group, and by what else tells it from others of that group."""
    group, notebook, others = key
    rivals = [rival for rival in keys if rival[0] == group and rival != key]
    parts = [group or notebook.stem]
    if any(rival[1] != notebook for rival in rivals):
        parts.append(notebook.stem)
    parts += [
        f"{name}: {value}"
        for name, value in others
        if any((name, value) not in rival[2] for rival in rivals)
    ]
    return ", ".join(dict.fromkeys(parts))
