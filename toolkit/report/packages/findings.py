"""What a replication package must not hold, and what it should: one finding for each place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from typing import Literal

from toolkit.errors import OptionError, did_you_mean

__all__ = ["RULES", "Finding", "Rule", "found", "with_accepted"]

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Rule:
    """A rule of the check: how grave a breach is, and what to do about one."""

    severity: Severity
    advice: str


RULES: dict[str, Rule] = {
    "absolute-path": Rule(
        "error", "Write the path from the notebook's folder, such as '../data/raw/loans.csv'."
    ),
    "failed-report": Rule("error", "Mend the notebook, and run toolkit batch."),
    "no-provenance": Rule(
        "error", "Add a row to data/raw/README.md: file, what, source, obtained, rights, citation."
    ),
    "no-seed": Rule(
        "error", "Give a seed: numpy.random.default_rng(2024), or random_state=2024 to the toolkit."
    ),
    "not-read": Rule("warning", "Look into the file yourself for personal data."),
    "out-of-date": Rule("error", "Run toolkit batch."),
    "outside": Rule("error", "Move the file into the study's folder."),
    "personal-data": Rule(
        "error", "Take it out, or put a key in its place that only you can resolve."
    ),
    "row-without-file": Rule("warning", "Correct the row in data/raw/README.md, or take it out."),
    "unmade": Rule(
        "warning",
        "Say which command makes it: --step 'toolkit clean', or steps=('toolkit clean',).",
    ),
    "unstated": Rule("warning", "State it there."),
    "unused": Rule("warning", "Take it out of data/raw, or use it in a report."),
}
"""Every rule by its name."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One breach of a rule, and where.

    Attributes
    ----------
    rule : str
        A name in `RULES`.
    severity : {"error", "warning"}
    place : str
        File, and cell, line or row in it.
    what : str
        What was found there; personal data are masked.
    advice : str
    """

    rule: str
    severity: Severity
    place: str
    what: str
    advice: str

    def __str__(self) -> str:
        return f"{self.severity} [{self.rule}] {self.place}: {self.what} {self.advice}"


def found(rule: str, place: str, what: str) -> Finding:
    """Return the finding of a rule.

    Examples
    --------
    >>> print(found("not-read", "data/raw/a.sav", "this kind of file is not read."))
    warning [not-read] data/raw/a.sav: this kind of file is not read. Look into the file yourself for personal data.
    """  # noqa: E501 - the line is shown whole
    known = RULES[rule]
    return Finding(rule=rule, severity=known.severity, place=place, what=what, advice=known.advice)


def with_accepted(findings: Iterable[Finding], accept: Iterable[str]) -> tuple[Finding, ...]:
    """Turn the errors that the authors stand by into warnings.

    Parameters
    ----------
    findings : iterable of Finding
    accept : iterable of str
        ``RULE:PATTERN``, such as ``"personal-data:data/raw/officials.csv*"``; the pattern, in the
        manner of a shell, is of places.

    Raises
    ------
    OptionError
        Where a text is not of this form, or names no rule.
    """
    pairs = [_pair(text) for text in accept]
    return tuple(
        replace(finding, severity="warning", advice="Accepted by the authors.")
        if any(finding.rule == rule and fnmatch(finding.place, pattern) for rule, pattern in pairs)
        else finding
        for finding in findings
    )


def _pair(text: str) -> tuple[str, str]:
    rule, colon, pattern = text.partition(":")
    if rule not in RULES:
        raise OptionError(
            f"No rule {rule!r}.{did_you_mean(rule, RULES)} The rules are: {', '.join(RULES)}."
        )
    if not colon or not pattern:
        raise OptionError(f"{text!r} names no place. Write {rule}:PATTERN, such as {rule}:data/*.")
    return rule, pattern
