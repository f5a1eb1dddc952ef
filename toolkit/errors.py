"""What can go wrong, in which words.

Every message has three beats: what was asked, what was found and where, what to do.
Each leaf carries the exit code that the command line ends with.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = [
    "ColumnError",
    "DataError",
    "DependencyError",
    "ModelError",
    "OptionError",
    "ReportError",
    "ToolkitError",
    "did_you_mean",
]


class ToolkitError(Exception):
    """Base of every error that the toolkit raises on purpose."""

    exit_code = 1


class OptionError(ToolkitError, ValueError):
    """An argument that cannot be meant."""

    exit_code = 2


class DataError(ToolkitError):
    """A file or a table that cannot be read as what it was said to be."""

    exit_code = 3


class ColumnError(DataError, KeyError):
    """A column that is missing, or of the wrong kind."""

    exit_code = 4

    # KeyError prints the repr of its argument; users want the sentence.
    __str__ = Exception.__str__


class ModelError(ToolkitError):
    """An estimate that the data cannot give."""

    exit_code = 5


class ReportError(ToolkitError):
    """A report, or some reports of a batch, that could not be made."""

    exit_code = 6


class DependencyError(ToolkitError, ImportError):
    """An optional part that is not installed."""

    exit_code = 7


def did_you_mean(word: object, choices: Iterable[object]) -> str:
    """Return ``" Did you mean 'x'?"`` for the nearest choice, or nothing where none is near.

    Parameters
    ----------
    word : object
        What was given.
    choices : iterable of object
        What would have been accepted.

    Examples
    --------
    >>> did_you_mean("regoin", ["region", "sector"])
    " Did you mean 'region'?"
    >>> did_you_mean("entirely else", ["region", "sector"])
    ''
    """
    by_folded = {str(choice).casefold(): str(choice) for choice in choices}
    near = get_close_matches(str(word).casefold(), by_folded, n=1, cutoff=0.7)
    return f" Did you mean {by_folded[near[0]]!r}?" if near else ""
