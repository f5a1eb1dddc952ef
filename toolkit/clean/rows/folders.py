"""Several files as one table: which are meant, what each is called, and what is said of each."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.clean.sources.files import ending_of
from toolkit.clean.sources.records import TEXTS, TYPED, WORKBOOKS
from toolkit.errors import DataError, OptionError, did_you_mean
from toolkit.language import say

__all__ = ["Files", "files_meant", "option_of"]

ENDINGS = (*TEXTS, *WORKBOOKS, *TYPED)
_DESCRIPTION = "[DES]"


@dataclass(frozen=True, kw_only=True)
class Files:
    """Files that are one table.

    Parameters
    ----------
    title : str
        What they are called together.
    paths : dict
        Each path by what it is called: its name, or the way to it where two have the same name.
    aside : tuple of str
        Files of a folder that are no tables by their endings.
    """

    title: str
    paths: dict[str, Path]
    aside: tuple[str, ...] = ()


def files_meant(data: Any) -> Files | None:
    """Return the files of a folder or a list of paths; None for what is neither.

    Of a folder, those count that end like a table, also in folders below; hidden files, locks of
    Excel and descriptions of CSMAR do not.

    Raises
    ------
    DataError
        If there is none, or a file comes twice.
    OptionError
        If a list holds something else than paths.
    """
    if isinstance(data, str | os.PathLike):
        place = Path(data)
        return _of_folder(place) if place.is_dir() else None
    if not isinstance(data, list | tuple | set | frozenset):
        return None
    for entry in data:
        if not isinstance(entry, str | os.PathLike):
            raise OptionError(
                f"Several files are given by their paths; got {type(entry).__name__} among them. "
                "Join frames before they are cleaned, or give the files that they come from."
            )
    if not data:
        raise DataError("A list of no files. Give the paths of one or more, or a folder.")
    entries = sorted(data, key=str) if isinstance(data, set | frozenset) else data
    return _of_list([Path(entry) for entry in entries])


def _of_folder(folder: Path) -> Files:
    below = sorted(path for path in folder.rglob("*") if path.is_file())
    seen = [path for path in below if not _is_hidden(path.relative_to(folder))]
    tables = [path for path in seen if ending_of(path) in ENDINGS]
    others = [path.relative_to(folder).as_posix() for path in seen if path not in tables]
    if not tables:
        found = f"There are: {', '.join(others[:5])}." if others else "It is empty."
        raise DataError(
            f"{folder.name}: no file in this folder ends like a table "
            f"({', '.join(ENDINGS)}). {found}"
        )
    return Files(
        title=f"{folder.resolve().name} ({_counted(len(tables))})",
        paths={path.relative_to(folder).as_posix(): path for path in tables},
        aside=tuple(others),
    )


def _is_hidden(path: Path) -> bool:
    return _DESCRIPTION in path.name or any(
        part.startswith((".", "~$")) or part == "Thumbs.db" for part in path.parts
    )


def _of_list(paths: list[Path]) -> Files:
    whole = [path.resolve() for path in paths]
    for path, place in zip(paths, whole, strict=True):
        if whole.count(place) > 1:
            raise DataError(f"{str(path)!r} is given twice. Each row would count twice; give once.")
        if path.is_dir():
            raise DataError(
                f"{str(path)!r} is a folder among files. Give one folder, or the files in it."
            )
    names = [path.name for path in paths]
    if len(set(names)) < len(names):
        above = Path(os.path.commonpath([place.parent for place in whole]))
        names = [place.relative_to(above).as_posix() for place in whole]
    return Files(title=_counted(len(paths)), paths=dict(zip(names, paths, strict=True)))


def _counted(files: int) -> str:
    return say("{files} files", files=files) if files > 1 else say("1 file")


def option_of(name: str, value: Any, files: Iterable[str], file: str) -> Any:
    """Return what an option says of one file: the same of all, or by the file's name.

    Raises
    ------
    OptionError
        If it names a file that is none of them.

    Examples
    --------
    >>> option_of("heading_rows", {"b.xlsx": 3}, ["a.csv", "b.xlsx"], "b.xlsx")
    3
    >>> option_of("columns", {"firm_id": "企业"}, ["a.csv", "b.xlsx"], "b.xlsx")
    {'firm_id': '企业'}
    """
    by_file = isinstance(value, Mapping) and (
        name != "columns" or any(isinstance(one, Mapping) for one in value.values())
    )
    if not by_file:
        return value
    known = list(files)
    for key in value:
        if key not in known:
            raise OptionError(
                f"{name} is given by file; {key!r} is none of them.{did_you_mean(key, known)} "
                f"They are: {', '.join(known)}."
            )
    return value.get(file)
