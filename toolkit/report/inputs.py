"""Which files a report hangs on: those that its parameters name, and those that its run opened.

Python tells its audit hooks of every file that is opened; `toolkit.tables` tells them of what
DuckDB, Arrow or Spark open behind Python's back.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import site
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

__all__ = [
    "READS",
    "READS_LOG",
    "digest",
    "input_files",
    "logged_files",
    "record_reads",
]

READS = "TOOLKIT_READS"
"""The variable of a kernel's environment that names the log of what it reads."""

READS_LOG = "reads.log"
"""The name of that log, in the folder for temporary files of one report."""

_SYSTEM = ("/System", "/Library", "/dev", "/etc", "/lib", "/proc", "/run", "/sys", "/usr")
_WRITING = os.O_WRONLY | os.O_RDWR


def record_reads(log: str | Path | None = None) -> None:
    """Note in a file, from now on, which files this process opens to read them.

    What it wrote itself before it read it is not noted: it is no input. A hook cannot be taken
    off again: call it in the process that runs a report, and there alone.

    Parameters
    ----------
    log : str or Path, optional
        One path a line, each path once; read it by `logged_files`. By default, the one that
        the environment names.
    """
    place = os.environ[READS] if log is None else log
    descriptor = os.open(place, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    seen: set[str] = set()

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event != "open":
            return
        path, mode, flags = arguments
        if not isinstance(path, str | bytes):
            return
        # A relative path means another file once the working directory has changed.
        place = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - Path() here costs too much
        if place in seen or "\n" in place:
            return
        seen.add(place)
        # A notebook that closed the log goes on: it is not to fail for being watched.
        with suppress(OSError):
            if not _writes(mode, flags):
                os.write(descriptor, os.fsencode(f"{place}\n"))

    sys.addaudithook(note)


def _writes(mode: object, flags: object) -> bool:
    if isinstance(mode, str):
        return not mode.startswith("r")
    return isinstance(flags, int) and bool(flags & _WRITING)


def logged_files(log: str | Path, *, root: Path) -> tuple[Path, ...]:
    """Return the files of a log that belong to a study: no library's, no system's, none gone.

    Parameters
    ----------
    log : str or Path
        Written by `record_reads`.
    root : Path
        The project's folder; hidden folders in it, such as `.venv`, hold no data.
    """
    # A line ends at a new line alone: file names may hold whatever else ends lines in Unicode.
    lines = os.fsdecode(Path(log).read_bytes()).split("\n")
    files = {_located(_source_of(Path(line)), root) for line in lines if line}
    return tuple(sorted(path for path in files if _belongs(path, root) and path.is_file()))


def _source_of(path: Path) -> Path:
    """Return the module that a file of byte code was made from."""
    if path.suffix != ".pyc":
        return path
    try:
        return Path(importlib.util.source_from_cache(path))
    except ValueError:
        return path


def _belongs(path: Path, root: Path) -> bool:
    if any(path.is_relative_to(folder) for folder in _library_folders()):
        return False
    seen_from = path.relative_to(root) if path.is_relative_to(root) else path
    return not any(part.startswith(".") for part in seen_from.parts)


@cache
def _library_folders() -> tuple[Path, ...]:
    here = Path(__file__).resolve().parents[1]
    places = [sys.prefix, sys.base_prefix, *site.getsitepackages(), site.getusersitepackages()]
    return (here, *(Path(place).resolve() for place in (*_SYSTEM, *places)))


def input_files(
    parameters: Mapping[str, object], folder: Path, read: Iterable[Path] = (), *, root: Path
) -> list[Path]:
    """List the files that parameters name, seen from the notebook's folder, then others read."""
    named = _named_files(parameters, folder)
    return list(dict.fromkeys(_located(path, root) for path in (*named, *read)))


def _named_files(parameters: Mapping[str, object], folder: Path) -> list[Path]:
    """List the existing files that text parameters name, seen from the notebook's folder."""
    candidates = (folder / text for text in _texts(parameters.values()))
    return [path for path in candidates if _is_file(path)]


def _located(path: Path, root: Path) -> Path:
    """Return the place of a file: a link in the project is the project's own name for it."""
    place = Path(os.path.abspath(path))  # noqa: PTH100 - Path.resolve() would follow the link
    return place if place.is_relative_to(root) else path.resolve()


def _texts(values: Iterable[object]) -> Iterable[str]:
    for value in values:
        if isinstance(value, str) and value:
            yield value
        elif isinstance(value, list):
            yield from _texts(value)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # text that is too long for a path, or holds a null
        return False


def digest(content: bytes | Path) -> str:
    """Return the SHA-256 of bytes or a file; a file that did not change is read once."""
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    state = content.stat()
    return _digest(content, state.st_size, state.st_mtime_ns, state.st_ctime_ns)


@lru_cache(maxsize=4096)
def _digest(path: Path, *state: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
