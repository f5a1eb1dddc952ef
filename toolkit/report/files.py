"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

__all__ = ["as_json_bytes", "publish", "write_file"]


def as_json_bytes(content: object) -> bytes:
    """Write JSON for people and for comparison, as Jupyter writes it."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def write_file(content: bytes, path: Path) -> None:
    """Write a file beside its place and move it there, so that no reader sees half of it."""
    publish({path.name: content}, out=path.parent)


def publish(files: Mapping[str, bytes], *, out: Path) -> None:
    """Write files to a folder; a subfolder among them replaces the one that was there.

    All are written to a folder of their own first, and moved when the last of them is whole.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".unfinished-") as scratch:
        new, old = Path(scratch, "new"), Path(scratch, "old")
        new.mkdir()
        old.mkdir()
        for name, content in files.items():
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        # Folders first: a page never stands beside the tables of an earlier run.
        for path in sorted(
            new.iterdir(), key=lambda path: (path.is_file(), path.suffix == ".html")
        ):
            place = out / path.name
            if path.is_dir():
                with contextlib.suppress(FileNotFoundError):
                    place.rename(old / path.name)
            path.replace(place)
