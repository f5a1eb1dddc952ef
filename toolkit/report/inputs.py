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
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

__all__ = ["READS", "digest", "input_files", "logged_files", "named_files", "record_reads"]

READS = "TOOLKIT_READS"
"""The variable of a kernel's environment that names the log of what it reads."""

_SYSTEM = ("/System", "/Library", "/dev", "/etc", "/lib", "/proc", "/run", "/sys", "/usr")
_WRITING = os.O_WRONLY | os.O_RDWR


def record_reads(log: str | Path) -> None:
    """Note in a file, from now on, which files this process opens to read them.

    A hook cannot be taken off again: call it in the process that runs a report, and there alone.

    Parameters
    ----------
    log : str or Path
        One path a line, each path once; read it by `logged_files`.
    """
    descriptor = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    seen: set[str] = set()

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event != "open":
            return
        path, mode, flags = arguments
        if not isinstance(path, str | bytes) or _writes(mode, flags):
            return
        # A relative path means another file once the working directory has changed.
        place = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - Path() here costs too much
        if place not in seen and "\n" not in place:
            seen.add(place)
            os.write(descriptor, f"{place}\n".encode(errors="surrogateescape"))

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
    lines = Path(log).read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    files = {_source_of(Path(line)).resolve() for line in lines}
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
    parameters: Mapping[str, object], folder: Path, read: Iterable[Path] = ()
) -> list[Path]:
    """List the files that parameters name, seen from the notebook's folder, then others read."""
    return list(dict.fromkeys([*named_files(parameters, folder), *(p.resolve() for p in read)]))


def named_files(parameters: Mapping[str, object], folder: Path) -> list[Path]:
    """List the existing files that text parameters name, seen from the notebook's folder."""
    candidates = (folder / text for text in _texts(parameters.values()))
    return [path.resolve() for path in candidates if _is_file(path)]


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


def digest(path: Path) -> str:
    """Return the SHA-256 of a file; a file that did not change is read once."""
    state = path.stat()
    return _digest(path, state.st_size, state.st_mtime_ns, state.st_ctime_ns)


@lru_cache(maxsize=4096)
def _digest(path: Path, *state: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
