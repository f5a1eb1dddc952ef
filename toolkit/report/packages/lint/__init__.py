"""What a referee, or the law, would object to in files that are about to be passed on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from toolkit.report.packages.findings import Finding, found
from toolkit.report.packages.lint.code import code_findings
from toolkit.report.packages.lint.paths import path_findings
from toolkit.report.packages.lint.persons import person_findings
from toolkit.report.packages.lint.rows import READ, rows_of

__all__ = ["lint_files"]

_CODE = (".ipynb", ".py")
_TOLD = (".html", ".json", ".csv", ".ipynb", ".py", ".md", ".toml", ".svg", ".txt")
_PROSE = (".md", ".toml", ".lock", ".yml", ".py")
_BINARY = (".png", ".pdf")


def lint_files(files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Look into each file of a study, or of a package, seen from its folder.

    Raw data may name any path: they are kept as received. What the authors write (`.md`, `.toml`)
    may name persons.
    """
    for name, content in files.items():
        suffix = PurePosixPath(name.removesuffix(".gz")).suffix.lower()
        raw = name.startswith("data/")
        if not raw and suffix in _CODE and not name.startswith("reports/"):
            yield from code_findings(name, content)
        elif not raw and suffix in _TOLD:
            yield from path_findings(name, content)
        if suffix in READ:
            yield from person_findings(name, rows_of(name, content))
        elif suffix not in (*_PROSE, *_BINARY) and PurePosixPath(name).name != ".gitkeep":
            yield found("not-read", name, "this kind of file is not read.")
