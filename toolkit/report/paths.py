"""Paths among the parameters of a notebook, which looks for files from its own folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from toolkit.errors import OptionError

__all__ = ["check_paths"]


def check_paths(parameters: Mapping[str, object], *, notebook: Path, here: Path) -> None:
    """Refuse a path that leads to a file from here, and to none from the notebook's folder.

    Raises
    ------
    OptionError
        With the path as the notebook needs it.
    """
    for name, value in parameters.items():
        if isinstance(value, str | Path) and _lost(value, notebook.parent, here):
            better = Path(os.path.relpath(here / value, notebook.parent)).as_posix()
            raise OptionError(
                f"{name}={str(value)!r}: {notebook.name} looks for files from its own folder, and "
                f"has none there. Write {better!r}."
            )


def _lost(value: str | Path, folder: Path, here: Path) -> bool:
    path = Path(value)
    if path.is_absolute() or not (len(path.parts) > 1 or path.suffix):  # a word, not a path
        return False
    with suppress(OSError, ValueError):  # no system has such a path
        return (here / path).exists() and not (folder / path).exists()
    return False
