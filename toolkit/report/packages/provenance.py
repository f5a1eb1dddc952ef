"""Where each raw file came from: the table in `data/raw/README.md`, read and matched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from toolkit.report.packages.findings import Finding, found

__all__ = ["Dataset", "provenance_findings", "read_provenance"]

RAW = "data/raw"
README = f"{RAW}/README.md"

_TICKED = re.compile(r"`([^`]+)`")
_BRACES = re.compile(r"\{([^{}]*)\}")
_RULE = re.compile(r"^\s*\|?[\s:|-]+\|?\s*$")
# The headings that say whence a file is: each table has at least one of them.
_SOURCES = ("source", "published by", "publisher", "provider")
_RIGHTS = ("rights", "licence", "license")


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """One row of the table of sources.

    Attributes
    ----------
    patterns : tuple of str
        Of the files that it stands for, seen from the study's folder.
    facts : dict of str to str
        What the other columns say, by heading in lower case.
    """

    patterns: tuple[str, ...]
    facts: Mapping[str, str]

    def holds(self, file: str) -> bool:
        """Tell whether a file is of this row."""
        return any(_fits(file, pattern) for pattern in self.patterns)

    @property
    def source(self) -> str:
        """Who published or gave it; empty where the row does not say."""
        return self._fact(_SOURCES)

    @property
    def rights(self) -> str:
        """What may be done with it; empty where the row does not say."""
        return self._fact(_RIGHTS)

    def _fact(self, headings: Iterable[str]) -> str:
        return next((self.facts[name] for name in headings if self.facts.get(name)), "")


def read_provenance(text: str) -> tuple[Dataset, ...]:
    """Read the first table of a Markdown text that has a column ``file``.

    A path in it stands in back-ticks, seen from ``data/raw``; ``{a,b}`` stands for both, ``*`` for
    any, and a path that ends in ``/`` for all that the folder holds.

    Examples
    --------
    >>> text = '''
    ... | file | source |
    ... |---|---|
    ... | `nbs/{grp,population}.csv` | the bureau |
    ... '''
    >>> (bureau,) = read_provenance(text)
    >>> bureau.patterns, bureau.source
    (('data/raw/nbs/grp.csv', 'data/raw/nbs/population.csv'), 'the bureau')
    """
    headings: list[str] = []
    rows: list[Dataset] = []
    for line in text.splitlines():
        if not line.lstrip().startswith("|"):
            if rows:
                break
            headings = []
        elif not headings:
            headings = [cell.lower() for cell in _cells(line)]
        elif "file" in headings and not _RULE.match(line):
            facts = dict(zip(headings, _cells(line), strict=False))
            paths = _TICKED.findall(facts.pop("file")) or [""]
            patterns = [f"{RAW}/{path}" for text in paths for path in _expanded(text) if path]
            rows.append(Dataset(patterns=tuple(patterns), facts=facts))
    return tuple(rows)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _expanded(text: str) -> Iterator[str]:
    braces = _BRACES.search(text)
    if braces is None:
        yield text.strip()
        return
    for part in braces[1].split(","):
        yield from _expanded(f"{text[: braces.start()]}{part.strip()}{text[braces.end() :]}")


def _fits(file: str, pattern: str) -> bool:
    if pattern.endswith("/"):
        return file.startswith(pattern)
    return fnmatchcase(file, pattern) or str(PurePosixPath(file)) == pattern


def provenance_findings(
    datasets: Iterable[Dataset], files: Iterable[str], *, used: Iterable[str] | None
) -> Iterator[Finding]:
    """Find files without a row, rows without a file, rows that say too little, files not used.

    Parameters
    ----------
    datasets : iterable of Dataset
    files : iterable of str
        The data of the study that no command makes, seen from its folder.
    used : iterable of str or None
        The files that the reports opened; None where commands before them open others.
    """
    datasets, files = list(datasets), list(files)
    opened = None if used is None else set(used)
    for file in files:
        if not any(dataset.holds(file) for dataset in datasets):
            yield found("no-provenance", file, f"no row of {README} says where it came from.")
        if opened is not None and file not in opened:
            yield found("unused", file, "no report opens it.")
    for dataset in datasets:
        for pattern in dataset.patterns:
            if not any(_fits(file, pattern) for file in files):
                yield found(
                    "row-without-file", README, f"a row names {pattern}, which is not there."
                )
    for fact, is_not in (("source", "is not"), ("rights", "are not")):
        silent = [dataset for dataset in datasets if not getattr(dataset, fact)]
        if silent:
            first = silent[0].patterns[0] if silent[0].patterns else "no path in back-ticks"
            rows = f"{len(silent)} row{'s'[: len(silent) != 1]} of {len(datasets)}"
            yield found(
                "unstated", README, f"the {fact} {is_not} said in {rows}, first of {first}."
            )
