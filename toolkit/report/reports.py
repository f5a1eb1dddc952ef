"""A report that was made: what it is called, how it went, which files it has."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from toolkit.report.outputs import Failure

__all__ = ["Report"]


@dataclass(frozen=True, kw_only=True)
class Report:
    """A report, whole or as far as it got.

    Attributes
    ----------
    name, title, group : str
    out : Path
        The folder that it lies in.
    status : {"made", "failed"}
    parameters : dict
        As given, in the form that JSON can hold.
    files : tuple of str
        Its files as seen from `out`.
    key_figures : dict of str to str
        What its results hold to be the figures to look at, formatted.
    error : Failure or None
    started : str
        ISO 8601, UTC.
    seconds : float
    """

    name: str
    title: str
    group: str
    out: Path
    status: Literal["made", "failed"]
    parameters: dict[str, Any]
    files: tuple[str, ...] = ()
    key_figures: dict[str, str] = field(default_factory=dict)
    error: Failure | None = None
    started: str
    seconds: float

    @property
    def html(self) -> Path:
        """The page."""
        return self.out / f"{self.name}.html"

    @property
    def notebook(self) -> Path:
        """The executed notebook."""
        return self.out / f"{self.name}.ipynb"

    @property
    def manifest(self) -> Path:
        """The file that says where it came from."""
        return self.out / self.name / "manifest.json"

    @property
    def tables(self) -> tuple[Path, ...]:
        """The tables, as CSV."""
        return self._within("tables")

    @property
    def figures(self) -> tuple[Path, ...]:
        """The figures, as PNG and as SVG."""
        return self._within("figures")

    def _within(self, folder: str) -> tuple[Path, ...]:
        start = f"{self.name}/{folder}/"
        return tuple(self.out / file for file in self.files if file.startswith(start))
